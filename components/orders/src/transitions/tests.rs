//! The phase of an order agrees with the state machine.

use crate::error::Error;
use crate::order::{self, Order, ShippingAddress, Status};
use crate::saga::{OrderEvent, Phase, Step, step};
use proptest::prelude::*;
use spindle_contracts::event::OrderLine;
use spindle_contracts::{Money, OrderId, ProductId, Timestamp, UserId};
use uuid::Uuid;

const EVENTS: [OrderEvent; 12] = [
    OrderEvent::PaymentAuthorized,
    OrderEvent::PaymentDeclined,
    OrderEvent::PaymentCaptured,
    OrderEvent::PaymentVoided,
    OrderEvent::PaymentRefunded,
    OrderEvent::PaymentOverdue,
    OrderEvent::StockCommitted,
    OrderEvent::StockGone,
    OrderEvent::StockReleased,
    OrderEvent::CancelRequested,
    OrderEvent::FulfilRequested,
    OrderEvent::RefundRequested,
];

fn line(quantity: u32, amount: i64, currency: &str) -> OrderLine {
    OrderLine {
        product_id: ProductId(Uuid::from_u128(1)),
        sku: "A".to_owned(),
        name: "Lamp".to_owned(),
        quantity,
        unit_price: Money::new(amount, currency.parse().unwrap()),
    }
}

fn order() -> Order {
    let (items, total) = order::items_of(&[line(2, 1299, "EUR")]).unwrap();
    let now = Timestamp::from_millis(0);
    Order {
        id: OrderId(Uuid::from_u128(2)),
        number: "7KQ2-9M4T".to_owned(),
        status: Status::PendingPayment,
        items,
        adjustments: Vec::new(),
        total,
        shipping_address: ShippingAddress {
            name: "Ada".to_owned(),
            lines: vec!["1 Main St".to_owned()],
            city: "Berlin".to_owned(),
            postal_code: "10115".to_owned(),
            country: "DE".to_owned(),
        },
        created_at: now,
        updated_at: now,
        user_id: UserId(Uuid::from_u128(3)),
        payment_due_at: Timestamp::from_millis(900_000),
        authorized_at: None,
        captured_at: None,
        returned_at: None,
        stock_released_at: None,
        cancel_reason: None,
        decline: None,
        refund_id: None,
        version: 1,
    }
}

#[test]
fn the_lines_of_an_order_add_up() {
    let order = order();
    let total = Money::new(2598, "EUR".parse().unwrap());
    assert_eq!((order.total, order.items[0].line_total, order.phase()), (total, total, Phase::AwaitingPayment));
}

#[test]
fn lines_that_do_not_add_up_are_refused() {
    assert!(matches!(order::items_of(&[]), Err(Error::NoLines)));
    assert!(matches!(order::items_of(&[line(2, i64::MAX, "EUR")]), Err(Error::Money(_))));
    assert!(matches!(order::items_of(&[line(1, i64::MAX, "EUR"), line(1, 1, "EUR")]), Err(Error::Money(_))));
    assert!(matches!(order::items_of(&[line(1, 1, "EUR"), line(1, 1, "USD")]), Err(Error::Money(_))));
}

proptest! {
    /// Applies any events in any order: the order has the phase of the state machine, keeps its dates, and has a timeline entry for each step
    /// and for nothing else.
    #[test]
    fn the_phase_of_an_order_agrees_with_the_state_machine(history in prop::collection::vec(0..EVENTS.len(), 0..20)) {
        let mut order = order();
        for (index, event) in history.into_iter().map(|index| EVENTS[index]).enumerate() {
            let (before, now) = (order.clone(), Timestamp::from_millis(i64::try_from(index).unwrap()));
            match (step(before.phase(), event), order.apply(event, None, now)) {
                (Step::To(next, actions), Ok(Some(change))) => {
                    prop_assert_eq!(change.order.phase(), next);
                    prop_assert_eq!(change.actions, actions);
                    prop_assert!(!change.entries.is_empty());
                    order = change.order;
                }
                (Step::Stay, Ok(None)) => {}
                (Step::Stay, Ok(Some(change))) => {
                    prop_assert_eq!(change.order.phase(), before.phase());
                    prop_assert!(change.actions.is_empty() && change.entries.len() == 1);
                    order = change.order;
                }
                (Step::Refuse(expected), Err(Error::Refused(detail))) => prop_assert_eq!(detail, expected),
                (expected, got) => prop_assert!(false, "{:?} in {:?}: {:?}, {:?}", event, before.phase(), expected, got),
            }
            prop_assert!(before.authorized_at.is_none_or(|at| order.authorized_at == Some(at)));
            prop_assert!(before.captured_at.is_none_or(|at| order.captured_at == Some(at)));
            prop_assert!(before.cancel_reason.is_none_or(|reason| order.cancel_reason == Some(reason)));
            prop_assert!(order.apply(event, None, now).is_ok_and(|change| change.is_none())
                || matches!(step(order.phase(), event), Step::Refuse(_)), "{:?} twice", event);
        }
    }
}
