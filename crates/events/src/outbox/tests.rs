//! Against the native backend: an event is stored whole, and only if its transaction is committed.

use super::{Event, append};
use crate::tests::fixture::migrations;
use futures::executor::block_on;
use serde_json::json;
use spindle_contracts::Timestamp;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform, Scope};

const SELECT: &str = "SELECT seq, id, type, subject, time, traceparent, request_id, data FROM outbox ORDER BY seq";

type Row = (i64, String, String, String, Timestamp, String, String, String);

fn context() -> Context {
    let platform = Platform::native().at(Timestamp::from_millis(1_700_000_000_000)).with_fixed_randomness().build();
    let scope = Scope { service: "things", migrations: migrations("") };
    let trace = TraceContext::start([1; 24]);
    Context::new(platform, scope, "r-1".to_owned(), trace)
}

fn event(subject: &str) -> Event {
    Event { kind: "ThingMade", subject: subject.to_owned(), data: json!({ "price": 1.0, "name": "caf\u{e9} \"x\"" }) }
}

#[test]
fn events_are_stored_whole_and_in_their_order() {
    block_on(async {
        let context = context();
        let db = context.sql().await.unwrap();
        let transaction = db.transaction().await.unwrap();
        let _ = append(&transaction, &context, &[event("t-1"), event("t-2")]).await.unwrap();
        let _ = append(&transaction, &context, &[]).await.unwrap();
        transaction.commit().await.unwrap();
        let row = |seq: i64| {
            let id = format!("018bcfe5-6800-7000-8000-{seq:012}");
            let (subject, trace) = (format!("t-{seq}"), context.trace().to_string());
            let data = r#"{"name":"café \"x\"","price":1.0}"#.to_owned();
            (seq, id, "ThingMade".to_owned(), subject, context.now(), trace, "r-1".to_owned(), data)
        };
        assert_eq!(db.query_all::<Row>(SELECT, &[]).await.unwrap(), [row(1), row(2)]);
    });
}

#[test]
fn an_event_of_a_rolled_back_transaction_is_not_stored() {
    block_on(async {
        let context = context();
        let db = context.sql().await.unwrap();
        let transaction = db.transaction().await.unwrap();
        let _ = append(&transaction, &context, &[event("t-1")]).await.unwrap();
        drop(transaction);
        assert_eq!(db.query_all::<Row>(SELECT, &[]).await.unwrap(), []);
    });
}

#[test]
fn an_event_has_its_number_once_it_is_committed() {
    block_on(async {
        let context = context();
        let db = context.sql().await.unwrap();
        let transaction = db.transaction().await.unwrap();
        let [first, second] = ["a", "b"].map(|id| {
            transaction.buffer_event(json!({
                "id": id, "type": "ThingMade", "subject": "t", "time": 1, "traceparent": "", "request_id": "", "data": {},
            }))
        });
        assert_eq!((first.get(), second.get()), (None, None));
        transaction.commit().await.unwrap();
        // The numbers go on after rows that were removed.
        db.execute("DELETE FROM outbox", &[]).await.unwrap();
        let transaction = db.transaction().await.unwrap();
        let third = transaction.buffer_event(json!({
            "id": "c", "type": "ThingMade", "subject": "t", "time": 1, "traceparent": "", "request_id": "", "data": {},
        }));
        transaction.commit().await.unwrap();
        assert_eq!([first, second, third].map(|number| number.get()), [Some(1), Some(2), Some(3)]);
        let rows: Vec<(i64, String)> = db.query_all("SELECT seq, id FROM outbox", &[]).await.unwrap();
        assert_eq!(rows, [(3, "c".to_owned())]);
    });
}

#[test]
fn an_event_that_cannot_be_written_fails_its_transaction() {
    block_on(async {
        let context = context();
        let db = context.sql().await.unwrap();
        let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
        db.execute(refuse, &[]).await.unwrap();
        let transaction = db.transaction().await.unwrap();
        transaction.execute("INSERT INTO event_cursors (source, seq) VALUES ('orders', 1)", &[]).await.unwrap();
        let _ = append(&transaction, &context, &[event("t-1")]).await.unwrap();
        assert_eq!(transaction.commit().await.unwrap_err().to_string(), "the disk is full");
        assert!(db.execute("SELECT seq FROM event_cursors", &[]).await.unwrap().is_empty());
    });
}
