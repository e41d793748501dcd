//! The route table of a service, as data.

use http::Method;
use spindle_contracts::Problem;
use spindle_platform::http::{Request, Response};
use spindle_platform::{Context, Scope};
use std::pin::Pin;

/// What a body may be long where the route does not say, in bytes.
pub const DEFAULT_BODY_LIMIT: usize = 64 * 1024;

/// What no route may exceed, in bytes.
pub const MAX_BODY_LIMIT: usize = 10 * 1024 * 1024;

/// What a handler gives: a response, or the problem that stood in the way.
pub type Outcome = Result<Response, Problem>;

/// A handler as it stands in a table; [`handler!`](crate::handler) makes one of an `async fn`.
pub type Handler = for<'a> fn(&'a Context, Request) -> Pin<Box<dyn Future<Output = Outcome> + 'a>>;

/// A service: what is its own, and what it answers.
#[derive(Debug)]
pub struct Service {
    /// Its name and its migrations.
    pub scope: Scope,
    /// Its operations.
    pub routes: &'static [Route],
}

/// One operation of a service.
#[derive(Clone, Debug)]
pub struct Route {
    /// Its method. HEAD is answered by the route for GET.
    pub method: Method,
    /// Its path, with `{name}` for a segment that is a parameter.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// The longest body that it takes, in bytes.
    pub body_limit: usize,
    /// What carries it out.
    pub handler: Handler,
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Public,
    /// Another service, with a service token for this one.
    Service,
}

impl Route {
    /// The operation `method path` for `access`, with the default body limit.
    pub const fn new(method: Method, path: &'static str, access: Access, handler: Handler) -> Self {
        Self { method, path, access, body_limit: DEFAULT_BODY_LIMIT, handler }
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

    /// Whether the route answers `method`.
    pub(crate) fn takes(&self, method: &Method) -> bool {
        self.method == method || (self.method == Method::GET && method == Method::HEAD)
    }
}

/// Turns an `async fn(&Context, Request) -> Outcome` into a [`Handler`].
#[macro_export]
macro_rules! handler {
    ($function:path) => {
        |context, request| ::std::boxed::Box::pin($function(context, request))
    };
}
