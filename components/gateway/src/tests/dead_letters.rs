//! The dead letters of all services, which are mocked with letters in memory.

use crate::SERVICE;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{Role, Timestamp};
use spindle_edge::testing::{TestClient, user_id};
use spindle_events::dead_letters::{DeadLetter, DeadLetters, ReplayCount};
use spindle_platform::http::{Request, empty, json as with_json};
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;

const LETTERS: &str = "/v1/admin/dead-letters";

/// The requests that services received.
type Requests = Rc<RefCell<Vec<String>>>;

fn id(number: i64) -> String {
    Uuid::from_u128(u128::try_from(number).unwrap()).to_string()
}

/// Returns letter `number` of `service`, which died at that second.
fn letter(service: &str, number: i64) -> DeadLetter {
    DeadLetter {
        service: service.to_owned(),
        id: id(number),
        source: "catalog".to_owned(),
        kind: "OrderPaid".to_owned(),
        subject: "o-1".to_owned(),
        occurred_at: Timestamp::from_millis(0),
        died_at: Timestamp::from_millis(number * 1_000),
        attempts: 5,
        last_error: "the provider does not respond".to_owned(),
        failures: Vec::new(),
        request_id: "r-1".to_owned(),
        traceparent: String::new(),
        data: json!({ "number": number }),
    }
}

/// Mocks `service` with letters 1 to `count`.
fn mock_letters(client: &TestClient, requests: &Requests, service: &'static str, count: i64) {
    let requests = requests.clone();
    client.platform().serve(&format!("{service}.spin.internal"), move |request| {
        let requests = requests.clone();
        Box::pin(async move {
            requests.borrow_mut().push(format!("{} {}", request.method(), request.uri()));
            let path = request.path().strip_prefix(&format!("/internal/{service}/dead-letters")).unwrap().to_owned();
            let method = request.method().clone();
            match (method.as_str(), path.as_str()) {
                ("GET", "") => with_json(StatusCode::OK, &page(service, count, &request)),
                ("POST", "/replay") => {
                    let body: Value = request.on_route(Default::default(), 1_000).internal_json().await.unwrap();
                    requests.borrow_mut().push(body.to_string());
                    with_json(StatusCode::ACCEPTED, &ReplayCount { replayed: 7 })
                }
                (_, path) if !path.starts_with(&format!("/{}", id(1))) => empty(StatusCode::NOT_FOUND),
                ("GET", _) => with_json(StatusCode::OK, &letter(service, 1)),
                ("DELETE", _) => empty(StatusCode::NO_CONTENT),
                ("POST", _) => with_json(StatusCode::ACCEPTED, &ReplayCount { replayed: 1 }),
                other => panic!("an unexpected request: {other:?}"),
            }
        })
    });
}

/// Returns the letters that `request` selects, as `spindle_events` does.
fn page(service: &str, count: i64, request: &Request) -> DeadLetters {
    let number = |name: &str| request.query_parameter(name).unwrap().map(|text| text.parse::<i64>().unwrap());
    let before =
        (number("before").unwrap_or(i64::MAX), request.query_parameter("before_id").unwrap().unwrap_or_default());
    let older = (1..=count).rev().map(|number| letter(service, number));
    let older = older.filter(|letter| (letter.died_at.as_millis(), letter.id.as_str()) < (before.0, before.1.as_ref()));
    DeadLetters { items: older.take(usize::try_from(number("limit").unwrap()).unwrap()).collect() }
}

/// Makes a client of the gateway, whose requests an admin sends. Notifications has no letter, orders three, and payments two. Returns also the
/// requests that they receive.
fn client() -> (TestClient, Requests) {
    let client = TestClient::new(&SERVICE, &super::platform()).with_caller(user_id(1), Role::Admin);
    let requests = Requests::default();
    mock_letters(&client, &requests, "notifications", 0);
    mock_letters(&client, &requests, "orders", 3);
    mock_letters(&client, &requests, "payments", 2);
    (client, requests)
}

/// Returns the letters of each page from `target` on, as `service number`.
fn pages(client: &TestClient, target: &str) -> Vec<Vec<String>> {
    let (mut pages, mut target) = (Vec::new(), target.to_owned());
    loop {
        let response = client.get(&target).as_role(Role::Operator).send();
        assert_eq!(response.status(), StatusCode::OK, "{target}");
        let body = response.json();
        let text = |item: &Value| format!("{} {}", item["service"].as_str().unwrap(), item["data"]["number"]);
        pages.push(body["items"].as_array().unwrap().iter().map(text).collect());
        let Some(next) = response.next_page() else { return pages };
        assert!(body["next_cursor"].is_string());
        target = next;
    }
}

