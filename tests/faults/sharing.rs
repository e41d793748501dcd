//! Two instances on one state folder, as during a rolling update.

use std::thread;

use serde_json::json;
use spindle_tests::Instance;
use spindle_tests::problem::expect_problem;
use spindle_tests::users::create_user;

#[test]
fn two_instances_that_start_at_once_share_their_state() {
    let state = tempfile::tempdir().expect("a temp folder");
    // Both apply the migrations to the same empty database.
    let (one, two) = thread::scope(|scope| {
        let one = scope.spawn(|| Instance::start(state.path()));
        let two = Instance::start(state.path());
        (one.join().expect("the first starts"), two)
    });
    let (one, two) = (one.client(), two.client());

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
    const EACH: usize = 25;
    let state = tempfile::tempdir().expect("a temp folder");
    let first = Instance::start(state.path());
    let second = Instance::start(state.path());
    thread::scope(|scope| {
        for client in [first.client(), first.client(), second.client(), second.client()] {
            scope.spawn(move || (0..EACH).for_each(|_| drop(create_user(&client, "busy"))));
        }
    });
    let count = second.client().get("/v1/users?limit=100").expect_status(200).json()["items"].as_array().map(Vec::len);
    assert_eq!(count, Some(4 * EACH));
}
