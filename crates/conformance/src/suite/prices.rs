//! Checks of the adjustments of every cart so far.

use super::Suite;
use crate::check::Check;
use crate::provider_response::{Adjustment, ResponseClass};
use crate::report::Verdict;
use crate::request::Cart;

/// The longest allowed label, in characters.
const LABEL: usize = 120;

/// The largest allowed number of adjustments.
const ADJUSTMENTS: usize = 50;

/// Returns the price of a cart before the adjustments.
pub(super) fn price(cart: &Cart) -> i128 {
    cart.lines.iter().map(|line| i128::from(line.quantity) * i128::from(line.unit_price)).sum()
}

impl Suite<'_> {
    pub(super) fn prices(&self, check: Check) -> Verdict {
        let answered = self.calls.iter().filter(|checked| {
            checked.call.response.as_ref().is_ok_and(|response| response.class == ResponseClass::Success)
        });
        let seen = format!("in {} carts", answered.count());
        self.no_call(seen, |checked| {
            let response = checked.call.response.as_ref().ok()?;
            broken(check, &response.adjustments, checked.price.unwrap_or_default())
        })
    }
}

/// Returns the violation of `check` by the adjustments of a cart that costs `price`.
fn broken(check: Check, adjustments: &[Adjustment], price: i128) -> Option<String> {
    match check {
        Check::Signs => {
            let has_wrong_sign = |one: &&Adjustment| if one.is_discount { one.amount >= 0 } else { one.amount <= 0 };
            let wrong = adjustments.iter().find(has_wrong_sign)?;
            Some(format!(
                "{:?} is a {} of {}",
                wrong.label,
                if wrong.is_discount { "discount" } else { "tax" },
                wrong.amount
            ))
        }
        Check::Labels => {
            let wrong = adjustments.iter().find(|one| !(1..=LABEL).contains(&one.label.chars().count()))?;
            Some(format!("a label has {} characters", wrong.label.chars().count()))
        }
        Check::Count if adjustments.len() > ADJUSTMENTS => Some(format!("{} adjustments", adjustments.len())),
        Check::Total => {
            let total = price + adjustments.iter().map(|one| i128::from(one.amount)).sum::<i128>();
            // A cart that costs less than nothing is not the adjuster's fault.
            (price >= 0 && total < 0).then(|| format!("a cart of {price} would cost {total}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adjustment(is_discount: bool, label: &str, amount: i64) -> Adjustment {
        Adjustment { is_discount, label: label.to_owned(), amount }
    }

    #[test]
    fn limits_are_inclusive() {
        let (discount, tax) = (|amount| adjustment(true, "a", amount), |amount| adjustment(false, "a", amount));
        let label = |length| adjustment(false, &"ä".repeat(length), 1);
        for (check, good, bad) in [
            (Check::Signs, vec![discount(-1), tax(1)], vec![discount(0)]),
            (Check::Signs, vec![], vec![tax(0)]),
            (Check::Labels, vec![label(1), label(120)], vec![label(121)]),
            (Check::Labels, vec![], vec![label(0)]),
            (Check::Count, vec![tax(1); 50], vec![tax(1); 51]),
            (Check::Total, vec![discount(-102), tax(2)], vec![discount(-103), tax(2)]),
        ] {
            assert_eq!(broken(check, &good, 100), None, "{check:?}");
            assert!(broken(check, &bad, 100).is_some(), "{check:?}");
        }
        assert_eq!(broken(Check::Total, &[], -5), None);
    }
}
