//! The audit log of a service in the export of a user.

use super::platform;
use crate::testing::{TestClient, user_id};
use crate::{Calls, Route, Service, export};
use futures::executor::block_on;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_platform::Scope;
use spindle_platform::audit::{self, Entry};
use spindle_platform::migrate::Migration;
use std::sync::LazyLock;

static SHARED: &[&[Route]] = &[&[export::AUDIT_ROUTE]];

static SERVICE: LazyLock<Service> = LazyLock::new(|| {
    // Empty lines separate the statements of the table, line ends those of its indexes.
    let table = include_str!("../../../platform/src/audit/schema.sql").split("\n\n");
    let indexes = include_str!("../../../platform/src/audit/index.sql").lines().filter(|line| !line.starts_with("--"));
    let keys = [include_str!("../../../platform/src/audit/pseudonym_keys.sql")];
    let append = include_str!("../../../platform/src/audit/append.sql").split("\n\n");
    let statements: Vec<&str> = table.chain(indexes).chain(keys).chain(append).collect();
    let migration =
        Migration { version: 1, name: "log", checksum: "c", fingerprint: "f", statements: statements.leak() };
    Service {
        scope: Scope { service: "things", migrations: vec![migration].leak() },
        routes: &[],
        shared: SHARED,
        stores: &[],
        calls: Calls::NONE,
        check: None,
    }
});

/// Makes a client of a service whose log has rows of these actors and subjects.
fn client(rows: &[(Option<String>, String)]) -> TestClient {
    let client = TestClient::new(&SERVICE, &platform());
    let context = client.context().with_source("192.0.2.7".parse().ok());
    block_on(async {
        let db = context.sql().await.unwrap();
        let transaction = db.transaction().await.unwrap();
        for (actor, subject) in rows {
            let detail = json!({ "fields": ["email"] });
            let entry = Entry { actor: actor.clone(), action: "thing.changed", subject: Some(subject.clone()), detail };
            audit::record(&transaction, &context, &entry).await.unwrap();
        }
        transaction.commit().await.unwrap();
    });
    client
}

fn target(user: u128, query: &str) -> String {
    format!("/internal/things/users/{}/export/audit{query}", user_id(user))
}

fn id(user: u128) -> String {
    user_id(user).to_string()
}

#[test]
fn a_user_gets_the_rows_of_their_acts_and_of_those_on_them_without_the_data_of_others() {
    let rows = [
        (None, id(1)),
        (Some(id(1)), "thing".to_owned()),
        (Some(id(2)), id(1)),
        (Some("auth".to_owned()), id(1)),
        (Some(id(2)), id(2)),
    ];
    let client = client(&rows);
    let page = client.get(&target(1, "")).as_service("users").send().expect(StatusCode::OK).json();
    let row = |actor: Value, subject: &str, source: Value| {
        json!({
            "service": "things", "id": null, "created_at": "2023-11-14T22:13:20.000Z", "actor": actor, "action": "thing.changed",
            "subject": subject, "request_id": "test", "source": source, "detail": { "fields": ["email"] },
        })
    };
    let mut items = page["items"].as_array().unwrap().clone();
    for item in &mut items {
        assert_ne!(item["id"].take(), Value::Null);
    }
    let sources: Vec<(String,)> = client.rows("SELECT DISTINCT source FROM audit_log");
    let [(source,)] = sources.as_slice() else { panic!("one source: {sources:?}") };
    let expected = [
        row(Value::Null, &id(1), json!(source)),
        row(json!(id(1)), "thing", json!(source)),
        row(json!("another user"), &id(1), Value::Null),
        row(json!("auth"), &id(1), json!(source)),
    ];
    assert_eq!((items.as_slice(), &page["next_cursor"]), (expected.as_slice(), &Value::Null));
}

#[test]
fn its_pages_have_each_row_once() {
    let rows: Vec<_> = (0..5).map(|number| (Some(id(1)), format!("thing {number}"))).collect();
    let client = client(&rows);
    let (mut seen, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = client.get(&target(1, &query)).as_service("users").send().json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|row| row["subject"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, rows.into_iter().map(|(_, subject)| subject).collect::<Vec<_>>());
}

#[test]
fn only_users_may_read_it() {
    let client = client(&[]);
    assert_eq!(client.get(&target(1, "")).send().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(client.get(&target(1, "")).as_service("gateway").send().status(), StatusCode::FORBIDDEN);
    assert_eq!(client.get(&target(1, "?all=true")).as_service("users").send().status(), StatusCode::BAD_REQUEST);
    let no_user = "/internal/things/users/me/export/audit";
    assert_eq!(client.get(no_user).as_service("users").send().status(), StatusCode::NOT_FOUND);
}
