//! A price adjuster: `adjust` returns the discounts and taxes of a cart. This version takes ten percent off everything.

mod bindings {
    wit_bindgen::generate!({ path: "wit", world: "provider", generate_all });
}

use bindings::exports::spindle::pricing::adjuster::{Adjustment, Cart, Error, Guest, Kind};

const PERCENT: i128 = 10;

struct Adjuster;

impl Guest for Adjuster {
    fn adjust(cart: Cart) -> Result<Vec<Adjustment>, Error> {
        let sum: i128 = cart.lines.iter().map(|line| i128::from(line.unit_price) * i128::from(line.quantity)).sum();
        // The customer reads this.
        let sum = i64::try_from(sum).map_err(|_| Error::Refused("the sum of the cart is too large".to_owned()))?;
        // Amounts are minor units: cents, not euros.
        let discount = i64::try_from(i128::from(sum) * PERCENT / 100).unwrap_or_default();
        if discount <= 0 {
            return Ok(Vec::new());
        }
        let label = format!("{PERCENT} % off");
        Ok(vec![Adjustment { kind: Kind::Discount, label, amount: -discount }])
    }
}

bindings::export!(Adjuster with_types_in bindings);
