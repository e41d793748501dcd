//! What a provider that breaks takes with it: its own call, and nothing else. The guests are in crates/conformance/tests/guests.

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
use spindle_tests::{Instance, payments};

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// After how many failures in a row a provider is left alone.
const FAILURES: usize = 5;

/// How many calls may be under way when it is.
const UNDER_WAY: usize = 7;

/// What the log says then.
const LEFT_ALONE: &str = "circuit breaker opened";

/// Starts the application with the guest called `name` as the provider of e-mail, bad at `mode`, and set up to post to `stranger`, which its
/// adapter may not ask.
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

/// Somebody who reads on every channel.
fn reader(instance: &Instance) -> User {
    let everywhere = json!({"email": true, "sms": true, "push": true});
    let profile = json!({"phone": "+4930123456", "notification_preferences": everywhere});
    create_user_at(&instance.admin().client, "example.com", &profile)
}

/// Has `user` told something on every channel.
fn tell(instance: &Instance, user: &User) {
    let wish = json!({"user_id": user.id, "template": "message", "data": {"subject": "s", "text": "t"}});
    request(&instance.accounts().operator().client, &wish).expect_status(202);
}

/// Ticks until `is_so`.
#[track_caller]
fn tick_until(instance: &Instance, what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "{what} takes too long\n{}", instance.log());
        instance.tick();
    }
}

/// The notifications of `user` that go over `channel`.
fn on(instance: &Instance, user: &User, channel: &str) -> Vec<Value> {
    let all = notifications::list(&instance.accounts().operator().client, &user.id);
    all.into_iter().filter(|notification| notification["channel"] == channel).collect()
}

/// What came of each call of the provider of e-mail, whoever it was for; nothing yet of those that are under way.
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

/// Sells a lamp, from the order to the money.
fn sell(instance: &Instance) {
    let lamp = create_product(&instance.admin().client, &json!({"stock": {"quantity": 1}}));
    let client = instance.accounts().customer("buyer").client;
    let order = place_order(&client, &lamp, 1, "pm_ok");
    payments::wait_until(&client, &order, |payment| payment["status"] == "captured", || drop(instance.tick()));
}

#[test]
fn a_provider_that_breaks_takes_nothing_with_it_and_is_left_alone() {
    for (mode, outcome) in [("traps", "silent"), ("exhausts-memory", "silent"), ("calls-other-host", "retryable")] {
        let state = tempfile::tempdir().expect("a temp folder");
        let stranger = Recorder::start(|_| (200, "{}".to_owned()));
        let instance = with_mailer(state.path(), "faulty", mode, &stranger);
        let user = reader(&instance);
        for _ in 0..3 {
            tell(&instance, &user);
        }
        for channel in ["sms", "push"] {
            let are_sent = || {
                let all = on(&instance, &user, channel);
                all.len() == 3 && all.iter().all(|notification| notification["status"] == "sent")
            };
            tick_until(&instance, channel, are_sent);
        }

        tick_until(&instance, mode, || instance.log().contains(LEFT_ALONE));
        tick_until(&instance, "a call", || !outcomes(&instance).contains(&Value::Null));
        let calls = outcomes(&instance);
        assert!((FAILURES..=FAILURES + UNDER_WAY).contains(&calls.len()), "{mode}: {calls:?}");
        assert!(calls.iter().all(|call| call == outcome), "{mode}: {calls:?}");
        assert!(on(&instance, &user, "email").iter().all(|mail| mail["status"] == "queued"), "none is lost");
        assert_eq!(stranger.recorded().len(), 0, "{mode}: nobody may be asked");

        // The customer's own mails wait as well.
        sell(&instance);
        instance.client().get("/readyz").expect_status(200);
        assert_eq!(outcomes(&instance).len(), calls.len(), "{mode}: it is asked no more");
        assert_eq!(instance.log().matches(LEFT_ALONE).count(), 1, "{mode}");
    }
}

#[test]
fn a_provider_finds_no_store_and_no_secret_but_those_of_its_adapter() {
    let (state, stranger) = (tempfile::tempdir().expect("a temp folder"), Recorder::start(|_| (200, "{}".to_owned())));
    let instance = with_mailer(state.path(), "store_opener", "", &stranger);
    reader(&instance);
    tick_until(&instance, "a mail", || instance.log().contains("store-opener opened "));
    assert!(instance.log().contains("store-opener opened []"), "{}", instance.log());
    drop(instance);

    let state = tempfile::tempdir().expect("a temp folder");
    let instance = with_mailer(state.path(), "faulty", "dumps-variables", &stranger);
    reader(&instance);
    tick_until(&instance, "a mail", || instance.log().contains(LEFT_ALONE));
    let log = instance.log();
    let found: BTreeSet<(&str, &str)> =
        log.lines().filter_map(|line| line.split_once("variable ")?.1.split_once(" = ")).collect();
    let own = [
        ("endpoint", stranger.url()),
        ("key", "dumps-variables"),
        // What opens its own adapter, which it is in already.
        ("service_token_secret", PROVIDER_SECRET),
    ];
    assert_eq!(found, BTreeSet::from(own));
}

#[test]
fn a_payment_provider_that_breaks_harms_payments_only() {
    let state = tempfile::tempdir().expect("a temp folder");
    let variables = [("payment_provider_key", "traps"), ("payment_max_attempts", "2"), ("event_retry_cap_ms", "1")];
    let instance = Instance::with_providers(state.path(), &variables, &[("payment-provider", &provider("faulty"))]);
    let lamp = create_product(&instance.admin().client, &json!({"stock": {"quantity": 1}}));
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
