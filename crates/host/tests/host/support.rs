//! Fixtures of the tests: the guests, an application in a temporary folder, a host that runs it, and a client.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, OnceLock};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use spindle_host::{Host, HostOptions, LogTarget, start};
use tempfile::TempDir;

/// The head of every manifest.
pub(crate) const HEAD: &str = "spin_manifest_version = 2\n[application]\nname = \"test\"\nversion = \"1.2.3\"\n";

/// A component `probe` on every path.
pub(crate) const PROBE: &str =
    "[[trigger.http]]\nroute = \"/...\"\ncomponent = \"probe\"\n[component.probe]\nsource = \"{probe}\"\n";

/// Returns the file of the guest called `name`; the first call builds all of them.
pub(crate) fn guest(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(build_guests);
    folder.join(format!("wasm32-wasip2/release/host_guest_{name}.wasm"))
}

/// Builds them in a separate target folder: the one of this build is locked while `cargo test` runs under another cargo.
fn build_guests() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = workspace.canonicalize().unwrap().join("target/guests");
    let status = Command::new(env!("CARGO"))
        .current_dir(&workspace)
        .args(["build", "--quiet", "--release", "--target", "wasm32-wasip2", "--target-dir"])
        .arg(&folder)
        .args([
            "-p",
            "host-guest-caller",
            "-p",
            "host-guest-greeter",
            "-p",
            "host-guest-consumer",
            "-p",
            "host-guest-counter",
            "-p",
            "host-guest-probe",
        ])
        .status()
        .unwrap();
    assert!(status.success(), "the guests do not build");
    folder
}

/// An application in a temporary folder.
pub(crate) struct TestApp {
    folder: TempDir,
}

impl TestApp {
    /// Writes the manifest: [`HEAD`], then `rest` with `{probe}` and the other guests' names replaced by their files.
    pub(crate) fn new(rest: &str) -> Self {
        let app = Self { folder: TempDir::new().unwrap() };
        let mut manifest = format!("{HEAD}{rest}");
        for name in ["caller", "greeter", "consumer", "counter", "probe"] {
            manifest = manifest.replace(&format!("{{{name}}}"), guest(name).to_str().unwrap());
        }
        app.write("spin.toml", &manifest);
        app
    }

    /// Writes a file into the application's folder.
    pub(crate) fn write(&self, name: &str, content: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Returns a path in the application's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns options that keep state in the folder and compiled code between tests.
    pub(crate) fn options(&self) -> HostOptions {
        let mut options = HostOptions::new(self.path("spin.toml"));
        options.cache_dir = Some(guest("probe").ancestors().nth(3).unwrap().join("compiled"));
        options.stdout = LogTarget::Discard;
        options.stderr = LogTarget::Discard;
        options
    }

    /// Starts it on a free port.
    pub(crate) async fn start(&self) -> TestHost {
        self.start_with(|_| {}).await
    }

    /// Starts it with options that `change` has changed.
    pub(crate) async fn start_with(&self, change: impl FnOnce(&mut HostOptions)) -> TestHost {
        let mut options = self.options();
        change(&mut options);
        TestHost::new(Host::start(options).await.unwrap())
    }

    /// Returns the one line with which it refuses to start.
    pub(crate) async fn refusal(&self) -> String {
        let error = start(self.options()).await.unwrap_err();
        let line = format!("{error:#}");
        assert!(!line.contains('\n'), "more than one line: {line}");
        line
    }
}

/// Starts [`PROBE`] with these lines in its component's table.
pub(crate) async fn probe(lines: &str) -> TestHost {
    let app = TestApp::new(&format!("{PROBE}{lines}"));
    let mut host = app.start().await;
    host.app = Some(app);
    host
}

/// A running host and a client for it.
pub(crate) struct TestHost {
    pub(crate) host: Host,
    client: HttpClient,
    // Kept here where the test does not keep it: its folder is removed with it.
    app: Option<TestApp>,
}

type HttpClient = Client<HttpConnector, Full<Bytes>>;

impl TestHost {
    fn new(host: Host) -> Self {
        Self { host, app: None, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// Sends a GET; returns the response's status and text.
    pub(crate) async fn get(&self, path: &str) -> (StatusCode, String) {
        self.fetcher().get(path).await
    }

    /// Returns the text of a GET that must succeed.
    pub(crate) async fn text(&self, path: &str) -> String {
        let (status, text) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        text
    }

    /// Returns the text of a POST that must succeed.
    pub(crate) async fn post(&self, path: &str, body: &str) -> String {
        let request = Request::post(self.url(path)).body(Full::from(body.to_owned())).unwrap();
        let (status, text) = self.send(request).await;
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        text
    }

    /// Sends any request.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> (StatusCode, String) {
        self.fetcher().send(request).await
    }

    /// Returns the URL of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.host.url())
    }

    /// Returns a client that can be moved into a task.
    pub(crate) fn fetcher(&self) -> Fetcher {
        Fetcher { base: self.host.url(), client: self.client.clone() }
    }
}

/// A client of one host.
#[derive(Clone)]
pub(crate) struct Fetcher {
    base: String,
    client: HttpClient,
}

impl Fetcher {
    /// Creates a client for a server that is not a [`TestHost`].
    pub(crate) fn new(base: String) -> Self {
        Self { base, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// Sends a GET.
    pub(crate) async fn get(&self, path: &str) -> (StatusCode, String) {
        let request = Request::get(format!("{}{path}", self.base)).body(Full::default()).unwrap();
        self.send(request).await
    }

    /// Sends any request; panics without a complete response.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> (StatusCode, String) {
        self.try_send(request).await.unwrap()
    }

    /// Sends any request, and returns its response when the head is there.
    pub(crate) async fn open(&self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, String> {
        self.client.request(request).await.map_err(|error| format!("{error:?}"))
    }

    /// Sends any request.
    pub(crate) async fn try_send(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, String), String> {
        let response = self.open(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(|error| format!("{error:?}"))?;
        Ok((status, String::from_utf8(body.to_bytes().to_vec()).unwrap()))
    }
}

/// A writer whose content a test can read.
#[derive(Clone, Default)]
pub(crate) struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// Returns the target that writes here.
    pub(crate) fn target(&self) -> LogTarget {
        LogTarget::Writer(Box::new(self.clone()))
    }

    /// Returns the text written so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
