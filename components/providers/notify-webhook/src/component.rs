//! The webhook as a component.

use std::time::{SystemTime, UNIX_EPOCH};

use spindle_notifier::{Error, Guest, Message, Settings, bindings};

use crate::webhook;

struct Webhook;

impl Guest for Webhook {
    fn send(message: Message) -> Result<String, Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let post = webhook::post(&message, &Settings::read(), now)?;
        spindle_notifier::send(&post)?.accepted()?;
        // A receiver has no name for it: both call it by its key.
        Ok(String::new())
    }
}

spindle_notifier::bindings::export!(Webhook with_types_in bindings);
