//! Registrations while the host is killed: an account and its profile either both exist, or neither does and the address is free.

use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;
use spindle_tests::acceptance::{figures, scale};
use spindle_tests::accounts::{Account, PASSWORD, try_log_in};
use spindle_tests::problem::expect_problem;
use spindle_tests::users::unique_email;
use spindle_tests::{Client, Instance};

/// The number of concurrent registrations.
const APPLICANTS: usize = 4;

/// The latest moment at which the host is killed, in milliseconds.
const LATEST: u64 = 500;

/// The e-mail addresses of the registrations.
#[derive(Default)]
struct Attempts {
    /// Those with a response: the account exists.
    acknowledged: Vec<String>,
    /// Those without a response.
    without_response: Vec<String>,
}

#[test]
fn an_account_and_its_profile_both_exist_or_neither_does() {
    let rounds: u64 = scale(2, 25);
    let state = tempfile::tempdir().expect("a temp folder");
    let (mut acknowledged, mut whole, mut free) = (0, 0, 0);
    for round in 0..rounds {
        let attempts = register_until_killed(state.path(), moment(round));
        let instance = Instance::start(state.path());
        let client = instance.client();
        for email in &attempts.acknowledged {
            try_log_in(&client, email, PASSWORD).expect_status(200);
        }
        acknowledged += attempts.acknowledged.len();
        for email in &attempts.without_response {
            if is_whole(&client, &instance.admin().client, email) {
                whole += 1;
            } else {
                free += 1;
            }
        }
        let verified = instance.admin().client.get("/v1/admin/audit/verify").expect_status(200).json();
        assert_eq!(verified["intact"], true, "{verified}");
    }
    figures(
        "registration: the host killed while accounts are created",
        &[
            ("kills", &rounds),
            ("acknowledged, all exist", &acknowledged),
            ("no response, exists with its profile", &whole),
            ("no response, does not exist, and registered again", &free),
        ],
    );
}

/// Returns a random moment.
fn moment(round: u64) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is past 1970").subsec_nanos();
    Duration::from_millis((u64::from(now) / 1000 + round * 37) % LATEST)
}

/// Registers one account after another in several threads, and kills the host at `moment`.
fn register_until_killed(state: &Path, moment: Duration) -> Attempts {
    let instance = Instance::start(state);
    // The first login creates the admin, which this test does not measure.
    instance.admin();
    let client = instance.client();
    let attempts = Mutex::new(Attempts::default());
    thread::scope(|scope| {
        for _ in 0..APPLICANTS {
            let (client, attempts) = (&client, &attempts);
            scope.spawn(move || {
                loop {
                    let email = unique_email("crash");
                    let is_acknowledged = try_register(client, &email);
                    let mut attempts = attempts.lock().expect("no applicant panics");
                    if !is_acknowledged {
                        return attempts.without_response.push(email);
                    }
                    attempts.acknowledged.push(email);
                }
            });
        }
        thread::sleep(moment);
        instance.kill();
    });
    attempts.into_inner().expect("no applicant panics")
}

/// Registers an account, and returns whether there was a response, which must be a 201.
fn try_register(client: &Client, email: &str) -> bool {
    let body = json!({"email": email, "password": PASSWORD}).to_string();
    let headers = [("content-type", "application/json")];
    let Ok(response) = client.try_send("POST", "/v1/auth/register", &headers, Some(body.as_bytes())) else {
        return false;
    };
    assert_eq!(response.status, 201, "{}", response.text());
    true
}

/// Returns whether the account exists with its profile. If not, checks that neither exists, and that the address can be registered.
fn is_whole(client: &Client, admin: &Client, email: &str) -> bool {
    let profiles = admin.get(&format!("/v1/users?email={email}")).expect_status(200).json();
    let login = try_log_in(client, email, PASSWORD);
    match profiles["items"].as_array().map(Vec::len) {
        Some(1) => {
            login.expect_status(200);
            true
        }
        Some(0) => {
            expect_problem(&login, 401, "invalid-credentials");
            assert!(try_register(client, email));
            Account::log_in(client, email, PASSWORD);
            false
        }
        _ => panic!("one profile or none: {profiles}"),
    }
}
