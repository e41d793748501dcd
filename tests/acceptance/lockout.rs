//! Check 11: ten wrong passwords lock an account, however they come, and nothing tells an account that exists from one that does not.

use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use spindle_tests::acceptance::{figures, is_full, scale};
use spindle_tests::accounts::{PASSWORD, register, try_log_in};
use spindle_tests::problem::expect_problem;
use spindle_tests::users::unique_email;
use spindle_tests::{Client, Instance};

const WRONG: &str = "not the password of anybody";

/// How many failures lock an account.
const LOCKS: usize = 5;

/// How far apart the medians may be.
const MAX_DIFFERENCE: f64 = 0.05;

fn new_account(client: &Client) -> String {
    register(client, "locked")["email"].as_str().expect("an address").to_owned()
}

#[test]
fn of_ten_wrong_passwords_in_a_row_the_last_five_are_not_looked_at() {
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    let client = instance.client();
    for email in [new_account(&client), unique_email("nobody")] {
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
fn of_many_guesses_at_once_no_more_than_lock_get_an_answer() {
    const GUESSES: usize = 16;
    let rounds = scale(1, 10);
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    for _ in 0..rounds {
        let email = new_account(&instance.client());
        let (barrier, answers) = (Barrier::new(GUESSES), Mutex::new(Vec::new()));
        thread::scope(|scope| {
            for guess in 0..GUESSES {
                let (client, email, barrier, answers) = (instance.client(), &email, &barrier, &answers);
                scope.spawn(move || {
                    barrier.wait();
                    let status = try_log_in(&client, email, &format!("{WRONG} {guess}")).status;
                    answers.lock().expect("nobody panics").push(status);
                });
            }
        });
        let answers = answers.into_inner().expect("nobody panics");
        assert!(answers.iter().all(|status| matches!(status, 401 | 429)), "{answers:?}");
        assert_eq!(answers.iter().filter(|status| **status == 401).count(), LOCKS, "{answers:?}");
        expect_problem(&try_log_in(&instance.client(), &email, PASSWORD), 429, "account-locked");
    }
    figures("lockout: 16 guesses at once", &[("rounds with exactly 5 answered", &rounds)]);
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

#[test]
fn login_timing_does_not_tell_whether_there_is_an_account() {
    // Four failures are as many as an account takes without being locked.
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
            // In turn, so that whatever else the machine does meets both.
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
