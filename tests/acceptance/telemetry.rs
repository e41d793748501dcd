//! Telemetry with the real parts: an order is found in Jaeger, in Prometheus and in the log, and a fault raises its alert until it is over. Spans and
//! metrics of requests come from the embedded host, or are derived from the log by the collector, as on Spin.

mod clock;
mod stack;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spindle_tests::acceptance::{figures, scale};
use spindle_tests::instance::SERVICE_SECRET;
use spindle_tests::products::create_product;
use spindle_tests::redis::RedisServer;
use spindle_tests::{Client, Instance, database};
use xtask::http;
use xtask::tick::Ticker;

use self::stack::{Addresses, Programs, SCRAPE_TOKEN, Source, Stack};
use crate::fixture::{OrderFixture, OrderRequest, SHORT_TIMEOUTS, order_id};

/// The services that an order passes until it is paid and its customer knows.
const SERVICES: [&str; 8] =
    ["catalog", "notifications", "notify-email", "orders", "payment-provider", "payments", "pricing", "users"];

/// The time limit for an alert: it fires when the fault has been there for up to 10 minutes, and its rates look 5 minutes back.
const ALERT_LIMIT: Duration = Duration::from_secs(20 * 60);

#[test]
fn an_order_is_found_in_jaeger_prometheus_and_the_log() {
    let Some(programs) = Programs::find("an_order_is_found_in_jaeger_prometheus_and_the_log") else { return };
    let (state, addresses) = (tempfile::tempdir().expect("a temp folder"), Addresses::free());
    let instance = Instance::with_telemetry(state.path(), &[], &addresses.collector());
    let stack = Stack::start(&programs, &addresses, &instance, Source::Host);
    find_an_order(&stack, &instance, "the host exports spans and metrics");
}

#[test]
fn an_order_is_found_in_what_the_collector_derives_from_the_log() {
    let Some(programs) = Programs::find("an_order_is_found_in_what_the_collector_derives_from_the_log") else { return };
    let (state, addresses) = (tempfile::tempdir().expect("a temp folder"), Addresses::free());
    let instance = Instance::start(state.path());
    let stack = Stack::start(&programs, &addresses, &instance, Source::Log);
    find_an_order(&stack, &instance, "the collector derives spans and metrics from the log");
}

