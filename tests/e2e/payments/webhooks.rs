//! What the provider tells by itself, signed.

use serde_json::{Value, json};
use spindle_tests::accounts::customer;
use spindle_tests::instance::WEBHOOK_SECRET;
use spindle_tests::orders::{self, unique_key};
use spindle_tests::payments::{WEBHOOK, notify, sign};
use spindle_tests::problem::expect_problem;
use spindle_tests::{skip, target};

use super::{order, with_reference, with_status};

fn notice(payment: &Value, kind: &str) -> Value {
    json!({"id": unique_key(), "type": kind, "payment_id": payment["id"], "reference": payment["provider_reference"]})
}

/// Whether the secret of the instance is known here.
fn is_ours(test: &str) -> bool {
    if !target().is_own() {
        skip(test, "an instance whose webhook secret it knows");
    }
    target().is_own()
}

#[test]
fn a_payment_that_was_pending_goes_on_when_the_provider_says_so() {
    if !is_ours("a_payment_that_was_pending_goes_on_when_the_provider_says_so") {
        return;
    }
    let owner = customer("owner").client;
    let order = order(&owner, "pm_timeout");
    let payment = with_reference(&owner, &order);
    let notice = notice(&payment, "payment.authorized");
    // The provider repeats itself.
    for _ in 0..3 {
        assert_eq!(notify(target().client(), WEBHOOK_SECRET, &notice).expect_status(202).text(), "");
    }
    with_status(&owner, &order, "captured");
    let paid = orders::wait_until(&owner, &order.path, "payment_captured", || target().tick());
    assert_eq!(paid["status"], "paid");
    let told = orders::kinds(&owner, &order.path).into_iter().filter(|kind| kind == "payment_authorized").count();
    assert_eq!(told, 1);
}

#[test]
fn a_payment_that_was_pending_is_declined_when_the_provider_says_so() {
    if !is_ours("a_payment_that_was_pending_is_declined_when_the_provider_says_so") {
        return;
    }
    let owner = customer("owner").client;
    let order = order(&owner, "pm_timeout");
    let mut notice = notice(&with_reference(&owner, &order), "payment.declined");
    notice["reason"] = json!("card expired");
    notify(target().client(), WEBHOOK_SECRET, &notice).expect_status(202);
    assert_eq!(with_status(&owner, &order, "declined")["decline_reason"], "card expired");
    orders::wait_until(&owner, &order.path, "stock_released", || target().tick());
    assert_eq!(owner.get(&order.path).expect_status(200).json()["status"], "cancelled");
}

#[test]
fn what_the_provider_did_not_sign_is_refused() {
    let owner = customer("owner").client;
    let order = order(&owner, "pm_timeout");
    let payment = with_reference(&owner, &order);
    let body = notice(&payment, "payment.authorized").to_string();
    let made_up = sign("a secret that was made up, 32 bytes long", 1_700_000_000, &body);
    let client = target().client();
    for signature in
        [None, Some(""), Some("t=1,v1=00"), Some(&*made_up), Some(&sign(WEBHOOK_SECRET, 1_700_000_000, &body))]
    {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(signature.map(|signature| ("spindle-signature", signature)));
        let refused = client.send("POST", WEBHOOK, &headers, Some(body.as_bytes()));
        expect_problem(&refused, 401, "unauthorized");
        assert_eq!(refused.header("www-authenticate"), Some("Spindle-Signature"));
    }
    let elsewhere = client.post("/v1/webhooks/payments/nobody", &json!({}));
    expect_problem(&elsewhere, 404, "not-found");
    assert_eq!(with_reference(&owner, &order)["status"], "requested");
}
