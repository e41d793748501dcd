//! The list of orders that a client requests: filters and order. Pure.

use crate::order::{self, NUMBER, Order, Status};
use deserr::Deserr;
use schemars::JsonSchema;
use serde::Serialize;
use spindle_contracts::input::BrokenRule;
use spindle_contracts::{InputErrors, OrderId, Timestamp, UserId};

/// The filters and the order of a list. Each filter narrows the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct OrderQuery {
    /// Only the order with this number, such as `7KQ2-9M4T`.
    #[deserr(default)]
    pub(crate) number: Option<Number>,
    /// Only orders with this status.
    #[deserr(default)]
    pub(crate) status: Option<Status>,
    /// Only orders of this customer. Without it, a customer gets their own, and an operator those of all customers.
    #[deserr(default)]
    pub(crate) user_id: Option<UserId>,
    /// Only orders that were placed after this time (RFC 3339), and not at it.
    #[deserr(default)]
    pub(crate) created_after: Option<Timestamp>,
    /// Only orders that were placed before this time (RFC 3339), and not at it.
    #[deserr(default)]
    pub(crate) created_before: Option<Timestamp>,
    /// The order of the list.
    #[deserr(default)]
    #[schemars(default)]
    pub(crate) sort: Sort,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserr, JsonSchema)]
#[schemars(inline)]
#[deserr(error = InputErrors)]
pub(crate) enum Sort {
    /// The latest first.
    #[default]
    #[serde(rename = "-created_at")]
    #[deserr(rename = "-created_at")]
    Latest,
    /// The oldest first.
    #[serde(rename = "created_at")]
    #[deserr(rename = "created_at")]
    Oldest,
}

/// An order number as it is printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserr, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
#[deserr(error = InputErrors, try_from(String) = Number::new -> BrokenRule)]
pub(crate) struct Number(#[schemars(regex(pattern = NUMBER))] String);

/// The place of an order in every list: its time of creation, and its id among those of the same millisecond.
pub(crate) type Position = (Timestamp, OrderId);

impl Order {
    /// Returns the place of the order in a list.
    pub(crate) fn position(&self) -> Position {
        (self.created_at, self.id)
    }
}

impl Number {
    fn new(text: String) -> Result<Self, BrokenRule> {
        if order::is_number(&text) {
            Ok(Self(text))
        } else {
            Err(BrokenRule::new("must be an order number such as 7KQ2-9M4T"))
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::OrderQuery;
    use serde_json::json;
    use spindle_platform::testing::assert_schema_and_type_agree;

    #[test]
    fn the_schema_of_the_parameters_says_what_is_read() {
        let all = json!({
            "number": "7KQ2-9M4T",
            "status": "paid",
            "user_id": "018bcfe5-6800-7000-8000-00000000000a",
            "created_after": "2026-11-22T09:30:00Z",
            "created_before": "2026-11-22T10:30:00.000+01:00",
            "sort": "created_at",
        });
        assert_schema_and_type_agree::<OrderQuery>(&[json!({}), all], &[]);
    }
}
