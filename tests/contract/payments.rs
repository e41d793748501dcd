//! Examples of payments, refunds and webhooks.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;
use spindle_tests::instance::WEBHOOK_SECRET;
use spindle_tests::notifications::{self, has_status};
use spindle_tests::orders::{order_body, unique_key};
use spindle_tests::payments::{WEBHOOK, sign, wait_until};
use spindle_tests::{skip, target};

use crate::scenario::{Scenario, ids};

#[test]
fn read_and_refund_a_payment() {
    let mut scenario = Scenario::new();
    let (product, (account, customer)) = (scenario.product(), scenario.customer());
    let (operator, stranger) = (scenario.operator(), scenario.customer().1);
    let order = scenario.order(&customer, &order_body(&[(&product.id, 2)], "pm_ok"));
    let payment = wait_until(&customer.client, &order, |payment| payment["status"] == "captured", || target().tick());
    let id = payment["id"].as_str().expect("an id");
    scenario.placeholders.name_id(id, ids::PAYMENT);
    scenario.check("listPayments/of-an-order", &customer.get(format!("/v1/payments?order_id={}", order.id)));
    let path = format!("/v1/payments/{id}");
    let read = scenario.check("getPayment/captured", &customer.get(&path));
    scenario.check("getPayment/as-an-operator", &operator.get(&path));
    scenario.check("getPayment/unchanged", &customer.get(&path).header("if-none-match", &read.etag()));
    scenario.check("getPayment/not-found", &stranger.get(&path));

    spindle_tests::orders::wait_until(&customer.client, &order.path, "payment_captured", || target().tick());
    let refund = |key: &str| operator.post(format!("{path}/refund")).idempotency_key(key);
    let buyer = account.id.as_str();
    notifications::wait_until(&customer.client, buyer, has_status("order-paid", "sent"), || target().tick());
    scenario.check(
        "listNotifications/of-an-order",
        &customer.get(format!("/v1/notifications?order_id={}&limit=1", order.id)),
    );
    scenario.check("refundPayment/key-missing", &operator.post(format!("{path}/refund")));
    let key = scenario.key("6f1c0a52-refund-of-ada");
    scenario.check("refundPayment/requested", &refund(&key));
    wait_until(&customer.client, &order, |payment| payment["status"] == "refunded", || target().tick());
    let key = scenario.key("6f1c0a52-second-refund");
    scenario.check("refundPayment/already-refunded", &refund(&key));

    let order = scenario.order(&customer, &order_body(&[(&product.id, 1)], "pm_declined"));
    let payment = wait_until(&customer.client, &order, |payment| payment["status"] == "declined", || target().tick());
    let id = payment["id"].as_str().expect("an id");
    scenario.placeholders.name_id(id, ids::PAYMENT);
    scenario.check("getPayment/declined", &customer.get(format!("/v1/payments/{id}")));
}

#[test]
fn receive_a_webhook() {
    let mut scenario = Scenario::new();
    let (product, (_, customer), anyone) = (scenario.product(), scenario.customer(), scenario.anyone());
    let order = scenario.order(&customer, &order_body(&[(&product.id, 1)], "pm_timeout"));
    let has_reference = |payment: &serde_json::Value| payment["provider_reference"].is_string();
    let payment = wait_until(&customer.client, &order, has_reference, || target().tick());
    scenario.placeholders.name_id(payment["id"].as_str().expect("an id"), ids::PAYMENT);
    let event = unique_key();
    scenario.placeholders.name(&event, "evt_1001");
    let body = json!({
        "id": event, "type": "payment.authorized", "payment_id": payment["id"], "reference": payment["provider_reference"],
    });
    let send = |secret: &str| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").as_secs();
        let signature = sign(secret, now, &body.to_string());
        anyone.post(WEBHOOK).header("spindle-signature", &signature).json(body.clone())
    };
    scenario.check("receivePaymentWebhook/wrong-signature", &send("another secret"));
    if target().is_started_here() {
        scenario.check("receivePaymentWebhook/authorized", &send(WEBHOOK_SECRET));
    } else {
        skip("receivePaymentWebhook/authorized", "an instance whose webhook secret it knows");
    }
}
