//! The smoke test of a deployed platform: it passes on one that works and leaves nothing of its customer, and on one that does not it names the step
//! that failed, and cleans up as well.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use spindle_smoke::{Options, RUN};
use spindle_tests::notifications::start_with_mail;
use spindle_tests::payment_service::PaymentService;
use spindle_tests::products::{Product, create_product};
use spindle_tests::{Client, Instance, Recorder, closed_address};
use xtask::http;
use xtask::tick::Ticker;

/// The time between two ticks, shorter than that of an operator's clock.
const EVERY: Duration = Duration::from_millis(100);

/// The time for a run that has to fail late.
const SHORT: Duration = Duration::from_secs(8);

/// Runs the smoke test with the options that `change` has changed, while the instance is ticked. Returns the step that failed, and the lines without
/// their times.
fn smoke(instance: &Instance, change: impl FnOnce(&mut Options)) -> (Option<&'static str>, Vec<String>) {
    let mut options = Options::new(instance.url());
    change(&mut options);
    let (mut lines, is_over) = (Vec::new(), AtomicBool::new(false));
    let clock =
        Ticker::from_env_file(&http::Client::new(instance.url()), &instance.env_file()).expect("it has a secret");
    let result = thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let _ = clock.tick();
                thread::sleep(EVERY);
            }
        });
        let result = spindle_smoke::run(&options, &Arc::default(), &mut |line| {
            let (word, rest) = line.trim_start().split_once(' ').expect("a line has a word");
            let (_, text) = rest.split_once(" s  ").expect("a line has a time");
            lines.push(format!("{word} {text}"));
        });
        is_over.store(true, Ordering::Relaxed);
        result
    });
    (result.err().map(|failed| failed.step()), lines)
}

/// Returns the names of the steps with this result.
fn steps<'l>(lines: &'l [String], word: &str) -> Vec<&'l str> {
    let of_word = |line: &'l String| Some(line.strip_prefix(word)?.trim_start().split_once(':')?.0);
    lines.iter().filter_map(of_word).collect()
}

/// Checks that no customer of a run is left.
#[track_caller]
fn assert_no_customer(admin: &Client) {
    let users = admin.get("/v1/users?limit=100").expect_status(200).json();
    let left = |user: &&Value| user["email"].as_str().is_some_and(|email| email.contains("smoke"));
    assert_eq!(users["items"].as_array().expect("a list").iter().find(left), None);
}

fn available(client: &Client, product: &Product) -> Value {
    client.get(&product.path).expect_status(200).json()["stock"]["available"].clone()
}

#[test]
fn a_smoke_test_leaves_a_cancelled_order_and_no_customer() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    let admin = instance.admin().client;
    let public = ["health", "readiness", "openapi", "search"];
    let (failed, lines) = smoke(&instance, |options| options.read_only = true);
    assert_eq!((failed, steps(&lines, "ok")), (None, public.to_vec()), "{lines:?}");
    let (failed, lines) = smoke(&instance, |_| ());
    assert_eq!(failed, Some("prepare"), "there is nothing to order: {lines:?}");

    let product = create_product(&admin, &json!({"stock": {"on_hand": 5}}));
    let last_piece = create_product(&admin, &json!({"stock": {"on_hand": 1}}));
    let (failed, lines) = smoke(&instance, |_| ());
    let bought = ["register", "log in", "order", "paid", "notification", "cancel", "refund", "log out", "erase"];
    let all = [&public[..], &["product"], &bought].concat();
    assert_eq!((failed, steps(&lines, "ok")), (None, all), "{lines:?}");
    let orders = admin.get("/v1/orders").expect_status(200).json();
    let (items, none) = (orders["items"].as_array().expect("a list"), Vec::new());
    assert_eq!(items.len(), 1);
    assert_eq!((&items[0]["status"], &items[0]["cancel_reason"]), (&json!("cancelled"), &json!("requested")));
    assert_eq!(items[0]["items"][0]["product_id"], json!(product.id), "never the last piece");
    assert_eq!((available(&admin, &product), available(&admin, &last_piece)), (json!(5), json!(1)));
    assert_no_customer(&admin);

    let (failed, lines) = smoke(&instance, |options| options.read_only = true);
    assert_eq!((failed, steps(&lines, "FAILED")), (None, none), "{lines:?}");
    let after = admin.get("/v1/orders").expect_status(200).json();
    assert_eq!(after, orders, "a read-only run writes nothing");
}

#[test]
fn a_payment_provider_that_is_away_fails_the_step_paid() {
    let state = tempfile::tempdir().expect("a temp folder");
    let away = format!("http://{}", closed_address());
    let variables = [
        ("payment_provider_host", &*away),
        ("payment_provider_endpoint", &away),
        ("payment_provider_allow_private", "true"),
    ];
    let provider = PaymentService::provider();
    let instance = Instance::with_providers(state.path(), &variables, &[("payment-provider", &provider)]);
    let admin = instance.admin().client;
    create_product(&admin, &json!({"stock": {"on_hand": 5}}));
    let start = Instant::now();
    let (failed, lines) = smoke(&instance, |options| options.timeout = SHORT);
    assert!(start.elapsed() < SHORT, "it is bounded, with cleaning up: {:?}", start.elapsed());
    assert_eq!((failed, steps(&lines, "FAILED")), (Some("paid"), vec!["paid"]), "{lines:?}");
    let line = lines.iter().find(|line| line.starts_with("FAILED")).expect("a line");
    let order = &admin.get("/v1/orders").expect_status(200).json()["items"][0];
    let timeline =
        admin.get(&format!("/v1/orders/{}/timeline", order["id"].as_str().expect("an id"))).expect_status(200).json();
    let id = timeline["request_id"].as_str().expect("an id");
    assert!(line.contains(&format!("(request_id {id}): ")) && line.contains(". Hint: docs/runbooks/"), "{line}");
    assert_eq!(steps(&lines, "ok").last(), Some(&"clean up"), "{lines:?}");
    assert_no_customer(&admin);
}

#[test]
fn a_mail_provider_that_refuses_fails_the_step_notification_and_an_address_that_is_none_the_step_register() {
    let state = tempfile::tempdir().expect("a temp folder");
    let server = Recorder::start(|_| (503, "{}".to_owned()));
    let instance = start_with_mail(state.path(), &server, &[]);
    let admin = instance.admin().client;
    create_product(&admin, &json!({"stock": {"on_hand": 5}}));
    let (failed, lines) = smoke(&instance, |options| options.timeout = SHORT);
    assert_eq!((failed, steps(&lines, "FAILED")), (Some("notification"), vec!["notification"]), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("is queued (request_id ")), "{lines:?}");
    assert!(lines.last().is_some_and(|line| line.starts_with("ok clean up")), "{lines:?}");
    assert_no_customer(&admin);

    let (failed, lines) = smoke(&instance, |options| options.email = format!("smoke{RUN} at example.com"));
    assert_eq!((failed, steps(&lines, "FAILED")), (Some("register"), vec!["register"]), "{lines:?}");
    let refused = "FAILED register: POST /v1/auth/register returned 422 Validation failed (request_id ";
    assert!(lines.iter().any(|line| line.starts_with(refused) && line.contains(" Hint: ")), "{lines:?}");
    assert!(lines.last().is_some_and(|line| line.ends_with("is not registered")), "{lines:?}");
}
