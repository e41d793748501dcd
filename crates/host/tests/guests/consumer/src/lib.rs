//! A component of a Redis trigger: acts on a message, and prints it.
#![cfg(target_family = "wasm")]

mod bindings {
    wit_bindgen::generate!({ path: "../../../wit/messages", world: "messages", generate_all });
}

use std::time::Duration;

use bindings::exports::fermyon::spin::inbound_redis::{Error, Guest, Payload};

struct Consumer;

bindings::export!(Consumer with_types_in bindings);

impl Guest for Consumer {
    fn handle_message(message: Payload) -> Result<(), Error> {
        let message = String::from_utf8(message).expect("the tests send text");
        println!("begins {message}");
        match message.as_str() {
            "fail" => return Err(Error::Error),
            "trap" => panic!("as requested"),
            "sleep" => std::thread::sleep(Duration::from_millis(50)),
            _ => {}
        }
        println!("ends {message}");
        Ok(())
    }
}