#[test]
fn letters_are_sorted_by_service_and_then_the_latest_first() {
    let (client, _) = client();
    assert_eq!(pages(&client, LETTERS), [["orders 3", "orders 2", "orders 1", "payments 2", "payments 1"]]);
    let body = client.get(LETTERS).send().json();
    assert_eq!((&body["items"][0], &body["next_cursor"]), (&json!(letter("orders", 3)), &Value::Null));
}

#[test]
fn pages_continue_from_one_service_to_the_next() {
    let (client, requests) = client();
    let two = pages(&client, &format!("{LETTERS}?limit=2"));
    assert_eq!(two, [vec!["orders 3", "orders 2"], vec!["orders 1", "payments 2"], vec!["payments 1"]]);
    // The letters of a service end with the page; another service has more.
    let three = pages(&client, &format!("{LETTERS}?limit=3"));
    assert_eq!(three, [vec!["orders 3", "orders 2", "orders 1"], vec!["payments 2", "payments 1"]]);
    requests.borrow_mut().clear();
    assert_eq!(pages(&client, &format!("{LETTERS}?limit=1&service=payments")), [["payments 2"], ["payments 1"]]);
    assert!(requests.borrow().iter().all(|request| request.contains("/internal/payments/")));
}

#[test]
fn a_letter_is_read_replayed_and_discarded_by_its_service() {
    let (client, requests) = client();
    let path = format!("{LETTERS}/payments/{}", id(1));
    assert_eq!(client.get(&path).send().status_and_json(), (StatusCode::OK, json!(letter("payments", 1))));
    let replayed = client.post(&format!("{path}/replay")).send().status_and_json();
    assert_eq!(replayed, (StatusCode::ACCEPTED, json!({ "replayed": 1 })));
    assert_eq!(client.delete(&path).send().status_and_json(), (StatusCode::NO_CONTENT, Value::Null));
    let internal = format!("/internal/payments/dead-letters/{}", id(1));
    let expected = [format!("GET {internal}"), format!("POST {internal}/replay"), format!("DELETE {internal}")];
    assert_eq!(*requests.borrow(), expected);
}

