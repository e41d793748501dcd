//! Tests of the binary: its output, its failures, and that no acknowledged write is lost when it is killed.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use http_body_util::Full;

use crate::support::{Fetcher, PROBE, TestApp, guest};

/// A running `spindle-host`; killed when dropped.
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) url: String,
    routes: Vec<String>,
}

impl Process {
    /// Starts it on a free port and waits until it serves.
    pub(crate) fn start(app: &TestApp) -> Self {
        Self::start_with(app, &[])
    }

    /// Starts it with more arguments. Its stderr goes to the file `stderr`.
    pub(crate) fn start_with(app: &TestApp, arguments: &[&str]) -> Self {
        let mut child = command(&app.path("spin.toml"))
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(File::create(app.path("stderr")).unwrap())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let url = lines.find_map(|line| Some(line.strip_prefix("Serving ")?.to_owned())).unwrap();
        assert_eq!(lines.next().unwrap(), "Available Routes:");
        let routes = lines.by_ref().take(1).collect();
        // Further output must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url, routes }
    }

    fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn command(manifest: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spindle-host"));
    let cache = guest("probe").ancestors().nth(3).unwrap().join("compiled");
    command.arg("--from").arg(manifest).arg("--cache-dir").arg(cache);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn it_prints_its_routes_and_stops_on_a_signal() {
    let app = TestApp::new(PROBE);
    let mut process = Process::start(&app);
    assert_eq!(process.routes, [format!("  probe: {} (wildcard)", process.url)]);
    assert_eq!(Fetcher::new(process.url.clone()).get("/hello").await.1, "hello");
    process.signal("-INT");
    let started = Instant::now();
    assert!(process.child.wait().unwrap().success());
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[test]
fn a_failure_is_one_line_that_names_the_cause() {
    let app = TestApp::new(PROBE);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let missing = app.path("missing.toml");
    for (manifest, listen, cause) in
        [(&app.path("spin.toml"), address.as_str(), "already in use"), (&missing, "127.0.0.1:0", "missing.toml")]
    {
        let output = command(manifest).args(["--listen", listen]).output().unwrap();
        assert!(!output.status.success());
        let stderr = String::from_utf8(output.stderr).unwrap();
        let lines: Vec<&str> = stderr.lines().collect();
        assert!(matches!(lines[..], [line] if line.starts_with("error: ") && line.contains(cause)), "{stderr}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_instructions_of_each_request_are_logged_on_demand() {
    let app = TestApp::new(PROBE);
    let process = Process::start_with(&app, &["--count-instructions"]);
    assert_eq!(Fetcher::new(process.url.clone()).get("/hello").await.1, "hello");
    let count = loop {
        // The guest may end a little later than its response.
        let printed = std::fs::read_to_string(app.path("stderr")).unwrap();
        let line =
            printed.lines().find_map(|line| line.split_once("probe executed ")?.1.split_once(" instructions for "));
        if let Some((count, "GET /hello")) = line {
            break count.parse::<u64>().unwrap();
        }
        assert!(!printed.contains("error"), "{printed}");
        tokio::task::yield_now().await;
    };
    assert!(count > 100, "{count}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_gets_no_colours_unless_requested() {
    let app = TestApp::new(PROBE);
    for (arguments, text, colored) in [
        (&[][..], "ERROR the component failed: ", false),
        (&["--log-format", "json", "--color", "always"], "ERROR the component failed: ", false),
        (&["--log-format", "text"], "ERROR host          the component failed: ", false),
        (&["--log-format", "text", "--color", "always"], "host          the component failed: ", true),
    ] {
        let process = Process::start_with(&app, arguments);
        Fetcher::new(process.url.clone()).get("/trap").await;
        let printed = std::fs::read_to_string(app.path("stderr")).unwrap();
        assert!(printed.contains(text), "{printed}");
        assert_eq!(printed.contains('\x1b'), colored, "{printed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_it_is_killed() {
    let app = TestApp::new(&format!("{PROBE}sqlite_databases = [\"default\"]\n"));
    let mut acknowledged = 0;
    for round in 0..3 {
        let process = Process::start(&app);
        if round == 0 {
            sql(&process.url, "PRAGMA journal_mode = WAL\nCREATE TABLE t (n INTEGER PRIMARY KEY)").await.unwrap();
        }
        let done = Arc::new(AtomicU64::new(0));
        let mut writers = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (url, done) = (process.url.clone(), Arc::clone(&done));
            writers.spawn(async move {
                while sql(&url, "PRAGMA synchronous = FULL\nINSERT INTO t DEFAULT VALUES").await == Ok(String::new()) {
                    done.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        while done.load(Ordering::SeqCst) < 20 {
            tokio::task::yield_now().await;
        }
        process.signal("-KILL");
        writers.join_all().await;
        acknowledged += done.load(Ordering::SeqCst);
        drop(process);
    }
    let process = Process::start(&app);
    let found: u64 = sql(&process.url, "SELECT count(*) FROM t").await.unwrap().parse().unwrap();
    assert!(found >= acknowledged, "{acknowledged} acknowledged, {found} found");
    assert_eq!(sql(&process.url, "PRAGMA integrity_check").await.unwrap(), "ok");
}

pub(crate) async fn sql(url: &str, script: &str) -> Result<String, String> {
    let request = Request::post(format!("{url}/sql/default"));
    let request = request.body(Full::from(Bytes::from(script.to_owned()))).unwrap();
    let (status, text) = Fetcher::new(url.to_owned()).try_send(request).await?;
    if status.is_success() { Ok(text) } else { Err(text) }
}
