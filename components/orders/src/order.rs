//! An order and its parts. Pure: ids, times and randomness are parameters.

use crate::error::Error;
use crate::saga::Phase;
use deserr::Deserr;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spindle_contracts::event::{CancelReason, DeclineCode, OrderAdjustment, OrderLine};
use spindle_contracts::{FieldError, InputErrors, Money, OrderId, PostalAddress, ProductId, Timestamp, UserId, text};
use uuid::Uuid;

/// The digits of an order number: Crockford's base 32, in which no two look alike.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The form of an order number.
pub(crate) const NUMBER: &str = "^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$";

/// An order. Names and prices are those of the moment at which it was placed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Order {
    /// The id.
    pub(crate) id: OrderId,
    /// The number for people, such as `7KQ2-9M4T`.
    #[schemars(regex(pattern = NUMBER))]
    pub(crate) number: String,
    /// The id of the customer.
    pub(crate) user_id: UserId,
    /// The status.
    pub(crate) status: Status,
    /// The items, in the order of the request.
    pub(crate) items: Vec<Item>,
    /// The discounts and taxes.
    pub(crate) adjustments: Vec<OrderAdjustment>,
    /// The sum of the items and the adjustments. All sums of an order have the same currency.
    pub(crate) total: Money,
    /// The recipient and the address.
    pub(crate) shipping_address: ShippingAddress,
    /// The reason for which the order was cancelled; `null` unless it is.
    pub(crate) cancel_reason: Option<CancelReason>,
    /// Why the payment was declined, the same as on the payment; `null` unless it was.
    pub(crate) decline: Option<Decline>,
    /// The time at which the order was placed.
    pub(crate) created_at: Timestamp,
    /// The time of the last change.
    pub(crate) updated_at: Timestamp,
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
    /// The request for a refund that cancelled the order.
    #[serde(skip)]
    pub(crate) refund_id: Option<Uuid>,
    /// Raised by every change; the ETag shows it.
    #[serde(skip)]
    pub(crate) version: u64,
}

/// The status of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "OrderStatus")]
#[deserr(error = InputErrors)]
pub(crate) enum Status {
    /// The stock is reserved, and the payment is not authorised yet.
    #[deserr(rename = "pending_payment")]
    PendingPayment,
    /// The payment is authorised, and the stock is sold. It can be shipped once the payment is captured.
    #[deserr(rename = "paid")]
    Paid,
    /// It was shipped.
    #[deserr(rename = "fulfilled")]
    Fulfilled,
    /// It was cancelled: its stock is released, and its payment voided or refunded.
    #[deserr(rename = "cancelled")]
    Cancelled,
}

/// Why a payment was declined.
// The same schema as that of a payment, so that the bundle has it once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Decline {
    /// Who declined.
    pub(crate) code: DeclineCode,
    /// The reason as the provider states it, for the payer to read. Null once the user is erased.
    pub(crate) detail: Option<String>,
}

/// A product of an order, with name and price as they were when it was placed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "OrderItem")]
pub(crate) struct Item {
    /// The product.
    pub(crate) product_id: ProductId,
    /// Its stock-keeping unit.
    pub(crate) sku: String,
    /// Its name.
    pub(crate) name: String,
    /// The price of one piece.
    pub(crate) unit_price: Money,
    /// The number of pieces.
    #[schemars(range(min = 1, max = 10_000))]
    pub(crate) quantity: u32,
    /// The unit price times the quantity.
    pub(crate) line_total: Money,
}

/// The recipient of an order and the address. If the customer was erased, and the order need not be kept, all but the country is empty.
// Flat, as an address of a user is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ShippingAddress {
    /// The recipient.
    pub(crate) name: String,
    /// Street, house and so on.
    pub(crate) lines: Vec<String>,
    /// The town, or the area of a country whose addresses have that instead; empty if there is none.
    #[serde(default)]
    pub(crate) city: String,
    /// The postal code; empty if there is none.
    #[serde(default)]
    pub(crate) postal_code: String,
    /// The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo).
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
            unit_price: line.unit_price,
            quantity: line.quantity,
            line_total,
        });
    }
    Ok((items, sum))
}

impl Order {
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

/// Returns whether `text` has the form of an order number.
pub(crate) fn is_number(text: &str) -> bool {
    let fits = |(place, byte): (usize, u8)| if place == 4 { byte == b'-' } else { DIGITS.contains(&byte) };
    text.len() == 9 && text.bytes().enumerate().all(fits)
}

#[cfg(test)]
mod tests {
    use super::{DIGITS, is_number, number};

    #[test]
    fn a_number_has_eight_digits_none_of_which_looks_like_another() {
        assert_eq!(number([0; 5]), "0000-0000");
        assert_eq!(number([255; 5]), "ZZZZ-ZZZZ");
        assert_eq!(number([0, 0, 0, 0, 33]), "0000-0011");
        assert_eq!(number([0x00, 0x44, 0x32, 0x14, 0xc7]), "0123-4567");
        assert!(["0000-0000", "ZZZZ-ZZZZ", "0123-4567"].into_iter().all(is_number));
        for other in ["", "0000-000", "0000-00000", "000000000", "0000-00O0", "zzzz-zzzz", "0000-000é"] {
            assert!(!is_number(other), "{other}");
        }
        assert!(DIGITS.is_sorted() && !b"ILOU".iter().any(|letter| DIGITS.contains(letter)));
    }
}
