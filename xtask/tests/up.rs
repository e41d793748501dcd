//! Runs `cargo xtask up` as a separate process, and checks its report and the shell lines in it.

#![expect(clippy::unwrap_used, reason = "a test that cannot continue ends there")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use xtask::admin::{self, Credentials};
use xtask::http::Client;
use xtask::secrets;
use xtask::suite::REQUIRE_ALL;
use xtask::tls;
use xtask::workspace::Workspace;

/// How long a start may take, on a busy machine that has to compile the components.
const READY: Duration = Duration::from_secs(180);

/// Precedes the last line of the report: a command.
const TRY: &str = "\n  try       ";

/// A running `cargo xtask up`, and its output until it was ready.
struct Up {
    child: Child,
    stdout: BufReader<std::process::ChildStdout>,
    report: String,
}

impl Up {
    /// Starts the last build on a free port, with its state and secrets in `folder`.
    fn start(folder: &Path) -> Self {
        Self::start_with(folder, |command| {
            command.args(["up", "--tls", "--no-build", "--listen", "127.0.0.1:0"]);
        })
    }

    /// Does the same with other arguments.
    fn start_with(folder: &Path, arguments: impl FnOnce(&mut Command)) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        arguments(&mut command);
        command.arg("--state-dir").arg(folder.join("state")).arg("--env-file").arg(folder.join("secrets"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SPIN_") {
                command.env_remove(name);
            }
        }
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        // One whose report does not end as expected is killed, since reading on would wait forever.
        let (reported, waits) = mpsc::channel::<()>();
        let pid = Pid::from_child(&child);
        let watchdog = thread::spawn(move || {
            if waits.recv_timeout(READY) == Err(RecvTimeoutError::Timeout) {
                kill_process(pid, Signal::KILL).unwrap();
            }
        });
        let mut report = String::new();
        // The report ends with an empty line, and so do its parts before the command to try.
        while !(report.ends_with("\n\n") && report.contains(TRY)) {
            assert_ne!(
                stdout.read_line(&mut report).unwrap(),
                0,
                "it has ended, or its report is another one: run `cargo xtask build` first?\n{report}"
            );
        }
        drop(reported);
        watchdog.join().unwrap();
        Self { child, stdout, report }
    }

    fn url(&self) -> &str {
        let line = self.report.lines().find_map(|line| line.strip_prefix("Spindle runs on ")).unwrap();
        line.split(' ').next().unwrap()
    }

    /// Returns the output of the command that the report says to try.
    fn try_command(&self) -> String {
        let (_, command) = self.report.split_once(TRY).unwrap();
        let output = Command::new("sh").args(["-ec", command]).output().unwrap();
        assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Logs in as each account of the report, with the password that `env_file` has under the name in the report, and returns the addresses.
    fn log_in(&self, client: &Client, env_file: &Path) -> Vec<&str> {
        let accounts = self.report.lines().filter_map(|line| {
            let accounts = line.strip_prefix("  customer  ").or_else(|| line.strip_prefix("  admin     "))?;
            accounts.split_once(", password: ")
        });
        let mut emails = Vec::new();
        for (addresses, variable) in accounts {
            let password = secrets::value(env_file, variable).unwrap().unwrap();
            for email in addresses.split(", ") {
                let credentials = Credentials { email: email.to_owned(), password: password.clone() };
                assert!(admin::log_in(client, &credentials).unwrap().is_some(), "{email}");
                emails.push(email);
            }
        }
        emails
    }

    /// Stops it as Ctrl-C does, and returns its output after the report.
    fn stop(mut self) -> String {
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        assert!(self.child.wait().unwrap().success(), "{rest}");
        assert!(rest.ends_with("stopped\n"), "{rest}");
        rest
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        // Both fail only if the process has ended and was waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Checks that only this user may open the state folder in `folder`, and the databases in it.
fn assert_state_is_private(folder: &Path) {
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let state = folder.join("state");
    assert_eq!(mode(&state), 0o700);
    let files = fs::read_dir(&state).unwrap().map(|entry| entry.unwrap().path());
    let databases: Vec<_> = files.filter(|path| path.to_string_lossy().contains(".db")).collect();
    assert!(databases.len() >= 6, "{databases:?}");
    for database in databases {
        assert_eq!(mode(&database), 0o600, "{}", database.display());
    }
}

#[test]
fn over_tls_only_clients_that_trust_its_certificate_connect() {
    let folder = tempfile::tempdir().unwrap();
    let up = Up::start(folder.path());
    let url = up.url();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let files = folder.path().join("state/tls");
    assert_eq!(Client::trusting(url, &files.join("cert.pem")).unwrap().get("/readyz").unwrap().status, 200);
    assert_eq!(fs::metadata(files.join("key.pem")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_state_is_private(folder.path());

    let other = tls::ensure(&folder.path().join("other")).unwrap();
    for client in [Client::trusting(url, &other.cert).unwrap(), Client::new(url)] {
        let refused = format!("{:#}", client.get("/readyz").unwrap_err());
        assert!(refused.contains("certificate"), "{refused}");
    }
    let plain = Client::new(&url.replace("https://", "http://")).get("/readyz");
    assert!(plain.is_err(), "there is no response without TLS: {plain:?}");
    up.stop();
}

#[test]
fn a_smoke_test_over_tls_passes_with_its_certificate_and_fails_without() {
    let folder = tempfile::tempdir().unwrap();
    let up = Up::start(folder.path());
    let smoke = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["smoke", "--url", up.url()])
            .args(arguments)
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let cert = folder.path().join("state/tls/cert.pem");
    let (code, printed) = smoke(&["--ca-file", cert.to_str().unwrap()]);
    assert_eq!((code, printed.lines().count(), printed.matches("  erase: ").count()), (Some(0), 14, 1), "{printed}");
    let (code, printed) = smoke(&["--read-only"]);
    assert_eq!((code, printed.lines().count()), (Some(1), 1), "{printed}");
    assert!(printed.starts_with(" FAILED ") && printed.contains("certificate"), "{printed}");
    up.stop();
}

#[test]
fn the_command_and_the_accounts_of_its_report_work_at_each_start() {
    if Command::new("curl").arg("--version").output().is_err() {
        assert!(std::env::var_os(REQUIRE_ALL).is_none(), "this test needs curl");
        eprintln!("skipped the_command_and_the_accounts_of_its_report_work_at_each_start: it needs curl");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let env_file = folder.path().join("secrets");
    let mut kept = None;
    for start in 1..=2 {
        let up = Up::start(folder.path());
        let secrets = fs::read_to_string(&env_file).unwrap();
        assert_eq!(up.report.contains("generated "), start == 1, "{}", up.report);
        assert_eq!(kept.get_or_insert_with(|| secrets.clone()), &secrets, "the second start changes no secret");
        for secret in secrets.lines().filter_map(|line| Some(line.split_once('"')?.1.trim_end_matches('"'))) {
            assert!(secret.contains('@') || !up.report.contains(secret), "a secret is printed");
        }
        assert!(up.report.contains("  catalog  201 products in 12 categories\n"), "{}", up.report);
        assert!(up.try_command().contains("crème"));
        let client = Client::trusting(up.url(), &folder.path().join("state/tls/cert.pem")).unwrap();
        let accounts = ["ada@example.com", "grace@example.com", "admin@example.com"];
        assert_eq!(up.log_in(&client, &env_file), accounts);
        up.stop();
    }
}

#[test]
fn each_request_is_one_line_readable_or_json() {
    let json = r#""http.request.method":"GET","url.path":"/v1/products","http.response.status_code":200"#;
    for (format, expected) in [("text", " GET /v1/products 200 "), ("json", json)] {
        let folder = tempfile::tempdir().unwrap();
        let up = Up::start_with(folder.path(), |command| {
            command.args(["up", "--no-seed", "--no-build", "--listen", "127.0.0.1:0", "--log-format", format]);
        });
        assert_eq!(Client::new(up.url()).get("/v1/products").unwrap().status, 200);
        let log = up.stop();
        let lines: Vec<&str> = log.lines().filter(|line| line.contains(expected)).collect();
        assert_eq!((lines.len(), log.contains('\x1b')), (1, false), "{log}");
        assert_eq!(lines[0].starts_with('{'), format == "json", "{log}");
    }
}

#[test]
fn a_service_that_points_at_nothing_is_named_with_url_and_cause() {
    let folder = tempfile::tempdir().unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut up = Command::new(env!("CARGO_BIN_EXE_xtask"));
    up.args(["up", "--no-seed", "--no-build", "--listen", "127.0.0.1:0"])
        .arg("--state-dir")
        .arg(folder.path().join("state"))
        .arg("--env-file")
        .arg(folder.path().join("secrets"))
        .env(secrets::env_name("orders_url"), format!("http://{closed}"));
    let mut up = up.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let waiting = format!("waiting for orders: http://{closed} (connection refused)");
    let mut report = String::new();
    // It ends by itself after 30 s, so this does.
    up.stdout.take().unwrap().read_to_string(&mut report).unwrap();
    assert!(report.lines().any(|line| line == waiting), "{report}");
    let warnings = report.lines().filter(|line| line.contains(r#""message":"service not available""#)).count();
    assert_eq!(warnings, 1, "the same cause is printed once: {report}");
    let ended = up.wait_with_output().unwrap();
    let error = String::from_utf8(ended.stderr).unwrap();
    let expected = format!(
        "error: not ready after 30 s: still waiting for orders: http://{closed} (connection refused). \
         SPIN_VARIABLE_ORDERS_URL places it outside of this application"
    );
    assert!(!ended.status.success() && error.contains(&expected), "{error}");
}

#[test]
fn a_killed_up_leaves_no_host_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut up = Up::start(folder.path());
    let client = Client::trusting(up.url(), &folder.path().join("state/tls/cert.pem")).unwrap();
    assert_eq!(client.get("/readyz").unwrap().status, 200);
    up.child.kill().unwrap();
    up.child.wait().unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while client.get("/healthz").is_ok() {
        assert!(Instant::now() < deadline, "the host still answers");
        thread::yield_now();
    }
}

/// A `spin` that runs the embedded host with the arguments of `spin up`, and with the variables of its environment alone.
const SPIN: &str = r#"#!/bin/sh
if [ "$1" = --version ]; then echo "spin VERSION (0000000 2026-01-01)"; exit; fi
[ "$1" = up ] && shift
exec "HOST" --cache-dir "CACHE" "$@"
"#;

/// Puts a `spin` of `version` into `folder`, and returns a PATH that has it first.
fn path_with_spin(folder: &Path, version: &str) -> String {
    let workspace = Workspace::locate();
    let script = SPIN
        .replace("VERSION", version)
        .replace("HOST", &workspace.host_binary().to_string_lossy())
        .replace("CACHE", &workspace.cache_dir().to_string_lossy());
    fs::write(folder.join("spin"), script).unwrap();
    fs::set_permissions(folder.join("spin"), fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", folder.display(), std::env::var("PATH").unwrap())
}

#[test]
fn on_spin_it_runs_the_spin_on_path_with_seed_and_report() {
    let folder = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // A folder from before it was for this user alone.
    fs::create_dir(folder.path().join("state")).unwrap();
    fs::set_permissions(folder.path().join("state"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = path_with_spin(folder.path(), "4.0.2");
    let up = Up::start_with(folder.path(), |command| {
        command.args(["up", "--on", "spin", "--no-build", "--listen", &format!("127.0.0.1:{port}")]).env("PATH", path);
    });
    assert_eq!(up.url(), format!("http://127.0.0.1:{port}"));
    assert_state_is_private(folder.path());
    assert!(up.report.contains(", on Spin 4.0.2)"), "{}", up.report);
    assert!(up.report.contains("  catalog  201 products in 12 categories\n"), "{}", up.report);
    assert_eq!(Client::new(up.url()).get("/readyz").unwrap().status, 200);
    up.stop();
}

#[test]
fn without_a_supported_spin_it_names_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let error = |path: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["up", "--on", "spin", "--no-build", "--listen", "127.0.0.1:3999"]).env("PATH", path);
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let missing = error("/nonexistent");
    assert!(missing.starts_with("error: `spin` is not on PATH, and SPIN_BIN names none: "), "{missing}");
    let old = error(&path_with_spin(folder.path(), "2.7.0"));
    assert!(old.starts_with("error: Spin 2.7.0 is not supported: "), "{old}");
}

#[test]
fn an_unsuitable_provider_is_refused_with_the_required_interface() {
    let folder = tempfile::tempdir().unwrap();
    let adjuster = Workspace::locate().target_dir().join("wasm32-wasip2/release/pricing_none.wasm");
    let up = |choice: String| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["up", "--no-build", "--listen", "127.0.0.1:0", "--provider", &choice]);
        command
            .arg("--state-dir")
            .arg(folder.path().join("state"))
            .arg("--env-file")
            .arg(folder.path().join("secrets"));
        let ended = command.output().unwrap();
        assert!(!ended.status.success());
        String::from_utf8(ended.stderr).unwrap()
    };
    let error = up(format!("notify-email={}", adjuster.display()));
    assert!(
        error.contains("does not export spindle:notify/provider@1.0.0, but spindle:pricing/adjuster@1.0.0"),
        "{error}"
    );
    let error = up(format!("users={}", adjuster.display()));
    assert!(error.contains("users has no provider: choose one for notify-email, "), "{error}");
}
