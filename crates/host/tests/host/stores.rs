//! Tests of databases and key-value stores: a component sees its own and no others.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use http::{Request, StatusCode};
use http_body_util::Full;

use crate::support::{PROBE, TestApp, probe};

#[tokio::test(flavor = "multi_thread")]
async fn a_key_value_store_returns_its_values() {
    let host = probe("key_value_stores = [\"default\"]\n").await;
    assert_eq!(host.text("/kv/get/default/a").await, "none");
    assert_eq!(host.text("/kv/set/default/a/1").await, "set");
    assert_eq!(host.text("/kv/get/default/a").await, "1");
    assert_eq!(host.text("/kv/get/other/a").await, "error: Error::AccessDenied");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_returns_its_rows() {
    let host = probe("sqlite_databases = [\"default\"]\n").await;
    let written = host
        .post(
            "/sql/default",
            "CREATE TABLE t (a INTEGER, b TEXT)\nINSERT INTO t VALUES (1, 'x'), (2, NULL)\nSELECT * FROM t",
        )
        .await;
    assert_eq!(written, "1|x\n2|null");
    assert_eq!(host.post("/sql/default", "SELECT count(*) FROM t").await, "2");
    assert_eq!(host.post("/sql/other", "SELECT 1").await, "error: Error::AccessDenied");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_left_open_is_rolled_back() {
    let host = probe("sqlite_databases = [\"default\"]\n").await;
    host.post("/sql/default", "CREATE TABLE t (a)").await;
    host.post("/sql/default", "BEGIN IMMEDIATE\nINSERT INTO t VALUES (1)").await;
    assert_eq!(host.post("/sql/default", "SELECT count(*) FROM t").await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_that_ends_in_its_transaction_releases_the_lock() {
    let app = TestApp::new(&format!("{PROBE}sqlite_databases = [\"default\"]\n"));
    let host = app.start_with(|options| options.limits.timeout = Duration::from_secs(2)).await;
    host.post("/sql/default", "CREATE TABLE t (a)").await;
    for (end, status) in [("trap", StatusCode::INTERNAL_SERVER_ERROR), ("loop", StatusCode::GATEWAY_TIMEOUT)] {
        let script = Full::from("BEGIN IMMEDIATE\nINSERT INTO t VALUES (1)");
        let writer = Request::post(host.url(&format!("/sql/default/{end}"))).body(script).expect("a request");
        assert_eq!(host.send(writer).await, (status, String::new()), "{end}");
        assert_eq!(host.post("/sql/default", "INSERT INTO t VALUES (2) RETURNING a").await, "2", "{end}");
    }
    assert_eq!(host.post("/sql/default", "SELECT group_concat(a) FROM t").await, "2,2");
    assert_eq!((host.host.counts().failures, host.host.counts().timeouts), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn state_outlives_the_host() {
    let app = TestApp::new(&format!("{PROBE}sqlite_databases = [\"default\"]\nkey_value_stores = [\"default\"]\n"));
    let host = app.start().await;
    host.post("/sql/default", "CREATE TABLE t (a)\nINSERT INTO t VALUES (7)").await;
    host.text("/kv/set/default/k/v").await;
    host.host.shutdown().await;
    let host = app.start().await;
    assert_eq!(host.post("/sql/default", "SELECT a FROM t").await, "7");
    assert_eq!(host.text("/kv/get/default/k").await, "v");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_needs_a_definition() {
    let app = TestApp::new(&format!("{PROBE}sqlite_databases = [\"orders\"]\n"));
    let line = app.refusal().await;
    assert!(line.contains("orders"), "{line}");
    app.write("runtime.toml", "[sqlite_database.orders]\ntype = \"spin\"\npath = \"data/orders.db\"\n");
    let file = app.path("runtime.toml");
    let host = app.start_with(|options| options.runtime_config = Some(file)).await;
    assert_eq!(host.post("/sql/orders", "SELECT 41 + 1").await, "42");
    assert!(app.path("data/orders.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hosts_share_one_state_folder() {
    let app = TestApp::new(&format!("{PROBE}sqlite_databases = [\"default\"]\nkey_value_stores = [\"default\"]\n"));
    let (one, two) = tokio::join!(app.start(), app.start());
    one.post("/sql/default", "CREATE TABLE t (a)").await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..40 {
        let fetcher = if number % 2 == 0 { one.fetcher() } else { two.fetcher() };
        tasks.spawn(async move {
            let (status, text) = fetcher.get(&format!("/kv/set/default/{number}/x")).await;
            assert_eq!((status.as_u16(), text.as_str()), (200, "set"));
        });
    }
    tasks.join_all().await;
    for number in 0..40 {
        assert_eq!(two.text(&format!("/kv/get/default/{number}")).await, "x");
    }
    for host in [&one, &two] {
        for _ in 0..10 {
            assert_eq!(host.post("/sql/default", "INSERT INTO t VALUES (1)").await, "");
        }
    }
    assert_eq!(one.post("/sql/default", "SELECT count(*) FROM t").await, "20");
}

/// A Redis server for one test, stopped when dropped.
struct Redis {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Redis {
    /// Starts a server; `None` if `redis-server` is not installed.
    async fn start() -> Option<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::TempDir::new().unwrap();
        let process = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--save", "", "--bind", "127.0.0.1"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .ok()?;
        let server = Self { process, port, _folder: folder };
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::task::yield_now().await;
        }
        Some(server)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_value_store_can_be_in_redis() {
    let Some(redis) = Redis::start().await else {
        // Not installed on every machine; the interface itself is tested in the crate.
        return;
    };
    let app = TestApp::new(&format!("{PROBE}key_value_stores = [\"cache\"]\n"));
    app.write(
        "runtime.toml",
        &format!("[key_value_store.cache]\ntype = \"redis\"\nurl = \"redis://127.0.0.1:{}\"\n", redis.port),
    );
    let file = app.path("runtime.toml");
    let host = app.start_with(|options| options.runtime_config = Some(file)).await;
    assert_eq!(host.text("/kv/set/cache/a/1").await, "set");
    assert_eq!(host.text("/kv/get/cache/a").await, "1");
    assert_eq!(host.text("/kv/get/cache/b").await, "none");
}
