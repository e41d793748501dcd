//! Check 21: the answers of the payment service to one operation are lost, and then the order is cancelled. Whatever was lost, the customer has
//! the money again, and the service holds nothing back.

use spindle_tests::acceptance::{figures, scale};
use spindle_tests::payment_service::Ledger;
use spindle_tests::{Client, Instance, payments};

use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, order_id, try_action, try_tick};

/// The operation whose answers are lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    Authorize,
    Capture,
    Void,
    Refund,
}

/// Returns the payment of the order as the service knows it.
fn ledger(fixture: &OrderFixture, id: &str) -> Option<Ledger> {
    let sql = format!("SELECT id FROM payments.payments WHERE order_id = '{id}'");
    let payment: Option<String> = fixture.databases().all(&sql).pop();
    fixture.service.ledger(&payment?)
}

/// Ticks until the service has carried out what `holds` says.
fn tick_until(fixture: &OrderFixture, client: &Client, id: &str, holds: impl Fn(Ledger) -> bool) {
    while !ledger(fixture, id).is_some_and(&holds) {
        try_tick(client).expect("the host does not crash");
    }
}

/// Places an order, loses answers of `lost`, and cancels the order as soon as the service has carried the operation out.
fn cancel_after(fixture: &OrderFixture, instance: &Instance, product: &str, lost: Lost, answers: usize) {
    let (service, customer) = (&fixture.service, fixture.customer(&instance.client(), 0));
    if lost == Lost::Authorize {
        service.lose_answers(answers);
    }
    // A payment that stays pending is voided; of the others some answers are lost on their way to the capture.
    let token = if lost == Lost::Void { "pm_timeout" } else { "pm_ok" };
    let request = OrderRequest::new(product, 1, token);
    if lost == Lost::Capture {
        // The first answer is that of the authorisation.
        service.lose_every(2);
    }
    let id = order_id(&request.send(&customer).expect("the host does not crash").expect_status(201));
    match lost {
        Lost::Authorize => tick_until(fixture, &customer, &id, |ledger| ledger.authorized),
        Lost::Capture => tick_until(fixture, &customer, &id, |ledger| ledger.captured),
        Lost::Void => tick_until(fixture, &customer, &id, |ledger| ledger.pending),
        Lost::Refund => fixture.settle(instance).expect("the host does not crash"),
    }
    if matches!(lost, Lost::Void | Lost::Refund) {
        service.lose_answers(answers);
    }
    try_action(&customer, &id, "cancel").expect("the host does not crash").expect_status(200);
    service.lose_every(0);
    fixture.settle(instance).expect("the host does not crash");
    assert_eq!(fixture.status(&request).as_deref(), Some("cancelled"), "{lost:?}");
    let ledger = ledger(fixture, &id).expect("the service was called");
    assert!(!ledger.is_with_the_shop() && !ledger.is_open(), "{lost:?}, {answers} answers: {ledger:?}");
    let letters = spindle_tests::dead_letters::dead_letters(&fixture.admin(&instance.client()), "payments");
    assert!(letters.is_empty(), "{lost:?}: {letters:?}");
}

#[test]
fn a_cancelled_order_returns_its_money_whatever_answer_was_lost() {
    let rounds: usize = scale(2, 20);
    let mut fixture = OrderFixture::new(1);
    let instance = fixture.start(&SHORT_TIMEOUTS);
    let product = fixture.stock(&instance, 1_000);
    for round in 0..rounds {
        for lost in [Lost::Authorize, Lost::Capture, Lost::Void, Lost::Refund] {
            cancel_after(&fixture, &instance, &product, lost, 1 + round % 3);
        }
    }
    // A refund that an operator requests, and whose answer is lost.
    let customer = fixture.customer(&instance.client(), 0);
    let request = OrderRequest::new(&product, 1, "pm_ok");
    let order = request.send(&customer).expect("the host does not crash").expect_status(201);
    fixture.settle(&instance).expect("the host does not crash");
    let page = customer.get(&format!("/v1/payments?order_id={}", order_id(&order))).expect_status(200).json();
    fixture.service.lose_answers(1);
    payments::refund(&fixture.admin(&instance.client()), &page["items"][0], "refund").expect_status(202);
    fixture.settle(&instance).expect("the host does not crash");
    instance.kill();
    fixture.check();
    figures(
        "lost answers: an order is cancelled after the payment service has carried out an operation without an answer",
        &[("orders, each without money at the shop", &(rounds * 4 + 1))],
    );
}
