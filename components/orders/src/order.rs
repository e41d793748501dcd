//! An order: its parts, and how one comes to be. Pure: ids, times and randomness come from the caller.

use crate::adjustment::{self, Adjustment};
use crate::error::Error;
use crate::rules;
use crate::saga::Phase;
use serde::{Deserialize, Serialize};
use spindle_contracts::event::{CancelReason, OrderLine};
use spindle_contracts::{Currency, Money, OrderId, PostalAddress, ProductId, Timestamp, UserId};

/// The digits of a number: Crockford's base 32, in which no two look alike.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// An order as stored and as shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) number: String,
    pub(crate) status: Status,
    pub(crate) items: Vec<Item>,
    /// What was taken off, and what came on top.
    pub(crate) adjustments: Vec<Adjustment>,
    /// Minor units, as every sum here; the currency is the same for all of them.
    pub(crate) total: i64,
    pub(crate) currency: Currency,
    pub(crate) shipping_address: ShippingAddress,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    #[serde(skip)]
    pub(crate) user_id: UserId,
    #[serde(skip)]
    pub(crate) marks: Marks,
    /// Raised by every change; shown as the ETag.
    #[serde(skip)]
    pub(crate) version: u64,
}

/// Where an order is, as its customer sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    PendingPayment,
    Paid,
    Fulfilled,
    Cancelled,
}

/// What else is known of an order's course, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marks {
    /// Until when an answer for the payment is waited for.
    pub(crate) payment_due_at: Timestamp,
    pub(crate) authorized_at: Option<Timestamp>,
    pub(crate) captured_at: Option<Timestamp>,
    /// When nothing was left of the payment: declined, voided or refunded.
    pub(crate) returned_at: Option<Timestamp>,
    pub(crate) stock_released_at: Option<Timestamp>,
    pub(crate) cancel_reason: Option<CancelReason>,
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

/// Where an order is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShippingAddress {
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) postal: PostalAddress,
}

/// An order to be placed, as a client describes one.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    items: Vec<ItemDraft>,
    shipping_address: AddressDraft,
    payment_method: PaymentMethod,
}

/// So much of a product.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemDraft {
    pub(crate) product_id: ProductId,
    pub(crate) quantity: u32,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct AddressDraft {
    name: String,
    lines: Vec<String>,
    city: String,
    postal_code: String,
    country: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct PaymentMethod {
    token: String,
}

/// What a client asks for.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) items: Vec<ItemDraft>,
    pub(crate) shipping_address: ShippingAddress,
    /// What the payment provider knows the means of payment by.
    pub(crate) payment_token: String,
}

/// Whose order it becomes, what it is called, and by when it has to be paid.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) id: OrderId,
    pub(crate) number: String,
    pub(crate) user_id: UserId,
    pub(crate) now: Timestamp,
    pub(crate) payment_due_at: Timestamp,
}

impl Draft {
    /// The wish in it; or the rules that it breaks.
    pub(crate) fn check(self) -> Result<Wish, Error> {
        let AddressDraft { name, lines, city, postal_code, country } = self.shipping_address;
        let shipping_address = ShippingAddress { name, postal: PostalAddress { lines, city, postal_code, country } };
        let wish = Wish { items: self.items, shipping_address, payment_token: self.payment_method.token };
        let errors = rules::check(&wish);
        if errors.is_empty() { Ok(wish) } else { Err(Error::Invalid(errors)) }
    }
}

impl Order {
    /// A new order of `lines`, which are held for it, with `adjustments` of what they cost.
    pub(crate) fn place(
        terms: Terms,
        lines: &[OrderLine],
        adjustments: Vec<Adjustment>,
        shipping_address: ShippingAddress,
    ) -> Result<Self, Error> {
        let Terms { id, number, user_id, now, payment_due_at } = terms;
        let currency = lines.first().ok_or(Error::NoLines)?.unit_price.currency;
        let mut total = Money::new(0, currency);
        let mut items = Vec::with_capacity(lines.len());
        for line in lines {
            let line_total = line.unit_price.checked_mul(line.quantity)?;
            total = total.checked_add(line_total)?;
            items.push(Item {
                product_id: line.product_id,
                sku: line.sku.clone(),
                name: line.name.clone(),
                unit_price: line.unit_price.amount,
                quantity: line.quantity,
                line_total: line_total.amount,
            });
        }
        let total = adjustment::total(total, &adjustments)?;
        Ok(Self {
            id,
            number,
            status: Status::PendingPayment,
            items,
            adjustments,
            total: total.amount,
            currency,
            shipping_address,
            created_at: now,
            updated_at: now,
            user_id,
            marks: Marks::new(payment_due_at),
            version: 1,
        })
    }

    /// What it costs.
    pub(crate) fn total(&self) -> Money {
        Money::new(self.total, self.currency)
    }

    /// Where it is.
    pub(crate) fn phase(&self) -> Phase {
        let Marks { authorized_at, captured_at, stock_released_at, .. } = self.marks;
        match self.status {
            Status::PendingPayment if authorized_at.is_some() => Phase::AwaitingStock,
            Status::PendingPayment => Phase::AwaitingPayment,
            Status::Paid if captured_at.is_some() => Phase::ReadyToFulfil,
            Status::Paid => Phase::AwaitingCapture,
            Status::Fulfilled => Phase::Fulfilled,
            Status::Cancelled if stock_released_at.is_some() => Phase::Cancelled,
            Status::Cancelled => Phase::Cancelling,
        }
    }
}

impl Marks {
    fn new(payment_due_at: Timestamp) -> Self {
        Self {
            payment_due_at,
            authorized_at: None,
            captured_at: None,
            returned_at: None,
            stock_released_at: None,
            cancel_reason: None,
        }
    }
}

impl Status {
    const ALL: [Self; 4] = [Self::PendingPayment, Self::Paid, Self::Fulfilled, Self::Cancelled];

    /// The status as it is stored, and asked for.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::PendingPayment => "pending_payment",
            Self::Paid => "paid",
            Self::Fulfilled => "fulfilled",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status called `name`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// A number like `7KQ2-9M4T`: short enough to be read out, and no hint at how many orders there are.
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