/// Places an order, and finds it in Jaeger, in Prometheus and in the log.
fn find_an_order(stack: &Stack, instance: &Instance, source: &str) {
    let product = create_product(&instance.admin().client, &json!({"stock": {"on_hand": 10}}));
    let order = OrderRequest::new(&product.id, 1, "pm_ok").send(&instance.accounts().customer("watched").client);
    let order = order_id(&order.expect("the host is not killed").expect_status(201));
    let line = stack.wait_for("access line", || created(&instance.log(), &order));
    let trace = stack.trace(line["trace_id"].as_str().expect("a text"), |trace| {
        services(trace).is_superset(&BTreeSet::from(SERVICES))
    });
    let spans = trace["spans"].as_array().expect("a list");
    let ids: BTreeSet<&str> = spans.iter().filter_map(|span| span["spanID"].as_str()).collect();
    assert_eq!(ids.len(), spans.len(), "each span is there once: {trace:#}");
    let roots: Vec<&Value> = spans.iter().filter(|span| !parent(span).is_some_and(|id| ids.contains(id))).collect();
    let names: Vec<&str> = roots.iter().filter_map(|span| span["operationName"].as_str()).collect();
    assert_eq!(names, ["POST /v1/orders"], "one tree: {trace:#}");
    assert_eq!(roots[0]["spanID"], line["span_id"]);
    let seconds = roots[0]["duration"].as_f64().expect("microseconds") / 1e6;
    assert_eq!(Some(seconds), line["http.server.request.duration"].as_f64());

    let labels = [
        ("http_request_method", "POST"),
        ("http_response_status_code", "201"),
        ("http_route", "/v1/orders"),
        ("service_name", "orders"),
    ];
    let selector = labels.map(|(name, value)| format!(r#"{name}="{value}""#)).join(",");
    let query = format!("http_server_request_duration_seconds_count{{{selector}}}");
    let sample = stack.wait_for("sample", || stack.series(&query).pop());
    assert_eq!(sample["value"][1], "1", "{sample}");
    let own = [("__name__", "http_server_request_duration_seconds_count"), ("job", "spindle-host")];
    let mut metric = sample["metric"].clone();
    metric.as_object_mut().expect("an object").remove("instance");
    let expected: BTreeMap<&str, &str> = labels.into_iter().chain(own).collect();
    assert_eq!(metric, json!(expected), "no other label");
    figures(
        &format!("telemetry: {source}"),
        &[("spans of an order in Jaeger", &spans.len()), ("services in them", &services(&trace).len())],
    );
}

/// Returns the instance of an alert test, whose log is all that the collector has, and its variables besides `variables`.
fn alerting(fixture: &OrderFixture, variables: &[(&str, &str)]) -> Instance {
    fixture.start(&[&SHORT_TIMEOUTS[..], &[("metrics_token", SCRAPE_TOKEN)], variables].concat())
}

/// Orders `product` for `customer` and ticks all the time, and checks that `alert` fires once `begin` has made a fault, not before, and no longer once
/// `end` has mended it.
fn check_alert(
    (programs, instance): (&Programs, &Instance),
    (product, customer): (String, Client),
    alert: &str,
    begin: impl FnOnce(),
    end: impl FnOnce(),
) {
    let stack = Stack::start(programs, &Addresses::free(), instance, Source::Log);
    let ticker = Ticker::new(&http::Client::new(instance.url()), SERVICE_SECRET.to_owned());
    let ticking = ticker.spawn(Duration::from_millis(scale(100, 1_000)), |_| ());
    let (over, is_over) = mpsc::channel::<()>();
    let pause = Duration::from_millis(scale(100, 1_000));
    let (raised, cleared) = thread::scope(|scope| {
        scope.spawn(move || {
            while is_over.recv_timeout(pause) == Err(mpsc::RecvTimeoutError::Timeout) {
                let order = OrderRequest::new(&product, 1, "pm_ok").send(&customer);
                order.expect("the host is not killed").expect_status(201);
            }
        });
        // Ends the orders also when this fails.
        let _over = over;
        let fires = || stack.alerts().iter().any(|firing| firing == alert).then_some(());
        stack.wait_for("sample", || {
            stack.series(r#"http_server_request_duration_seconds_count{service_name="payment-provider"}"#).pop()
        });
        assert_eq!(fires(), None, "before the fault");
        begin();
        let start = Instant::now();
        stack.wait_within(ALERT_LIMIT, "alert", fires);
        let raised = start.elapsed();
        end();
        stack.wait_within(ALERT_LIMIT, "end of the alert", || fires().is_none().then_some(()));
        (raised, start.elapsed() - raised)
    });
    drop(ticking);
    figures(
        &format!("telemetry: {alert}"),
        &[("until the alert (ms)", &raised.as_millis()), ("until it was cleared (ms)", &cleared.as_millis())],
    );
}

#[test]
fn a_payment_provider_that_fails_raises_an_alert_until_it_answers() {
    let Some(programs) = Programs::find("a_payment_provider_that_fails_raises_an_alert_until_it_answers") else {
        return;
    };
    let mut fixture = OrderFixture::new(1);
    let instance = alerting(&fixture, &[("provider_breaker_seconds", "1")]);
    let (product, customer) = (fixture.stock(&instance, 1_000_000), fixture.customer(&instance.client(), 0));
    let (begin, end) = (|| fixture.service.lose_every(1), || fixture.service.lose_every(0));
    check_alert((&programs, &instance), (product, customer), "SpindleProviderFails", begin, end);
}

#[test]
fn a_consumer_that_is_stuck_raises_an_alert_until_it_goes_on() {
    let Some(programs) = Programs::find("a_consumer_that_is_stuck_raises_an_alert_until_it_goes_on") else { return };
    let mut fixture = OrderFixture::new(1);
    let instance = alerting(&fixture, &[("event_retry_base_ms", "5000"), ("event_retry_cap_ms", "5000")]);
    let fault = "CREATE TRIGGER fault BEFORE INSERT ON notifications BEGIN SELECT RAISE(ABORT, 'a fault'); END";
    let (product, customer) = (fixture.stock(&instance, 1_000_000), fixture.customer(&instance.client(), 0));
    let change = |statement: &str| database::change(fixture.state.path(), "notifications", statement);
    let (begin, end) = (|| change(fault), || change("DROP TRIGGER fault"));
    check_alert((&programs, &instance), (product, customer), "SpindleNotificationsWait", begin, end);
}

#[test]
fn redis_that_is_away_raises_an_alert_until_it_is_back() {
    let test = "redis_that_is_away_raises_an_alert_until_it_is_back";
    let Some(programs) = Programs::find(test) else { return };
    let Some(redis) = RedisServer::start(test) else { return };
    let mut fixture = OrderFixture::new(1);
    let instance = alerting(&fixture, &[("event_transport", "redis"), ("redis_address", &redis.url())]);
    let (product, customer) = (fixture.stock(&instance, 1_000_000), fixture.customer(&instance.client(), 0));
    let redis = RefCell::new(redis);
    let (begin, end) = (|| redis.borrow_mut().kill(), || redis.borrow_mut().restart());
    check_alert((&programs, &instance), (product, customer), "SpindleEventsNotPushed", begin, end);
}

/// Returns the access line of the creation of this order.
fn created(log: &str, order: &str) -> Option<Value> {
    let mut lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.find(|line| line["http.response.header.location"][0] == format!("/v1/orders/{order}"))
}

/// Returns the names of the services in a trace of Jaeger.
fn services(trace: &Value) -> BTreeSet<&str> {
    let processes = trace["processes"].as_object().into_iter().flatten();
    processes.filter_map(|(_, process)| process["serviceName"].as_str()).collect()
}

/// Returns the id of the parent of a span of Jaeger.
fn parent(span: &Value) -> Option<&str> {
    let references = span["references"].as_array()?;
    let parent = |kind: &str| references.iter().find(|reference| reference["refType"] == kind);
    // Jaeger shows a parent that is linked to as well, the publisher of a push, as a link alone.
    parent("CHILD_OF").or_else(|| parent("FOLLOWS_FROM"))?["spanID"].as_str()
}
