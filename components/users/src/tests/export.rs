//! The export of everything that is kept about the caller, with fakes of the other services.

use super::fake_auth::invitation;
use super::{FIRST_ID, SERVICE, create, internal};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{Role, Timestamp, UserId};
use spindle_edge::testing::{Issuer, TestClient, TestRequest, TestResponse, user_id, with_edge_variables};
use spindle_platform::Platform;
use spindle_platform::http::{Response, empty, json as respond};
use spindle_platform::token::jwks::JwkSet;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

const EXPORT: &str = "/v1/users/me/export";

/// The services that are called.
const OTHERS: [&str; 5] = ["auth", "catalog", "notifications", "orders", "payments"];

/// The service, whose user [`FIRST_ID`] exports, and the records that the other services have of that user.
struct Fixture {
    client: TestClient,
    /// The number of records of each list, such as `orders/orders`; none if it is not here.
    records: Rc<RefCell<BTreeMap<String, usize>>>,
    /// The page after which each of these lists fails, from 0.
    failures: Rc<RefCell<BTreeMap<String, usize>>>,
    /// The requests for pages.
    requests: Rc<RefCell<Vec<String>>>,
}

impl Fixture {
    fn new() -> Self {
        let mut builder = with_edge_variables(Platform::native()).at(Timestamp::from_millis(1_700_000_000_000));
        for service in OTHERS {
            builder = builder.with_variable(&format!("{service}_url"), &format!("http://{service}.spin.internal"));
        }
        let platform = builder.with_variable("event_retention_seconds", "3600").with_fixed_randomness().build();
        let client = TestClient::without_issuer(&SERVICE, &platform).with_caller(user_id(1), Role::Admin);
        let fixture = Self { client, records: Rc::default(), failures: Rc::default(), requests: Rc::default() };
        for service in OTHERS {
            fixture.serve(service);
        }
        internal::register(&fixture.client, &user_id(1).to_string(), "admin@example.com", "admin");
        let address = json!({ "label": "home", "name": "Ada", "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE" });
        let user = json!({
            "email": "ada@example.com", "display_name": "Ada", "phone": "+4930123456", "locale": "de-CH",
            "addresses": [address],
        });
        create(&fixture.client, user).expect(StatusCode::CREATED);
        fixture
    }

    fn serve(&self, service: &'static str) {
        let keys = JwkSet { keys: vec![Issuer::with_key(self.client.platform(), 7).jwk(None)] };
        let (records, failures) = (Rc::clone(&self.records), Rc::clone(&self.failures));
        let requests = Rc::clone(&self.requests);
        self.client.platform().serve(&format!("{service}.spin.internal"), move |request| {
            let response = if request.path() == "/internal/auth/keys" {
                respond(StatusCode::OK, &keys)
            } else if request.method() == Method::DELETE {
                empty(StatusCode::NO_CONTENT)
            } else if request.path().ends_with("/invitation") {
                respond(StatusCode::CREATED, &invitation())
            } else {
                requests.borrow_mut().push(request.uri().to_string());
                page(&request.uri().to_string(), service, &records.borrow(), &failures.borrow())
            };
            Box::pin(async { response })
        });
    }

    fn request(&self) -> TestRequest<'_> {
        self.client.get(EXPORT).as_user(FIRST_ID.parse().unwrap(), Role::Customer)
    }

    fn export(&self) -> TestResponse {
        self.request().send().expect(StatusCode::OK)
    }

    fn audited(&self) -> Vec<(String, String)> {
        self.client.rows("SELECT action, actor FROM audit_log WHERE action = 'user.exported'")
    }
}

