//! Tests of both kinds of stores through the same handle.

use std::path::Path;
use std::sync::Arc;

use super::{KeyValueStore, Store, SwapError};
use crate::app;
use crate::stores::redis_server::RedisServer;

fn spin(label: &str, folder: &Path) -> KeyValueStore {
    let path = Some(folder.join("new/folder/kv.db"));
    KeyValueStore::new(label, &app::KeyValueStore::Spin { path }).expect("the folder can be made")
}

fn in_memory() -> KeyValueStore {
    KeyValueStore::new("any", &app::KeyValueStore::Spin { path: None }).expect("there is no folder to be made")
}

fn redis(server: &RedisServer) -> KeyValueStore {
    KeyValueStore::new("any", &app::KeyValueStore::Redis { url: server.url() }).expect("the URL is right")
}

async fn reads_and_writes(store: &Store) -> Result<(), String> {
    assert_eq!(store.get("a").await?, None);
    assert!(!store.exists("a").await?);
    store.set("a", b"1").await?;
    store.set("a", b"\0\xff").await?;
    store.set("", b"").await?;
    assert_eq!(store.get("a").await?.as_deref(), Some(&b"\0\xff"[..]));
    assert_eq!(store.get("").await?.as_deref(), Some(&b""[..]));
    assert!(store.exists("a").await?);
    let long = "k".repeat(1000);
    store.set(&long, &vec![7; 2 << 20]).await?;
    assert_eq!(store.get(&long).await?.map(|value| value.len()), Some(2 << 20), "Spin limits neither keys nor values");
    let mut keys = store.keys().await?;
    keys.sort();
    assert_eq!(keys, ["", "a", &long]);
    store.delete("a").await?;
    store.delete("a").await?;
    store.set_many(vec![("x".to_owned(), b"1".to_vec()), ("y".to_owned(), b"2".to_vec())]).await?;
    assert_eq!(store.get("y").await?.as_deref(), Some(&b"2"[..]));
    store.delete_many(vec!["x".to_owned(), "y".to_owned(), "z".to_owned(), String::new(), long]).await?;
    store.set_many(Vec::new()).await?;
    store.delete_many(Vec::new()).await?;
    assert_eq!(store.get_many(Vec::new()).await?, Vec::new());
    assert_eq!(store.keys().await?, Vec::<String>::new());
    assert_eq!(store.increment("n", 5).await?, 5);
    assert_eq!(store.increment("n", -7).await?, -2);
    Ok(())
}

