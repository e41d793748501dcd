//! The steps of a request, in order.

use crate::deprecation::Deprecation;
use crate::rate_limit::Quota;
use crate::route::{Callers, HandlerResult, Route, Service};
use crate::{access, audit, client_address, correlation, cors, readiness};
use http::header::{ALLOW, CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Method, StatusCode};
use spindle_contracts::{Problem, ProblemKind};
use spindle_platform::client::REQUEST_ID;
use spindle_platform::http::{Params, Request, Response, Router, empty, is_streamed, problem_response};
use spindle_platform::log::Level;
use spindle_platform::{Context, Platform};
use std::time::Duration;

/// Serves `request` for `service`.
pub async fn serve(service: &'static Service, platform: Platform, request: Request) -> Response {
    let line = AccessLine::begin(&platform, &request);
    let context = correlation::context(platform, service.scope, &request);
    let source = client_address::resolve(&context, &request);
    let context = context.with_source(source);
    let origin = cors::allowed_origin(&context, &request);

    let mut notes = ResponseNotes::default();
    let result = dispatch(service, &context, request, origin.as_ref(), &mut notes).await;
    notes.cache_writes.schedule(&context);

    let mut response = line.finish(&context, result);
    if let Some(quota) = notes.quota {
        quota.write_headers(response.headers_mut());
    }
    response.headers_mut().extend(context.take_response_headers());
    if let Some(deprecation) = notes.deprecation {
        deprecation.write_headers(response.headers_mut());
    }
    cors::add_headers(&mut response, origin);
    line.write(&context, &response, notes.log_at_debug);
    response
}

/// Properties of the response that the steps before the handler decide.
#[derive(Default)]
struct ResponseNotes {
    quota: Option<Quota>,
    deprecation: Option<Deprecation>,
    log_at_debug: bool,
    cache_writes: access::CacheWrites,
}

/// Routes and authorises the request and calls its handler. Each step can end the request, and cheap steps come before expensive ones: the
/// route's demands on caller, rate and body are checked between routing and the handler.
async fn dispatch(
    service: &'static Service,
    context: &Context,
    request: Request,
    origin: Option<&HeaderValue>,
    notes: &mut ResponseNotes,
) -> HandlerResult {
    let body = request.unread_body();
    let refusal = match resolve(service, &request) {
        Ok(Target::Preflight(methods)) => return Ok(cors::preflight(&methods, origin)),
        Ok(Target::Options(methods)) => return Ok(options(&methods)),
        Ok(Target::BuiltIn(operation)) => match access::service_caller(context, &request, BUILT_IN_CALLERS) {
            Ok(_) => {
                notes.log_at_debug = matches!(operation, BuiltIn::Ready | BuiltIn::ReadyStores);
                return operation.answer(service, context, &request).await;
            }
            Err(refusal) => refusal,
        },
        Ok(Target::Route(route, params)) => {
            notes.deprecation = route.deprecation;
            notes.log_at_debug = route.log_at_debug;
            match access::authorize(context, &request, route, &mut notes.quota, &mut notes.cache_writes).await {
                Ok(authorized) => {
                    let request = request.on_route(params, route.body_limit);
                    request.check_content_length()?;
                    let result = match request.check_content_encoding() {
                        Ok(()) => authorized.handle(context, request).await,
                        Err(refusal) => Err(refusal),
                    };
                    match result {
                        Ok(response) => return Ok(response),
                        Err(refusal) => refusal,
                    }
                }
                Err(refusal) => refusal,
            }
        }
        Err(refusal) => refusal,
    };
    body.discard().await;
    Err(refusal)
}

/// The target of a request.
enum Target {
    /// An operation of the service.
    Route(&'static Route, Params),
    /// An operation that the edge implements for the service.
    BuiltIn(BuiltIn),
    /// A CORS preflight request for a resource that allows these methods.
    Preflight(String),
    /// An `OPTIONS` request for a resource that allows these methods.
    Options(String),
}

/// The services that may call the built-in operations.
const BUILT_IN_CALLERS: Callers = Callers::Only(&["gateway"]);

/// An operation that the edge implements for every service with a database.
enum BuiltIn {
    /// The service's readiness.
    Ready,
    /// The readiness of the service's key-value stores.
    ReadyStores,
    /// The rows of the service's audit log.
    Audit,
    /// The verification of the service's audit log.
    AuditVerify,
}

impl BuiltIn {
    async fn answer(self, service: &Service, context: &Context, request: &Request) -> HandlerResult {
        match self {
            Self::Ready => readiness::check(service, context).await,
            Self::ReadyStores => readiness::check_stores(service, context).await,
            Self::Audit => audit::list(context, request).await,
            Self::AuditVerify => audit::verify(context, request).await,
        }
    }