/// Returns a record of a list: one that has its number.
fn record(list: &str, number: usize) -> Value {
    let (service, part) = list.split_once('/').unwrap();
    let (id, time) = (user_id(number.try_into().unwrap()), "2023-11-14T22:13:20.000Z");
    match part {
        "credentials" => json!({ "created_at": time, "password_changed_at": time, "failed_log_ins": [time] }),
        "sessions" => json!({
            "id": id, "created_at": time, "last_used_at": time, "expires_at": time, "user_agent": "tests", "ip_address": null,
            "revoked_at": time, "revoked_reason": "logged_out",
        }),
        "idempotency-keys" => json!({
            "service": service, "operation": "order.place", "key": number.to_string(), "resource_id": id, "created_at": time, "status": 201,
        }),
        "audit" => json!({
            "service": service, "id": id, "created_at": time, "actor": null, "action": "tested", "subject": number.to_string(), "request_id": "r-1",
            "source": null, "detail": {},
        }),
        _ => json!({ "id": id, "number": number }),
    }
}

/// Responds to a request for a page of a list.
fn page(
    target: &str,
    service: &str,
    records: &BTreeMap<String, usize>,
    failures: &BTreeMap<String, usize>,
) -> Response {
    let start = format!("/internal/{service}/users/{FIRST_ID}/export/");
    let (part, query) = target.strip_prefix(&start).unwrap_or_else(|| panic!("{target}")).split_once('?').unwrap();
    let cursor = match query.split_once("&cursor=") {
        None => 0,
        Some((_, cursor)) => cursor.parse().unwrap(),
    };
    assert!(query.starts_with("limit=100"), "{target}");
    let list = format!("{service}/{part}");
    if failures.get(&list).is_some_and(|page| cursor == page * 100) {
        return empty(StatusCode::INTERNAL_SERVER_ERROR);
    }
    let count = records.get(&list).copied().unwrap_or_default();
    let end = (cursor + 100).min(count);
    let items: Vec<Value> = (cursor..end).map(|number| record(&list, number)).collect();
    let next = (end < count).then(|| end.to_string());
    respond(StatusCode::OK, &json!({ "items": items, "next_cursor": next }))
}

#[test]
fn the_document_has_the_profile_and_the_lists_of_all_services() {
    let fixture = Fixture::new();
    for list in ["auth/credentials", "orders/orders", "payments/payments", "auth/audit", "catalog/audit"] {
        fixture.records.borrow_mut().insert(list.to_owned(), 1);
    }
    fixture.records.borrow_mut().insert("auth/sessions".to_owned(), 2);
    let change = format!(
        "INSERT INTO email_changes VALUES ('c-1', '{FIRST_ID}', 'lovelace@example.com', 1700000000000) RETURNING id"
    );
    assert_eq!(fixture.client.rows::<(String,)>(&change).len(), 1);
    let response = fixture.export();
    let file = format!("attachment; filename=\"spindle-export-{FIRST_ID}.json\"");
    assert_eq!(response.header("content-disposition"), Some(file.as_str()));
    assert_eq!(
        (response.header("content-type"), response.header("cache-control")),
        (Some("application/json"), Some("no-store"))
    );
    let mut document = response.json();
    let profile = fixture.client.get(&format!("/v1/users/{FIRST_ID}")).send().json();
    assert_eq!(profile["addresses"][0]["lines"], json!(["1 Main St"]));
    let own_rows: Vec<Value> = document["audit_log"].as_array_mut().unwrap().drain(2..).collect();
    let expected = json!({
        "exported_at": "2023-11-14T22:13:20.000Z",
        "profile": profile,
        "previous_emails": [{ "email": "lovelace@example.com", "changed_at": "2023-11-14T22:13:20.000Z" }],
        "credentials": [record("auth/credentials", 0)],
        "sessions": [record("auth/sessions", 0), record("auth/sessions", 1)],
        "orders": [record("orders/orders", 0)],
        "payments": [record("payments/payments", 0)],
        "notifications": [],
        "idempotency_keys": [],
        "audit_log": [record("auth/audit", 0), record("catalog/audit", 0)],
    });
    assert_eq!(document, expected);
    let own_rows: Vec<(&str, &str)> =
        own_rows.iter().map(|row| (row["service"].as_str().unwrap(), row["action"].as_str().unwrap())).collect();
    assert_eq!(own_rows, [("users", "user.created"), ("users", "user.exported")]);
}

