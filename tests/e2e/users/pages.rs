//! Pages of the list of users. Other tests and earlier runs create users too, so a test counts only the users that it has created.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::Value;
use spindle_tests::accounts::admin;
use spindle_tests::problem::expect_problem;
use spindle_tests::users::create_user;
use spindle_tests::{Client, Response};

/// Follows `next_cursor` from the first page to the last and returns every id, in order.
fn all_ids(client: &Client, limit: usize) -> Vec<String> {
    let mut ids = Vec::new();
    let mut path = format!("/v1/users?limit={limit}");
    loop {
        let page = client.get(&path).expect_status(200);
        let body = page.json();
        let items = body["items"].as_array().expect("items are a list");
        assert!(items.len() <= limit);
        ids.extend(items.iter().map(|user| user["id"].as_str().expect("a user has an id").to_owned()));
        match &body["next_cursor"] {
            Value::Null => {
                assert_eq!(page.header("link"), None);
                return ids;
            }
            cursor => {
                assert_eq!(items.len(), limit, "only the last page is short");
                let next = next_link(&page);
                assert!(next.contains(cursor.as_str().expect("a cursor is a string")), "{next}");
                assert!(next.contains(&format!("limit={limit}")), "{next}");
                path = next;
            }
        }
    }
}

/// Returns the target of `Link: <...>; rel="next"` as a path.
fn next_link(page: &Response) -> String {
    let link = page.header("link").expect("a page with a cursor has a link");
    let target = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).expect("a next link");
    let path = target.find("/v1/").expect("a link into the API");
    target[path..].to_owned()
}

#[test]
fn every_user_is_on_exactly_one_page() {
    let client = &admin().client;
    let created: BTreeSet<String> = (0..7).map(|_| create_user(client, "paged").id).collect();
    for limit in [3, 100] {
        let ids = all_ids(client, limit);
        let unique: BTreeSet<String> = ids.iter().cloned().collect();
        assert_eq!(ids.len(), unique.len(), "a user is on two pages");
        assert!(created.is_subset(&unique), "a user is on no page");
    }
}

#[test]
fn nothing_is_skipped_or_repeated_while_users_are_added() {
    let client = &admin().client;
    let before: BTreeSet<String> = (0..10).map(|_| create_user(client, "before").id).collect();
    let paging = AtomicBool::new(true);
    thread::scope(|scope| {
        scope.spawn(|| {
            while paging.load(Ordering::Relaxed) {
                create_user(client, "during");
            }
        });
        // A small page makes many round trips for the inserts to come between; the bound keeps a slow reader finite.
        let ids = all_ids_within(client, 20, 500);
        paging.store(false, Ordering::Relaxed);
        let unique: BTreeSet<String> = ids.iter().cloned().collect();
        assert_eq!(ids.len(), unique.len(), "a user is on two pages");
        assert!(before.is_subset(&unique), "a user that was there before is on no page");
    });
}

/// Returns the ids like [`all_ids`], but ends after `pages` pages in case users are added faster than they are read.
fn all_ids_within(client: &Client, limit: usize, pages: usize) -> Vec<String> {
    let mut ids = Vec::new();
    let mut path = format!("/v1/users?limit={limit}");
    for _ in 0..pages {
        let page = client.get(&path).expect_status(200);
        let body = page.json();
        let items = body["items"].as_array().expect("items are a list");
        ids.extend(items.iter().map(|user| user["id"].as_str().expect("a user has an id").to_owned()));
        if body["next_cursor"].is_null() {
            break;
        }
        path = next_link(&page);
    }
    ids
}

#[test]
fn a_page_has_twenty_users_by_default() {
    let client = &admin().client;
    for _ in 0..21 {
        create_user(client, "default");
    }
    assert_eq!(client.get("/v1/users").expect_status(200).json()["items"].as_array().map(Vec::len), Some(20));
}

#[test]
fn a_cursor_that_was_tampered_with_is_refused() {
    let client = &admin().client;
    create_user(client, "cursor");
    create_user(client, "cursor");
    let page = client.get("/v1/users?limit=1").expect_status(200).json();
    let cursor = page["next_cursor"].as_str().expect("there is a second page");
    let id = page["items"][0]["id"].as_str().expect("a user has an id");
    assert!(!cursor.contains(id), "a cursor does not reveal the id in it: {cursor}");
    let flipped = if cursor.ends_with('A') { "B" } else { "A" };
    let changed = format!("{}{flipped}", &cursor[..cursor.len() - 1]);
    for bad in [changed.as_str(), &cursor[1..], "AAAA", "%00", "0190a5c0-0000-7000-8000-000000000000"] {
        expect_problem(&client.get(&format!("/v1/users?limit=1&cursor={bad}")), 400, "malformed-request");
    }
}
