//! The route table of a service, as data.

use crate::caller::{Anonymous, Principal, ServiceCaller, TokenHolder};
use crate::deprecation::Deprecation;
use http::Method;
use spindle_contracts::provider::Adapter;
use spindle_contracts::{Problem, Role};
use spindle_platform::http::{Request, Response};
use spindle_platform::{Context, Scope, config};
use std::pin::Pin;

/// The body limit of a route that does not set one, in bytes.
pub const DEFAULT_BODY_LIMIT: usize = 64 * 1024;

/// The highest body limit that a route may set, in bytes.
pub const MAX_BODY_LIMIT: usize = 10 * 1024 * 1024;

/// The result of a handler: a response, or a problem that becomes one.
pub type HandlerResult = Result<Response, Problem>;

/// A handler for callers of the kind `C`, as a route table holds it; [`handler!`](crate::handler) makes one of an
/// `async fn(&Context, C, Request) -> HandlerResult`.
pub type Handler<C> = for<'a> fn(&'a Context, C, Request) -> Pin<Box<dyn Future<Output = HandlerResult> + 'a>>;

/// A check of the variables of a service, which depend on each other.
pub type Check = fn(&Context) -> Result<(), config::Error>;

/// A service: its name, its migrations and its operations.
#[derive(Debug)]
pub struct Service {
    /// The service's name and migrations.
    pub scope: Scope,
    /// The service's operations.
    pub routes: &'static [Route],
    /// The groups of operations that it has in common with other services. Each path is relative to `/internal/<service>`, so that one
    /// declaration serves every service.
    pub shared: &'static [&'static [Route]],
    /// The labels of its key-value stores besides the edge's, for its health.
    pub stores: &'static [&'static str],
    /// Everything that it calls, for its health.
    pub calls: Calls,
    /// Checks variables that depend on each other, for `/readyz`: a service whose variables contradict each other is not ready.
    pub check: Option<Check>,
}

/// Everything that a service calls.
#[derive(Clone, Copy, Debug)]
pub struct Calls {
    /// The other services, by name.
    pub services: &'static [&'static str],
    /// The providers.
    pub providers: &'static [ProviderCall],
}

impl Calls {
    /// Calls nothing.
    pub const NONE: Self = Self { services: &[], providers: &[] };

    /// Returns the variables with the addresses.
    pub(crate) fn url_variables(self) -> impl Iterator<Item = String> {
        let services = self.services.iter().map(|service| format!("{service}_url"));
        services.chain(self.providers.iter().map(|provider| provider.adapter.url_variable.to_owned()))
    }
}

/// A provider that a service calls.
#[derive(Clone, Copy, Debug)]
pub struct ProviderCall {
    /// Its adapter.
    pub adapter: Adapter,
    /// The name of the circuit breaker before it.
    pub channel: &'static str,
}

impl ProviderCall {
    /// Returns the name of the adapter's component in spin.toml: `notify-email`.
    pub(crate) fn name(&self) -> String {
        self.adapter.url_variable.trim_end_matches("_url").replace('_', "-")
    }
}

/// The programs that may use a route for users without being one.
#[derive(Clone, Copy, Debug)]
pub struct Programs {
    /// The variable with the token of one.
    pub token_variable: &'static str,
    /// Those that have a service token for the operation.
    pub services: Callers,
}

/// One operation of a service.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method. A HEAD request uses the route for GET.
    pub method: Method,
    /// The path, with `{name}` for a segment that is a parameter.
    pub path: &'static str,
    /// The callers that may use the route, and the handler for them.
    pub access: Access,
    /// The rate limit that its requests count against.
    pub rate: RateClass,
    /// The longest body that the route accepts, in bytes.
    pub body_limit: usize,
    /// The deprecation of the route, if it is deprecated.
    pub deprecation: Option<Deprecation>,
    /// Whether its access line is logged at debug. Failures other than 503, whose cause has a line of its own, are logged at info.
    pub log_at_debug: bool,
}

/// The callers that may use a route, with the handler, whose parameter is the checked caller.
#[derive(Clone, Debug)]
pub enum Access {
    /// Every caller, without a check.
    Public(Handler<Anonymous>),
    /// A user with an access token and at least this role.
    User(Role, Handler<Principal>),
    /// A user with an access token and at least this role; or one of these programs, whose requests are not counted.
    UserOrProgram(Role, Programs, Handler<TokenHolder>),
    /// These services, with a service token for this operation.
    Service(Callers, Handler<ServiceCaller>),
}

