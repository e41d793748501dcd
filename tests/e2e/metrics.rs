//! `/metrics` of the gateway.

use std::collections::BTreeSet;

use serde_json::json;
use spindle_metrics_schema::{Schema, Source};
use spindle_tests::accounts::{customer, operator};
use spindle_tests::metrics::MetricsPage;
use spindle_tests::orders::{place_order, wait_until};
use spindle_tests::problem::expect_problem;
use spindle_tests::products::create_product;
use spindle_tests::target;

const SERVICES: [&str; 6] = ["auth", "catalog", "notifications", "orders", "payments", "users"];

fn scrape() -> MetricsPage {
    MetricsPage::parse(&operator().client.get("/metrics").expect_status(200), Source::Gateway)
}

#[test]
fn after_an_order_its_metrics_are_there() {
    let product = create_product(&operator().client, &json!({"stock": {"on_hand": 5}}));
    let customer = customer("metrics");
    let order = place_order(&customer.client, &product, 1, "pm_ok");
    wait_until(&customer.client, &order.path, "payment_captured", || target().tick());
    let page = scrape();
    for service in SERVICES {
        assert_eq!(page.value("spindle_service_up", &[("service_name", service)]), 1.0, "{service}");
    }
    // Other tests place orders at the same time.
    assert!(page.value("spindle_orders", &[("status", "paid")]) >= 1.0);
    assert!(page.value("spindle_payments", &[("status", "captured")]) >= 1.0);
    let paid = |suffix: &str, labels: &[(&str, &str)]| {
        page.value(&format!("spindle_order_time_to_paid_seconds_{suffix}"), labels)
    };
    assert!(paid("gcount", &[]) >= 1.0 && paid("gsum", &[]) > 0.0);
    assert_eq!(paid("bucket", &[("le", "+Inf")]), paid("gcount", &[]));
    let limits = ["0.1", "1.0", "7.5", "60.0", "900.0", "+Inf"];
    assert!(limits.windows(2).all(|pair| paid("bucket", &[("le", pair[0])]) <= paid("bucket", &[("le", pair[1])])));
}

#[test]
fn every_metric_of_the_list_that_the_gateway_serves_is_on_the_page() {
    let schema = Schema::read().expect("the list of metrics");
    let listed: Vec<String> =
        schema.served_by(Source::Gateway).flat_map(|metric| metric.samples()).map(|(name, _)| name).collect();
    // The page has no other: that is checked where it is parsed.
    assert_eq!(scrape().names(), listed.iter().map(String::as_str).collect());
}

#[test]
fn the_values_of_labels_are_bounded() {
    let page = scrape();
    let buckets =
        ["0.1", "0.25", "0.5", "0.75", "1.0", "2.5", "5.0", "7.5", "10.0", "30.0", "60.0", "300.0", "900.0", "+Inf"];
    let statuses = [
        // Of orders, of payments, and of notifications.
        ["pending_payment", "paid", "fulfilled", "cancelled"].as_slice(),
        &["requested", "authorized", "captured", "declined", "refunded", "voided"],
        &["queued", "sent", "dead", "cancelled"],
    ];
    let bounds: [(&str, Vec<&str>); 6] = [
        ("channel", vec!["email", "push", "sms"]),
        ("le", buckets.to_vec()),
        ("phase", vec!["awaiting_capture", "awaiting_payment", "awaiting_stock", "cancelling"]),
        ("service_name", SERVICES.to_vec()),
        ("source", vec!["auth", "orders", "payments", "users"]),
        ("status", statuses.concat()),
    ];
    let values = page.label_values();
    assert_eq!(values.keys().copied().collect::<Vec<_>>(), bounds.each_ref().map(|(label, _)| *label));
    for (label, bound) in bounds {
        assert_eq!(values[label], bound.into_iter().collect::<BTreeSet<_>>(), "{label}");
    }
}

#[test]
fn only_operators_read_it() {
    expect_problem(&customer("metrics").client.get("/metrics"), 403, "forbidden");
    expect_problem(&target().client().get("/metrics"), 401, "unauthorized");
}
