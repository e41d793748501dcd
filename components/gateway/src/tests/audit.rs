//! The merged audit logs, of mocked services with a log in memory.

use crate::services::SERVICES;
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::{Role, Timestamp};
use spindle_edge::AuditPage;
use spindle_edge::testing::{Issuer, TestClient};
use spindle_platform::audit::{Query, Record};
use spindle_platform::http::{empty, json as with_json};
use std::cell::RefCell;
use std::rc::Rc;

/// An audit log in memory.
#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<Record>>>);

impl Log {
    /// Returns a log with a row at every other second from `first` to `last`.
    fn of_seconds(first: i64, last: i64) -> Self {
        let log = Self::default();
        (first..=last).step_by(2).for_each(|second| log.append(second));
        log
    }

    fn append(&self, second: i64) {
        let mut rows = self.0.borrow_mut();
        let seq = rows.len() as i64 + 1;
        rows.push(Record {
            seq,
            id: format!("id-{second}"),
            at: Timestamp::from_millis(second * 1000),
            actor: Some(format!("actor-{}", seq % 2)),
            action: "thing.made".to_owned(),
            subject: None,
            request_id: "r-1".to_owned(),
            source: Some("192.0.2.7".to_owned()),
            detail: json!({ "second": second }),
        });
    }

    fn read(&self, query: &Query) -> AuditPage {
        let rows = self.0.borrow();
        let wanted = rows.iter().rev().filter(|row| {
            query.before_seq.is_none_or(|before| row.seq < before)
                && (query.filter.actor.is_none() || query.filter.actor == row.actor)
                && query.filter.created.includes(row.at)
        });
        AuditPage { items: wanted.take(query.limit).cloned().collect(), next: None }
    }
}

/// Returns a client of the gateway with services whose logs are empty.
fn client() -> TestClient {
    let client = super::client();
    SERVICES.iter().for_each(|service| mock_service(&client, service, &Log::default(), None));
    client
}

/// Mocks the audit log of `service`, which is intact without `bad_row`, and the keys of auth.
fn mock_service(client: &TestClient, service: &'static str, log: &Log, bad_row: Option<i64>) {
    let keys = json!({ "keys": [Issuer::with_key(client.platform(), 7).jwk(None)] });
    let log = log.clone();
    client.platform().serve(&format!("{service}.spin.internal"), move |request| {
        let response = match request.path().strip_prefix(&format!("/internal/{service}")) {
            Some("/keys") => with_json(StatusCode::OK, &keys),
            Some("/audit") => with_json(StatusCode::OK, &log.read(&Query::from_request(&request).unwrap())),
            Some("/audit/verify") => with_json(StatusCode::OK, &report(service, bad_row)),
            other => panic!("an unexpected request for {other:?}"),
        };
        Box::pin(async { response })
    });
}

fn report(service: &str, bad_row: Option<i64>) -> Value {
    let head = json!({ "seq": 9, "mac_hex": "00" });
    let mut report = json!({ "service": service, "rows": 9, "head": head, "intact": bad_row.is_none() });
    if let Some(row) = bad_row {
        report["first_bad_seq"] = row.into();
        report["detail"] = "This row is missing.".into();
    }
    report
}

