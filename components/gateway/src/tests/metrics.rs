//! The page of metrics, with mocked services.

use super::platform;
use crate::SERVICE;
use crate::metrics::METRICS;
use crate::metrics::text::Definition;
use crate::services::SERVICES;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::Role;
use spindle_contracts::event::consumers;
use spindle_edge::testing::TestClient;
use spindle_events::metrics::{MetricsPart, Sample};
use spindle_metrics_schema::{Schema, Source};
use spindle_platform::http::{empty, json as with_json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The token for scrapes.
pub(super) const TOKEN: &str = "abcdefghijklmnopqrstuvwxyz012345";

type Requests = Rc<RefCell<Vec<String>>>;

/// Mocks `service`: its inbox has three events, and it has pulled up to 7 from each source. Its outbox has as many unread events for each consumer.
fn mock(client: &TestClient, requests: &Requests, service: &'static str) {
    let (requests, keys) = (Rc::clone(requests), json!({ "keys": [client.issuer().jwk(None)] }));
    client.platform().serve(&format!("{service}.spin.internal"), move |request| {
        if request.path() == "/internal/auth/keys" {
            let response = with_json(StatusCode::OK, &keys);
            return Box::pin(async { response });
        }
        assert!(request.header("authorization").unwrap().starts_with("Bearer "));
        requests.borrow_mut().push(request.uri().to_string());
        let part = match request.path().strip_prefix(&format!("/internal/{service}/metrics")) {
            Some("") => MetricsPart {
                samples: vec![Sample::count("spindle_inbox_events", &[("service_name", service)], 3)],
                cursors: ["auth", "orders", "payments", "users"].map(|source| (source.to_owned(), 7)).into(),
            },
            Some("/outbox") => {
                let after = request.query_parameter("after").unwrap().unwrap_or_default();
                let unread = |(consumer, seq): (&str, &str)| {
                    let labels = [("service_name", consumer), ("source", service)];
                    Sample::count("spindle_outbox_unread_events", &labels, seq.parse().unwrap())
                };
                let cursors = after.split(',').filter_map(|cursor| cursor.split_once(':'));
                MetricsPart { samples: cursors.map(unread).collect(), cursors: BTreeMap::new() }
            }
            other => panic!("an unexpected request: {other:?}"),
        };
        Box::pin(async move { with_json(StatusCode::OK, &part) })
    });
}

fn fail(client: &TestClient, service: &str) {
    let host = format!("{service}.spin.internal");
    client.platform().serve(&host, |_| Box::pin(async { empty(StatusCode::INTERNAL_SERVER_ERROR) }));
}

fn client() -> (TestClient, Requests) {
    let (client, requests) = (TestClient::new(&SERVICE, &platform()), Requests::default());
    SERVICES.iter().for_each(|service| mock(&client, &requests, service));
    (client, requests)
}

/// Scrapes with the token, and returns the lines with samples.
fn scrape(client: &TestClient) -> Vec<String> {
    let response = client.get("/metrics").bearer(TOKEN).send().expect(StatusCode::OK);
    let content = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(response.header("content-type"), Some(content));
    let page = String::from_utf8(response.body().to_vec()).unwrap();
    assert!(page.ends_with("\n# EOF\n"), "{page}");
    page.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

fn up(service: &str, is_up: bool) -> String {
    format!("spindle_service_up{{service_name=\"{service}\"}} {}", u8::from(is_up))
}

fn unread(consumer: &str, source: &str) -> String {
    format!("spindle_outbox_unread_events{{service_name=\"{consumer}\",source=\"{source}\"}} 7")
}

fn waiting(service: &str) -> String {
    format!("spindle_inbox_events{{service_name=\"{service}\"}} 3")
}

/// Returns the lines of a page on which the services `missing` are, sorted.
fn expected(missing: &[&str]) -> Vec<String> {
    let is_there = |service: &&str| !missing.contains(service);
    let pairs = [
        ("notifications", "auth"),
        ("notifications", "orders"),
        ("payments", "orders"),
        ("notifications", "payments"),
        ("orders", "payments"),
        ("notifications", "users"),
        ("orders", "users"),
        ("payments", "users"),
    ];
    let there = pairs.iter().filter(|(consumer, source)| is_there(consumer) && is_there(source));
    let unread = there.map(|(consumer, source)| unread(consumer, source));
    let waiting = consumers().into_iter().filter(is_there).map(waiting);
    let up = SERVICES.iter().map(|service| up(service, is_there(service)));
    let mut lines: Vec<String> = waiting.chain(unread).chain(up).collect();
    lines.sort_unstable();
    lines
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort_unstable();
    lines
}

#[test]
fn the_metrics_are_those_of_the_list_that_the_gateway_serves() {
    let schema = Schema::read().unwrap();
    let listed: Vec<_> = schema.served_by(Source::Gateway).collect();
    assert_eq!(METRICS.len(), listed.len());
    for (Definition { name, kind, unit, labels, help }, metric) in METRICS.iter().zip(listed) {
        assert_eq!((*name, *kind, *help), (metric.name.as_str(), metric.kind.name(), metric.help.as_str()));
        assert_eq!(*unit, metric.unit.as_deref().unwrap_or_default());
        assert!(metric.labels.iter().eq(*labels), "{name}: {labels:?}");
    }
}

#[test]
fn each_source_counts_the_events_after_the_cursors_of_its_consumers() {
    let (client, requests) = client();
    assert_eq!(sorted(scrape(&client)), expected(&[]));
    let asked = sorted(std::mem::take(&mut *requests.borrow_mut()));
    let expected = [
        "/internal/auth/metrics/outbox?after=notifications:7",
        "/internal/catalog/metrics/outbox",
        "/internal/notifications/metrics",
        "/internal/notifications/metrics/outbox",
        "/internal/orders/metrics",
        "/internal/orders/metrics/outbox?after=notifications:7,payments:7",
        "/internal/payments/metrics",
        "/internal/payments/metrics/outbox?after=notifications:7,orders:7",
        "/internal/users/metrics/outbox?after=notifications:7,orders:7,payments:7",
    ];
    assert_eq!(asked, expected);
}

#[test]
fn the_metrics_of_a_service_that_fails_are_missing_and_it_is_not_up() {
    for service in SERVICES {
        let (client, _) = client();
        fail(&client, service);
        assert_eq!(sorted(scrape(&client)), expected(&[service]), "{service}");
        let logged = client.platform().logged();
        let warnings = logged.iter().filter(|line| line.contains("part of a response missing")).count();
        assert_eq!(warnings, 1, "{logged:?}");
    }
}

#[test]
fn a_service_that_fails_with_its_second_part_has_neither() {
    let (client, _) = client();
    client.platform().serve("orders.spin.internal", |request| {
        let response = match request.path() {
            "/internal/orders/metrics" => {
                with_json(StatusCode::OK, &json!({ "samples": [], "cursors": { "users": 7 } }))
            }
            _ => empty(StatusCode::SERVICE_UNAVAILABLE),
        };
        Box::pin(async { response })
    });
    let lines = scrape(&client);
    assert!(lines.contains(&up("orders", false)), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("source=\"orders\"")), "{lines:?}");
}

#[test]
fn if_every_service_fails_the_page_says_so() {
    let (client, _) = client();
    SERVICES.iter().for_each(|service| fail(&client, service));
    assert_eq!(scrape(&client), SERVICES.iter().map(|service| up(service, false)).collect::<Vec<_>>());
}

#[test]
fn an_operator_reads_the_page_and_a_customer_does_not() {
    let (client, requests) = client();
    client.get("/metrics").as_role(Role::Operator).send().expect(StatusCode::OK);
    client.get("/metrics").as_role(Role::Admin).send().expect(StatusCode::OK);
    requests.borrow_mut().clear();
    assert_eq!(client.get("/metrics").as_role(Role::Customer).send().problem(), "403 forbidden");
    assert_eq!(client.get("/metrics").send().problem(), "401 unauthorized");
    assert_eq!(client.get("/metrics").bearer("another").send().problem(), "401 unauthorized");
    assert_eq!(client.get("/metrics?service=orders").bearer(TOKEN).send().problem(), "400 malformed-request");
    assert_eq!(*requests.borrow(), [""; 0]);
}
