//! The limits on what one customer can hold without paying: the number of unpaid orders, and the pieces that they hold. Pure but for the
//! variables.

use crate::error::Error;
use serde::Deserialize;
use spindle_platform::Context;

/// The variable with the most unpaid orders of a customer.
const MAX_ORDERS: &str = "customer_max_unpaid_orders";

/// The variable with the most pieces that a customer's unpaid orders hold together.
const MAX_PIECES: &str = "customer_max_unpaid_pieces";

/// The limits of every customer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) orders: i64,
    pub(crate) pieces: i64,
}

/// The orders of a customer that are placed or requested and not paid, and the pieces that the placed ones hold.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct Unpaid {
    pub(crate) orders: i64,
    pub(crate) pieces: i64,
}

impl Limits {
    /// Reads the limits from the variables.
    pub(crate) fn load(context: &Context) -> Result<Self, Error> {
        let parse = |name| context.config().parse::<u32>(name, "a whole number");
        Ok(Self { orders: parse(MAX_ORDERS)?.into(), pieces: parse(MAX_PIECES)?.into() })
    }

    /// Checks whether a customer with `unpaid` may place one more order, of `pieces`.
    ///
    /// # Errors
    ///
    /// [`Error::TooMuchUnpaid`] if a limit would be exceeded.
    pub(crate) fn check(self, unpaid: Unpaid, pieces: i64) -> Result<(), Error> {
        if unpaid.orders < self.orders && unpaid.pieces.saturating_add(pieces) <= self.pieces {
            return Ok(());
        }
        Err(Error::TooMuchUnpaid { unpaid, limits: self })
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, Unpaid};

    #[test]
    fn an_order_may_reach_the_limits_and_not_exceed_them() {
        let limits = Limits { orders: 3, pieces: 10 };
        let check = |orders, pieces, more| limits.check(Unpaid { orders, pieces }, more).is_ok();
        assert!(check(0, 0, 10) && check(2, 9, 1));
        assert!(!check(3, 0, 1) && !check(0, 0, 11) && !check(2, 10, 1) && !check(0, i64::MAX, 1));
    }
}
