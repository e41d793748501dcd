//! Tests of the interfaces through a guest's calls.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Capabilities, Rights};
use crate::app::{
    AllowedHosts, App, BlockedNetworks, Component, KeyValueStore, OutboundHttp, RuntimeConfig, SqliteDatabase,
    Variables,
};
use crate::bindings::fermyon::spin::redis::HostConnection as _;
use crate::bindings::fermyon::spin::{key_value, redis, sqlite, variables};
use crate::bindings::wasi::config::store as config;
use crate::bindings::wasi::keyvalue::atomics::{self, CasError, Host as _, HostCas as _};
use crate::bindings::wasi::keyvalue::store::{self, HostBucket as _};
use crate::stores::Stores;
use crate::stores::redis_server::RedisServer;

/// Creates a component that may open the database and the store `mine`, of two each, and the variable `greeting`.
fn capabilities(allowed_outbound_hosts: &[&str]) -> Capabilities {
    let labels = ["mine", "other"].map(str::to_owned);
    let runtime = RuntimeConfig {
        sqlite_databases: labels.clone().map(|label| (label, SqliteDatabase::Spin { path: None })).into(),
        key_value_stores: labels.map(|label| (label, KeyValueStore::Spin { path: None })).into(),
        outbound_http: OutboundHttp::default(),
        blocked_networks: BlockedNetworks::default(),
    };
    let mut variables = Variables::new([("name".to_owned(), Some("you".to_owned()))].into()).expect("it is a name");
    let greeting = BTreeMap::from([("greeting".to_owned(), "Hello {{ name }}".to_owned())]);
    variables.add_component("guest", &greeting).expect("it is a template");
    let hosts = allowed_outbound_hosts.iter().map(|&host| host.to_owned()).collect::<Vec<_>>();
    let component = Component {
        id: "guest".to_owned(),
        source: "guest.wasm".into(),
        environment: BTreeMap::new(),
        files: Vec::new(),
        key_value_stores: vec!["mine".to_owned(), "undefined".to_owned()],
        sqlite_databases: vec!["mine".to_owned(), "undefined".to_owned()],
        allowed_outbound_hosts: AllowedHosts::resolve(&hosts, &variables, &[]),
        dependencies: Vec::new(),
    };
    let app = Arc::new(App {
        name: "test".to_owned(),
        version: String::new(),
        base_dir: ".".into(),
        components: vec![component.clone()],
        http: Vec::new(),
        redis: Vec::new(),
        variables,
        runtime,
        warnings: Vec::new(),
    });
    let stores = Stores::open(&app.runtime, Duration::from_secs(60)).expect("nothing on disk");
    Capabilities::new(&Arc::new(Rights::new(&app, &component, &stores, None)))
}

#[tokio::test]
async fn only_listed_databases_can_be_opened() {
    use sqlite::Error;
    let mut guest = capabilities(&[]);
    for (label, expected) in
        [("other", Error::AccessDenied), ("", Error::AccessDenied), ("undefined", Error::NoSuchDatabase)]
    {
        let error =
            sqlite::HostConnection::open(&mut guest, label.to_owned()).await.expect("no trap").expect_err(label);
        assert_eq!(format!("{error:?}"), format!("{expected:?}"), "{label}");
    }
    let mut open = Vec::new();
    for _ in 0..256 {
        let connection = sqlite::HostConnection::open(&mut guest, "mine".to_owned()).await.expect("no trap");
        open.push(connection.expect("it may"));
    }
    let error =
        sqlite::HostConnection::open(&mut guest, "mine".to_owned()).await.expect("no trap").expect_err("too many");
    assert!(matches!(error, Error::Io(text) if text == "too many connections opened"));
    sqlite::HostConnection::drop(&mut guest, open.remove(0)).await.expect("it was open");
    let connection =
        sqlite::HostConnection::open(&mut guest, "mine".to_owned()).await.expect("no trap").expect("room again");
    let result = sqlite::HostConnection::execute(&mut guest, connection, "SELECT 1".to_owned(), Vec::new()).await;
    assert_eq!(result.expect("no trap").expect("it runs").columns, ["1"]);
}

