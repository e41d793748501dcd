//! The public operations of payments, for the document `api-specs/payments.yaml`.

use crate::SERVICE;
use crate::api::{PaymentFilters, PaymentView};
use crate::refund::RefundBody;
use crate::webhook::WebhookEvent;
use serde_json::json;
use spindle_contracts::ProblemKind;
use spindle_edge::testing::contract::{Contract, Operation, assert_contract};
use spindle_platform::http::Paged;
use spindle_platform::testing::assert_schema_and_type_agree;

fn contract() -> Contract {
    Contract {
        service: "payments",
        description: "The payment of each order: where its money is, and its refund. A payment is made for an order by itself; nothing has to be requested.",
        operations: vec![list(), get(), refund(), webhook()],
    }
}

fn list() -> Operation {
    Operation::new("listPayments", "GET", "/v1/payments", "List payments")
        .describe(
            "A customer gets their own payments, an operator those of all users, or of one. The latest comes first.",
        )
        .query::<Paged<PaymentFilters>>()
        .page_of::<PaymentView>("The payments.")
        .problem(ProblemKind::Forbidden, "`user_id` is another user, and the caller is no operator")
}

fn get() -> Operation {
    Operation::new("getPayment", "GET", "/v1/payments/{id}", "Get a payment")
        .describe("An operator also gets each call of the payment provider.")
        .obeys_preconditions()
        .returns::<PaymentView>(200, "The payment.")
        .versioned()
        .problem(ProblemKind::NotFound, "the payment does not exist, or is another user's")
}

fn refund() -> Operation {
    Operation::new("refundPayment", "POST", "/v1/payments/{id}/refund", "Refund a payment")
        .describe(
            "Returns the whole sum to the payer. The refund is accepted at once and follows shortly: the payment is `refunded` then. An order that was not \
             shipped is cancelled, so that it is not shipped any more; one that was shipped is refunded only with `shipped`.",
        )
        .idempotent()
        .obeys_preconditions()
        .optional_body::<RefundBody>("Whether the order was shipped.")
        .accepts::<PaymentView>("The payment, which is about to be refunded.")
        .versioned()
        .problem(ProblemKind::NotFound, "the payment does not exist")
        .problem(
            ProblemKind::Conflict,
            "the payment was not captured, was refunded, or is being refunded, or the order was shipped and `shipped` is not true",
        )
        .problem(ProblemKind::Unavailable, "orders, which decides whether an order is shipped or refunded, does not respond")
}

fn webhook() -> Operation {
    let provider = json!({
        "type": "string",
        "description": "The name of the payment provider, which is the `provider` of its payments.",
    });
    Operation::new(
        "receivePaymentWebhook",
        "POST",
        "/v1/webhooks/payments/{provider}",
        "Receive a payment provider's decision",
    )
    .describe(
        "For the payment provider, about a payment that it left pending. The event is stored and handled after the response; one that was received before, \
         as its `id` says, has no further effect. There is no access token and no rate limit: the signature is checked before the body is read.",
    )
    .path_parameter("provider", provider)
    .header(
        "Spindle-Signature",
        true,
        "`t=<seconds since the Unix epoch>,v1=<HMAC-SHA256 of \"<t>.<body>\" in hexadecimal>`, by the secret that the provider shares with the shop. `t` must be \
         within 300 seconds of the time of receipt. There may be several `v1`, as while the secret is replaced.",
    )
    .body::<WebhookEvent>("The decision.")
    .accepted("The event is stored, or was stored before.")
    .problem(ProblemKind::Unauthorized, "the signature is missing, too old, or not one of this body")
    .problem(ProblemKind::NotFound, "no payment provider has this name")
}

#[test]
fn the_document_is_that_of_the_routes_and_types() {
    assert_contract(&SERVICE, contract());
}

#[test]
fn the_types_of_bodies_and_their_schemas_accept_the_same() {
    assert_schema_and_type_agree::<RefundBody>(&[json!({}), json!({ "shipped": true })], &[]);
    let id = "01a204d9-495d-7bdb-85b4-53f09eb5a815";
    assert_schema_and_type_agree::<WebhookEvent>(
        &[
            json!({ "id": "evt_1", "type": "payment.authorized", "payment_id": id, "reference": "ref" }),
            json!({ "id": "evt.2", "type": "payment.declined", "payment_id": id, "reference": "ref", "reason": "card expired" }),
        ],
        &[],
    );
}
