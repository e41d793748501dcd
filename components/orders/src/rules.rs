//! The rules that an order to be placed obeys, and what a client is told when one is broken.

use crate::order::Wish;
use spindle_contracts::FieldError;
use spindle_contracts::address::{NOT_TEXT, is_text};
use std::collections::BTreeSet;

/// The most items that an order may have: as many as the catalog holds at once.
const MAX_ITEMS: usize = 100;
/// The most of one product: a hundred items of the dearest still add up.
const MAX_QUANTITY: u32 = 10_000;
/// The longest payment token, in bytes.
const MAX_TOKEN: usize = 255;

/// An error for each rule that `wish` breaks.
pub(crate) fn check(wish: &Wish) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut rule = |holds: bool, pointer: String, detail: &str| {
        if !holds {
            errors.push(FieldError::new(pointer, detail));
        }
    };
    rule((1..=MAX_ITEMS).contains(&wish.items.len()), "/items".to_owned(), "must have 1 to 100 items");
    let mut products = BTreeSet::new();
    for (index, item) in wish.items.iter().take(MAX_ITEMS).enumerate() {
        let is_first = products.insert(item.product_id);
        rule(is_first, format!("/items/{index}/product_id"), "is in an earlier item");
        let fits = (1..=MAX_QUANTITY).contains(&item.quantity);
        rule(fits, format!("/items/{index}/quantity"), "must be from 1 to 10000");
    }
    rule(is_text(&wish.shipping_address.name), "/shipping_address/name".to_owned(), NOT_TEXT);
    wish.shipping_address.postal.check("/shipping_address", &mut errors);
    if !is_token(&wish.payment_token) {
        errors.push(FieldError::new("/payment_method/token", "must have 1 to 255 visible ASCII characters"));
    }
    errors
}

fn is_token(text: &str) -> bool {
    (1..=MAX_TOKEN).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::is_token;

    #[test]
    fn a_payment_token_is_visible_ascii() {
        let (longest, too_long) = ("t".repeat(255), "t".repeat(256));
        for text in ["pm_ok", "!", &longest] {
            assert!(is_token(text), "{text:?} should be taken");
        }
        for text in ["", "pm ok", "pm_ök", "pm\n", &too_long] {
            assert!(!is_token(text), "{text:?} should be refused");
        }
    }
}
