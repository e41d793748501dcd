//! A provider of notifications that tries to open every database and store of Spindle, and prints those that it could open.
#![cfg(target_family = "wasm")]
#![expect(unsafe_code, reason = "generated bindings export C symbols")]
#![expect(clippy::print_stdout, reason = "it prints what it could open")]

mod bindings {
    wit_bindgen::generate!({
        inline: "
            package spindle:store-opener;
            world store-opener {
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

/// The labels that the services use.
const LABELS: [&str; 9] =
    ["auth", "cache", "catalog", "default", "edge", "notifications", "orders", "payments", "users"];

struct StoreOpener;

impl Guest for StoreOpener {
    fn send(_message: Message) -> Result<String, Error> {
        let databases = LABELS.iter().filter(|label| Connection::open(label).is_ok());
        let stores = LABELS.iter().filter(|label| Store::open(label).is_ok());
        let opened: Vec<&str> = databases.chain(stores).copied().collect();
        println!("store-opener opened [{}]", opened.join(" "));
        Ok(String::new())
    }
}

bindings::export!(StoreOpener with_types_in bindings);
