//! The price adjuster: the discounts and taxes of an order. It is composed into the adapter `pricing`, and a call may be repeated for the same
//! order.
//!
//! An adjuster that fails or hangs must not take all instances with it: so many orders may be placed at the same time, and after a number of
//! failures in a row its circuit breaker opens. Both are checked before anything is reserved.

use crate::error::Error;
use crate::store::adjuster::PROVIDER;
use spindle_contracts::event::OrderLine;
use spindle_contracts::provider::pricing::{self, ADAPTER, ADJUST, AdjustResponse, Adjustment, Cart, Kind, Line};
use spindle_contracts::{Money, OrderId, UserId, text};
use spindle_platform::Context;
use spindle_platform::breaker::{self, Breaker, Gate, PolicyVariables};
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;
use std::time::Duration;

/// The time limit of a call: a client waits for it.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The variable with the number of orders that may be placed at the same time, each of which calls the adjuster.
const MAX_CALLS: &str = "pricing_concurrency";

/// The variables with the policy of the circuit breaker.
const BREAKER: PolicyVariables =
    PolicyVariables { failures: "provider_breaker_failures", seconds: "provider_breaker_seconds" };

/// The lease of a probe call: a call of the catalog and one of the adjuster.
const PROBE_LEASE: Duration = Duration::from_secs(15);

/// The most adjustments of an order.
const MAX: usize = 50;

/// The longest label, in characters.
const MAX_LABEL: usize = 120;

/// The right to call the price adjuster once.
pub(crate) struct Adjuster<'a> {
    context: &'a Context,
    db: &'a Connection,
    breaker: Breaker,
    is_probe: bool,
}

impl<'a> Adjuster<'a> {
    /// Returns the right to call the adjuster, if it may be called now: `gate` has the other orders that are being placed, and the circuit breaker.
    ///
    /// # Errors
    ///
    /// [`Error::AdjusterPaused`] while its circuit breaker is open, or as many orders as are allowed are being placed.
    pub(crate) async fn ready(context: &'a Context, db: &'a Connection, gate: Gate) -> Result<Self, Error> {
        let max_calls: u32 = context.config().parse(MAX_CALLS, "a whole number")?;
        if let Some(wait) = gate.wait(PROVIDER, max_calls) {
            return Err(Error::AdjusterPaused { millis: wait.until.as_millis() - gate.now.as_millis(), why: wait.why });
        }
        let is_probe = gate.is_probe();
        if is_probe && !breaker::claim_probe(db, PROVIDER, PROBE_LEASE).await? {
            return Err(Error::AdjusterPaused { millis: 1_000, why: breaker::is_open(PROVIDER) });
        }
        Ok(Self { context, db, breaker: gate.breaker, is_probe })
    }

    /// Gives the right back unused, so that another order makes the probe call.
    pub(crate) async fn release(self) {
        if self.is_probe
            && let Err(cause) = breaker::release_probe(self.db, PROVIDER).await
        {
            let fields = [("cause", cause.to_string().into())];
            self.context.log(Level::Warn, "probe call not released: its lease has to end", &fields);
        }
    }

    /// Returns the adjustments of `cart`.
    ///
    /// # Errors
    ///
    /// [`Error::NotForSale`] with a reason for the client if the adjuster refuses the order.
    async fn adjust(self, cart: &Cart) -> Result<Vec<Adjustment>, Error> {
        let response = self.context.client().call_provider(ADAPTER, ADJUST, cart, TIMEOUT).await;
        let result = match response {
            Ok(AdjustResponse::Ok(adjustments)) => Ok(adjustments.into_iter().map(printed).collect()),
            Ok(AdjustResponse::Error(pricing::Error::Refused(reason))) => Err(Error::NotForSale(text::printed(reason))),
            Ok(AdjustResponse::Error(pricing::Error::Unavailable(detail) | pricing::Error::Other(detail))) => {
                Err(Error::AdjusterFailed(detail))
            }
            Err(error) => Err(Error::AdjusterUnreachable(error)),
        };
        if matches!(result, Err(Error::AdjusterFailed(_) | Error::AdjusterUnreachable(_))) {
            let transaction = self.db.transaction().await?;
            breaker::count_failure(self.context, &transaction, PROVIDER, BREAKER).await?;
            transaction.commit().await?;
        } else {
            breaker::record_success(self.context, self.db, PROVIDER, self.breaker).await?;
        }
        result
    }
}

/// Returns the adjustments of the order `id` of `lines`, which `user_id` places and which is shipped to `country` and `postal_code`.
///
/// # Errors
///
/// [`Error::NotForSale`] with a reason for the client if the adjuster refuses the order.
pub(crate) async fn adjust(
    adjuster: Adjuster<'_>,
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
    adjuster.adjust(&cart).await
}

/// Removes from the label what is not printed: the customer reads it.
fn printed(adjustment: Adjustment) -> Adjustment {
    Adjustment { label: text::printed(adjustment.label), ..adjustment }
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
