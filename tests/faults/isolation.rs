//! A faulty provider makes its own calls fail, and no other request. The guests are in crates/conformance/tests/guests.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spindle_tests::instance::{PROVIDER_SECRET, provider};
use spindle_tests::notifications::{self, create_user_at, request};
use spindle_tests::orders::place_order;
use spindle_tests::products::create_product;
use spindle_tests::recorder::Recorder;
use spindle_tests::users::User;
use spindle_tests::{Instance, payments, skip_on_spin};

/// The time limit of each step.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The number of consecutive failures that opens the circuit of a provider.
const FAILURES: usize = 5;

/// The number of calls that may be in flight at that moment.
const IN_FLIGHT: usize = 7;

/// A part of the log line of an open circuit.
const CIRCUIT_OPEN: &str = "circuit breaker opened";

/// Starts the application with the guest `name` as the provider of e-mail, faulty in the way `mode`, and with `stranger` as its endpoint, which
/// its adapter may not call.
fn with_mailer(state: &Path, name: &str, mode: &str, stranger: &Recorder) -> Instance {
    let variables = [
        ("notify_email_key", mode),
        ("notify_email_endpoint", stranger.url()),
        ("notify_breaker_seconds", "3600"),
        ("event_retry_base_ms", "1"),
        ("event_retry_cap_ms", "10"),
    ];
    Instance::with_providers(state, &variables, &[("notify-email", &provider(name))])
}

/// Creates a user who receives notifications on every channel.
fn recipient(instance: &Instance) -> User {
    let everywhere = json!({"email": true, "sms": true, "push": true});
    let profile = json!({"phone": "+4930123456", "notification_preferences": everywhere});
    create_user_at(&instance.admin().client, "example.com", &profile)
}

/// Sends a message to `user` on every channel.
fn notify(instance: &Instance, user: &User) {
    let message = json!({"user_id": user.id, "template": "message", "data": {"subject": "s", "text": "t"}});
    request(&instance.accounts().operator().client, &message).expect_status(202);
}

/// Ticks until `holds`.
#[track_caller]
fn tick_until(instance: &Instance, what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < TIMEOUT, "{what} takes too long\n{}", instance.log());
        instance.tick();
    }
}

/// Returns the notifications of `user` on `channel`.
fn on(instance: &Instance, user: &User, channel: &str) -> Vec<Value> {
    let all = notifications::list(&instance.accounts().operator().client, &user.id);
    all.into_iter().filter(|notification| notification["channel"] == channel).collect()
}

/// Returns the outcome of each call of the provider of e-mail; null of those in flight.
fn outcomes(instance: &Instance) -> Vec<Value> {
    let operator = instance.accounts().operator().client;
    let all = operator.get("/v1/notifications?limit=100").expect_status(200).json()["items"].clone();
    let mails =
        all.as_array().expect("items are a list").iter().filter(|notification| notification["channel"] == "email");
    let calls = mails.flat_map(|notification| {
        let path = format!("/v1/notifications/{}", notification["id"].as_str().expect("an id"));
        operator.get(&path).expect_status(200).json()["calls"].as_array().expect("an operator sees calls").clone()
    });
    calls.map(|call| call["outcome"].clone()).collect()
}

/// Sells a lamp: places an order and waits until its payment is captured.
fn sell(instance: &Instance) {
    let lamp = create_product(&instance.admin().client, &json!({"stock": {"on_hand": 1}}));
    let client = instance.accounts().customer("buyer").client;
    let order = place_order(&client, &lamp, 1, "pm_ok");
    payments::wait_until(&client, &order, |payment| payment["status"] == "captured", || drop(instance.tick()));
}

