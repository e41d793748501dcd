//! A price adjuster for the black-box tests: 10 % off, then 19 % VAT on the rest; it refuses the country IS, traps for BR, and returns a discount
//! larger than the order's price for IN.
#![cfg(target_family = "wasm")]

mod bindings {
    wit_bindgen::generate!({ path: "../../../../../wit/pricing", world: "price-adjuster" });
}

use bindings::exports::spindle::pricing::adjuster::{Adjustment, Cart, Error, Guest, Kind};

struct Adjuster;

impl Guest for Adjuster {
    fn adjust(cart: Cart) -> Result<Vec<Adjustment>, Error> {
        let lines: i64 = cart.lines.iter().map(|line| line.unit_price * i64::from(line.quantity)).sum();
        let discount = match cart.country.as_str() {
            "IS" => return Err(Error::Refused("We do not sell there.".to_owned())),
            "BR" => panic!("it breaks"),
            "IN" => lines + 1,
            _ => lines / 10,
        };
        let tax = (lines - discount) * 19 / 100;
        Ok(vec![
            Adjustment { kind: Kind::Discount, label: "10 % off".to_owned(), amount: -discount },
            Adjustment { kind: Kind::Tax, label: "VAT 19 %".to_owned(), amount: tax },
        ])
    }
}

bindings::export!(Adjuster with_types_in bindings);
