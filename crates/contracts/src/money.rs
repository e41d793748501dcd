//! Amounts of money: whole minor units and their currency. Never a float, and never a sum across currencies.

use crate::{Currency, InputErrors};
use deserr::Deserr;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An amount of one currency: 12.99 EUR are 1299.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Deserr, JsonSchema)]
#[serde(deny_unknown_fields)]
#[deserr(error = InputErrors, deny_unknown_fields)]
pub struct Money {
    /// The amount in minor units of the currency, which are hundredths for most and whole yen for one.
    pub amount: i64,
    /// The code of the currency (ISO 4217).
    pub currency: Currency,
}

/// The reason for which amounts cannot be added or multiplied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The two amounts are in different currencies.
    #[error("{0} and {1} do not add up")]
    CurrenciesDiffer(Currency, Currency),
    /// The result is out of range.
    #[error("the sum is too large")]
    Overflow,
}

impl Money {
    /// Makes an amount of `amount` minor units of `currency`.
    pub fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Adds `other`.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrenciesDiffer(self.currency, other.currency));
        }
        let amount = self.amount.checked_add(other.amount).ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, ..self })
    }

    /// Multiplies the amount by `quantity`.
    pub fn checked_mul(self, quantity: u32) -> Result<Self, MoneyError> {
        let amount = self.amount.checked_mul(quantity.into()).ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::{Money, MoneyError};

    fn money(amount: i64, currency: &str) -> Money {
        Money::new(amount, currency.parse().unwrap())
    }

    #[test]
    fn its_json_has_the_amount_and_the_currency() {
        let json = r#"{"amount":1299,"currency":"EUR"}"#;
        assert_eq!(serde_json::to_string(&money(1299, "EUR")).unwrap(), json);
        assert_eq!(serde_json::from_str::<Money>(json).unwrap(), money(1299, "EUR"));
        for other in [
            r#"{"amount":12.99,"currency":"EUR"}"#,
            r#"{"amount":1,"currency":"eur"}"#,
            r#"{"amount":1,"currency":"EUR","x":1}"#,
        ] {
            assert!(serde_json::from_str::<Money>(other).is_err(), "{other}");
        }
    }

    #[test]
    fn only_amounts_of_one_currency_are_added() {
        assert_eq!(money(1, "EUR").checked_add(money(2, "EUR")), Ok(money(3, "EUR")));
        let (euro, dollar) = (money(1, "EUR"), money(1, "USD"));
        assert_eq!(euro.checked_add(dollar), Err(MoneyError::CurrenciesDiffer(euro.currency, dollar.currency)));
    }

    #[test]
    fn an_overflow_is_an_error() {
        assert_eq!(money(250, "EUR").checked_mul(4), Ok(money(1000, "EUR")));
        assert_eq!(money(i64::MAX, "EUR").checked_mul(2), Err(MoneyError::Overflow));
        assert_eq!(money(i64::MAX, "EUR").checked_add(money(1, "EUR")), Err(MoneyError::Overflow));
    }
}