#[test]
fn a_faulty_provider_harms_no_other_request_and_its_circuit_opens() {
    if skip_on_spin("a_faulty_provider_harms_no_other_request_and_its_circuit_opens", "limit for memory and time") {
        return;
    }
    for (mode, outcome) in [("traps", "silent"), ("exhausts-memory", "silent"), ("calls-other-host", "retryable")] {
        let state = tempfile::tempdir().expect("a temp folder");
        let stranger = Recorder::start(|_| (200, "{}".to_owned()));
        let instance = with_mailer(state.path(), "faulty", mode, &stranger);
        let user = recipient(&instance);
        for _ in 0..3 {
            notify(&instance, &user);
        }
        for channel in ["sms", "push"] {
            let are_sent = || {
                let all = on(&instance, &user, channel);
                all.len() == 3 && all.iter().all(|notification| notification["status"] == "sent")
            };
            tick_until(&instance, channel, are_sent);
        }

        tick_until(&instance, mode, || instance.log().contains(CIRCUIT_OPEN));
        tick_until(&instance, "a call", || !outcomes(&instance).contains(&Value::Null));
        let calls = outcomes(&instance);
        assert!((FAILURES..=FAILURES + IN_FLIGHT).contains(&calls.len()), "{mode}: {calls:?}");
        assert!(calls.iter().all(|call| call == outcome), "{mode}: {calls:?}");
        assert!(on(&instance, &user, "email").iter().all(|mail| mail["status"] == "queued"), "none is lost");
        assert_eq!(stranger.recorded().len(), 0, "{mode}: no host may be called");

        // The mails of this customer wait as well.
        sell(&instance);
        instance.client().get("/readyz").expect_status(200);
        assert_eq!(outcomes(&instance).len(), calls.len(), "{mode}: it is not called again");
        assert_eq!(instance.log().matches(CIRCUIT_OPEN).count(), 1, "{mode}");
    }
}

#[test]
fn a_provider_has_no_store_and_only_the_secrets_of_its_adapter() {
    let (state, stranger) = (tempfile::tempdir().expect("a temp folder"), Recorder::start(|_| (200, "{}".to_owned())));
    let instance = with_mailer(state.path(), "store_opener", "", &stranger);
    recipient(&instance);
    tick_until(&instance, "a mail", || instance.log().contains("store-opener opened "));
    assert!(instance.log().contains("store-opener opened []"), "{}", instance.log());
    drop(instance);

    let state = tempfile::tempdir().expect("a temp folder");
    let instance = with_mailer(state.path(), "faulty", "dumps-variables", &stranger);
    recipient(&instance);
    tick_until(&instance, "a mail", || instance.log().contains(CIRCUIT_OPEN));
    let log = instance.log();
    let found: BTreeSet<(&str, &str)> =
        log.lines().filter_map(|line| line.split_once("variable ")?.1.split_once(" = ")).collect();
    let variables = [
        ("endpoint", stranger.url()),
        ("key", "dumps-variables"),
        // The secret of its adapter, into which it is composed.
        ("service_token_secret", PROVIDER_SECRET),
    ];
    assert_eq!(found, BTreeSet::from(variables));
}

#[test]
fn a_faulty_payment_provider_harms_payments_only() {
    let state = tempfile::tempdir().expect("a temp folder");
    let variables = [
        ("payment_provider_key", "traps"),
        ("payment_max_attempts", "2"),
        ("payment_retry_seconds", "0"),
        ("event_retry_cap_ms", "1"),
    ];
    let instance = Instance::with_providers(state.path(), &variables, &[("payment-provider", &provider("faulty"))]);
    let lamp = create_product(&instance.admin().client, &json!({"stock": {"on_hand": 1}}));
    let buyer = instance.accounts().customer("buyer");
    let order = place_order(&buyer.client, &lamp, 1, "pm_ok");
    let letters = || spindle_tests::dead_letters::dead_letters(&instance.accounts().operator().client, "payments");
    tick_until(&instance, "the payment", || !letters().is_empty());

    assert_eq!(payments::payment_of(&buyer.client, &order).expect("a payment")["status"], "requested");
    let awaiting = spindle_tests::orders::timeline(&buyer.client, &order.path)["awaiting"]["what"].clone();
    assert!(awaiting.as_str().is_some_and(|what| what.starts_with("The payment request was given up")), "{awaiting}");
    assert_eq!(buyer.client.get(&order.path).expect_status(200).json()["status"], "pending_payment");
    instance.client().get("/readyz").expect_status(200);
    instance.client().get(&lamp.path).expect_status(200);
    let welcome = |notification: &Value| notification["status"] == "sent";
    notifications::wait_until(&buyer.client, &buyer.id, welcome, || drop(instance.tick()));
}
