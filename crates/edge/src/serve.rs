//! The steps of a request, in order.

use crate::deprecation::Deprecation;
use crate::rate::Left;
use crate::route::{Callers, HandlerResult, Route, Service};
use crate::{access, address, audit, cors, identify, ready};
use http::header::{ALLOW, CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Method, StatusCode};
use spindle_contracts::{Problem, ProblemKind};
use spindle_platform::client::REQUEST_ID;
use spindle_platform::http::{Params, Request, Response, Router, empty, problem_response};
use spindle_platform::log::Level;
use spindle_platform::{Context, Platform};
use std::time::Instant;

/// Answers `request` for `service`.
pub async fn serve(service: &'static Service, platform: Platform, request: Request) -> Response {
    let start = Instant::now();
    let id = identify::request_id(&platform, &request);
    let trace = identify::trace(&platform, &request);
    let context = Context::new(platform, service.scope, id, trace);
    let source = address::of_client(&context, &request);
    let context = context.from_source(source);
    let line = AccessLine::begin(&request);
    let origin = cors::allowed_origin(&context, &request);

    let mut notes = Notes::default();
    let outcome = answer(service, &context, request, origin.as_ref(), &mut notes).await;

    let mut response = line.finish(&context, outcome);
    if let Some(left) = notes.left {
        left.write(response.headers_mut());
    }
    if let Some(deprecation) = notes.deprecation {
        deprecation.write(response.headers_mut());
    }
    cors::mark(&mut response, origin);
    line.write(&context, &response, start, notes.log_at_debug);
    response
}

/// What the answer will say besides what the handler lets it say.
#[derive(Default)]
struct Notes {
    left: Option<Left>,
    deprecation: Option<Deprecation>,
    log_at_debug: bool,
}

/// Where the request goes, whether it may, and what comes of it. Each step can end it, and a cheap one stands before a dear
/// one: what a route demands of the caller, of the rate and of the body is checked between the route and its handler.
async fn answer(
    service: &'static Service,
    context: &Context,
    request: Request,
    origin: Option<&HeaderValue>,
    notes: &mut Notes,
) -> HandlerResult {
    let body = request.unread_body();
    let refusal = match resolve(service, &request) {
        Ok(Target::Preflight(methods)) => return Ok(cors::preflight(&methods, origin)),
        Ok(Target::Options(methods)) => return Ok(options(&methods)),
        Ok(Target::BuiltIn(operation)) => match access::peer(context, &request, BUILT_IN_CALLERS) {
            Ok(_) => return operation.answer(context, &request).await,
            Err(refusal) => refusal,
        },
        Ok(Target::Route(route, params)) => {
            notes.deprecation = route.deprecation;
            notes.log_at_debug = route.log_at_debug;
            match access::admit(context, &request, route, &mut notes.left).await {
                Ok(admitted) => {
                    let request = request.on_route(params, route.body_limit);
                    request.check_announced_length()?;
                    match admitted.handle(context, request).await {
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

/// What a request is for.
enum Target {
    /// An operation of the service.
    Route(&'static Route, Params),
    /// An operation that the edge has for the service.
    BuiltIn(BuiltIn),
    /// What a script may do with a resource that takes these methods.
    Preflight(String),
    /// Which methods a resource takes.
    Options(String),
}

/// Who asks for the operations that the edge has for every service.
const BUILT_IN_CALLERS: Callers = Callers::Only(&["gateway"]);

/// What every service with a database has besides its own operations, for other services.
enum BuiltIn {
    /// Its readiness.
    Ready,
    /// The rows of its audit log.
    Audit,
    /// Whether its audit log is intact.
    AuditVerify,
}

impl BuiltIn {
    async fn answer(self, context: &Context, request: &Request) -> HandlerResult {
        match self {
            Self::Ready => ready::ready(context).await,
            Self::Audit => audit::list(context, request).await,
            Self::AuditVerify => audit::verify(context).await,
        }
    }

    /// The operation at `path`, if `service` has it.
    fn at(service: &'static Service, path: &str) -> Option<Self> {
        match service.below_internal(path)? {
            _ if service.scope.migrations.is_empty() => None,
            "/ready" => Some(Self::Ready),
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
    target.unwrap_or_else(|| Err(Problem::not_found("There is nothing at this address.")))
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
    if let Some(route) = here.clone().find(|route| route.takes(request.method())) {
        return Some(Ok(Target::Route(route, matched.params)));
    }
    let methods = methods(here);
    if cors::is_preflight(request) {
        return Some(Ok(Target::Preflight(methods.join(", "))));
    }
    if request.method() == Method::OPTIONS {
        return Some(Ok(Target::Options(methods.join(", "))));
    }
    let detail = format!("This address takes {}.", methods.join(", "));
    Some(Err(Problem { allow: methods, ..Problem::new(ProblemKind::MethodNotAllowed, detail) }))
}

/// What stands in a route's path before its first parameter.
fn literal_start(path: &str) -> &str {
    path.split_once('{').map_or(path, |(start, _)| start)
}

/// The methods of `routes` with those that the edge itself answers.
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

/// What every answer carries.
fn finish(response: &mut Response, context: &Context) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(context.request_id()) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // What may be kept says so itself.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// The one line that each request leaves in the log.
pub(crate) struct AccessLine {
    method: Method,
    path: String,
    peer: Option<String>,
}

impl AccessLine {
    pub(crate) fn begin(request: &Request) -> Self {
        // The query may hold personal data (`?email=`), so the line has the path alone.
        Self {
            method: request.method().clone(),
            path: request.path().to_owned(),
            peer: request.peer().map(str::to_owned),
        }
    }

    /// What `outcome` is answered with.
    pub(crate) fn finish(&self, context: &Context, outcome: HandlerResult) -> Response {
        let mut response = outcome.unwrap_or_else(|problem| {
            log_cause(context, &problem);
            problem_response(&problem, &self.path, context.request_id())
        });
        finish(&mut response, context);
        response
    }

    pub(crate) fn write(self, context: &Context, response: &Response, start: Instant, log_at_debug: bool) {
        let routine = log_at_debug && response.status().is_success();
        let mut fields = vec![
            ("method", self.method.as_str().into()),
            ("path", self.path.into()),
            ("status", response.status().as_u16().into()),
            ("bytes", response.body().len().into()),
            ("ms", ready::millis_since(start).into()),
            ("peer", self.peer.into()),
        ];
        // Only a service with a cache says whether that had the answer.
        if let Some(status) = response.headers().get("cache-status").and_then(|status| status.to_str().ok()) {
            fields.push(("cache", status.into()));
        }
        context.log(if routine { Level::Debug } else { Level::Info }, "request", &fields);
    }
}
