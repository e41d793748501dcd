//! The sandbox as a component: its answers in the words of the interface, and its lines on stdout.
#![expect(unsafe_code, reason = "generated bindings export C symbols")]
#![expect(clippy::print_stdout, reason = "the line is what this provider does")]

use crate::log::{self, Channel};

mod bindings {
    wit_bindgen::generate!({ path: "../../../wit/notify", world: "notify-provider" });
}

use bindings::exports::spindle::notify::provider::{Content, Error, Guest, Message};

struct Log;

impl Guest for Log {
    fn send(message: Message) -> Result<String, Error> {
        let (channel, to) = match &message.content {
            Content::Email(email) => (Channel::Email, email.to.as_str()),
            Content::Sms(sms) => (Channel::Sms, sms.to.as_str()),
            Content::Push(push) => (Channel::Push, push.to.as_str()),
        };
        let reference = log::send(&message.idempotency_key, channel, to, message.attempt)?;
        println!("{}", log::line(&message.idempotency_key, channel, to, &message.template));
        Ok(reference)
    }
}

impl From<log::Error> for Error {
    fn from(error: log::Error) -> Self {
        match error {
            log::Error::Rejected(detail) => Self::Rejected(detail.to_owned()),
            log::Error::Retryable(detail) => Self::Retryable(detail.to_owned()),
        }
    }
}

bindings::export!(Log with_types_in bindings);
