//! A component with a dependency: responds with the greeter's results.
#![cfg(target_family = "wasm")]

mod bindings {
    wit_bindgen::generate!({ path: ["../../../wit/deps/spin@2.0.0", "../wit"], world: "spindle:host-test/calling" });
}

use bindings::spindle::host_test::greeter;
use wasi::exports::http::incoming_handler::Guest;
use wasi::http::types::{Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam};

struct Caller;

wasi::http::proxy::export!(Caller);

impl Guest for Caller {
    fn handle(_request: IncomingRequest, outparam: ResponseOutparam) {
        let text = format!(
            "{}; environment: {:?}; store: {}",
            greeter::greet("you"),
            greeter::environment("FLAVOUR"),
            greeter::may_open_store(),
        );
        let response = OutgoingResponse::new(Fields::new());
        let body = response.body().expect("a new response has a body");
        ResponseOutparam::set(outparam, Ok(response));
        let stream = body.write().expect("a new body has a stream");
        stream.blocking_write_and_flush(text.as_bytes()).expect("the host reads");
        drop(stream);
        OutgoingBody::finish(body, None).expect("the body is complete");
    }
}
