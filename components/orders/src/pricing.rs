//! The price adjuster: the discounts and taxes of an order. It is composed into the adapter `pricing`, and a call may be repeated for the same
//! order.

use crate::error::Error;
use spindle_contracts::event::OrderLine;
use spindle_contracts::provider::pricing::{self, ADAPTER, ADJUST, AdjustResponse, Adjustment, Cart, Kind, Line};
use spindle_contracts::{Money, OrderId, UserId};
use spindle_platform::Context;
use std::time::Duration;

/// The time limit of a call: a client waits for it.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The most adjustments of an order.
const MAX: usize = 50;

/// The longest label, in characters.
const MAX_LABEL: usize = 120;

/// Returns the adjustments of the order `id` of `lines`, which `user_id` places and which is shipped to `country` and `postal_code`.
///
/// # Errors
///
/// [`Error::NotForSale`] with a reason for the client if the adjuster refuses the order.
pub(crate) async fn adjust(
    context: &Context,
    id: OrderId,
    user_id: UserId,
    lines: &[OrderLine],
    country: &str,
    postal_code: &str,
) -> Result<Vec<Adjustment>, Error> {
    let line = |line: &OrderLine| Line {
        product_id: line.product_id,
        sku: line.sku.clone(),
        quantity: line.quantity,
        unit_price: line.unit_price.amount,
    };
    let cart = Cart {
        order_id: id,
        user_id,
        currency: lines.first().ok_or(Error::NoLines)?.unit_price.currency,
        lines: lines.iter().map(line).collect(),
        country: country.to_owned(),
        postal_code: postal_code.to_owned(),
    };
    let response = context.client().call_provider(ADAPTER, ADJUST, &cart, TIMEOUT).await;
    match response.map_err(Error::AdjusterUnreachable)? {
        AdjustResponse::Ok(adjustments) => Ok(adjustments),
        AdjustResponse::Error(pricing::Error::Refused(reason)) => Err(Error::NotForSale(reason)),
        AdjustResponse::Error(pricing::Error::Unavailable(detail) | pricing::Error::Other(detail)) => {
            Err(Error::AdjusterFailed(detail))
        }
    }
}

/// Returns the total of an order whose lines add up to `sum`, with `adjustments`.
///
/// # Errors
///
/// [`Error::UnusableAdjustments`] if the adjuster returned something that no order can have.
pub(crate) fn total(sum: Money, adjustments: &[Adjustment]) -> Result<Money, Error> {
    if adjustments.len() > MAX {
        return Err(Error::UnusableAdjustments("more than 50 adjustments"));
    }
    let mut total = sum;
    for Adjustment { kind, label, amount } in adjustments {
        if !(1..=MAX_LABEL).contains(&label.chars().count()) {
            return Err(Error::UnusableAdjustments("a label that does not have 1 to 120 characters"));
        }
        match kind {
            Kind::Discount if *amount >= 0 => {
                return Err(Error::UnusableAdjustments("a discount that is not below zero"));
            }
            Kind::Tax if *amount <= 0 => return Err(Error::UnusableAdjustments("a tax that is not above zero")),
            Kind::Discount | Kind::Tax => {}
        }
        let added = total.checked_add(Money::new(*amount, sum.currency));
        total = added.map_err(|_| Error::UnusableAdjustments("adjustments that overflow the total"))?;
    }
    if total.amount < 0 { Err(Error::UnusableAdjustments("a total below zero")) } else { Ok(total) }
}

#[cfg(test)]
mod tests {
    use super::{Adjustment, Kind, total};
    use spindle_contracts::Money;

    fn discount(amount: i64) -> Adjustment {
        Adjustment { kind: Kind::Discount, label: "off".to_owned(), amount }
    }

    fn tax(amount: i64) -> Adjustment {
        Adjustment { kind: Kind::Tax, label: "VAT".to_owned(), amount }
    }

    fn total_with(adjustments: &[Adjustment]) -> Result<i64, String> {
        let total = total(Money::new(1000, "EUR".parse().unwrap()), adjustments);
        total.map(|total| total.amount).map_err(|error| error.to_string())
    }

    #[test]
    fn a_total_is_the_sum_of_the_lines_and_the_adjustments() {
        assert_eq!(total_with(&[]), Ok(1000));
        assert_eq!(total_with(&[discount(-100), tax(171)]), Ok(1071));
        assert_eq!(total_with(&[discount(-1000)]), Ok(0));
        // Only the total must not be below zero.
        assert_eq!(total_with(&[discount(-1001), tax(1)]), Ok(0));
        assert_eq!(total_with(&vec![tax(1); 50]), Ok(1050));
    }

    #[test]
    fn unusable_adjustments_are_refused() {
        let refused = |adjustments: &[Adjustment], reason: &str| {
            assert_eq!(total_with(adjustments), Err(format!("the price adjuster returned {reason}")));
        };
        refused(&vec![tax(1); 51], "more than 50 adjustments");
        for adjustment in [discount(0), discount(1)] {
            refused(&[adjustment], "a discount that is not below zero");
        }
        for adjustment in [tax(0), tax(-1)] {
            refused(&[adjustment], "a tax that is not above zero");
        }
        for label in [String::new(), "x".repeat(121)] {
            refused(&[Adjustment { label, ..tax(1) }], "a label that does not have 1 to 120 characters");
        }
        assert_eq!(total_with(&[Adjustment { label: "\u{e9}".repeat(120), ..tax(1) }]), Ok(1001));
        refused(&[discount(-1001)], "a total below zero");
        refused(&[tax(i64::MAX)], "adjustments that overflow the total");
        refused(&[discount(i64::MIN), discount(i64::MIN)], "adjustments that overflow the total");
    }
}
