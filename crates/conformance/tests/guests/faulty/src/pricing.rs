//! Prices: a tax of a fifth, once the service has accepted the cart.

use crate::Faulty;
use crate::bindings::exports::spindle::pricing::adjuster::{Adjustment, Cart, Error, Guest, Kind};
use crate::service_call::{self, Request};
use crate::setting;

impl Guest for Faulty {
    fn adjust(cart: Cart) -> Result<Vec<Adjustment>, Error> {
        let price: i128 = cart.lines.iter().map(|line| i128::from(line.quantity) * i128::from(line.unit_price)).sum();
        let mut texts = vec![("country", cart.country.as_str()), ("postal-code", cart.postal_code.as_str())];
        texts.extend(cart.lines.iter().map(|line| ("sku", line.sku.as_str())));
        let request = Request {
            key: &cart.order_id,
            attempt: 1,
            texts,
            currency: Some(&cart.currency),
            amount: Some(i64::try_from(price).unwrap_or(i64::MAX)),
            secret: None,
        };
        service_call::call_service(&request).map_err(|error| match error {
            service_call::Error::Permanent(why) => Error::Refused(why),
            service_call::Error::Retryable(why) => Error::Unavailable(why),
        })?;
        let one = |kind, label: &str, amount| Adjustment { kind, label: label.to_owned(), amount };
        let tax = i64::try_from(price / 5).unwrap_or(i64::MAX);
        Ok(match crate::mode().as_str() {
            "random-references" => vec![one(Kind::Tax, &format!("Tax {}", wasi::random::random::get_random_u64()), 1)],
            "key-in-label" => vec![one(Kind::Tax, &setting("key"), 1)],
            "positive-discount" => vec![one(Kind::Discount, "Discount", 1)],
            "empty-label" => vec![one(Kind::Tax, "", 1)],
            "too-many-adjustments" => vec![one(Kind::Tax, "Tax", 1); 51],
            "negative-total" => vec![one(Kind::Discount, "Discount", i64::MIN)],
            _ if tax > 0 => vec![one(Kind::Tax, "Tax", tax)],
            _ => Vec::new(),
        })
    }
}
