//! Calls a notification provider, or a local function with the same result, as often as the request says: the difference is the cost of the
//! provider as a component. The message has no address, so that every provider rejects it at once.
#![cfg(target_family = "wasm")]

mod bindings {
    wit_bindgen::generate!({ path: "../../wit/notify", world: "notify-sender" });
}

use bindings::spindle::notify::provider::{Content, Email, Error, Message, send};
use http::StatusCode;
use spindle_platform::Platform;
use spindle_platform::http::{Request, Response, empty};
use std::hint::black_box;

/// Serves `/<anything>/<composed | in-process>/<number of calls>`: 204, or 500 if a call was not rejected.
async fn serve(_: Platform, request: Request) -> Response {
    let mut segments = request.path().rsplit('/');
    let (count, mode) = (segments.next().and_then(|count| count.parse::<u32>().ok()), segments.next());
    let is_rejected: fn(&Message) -> bool = match mode {
        Some("composed") => |message| send(message).is_err(),
        Some("in-process") => |message| reject(message).is_err(),
        _ => return empty(StatusCode::NOT_FOUND),
    };
    let message = message();
    let all = (0..count.unwrap_or_default()).all(|_| black_box(is_rejected)(black_box(&message)));
    empty(if all { StatusCode::NO_CONTENT } else { StatusCode::INTERNAL_SERVER_ERROR })
}

spindle_platform::export!(super::serve);

/// Returns an e-mail of the usual size without an address.
fn message() -> Message {
    Message {
        idempotency_key: String::from("01a20451-50e4-757b-9dad-57c68d7a56c1"),
        template: String::from("order-paid"),
        locale: String::from("en"),
        content: Content::Email(Email {
            to: String::new(),
            subject: String::from("We have your payment"),
            text: "Thank you for your order. ".repeat(40),
            html: "<p>Thank you for your order.</p>".repeat(100),
        }),
        attempt: 1,
    }
}

/// Does the same as a provider: takes ownership of a copy, and rejects it.
#[inline(never)]
fn reject(message: &Message) -> Result<String, Error> {
    let message = black_box(message.clone());
    match &message.content {
        Content::Email(email) if email.to.is_empty() => Err(Error::Rejected(String::from("there is no address"))),
        _ => Ok(message.idempotency_key),
    }
}
