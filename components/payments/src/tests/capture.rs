//! The statement that sets the target of a payment and begins its capture applies where [`Payment::due`] says so, and nowhere else.

use super::Fixture;
use crate::executor;
use crate::payment::{Operation, Payment, Status, TargetState};
use crate::store::calls::NewCall;
use crate::store::payments;
use futures::executor::block_on;
use spindle_contracts::OrderId;
use uuid::Uuid;

/// The calls for the payment before: operation and result.
const CALLS: [&[(&str, Option<&str>)]; 6] = [
    &[],
    &[("authorize", Some("authorized"))],
    &[("authorize", None)],
    &[("authorize", Some("retryable"))],
    &[("authorize", Some("authorized")), ("capture", Some("retryable"))],
    &[("authorize", Some("authorized")), ("capture", Some("declined"))],
];

/// Returns the captured payment and the number of its call, if the statement applies, and the payment before. The transaction is rolled back.
fn begin_capture(fixture: &Fixture) -> (Option<(Payment, u32)>, Payment) {
    block_on(async {
        let context = fixture.client.context();
        let (db, order) = (context.sql().await.unwrap(), OrderId(Uuid::from_u128(5)));
        let before = payments::of_order(&db, order).await.unwrap().unwrap();
        let transaction = db.transaction().await.unwrap();
        let call = executor::new_call(&context, Operation::Capture).unwrap();
        let begun = payments::begin_capture(&transaction, order, call, context.now()).await.unwrap();
        (begun.map(|(payment, started)| (payment, started.attempt)), before)
    })
}

#[test]
fn a_capture_begins_where_it_is_the_next_call() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    let mut begun = 0;
    for (status, target) in Status::ALL.into_iter().flat_map(|status| TargetState::ALL.map(|target| (status, target))) {
        for calls in CALLS {
            fixture.client.rows::<(i64,)>("DELETE FROM provider_calls RETURNING number");
            for (number, (operation, outcome)) in (1..).zip(calls) {
                let outcome = outcome.map_or_else(|| "NULL, NULL".to_owned(), |outcome| format!("2, '{outcome}'"));
                fixture.client.rows::<(i64,)>(&format!(
                    "INSERT INTO provider_calls (payment_id, number, operation, attempt, began_at, lease_until, ended_at, outcome)
                    SELECT id, {number}, '{operation}', 1, 1, 2, {outcome} FROM payments RETURNING number"
                ));
            }
            let columns = format!("status = '{}', goal = '{}'", status.name(), target.name());
            fixture.client.rows::<(i64,)>(&format!("UPDATE payments SET {columns} RETURNING version"));

            let (result, before) = begin_capture(&fixture);
            let mut after = before.clone();
            let event = after.set_target(TargetState::Captured);
            let is_first = calls.iter().all(|(operation, _)| *operation != "capture");
            let is_due = after.due() == Some(Operation::Capture) && before.unresolved.is_none();
            if is_first && is_due && after.target != before.target {
                assert_eq!(event, None);
                after.version += 1;
                assert_eq!(result, Some((Payment { last_error: None, ..after }, 1)), "{before:?}");
                begun += 1;
            } else {
                assert_eq!(result, None, "{before:?}");
            }
        }
    }
    assert_eq!(begun, 2, "an authorised payment without calls, and with the one that authorised it");
}

#[test]
fn a_capture_does_not_begin_while_the_breaker_is_open_or_the_limit_is_reached() {
    let mut fixture = Fixture::new();
    fixture.publish("PaymentRequested", 5);
    assert!(begin_capture(&fixture).0.is_some());
    fixture.publish("PaymentRequested", 6);
    // The call for the other payment is in progress.
    let other = format!("SELECT id FROM payments WHERE order_id = '{}'", Uuid::from_u128(6));
    let set = format!(
        "UPDATE provider_calls SET ended_at = NULL, outcome = NULL WHERE payment_id = ({other}) RETURNING number"
    );
    fixture.client.rows::<(i64,)>(&set);
    let call = |max_calls| {
        block_on(async {
            let context = fixture.client.context();
            let db = context.sql().await.unwrap();
            let transaction = db.transaction().await.unwrap();
            let call = executor::new_call(&context, Operation::Capture).unwrap();
            let (call, order) = (NewCall { max_calls, ..call }, OrderId(Uuid::from_u128(5)));
            payments::begin_capture(&transaction, order, call, context.now()).await.unwrap().is_some()
        })
    };
    assert_eq!((call(2), call(1), call(0)), (true, false, false));
    fixture
        .client
        .rows::<(String,)>("INSERT INTO breakers (channel, failures) VALUES ('payment', 1) RETURNING channel");
    assert!(call(2));
    fixture.client.rows::<(String,)>("UPDATE breakers SET open_until = 1 RETURNING channel");
    assert!(!call(2));
}