    /// Returns the operation at `path`, if `service` has it.
    fn at(service: &'static Service, path: &str) -> Option<Self> {
        match service.below_internal(path)? {
            _ if service.scope.migrations.is_empty() => None,
            "/ready" => Some(Self::Ready),
            "/ready/stores" => Some(Self::ReadyStores),
            "/audit" => Some(Self::Audit),
            "/audit/verify" => Some(Self::AuditVerify),
            _ => None,
        }
    }
}

fn resolve(service: &'static Service, request: &Request) -> Result<Target, Problem> {
    if let Some(operation) = BuiltIn::at(service, request.path())
        && request.method() == Method::GET
    {
        return Ok(Target::BuiltIn(operation));
    }
    let shared = service.below_internal(request.path()).and_then(|path| find(service.shared_routes(), path, request));
    let target = shared.or_else(|| find(service.routes.iter(), request.path(), request));
    target.unwrap_or_else(|| Err(Problem::not_found("No resource has this address.")))
}

/// Finds the target of `request` among `routes`; `None` if none of them has `path`, and a 405 if one has it with other methods only.
fn find(
    routes: impl Iterator<Item = &'static Route> + Clone,
    path: &str,
    request: &Request,
) -> Option<Result<Target, Problem>> {
    let is_first = |(index, route): &(usize, &Route)| routes.clone().take(*index).all(|other| other.path != route.path);
    // A fresh instance has to build the router for each request, so it only gets what can match at all.
    let can_match = |route: &Route| path.starts_with(literal_start(route.path));
    let candidates = routes.clone().enumerate().filter(|(_, route)| can_match(route)).filter(is_first);
    let matched = Router::new(candidates.map(|(_, route)| (route.path, route.path))).at(path)?;
    let here = routes.filter(|route| route.path == matched.value);
    if let Some(route) = here.clone().find(|route| route.serves(request.method())) {
        return Some(Ok(Target::Route(route, matched.params)));
    }
    let methods = methods(here);
    if cors::is_preflight(request) {
        return Some(Ok(Target::Preflight(methods.join(", "))));
    }
    if request.method() == Method::OPTIONS {
        return Some(Ok(Target::Options(methods.join(", "))));
    }
    let detail = format!("Allows {}, not {}.", methods.join(", "), request.method());
    Some(Err(Problem { allow: methods, ..Problem::new(ProblemKind::MethodNotAllowed, detail) }))
}

/// Returns the part of a route's path before its first parameter.
fn literal_start(path: &str) -> &str {
    path.split_once('{').map_or(path, |(start, _)| start)
}

/// Returns the methods of `routes` and those that the edge answers itself.
fn methods<'r>(routes: impl Iterator<Item = &'r Route>) -> Vec<&'static str> {
    let mut methods = Vec::new();
    for route in routes {
        methods.push(match route.method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            _ => continue,
        });
    }
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods
}

fn options(methods: &str) -> Response {
    let mut response = empty(StatusCode::NO_CONTENT);
    if let Ok(methods) = HeaderValue::from_str(methods) {
        response.headers_mut().insert(ALLOW, methods);
    }
    response
}

fn log_cause(context: &Context, problem: &Problem) {
    if let Some(cause) = &problem.cause {
        let level = if problem.kind.status() >= 500 { Level::Error } else { Level::Warn };
        context.log(
            level,
            "request refused",
            &[("problem", problem.kind.name().into()), ("cause", cause.as_str().into())],
        );
    }
}

/// Adds the headers of every response.
fn add_common_headers(response: &mut Response, context: &Context) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(context.request_id()) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // A response that may be cached has its own `Cache-Control`.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// The access log line of a request: one per request.
pub(crate) struct AccessLine {
    start: Duration,
    method: Method,
    path: String,
    peer: Option<String>,
}

impl AccessLine {
    pub(crate) fn begin(platform: &Platform, request: &Request) -> Self {
        // The query may hold personal data (`?email=`), so the line has the path alone.
        Self {
            start: platform.unix_time(),
            method: request.method().clone(),
            path: request.path().to_owned(),
            peer: request.peer().map(str::to_owned),
        }
    }

    /// Turns `result` into the response.
    pub(crate) fn finish(&self, context: &Context, result: HandlerResult) -> Response {
        let mut response = result.unwrap_or_else(|problem| {
            log_cause(context, &problem);
            problem_response(&problem, &self.path, context.request_id())
        });
        add_common_headers(&mut response, context);
        response
    }

    pub(crate) fn write(self, context: &Context, response: &Response, log_at_debug: bool) {
        // 503 means that a dependency fails, and the log has a line with the cause.
        let is_routine = response.status().is_success() || response.status() == StatusCode::SERVICE_UNAVAILABLE;
        let mut fields = vec![
            ("method", self.method.as_str().into()),
            ("path", self.path.into()),
            ("status", response.status().as_u16().into()),
            // The length of a streamed body is not known yet.
            ("bytes", (!is_streamed(response)).then(|| response.body().len()).into()),
            ("ms", context.millis_since(self.start).into()),
            ("peer", self.peer.into()),
        ];
        // Only a service with a cache sets this header.
        if let Some(status) = response.headers().get("cache-status").and_then(|status| status.to_str().ok()) {
            fields.push(("cache", status.into()));
        }
        context.log(if log_at_debug && is_routine { Level::Debug } else { Level::Info }, "request", &fields);
    }
}
