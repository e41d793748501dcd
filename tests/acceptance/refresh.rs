//! Check 6: 20 concurrent uses of a refresh token all get the same successor; a late use ends the family.

use std::collections::BTreeSet;
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use spindle_tests::acceptance::{figures, scale};
use spindle_tests::jwt::Jwt;
use spindle_tests::problem::expect_problem;
use spindle_tests::{Account, Client, Instance, Response};

const CONCURRENT: usize = 20;

/// Longer than the five seconds in which a replaced token may be used again.
const GRACE: Duration = Duration::from_millis(5100);

fn refresh(client: &Client, token: &str) -> Response {
    client.post("/v1/auth/refresh", &json!({"refresh_token": token}))
}

/// Returns the refresh token in a response.
#[track_caller]
fn successor(response: Response) -> String {
    response.expect_status(200).json()["refresh_token"].as_str().expect("a refresh token").to_owned()
}

/// Uses `token` with all clients at the same moment, and returns the successors.
fn refresh_concurrently(clients: &[Client], token: &str) -> BTreeSet<String> {
    let (barrier, successors) = (Barrier::new(clients.len()), Mutex::new(BTreeSet::new()));
    thread::scope(|scope| {
        for client in clients {
            scope.spawn(|| {
                barrier.wait();
                let successor = successor(refresh(client, token));
                successors.lock().expect("no thread panics").insert(successor);
            });
        }
    });
    successors.into_inner().expect("no thread panics")
}

#[test]
fn concurrent_refreshes_get_one_successor_and_a_late_one_ends_the_family() {
    let families = scale(5, 100);
    let state = tempfile::tempdir().expect("a temp folder");
    let instance = Instance::start(state.path());
    let user = instance.accounts().customer("family");
    let clients: Vec<Client> = (0..CONCURRENT).map(|_| instance.client()).collect();
    let first: Vec<Account> = (0..families).map(|_| user.log_in_again()).collect();

    let start = Instant::now();
    let mut newest = Vec::new();
    for family in &first {
        let successors = refresh_concurrently(&clients, &family.refresh_token);
        let only = successors.first().expect("a successor").clone();
        assert_eq!(successors.len(), 1, "{successors:?}");
        assert_ne!(only, family.refresh_token);
        newest.push(successor(refresh(&clients[0], &only)));
    }
    let took = start.elapsed();

    thread::sleep(GRACE);
    for (family, newest) in first.iter().zip(&newest) {
        let session = &Jwt::parse(&family.access_token).claims["sid"];
        // Of several concurrent late uses, one ends the family.
        thread::scope(|scope| {
            for client in &clients[..4] {
                scope.spawn(|| expect_problem(&refresh(client, &family.refresh_token), 401, "unauthorized"));
            }
        });
        expect_problem(&refresh(&clients[0], newest), 401, "unauthorized");
        expect_problem(&family.client.get("/v1/auth/sessions"), 401, "unauthorized");
        let query = format!("action=refresh.reused&subject={}", session.as_str().expect("an id"));
        let rows = instance.admin().client.get(&format!("/v1/admin/audit?{query}")).expect_status(200).json();
        assert_eq!(rows["items"].as_array().map(Vec::len), Some(1), "{rows}");
    }
    // The session of another family still works.
    let left = user.client.get("/v1/auth/sessions").expect_status(200).json();
    assert_eq!(left["items"].as_array().map(Vec::len), Some(1), "{left}");
    successor(refresh(&clients[0], &user.refresh_token));

    let refreshes = families * (CONCURRENT + 1);
    let rate = (refreshes as f64 / took.as_secs_f64()) as u64;
    figures(
        "refresh: 20 at once for each family",
        &[
            ("families with one successor, ended by a late reuse", &families),
            ("refreshes", &refreshes),
            ("refreshes a second", &rate),
        ],
    );
}