async fn a_hundred_increments(store: &Store) {
    let tasks: Vec<_> = (0..100)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.increment("counter", 1).await })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic").expect("it counts");
    }
    assert_eq!(store.increment("counter", 0).await, Ok(100));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spin_store_reads_and_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = spin("default", folder.path()).open().await.expect("it opens");
    reads_and_writes(&store).await.expect("no error");
    a_hundred_increments(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_in_memory_reads_and_writes() {
    let store = in_memory().open().await.expect("it opens");
    reads_and_writes(&store).await.expect("no error");
    a_hundred_increments(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_store_reads_and_writes() {
    let Some(server) = RedisServer::start("a_redis_store_reads_and_writes") else { return };
    let store = redis(&server).open().await.expect("it opens");
    reads_and_writes(&store).await.expect("no error");
    a_hundred_increments(&store).await;
}

#[tokio::test]
async fn a_store_is_kept_in_the_table_that_spin_has() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = spin("one", folder.path()).open().await.expect("it opens");
    one.set("k", b"v").await.expect("it writes");
    one.increment("n", 258).await.expect("it counts");
    let two = spin("two", folder.path()).open().await.expect("it opens");
    assert_eq!(two.keys().await, Ok(Vec::new()), "labels are separate within one file");
    let file = rusqlite::Connection::open(folder.path().join("new/folder/kv.db")).expect("it is SQLite");
    let mut rows =
        file.prepare("SELECT store, key, value FROM spin_key_value ORDER BY key").expect("the table is there");
    let rows: Vec<(String, String, Vec<u8>)> = rows
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .and_then(Iterator::collect)
        .expect("columns as Spin has them");
    let row = |key: &str, value: &[u8]| ("one".to_owned(), key.to_owned(), value.to_vec());
    assert_eq!(rows, [row("k", b"v"), row("n", &[2, 1, 0, 0, 0, 0, 0, 0])]);
}

#[tokio::test]
async fn get_many_returns_existing_keys_once_and_sorted() {
    let folder = tempfile::tempdir().expect("a folder");
    for store in [spin("default", folder.path()), in_memory()] {
        let store = store.open().await.expect("it opens");
        store.set("b", b"2").await.expect("it writes");
        store.set("a", b"1").await.expect("it writes");
        let keys = ["b", "missing", "a", "b"].map(str::to_owned).to_vec();
        let expected = vec![("a".to_owned(), Some(b"1".to_vec())), ("b".to_owned(), Some(b"2".to_vec()))];
        assert_eq!(store.get_many(keys).await, Ok(expected));
    }
}

#[tokio::test]
async fn a_lost_swap_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for store in [spin("default", folder.path()), in_memory()] {
        let store = store.open().await.expect("it opens");
        store.set("k", b"old").await.expect("it writes");
        let mut winner = store.compare_and_swap("k".to_owned());
        let mut loser = store.compare_and_swap("k".to_owned());
        assert_eq!(winner.current().await.expect("it reads").as_deref(), Some(&b"old"[..]));
        loser.current().await.expect("it reads");
        assert_eq!(winner.swap(b"winner".to_vec()).await, Ok(()));
        assert_eq!(loser.swap(b"loser".to_vec()).await, Err(SwapError::Conflict));
        assert_eq!(store.get("k").await.expect("it reads").as_deref(), Some(&b"winner"[..]));
        loser.current().await.expect("it reads");
        assert_eq!(loser.swap(b"second try".to_vec()).await, Ok(()));
        // As in Spin: without a value read before, nothing is compared.
        let blind = store.compare_and_swap("k".to_owned());
        assert_eq!(blind.swap(b"blind".to_vec()).await, Ok(()));
    }
}

#[tokio::test]
async fn a_value_that_is_not_a_number_cannot_be_incremented() {
    let folder = tempfile::tempdir().expect("a folder");
    for store in [spin("default", folder.path()), in_memory()] {
        let store = store.open().await.expect("it opens");
        store.set("k", b"12").await.expect("it writes");
        assert_eq!(store.increment("k", 1).await, Err("increment: a value of 2 bytes is no number".to_owned()));
        assert_eq!(store.get("k").await.expect("it reads").as_deref(), Some(&b"12"[..]));
        store.set("k", &i64::MAX.to_le_bytes()).await.expect("it writes");
        assert_eq!(store.increment("k", 1).await, Ok(i64::MIN), "as in Spin");
    }
}

#[tokio::test]
async fn a_store_in_memory_is_shared_by_all_requests() {
    let store = in_memory();
    store.open().await.expect("it opens").set("k", b"v").await.expect("it writes");
    assert_eq!(store.open().await.expect("it opens").keys().await, Ok(vec!["k".to_owned()]));
}

/// A lock of another process, which cannot wake the waiting tasks. On one thread.
#[tokio::test]
async fn waiting_for_a_locked_file_does_not_block_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = spin("default", folder.path()).open().await.expect("it opens");
    let other = rusqlite::Connection::open(folder.path().join("new/folder/kv.db")).expect("it is SQLite");
    other.execute_batch("BEGIN IMMEDIATE").expect("no other writer");
    let (written, ()) = tokio::join!(store.set("k", b"v"), async {
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        other.execute_batch("COMMIT").expect("this runs while the other waits");
    });
    assert_eq!(written, Ok(()));
}

#[tokio::test]
async fn a_redis_store_refuses_operations_that_spins_cannot_do() {
    let Some(server) = RedisServer::start("a_redis_store_refuses_operations_that_spins_cannot_do") else { return };
    let store = redis(&server).open().await.expect("it opens");
    store.set("k", b"v").await.expect("it writes");
    let mut swap = store.compare_and_swap("k".to_owned());
    assert_eq!(swap.current().await.expect("it reads").as_deref(), Some(&b"v"[..]));
    assert_eq!(swap.swap(b"w".to_vec()).await, Err(SwapError::Failed("swap: not supported on Redis".to_owned())));
    assert_eq!(store.get_many(vec!["k".to_owned()]).await, Err("get-many: not supported on Redis".to_owned()));
    assert_eq!(store.get("k").await.expect("it reads").as_deref(), Some(&b"v"[..]));
    assert!(store.increment("k", 1).await.is_err_and(|error| error.contains("not an integer")));
}

#[tokio::test]
async fn a_redis_store_reconnects_after_its_server_was_down() {
    let Some(server) = RedisServer::start("a_redis_store_reconnects_after_its_server_was_down") else { return };
    let store = Arc::new(redis(&server));
    store.open().await.expect("it opens").set("k", b"v").await.expect("it writes");
    let mut client =
        ::redis::Client::open(server.url()).and_then(|client| client.get_connection()).expect("it accepts connections");
    ::redis::cmd("CLIENT").arg("KILL").arg("TYPE").arg("normal").exec(&mut client).expect("it kills");
    // One try may fail, while the connection is being restored; the next must not.
    let handle = store.open().await.expect("it opens");
    let first = handle.get("k").await;
    let value = if first.is_ok() { first } else { handle.get("k").await };
    assert_eq!(value.expect("it reads").as_deref(), Some(&b"v"[..]));
}

#[test]
fn an_invalid_redis_url_is_refused_at_start() {
    let config = app::KeyValueStore::Redis { url: "http://localhost".to_owned() };
    let error = KeyValueStore::new("any", &config).expect_err("no such scheme");
    assert_eq!(error.to_string(), "invalid Redis URL");
}
