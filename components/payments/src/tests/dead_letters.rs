//! Events that failed for good: money waits for them, so they are taken up again at a slow pace.

use super::Fixture;
use super::fake_provider::{ReceivedCall, always_succeeds};
use crate::payment::Operation;
use crate::provider::ProviderResult;

/// Returns a fixture whose order 5 is paid, and whose capture has failed for good.
fn with_failed_capture() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    fixture.respond_with(|_| ProviderResult::Retryable("down".to_owned()));
    fixture.publish("OrderPaid", 5);
    fixture.tick_after(2);
    fixture.tick_after(2);
    assert_eq!((fixture.status(5).as_str(), fixture.dead_letters()), ("authorized", vec!["capture: down".to_owned()]));
    fixture.calls();
    fixture
}

#[test]
fn a_capture_that_failed_for_good_is_taken_up_again_until_it_succeeds() {
    let mut fixture = with_failed_capture();
    for _ in 0..3 {
        fixture.tick_after(14 * 60);
        assert_eq!(fixture.calls(), []);
        fixture.tick_after(62);
        // Once, and it is a dead letter again, so that operators see it all the time.
        assert_eq!((fixture.calls().len(), fixture.dead_letters()), (1, vec!["capture: down".to_owned()]));
    }
    let letters = fixture.client.platform().logged();
    assert_eq!(letters.iter().filter(|line| line.contains("event is a dead letter")).count(), 4);
    fixture.respond_with(always_succeeds);
    fixture.tick_after(15 * 60);
    assert_eq!((fixture.status(5).as_str(), fixture.dead_letters()), ("captured", vec![]));
}

#[test]
fn a_refused_refund_is_taken_up_again_and_shows_the_providers_text_to_operators() {
    let mut fixture = Fixture::with(|call: &ReceivedCall| match call.operation {
        Operation::Refund => ProviderResult::Permanent("balance too low".to_owned()),
        _ => always_succeeds(call),
    });
    for kind in ["PaymentRequested", "OrderPaid", "OrderCancelled"] {
        fixture.publish(kind, 5);
    }
    let refused = "the provider refuses to refund: the payment provider cannot carry this out (balance too low)";
    assert_eq!(fixture.dead_letters(), [refused]);
    fixture.respond_with(always_succeeds);
    fixture.tick_after(15 * 60);
    assert_eq!((fixture.status(5).as_str(), fixture.dead_letters()), ("refunded", vec![]));
}

#[test]
fn a_discarded_letter_stays_discarded() {
    let mut fixture = with_failed_capture();
    let letters = fixture.client.get("/internal/payments/dead-letters").as_service("gateway").send().json();
    let id = letters["items"][0]["id"].as_str().unwrap().to_owned();
    fixture.client.delete(&format!("/internal/payments/dead-letters/{id}")).as_service("gateway").send();
    fixture.tick_after(60 * 60);
    assert_eq!((fixture.calls(), fixture.status(5).as_str()), (vec![], "authorized"));
}

#[test]
fn the_first_and_the_latest_failures_of_a_letter_stay() {
    let mut fixture = with_failed_capture();
    for _ in 0..60 {
        fixture.tick_after(15 * 60);
    }
    let failures: Vec<(i64, i64, i64)> = fixture.client.rows(
        "SELECT json_array_length(failures), failures ->> '$[0].attempt', failures ->> '$[#-1].attempt' FROM inbox WHERE state = 'dead'",
    );
    assert_eq!(failures, [(40, 1, 63)]);
}

#[test]
fn an_event_is_retried_for_a_time_and_not_for_a_number_of_attempts() {
    let mut fixture = Fixture::with(|_| ProviderResult::Retryable("down".to_owned()));
    fixture.client.platform().set_variable("event_retry_seconds", "900");
    fixture.client.platform().set_variable("provider_breaker_failures", "1000");
    fixture.publish("PaymentRequested", 5);
    for _ in 0..440 {
        fixture.tick_after(2);
    }
    assert_eq!(fixture.dead_letters(), [""; 0]);
    fixture.respond_with(always_succeeds);
    fixture.tick_after(2);
    assert_eq!(fixture.status(5), "authorized");
}
