//! The audit log of a service, as the gateway reads it.

use super::platform;
use crate::testing::{TestClient, TestResponse};
use crate::{Anonymous, AuditHead, AuditPage, AuditReport, Calls, HandlerResult, Route, Service, handler};
use http::{Method, StatusCode};
use serde_json::json;
use spindle_platform::audit::{self, Entry};
use spindle_platform::http::{Request, empty};
use spindle_platform::migrate::Migration;
use spindle_platform::{Context, Scope};
use std::sync::LazyLock;

/// A service that records entries, and that lets a test tamper with its log.
static SERVICE: LazyLock<Service> = LazyLock::new(|| {
    // Empty lines separate the statements.
    let mut schema: Vec<&str> = include_str!("../../../platform/src/audit/schema.sql").split("\n\n").collect();
    schema.push(include_str!("../../../platform/src/audit/pseudonym_keys.sql"));
    schema.extend(include_str!("../../../platform/src/audit/append.sql").split("\n\n"));
    let migration = Migration { version: 1, name: "log", checksum: "c", fingerprint: "f", statements: schema.leak() };
    let routes = vec![
        Route::public(Method::POST, "/v1/things/{id}", handler!(make)),
        Route::public(Method::DELETE, "/v1/things", handler!(tamper)),
    ];
    Service {
        scope: Scope { service: "things", migrations: vec![migration].leak() },
        routes: routes.leak(),
        shared: &[],
        stores: &[],
        calls: Calls::NONE,
        check: None,
    }
});

async fn make(context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    let db = context.sql().await?;
    let transaction = db.transaction().await?;
    let subject = Some(request.param("id")?);
    let entry = Entry { actor: None, action: "thing.made", subject, detail: json!({}) };
    audit::record(&transaction, context, &entry).await?;
    transaction.commit().await?;
    Ok(empty(StatusCode::CREATED))
}

async fn tamper(context: &Context, _: Anonymous, _request: Request) -> HandlerResult {
    let db = context.sql().await?;
    db.execute("DROP TRIGGER audit_log_is_never_deleted", &[]).await?;
    db.execute("DELETE FROM audit_log WHERE seq = 2", &[]).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Sends the gateway's request for `target`.
fn get_as_gateway(client: &TestClient, target: &str) -> TestResponse {
    client.get(target).as_service("gateway").send()
}

/// Makes a client of a service whose audit log has three rows.
fn client_with_three_things() -> TestClient {
    let client = TestClient::new(&SERVICE, &platform());
    for id in ["a", "b", "c"] {
        let request = client.post(&format!("/v1/things/{id}")).header("spin-client-addr", "192.0.2.7:9");
        request.header("x-request-id", "r-1").send().expect(StatusCode::CREATED);
    }
    client
}

#[test]
fn its_rows_are_listed_newest_first_and_in_pages() {
    let client = client_with_three_things();
    let page = |query: &str| -> AuditPage {
        get_as_gateway(&client, &format!("/internal/things/audit?{query}")).expect(StatusCode::OK).json_as()
    };
    let subjects = |rows: &AuditPage| rows.items.iter().map(|row| row.subject.clone().unwrap()).collect::<Vec<_>>();
    let first = page("limit=2");
    assert_eq!((subjects(&first), first.next), (vec!["c".to_owned(), "b".to_owned()], Some(2)));
    let second = page("limit=2&before_seq=2");
    assert_eq!((subjects(&second), second.next), (vec!["a".to_owned()], None));
    assert_eq!(page("limit=3").next, None);
    assert_eq!(subjects(&page("subject=b")), ["b"]);
    assert_eq!(
        serde_json::to_value(&page("subject=a").items[0]).unwrap(),
        json!({
            "seq": 1, "id": second.items[0].id, "created_at": "2023-11-14T22:13:20.000Z", "actor": null, "action": "thing.made",
            "subject": "a", "request_id": "r-1", "source": second.items[0].source, "detail": {},
        })
    );
    let pseudonym = second.items[0].source.clone().unwrap();
    assert!(pseudonym.starts_with("2023-11:"), "{pseudonym}");
    for (source, expected) in [("192.0.2.7", 3), (pseudonym.as_str(), 3), ("192.0.2.8", 0)] {
        assert_eq!(subjects(&page(&format!("source={source}"))).len(), expected, "{source}");
    }
    assert_eq!(get_as_gateway(&client, "/internal/things/audit?user=a").status(), StatusCode::BAD_REQUEST);
}

#[test]
fn it_is_verified_and_a_missing_row_is_reported_and_logged() {
    let client = client_with_three_things();
    let verify =
        || -> AuditReport { get_as_gateway(&client, "/internal/things/audit/verify").expect(StatusCode::OK).json_as() };
    let report = verify();
    let head = report.head.clone().unwrap();
    assert_eq!((head.seq, head.mac_hex.len()), (3, 64));
    assert_eq!(
        serde_json::to_value(&report).unwrap(),
        json!({ "service": "things", "rows": 3, "head": head, "intact": true })
    );

    client.delete("/v1/things").send();
    assert_eq!(
        serde_json::to_value(verify()).unwrap(),
        json!({
            "service": "things", "rows": 1, "head": head, "intact": false, "first_bad_seq": 2, "detail": "This row is missing.",
        })
    );
    let lines = client.platform().logged();
    let line = lines.iter().find(|line| line.contains("audit log is not intact")).unwrap();
    assert!(line.contains(r#""level":"error""#) && line.contains(&head.mac_hex), "{line}");
}

#[test]
fn a_long_log_is_verified_in_several_requests() {
    let client = client_with_three_things();
    let verify = |target: &str| get_as_gateway(&client, target).expect(StatusCode::OK).json_as::<AuditReport>();
    let whole = verify("/internal/things/audit/verify");
    let first = verify("/internal/things/audit/verify?rows=2");
    assert_eq!((first.rows, first.intact, first.head.as_ref()), (2, None, whole.head.as_ref()));
    let checkpoint = first.checkpoint.unwrap();
    assert_eq!(checkpoint.seq, 2);
    assert_eq!(verify(&AuditReport::path("things", Some(&checkpoint))), whole);
    assert_eq!(verify(&AuditReport::path("things", whole.head.as_ref())), whole, "its head is a checkpoint as well");

    let forged = AuditHead { seq: 1, ..checkpoint };
    let found = verify(&AuditReport::path("things", Some(&forged)));
    assert_eq!((found.intact, found.first_bad_seq), (Some(false), Some(1)));
    for query in ["seq=2", "seq=0&mac_hex=00", "seq=2&mac_hex=x", "rows=0", "from=2"] {
        let response = get_as_gateway(&client, &format!("/internal/things/audit/verify?{query}"));
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[test]
fn only_a_service_can_read_it() {
    let client = client_with_three_things();
    for path in ["/internal/things/audit", "/internal/things/audit/verify"] {
        let response = client.get(path).send().expect(StatusCode::UNAUTHORIZED);
        let detail = "Only other services may call this operation: send a service token.";
        assert_eq!(response.json()["detail"], detail);
    }
}
