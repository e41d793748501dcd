//! What an operation costs in statements: a figure that grows by accident fails here.

use super::{OWNER, Shop};
use spindle_contracts::Role;

/// The statements that `act` takes.
fn statements(shop: &mut Shop, act: impl FnOnce(&mut Shop)) -> usize {
    let before = shop.platform.statements("payments").len();
    act(shop);
    shop.platform.statements("payments").len() - before
}

#[test]
fn reads_take_two_statements() {
    let mut shop = Shop::new();
    shop.tell("PaymentRequested", 5);
    let path = format!("/v1/payments/{}", shop.payment(5)["id"].as_str().unwrap());
    // One of them compares the schema.
    for target in ["/v1/payments", &path] {
        let count = statements(&mut shop, |shop| drop(shop.get_as(OWNER, Role::Customer, target)));
        assert_eq!(count, 2, "{target}");
    }
}

#[test]
fn a_payment_takes_few_statements() {
    let mut shop = Shop::new();
    shop.payment(5);
    // Keeping the event 2, taking it 2; then two transactions: payment, audit and call; call, payment, audit, event and inbox.
    assert_eq!(statements(&mut shop, |shop| shop.tell("PaymentRequested", 5)), 19);
    assert_eq!(statements(&mut shop, |shop| shop.tell("OrderPaid", 5)), 18);
}