/// The services that may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callers {
    /// Every service.
    Any,
    /// The services with these names.
    Only(&'static [&'static str]),
}

/// The class of a route for rate limits: each class has its own limit per client, in the variable `rate_limit_<class>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateClass {
    /// Routes where an attacker could guess passwords or tokens. Refused if the count cannot be stored.
    Auth,
    /// Routes that only read.
    Read,
    /// Routes that change something.
    Write,
    /// Routes whose responses may be very long. Refused if the count cannot be stored.
    Export,
    /// Not counted: probes and calls between services.
    Unlimited,
}

impl Service {
    /// Returns the shared operations, whose paths are relative to `/internal/<service>`.
    pub(crate) fn shared_routes(&self) -> impl Iterator<Item = &'static Route> + Clone {
        self.shared.iter().copied().flatten()
    }

    /// Returns the part of `path` below `/internal/<service>`.
    pub(crate) fn below_internal<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix("/internal/")?.strip_prefix(self.scope.service).filter(|below| below.starts_with('/'))
    }
}

impl Route {
    /// Declares the operation `method path` for every caller.
    pub const fn public(method: Method, path: &'static str, handler: Handler<Anonymous>) -> Self {
        Self::new(method, path, Access::Public(handler))
    }

    /// Declares the operation `method path` for users whose role is at least `role`.
    pub const fn user(method: Method, path: &'static str, role: Role, handler: Handler<Principal>) -> Self {
        Self::new(method, path, Access::User(role, handler))
    }

    /// Declares the operation `method path` for users whose role is at least `role`, and for `programs`.
    pub const fn user_or_program(
        method: Method,
        path: &'static str,
        role: Role,
        programs: Programs,
        handler: Handler<TokenHolder>,
    ) -> Self {
        Self::new(method, path, Access::UserOrProgram(role, programs, handler))
    }

    /// Declares the operation `method path` for other services, without a rate limit.
    pub const fn service(
        method: Method,
        path: &'static str,
        callers: Callers,
        handler: Handler<ServiceCaller>,
    ) -> Self {
        Self::new(method, path, Access::Service(callers, handler)).with_rate(RateClass::Unlimited)
    }

    const fn new(method: Method, path: &'static str, access: Access) -> Self {
        let rate = if matches!(method, Method::GET) { RateClass::Read } else { RateClass::Write };
        Self { method, path, access, rate, body_limit: DEFAULT_BODY_LIMIT, deprecation: None, log_at_debug: false }
    }

    /// Sets the rate class.
    #[must_use]
    pub const fn with_rate(mut self, rate: RateClass) -> Self {
        self.rate = rate;
        self
    }

    /// Sets the body limit.
    ///
    /// # Panics
    /// At compile time, if the limit is over [`MAX_BODY_LIMIT`].
    #[must_use]
    pub const fn with_body_limit(mut self, body_limit: usize) -> Self {
        assert!(body_limit <= MAX_BODY_LIMIT, "a route's body limit may be at most 10 MB");
        self.body_limit = body_limit;
        self
    }

    /// Marks the route as deprecated.
    #[must_use]
    pub const fn deprecated(mut self, deprecation: Deprecation) -> Self {
        self.deprecation = Some(deprecation);
        self
    }

    /// Logs the access line at debug: for routes that are polled, whose lines would fill the log.
    #[must_use]
    pub const fn log_at_debug(mut self) -> Self {
        self.log_at_debug = true;
        self
    }

    /// Returns whether the route serves `method`.
    pub(crate) fn serves(&self, method: &Method) -> bool {
        self.method == method || (self.method == Method::GET && method == Method::HEAD)
    }
}

impl Callers {
    /// Returns whether `service` is one of them.
    pub(crate) fn include(self, service: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(names) => names.contains(&service),
        }
    }
}

impl RateClass {
    /// Returns the class's name: in keys, in the header `RateLimit-Policy`, and in the variable that sets the limit.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Auth => Some("auth"),
            Self::Read => Some("read"),
            Self::Write => Some("write"),
            Self::Export => Some("export"),
            Self::Unlimited => None,
        }
    }
}

/// Turns an `async fn(&Context, C, Request) -> HandlerResult` into a [`Handler`].
#[macro_export]
macro_rules! handler {
    ($function:path) => {
        |context, caller, request| ::std::boxed::Box::pin($function(context, caller, request))
    };
}