#[tokio::test]
async fn only_listed_stores_can_be_opened() {
    let mut guest = capabilities(&[]);
    for (label, expected) in [("other", "AccessDenied"), ("undefined", "NoSuchStore")] {
        let error = key_value::HostStore::open(&mut guest, label.to_owned()).await.expect("no trap").expect_err(label);
        assert_eq!(format!("{error:?}"), format!("Error::{expected}"));
        let error = store::Host::open(&mut guest, label.to_owned()).await.expect("no trap").expect_err(label);
        assert_eq!(format!("{error:?}"), format!("Error::{expected}"));
    }
}

#[tokio::test]
async fn both_interfaces_open_the_same_store() {
    let mut guest = capabilities(&[]);
    let ours = key_value::HostStore::open(&mut guest, "mine".to_owned()).await.expect("no trap").expect("it may");
    let written = key_value::HostStore::set(&mut guest, ours, "k".to_owned(), b"v".to_vec()).await.expect("no trap");
    written.expect("it writes");
    let bucket = store::Host::open(&mut guest, "mine".to_owned()).await.expect("no trap").expect("it may");
    let listed = guest.list_keys(bucket, None).await.expect("no trap").expect("it reads");
    assert_eq!((listed.keys, listed.cursor), (vec!["k".to_owned()], None));
    let bucket = store::Host::open(&mut guest, "mine".to_owned()).await.expect("no trap").expect("it may");
    let error = guest.list_keys(bucket, Some(String::new())).await.expect("no trap").expect_err("as in Spin");
    assert!(matches!(error, store::Error::Other(text) if text == "list_keys: cursor not supported"));
}

#[tokio::test]
async fn a_lost_swap_returns_a_handle_that_can_win() {
    let mut guest = capabilities(&[]);
    let bucket = store::Host::open(&mut guest, "mine".to_owned()).await.expect("no trap").expect("it may");
    let rep = bucket.rep();
    let bucket = || wasmtime::component::Resource::new_borrow(rep);
    store::HostBucket::set(&mut guest, bucket(), "k".to_owned(), b"old".to_vec())
        .await
        .expect("no trap")
        .expect("it writes");
    let cas = atomics::HostCas::new(&mut guest, bucket(), "k".to_owned()).await.expect("no trap").expect("it opens");
    let handle = wasmtime::component::Resource::new_borrow(cas.rep());
    guest.current(handle).await.expect("no trap").expect("it reads");
    store::HostBucket::set(&mut guest, bucket(), "k".to_owned(), b"new".to_vec())
        .await
        .expect("no trap")
        .expect("it writes");
    let lost = guest.swap(cas, b"mine".to_vec()).await.expect("no trap").expect_err("it was changed");
    let CasError::CasFailed(again) = lost else { panic!("{lost:?}") };
    guest.swap(again, b"mine".to_vec()).await.expect("no trap").expect("no other write");
    let value = store::HostBucket::get(&mut guest, bucket(), "k".to_owned()).await.expect("no trap").expect("it reads");
    assert_eq!(value.as_deref(), Some(&b"mine"[..]));
}

/// On one thread: a guest that continues after its response must not delay the response.
#[tokio::test]
async fn a_guest_that_never_waits_lets_others_run() {
    let mut guest = capabilities(&[]);
    let store = key_value::HostStore::open(&mut guest, "mine".to_owned()).await.expect("no trap").expect("it may");
    let rep = store.rep();
    let other = tokio::spawn(async {});
    let since = Instant::now();
    while !other.is_finished() {
        let store = wasmtime::component::Resource::new_borrow(rep);
        let read = key_value::HostStore::get(&mut guest, store, "k".to_owned()).await;
        assert_eq!(read.expect("no trap").expect("it reads"), None);
        assert!(since.elapsed() < Duration::from_secs(5), "no other task ran");
    }
}

#[tokio::test]
async fn a_component_sees_its_variables_only() {
    let mut guest = capabilities(&[]);
    let get = variables::Host::get(&mut guest, "greeting".to_owned()).await;
    assert_eq!(get.expect("no trap").expect("it has one"), "Hello you");
    let error = variables::Host::get(&mut guest, "name".to_owned()).await.expect("no trap").expect_err("not its own");
    assert!(matches!(error, variables::Error::Undefined(_)), "{error:?}");
    let error = variables::Host::get(&mut guest, "NAME".to_owned()).await.expect("no trap").expect_err("no name");
    assert!(matches!(error, variables::Error::InvalidName(_)), "{error:?}");

    for (key, expected) in [("greeting", Some("Hello you")), ("name", None), ("NAME", None)] {
        let value = config::Host::get(&mut guest, key.to_owned()).await.expect("no trap").expect("no provider fails");
        assert_eq!(value.as_deref(), expected, "{key}");
    }
    let all = config::Host::get_all(&mut guest).await.expect("no trap").expect("no provider fails");
    assert_eq!(all, [("greeting".to_owned(), "Hello you".to_owned())]);
}