#[test]
fn a_user_with_ten_thousand_orders_gets_all_of_them_page_by_page() {
    let fixture = Fixture::new();
    fixture.records.borrow_mut().insert("orders/orders".to_owned(), 10_000);
    fixture.records.borrow_mut().insert("payments/payments".to_owned(), 100);
    fixture.records.borrow_mut().insert("notifications/notifications".to_owned(), 101);
    let document = fixture.export().json();
    let numbers = |list: &str| -> Vec<u64> {
        document[list].as_array().unwrap().iter().map(|item| item["number"].as_u64().unwrap()).collect()
    };
    assert_eq!(numbers("orders"), (0..10_000).collect::<Vec<_>>());
    assert_eq!((numbers("payments").len(), numbers("notifications").len()), (100, 101));
    let requests = fixture.requests.borrow();
    let pages =
        |service: &str| requests.iter().filter(|target| target.contains(&format!("/export/{service}?"))).count();
    assert_eq!((pages("orders"), pages("payments"), pages("notifications")), (100, 1, 2));
}

#[test]
fn a_service_that_does_not_respond_at_the_start_is_a_503() {
    for list in ["auth/credentials", "orders/orders", "payments/audit"] {
        let fixture = Fixture::new();
        fixture.failures.borrow_mut().insert(list.to_owned(), 0);
        let response = fixture.request().send();
        assert_eq!(
            (response.problem().as_str(), response.header("retry-after")),
            ("503 unavailable", Some("5")),
            "{list}"
        );
        fixture.failures.borrow_mut().clear();
        assert_eq!(fixture.export().json()["profile"]["id"], FIRST_ID, "the next export is complete");
    }
}

#[test]
fn a_service_that_fails_later_cuts_the_document_and_the_log_says_why() {
    let fixture = Fixture::new();
    fixture.records.borrow_mut().insert("orders/orders".to_owned(), 1_000);
    fixture.failures.borrow_mut().insert("orders/orders".to_owned(), 3);
    let response = fixture.export();
    let text = String::from_utf8(response.body().to_vec()).unwrap();
    assert!(text.contains("\"number\":299") && !text.contains("\"number\":300"), "{text}");
    assert!(serde_json::from_str::<Value>(&text).is_err(), "a document that is cut is no JSON");
    let logged = fixture.client.platform().logged();
    let is_reason =
        |line: &String| line.contains("response is not complete") && line.contains("orders responded with 500");
    assert!(logged.iter().any(is_reason), "{logged:?}");
}

#[test]
fn an_export_is_audited_and_takes_no_parameters() {
    let fixture = Fixture::new();
    let query = fixture.client.get("/v1/users/me/export?user_id=1").as_user(FIRST_ID.parse().unwrap(), Role::Customer);
    assert_eq!(query.send().problem(), "400 malformed-request");
    assert_eq!(fixture.audited(), []);
    fixture.export();
    assert_eq!(fixture.audited(), [("user.exported".to_owned(), FIRST_ID.to_owned())]);
}

#[test]
fn only_the_user_exports_and_not_after_the_erasure() {
    let fixture = Fixture::new();
    assert_eq!(
        TestClient::without_issuer(&SERVICE, fixture.client.platform()).get(EXPORT).send().problem(),
        "401 unauthorized"
    );
    let stranger: UserId = user_id(77);
    assert_eq!(fixture.client.get(EXPORT).as_user(stranger, Role::Customer).send().problem(), "404 not-found");
    let of_another = format!("/v1/users/{FIRST_ID}/export");
    assert_eq!(
        fixture.client.get(&of_another).send().problem(),
        "404 not-found",
        "not even an admin has one of others"
    );
    let head = fixture.client.request(Method::HEAD, EXPORT).as_user(FIRST_ID.parse().unwrap(), Role::Customer).send();
    assert_eq!(head.status(), StatusCode::OK);
    fixture
        .client
        .delete(&format!("/v1/users/{FIRST_ID}"))
        .header("if-match", "*")
        .send()
        .expect(StatusCode::NO_CONTENT);
    assert_eq!(fixture.request().send().problem(), "404 not-found");
}
