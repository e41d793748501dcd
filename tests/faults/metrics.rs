//! Metrics: every one in observability/metrics.toml is served, and no other; and the gateway's for a scrape with its token, also while the address of
//! a service leads nowhere.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use spindle_metrics_schema::{Schema, Source};
use spindle_tests::accounts::try_log_in;
use spindle_tests::metrics::MetricsPage;
use spindle_tests::otlp::Receiver;
use spindle_tests::problem::expect_problem;
use spindle_tests::products::create_product;
use spindle_tests::{Client, Instance, closed_port, notifications, orders};

const TOKEN: &str = "token-of-scrapes-that-only-the-tests-know";

fn scrape(instance: &Instance) -> MetricsPage {
    let page = instance.client().as_user(TOKEN).get("/metrics").expect_status(200);
    MetricsPage::parse(&page, Source::Gateway)
}

#[test]
fn a_scrape_with_the_token_sees_which_service_is_away_and_is_not_counted() {
    let state = tempfile::tempdir().expect("a temp folder");
    let variables = [("metrics_token", TOKEN), ("rate_limit_read", "3/60")];
    {
        let instance = Instance::with(state.path(), &variables);
        for _ in 0..5 {
            assert_eq!(scrape(&instance).value("spindle_service_up", &[("service_name", "orders")]), 1.0);
        }
        expect_problem(&instance.client().as_user("another-token").get("/metrics"), 401, "unauthorized");
        assert!(!instance.log().contains(TOKEN), "the log has the token");
    }
    let orders = closed_port();
    let instance =
        Instance::start_unready(state.path(), &[&variables[..], &[("orders_url", &orders)]].concat(), |_| ());
    let page = scrape(&instance);
    let up = |service| page.value("spindle_service_up", &[("service_name", service)]);
    assert_eq!((up("orders"), up("payments")), (0.0, 1.0));
    let waiting = |service| page.find("spindle_inbox_events", &[("service_name", service)]);
    assert_eq!((waiting("orders"), waiting("payments").is_some()), (None, true));
    assert_eq!(page.find("spindle_orders", &[("status", "paid")]), None);
    let unread =
        |consumer, source| page.find("spindle_outbox_unread_events", &[("service_name", consumer), ("source", source)]);
    assert_eq!((unread("payments", "orders"), unread("payments", "users")), (None, Some(0.0)));
}

/// Sends requests of each kind: an order until its customer is notified, log-ins, reads from the cache, and some that are refused.
fn load(instance: &Instance) {
    let customer = instance.accounts().customer("measured");
    let (client, admin) = (instance.client(), instance.admin().client);
    let product = create_product(&admin, &json!({"stock": {"on_hand": 10}}));
    let order = orders::place_order(&customer.client, &product, 1, "pm_ok");
    orders::wait_until(&customer.client, &order.path, "payment_captured", || drop(instance.tick()));
    let sent = notifications::has_status("order-paid", "sent");
    notifications::wait_until(&admin, &customer.id, sent, || drop(instance.tick()));
    for _ in 0..2 {
        client.get("/v1/products").expect_status(200);
    }
    try_log_in(&client, "unknown@example.com", "a wrong password").expect_status(401);
    client.get("/v1/nothing").expect_status(404);
}

/// Returns the page of the host once it has the last request of [`load`]: a line is read after the response.
fn scrape_host(instance: &Instance) -> MetricsPage {
    let client = Client::new(&instance.host_url());
    let last = [
        ("service_name", "gateway"),
        ("http_request_method", "GET"),
        ("http_route", ""),
        ("http_response_status_code", "404"),
        ("error_type", "not-found"),
    ];
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let page = MetricsPage::parse(&client.get("/metrics"), Source::Host);
        if page.find("http_server_request_duration_seconds_count", &last).is_some() {
            return page;
        }
        assert!(Instant::now() < deadline, "the last request is not counted: {:?}", page.names());
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn each_listed_metric_is_served_and_no_other() {
    let (receiver, state) = (Receiver::start(), tempfile::tempdir().expect("a temp folder"));
    // No push of events arrives, which is a warning in the log.
    let variables = [("metrics_token", TOKEN), ("event_transport", "redis"), ("redis_address", "redis://127.0.0.1:9")];
    let instance = Instance::with_telemetry(state.path(), &variables, receiver.url());
    load(&instance);
    // A page that has a metric or a label besides the listed ones is not parsed.
    let gateway = scrape(&instance);
    let host = scrape_host(&instance);

    let schema = Schema::read().expect("the list of metrics");
    for (source, page) in [(Source::Gateway, &gateway), (Source::Host, &host)] {
        let listed: BTreeSet<String> = (schema.metrics.iter().filter(|metric| metric.on.host == source))
            .flat_map(|metric| metric.samples())
            .map(|(name, _)| name)
            .collect();
        assert_eq!(page.names(), listed.iter().map(String::as_str).collect(), "{source}");
    }

    let requests = "http_server_request_duration_seconds_count";
    let count = |service: &str, method: &str, route: &str, status: &str, error: &str| {
        let labels = [
            ("service_name", service),
            ("http_request_method", method),
            ("http_route", route),
            ("http_response_status_code", status),
            ("error_type", error),
        ];
        host.value(requests, &labels)
    };
    assert_eq!(count("orders", "POST", "/v1/orders", "201", ""), 1.0);
    assert_eq!(count("auth", "POST", "/v1/auth/login", "401", "invalid-credentials"), 1.0);
    assert_eq!(host.value("spindle_cache_requests_total", &[("service_name", "catalog"), ("result", "hit")]), 1.0);
    let failed = [("service_name", "orders"), ("level", "warn"), ("message", "events not pushed")];
    assert!(host.value("spindle_log_lines_total", &failed) >= 1.0);
    for metric in ["spindle_host_calls_total", "spindle_host_sql_statements_total", "spindle_host_commits_total"] {
        assert!(host.value(metric, &[("service_name", "orders")]) > 1.0, "{metric}");
    }
}