#[test]
fn all_letters_of_a_type_are_replayed_together() {
    let (client, requests) = client();
    let replay = |body: Value| client.post(&format!("{LETTERS}/replay")).json(&body).send().status_and_json();
    let replayed = (StatusCode::ACCEPTED, json!({ "replayed": 7 }));
    assert_eq!(replay(json!({ "service": "payments" })), replayed);
    assert_eq!(replay(json!({ "service": "payments", "type": "OrderPaid" })), replayed);
    let post = "POST /internal/payments/dead-letters/replay";
    assert_eq!(*requests.borrow(), [post, "{}", post, r#"{"type":"OrderPaid"}"#]);
    assert_eq!(replay(json!({ "type": "OrderPaid" })).0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(requests.borrow().len(), 4);
}

#[test]
fn an_unknown_letter_or_service_is_not_found() {
    let (client, requests) = client();
    for service in ["payments/00000000-0000-0000-0000-000000000009", "catalog/00000000-0000-0000-0000-000000000001"] {
        let path = format!("{LETTERS}/{service}");
        for (method, path) in
            [(Method::GET, path.clone()), (Method::DELETE, path.clone()), (Method::POST, format!("{path}/replay"))]
        {
            assert_eq!(client.request(method, &path).send().status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
    assert_eq!(requests.borrow().len(), 3, "a service that consumes no events is not called");
    for target in [format!("{LETTERS}/payments/a%20b"), format!("{LETTERS}/payments/%3F")] {
        assert_eq!(client.get(&target).send().status(), StatusCode::NOT_FOUND, "{target}");
    }
}

#[test]
fn a_service_without_dead_letters_is_refused_with_those_that_have_them() {
    let (client, requests) = client();
    let rule = "must be one of notifications, orders, payments";
    let listed = client.get(&format!("{LETTERS}?service=catalog")).send();
    assert_eq!(listed.problem(), "400 malformed-request");
    assert_eq!(listed.json()["errors"], json!([{ "parameter": "service", "detail": rule }]));
    let replayed = client.post(&format!("{LETTERS}/replay")).json(&json!({ "service": "catalog" })).send();
    assert_eq!(replayed.error_pointers(), ["/service"]);
    assert_eq!(replayed.json()["errors"][0]["detail"], rule);
    assert_eq!(*requests.borrow(), [""; 0]);
}

/// Has `service` fail.
fn fail(client: &TestClient, service: &str) {
    let host = format!("{service}.spin.internal");
    client.platform().serve(&host, |_| Box::pin(async { empty(StatusCode::INTERNAL_SERVER_ERROR) }));
}

#[test]
fn a_list_has_the_letters_of_the_services_that_respond_and_names_the_others() {
    let (client, _) = client();
    fail(&client, "orders");
    let (status, body) = client.get(LETTERS).send().status_and_json();
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["items"], json!([letter("payments", 2), letter("payments", 1)]));
    assert_eq!(body["missing"], json!([{ "service": "orders", "cause": "returned 500" }]));
    // The address is for the log alone.
    let logged = client.platform().logged();
    let warning = logged.iter().find(|line| line.contains("part of a response missing")).unwrap();
    assert!(warning.contains(r#""callee":"orders","url":"http://orders.spin.internal""#), "{warning}");

    mock_letters(&client, &Requests::default(), "orders", 3);
    assert!(client.get(LETTERS).send().json().get("missing").is_none(), "nothing is missing");
}

#[test]
fn a_cursor_made_while_a_service_was_missing_skips_none_of_its_letters() {
    let (client, requests) = client();
    let list = |target: &str| client.get(target).send();
    let first = list(&format!("{LETTERS}?limit=1"));
    assert_eq!(first.json()["items"], json!([letter("orders", 3)]));

    // Each page names the missing service and goes on with the others.
    fail(&client, "orders");
    let second = list(&first.next_page().unwrap());
    let third = list(&second.next_page().unwrap());
    let numbers = [&second, &third].map(|page| {
        assert_eq!(page.json()["missing"], json!([{ "service": "orders", "cause": "returned 500" }]));
        page.json()["items"][0]["data"]["number"].clone()
    });
    assert_eq!(numbers, [json!(2), json!(1)]);
    // The others are listed: the end of the list waits for the missing one.
    let rest = third.next_page().unwrap();
    let response = list(&rest);
    assert_eq!(response.problem(), "503 unavailable");
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(response.json()["detail"], "The dead letters are unavailable: orders (returned 500).");

    mock_letters(&client, &requests, "orders", 3);
    assert_eq!(pages(&client, &rest), [["orders 2"], ["orders 1"]]);
}

#[test]
fn a_cursor_with_a_service_or_an_id_that_cannot_be_is_refused_before_any_service_is_called() {
    let (client, requests) = client();
    for position in [json!({ "nosuch": null }), json!({ "orders": { "died_at": "2026-01-01T00:00:00Z", "id": "a b" } })]
    {
        let cursor = spindle_contracts::Cursor::encode("dead-letters", &position);
        let response = client.get(&format!("{LETTERS}?cursor={cursor}")).send();
        assert_eq!(response.problem(), "400 malformed-request", "{position}");
    }
    assert_eq!(*requests.borrow(), [""; 0]);
}

#[test]
fn if_every_service_that_is_asked_fails_they_are_named_and_no_letters_are_returned() {
    let (client, _) = client();
    fail(&client, "payments");
    let path = format!("{LETTERS}/payments/{}", id(1));
    let requests = [
        (Method::GET, format!("{LETTERS}?service=payments")),
        (Method::GET, path.clone()),
        (Method::DELETE, path.clone()),
        (Method::POST, format!("{path}/replay")),
    ];
    for (method, target) in requests {
        let response = client.request(method, &target).send();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{target}");
        assert_eq!(response.headers()["retry-after"], "1");
        assert_eq!(response.json()["detail"], "The dead letters are unavailable: payments (returned 500).");
    }
    // A failed service that is not called does not matter.
    assert_eq!(pages(&client, &format!("{LETTERS}?service=orders")), [["orders 3", "orders 2", "orders 1"]]);

    fail(&client, "notifications");
    fail(&client, "orders");
    let response = client.get(LETTERS).send();
    assert_eq!(response.problem(), "503 unavailable");
    let detail = "The dead letters are unavailable: notifications (returned 500), orders (returned 500), payments (returned 500).";
    assert_eq!(response.json()["detail"], detail);
}

#[test]
fn an_operator_reads_and_an_admin_replays_and_discards() {
    let (client, _) = client();
    let letter = format!("{LETTERS}/payments/{}", id(1));
    let operations = [
        (Method::GET, LETTERS.to_owned(), Role::Operator),
        (Method::GET, letter.clone(), Role::Operator),
        (Method::DELETE, letter.clone(), Role::Admin),
        (Method::POST, format!("{letter}/replay"), Role::Admin),
        (Method::POST, format!("{LETTERS}/replay"), Role::Admin),
    ];
    let body = json!({ "service": "payments" });
    for (method, target, needed) in operations {
        for role in [Role::Customer, Role::Operator, Role::Admin] {
            let response = client.request(method.clone(), &target).as_role(role).json(&body).send();
            let is_refused = response.status() == StatusCode::FORBIDDEN;
            assert_eq!(is_refused, !role.includes(needed), "{method} {target} as {}", role.name());
        }
    }
}

#[test]
fn an_invalid_query_is_refused_before_any_service_is_called() {
    let (client, requests) = client();
    for query in [
        "type=OrderPaid",
        "limit=101",
        "limit=",
        "cursor=abc",
        "cursor=",
        "service=orders&service=payments",
        "service=",
    ] {
        let response = client.get(&format!("{LETTERS}?{query}")).send();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
    }
    assert_eq!(*requests.borrow(), [""; 0]);
}
