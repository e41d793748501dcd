//! The dependency of the composition tests: greets, and reports its rights.
#![cfg(target_family = "wasm")]

mod bindings {
    wit_bindgen::generate!({ path: ["../../../wit/deps/spin@2.0.0", "../wit"], world: "spindle:host-test/greeting", generate_all });
}

use bindings::exports::spindle::host_test::greeter::Guest;
use bindings::fermyon::spin::key_value::Store;

struct Greeter;

impl Guest for Greeter {
    fn greet(name: String) -> String {
        format!("hello, {name}")
    }

    fn environment(name: String) -> Option<String> {
        std::env::var(name).ok()
    }

    fn may_open_store() -> bool {
        Store::open("default").is_ok()
    }
}

bindings::export!(Greeter with_types_in bindings);
