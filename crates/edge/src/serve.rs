//! The steps of a request, in order.

use crate::access_line::AccessLine;
use crate::deprecation::Deprecation;
use crate::rate_limit::Quota;
use crate::route::{Callers, HandlerResult, Route, Service};
use crate::{access, audit, client_address, correlation, cors, health, readiness};
use http::header::ALLOW;
use http::{HeaderValue, Method, StatusCode};
use spindle_contracts::{Problem, ProblemKind};
use spindle_platform::http::{Params, Request, Response, Router, empty};
use spindle_platform::{Context, Platform};
use std::borrow::Cow;

/// Serves `request` for `service`.
pub async fn serve(service: &'static Service, platform: Platform, request: Request) -> Response {
    let mut line = AccessLine::begin(&platform, &request);
    let context = correlation::context(platform, service.scope, &request);
    let source = client_address::resolve(&context, &request);
    let context = context.with_source(source);
    let origin = cors::allowed_origin(&context, &request);

    let mut notes = ResponseNotes::default();
    let result = dispatch(service, &context, request, origin.as_ref(), &mut notes).await;
    notes.cache_writes.schedule(&context);

    let mut response = line.finish(&context, result);
    line.route = notes.route;
    if let Some(quota) = notes.quota {
        quota.write_headers(response.headers_mut());
        line.remaining = Some(quota.remaining());
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
    /// The path of the matched route, with its parameters as `{name}`.
    route: Option<Cow<'static, str>>,
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
    let (route, target) = resolve(service, &request);
    notes.route = route;
    let refusal = match target {
        Ok(Target::Preflight(methods)) => return Ok(cors::preflight(&methods, origin)),
        Ok(Target::Options(methods)) => return Ok(options(&methods)),
        Ok(Target::BuiltIn(operation)) => match access::service_caller(context, &request, operation.callers()) {
            Ok(_) => {
                notes.log_at_debug = !matches!(operation, BuiltIn::Audit | BuiltIn::AuditVerify);
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

/// An operation that the edge implements for every service with a database.
enum BuiltIn {
    /// The service's readiness in this process.
    Ready,
    /// The health of the service's database.
    HealthDatabase,
    /// The health of the service's key-value stores.
    HealthStores,
    /// The health of everything that the service calls.
    HealthCalls,
    /// The rows of the service's audit log.
    Audit,
    /// The verification of the service's audit log.
    AuditVerify,
}

impl BuiltIn {
    async fn answer(self, service: &Service, context: &Context, request: &Request) -> HandlerResult {
        match self {
            Self::Ready => readiness::check(service, context),
            Self::HealthDatabase => health::database(service, context).await,
            Self::HealthStores => health::stores(service, context).await,
            Self::HealthCalls => health::calls(service, context).await,
            Self::Audit => audit::list(context, request).await,
            Self::AuditVerify => audit::verify(context, request).await,
        }
    }

    /// Returns the services that may call it: those that call the service ask whether it is ready.
    fn callers(&self) -> Callers {
        match self {
            Self::Ready => Callers::Any,
            _ => Callers::Only(&["gateway"]),
        }
    }

    /// Returns the operation at `path`, if `service` has it.
    fn at(service: &'static Service, path: &str) -> Option<Self> {
        match service.below_internal(path)? {
            _ if service.scope.migrations.is_empty() => None,
            "/ready" => Some(Self::Ready),
            "/ready/database" => Some(Self::HealthDatabase),
            "/ready/stores" => Some(Self::HealthStores),
            "/ready/calls" => Some(Self::HealthCalls),
            "/audit" => Some(Self::Audit),
            "/audit/verify" => Some(Self::AuditVerify),
            _ => None,
        }
    }
}

/// Returns the target of `request`, and the path of the matched route; `None` for a path that the service does not have.
fn resolve(service: &'static Service, request: &Request) -> (Option<Cow<'static, str>>, Result<Target, Problem>) {
    if let Some(operation) = BuiltIn::at(service, request.path())
        && request.method() == Method::GET
    {
        // These paths have no parameters.
        return (Some(request.path().to_owned().into()), Ok(Target::BuiltIn(operation)));
    }
    if let Some(below) = service.below_internal(request.path())
        && let Some((route, target)) = find(service.shared_routes(), below, request)
    {
        return (Some(format!("/internal/{}{route}", service.scope.service).into()), target);
    }
    match find(service.routes.iter(), request.path(), request) {
        Some((route, target)) => (Some(route.into()), target),
        None => (None, Err(Problem::not_found("No resource has this address."))),
    }
}

/// Finds the target of `request` among `routes`, with the path of its route; `None` if none of them has `path`, and a 405 if one has it with other
/// methods only.
fn find(
    routes: impl Iterator<Item = &'static Route> + Clone,
    path: &str,
    request: &Request,
) -> Option<(&'static str, Result<Target, Problem>)> {
    let is_first = |(index, route): &(usize, &Route)| routes.clone().take(*index).all(|other| other.path != route.path);
    // A fresh instance has to build the router for each request, so it only gets what can match at all.
    let can_match = |route: &Route| path.starts_with(literal_start(route.path));
    let candidates = routes.clone().enumerate().filter(|(_, route)| can_match(route)).filter(is_first);
    let matched = Router::new(candidates.map(|(_, route)| (route.path, route.path))).at(path)?;
    let here = routes.filter(|route| route.path == matched.value);
    if let Some(route) = here.clone().find(|route| route.serves(request.method())) {
        return Some((matched.value, Ok(Target::Route(route, matched.params))));
    }
    let methods = methods(here);
    if cors::is_preflight(request) {
        return Some((matched.value, Ok(Target::Preflight(methods.join(", ")))));
    }
    if request.method() == Method::OPTIONS {
        return Some((matched.value, Ok(Target::Options(methods.join(", ")))));
    }
    let detail = format!("Allows {}, not {}.", methods.join(", "), request.method());
    let refusal = Problem { allow: methods, ..Problem::new(ProblemKind::MethodNotAllowed, detail) };
    Some((matched.value, Err(refusal)))
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
