//! On the native backend: limits, prefixes, JSON and the atomic operations.

use futures::executor::block_on;

use super::{Error, Failure, MAX_KEY_BYTES, MAX_VALUE_BYTES, Store};
use crate::backend::native::kv::Backend;
use crate::trace::TraceContext;
use crate::{Context, Platform, Scope};

/// Returns the part of a fresh store that belongs to the service `users`.
fn store() -> Store {
    open(&Backend::default(), "users")
}

fn open(backend: &Backend, service: &str) -> Store {
    Store { backend: backend.clone(), prefix: format!("{service}:"), failure: Failure::default() }
}

#[test]
fn a_value_exists_from_set_to_delete() {
    block_on(async {
        let store = store();
        assert_eq!((store.get("a").await, store.exists("a").await), (Ok(None), Ok(false)));
        store.set("a", b"1").await.unwrap();
        store.set("a", b"").await.unwrap();
        assert_eq!((store.get("a").await, store.exists("a").await), (Ok(Some(vec![])), Ok(true)));
        store.delete("a").await.unwrap();
        store.delete("a").await.unwrap();
        assert_eq!((store.get("a").await, store.exists("a").await), (Ok(None), Ok(false)));
    });
}

#[test]
fn services_that_share_a_store_have_separate_keys() {
    block_on(async {
        let backend = Backend::default();
        let (users, orders) = (open(&backend, "users"), open(&backend, "orders"));
        users.set("a", b"1").await.unwrap();
        assert_eq!(orders.get("a").await, Ok(None));
        assert_eq!(backend.get("users:a"), Ok(Some(b"1".to_vec())));
    });
}

#[test]
fn the_longest_key_counts_the_prefix() {
    block_on(async {
        let store = store();
        let longest = "k".repeat(MAX_KEY_BYTES - "users:".len());
        store.set(&longest, b"1").await.unwrap();
        let longer = format!("{longest}k");
        let error = Error::Key { length: MAX_KEY_BYTES + 1 };
        assert_eq!(store.set(&longer, b"1").await, Err(error.clone()));
        assert_eq!(store.get(&longer).await, Err(error.clone()));
        assert_eq!(store.exists(&longer).await, Err(error.clone()));
        assert_eq!(store.delete(&longer).await, Err(error.clone()));
        assert_eq!(store.increment(&longer, 1).await, Err(error.clone()));
        assert_eq!(store.compare_and_swap(&longer, b"1", b"2").await, Err(error));
        assert_eq!(store.get("").await, Err(Error::Key { length: 6 }));
    });
}

#[test]
fn a_value_over_the_limit_is_refused() {
    block_on(async {
        let store = store();
        let largest = vec![7; MAX_VALUE_BYTES];
        store.set("a", &largest).await.unwrap();
        let larger = vec![7; MAX_VALUE_BYTES + 1];
        let error = Error::ValueTooLarge { length: MAX_VALUE_BYTES + 1 };
        assert_eq!(store.set("a", &larger).await, Err(error.clone()));
        assert_eq!(store.compare_and_swap("a", &largest, &larger).await, Err(error));
        assert_eq!(store.get("a").await, Ok(Some(largest)));
    });
}

#[test]
fn the_error_of_unexpected_json_names_the_key() {
    block_on(async {
        let store = store();
        store.set_json("a", &vec![1, 2]).await.unwrap();
        assert_eq!(store.get("a").await, Ok(Some(b"[1,2]".to_vec())));
        assert_eq!(store.get_json::<Vec<u8>>("a").await, Ok(Some(vec![1, 2])));
        assert_eq!(store.get_json::<Vec<u8>>("b").await, Ok(None));
        match store.get_json::<String>("a").await {
            Err(Error::Json { key, .. }) => assert_eq!(key, "a"),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn a_counter_starts_at_zero_and_never_wraps() {
    block_on(async {
        let backend = Backend::default();
        // A store takes the failure for one of key-value, and makes no further call in its request.
        let (store, later, text) = (open(&backend, "users"), open(&backend, "users"), open(&backend, "users"));
        assert_eq!(store.increment("n", 0).await, Ok(0));
        assert_eq!(store.increment("n", 5).await, Ok(5));
        assert_eq!(store.increment("n", -7).await, Ok(-2));
        assert!(matches!(store.increment("n", i64::MIN).await, Err(Error::Other(_))));
        assert_eq!(later.increment("n", 0).await, Ok(-2));
        text.set("text", b"5").await.unwrap();
        assert!(matches!(text.increment("text", 1).await, Err(Error::Other(_))));
    });
}

#[test]
fn a_swap_needs_the_expected_value() {
    block_on(async {
        let store = store();
        assert_eq!(store.compare_and_swap("a", b"", b"1").await, Ok(false));
        store.set("a", b"1").await.unwrap();
        assert_eq!(store.compare_and_swap("a", b"0", b"2").await, Ok(false));
        assert_eq!(store.get("a").await, Ok(Some(b"1".to_vec())));
        assert_eq!(store.compare_and_swap("a", b"1", b"2").await, Ok(true));
        assert_eq!(store.get("a").await, Ok(Some(b"2".to_vec())));
    });
}

#[test]
fn after_a_failed_call_a_request_makes_no_further_one() {
    let platform = Platform::native().build();
    let scope = Scope { service: "things", migrations: &[] };
    let request = || Context::new(platform.clone(), scope, "r-1".to_owned(), TraceContext::start([1; 24]));
    block_on(async {
        let context = request();
        let store = context.kv("edge").await.unwrap();
        assert!(matches!(store.set("", b"1").await, Err(Error::Key { .. })), "which is no failure of the store");
        store.set("a", b"1").await.unwrap();
        platform.take_store_calls();

        platform.lose_stores(true);
        let lost = Error::Other("the connection is lost".to_owned());
        assert_eq!(store.get("a").await, Err(lost.clone()));
        platform.lose_stores(false);
        assert_eq!(store.set("a", b"2").await, Err(lost.clone()));
        assert_eq!(context.shared_kv("other").await.err(), Some(lost.clone()), "nor on another store");
        let deferred = context.clone().continue_request("r-2", "");
        assert_eq!(deferred.kv("edge").await.err(), Some(lost), "nor after the response");
        assert_eq!(platform.take_store_calls(), ["get things:a"]);

        assert_eq!(request().kv("edge").await.unwrap().get("a").await, Ok(Some(b"1".to_vec())));
    });
}
