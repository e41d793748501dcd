//! The sandbox as a component.

use spindle_notifier::{Error, Guest, Message, bindings};

use crate::sandbox;

struct Sandbox;

impl Guest for Sandbox {
    fn send(message: Message) -> Result<String, Error> {
        sandbox::send(&message)
    }
}

spindle_notifier::bindings::export!(Sandbox with_types_in bindings);
