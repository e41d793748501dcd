//! Resend as a component.

use spindle_notifier::{Error, Guest, Message, Settings, bindings};

use crate::resend;

struct Resend;

impl Guest for Resend {
    fn send(message: Message) -> Result<String, Error> {
        let request = resend::post(&message, &Settings::read())?;
        resend::reference(&spindle_notifier::send(&request)?)
    }
}

spindle_notifier::bindings::export!(Resend with_types_in bindings);
