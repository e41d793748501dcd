//! The audit log of a service, as the gateway asks for it.

use super::{body, platform};
use crate::testing::service_token;
use crate::{Anonymous, AuditReport, AuditRows, HandlerResult, Route, Service, handler, serve};
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::json;
use spindle_platform::audit::{self, Entry};
use spindle_platform::http::{Body, Request, Response, empty};
use spindle_platform::migrate::Migration;
use spindle_platform::token::service::Operation;
use spindle_platform::{Context, Platform, Scope};
use std::sync::LazyLock;

/// A service that records what it is told to, and one whose database somebody else can reach.
static SERVICE: LazyLock<Service> = LazyLock::new(|| {
    // Its statements are apart by an empty line.
    let schema: Vec<&str> = include_str!("../../../platform/src/audit/schema.sql").split("\n\n").collect();
    let migration = Migration { version: 1, name: "log", checksum: "c", fingerprint: "f", statements: schema.leak() };
    let routes = vec![
        Route::public(Method::POST, "/v1/things/{id}", handler!(make)),
        Route::public(Method::DELETE, "/v1/things", handler!(tamper)),
    ];
    Service {
        scope: Scope { service: "things", migrations: vec![migration].leak() },
        routes: routes.leak(),
        shared: &[],
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

fn send(platform: &Platform, request: http::request::Builder) -> Response {
    block_on(serve(&SERVICE, platform.clone(), Request::new(request.body(Body::empty()).unwrap())))
}

/// What the service answers to the gateway at `target`.
fn ask(platform: &Platform, target: &str) -> Response {
    let path = target.split('?').next().unwrap();
    let token = service_token(platform, "gateway", &Operation { service: "things", method: &Method::GET, path });
    send(platform, http::Request::get(target).header("authorization", format!("Bearer {token}")))
}

/// A platform on which three things were made.
fn with_three_things() -> Platform {
    let platform = platform();
    for id in ["a", "b", "c"] {
        let request = http::Request::post(format!("/v1/things/{id}")).header("spin-client-addr", "192.0.2.7:9");
        assert_eq!(send(&platform, request.header("x-request-id", "r-1")).status(), StatusCode::CREATED);
    }
    platform
}

#[test]
fn its_rows_are_told_newest_first_and_in_pages() {
    let platform = with_three_things();
    let page = |query: &str| -> AuditRows {
        let response = ask(&platform, &format!("/internal/things/audit?{query}"));
        assert_eq!(response.status(), StatusCode::OK);
        serde_json::from_slice(response.body()).unwrap()
    };
    let subjects = |rows: &AuditRows| rows.items.iter().map(|row| row.subject.clone().unwrap()).collect::<Vec<_>>();
    let first = page("limit=2");
    assert_eq!((subjects(&first), first.next), (vec!["c".to_owned(), "b".to_owned()], Some(2)));
    let second = page("limit=2&before_seq=2");
    assert_eq!((subjects(&second), second.next), (vec!["a".to_owned()], None));
    assert_eq!(page("limit=3").next, None);
    assert_eq!(subjects(&page("subject=b")), ["b"]);
    assert_eq!(
        serde_json::to_value(&page("subject=a").items[0]).unwrap(),
        json!({
            "seq": 1, "id": second.items[0].id, "at": "2023-11-14T22:13:20.000Z", "actor": null, "action": "thing.made",
            "subject": "a", "request_id": "r-1", "source": "192.0.2.7", "detail": {},
        })
    );
    assert_eq!(ask(&platform, "/internal/things/audit?user=a").status(), StatusCode::BAD_REQUEST);
}

#[test]
fn it_is_verified_and_a_missing_row_is_told_and_logged() {
    let platform = with_three_things();
    let verify = || -> AuditReport {
        let response = ask(&platform, "/internal/things/audit/verify");
        assert_eq!(response.status(), StatusCode::OK);
        serde_json::from_slice(response.body()).unwrap()
    };
    let report = verify();
    let head = report.head.clone().unwrap();
    assert_eq!((head.seq, head.mac_hex.len()), (3, 64));
    assert_eq!(
        serde_json::to_value(&report).unwrap(),
        json!({ "service": "things", "rows": 3, "head": head, "intact": true })
    );

    send(&platform, http::Request::delete("/v1/things"));
    assert_eq!(
        serde_json::to_value(verify()).unwrap(),
        json!({
            "service": "things", "rows": 1, "head": head, "intact": false, "first_bad_seq": 2, "detail": "This row is missing.",
        })
    );
    let lines = platform.logged();
    let line = lines.iter().find(|line| line.contains("audit log is not intact")).unwrap();
    assert!(line.contains(r#""level":"error""#) && line.contains(&head.mac_hex), "{line}");
}

#[test]
fn nobody_but_a_service_sees_it() {
    let platform = with_three_things();
    for path in ["/internal/things/audit", "/internal/things/audit/verify"] {
        let response = send(&platform, http::Request::get(path));
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(body(&response)["detail"], "This operation takes calls from other services only.");
    }
}
