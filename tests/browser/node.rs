//! Node tests against the pages of the target, which has the demo catalog and is ticked.

use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::Sender;

use spindle_tests::instance::{SERVICE_SECRET, admin};
use spindle_tests::node::{has_packages, output};
use spindle_tests::{skip, target};
use xtask::admin::{Credentials, log_in};
use xtask::http::Client;
use xtask::seed::catalog::demo_catalog;
use xtask::suite::{ADMIN_EMAIL, ADMIN_PASSWORD, URL};
use xtask::tick::{EVERY, Ticker};
use xtask::workspace::Workspace;

/// The program of the browser, as Debian names it.
const BROWSER: &str = "chromium";

/// The folder for screenshots of pages at which a test failed; read by page.ts.
const SCREENSHOTS: &str = "SPINDLE_SCREENSHOTS";

/// Runs the Node tests in `file`, and fails if one of them does.
///
/// # Panics
///
/// If one fails; with what they printed.
pub(crate) fn run(test: &str, file: &str) {
    let browser = Command::new(BROWSER).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if browser.is_err() {
        return skip(test, BROWSER);
    }
    if !has_packages(test) {
        return;
    }
    let (workspace, admin) = (Workspace::locate(), prepare());
    let mut node = Command::new("node");
    node.args(["--import", "tsx", "--test", "--test-reporter", "spec", file]);
    node.current_dir(workspace.root().join("tests/browser")).env(SCREENSHOTS, workspace.target_dir().join("browser"));
    node.env(URL, target().client().base()).env(ADMIN_EMAIL, &admin.email).env(ADMIN_PASSWORD, &admin.password);
    output(&mut node);
}

/// Fills the target's catalog if it is empty, ticks it if it was started here, and returns its admin.
fn prepare() -> Credentials {
    static TICKING: OnceLock<Option<Sender<()>>> = OnceLock::new();
    let client = Client::new(target().client().base());
    let admin = if target().is_started_here() { admin() } else { external_admin() };
    TICKING.get_or_init(|| {
        let logged_in = log_in(&client, &admin).expect("the instance answers").expect("the admin logs in");
        demo_catalog(&client, &logged_in).expect("products are imported");
        target().is_started_here().then(|| Ticker::new(&client, SERVICE_SECRET.to_owned()).spawn(EVERY, |_| ()))
    });
    admin
}

/// Returns the admin of an instance that was started elsewhere.
fn external_admin() -> Credentials {
    let [email, password] =
        [ADMIN_EMAIL, ADMIN_PASSWORD].map(|name| std::env::var(name).unwrap_or_else(|_| panic!("{name} is missing")));
    Credentials { email, password }
}
