//! What is taken off an order's price and what comes on top, as a price adjuster says: whether it can be, and what the order costs then.
//! Pure.

pub(crate) use spindle_contracts::provider::pricing::{Adjustment, Kind};

use spindle_contracts::{Money, MoneyError};

/// The most adjustments that an order may have.
const MAX: usize = 50;

/// The longest label, in characters.
const MAX_LABEL: usize = 120;

/// What is wrong with an adjuster's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unusable {
    #[error("more than 50 adjustments")]
    TooMany,
    #[error("a label that does not have 1 to 120 characters")]
    Label,
    #[error("a discount that takes nothing off, or a tax that does not come on top")]
    Sign,
    #[error("less than nothing to pay")]
    BelowZero,
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What an order costs whose lines cost `lines`, with `adjustments`.
pub(crate) fn total(lines: Money, adjustments: &[Adjustment]) -> Result<Money, Unusable> {
    if adjustments.len() > MAX {
        return Err(Unusable::TooMany);
    }
    let mut total = lines;
    for Adjustment { kind, label, amount } in adjustments {
        if !(1..=MAX_LABEL).contains(&label.chars().count()) {
            return Err(Unusable::Label);
        }
        let fits = match kind {
            Kind::Discount => *amount < 0,
            Kind::Tax => *amount > 0,
        };
        if !fits {
            return Err(Unusable::Sign);
        }
        total = total.checked_add(Money::new(*amount, lines.currency))?;
    }
    if total.amount < 0 { Err(Unusable::BelowZero) } else { Ok(total) }
}

#[cfg(test)]
mod tests {
    use super::{Adjustment, Kind, Unusable, total};
    use spindle_contracts::{Money, MoneyError};

    fn discount(amount: i64) -> Adjustment {
        Adjustment { kind: Kind::Discount, label: "off".to_owned(), amount }
    }

    fn tax(amount: i64) -> Adjustment {
        Adjustment { kind: Kind::Tax, label: "VAT".to_owned(), amount }
    }

    fn of(adjustments: &[Adjustment]) -> Result<i64, Unusable> {
        total(Money::new(1000, "EUR".parse().unwrap()), adjustments).map(|total| total.amount)
    }

    #[test]
    fn an_order_costs_its_lines_and_its_adjustments() {
        assert_eq!(of(&[]), Ok(1000));
        assert_eq!(of(&[discount(-100), tax(171)]), Ok(1071));
        assert_eq!(of(&[discount(-1000)]), Ok(0));
        // Only all of them together have to leave something.
        assert_eq!(of(&[discount(-1001), tax(1)]), Ok(0));
        assert_eq!(of(&vec![tax(1); 50]), Ok(1050));
    }

    #[test]
    fn what_cannot_be_is_not() {
        assert_eq!(of(&vec![tax(1); 51]), Err(Unusable::TooMany));
        for adjustment in [discount(0), discount(1), tax(0), tax(-1)] {
            assert_eq!(of(&[adjustment]), Err(Unusable::Sign));
        }
        for label in [String::new(), "x".repeat(121)] {
            assert_eq!(of(&[Adjustment { label, ..tax(1) }]), Err(Unusable::Label));
        }
        assert_eq!(of(&[Adjustment { label: "\u{e9}".repeat(120), ..tax(1) }]), Ok(1001));
        assert_eq!(of(&[discount(-1001)]), Err(Unusable::BelowZero));
        assert_eq!(of(&[tax(i64::MAX)]), Err(Unusable::Money(MoneyError::Overflow)));
        assert_eq!(of(&[discount(i64::MIN), discount(i64::MIN)]), Err(Unusable::Money(MoneyError::Overflow)));
    }
}
