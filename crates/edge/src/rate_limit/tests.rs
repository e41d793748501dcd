//! The key-value records of a client.

use super::{Limit, Window, increment_window};
use futures::executor::block_on;
use spindle_contracts::Timestamp;
use spindle_platform::kv::Store;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform, Scope};

const NOW: i64 = 1_700_000_000;
const KEY: &str = "rate:read:1";

fn store() -> Store {
    let platform = Platform::native().at(Timestamp::from_millis(NOW * 1000)).build();
    let trace = TraceContext::start(platform.random());
    let context = Context::new(platform, Scope { service: "things", migrations: &[] }, "r".to_owned(), trace);
    block_on(context.shared_kv("edge")).unwrap()
}

fn count_at(store: &Store, now: i64) -> (i64, i64) {
    let limit = Limit { class: "read", requests: 100, seconds: 60 };
    block_on(increment_window(store, KEY, limit, now)).unwrap()
}

#[test]
fn a_window_opens_with_its_first_request_and_closes_after_its_time() {
    let store = store();
    let counts = [NOW, NOW + 1, NOW + 59].map(|now| count_at(&store, now));
    assert_eq!(counts, [(NOW, 1), (NOW, 2), (NOW, 3)]);
    let counts = [NOW + 60, NOW + 61, NOW + 1_000_000].map(|now| count_at(&store, now));
    assert_eq!(counts, [(NOW + 60, 1), (NOW + 60, 2), (NOW + 1_000_000, 1)]);
}

#[test]
fn a_request_with_a_slightly_slow_clock_counts_in_the_same_window() {
    let store = store();
    let counts = [NOW, NOW - 3, NOW].map(|now| count_at(&store, now));
    assert_eq!(counts, [(NOW, 1), (NOW, 2), (NOW, 3)]);
}

#[test]
fn concurrent_requests_of_a_new_client_are_all_counted() {
    let store = store();
    // Fifty requests have incremented the counter, and none has opened the window yet.
    block_on(store.increment(KEY, 50)).unwrap();
    assert_eq!(count_at(&store, NOW), (NOW, 51));
    assert_eq!(count_at(&store, NOW), (NOW, 52));
}

#[test]
fn a_lost_counter_starts_a_new_window() {
    let store = store();
    assert_eq!([NOW, NOW].map(|now| count_at(&store, now)), [(NOW, 1), (NOW, 2)]);
    block_on(store.delete(KEY)).unwrap();
    assert_eq!([NOW, NOW].map(|now| count_at(&store, now)), [(NOW, 1), (NOW, 2)]);
}

#[test]
fn a_lost_window_start_costs_the_client_one_window_at_most() {
    let store = store();
    block_on(store.increment(KEY, 5000)).unwrap();
    assert_eq!(count_at(&store, NOW), (NOW, 5001));
    assert_eq!(count_at(&store, NOW + 60), (NOW + 60, 1));
    block_on(store.set(&format!("{KEY}:w"), b"nonsense")).unwrap();
    assert_eq!(count_at(&store, NOW + 61).0, NOW + 61);
}

#[test]
fn a_window_is_decoded_from_its_bytes() {
    let window = Window { opened: NOW, before: 7 };
    assert_eq!(Window::from_bytes(&window.to_bytes()), Some(window));
    assert_eq!(Window::from_bytes(&[0; 15]), None);
    assert_eq!(Window::from_bytes(&[0; 17]), None);
}
