//! The request id and the trace of a request: taken from the client where they are valid, else new ones.

use spindle_platform::client::REQUEST_ID;
use spindle_platform::http::Request;
use spindle_platform::trace::{TRACEPARENT, TraceContext};
use spindle_platform::{Context, Platform, Scope};

/// The longest request id that a client may send, in bytes.
const MAX_REQUEST_ID: usize = 128;

/// Makes the context of `request`, served by `scope`, with its request id and its trace.
pub(crate) fn context(platform: Platform, scope: Scope, request: &Request) -> Context {
    let id = request_id(&platform, request);
    match request.header(TRACEPARENT).and_then(TraceContext::parse) {
        Some(parent) => Context::continuing(platform, scope, id, parent),
        None => {
            let trace = TraceContext::start(platform.random());
            Context::new(platform, scope, id, trace)
        }
    }
}

/// Returns the client's `X-Request-Id` if it is a plain token, else a new id. The id is written to logs and headers, so it may not contain
/// characters with a meaning there.
fn request_id(platform: &Platform, request: &Request) -> String {
    let is_plain = |id: &&str| {
        (1..=MAX_REQUEST_ID).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    match request.header(REQUEST_ID).filter(is_plain) {
        Some(id) => id.to_owned(),
        None => platform.new_id().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{context, request_id};
    use spindle_platform::http::{Body, Request};
    use spindle_platform::{Platform, Scope};

    fn with(name: &str, values: &[&str]) -> Request {
        let builder = values.iter().fold(http::Request::get("/"), |builder, value| builder.header(name, *value));
        Request::new(builder.body(Body::empty()).unwrap())
    }

    #[test]
    fn a_plain_id_is_kept_and_any_other_is_replaced() {
        let platform = Platform::native().with_fixed_randomness().build();
        assert_eq!(request_id(&platform, &with("x-request-id", &["Abc_1.2-3"])), "Abc_1.2-3");
        for values in [&["a b"] as &[&str], &["a\"b"], &[""], &["a", "b"], &[&"x".repeat(129)], &["ü"], &[]] {
            let made = request_id(&platform, &with("x-request-id", values));
            assert_eq!(made.len(), 36, "{values:?} became {made}");
        }
    }

    #[test]
    fn a_valid_trace_is_continued() {
        let platform = Platform::native().with_fixed_randomness().build();
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
        let scope = Scope { service: "things", migrations: &[] };
        let trace = |traceparent| {
            let context = context(platform.clone(), scope, &with("traceparent", &[traceparent]));
            assert_eq!(context.clone().trace(), context.trace(), "one span");
            context.trace()
        };
        let child = trace(parent);
        assert!(child.to_string().starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-00000000"), "{child}");
        assert!(child.to_string().ends_with("-00") && !child.to_string().contains("00f067aa0ba902b7"), "{child}");
        assert_ne!(trace("nonsense").trace_id(), child.trace_id());

        let context = context(platform.clone(), scope, &with("traceparent", &[parent]));
        let (span, above) = context.span_ids(platform.unix_time());
        assert_eq!(above.as_deref(), Some("00f067aa0ba902b7"));
        assert_eq!(span, context.trace().span_id(), "the access line has the span that calls pass on");
    }
}
