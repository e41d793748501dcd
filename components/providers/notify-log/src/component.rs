//! The sandbox as a component: its lines go to stdout.
#![expect(clippy::print_stdout, reason = "the line is what this provider does")]

use spindle_notifier::{Error, Guest, Message, bindings};

use crate::log;

struct Log;

impl Guest for Log {
    fn send(message: Message) -> Result<String, Error> {
        let reference = log::send(&message)?;
        println!("{}", log::line(&message));
        Ok(reference)
    }
}

spindle_notifier::bindings::export!(Log with_types_in bindings);
