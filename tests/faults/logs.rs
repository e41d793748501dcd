//! The log: each line has the form in `docs/log.schema.json`, and leads from an order to the request that placed it and back.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use spindle_tests::accounts::try_log_in;
use spindle_tests::dead_letters::dead_letters;
use spindle_tests::orders::{self, Order};
use spindle_tests::products::create_product;
use spindle_tests::{Client, Instance, database, log, payment_fault};

/// The components, by their names in log lines.
const SERVICES: [&str; 11] = [
    "auth",
    "catalog",
    "docs",
    "gateway",
    "notifications",
    "notify-email",
    "orders",
    "payment-provider",
    "payments",
    "shop",
    "users",
];

/// Sends requests that are answered with success and with each kind of failure.
fn tour(instance: &Instance, customer: &Client) {
    let (client, operator) = (instance.client(), instance.accounts().operator().client);
    for path in ["/healthz", "/readyz", "/openapi.json", "/shop/", "/v1/products", "/v1/products"] {
        client.get(path).expect_status(200);
    }
    client.send("HEAD", "/v1/products", &[], None);
    client.send("OPTIONS", "/v1/products", &[], None).expect_status(204);
    client.send("BREW", "/v1/products", &[], None).expect_status(405);
    client.get("/v1/nothing").expect_status(404);
    client.get("/v1/users/me").expect_status(401);
    try_log_in(&client, "unknown@example.com", "a wrong password").expect_status(401);
    client.send("POST", "/v1/payments/webhooks", &[], Some(b"{}"));
    customer.get("/v1/users").expect_status(403);
    let me = customer.get("/v1/users/me").expect_status(200);
    customer.send("GET", "/v1/users/me", &[("if-none-match", &me.etag())], None).expect_status(304);
    customer.patch("/v1/users/me", &me.etag(), &json!({"locale": 1})).expect_status(422);
    customer.get("/v1/users/me/export").expect_status(200);
    customer.get("/v1/users/me/export").expect_status(429);
    operator.get("/v1/admin/dead-letters").expect_status(200);
    instance.admin().client.get("/v1/admin/audit/verify").expect_status(200);
    instance.tick();
}

/// Makes the database of users refuse each change, and has the service answer 500.
fn break_users(state: &Path, customer: &Client) {
    let fault = "CREATE TRIGGER fault BEFORE UPDATE ON users BEGIN SELECT RAISE(ABORT, 'a fault'); END";
    database::change(state, "users", fault);
    customer.patch("/v1/users/me", "*", &json!({"phone": "+49301234567"})).expect_status(500);
}

/// Returns the lines about the order whose timeline this is, as docs/logs.md finds them.
fn lines_about(instance: &Instance, timeline: &Value) -> Vec<Value> {
    let request_id = timeline["request_id"].as_str().expect("the timeline has the id of the request");
    log::lines_of(|| instance.log(), request_id, "orders")
}

#[test]
fn each_line_has_the_documented_form_and_leads_from_an_order_to_its_request_and_back() {
    let state = tempfile::tempdir().expect("a temp folder");
    let variables = [
        ("log_level", "debug"),
        ("rate_limit_export", "1/3600"),
        ("payment_max_attempts", "2"),
        ("payment_retry_seconds", "0"),
        ("event_retry_base_ms", "1"),
        ("event_retry_cap_ms", "10"),
    ];
    let instance = Instance::with(state.path(), &variables);
    let account = instance.accounts().customer("logged");
    let (customer, admin) = (&account.client, instance.admin().client);
    let product = create_product(&admin, &json!({"stock": {"on_hand": 10}}));
    tour(&instance, customer);
    let placed =
        orders::try_place_order(customer, &orders::unique_key(), &orders::order_body(&[(&product.id, 1)], "pm_ok"));
    let order = Order::from_response(&placed.expect_status(201));
    orders::wait_until(customer, &order.path, "payment_captured", || drop(instance.tick()));

    payment_fault::inject(state.path(), "true");
    orders::place_order(customer, &product, 1, "pm_ok");
    while dead_letters(&admin, "payments").is_empty() {
        instance.tick();
    }
    break_users(state.path(), customer);

    // From the order to its request: its lines in all services.
    let timeline = orders::timeline(customer, &order.path);
    let lines = lines_about(&instance, &timeline);
    let services: BTreeSet<&str> = lines.iter().filter_map(|line| line["service"].as_str()).collect();
    for service in ["orders", "catalog", "payments", "payment-provider", "notifications"] {
        assert!(services.contains(service), "{service} has no line of the request: {services:?}");
    }
    // And from the order's id to the request, in the log alone.
    let lines = log::check(&instance.log());
    let creates = |line: &&Value| line["http.response.header.location"] == json!([order.path]);
    let creation = lines.iter().find(creates).expect("a line has the path of the order");
    assert_eq!(creation["request_id"], timeline["request_id"]);
    assert_eq!((&creation["http.route"], &creation["user.id"]), (&json!("/v1/orders"), &json!(account.id)));

    let values = |name: &str| -> BTreeSet<String> {
        lines.iter().filter_map(|line| line.get(name)).map(ToString::to_string).collect()
    };
    let services = values("service");
    for service in SERVICES {
        assert!(services.contains(&json!(service).to_string()), "{service} has no line: {services:?}");
    }
    let statuses = values("http.response.status_code");
    for status in [200, 201, 202, 204, 304, 401, 403, 404, 405, 422, 429, 500] {
        assert!(statuses.contains(&status.to_string()), "no line has the status {status}: {statuses:?}");
    }
    let messages = values("message");
    for message in ["request", "request refused", "notification sent", "event is a dead letter", "audit log verified"] {
        assert!(messages.contains(&json!(message).to_string()), "no line has the message {message}: {messages:?}");
    }
}
