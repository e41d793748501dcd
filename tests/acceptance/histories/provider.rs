//! The webhook of the provider: it reports the result of a payment that it left pending.

use serde_json::{Value, json};
use spindle_tests::Client;
use spindle_tests::instance::WEBHOOK_SECRET;
use spindle_tests::payments::{WEBHOOK, sign};
use spindle_tests::products::unique_word;

use crate::fixture::now;

/// Reports that `payment` is authorised; `None` if there is no response.
pub(super) fn try_authorize(client: &Client, payment: &Value) -> Option<()> {
    let event = json!({
        "id": unique_word("notice"), "type": "payment.authorized",
        "payment_id": payment["id"], "reference": payment["reference"],
    });
    let body = event.to_string();
    let signature = sign(WEBHOOK_SECRET, now().cast_unsigned(), &body);
    let headers = [("content-type", "application/json"), ("spindle-signature", signature.as_str())];
    client.try_send("POST", WEBHOOK, &headers, Some(body.as_bytes())).ok()?.expect_status(202);
    Some(())
}
