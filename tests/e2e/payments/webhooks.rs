//! Signed webhooks of the payment provider.

use serde_json::{Value, json};
use spindle_tests::accounts::customer;
use spindle_tests::instance::WEBHOOK_SECRET;
use spindle_tests::orders::{self, unique_key};
use spindle_tests::payments::{WEBHOOK, send_webhook, sign};
use spindle_tests::problem::expect_problem;
use spindle_tests::{skip, target};

use super::{order, with_reference, with_status};

fn webhook(payment: &Value, kind: &str) -> Value {
    json!({"id": unique_key(), "type": kind, "payment_id": payment["id"], "reference": payment["provider_reference"]})
}

/// Returns whether the secret of the instance is known to the tests.
fn is_secret_known(test: &str) -> bool {
    if !target().is_started_here() {
        skip(test, "an instance whose webhook secret it knows");
    }
    target().is_started_here()
}

#[test]
fn a_pending_payment_is_authorised_by_a_webhook() {
    if !is_secret_known("a_pending_payment_is_authorised_by_a_webhook") {
        return;
    }
    let owner = customer("owner").client;
    let order = order(&owner, "pm_timeout");
    let payment = with_reference(&owner, &order);
    let webhook = webhook(&payment, "payment.authorized");
    // The provider sends the webhook several times.
    for _ in 0..3 {
        assert_eq!(send_webhook(target().client(), WEBHOOK_SECRET, &webhook).expect_status(202).text(), "");
    }
    with_status(&owner, &order, "captured");
    let paid = orders::wait_until(&owner, &order.path, "payment_captured", || target().tick());
    assert_eq!(paid["status"], "paid");
    let entries = orders::kinds(&owner, &order.path).into_iter().filter(|kind| kind == "payment_authorized").count();
    assert_eq!(entries, 1);
}

#[test]
fn a_pending_payment_is_declined_by_a_webhook() {
    if !is_secret_known("a_pending_payment_is_declined_by_a_webhook") {
        return;
    }
    let owner = customer("owner").client;
    let order = order(&owner, "pm_timeout");
    let mut webhook = webhook(&with_reference(&owner, &order), "payment.declined");
    webhook["reason"] = json!("card expired");
    send_webhook(target().client(), WEBHOOK_SECRET, &webhook).expect_status(202);
    assert_eq!(with_status(&owner, &order, "declined")["decline_reason"], "card expired");
    orders::wait_until(&owner, &order.path, "stock_released", || target().tick());
    assert_eq!(owner.get(&order.path).expect_status(200).json()["status"], "cancelled");
}

#[test]
fn a_webhook_without_a_valid_signature_is_refused() {
    let owner = customer("owner").client;
    let order = order(&owner, "pm_timeout");
    let payment = with_reference(&owner, &order);
    let body = webhook(&payment, "payment.authorized").to_string();
    let wrong = sign("another secret that is 32 bytes long", 1_700_000_000, &body);
    let client = target().client();
    for signature in
        [None, Some(""), Some("t=1,v1=00"), Some(&*wrong), Some(&sign(WEBHOOK_SECRET, 1_700_000_000, &body))]
    {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(signature.map(|signature| ("spindle-signature", signature)));
        let refused = client.send("POST", WEBHOOK, &headers, Some(body.as_bytes()));
        expect_problem(&refused, 401, "unauthorized");
        assert_eq!(refused.header("www-authenticate"), Some("Spindle-Signature"));
    }
    let unknown = client.post("/v1/webhooks/payments/unknown", &json!({}));
    expect_problem(&unknown, 404, "not-found");
    assert_eq!(with_reference(&owner, &order)["status"], "requested");
}