#[tokio::test]
async fn a_redis_server_that_is_not_allowed_is_an_invalid_address() {
    let mut guest = capabilities(&["redis://127.0.0.1:1"]);
    for address in
        ["redis://127.0.0.1:2", "redis://localhost:1", "rediss://127.0.0.1:1", "http://127.0.0.1:1", "", "redis://"]
    {
        let error = redis::HostConnection::open(&mut guest, address.to_owned()).await.expect("no trap").err();
        assert!(matches!(error, Some(redis::Error::InvalidAddress)), "{address}: {error:?}");
    }
    let error = redis::HostConnection::open(&mut guest, "redis://127.0.0.1:1".to_owned()).await.expect("no trap").err();
    assert!(matches!(error, Some(redis::Error::Other(_))), "allowed, but no server: {error:?}");
}

#[tokio::test]
async fn redis_commands_return_spins_results() {
    let Some(server) = RedisServer::start("redis_commands_return_spins_results") else { return };
    let mut guest = capabilities(&[&server.url()]);
    let connection = redis::HostConnection::open(&mut guest, server.url()).await.expect("no trap").expect("it may");
    let rep = connection.rep();
    let c = || wasmtime::component::Resource::new_borrow(rep);
    let k = || "k".to_owned();
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();

    guest.publish(c(), "channel".to_owned(), b"m".to_vec()).await.expect("no trap").expect("no subscriber is needed");
    let get = redis::HostConnection::get(&mut guest, c(), k()).await.expect("no trap");
    assert_eq!(get.expect("it reads"), None);
    let set = redis::HostConnection::set(&mut guest, c(), k(), b"41".to_vec()).await.expect("no trap");
    set.expect("it writes");
    assert_eq!(guest.incr(c(), k()).await.expect("no trap").expect("a number"), 42);
    assert_eq!(guest.sadd(c(), "s".to_owned(), words(&["a", "b", "a"])).await.expect("no trap").expect("a set"), 2);
    assert_eq!(guest.srem(c(), "s".to_owned(), words(&["a", "z"])).await.expect("no trap").expect("a set"), 1);
    assert_eq!(guest.smembers(c(), "s".to_owned()).await.expect("no trap").expect("a set"), ["b"]);
    assert!(matches!(guest.sadd(c(), k(), words(&["a"])).await.expect("no trap"), Err(redis::Error::Other(_))));
    assert_eq!(guest.del(c(), words(&["k", "s", "none"])).await.expect("no trap").expect("it deletes"), 2);

    let mut execute = async |command: &str, arguments: &[&str]| {
        let binary = |argument: &&str| redis::RedisParameter::Binary(argument.as_bytes().to_vec());
        let arguments = arguments.iter().map(binary).collect();
        let results = redis::HostConnection::execute(&mut guest, c(), command.to_owned(), arguments).await;
        format!("{:?}", results.expect("no trap"))
    };
    for (command, arguments, expected) in [
        ("SET", &["k", "v"][..], r#"Ok([RedisResult::Status("OK")])"#),
        ("PING", &[], r#"Ok([RedisResult::Status("PONG")])"#),
        ("GET", &["k"], "Ok([RedisResult::Binary([118])])"),
        ("GET", &["none"], "Ok([RedisResult::Nil])"),
        ("APPEND", &["k", "w"], "Ok([RedisResult::Int64(2)])"),
        (
            "EVAL",
            &["return {1, {2, 'x'}}", "0"],
            "Ok([RedisResult::Int64(1), RedisResult::Int64(2), RedisResult::Binary([120])])",
        ),
    ] {
        assert_eq!(execute(command, arguments).await, expected, "{command}");
    }
    assert!(execute("NONSENSE", &[]).await.starts_with("Err(Error::Other("));
    redis::HostConnection::drop(&mut guest, connection).await.expect("it was open");
}