fn ids(body: &Value) -> Vec<String> {
    body["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_logs_of_all_services_are_merged_newest_first() {
    let client = client();
    mock_service(&client, "auth", &Log::of_seconds(1, 5), None);
    mock_service(&client, "users", &Log::of_seconds(2, 4), None);
    let (status, body) = client.get("/v1/admin/audit").as_role(Role::Admin).send().status_and_json();
    assert_eq!(status, StatusCode::OK);
    assert_eq!(ids(&body), ["id-5", "id-4", "id-3", "id-2", "id-1"]);
    assert_eq!(body["next_cursor"], Value::Null);
    assert_eq!(
        body["items"][1],
        json!({
            "id": "id-4", "service": "users", "created_at": "1970-01-01T00:00:04.000Z", "actor": "actor-0", "action": "thing.made",
            "subject": null, "request_id": "r-1", "source": "192.0.2.7", "detail": { "second": 4 },
        })
    );
}

#[test]
fn a_filter_is_applied_by_every_service() {
    let client = client();
    mock_service(&client, "auth", &Log::of_seconds(1, 9), None);
    mock_service(&client, "users", &Log::of_seconds(2, 8), None);
    let (_, body) = client
        .get("/v1/admin/audit?actor=actor-0&created_after=1970-01-01T00:00:03Z")
        .as_role(Role::Admin)
        .send()
        .status_and_json();
    assert_eq!(ids(&body), ["id-8", "id-7", "id-4"]);
}

#[test]
fn a_page_continues_the_one_before_while_rows_are_appended() {
    let client = client();
    let (auth, users) = (Log::of_seconds(1, 29), Log::of_seconds(30, 40));
    mock_service(&client, "auth", &auth, None);
    mock_service(&client, "users", &users, None);
    let mut target = "/v1/admin/audit?limit=5".to_owned();
    let mut seen = Vec::new();
    loop {
        let response = client.get(&target).as_role(Role::Admin).send();
        let body = response.json();
        seen.extend(ids(&body));
        auth.append(99);
        users.append(0);
        let Some(next) = response.next_page() else { break };
        target = next;
        assert!(target.starts_with("/v1/admin/audit?limit=5&cursor="), "{target}");
    }
    let expected: Vec<String> = (1..=40)
        .rev()
        .filter(|second| *second >= 30 && second % 2 == 0 || *second < 30 && second % 2 == 1)
        .map(|second| format!("id-{second}"))
        .collect();
    assert_eq!(seen, expected);
}

/// Has `service` fail, except that auth still has its keys.
fn fail(client: &TestClient, service: &str) {
    let keys = json!({ "keys": [Issuer::with_key(client.platform(), 7).jwk(None)] });
    client.platform().serve(&format!("{service}.spin.internal"), move |request| {
        let response = match request.path() {
            "/internal/auth/keys" => with_json(StatusCode::OK, &keys),
            _ => empty(StatusCode::INTERNAL_SERVER_ERROR),
        };
        Box::pin(async { response })
    });
}

#[test]
fn a_list_has_the_rows_of_the_services_that_respond_and_none_of_the_others_is_lost() {
    let client = client();
    mock_service(&client, "auth", &Log::of_seconds(1, 5), None);
    mock_service(&client, "users", &Log::of_seconds(2, 6), None);
    let list = |target: &str| client.get(target).as_role(Role::Admin).send();
    let first = list("/v1/admin/audit?limit=2");
    assert_eq!((ids(&first.json()), first.json().get("missing")), (vec!["id-6".to_owned(), "id-5".to_owned()], None));

    // The others go on, and the end of the list waits for the missing service, which stays where it was.
    fail(&client, "users");
    let second = list(&first.next_page().unwrap());
    assert_eq!(ids(&second.json()), ["id-3", "id-1"]);
    assert_eq!(second.json()["missing"], json!([{ "service": "users", "cause": "returned 500" }]));
    let rest = second.next_page().unwrap();
    assert_eq!(list(&rest).problem(), "503 unavailable");
    mock_service(&client, "users", &Log::of_seconds(2, 6), None);
    let last = list(&rest);
    assert_eq!((ids(&last.json()), last.next_page()), (vec!["id-4".to_owned(), "id-2".to_owned()], None));
    assert_eq!(last.json().get("missing"), None);

    // So does a list that begins while it is missing.
    fail(&client, "users");
    let first = list("/v1/admin/audit");
    assert_eq!(ids(&first.json()), ["id-5", "id-3", "id-1"]);
    mock_service(&client, "users", &Log::of_seconds(2, 6), None);
    assert_eq!(ids(&list(&first.next_page().unwrap()).json()), ["id-6", "id-4", "id-2"]);
}

#[test]
fn a_verification_goes_on_without_a_service_that_fails_and_ends_only_with_it() {
    let client = client();
    let queries = mock_long_log(&client, None);
    let verify = |query: &str| {
        let target = format!("/v1/admin/audit/verify?{query}");
        let body = client.get(&target).as_role(Role::Admin).send().expect(StatusCode::OK).json();
        let next = body["next_cursor"].as_str().map(|cursor| format!("cursor={cursor}"));
        (body, next)
    };
    let (_, next) = verify("");
    fail(&client, "users");
    let (partial, next) = verify(&next.unwrap());
    assert_eq!(partial["missing"], json!([{ "service": "users", "cause": "returned 500" }]));
    assert_eq!(partial["services"].as_array().unwrap().len(), SERVICES.len() - 1);
    assert_eq!((&partial["intact"], &partial["progress"]), (&Value::Null, &json!({ "rows": 45, "of": 45 })));

    // It continues where it was.
    let queries_again = mock_long_log(&client, None);
    let (_, next) = verify(&next.unwrap());
    let (last, next) = verify(&next.unwrap());
    assert_eq!((&last["intact"], last.get("missing"), next), (&json!(true), None, None));
    assert_eq!(*queries.borrow(), [""]);
    assert_eq!(*queries_again.borrow(), ["seq=4&mac_hex=04", "seq=8&mac_hex=08"]);

    // A violation is one, whatever is missing.
    mock_service(&client, "catalog", &Log::default(), Some(4));
    fail(&client, "users");
    assert_eq!(verify("").0["intact"], false);
}

#[test]
fn if_every_service_fails_they_are_named_and_no_rows_are_returned() {
    let services: Vec<String> = SERVICES.iter().map(|service| format!("{service} (returned 500)")).collect();
    for (target, consequence) in [
        ("/v1/admin/audit", "The audit log is unavailable"),
        ("/v1/admin/audit/verify", "The audit log cannot be verified"),
    ] {
        let client = client();
        SERVICES.iter().for_each(|service| fail(&client, service));
        let response = client.get(target).as_role(Role::Admin).send();
        assert_eq!(
            (response.status(), &response.headers()["retry-after"]),
            (StatusCode::SERVICE_UNAVAILABLE, &"1".parse().unwrap())
        );
        assert_eq!(response.json()["detail"], format!("{consequence}: {}.", services.join(", ")));
    }
}

#[test]
fn a_verification_reports_each_service_and_is_intact_only_if_all_are() {
    for (bad_row, intact) in [(None, true), (Some(4), false)] {
        let client = client();
        mock_service(&client, "users", &Log::default(), bad_row);
        let reports = SERVICES.iter().map(|service| report(service, bad_row.filter(|_| *service == "users")));
        let expected = json!({ "intact": intact, "services": reports.collect::<Vec<_>>() });
        assert_eq!(
            client.get("/v1/admin/audit/verify").as_role(Role::Admin).send().status_and_json(),
            (StatusCode::OK, expected)
        );
    }
}

/// Mocks a log of users with nine rows, of which a request verifies four, and whose row `bad_row` was altered. Returns the queries.
fn mock_long_log(client: &TestClient, bad_row: Option<i64>) -> Rc<RefCell<Vec<String>>> {
    let queries: Rc<RefCell<Vec<String>>> = Rc::default();
    let received = queries.clone();
    client.platform().serve("users.spin.internal", move |request| {
        let query = request.uri().query().unwrap_or_default().to_owned();
        let from: i64 = request.query_parameter("seq").unwrap().map_or(0, |seq| seq.parse().unwrap());
        received.borrow_mut().push(query);
        let end = (from + 4).min(9);
        let head = json!({ "seq": 9, "mac_hex": "09" });
        let mut report = json!({ "service": "users", "rows": end, "head": head, "intact": true });
        if let Some(bad) = bad_row.filter(|bad| *bad <= end) {
            report["rows"] = (bad - 1).into();
            report["intact"] = false.into();
            report["first_bad_seq"] = bad.into();
            report["detail"] = "This row is missing.".into();
        } else if end < 9 {
            report["intact"] = Value::Null;
            report["checkpoint"] = json!({ "seq": end, "mac_hex": format!("0{end}") });
        }
        let response = with_json(StatusCode::OK, &report);
        Box::pin(async { response })
    });
    queries
}

/// Verifies the logs, request by request, and returns the responses.
fn verify_all(client: &TestClient) -> Vec<Value> {
    let mut target = "/v1/admin/audit/verify".to_owned();
    let mut responses: Vec<Value> = Vec::new();
    loop {
        let response = client.get(&target).as_role(Role::Admin).send().expect(StatusCode::OK).json();
        let cursor = response["next_cursor"].as_str().map(str::to_owned);
        responses.push(response);
        let Some(cursor) = cursor else { return responses };
        target = format!("/v1/admin/audit/verify?cursor={cursor}");
    }
}

#[test]
fn a_long_log_is_verified_in_several_requests_with_their_progress() {
    let client = client();
    let queries = mock_long_log(&client, None);
    let [first, second, last] = verify_all(&client).try_into().unwrap();
    assert_eq!((&first["intact"], &first["progress"]), (&Value::Null, &json!({ "rows": 49, "of": 54 })));
    assert_eq!((&second["intact"], &second["progress"]), (&Value::Null, &json!({ "rows": 53, "of": 54 })));
    let reports: Vec<Value> = SERVICES
        .iter()
        .map(|service| {
            let mac = if *service == "users" { "09" } else { "00" };
            json!({ "service": service, "rows": 9, "head": { "seq": 9, "mac_hex": mac }, "intact": true })
        })
        .collect();
    assert_eq!(last, json!({ "intact": true, "services": reports }), "the last response is that of a short log");
    assert_eq!(*queries.borrow(), ["", "seq=4&mac_hex=04", "seq=8&mac_hex=08"]);
}

#[test]
fn a_violation_stays_one_while_the_other_logs_are_verified() {
    let client = client();
    mock_long_log(&client, None);
    mock_service(&client, "auth", &Log::default(), Some(4));
    let responses = verify_all(&client);
    assert_eq!(responses.len(), 3);
    for response in &responses {
        assert_eq!(response["intact"], false);
        assert_eq!(response["services"][0]["first_bad_seq"], 4);
    }
    let client = super::audit::client();
    mock_long_log(&client, Some(6));
    let responses: Vec<Value> = verify_all(&client).iter().map(|response| response["intact"].clone()).collect();
    assert_eq!(responses, [Value::Null, false.into()]);
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    let cursor = spindle_contracts::Cursor::encode("audit", &json!({}));
    for query in ["cursor=abc".to_owned(), "cursor=".to_owned(), format!("cursor={cursor}"), "limit=1".to_owned()] {
        let response = client().get(&format!("/v1/admin/audit/verify?{query}")).as_role(Role::Admin).send();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}

#[test]
fn only_an_admin_reads_the_logs() {
    let client = client();
    for target in ["/v1/admin/audit", "/v1/admin/audit/verify"] {
        for role in [Role::Customer, Role::Operator] {
            assert_eq!(client.get(target).as_role(role).send().status(), StatusCode::FORBIDDEN);
        }
        assert_eq!(client.get(target).as_role(Role::Admin).send().status(), StatusCode::OK);
        assert_eq!(client.get(target).send().status(), StatusCode::UNAUTHORIZED);
    }
}

#[test]
fn an_invalid_query_is_refused_before_any_service_is_called() {
    let client = client();
    for query in [
        "user=a",
        "created_after=yesterday",
        "after=1970-01-01T00:00:04Z",
        "limit=101",
        "cursor=abc",
        "before_seq=3",
        "actor=a&actor=b",
        "actor=",
        "action=",
        "subject=",
        "created_after=",
        "created_before=",
        "limit=",
        "cursor=",
    ] {
        let response = client.get(&format!("/v1/admin/audit?{query}")).as_role(Role::Admin).send();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
}
