//! Entity tags: no client overwrites a version that it has not read.

use std::sync::Barrier;
use std::thread;

use serde_json::json;
use spindle_tests::accounts::admin;
use spindle_tests::problem::expect_problem;
use spindle_tests::users::create_user;

#[test]
fn of_fifty_writers_with_the_same_etag_one_succeeds() {
    const WRITERS: usize = 50;
    let client = &admin().client;
    let user = create_user(client, "contended");
    let start = Barrier::new(WRITERS);
    let mut statuses: Vec<(u16, String)> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (user, start) = (&user, &start);
                scope.spawn(move || {
                    let name = format!("writer {writer}");
                    start.wait();
                    (client.patch(&user.path, &user.etag, &json!({"display_name": name})).status, name)
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().expect("a writer does not panic")).collect()
    });
    statuses.sort();
    let winner = statuses.remove(0);
    assert_eq!(winner.0, 200);
    assert!(statuses.iter().all(|(status, _)| *status == 412), "{statuses:?}");
    assert_eq!(client.get(&user.path).json()["display_name"], winner.1);
}

#[test]
fn a_change_without_if_match_is_refused() {
    let client = &admin().client;
    let user = create_user(client, "unconditional");
    let json = [("content-type", "application/json")];
    let change = client.send("PATCH", &user.path, &json, Some(br#"{"display_name":"X"}"#));
    expect_problem(&change, 428, "precondition-required");
    expect_problem(&client.send("DELETE", &user.path, &[], None), 428, "precondition-required");
    assert_eq!(client.get(&user.path).json(), user.body);
}

#[test]
fn a_stale_or_weak_tag_is_refused() {
    let client = &admin().client;
    let user = create_user(client, "stale");
    client.patch(&user.path, &user.etag, &json!({"display_name": "Newer"})).expect_status(200);
    let current = client.get(&user.path).etag();
    for tag in [user.etag.clone(), "\"never\"".to_owned(), format!("W/{current}")] {
        expect_problem(&client.patch(&user.path, &tag, &json!({"display_name": "X"})), 412, "precondition-failed");
        expect_problem(&client.delete(&user.path, &tag), 412, "precondition-failed");
    }
    assert_eq!(client.get(&user.path).json()["display_name"], "Newer");
}

#[test]
fn if_match_may_list_tags_or_take_any() {
    let client = &admin().client;
    let user = create_user(client, "listed");
    let list = format!("\"other\", {}", user.etag);
    client.patch(&user.path, &list, &json!({"display_name": "Listed"})).expect_status(200);
    client.patch(&user.path, "*", &json!({"display_name": "Any"})).expect_status(200);
    assert_eq!(client.get(&user.path).json()["display_name"], "Any");
}

#[test]
fn a_reader_that_has_the_current_version_gets_no_body() {
    let client = &admin().client;
    let user = create_user(client, "cached");
    for tag in [user.etag.clone(), format!("W/{}", user.etag), format!("\"x\", {}", user.etag), "*".to_owned()] {
        let response = client.send("GET", &user.path, &[("if-none-match", &tag)], None).expect_status(304);
        assert!(response.body.is_empty());
        assert_eq!(response.etag(), user.etag);
    }
    let changed = client.patch(&user.path, &user.etag, &json!({"display_name": "Newer"})).expect_status(200);
    let response = client.send("GET", &user.path, &[("if-none-match", &user.etag)], None).expect_status(200);
    assert_eq!(response.json(), changed.json());
}
