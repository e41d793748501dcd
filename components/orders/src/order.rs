//! An order and its parts. Pure: ids, times and randomness are parameters.

use crate::error::Error;
use crate::saga::Phase;
use serde::{Deserialize, Serialize};
use spindle_contracts::event::{CancelReason, OrderLine};
use spindle_contracts::provider::pricing::Adjustment;
use spindle_contracts::{Currency, FieldError, Money, OrderId, PostalAddress, ProductId, Timestamp, UserId, text};
use uuid::Uuid;

/// The digits of an order number: Crockford's base 32, in which no two look alike.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// An order as it is stored, and as clients read it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) number: String,
    pub(crate) status: Status,
    pub(crate) items: Vec<Item>,
    /// The discounts and taxes.
    pub(crate) adjustments: Vec<Adjustment>,
    /// Minor units, as every sum here; the currency is the same for all of them.
    pub(crate) total: i64,
    pub(crate) currency: Currency,
    pub(crate) shipping_address: ShippingAddress,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    #[serde(skip)]
    pub(crate) user_id: UserId,
    /// The end of the time for the payment.
    #[serde(skip)]
    pub(crate) payment_due_at: Timestamp,
    #[serde(skip)]
    pub(crate) authorized_at: Option<Timestamp>,
    #[serde(skip)]
    pub(crate) captured_at: Option<Timestamp>,
    /// The time of the decline, void or refund, after which nothing is left of the payment.
    #[serde(skip)]
    pub(crate) returned_at: Option<Timestamp>,
    #[serde(skip)]
    pub(crate) stock_released_at: Option<Timestamp>,
    #[serde(skip)]
    pub(crate) cancel_reason: Option<CancelReason>,
    /// The request for a refund that cancelled the order.
    #[serde(skip)]
    pub(crate) refund_id: Option<Uuid>,
    /// Raised by every change; the ETag shows it.
    #[serde(skip)]
    pub(crate) version: u64,
}

/// The status of an order, as its customer sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    PendingPayment,
    Paid,
    Fulfilled,
    Cancelled,
}

/// A line of an order, with name and price as they were when it was placed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) product_id: ProductId,
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) unit_price: i64,
    pub(crate) quantity: u32,
    pub(crate) line_total: i64,
}

/// The recipient of an order, and the address. Flat, so that an error in a request points at the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ShippingAddress {
    pub(crate) name: String,
    pub(crate) lines: Vec<String>,
    #[serde(default)]
    pub(crate) city: String,
    #[serde(default)]
    pub(crate) postal_code: String,
    pub(crate) country: String,
}

/// Returns the items of an order of `lines`, and their sum.
///
/// # Errors
///
/// [`Error::NoLines`] without lines; [`Error::Money`] if their currencies differ or the sum overflows.
pub(crate) fn items_of(lines: &[OrderLine]) -> Result<(Vec<Item>, Money), Error> {
    let mut sum = Money::new(0, lines.first().ok_or(Error::NoLines)?.unit_price.currency);
    let mut items = Vec::with_capacity(lines.len());
    for line in lines {
        let line_total = line.unit_price.checked_mul(line.quantity)?;
        sum = sum.checked_add(line_total)?;
        items.push(Item {
            product_id: line.product_id,
            sku: line.sku.clone(),
            name: line.name.clone(),
            unit_price: line.unit_price.amount,
            quantity: line.quantity,
            line_total: line_total.amount,
        });
    }
    Ok((items, sum))
}

impl Order {
    /// Returns the total with its currency.
    pub(crate) fn total(&self) -> Money {
        Money::new(self.total, self.currency)
    }

    /// Returns the phase of the saga, which follows from the status and the dates.
    pub(crate) fn phase(&self) -> Phase {
        match self.status {
            Status::PendingPayment if self.authorized_at.is_some() => Phase::AwaitingStock,
            Status::PendingPayment => Phase::AwaitingPayment,
            Status::Paid if self.captured_at.is_some() => Phase::ReadyToFulfil,
            Status::Paid => Phase::AwaitingCapture,
            Status::Fulfilled => Phase::Fulfilled,
            Status::Cancelled if self.stock_released_at.is_some() => Phase::Cancelled,
            Status::Cancelled => Phase::Cancelling,
        }
    }
}

impl ShippingAddress {
    /// Adds an error to `errors` for each rule that the address breaks. `pointer` is its place in the request.
    pub(crate) fn check(&self, pointer: &str, errors: &mut Vec<FieldError>) {
        let Self { name, lines, city, postal_code, country } = self.clone();
        if let Err(requirement) = text::name(&name) {
            errors.push(FieldError::new(format!("{pointer}/name"), requirement));
        }
        PostalAddress { lines, city, postal_code, country }.check(pointer, errors);
    }
}

impl Status {
    pub(crate) const ALL: [Self; 4] = [Self::PendingPayment, Self::Paid, Self::Fulfilled, Self::Cancelled];

    /// Returns the name that the database stores and the API uses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::PendingPayment => "pending_payment",
            Self::Paid => "paid",
            Self::Fulfilled => "fulfilled",
            Self::Cancelled => "cancelled",
        }
    }

    /// Returns the status with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// Returns an order number such as `7KQ2-9M4T`: short enough to read out, and without a hint at the number of orders.
pub(crate) fn number(random: [u8; 5]) -> String {
    let bits = random.into_iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(byte));
    let digit = |place: u32| char::from(DIGITS[usize::try_from(bits >> (5 * place) & 31).expect("five bits")]);
    let (first, last): (String, String) = ((4..8).rev().map(digit).collect(), (0..4).rev().map(digit).collect());
    format!("{first}-{last}")
}

#[cfg(test)]
mod tests {
    use super::{DIGITS, number};

    #[test]
    fn a_number_has_eight_digits_none_of_which_looks_like_another() {
        assert_eq!(number([0; 5]), "0000-0000");
        assert_eq!(number([255; 5]), "ZZZZ-ZZZZ");
        assert_eq!(number([0, 0, 0, 0, 33]), "0000-0011");
        assert_eq!(number([0x00, 0x44, 0x32, 0x14, 0xc7]), "0123-4567");
        assert!(DIGITS.is_sorted() && !b"ILOU".iter().any(|letter| DIGITS.contains(letter)));
    }
}
