//! Two instances on one state folder, as during a rolling update.

use std::collections::BTreeSet;
use std::thread;

use serde_json::json;
use spindle_tests::problem::expect_problem;
use spindle_tests::users::create_user;
use spindle_tests::{Account, Instance, instance};

#[test]
fn two_instances_that_start_at_once_share_their_state() {
    let state = tempfile::tempdir().expect("a temp folder");
    // Both apply the migrations to the same empty database.
    let (one, two) = thread::scope(|scope| {
        let one = scope.spawn(|| Instance::start(state.path()));
        let two = Instance::start(state.path());
        (one.join().expect("the first starts"), two)
    });
    // Both accept a token: its key is in the shared state.
    let admin = one.admin();
    let (one, two) = (admin.client, two.client().as_user(&admin.access_token));

    let user = create_user(&one, "shared");
    assert_eq!(two.get(&user.path).expect_status(200).json(), user.body);
    let twice = two.post("/v1/users", &json!({"email": user.body["email"], "display_name": "Twice"}));
    expect_problem(&twice, 409, "conflict");
    two.patch(&user.path, &user.etag, &json!({"display_name": "Changed"})).expect_status(200);
    expect_problem(&one.patch(&user.path, &user.etag, &json!({"display_name": "Lost"})), 412, "precondition-failed");
    assert_eq!(one.get(&user.path).json()["display_name"], "Changed");
}

#[test]
fn writers_of_two_instances_wait_for_each_other() {
    // With the admin they fit on one page.
    const EACH: usize = 24;
    let state = tempfile::tempdir().expect("a temp folder");
    let first = Instance::start(state.path());
    let second = Instance::start(state.path());
    let token = first.admin().access_token;
    thread::scope(|scope| {
        for client in [first.client(), first.client(), second.client(), second.client()] {
            let admin = client.as_user(&token);
            scope.spawn(move || (0..EACH).for_each(|_| drop(create_user(&admin, "busy"))));
        }
    });
    let all = second.client().as_user(&token).get("/v1/users?limit=100").expect_status(200).json();
    assert_eq!(all["items"].as_array().map(Vec::len), Some(1 + 4 * EACH));
}

#[test]
fn of_concurrent_first_logins_one_creates_the_admin() {
    let state = tempfile::tempdir().expect("a temp folder");
    let (first, second) = (Instance::start(state.path()), Instance::start(state.path()));
    let ids: BTreeSet<String> = thread::scope(|scope| {
        let logins: Vec<_> = (0..4)
            .flat_map(|_| [&first, &second])
            .map(|instance| {
                scope.spawn(|| {
                    Account::log_in(&instance.client(), &instance::admin().email, &instance::admin().password).id
                })
            })
            .collect();
        logins.into_iter().map(|login| login.join().expect("every login succeeds")).collect()
    });
    assert_eq!(ids.len(), 1, "{ids:?}");
    let admins = first.admin().client.get("/v1/users").expect_status(200).json();
    assert_eq!(admins["items"].as_array().map(Vec::len), Some(1), "{admins}");
    assert_eq!(admins["items"][0]["role"], "admin", "{admins}");
}
