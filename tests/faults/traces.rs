//! Traces: an order is one tree of spans, from its client through every service, with links from the consumers of events to their producers.

use std::collections::BTreeSet;

use serde_json::json;
use spindle_tests::orders::{self, Order};
use spindle_tests::otlp::{Receiver, Span};
use spindle_tests::products::create_product;
use spindle_tests::{Instance, notifications};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CLIENT_SPAN: &str = "00f067aa0ba902b7";

/// Places an order in the trace [`TRACE`], and waits until it is paid and its customer notified, with `tick` in between.
fn place_traced_order(instance: &Instance, tick: impl Fn()) -> Order {
    let account = instance.accounts().customer("traced");
    let product = create_product(&instance.admin().client, &json!({"stock": {"on_hand": 10}}));
    let traceparent = format!("00-{TRACE}-{CLIENT_SPAN}-01");
    let key = orders::unique_key();
    let headers = [("traceparent", &*traceparent), ("idempotency-key", &key), ("content-type", "application/json")];
    let body = orders::order_body(&[(&product.id, 1)], "pm_ok").to_string();
    let placed = account.client.send("POST", "/v1/orders", &headers, Some(body.as_bytes()));
    let order = Order::from_response(&placed.expect_status(201));
    orders::wait_until(&account.client, &order.path, "payment_captured", &tick);
    notifications::wait_until(
        &instance.admin().client,
        &account.id,
        notifications::has_status("order-paid", "sent"),
        &tick,
    );
    order
}

/// Returns the span with this name of a service, of which there is one.
fn span<'a>(spans: &'a [Span], service: &str, name: &str) -> &'a Span {
    let found: Vec<&Span> = spans.iter().filter(|span| span.service == service && span.name == name).collect();
    assert_eq!(found.len(), 1, "one span {name} of {service}: {found:#?}");
    found[0]
}

/// Returns whether each span has its parent: the client's span, or another of them.
fn is_tree(spans: &[Span]) -> bool {
    let ids: BTreeSet<&str> = spans.iter().map(|span| &*span.id).chain([CLIENT_SPAN]).collect();
    spans.iter().all(|span| ids.contains(&*span.parent))
}

/// Returns whether the spans are those of an order until its customer is notified, and have their parents.
fn is_complete(spans: &[Span]) -> bool {
    is_tree(spans) && spans.iter().any(|span| span.service == "notify-email")
}

#[test]
fn an_order_is_one_tree_of_spans_with_links_from_consumers_to_producers() {
    let receiver = Receiver::start();
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::with_telemetry(state.path(), &[], receiver.url());
    // A tick might be faster than a push.
    let order = place_traced_order(&instance, || ());
    let spans = receiver.wait_for(TRACE, is_complete);

    let root = span(&spans, "orders", "POST /v1/orders");
    assert_eq!(root.parent, CLIENT_SPAN);
    assert_eq!(root.attributes["http.response.status_code"], "201");
    assert!(root.attributes["http.response.header.location"].contains(&order.path), "{root:#?}");
    let reservation = spans.iter().find(|span| span.service == "catalog" && span.parent == root.id);
    assert!(reservation.is_some(), "catalog reserves the stock for the request: {spans:#?}");

    // Each push is a child of the request that published the event, or of one that handled the event before it, and links to the publisher.
    for (producer, consumer) in [("orders", "payments"), ("payments", "orders"), ("orders", "notifications")] {
        let name = format!("POST /internal/{consumer}/events");
        let pushes: Vec<&Span> = spans.iter().filter(|span| span.service == consumer && span.name == name).collect();
        assert!(!pushes.is_empty(), "no push to {consumer}: {spans:#?}");
        for push in pushes {
            let parent = spans.iter().find(|span| span.id == push.parent).expect("the trace is a tree");
            assert_eq!(parent.service, producer, "{push:#?}");
            assert_eq!(push.links, [(TRACE.to_owned(), parent.id.clone())], "{push:#?}");
        }
    }
    // The adapters are called by the handlers of events.
    for (adapter, caller) in [("payment-provider", "payments"), ("notify-email", "notifications")] {
        let calls: Vec<&Span> = spans.iter().filter(|span| span.service == adapter).collect();
        assert!(!calls.is_empty(), "no call of {adapter}: {spans:#?}");
        for call in calls {
            let parent = spans.iter().find(|span| span.id == call.parent).expect("the trace is a tree");
            assert_eq!((&*parent.service, &*parent.name), (caller, &*format!("POST /internal/{caller}/events")));
        }
    }
}

#[test]
fn an_event_that_is_pulled_is_handled_in_the_trace_of_its_publisher_with_a_link_to_the_tick() {
    let receiver = Receiver::start();
    let state = tempfile::tempdir().expect("a temp folder");
    // No event arrives by a push.
    // Ticks are polled, so their access lines, and with them their spans, are written at debug.
    let variables = [("event_transport", "redis"), ("redis_address", "redis://127.0.0.1:9"), ("log_level", "debug")];
    let instance = Instance::with_telemetry(state.path(), &variables, receiver.url());
    place_traced_order(&instance, || drop(instance.tick()));
    let spans = receiver.wait_for(TRACE, is_complete);

    let root = span(&spans, "orders", "POST /v1/orders");
    let handled = span(&spans, "payments", "process PaymentRequested");
    assert!(handled.is_consumer, "{handled:#?}");
    assert_eq!(handled.parent, root.id);
    let call = spans.iter().find(|span| span.service == "payment-provider" && span.parent == handled.id);
    assert!(call.is_some(), "the handler calls the provider: {spans:#?}");
    let [(trace, tick)] = &handled.links[..] else { panic!("one link: {handled:#?}") };
    let ticks = receiver.wait_for(trace, |spans| spans.iter().any(|span| span.id == *tick));
    assert!(ticks.iter().any(|span| span.id == *tick && span.service == "payments"), "{ticks:#?}");
}
