//! The route table of a service, as data.

use crate::caller::{Anonymous, Principal, ServiceCaller};
use crate::deprecation::Deprecation;
use http::Method;
use spindle_contracts::{Problem, Role};
use spindle_platform::http::{Request, Response};
use spindle_platform::{Context, Scope};
use std::pin::Pin;

/// What a body may be long where the route does not say, in bytes.
pub const DEFAULT_BODY_LIMIT: usize = 64 * 1024;

/// What no route may exceed, in bytes.
pub const MAX_BODY_LIMIT: usize = 10 * 1024 * 1024;

/// What a handler gives: a response, or the problem that stood in the way.
pub type HandlerResult = Result<Response, Problem>;

/// A handler for callers of the kind `C`, as it stands in a table; [`handler!`](crate::handler) makes one of an
/// `async fn(&Context, C, Request) -> HandlerResult`.
pub type Handler<C> = for<'a> fn(&'a Context, C, Request) -> Pin<Box<dyn Future<Output = HandlerResult> + 'a>>;

/// A service: what is its own, and what it answers.
#[derive(Debug)]
pub struct Service {
    /// Its name and its migrations.
    pub scope: Scope,
    /// Its operations.
    pub routes: &'static [Route],
    /// The groups of operations that it has in common with other services. Each path is relative to `/internal/<service>`, so that one
    /// declaration serves every service.
    pub shared: &'static [&'static [Route]],
}

/// One operation of a service.
#[derive(Clone, Debug)]
pub struct Route {
    /// Its method. HEAD is answered by the route for GET.
    pub method: Method,
    /// Its path, with `{name}` for a segment that is a parameter.
    pub path: &'static str,
    /// Who may use it, and what carries it out for them.
    pub access: Access,
    /// What share of the platform one client may take with it.
    pub rate: RateClass,
    /// The longest body that it takes, in bytes.
    pub body_limit: usize,
    /// Whether it will go away.
    pub deprecation: Option<Deprecation>,
    /// Whether its access line is for those who debug, as long as nothing goes wrong.
    pub log_at_debug: bool,
}

/// Who may use a route. The handler stands beside it, because it takes what was checked.
#[derive(Clone, Debug)]
pub enum Access {
    /// Anonymous.
    Public(Handler<Anonymous>),
    /// A user with an access token and at least this role.
    User(Role, Handler<Principal>),
    /// These services, with a service token for this operation.
    Service(Callers, Handler<ServiceCaller>),
}

/// Which services may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callers {
    /// Every one.
    Any,
    /// Those with these names.
    Only(&'static [&'static str]),
}

/// What one client may ask for in a while: a number of requests for each class, in the variables `rate_limit_<class>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateClass {
    /// Where passwords and tokens are tried. Refused when the counts cannot be kept.
    Auth,
    /// What only reads.
    Read,
    /// What changes something.
    Write,
    /// Not counted: probes, and calls between services.
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
    /// The operation `method path` for anyone.
    pub const fn public(method: Method, path: &'static str, handler: Handler<Anonymous>) -> Self {
        Self::new(method, path, Access::Public(handler))
    }

    /// The operation `method path` for users whose role is at least `role`.
    pub const fn user(method: Method, path: &'static str, role: Role, handler: Handler<Principal>) -> Self {
        Self::new(method, path, Access::User(role, handler))
    }

    /// The operation `method path` for other services. Not counted.
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

    /// The same in another rate class.
    #[must_use]
    pub const fn with_rate(mut self, rate: RateClass) -> Self {
        self.rate = rate;
        self
    }

    /// The same with another body limit.
    ///
    /// # Panics
    /// At compile time, if it is over [`MAX_BODY_LIMIT`].
    #[must_use]
    pub const fn with_body_limit(mut self, body_limit: usize) -> Self {
        assert!(body_limit <= MAX_BODY_LIMIT, "no route may take a body of more than 10 MB");
        self.body_limit = body_limit;
        self
    }

    /// The same, which will go away.
    #[must_use]
    pub const fn deprecated(mut self, deprecation: Deprecation) -> Self {
        self.deprecation = Some(deprecation);
        self
    }

    /// The same, for what is asked every second whether anything happens or not: a log should not be full of it.
    #[must_use]
    pub const fn log_at_debug(mut self) -> Self {
        self.log_at_debug = true;
        self
    }

    /// Whether the route answers `method`.
    pub(crate) fn takes(&self, method: &Method) -> bool {
        self.method == method || (self.method == Method::GET && method == Method::HEAD)
    }
}

impl Callers {
    /// Whether `service` is one of them.
    pub(crate) fn include(self, service: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(names) => names.contains(&service),
        }
    }
}

impl RateClass {
    /// Its name: in keys, in the policy that clients see, and in the variable that sets it.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Auth => Some("auth"),
            Self::Read => Some("read"),
            Self::Write => Some("write"),
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
