//! The edge of a provider's adapter, which has neither users nor data and is called by services only: the steps of [`serve`](crate::serve)
//! without users, rate limits, CORS and built-in operations. Their code would be most of an adapter's code, which every host has to compile
//! at start.

use crate::access_line::AccessLine;
use crate::public::answer;
use crate::route::{Access, Callers, HandlerResult, Route, Service};
use crate::{access, correlation, readiness};
use http::{Method, StatusCode};
use spindle_contracts::Problem;
use spindle_platform::http::{Params, Request, Response, empty};
use spindle_platform::{Context, Platform};

/// The variable with the component's name in log lines. The adapters of the notification providers have it: they are one service to their
/// caller, and several components to an operator.
const LOG_NAME: &str = "log_name";

/// Serves `request` for `service`, whose routes are all for services and have no parameters.
pub async fn serve_adapter(service: &'static Service, platform: Platform, request: Request) -> Response {
    let mut line = AccessLine::begin(&platform, &request);
    line.route = service.routes.iter().find(|route| route.path == request.path()).map(|route| route.path.into());
    let asks_if_ready = request.method() == Method::GET && request.path() == readiness::path(service.scope.service);
    if asks_if_ready {
        line.route = Some(request.path().to_owned().into());
    }
    let context = correlation::context(platform, service.scope, &request);
    let log_name = context.config().get(LOG_NAME).ok();
    let context = context.with_log_name(log_name);
    let dispatch = async |context: &Context, request: Request| match asks_if_ready {
        true => access::service_caller(context, &request, Callers::Any).map(|_| empty(StatusCode::NO_CONTENT)),
        false => dispatch(service, context, request).await,
    };
    answer(line, context, request, asks_if_ready, dispatch).await
}

async fn dispatch(service: &'static Service, context: &Context, request: Request) -> HandlerResult {
    let matches = |route: &&Route| request.method() == route.method && request.path() == route.path;
    let route = service.routes.iter().find(matches);
    let Some((route, Access::Service(callers, handler))) = route.map(|route| (route, &route.access)) else {
        return Err(Problem::not_found("No resource has this address."));
    };
    let caller = access::service_caller(context, &request, *callers)?;
    let request = request.on_route(Params::default(), route.body_limit);
    request.check_content_length()?;
    request.check_content_encoding()?;
    handler(context, caller, request).await
}

#[cfg(test)]
mod tests {
    use crate::testing::{call_adapter, call_adapter_on, with_edge_variables};
    use crate::{Anonymous, Callers, Calls, HandlerResult, Route, Service, ServiceCaller, handler, serve_adapter};
    use futures::executor::block_on;
    use http::{Method, StatusCode};
    use serde_json::{Value, json};
    use spindle_contracts::Problem;
    use spindle_platform::http::{Body, Request, json as respond};
    use spindle_platform::{Context, Platform, Scope};

    static ECHO: Service = Service {
        scope: Scope { service: "echo", migrations: &[] },
        routes: &[
            Route::service(Method::POST, "/internal/echo", Callers::Only(&["caller"]), handler!(echo))
                .with_body_limit(9),
            Route::public(Method::POST, "/v1/echo", handler!(shout)),
        ],
        shared: &[],
        stores: &[],
        calls: Calls::NONE,
        check: None,
    };

    async fn echo(_context: &Context, caller: ServiceCaller, mut request: Request) -> HandlerResult {
        let message: Value = request.internal_json().await?;
        if message == "?" {
            return Err(Problem::internal("a defect"));
        }
        Ok(respond(StatusCode::OK, &json!([caller.service(), message])))
    }

    async fn shout(_context: &Context, _: Anonymous, _request: Request) -> HandlerResult {
        Ok(respond(StatusCode::OK, &"!"))
    }

    #[test]
    fn an_allowed_service_gets_a_response() {
        let response = call_adapter(&ECHO, "caller", "/internal/echo", &json!("who"));
        assert_eq!(response, (StatusCode::OK, json!(["caller", "who"])));
    }

    #[test]
    fn other_services_addresses_and_bodies_are_refused() {
        let status = |caller, path, body: &Value| call_adapter(&ECHO, caller, path, body).0;
        assert_eq!(status("other", "/internal/echo", &json!("who")), StatusCode::FORBIDDEN);
        assert_eq!(status("caller", "/internal/echo/", &json!("who")), StatusCode::NOT_FOUND);
        assert_eq!(status("caller", "/v1/echo", &json!("who")), StatusCode::NOT_FOUND, "it has no public routes");
        assert_eq!(status("caller", "/internal/echo", &json!("too long")), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(status("caller", "/internal/echo", &json!("?")), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn a_request_without_a_token_is_401_and_is_logged() {
        let platform = with_edge_variables(Platform::native()).build();
        let request = http::Request::post("/internal/echo").header("x-request-id", "r-1").body(Body::empty()).unwrap();
        let response = block_on(serve_adapter(&ECHO, platform.clone(), Request::new(request)));
        assert_eq!(
            (response.status(), &response.headers()["x-request-id"]),
            (StatusCode::UNAUTHORIZED, &"r-1".parse().unwrap())
        );
        let line: Value = serde_json::from_str(platform.logged().last().unwrap()).unwrap();
        assert_eq!(
            (&line["service"], &line["http.response.status_code"], &line["request_id"]),
            (&json!("echo"), &json!(401), &json!("r-1"))
        );
    }

    #[test]
    fn the_variable_log_name_is_the_service_in_log_lines_and_no_other_audience() {
        let platform = with_edge_variables(Platform::native()).with_variable("log_name", "echo-loud").build();
        let response = call_adapter_on(&platform, &ECHO, "caller", "/internal/echo", &json!("who"));
        assert_eq!(response.0, StatusCode::OK);
        let line: Value = serde_json::from_str(platform.logged().last().unwrap()).unwrap();
        assert_eq!((&line["service"], &line["message"]), (&json!("echo-loud"), &json!("request")));
    }
}
