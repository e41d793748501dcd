//! Check 19: with a limit of 100 requests in 60 seconds, request 101 is refused, and its response says when to retry.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::acceptance::{figures, scale};
use spindle_tests::problem::expect_problem;
use spindle_tests::{Client, Instance, Response};
use tempfile::TempDir;

const LIMIT: usize = 100;
const SECONDS: u64 = 60;

/// A read without authentication.
const PUBLIC: &str = "/.well-known/jwks.json";

/// A read of any authenticated user.
const OWN: &str = "/v1/users/me";

/// Makes this machine a trusted proxy, so that a test can set the address of a client.
const PROXY: (&str, &str) = ("trusted_proxies", "127.0.0.0/8");

fn limited(variables: &[(&str, &str)]) -> (Instance, TempDir) {
    let state = tempfile::tempdir().expect("a temp folder");
    (Instance::with(state.path(), variables), state)
}

/// Returns the value of a parameter in a `RateLimit` or `RateLimit-Policy` field.
fn parameter(response: &Response, field: &str, name: &str) -> u64 {
    let value = response.header(field).unwrap_or_else(|| panic!("{field} is missing: {response:?}"));
    let parameters = value.strip_prefix("\"read\";").unwrap_or_else(|| panic!("not of the class: {value}"));
    let number = parameters.split(';').find_map(|parameter| parameter.strip_prefix(name)?.strip_prefix('='));
    number.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{field} has no {name}: {value}"))
}

/// Checks that `response` is within the limit, and that `left` more are.
#[track_caller]
fn expect_within(response: &Response, left: usize) {
    assert_eq!(response.status, 200, "{}", response.text());
    assert_eq!(parameter(response, "ratelimit-policy", "q"), LIMIT as u64);
    assert_eq!(parameter(response, "ratelimit-policy", "w"), SECONDS);
    assert_eq!(parameter(response, "ratelimit", "r"), left as u64);
    assert!((1..=SECONDS).contains(&parameter(response, "ratelimit", "t")), "{response:?}");
}

/// Checks that `response` is beyond the limit, and returns how many seconds it says to wait.
#[track_caller]
fn expect_beyond(response: &Response) -> u64 {
    expect_problem(response, 429, "rate-limited");
    assert_eq!(parameter(response, "ratelimit", "r"), 0);
    let wait = response.header("retry-after").and_then(|wait| wait.parse().ok());
    assert_eq!(wait, Some(parameter(response, "ratelimit", "t")), "{response:?}");
    wait.expect("just compared")
}

/// Sends one more request than the `left` that the limit still admits, and checks each response.
#[track_caller]
fn exhaust(left: usize, get: impl Fn() -> Response) {
    for number in 1..=left {
        expect_within(&get(), left - number);
    }
    assert!((1..=SECONDS).contains(&expect_beyond(&get())));
}

#[test]
fn request_101_of_a_user_is_refused_and_no_other_user_is() {
    let (instance, _state) = limited(&[("rate_limit_read", "100/60")]);
    let accounts = instance.accounts();
    let (ada, grace) = (accounts.customer("ada"), accounts.customer("grace"));
    exhaust(LIMIT, || ada.client.get(OWN));
    // Neither another session nor another operation of the class helps.
    expect_beyond(&ada.log_in_again().client.get(&ada.path()));
    expect_within(&grace.client.get(OWN), LIMIT - 1);
    ada.client.anonymous().get(PUBLIC).expect_status(200);
}

#[test]
fn request_101_from_an_address_is_refused_whatever_address_it_claims() {
    let (instance, _state) = limited(&[("rate_limit_read", "100/60")]);
    let (client, claimed) = (instance.client(), AtomicUsize::new(0));
    let get = || from(&client, &format!("203.0.113.{}", claimed.fetch_add(1, Ordering::Relaxed)));
    // The readiness checks at the start came from the same address.
    let first = get().expect_status(200);
    exhaust(parameter(&first, "ratelimit", "r") as usize, get);
}

#[test]
fn behind_a_trusted_proxy_each_address_has_its_own_limit() {
    let (instance, _state) = limited(&[("rate_limit_read", "100/60"), PROXY]);
    let client = instance.client();
    exhaust(LIMIT, || from(&client, "203.0.113.1"));
    expect_within(&from(&client, "203.0.113.2"), LIMIT - 1);
    // A customer of a provider has a whole /64.
    exhaust(LIMIT, || from(&client, "2001:db8::1"));
    expect_beyond(&from(&client, "2001:db8::ffff:2"));
    expect_within(&from(&client, "2001:db8:0:1::1"), LIMIT - 1);
}

#[test]
fn of_many_concurrent_requests_exactly_the_limit_is_admitted() {
    const THREADS: usize = 50;
    const EACH: usize = 4;
    // A new instance has no records of clients. As clients share a fixed number of records, many clients of one instance would sooner or
    // later share one.
    const CLIENTS: usize = 20;
    let rounds = scale(3, 200);
    let mut running = None;
    let (mut wrong, mut took) = (Vec::new(), Duration::ZERO);
    for round in 0..rounds {
        let (instance, state) = match running.take() {
            Some(instance) if round % CLIENTS != 0 => instance,
            _ => limited(&[("rate_limit_read", "100/60"), PROXY]),
        };
        // A new client each time: every round begins with a window that 50 open at once.
        let address = format!("10.1.1.{}", round % CLIENTS);
        let start = Instant::now();
        let (through, client, barrier) = (AtomicUsize::new(0), instance.client(), Barrier::new(THREADS));
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    barrier.wait();
                    for _ in 0..EACH {
                        match from(&client, &address) {
                            response if response.status == 200 => drop(through.fetch_add(1, Ordering::Relaxed)),
                            response => drop(expect_beyond(&response)),
                        }
                    }
                });
            }
        });
        let through = through.into_inner();
        if through != LIMIT {
            wrong.push(through);
        }
        took += start.elapsed();
        running = Some((instance, state));
    }
    let requests = rounds * THREADS * EACH;
    let rate = requests as f64 / took.as_secs_f64();
    figures(
        "rate limit: 50 threads of one client at a limit of 100",
        &[
            ("rounds", &rounds),
            ("requests", &requests),
            ("requests a second", &(rate as u64)),
            ("rounds with more or less than 100 through", &wrong.len()),
        ],
    );
    assert!(wrong.is_empty(), "not exactly {LIMIT} got through: {wrong:?}");
}

#[test]
fn a_client_that_waits_for_retry_after_is_served_again() {
    let (limit, seconds) = scale((3, 2), (LIMIT, SECONDS));
    let (instance, _state) = limited(&[("rate_limit_read", &format!("{limit}/{seconds}")), PROXY]);
    let client = instance.client();
    let get = || from(&client, "203.0.113.1");
    for _window in 0..2 {
        for _ in 0..limit {
            get().expect_status(200);
        }
        let wait = expect_beyond(&get());
        assert!((1..=seconds).contains(&wait), "{wait}");
        thread::sleep(Duration::from_secs(wait));
    }
    get().expect_status(200);
}

/// Sends a read that comes, according to a proxy, from `address`.
fn from(client: &Client, address: &str) -> Response {
    client.send("GET", PUBLIC, &[("x-forwarded-for", address)], None)
}
