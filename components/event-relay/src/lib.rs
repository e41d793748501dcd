//! Carries events from Redis to the gateway, which delivers them. The relay stores nothing and tries once: the consumers pull lost events at
//! their next tick.

use bytes::Bytes;
use http::StatusCode;
use spindle_platform::log::Level;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform, Scope};
use std::time::Duration;

/// The scope of the relay, which has no data.
const SCOPE: Scope = Scope { service: "event-relay", migrations: &[] };

/// The longest time that the gateway may take. Messages arrive in sequence: while one waits, so do those behind it.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Carries one message, a signed batch of CloudEvents, to the gateway, which verifies and reads it.
///
/// # Errors
///
/// If the gateway does not accept it; the log has the cause.
pub async fn relay(platform: Platform, message: Bytes) -> Result<(), ()> {
    let request_id = platform.new_id().to_string();
    let trace = TraceContext::start(platform.random());
    let context = Context::new(platform, SCOPE, request_id, trace);
    forward(&context, message).await.map_err(|cause| {
        context.log(Level::Warn, "events not relayed", &[("cause", cause.into())]);
    })
}

async fn forward(context: &Context, message: Bytes) -> Result<(), String> {
    let request = http::Request::post("/internal/events").body(message).map_err(|error| error.to_string())?;
    match context.client().call_for_status("gateway", request, TIMEOUT).await {
        Ok(StatusCode::ACCEPTED) => Ok(()),
        Ok(status) => Err(format!("the gateway answered {}", status.as_u16())),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(target_family = "wasm")]
spindle_platform::export_redis!(super::relay);

#[cfg(test)]
mod tests {
    use super::relay;
    use bytes::Bytes;
    use futures::executor::block_on;
    use http::{Method, StatusCode};
    use spindle_platform::Platform;
    use spindle_platform::http::{Params, empty};
    use spindle_platform::token::service::{self, Operation};
    use std::cell::RefCell;
    use std::rc::Rc;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn platform() -> Platform {
        let platform = Platform::native().with_variable(service::SECRET_VARIABLE, SECRET);
        platform.with_variable("gateway_url", "http://127.0.0.1:3000").build()
    }

    /// Lets the gateway respond with `status`, and returns the bodies that it received.
    fn gateway(platform: &Platform, status: StatusCode) -> Rc<RefCell<Vec<Bytes>>> {
        let sent = Rc::new(RefCell::new(Vec::new()));
        let (bodies, clock) = (Rc::clone(&sent), platform.clone());
        platform.serve("127.0.0.1:3000", move |request| {
            assert_eq!((request.method(), request.path()), (&Method::POST, "/internal/events"));
            let token = request.header("authorization").unwrap().strip_prefix("Bearer ").unwrap();
            let operation = Operation { service: "gateway", method: &Method::POST, path: "/internal/events" };
            assert_eq!(service::verify(SECRET, token, &operation, clock.now()).unwrap().service, "event-relay");
            let bodies = Rc::clone(&bodies);
            let mut request = request.on_route(Params::default(), 1024);
            Box::pin(async move {
                let body = request.bytes().await.unwrap();
                bodies.borrow_mut().push(body);
                empty(status)
            })
        });
        sent
    }

    #[test]
    fn a_message_reaches_the_gateway_unchanged() {
        let platform = platform();
        let sent = gateway(&platform, StatusCode::ACCEPTED);
        let message = Bytes::from_static(b"[{\"specversion\":\"1.0\"}]");
        assert_eq!(block_on(relay(platform.clone(), message.clone())), Ok(()));
        assert_eq!((sent.borrow().as_slice(), platform.logged().len()), (&[message][..], 0));
    }

    #[test]
    fn a_message_that_the_gateway_refuses_is_logged_and_dropped() {
        for status in [StatusCode::SERVICE_UNAVAILABLE, StatusCode::UNPROCESSABLE_ENTITY] {
            let platform = platform();
            let sent = gateway(&platform, status);
            assert_eq!(block_on(relay(platform.clone(), Bytes::from_static(b"[]"))), Err(()));
            assert_eq!(sent.borrow().len(), 1, "it is tried once");
            let [line] = platform.logged().try_into().unwrap();
            assert!(line.contains("events not relayed") && line.contains(status.as_str()), "{line}");
        }
        let unreachable = platform();
        assert_eq!(block_on(relay(unreachable.clone(), Bytes::from_static(b"[]"))), Err(()));
        assert_eq!(unreachable.logged().len(), 1);
    }
}
