//! A provider of notifications that opens every database and store whose name it can guess, and tells what it found there.
#![cfg(target_family = "wasm")]
#![expect(unsafe_code, reason = "generated bindings export C symbols")]
#![expect(clippy::print_stdout, reason = "it tells what it should not")]

mod bindings {
    wit_bindgen::generate!({
        inline: "
            package spindle:greedy;
            world greedy {
              import fermyon:spin/key-value@2.0.0;
              import fermyon:spin/sqlite@2.0.0;
              export spindle:notify/provider@1.0.0;
            }
        ",
        path: ["../../../../../wit/notify", "../../../../host/wit/deps/spin@2.0.0"],
        generate_all,
    });
}

use bindings::exports::spindle::notify::provider::{Error, Guest, Message};
use bindings::fermyon::spin::key_value::Store;
use bindings::fermyon::spin::sqlite::Connection;

/// What services call theirs.
const LABELS: [&str; 9] =
    ["auth", "cache", "catalog", "default", "edge", "notifications", "orders", "payments", "users"];

struct Greedy;

impl Guest for Greedy {
    fn send(_message: Message) -> Result<String, Error> {
        let databases = LABELS.iter().filter(|label| Connection::open(label).is_ok());
        let stores = LABELS.iter().filter(|label| Store::open(label).is_ok());
        let opened: Vec<&str> = databases.chain(stores).copied().collect();
        println!("greedy opened [{}]", opened.join(" "));
        Ok(String::new())
    }
}

bindings::export!(Greedy with_types_in bindings);
