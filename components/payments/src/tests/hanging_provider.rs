//! A provider that hangs or fails: its calls are bounded, and its circuit breaker opens.

use super::fake_provider::{ReceivedCall, always_succeeds};
use super::{Fixture, START};
use crate::payment::Operation;
use crate::provider::ProviderResult;
use serde_json::json;
use spindle_contracts::Timestamp;

fn fails(_: &ReceivedCall) -> ProviderResult {
    ProviderResult::Retryable("no answer within ten seconds".to_owned())
}

fn logged(fixture: &Fixture, message: &str) -> usize {
    fixture.client.platform().logged().iter().filter(|line| line.contains(message)).count()
}

/// Returns a fixture whose circuit breaker is open for 30 s after the payments of the orders 1 to 20 failed.
fn with_open_breaker() -> Fixture {
    let mut fixture = Fixture::with(fails);
    // Each event stays for longer than these tests.
    fixture.client.platform().set_variable("event_max_attempts", "100");
    for order in 1..=20 {
        fixture.publish("PaymentRequested", order);
    }
    assert_eq!((fixture.calls().len(), logged(&fixture, "circuit breaker opened")), (20, 1));
    fixture
}

#[test]
fn while_the_circuit_breaker_is_open_a_payment_waits_and_that_is_no_attempt() {
    let mut fixture = with_open_breaker();
    fixture.publish("PaymentRequested", 21);
    for _ in 0..14 {
        fixture.tick_after(2);
    }
    assert_eq!((fixture.calls(), fixture.status(21).as_str()), (vec![], "requested"));
    let attempts: Vec<(i64,)> = fixture.client.rows("SELECT attempts FROM inbox ORDER BY attempts LIMIT 2");
    assert_eq!(attempts, [(0,), (1,)]);
    assert_eq!(fixture.dead_letters(), [""; 0]);
}

#[test]
fn one_payment_probes_and_the_others_follow_once_it_succeeds() {
    let mut fixture = with_open_breaker();
    fixture.tick_after(32);
    assert_eq!(fixture.calls().len(), 1, "the probe fails, and the breaker is open again");
    fixture.respond_with(always_succeeds);
    fixture.tick_after(32);
    fixture.tick_after(2);
    assert_eq!((fixture.calls().len(), logged(&fixture, "circuit breaker closed")), (20, 1));
    assert_eq!(fixture.client.rows::<(String,)>("SELECT channel FROM breakers"), []);
    for order in 1..=20 {
        assert_eq!(fixture.status(order), "authorized");
    }
}

#[test]
fn an_order_that_ends_while_its_payment_waits_is_voided_without_a_call() {
    let mut fixture = with_open_breaker();
    fixture.publish("PaymentRequested", 21);
    fixture.publish("OrderCancelled", 21);
    assert_eq!((fixture.status(21).as_str(), fixture.published()), ("voided", vec!["PaymentVoided".to_owned()]));
    fixture.respond_with(always_succeeds);
    fixture.tick_after(32);
    fixture.tick_after(2);
    assert_eq!((fixture.status(21).as_str(), fixture.calls().len()), ("voided", 20));
}

#[test]
fn a_webhook_is_applied_while_the_circuit_breaker_is_open() {
    let fixture = with_open_breaker();
    let webhook = json!({ "id": "evt_1", "type": "payment.authorized", "payment_id": fixture.payment(1)["id"], "reference": "ref" });
    let body = webhook.to_string();
    let signature = crate::signature::sign(super::SECRET, START / 1_000, body.as_bytes());
    let request = fixture.client.post("/v1/webhooks/payments/sandbox").header("content-type", "application/json");
    request.header("spindle-signature", &signature).body(bytes::Bytes::from(body)).send();
    assert_eq!(fixture.status(1), "authorized");
}

#[test]
fn a_decline_is_no_failure_of_the_provider() {
    let mut fixture = Fixture::with(|_| ProviderResult::Declined("insufficient funds".to_owned()));
    for order in 1..=30 {
        fixture.publish("PaymentRequested", order);
    }
    assert_eq!((fixture.calls().len(), fixture.status(30).as_str()), (30, "declined"));
}

#[test]
fn no_more_calls_than_allowed_are_in_progress() {
    let mut fixture = Fixture::new();
    fixture.client.platform().set_variable("payment_concurrency", "2");
    for order in [1, 2] {
        fixture.publish("PaymentRequested", order);
    }
    // As if two captures hung.
    fixture.client.rows::<(i64,)>(&format!(
        "INSERT INTO provider_calls (payment_id, number, operation, attempt, began_at, lease_until)
        SELECT id, 2, 'capture', 1, {START}, {START} + 20000 FROM payments RETURNING number"
    ));
    fixture.calls();
    fixture.publish("PaymentRequested", 3);
    fixture.tick_after(10);
    assert_eq!((fixture.status(3).as_str(), fixture.calls()), ("requested", vec![]));
    // Their leases end.
    fixture.tick_after(11);
    assert_eq!((fixture.status(3).as_str(), fixture.calls()), ("authorized", vec![("authorize", 1)]));
    assert_eq!(fixture.client.rows::<(i64,)>("SELECT max(attempts) FROM inbox"), [(1,)]);
}

#[test]
fn a_call_whose_payment_changed_meanwhile_is_recorded_on_the_payment_as_it_is_then() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    let database = fixture.client.platform().database("payments").unwrap();
    fixture.respond_with(move |call| {
        if call.operation == Operation::Capture {
            let database = database.clone();
            let cancel = move || Fixture::second_instance(&database, START).publish_as(900, "OrderCancelled", 5);
            std::thread::spawn(cancel).join().unwrap();
        }
        always_succeeds(call)
    });
    fixture.publish("OrderPaid", 5);
    assert_eq!(fixture.status(5), "refunded", "the call goes on with the target that the cancellation set");
    fixture.client.platform().set_now(Timestamp::from_millis(START + 2_000));
    assert_eq!(fixture.dead_letters(), [""; 0]);
}
