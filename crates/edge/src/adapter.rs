//! What a request passes on its way into the adapter of a provider, which has neither users nor data and is called by services only: the
//! steps of every request, less those that it has nothing for. So it has no code for them either, which would be most of an adapter's code
//! and has to be compiled wherever one starts.

use crate::route::{Access, HandlerResult, Service};
use crate::serve::AccessLine;
use crate::{access, identify};
use spindle_contracts::Problem;
use spindle_platform::http::{Params, Request, Response};
use spindle_platform::{Context, Platform};
use std::time::Instant;

/// Answers `request` for `service`, whose routes are all for services and have no parameters.
pub async fn serve_adapter(service: &'static Service, platform: Platform, request: Request) -> Response {
    let start = Instant::now();
    let id = identify::request_id(&platform, &request);
    let trace = identify::trace(&platform, &request);
    let context = Context::new(platform, service.scope, id, trace);
    let line = AccessLine::begin(&request);
    let body = request.unread_body();
    let outcome = answer(service, &context, request).await;
    if outcome.is_err() {
        body.discard().await;
    }
    let response = line.finish(&context, outcome);
    line.write(&context, &response, start, false);
    response
}

async fn answer(service: &'static Service, context: &Context, request: Request) -> HandlerResult {
    let is_asked = |method, path| request.method() == method && request.path() == path;
    let route = service.routes.iter().find(|route| is_asked(route.method.clone(), route.path));
    let Some((route, Access::Service(callers, handler))) = route.map(|route| (route, &route.access)) else {
        return Err(Problem::not_found("There is nothing at this address."));
    };
    let peer = access::peer(context, &request, *callers)?;
    let request = request.on_route(Params::default(), route.body_limit);
    request.check_announced_length()?;
    handler(context, peer, request).await
}

#[cfg(test)]
mod tests {
    use crate::testing::{call_adapter, with_edge_variables};
    use crate::{Anonymous, Callers, HandlerResult, Route, Service, ServiceCaller, handler, serve_adapter};
    use futures::executor::block_on;
    use http::{Method, StatusCode};
    use serde_json::{Value, json};
    use spindle_contracts::Problem;
    use spindle_platform::http::{Body, Request, json as answer};
    use spindle_platform::{Context, Platform, Scope};

    static ECHO: Service = Service {
        scope: Scope { service: "echo", migrations: &[] },
        routes: &[
            Route::service(Method::POST, "/internal/echo", Callers::Only(&["asker"]), handler!(echo))
                .with_body_limit(9),
            Route::public(Method::POST, "/v1/echo", handler!(shout)),
        ],
        shared: &[],
    };

    async fn echo(_context: &Context, peer: ServiceCaller, mut request: Request) -> HandlerResult {
        let question: Value = request.json().await?;
        if question == "?" {
            return Err(Problem::internal("it has broken"));
        }
        Ok(answer(StatusCode::OK, &json!([peer.service(), question])))
    }

    async fn shout(_context: &Context, _: Anonymous, _request: Request) -> HandlerResult {
        Ok(answer(StatusCode::OK, &"!"))
    }

    #[test]
    fn a_service_that_may_ask_is_answered() {
        let asked = call_adapter(&ECHO, "asker", "/internal/echo", &json!("who"));
        assert_eq!(asked, (StatusCode::OK, json!(["asker", "who"])));
    }

    #[test]
    fn nobody_else_is_and_nothing_else() {
        let status = |caller, path, question: &Value| call_adapter(&ECHO, caller, path, question).0;
        assert_eq!(status("other", "/internal/echo", &json!("who")), StatusCode::FORBIDDEN);
        assert_eq!(status("asker", "/internal/echo/", &json!("who")), StatusCode::NOT_FOUND);
        assert_eq!(status("asker", "/v1/echo", &json!("who")), StatusCode::NOT_FOUND, "it has no public routes");
        assert_eq!(status("asker", "/internal/echo", &json!("too long")), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(status("asker", "/internal/echo", &json!("?")), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn without_a_token_it_is_401_and_every_request_leaves_a_line() {
        let platform = with_edge_variables(Platform::native()).build();
        let request = http::Request::post("/internal/echo").header("x-request-id", "r-1").body(Body::empty()).unwrap();
        let response = block_on(serve_adapter(&ECHO, platform.clone(), Request::new(request)));
        assert_eq!(
            (response.status(), &response.headers()["x-request-id"]),
            (StatusCode::UNAUTHORIZED, &"r-1".parse().unwrap())
        );
        let line: Value = serde_json::from_str(platform.logged().last().unwrap()).unwrap();
        assert_eq!(
            (&line["service"], &line["status"], &line["request_id"]),
            (&json!("echo"), &json!(401), &json!("r-1"))
        );
    }
}
