//! An order and the machine agree on where it is.

use super::Happened;
use crate::error::Error;
use crate::order::{Order, ShippingAddress, Terms};
use crate::saga::{Happening, Phase, Step, step};
use proptest::prelude::*;
use spindle_contracts::event::OrderLine;
use spindle_contracts::{Money, OrderId, PostalAddress, ProductId, Timestamp, UserId};
use uuid::Uuid;

const HAPPENINGS: [Happening; 11] = [
    Happening::PaymentAuthorized,
    Happening::PaymentDeclined,
    Happening::PaymentCaptured,
    Happening::PaymentVoided,
    Happening::PaymentRefunded,
    Happening::PaymentOverdue,
    Happening::StockCommitted,
    Happening::StockGone,
    Happening::StockReleased,
    Happening::CancelRequested,
    Happening::FulfilRequested,
];

fn order() -> Order {
    let line = OrderLine {
        product_id: ProductId(Uuid::from_u128(1)),
        sku: "A".to_owned(),
        name: "Lamp".to_owned(),
        quantity: 2,
        unit_price: Money::new(1299, "EUR".parse().unwrap()),
    };
    let postal = PostalAddress {
        lines: vec!["1 Main St".to_owned()],
        city: "Berlin".to_owned(),
        postal_code: "10115".to_owned(),
        country: "DE".to_owned(),
    };
    let terms = Terms {
        id: OrderId(Uuid::from_u128(2)),
        number: "7KQ2-9M4T".to_owned(),
        user_id: UserId(Uuid::from_u128(3)),
        now: Timestamp::from_millis(0),
        payment_due_at: Timestamp::from_millis(900_000),
    };
    Order::place(terms, &[line], Vec::new(), ShippingAddress { name: "Ada".to_owned(), postal }).unwrap()
}

fn happened(what: Happening) -> Happened<'static> {
    Happened { what, reason: None }
}

#[test]
fn a_new_order_adds_up() {
    let order = order();
    assert_eq!((order.total, order.items[0].line_total, order.phase()), (2598, 2598, Phase::AwaitingPayment));
}

#[test]
fn what_cannot_be_added_up_is_no_order() {
    let Order { items, .. } = order();
    let line = |quantity, amount, currency: &str| OrderLine {
        product_id: items[0].product_id,
        sku: "A".to_owned(),
        name: "Lamp".to_owned(),
        quantity,
        unit_price: Money::new(amount, currency.parse().unwrap()),
    };
    let place = |lines: &[OrderLine]| {
        let Order { id, number, user_id, created_at, marks, shipping_address, .. } = order();
        let terms = Terms { id, number, user_id, now: created_at, payment_due_at: marks.payment_due_at };
        Order::place(terms, lines, Vec::new(), shipping_address)
    };
    assert!(matches!(place(&[]), Err(Error::NoLines)));
    assert!(matches!(place(&[line(2, i64::MAX, "EUR")]), Err(Error::Money(_))));
    assert!(matches!(place(&[line(1, i64::MAX, "EUR"), line(1, 1, "EUR")]), Err(Error::Money(_))));
    assert!(matches!(place(&[line(1, 1, "EUR"), line(1, 1, "USD")]), Err(Error::Money(_))));
}

proptest! {
    /// Whatever happens, in whatever order: the order is where the machine says, keeps what it once was told, and writes an entry for each
    /// step and for nothing else.
    #[test]
    fn an_order_is_always_where_the_machine_says(history in prop::collection::vec(0..HAPPENINGS.len(), 0..20)) {
        let mut order = order();
        for (index, what) in history.into_iter().map(|index| HAPPENINGS[index]).enumerate() {
            let (before, now) = (order.phase(), Timestamp::from_millis(i64::try_from(index).unwrap()));
            let marks = order.marks.clone();
            match (step(before, what), order.after(happened(what), now)) {
                (Step::To(next, actions), Ok(Some(change))) => {
                    prop_assert_eq!(change.order.phase(), next);
                    prop_assert_eq!(change.actions, actions);
                    prop_assert!(!change.entries.is_empty());
                    order = change.order;
                }
                (Step::Stay, Ok(None)) => {}
                (Step::Stay, Ok(Some(change))) => {
                    prop_assert_eq!(change.order.phase(), before);
                    prop_assert!(change.actions.is_empty() && change.entries.len() == 1);
                    order = change.order;
                }
                (Step::Refuse(detail), Err(Error::Refused(told))) => prop_assert_eq!(detail, told),
                (expected, got) => prop_assert!(false, "{:?} in {:?}: {:?}, {:?}", what, before, expected, got),
            }
            prop_assert!(marks.authorized_at.is_none_or(|at| order.marks.authorized_at == Some(at)));
            prop_assert!(marks.captured_at.is_none_or(|at| order.marks.captured_at == Some(at)));
            prop_assert!(marks.cancel_reason.is_none_or(|reason| order.marks.cancel_reason == Some(reason)));
            prop_assert!(order.after(happened(what), now).is_ok_and(|change| change.is_none())
                || matches!(step(order.phase(), what), Step::Refuse(_)), "{:?} twice", what);
        }
    }
}
