//! Check 11: five wrong passwords lock an account, one after another or at once, and no response distinguishes an account from none.

use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::acceptance::{figures, is_full, scale};
use spindle_tests::accounts::{PASSWORD, register, try_log_in};
use spindle_tests::problem::expect_problem;
use spindle_tests::users::unique_email;
use spindle_tests::{Client, Instance};

const WRONG: &str = "not the password of any account";

/// The number of failures that lock an account.
const LOCKS: usize = 5;

/// The largest relative difference between the medians.
const MAX_DIFFERENCE: f64 = 0.05;

fn new_account(client: &Client) -> String {
    register(client, "locked")["email"].as_str().expect("an address").to_owned()
}

#[test]
fn of_ten_wrong_passwords_in_a_row_the_last_five_are_not_checked() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    let client = instance.client();
    for email in [new_account(&client), unique_email("unknown")] {
        for number in 1..=10 {
            let response = try_log_in(&client, &email, WRONG);
            if number <= LOCKS {
                expect_problem(&response, 401, "invalid-credentials");
            } else {
                expect_problem(&response, 429, "account-locked");
            }
        }
    }
    let rows = instance.admin().client.get("/v1/admin/audit?action=account.locked").expect_status(200).json();
    assert_eq!(rows["items"].as_array().map(Vec::len), Some(2), "{rows}");
}

#[test]
fn of_many_concurrent_guesses_only_as_many_as_lock_the_account_are_checked() {
    const GUESSES: usize = 16;
    let rounds = scale(1, 10);
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    for _ in 0..rounds {
        let email = new_account(&instance.client());
        let (barrier, responses) = (Barrier::new(GUESSES), Mutex::new(Vec::new()));
        thread::scope(|scope| {
            for guess in 0..GUESSES {
                let (client, email, barrier, responses) = (instance.client(), &email, &barrier, &responses);
                scope.spawn(move || {
                    barrier.wait();
                    let status = try_log_in(&client, email, &format!("{WRONG} {guess}")).status;
                    responses.lock().expect("no thread panics").push(status);
                });
            }
        });
        let responses = responses.into_inner().expect("no thread panics");
        assert!(responses.iter().all(|status| matches!(status, 401 | 429)), "{responses:?}");
        assert_eq!(responses.iter().filter(|status| **status == 401).count(), LOCKS, "{responses:?}");
        expect_problem(&try_log_in(&instance.client(), &email, PASSWORD), 429, "account-locked");
    }
    figures("lockout: 16 guesses at once", &[("rounds with exactly 5 checked", &rounds)]);
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

#[test]
fn login_timing_does_not_reveal_whether_an_account_exists() {
    // The largest number of failures that does not lock an account.
    const EACH: usize = LOCKS - 1;
    let tries = scale(8, 1000);
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    let client = instance.client();
    let accounts: Vec<[String; 2]> =
        (0..tries / EACH).map(|_| [new_account(&client), unique_email("locked")]).collect();
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let time = |email: &str| {
        let start = Instant::now();
        let response = try_log_in(&client, email, WRONG);
        let took = start.elapsed();
        expect_problem(&response, 401, "invalid-credentials");
        took
    };
    for _ in 0..EACH {
        for pair in &accounts {
            // In turn, so that other load of the machine affects both.
            known.push(time(&pair[0]));
            unknown.push(time(&pair[1]));
        }
    }
    let (known, unknown) = (median(&mut known), median(&mut unknown));
    let difference = (known - unknown).abs() / known.max(unknown);
    figures(
        "login timing: wrong passwords, in turn for an account and for none",
        &[
            ("tries of each kind", &tries),
            ("median of accounts (ms)", &format!("{known:.2}")),
            ("median of no account (ms)", &format!("{unknown:.2}")),
            ("difference (%)", &format!("{:.2}", difference * 100.0)),
        ],
    );
    assert!(!is_full() || difference <= MAX_DIFFERENCE, "{known} ms and {unknown} ms");
}
