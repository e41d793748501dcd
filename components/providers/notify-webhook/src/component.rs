//! The webhook as a component.

use std::time::{SystemTime, UNIX_EPOCH};

use spindle_notifier::{Error, Guest, Message, Settings, bindings};

use crate::webhook;

struct Webhook;

impl Guest for Webhook {
    fn send(message: Message) -> Result<String, Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let request = webhook::post(&message, &Settings::read(), now)?;
        spindle_notifier::send(&request)?.check_status()?;
        // A receiver has no reference of its own: the message's key is its id on both sides.
        Ok(String::new())
    }
}

spindle_notifier::bindings::export!(Webhook with_types_in bindings);
