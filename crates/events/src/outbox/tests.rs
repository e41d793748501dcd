//! Against the native backend: an event is stored whole, and only if its transaction is committed.

use super::{Event, append};
use futures::executor::block_on;
use serde_json::json;
use spindle_contracts::Timestamp;
use spindle_platform::migrate::Migration;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform, Scope};

const SCHEMA: &str = include_str!("schema.sql");
const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "create_outbox", checksum: "c", fingerprint: "f", statements: &[SCHEMA] }];
const SELECT: &str = "SELECT seq, id, type, subject, time, traceparent, request_id, data FROM outbox ORDER BY seq";

type Row = (i64, String, String, String, Timestamp, String, String, String);

fn context() -> Context {
    let platform = Platform::native().at(Timestamp::from_millis(1_700_000_000_000)).with_fixed_randomness().build();
    let scope = Scope { service: "things", migrations: MIGRATIONS };
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
