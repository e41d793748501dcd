//! A price adjuster that changes nothing: an order costs what its lines cost.
#![cfg(target_family = "wasm")]
#![expect(unsafe_code, reason = "generated bindings export C symbols")]

mod bindings {
    wit_bindgen::generate!({ path: "../../../wit/pricing", world: "price-adjuster" });
}

use bindings::exports::spindle::pricing::adjuster::{Adjustment, Cart, Error, Guest};

struct None;

impl Guest for None {
    fn adjust(_cart: Cart) -> Result<Vec<Adjustment>, Error> {
        Ok(Vec::new())
    }
}

bindings::export!(None with_types_in bindings);
