//! The disk's part of an order on Spin itself: files that are opened, removed and synced, counted by strace. Spin opens a new connection to a database
//! for each request, so these numbers follow the requests and the commits.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use spindle_tests::acceptance::{figures, is_full, scale};
use spindle_tests::orders::place_order;
use spindle_tests::products::{Product, create_product};
use spindle_tests::{Account, Client, skip};
use tempfile::TempDir;
use xtask::admin::Credentials;
use xtask::application::Application;
use xtask::host::{HostProcess, Launch, Runtime};
use xtask::tick::Ticker;
use xtask::workspace::Workspace;
use xtask::{http, ready, secrets, spin, state};

use crate::fixture::TIMEOUT;

/// The most of each that an order may take, until it is captured and its buyer notified.
const LIMITS: SystemCalls = SystemCalls { syncs: 115, opened: 220, removed: 30 };

const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The time without a system call after which Spin has no work left.
const QUIET: Duration = Duration::from_secs(1);

/// The number of each kind of system call on the databases.
#[derive(Debug, Clone, Copy)]
struct SystemCalls {
    syncs: usize,
    opened: usize,
    removed: usize,
}

impl SystemCalls {
    /// Counts those in the output of strace that concern files in `state`.
    fn count(trace: &str, state: &Path) -> Self {
        let state = state.display();
        // A path is an argument in quotes, or belongs to a file descriptor.
        let calls = |name: &str, begin: &str| {
            let (call, file) = (format!(" {name}("), format!("{begin}{state}/"));
            trace.lines().filter(|line| line.contains(&call) && line.contains(&file)).count()
        };
        Self {
            syncs: calls("fsync", "<") + calls("fdatasync", "<"),
            opened: calls("openat", "\""),
            removed: calls("unlink", "\""),
        }
    }
}

/// Spin under strace.
struct TracedSpin {
    state: TempDir,
    _process: HostProcess,
    client: Client,
}

impl TracedSpin {
    fn start(spin: &Path) -> Self {
        let (workspace, state) = (Workspace::locate(), tempfile::tempdir().expect("a temp folder"));
        let file = |name: &str| state.path().join(name);
        let program = file("traced-spin");
        let script = format!(
            "#!/bin/sh\nexec strace --follow-forks --seccomp-bpf --decode-fds=path --quiet=all --trace=fsync,fdatasync,openat,unlink \
             --output={} -- {} \"$@\"\n",
            file("trace").display(),
            spin.display()
        );
        fs::write(&program, script).expect("a script");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).expect("it can be run");
        state::copy_runtime_config(&workspace.runtime_config(), state.path(), &file("runtime-config.toml"))
            .expect("a configuration");
        let application = Application::read(&workspace.manifest()).expect("a manifest");
        secrets::ensure(&file(".env.spin"), &secrets::needed(&application)).expect("secrets");
        let mut launch = Launch::new(&workspace, file("runtime-config.toml"), state.path().to_path_buf());
        launch.runtime = Runtime::Spin(program);
        launch.env_file = Some(file(".env.spin"));
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        launch.listen = port.expect("a free port");
        let mut process = launch.spawn().expect("strace runs");
        let url = process.url().expect("Spin serves");
        let clock = Ticker::from_env_file(&http::Client::new(&url), &file(".env.spin")).expect("it has the secret");
        let ready = ready::wait(&clock, TIMEOUT, &Default::default(), || process.check_alive(), |_| ());
        ready.unwrap_or_else(|error| panic!("{error:#}\n{}", process.printed()));
        let Credentials { email, password } =
            Credentials::read(&file(".env.spin")).expect("a file").expect("it has an admin");
        let client = Account::log_in(&Client::new(&url), &email, &password).client;
        Self { state, _process: process, client }
    }

    /// Places `count` orders, one after the other, each until it is captured and its buyer notified.
    fn place(&self, product: &Product, count: usize) {
        for _ in 0..count {
            place_order(&self.client, product, 1, "pm_ok");
            let begin = Instant::now();
            while self.open_work() > 0 {
                assert!(begin.elapsed() < TIMEOUT, "an order is not captured");
                thread::sleep(POLL_INTERVAL);
            }
        }
        self.wait_until_quiet();
    }

    /// Returns the number of orders that are not captured or whose buyer is not notified.
    fn open_work(&self) -> i64 {
        let count = |database: &str, sql: &str| -> i64 {
            let file = self.state.path().join(database);
            let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database");
            connection.busy_timeout(TIMEOUT).expect("a time limit");
            connection.query_row(sql, [], |row| row.get(0)).expect("a number")
        };
        let orders = count("orders.db", "SELECT count(*) FROM orders");
        let uncaptured = count("orders.db", "SELECT count(*) FROM orders WHERE captured_at IS NULL");
        let notified = count(
            "notifications.db",
            "SELECT count(*) FROM notifications WHERE template = 'order-paid' AND status = 'sent'",
        );
        uncaptured + (orders - notified)
    }

    fn wait_until_quiet(&self) {
        let (mut length, mut since) = (self.trace().len(), Instant::now());
        while since.elapsed() < QUIET {
            thread::sleep(POLL_INTERVAL);
            let now = self.trace().len();
            if now != length {
                (length, since) = (now, Instant::now());
            }
        }
    }

    fn trace(&self) -> String {
        fs::read_to_string(self.state.path().join("trace")).expect("strace writes")
    }
}

/// Returns the path of Spin, if it and strace are installed.
fn tools() -> Option<PathBuf> {
    let strace = Command::new("strace").arg("--version").output();
    spin::find().ok().map(|(program, _)| program).filter(|_| strace.is_ok())
}

#[test]
fn an_order_on_spin_takes_these_system_calls() {
    let Some(spin) = tools() else {
        if is_full() {
            skip("an_order_on_spin_takes_these_system_calls", "Spin and strace");
        }
        return;
    };
    let traced = TracedSpin::start(&spin);
    let product = create_product(&traced.client, &json!({"stock": {"on_hand": 100}}));
    // The first order fills the caches.
    traced.place(&product, 1);
    let before = traced.trace().len();
    let orders = scale(2, 10);
    traced.place(&product, orders);
    let SystemCalls { syncs, opened, removed } = SystemCalls::count(&traced.trace()[before..], traced.state.path());
    let each = SystemCalls { syncs: syncs / orders, opened: opened / orders, removed: removed / orders };
    figures(
        "one order on Spin",
        &[("fsyncs", &each.syncs), ("opened files", &each.opened), ("removed files", &each.removed)],
    );
    let is_within = each.syncs <= LIMITS.syncs && each.opened <= LIMITS.opened && each.removed <= LIMITS.removed;
    assert!(is_within, "{each:?} instead of at most {LIMITS:?}");
}
