//! An instance of the application that a test starts: its own process, port and databases.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use toml::{Table, Value};
use xtask::admin::{self, Credentials};
use xtask::build::{self, Mode, WASM_TARGET, World};
use xtask::host::{HostProcess, Launch, Runtime};
use xtask::provider::Choice;
use xtask::tick::Ticker;
use xtask::workspace::Workspace;
use xtask::{http, ready, secrets, spin, state};

use crate::libsql::Servers;
use crate::redis::RedisServer;
use crate::{Account, Accounts, Client, closed_address};

/// The origin that instances started by the tests allow browsers to call from.
pub const ORIGIN: &str = "https://shop.example";

/// The secret of service tokens in instances started by the tests, unless a test gives another.
pub const SERVICE_SECRET: &str = "a secret that only the tests know, 32 bytes long";

/// The secret of the tokens of adapters in instances started by the tests.
pub const PROVIDER_SECRET: &str = "a fifth secret that only the tests know, for adapters";

/// The secret with which the payment provider signs its webhooks in instances started by the tests.
pub const WEBHOOK_SECRET: &str = "a fourth secret that only the tests know, for webhooks";

/// The secret that encrypts the signing keys in instances started by the tests.
pub(crate) const AUTH_KEY_SECRET: &str = "another secret that only the tests know, for the keys";

/// More requests than a test can send.
const UNLIMITED: &str = "1000000/60";

/// The file in an instance's own folder with its variables.
const ENV_FILE: &str = ".env";

/// The file in an instance's own folder that arms the failpoints.
const ARMED: &str = "failpoints-armed";

/// The filter of the host's events with which it prints the work of each guest: `guest` has runs, statements and requests, the others the calls of
/// the interfaces.
const TRACE: &str =
    "info,guest=trace,spindle_host::bindings=trace,wasmtime_wasi=trace,wasmtime_wasi_http=trace,wasmtime_wasi_io=trace";

const ADMIN_EMAIL: &str = "admin@example.com";
const ADMIN_PASSWORD: &str = "the password of the tests' admin";

/// The variables of an instance, unless a test gives others.
const VARIABLES: [(&str, &str); 14] = [
    ("service_token_secret", SERVICE_SECRET),
    ("auth_key_secret", AUTH_KEY_SECRET),
    ("audit_secret", "a third secret that only the tests know, for the audit"),
    ("payment_webhook_secret", WEBHOOK_SECRET),
    ("provider_token_secret", PROVIDER_SECRET),
    ("cors_allowed_origins", ORIGIN),
    (admin::EMAIL, ADMIN_EMAIL),
    (admin::PASSWORD, ADMIN_PASSWORD),
    ("rate_limit_auth", UNLIMITED),
    ("rate_limit_read", UNLIMITED),
    ("rate_limit_write", UNLIMITED),
    ("rate_limit_export", UNLIMITED),
    // One customer of a test stands for many.
    ("customer_max_unpaid_orders", "1000000"),
    ("customer_max_unpaid_pieces", "1000000"),
];

/// Returns the credentials of the admin of an instance that a test starts.
pub fn admin() -> Credentials {
    Credentials { email: ADMIN_EMAIL.to_owned(), password: ADMIN_PASSWORD.to_owned() }
}

/// Returns the component in `crates/host/tests/guests/<name>`.
///
/// # Panics
///
/// If it is not built.
pub fn guest(name: &str) -> PathBuf {
    built(&format!("host_guest_{name}"))
}

/// Returns the provider in `crates/conformance/tests/guests/<name>`.
///
/// # Panics
///
/// If it is not built.
pub fn provider(name: &str) -> PathBuf {
    built(&format!("conformance_guest_{name}"))
}

fn built(name: &str) -> PathBuf {
    let file = format!("{name}.wasm");
    let path = Workspace::locate().target_dir().join(WASM_TARGET).join(Mode::Release.folder()).join(file);
    assert!(path.exists(), "{} is missing: `cargo xtask test` builds it", path.display());
    path
}

/// The action of the host at failpoints: the points at which something becomes durable or visible (crates/host/README.md).
#[derive(Clone, Copy, Debug)]
pub enum Failpoints {
    /// The host prints them.
    Listed,
    /// The host ends at the failpoint with this number, from 1, as if it were killed.
    CrashAt(usize),
    /// The host passes them, and prints the work of each guest instead.
    Traced,
}

/// A running instance. It is killed when it is dropped, or when the test process ends.
#[derive(Debug)]
pub struct Instance {
    host: HostProcess,
    url: String,
    accounts: Accounts,
    /// Its log and configuration: a folder inside the state folder, separate from that of another instance with the same state.
    own: TempDir,
}

impl Instance {
    /// Starts the application with its databases in `state_dir`, and waits until it is ready.
    ///
    /// # Panics
    ///
    /// If the host or a component is not built, or the application does not become ready.
    pub fn start(state_dir: &Path) -> Self {
        Self::with(state_dir, &[])
    }

    /// Starts it as [`start`](Self::start) does, with other or more variables: `Instance::with(state, &[("rate_limit_read", "100/60")])`.
    ///
    /// # Panics
    ///
    /// If the host or a component is not built, or the application does not become ready.
    pub fn with(state_dir: &Path, variables: &[(&str, &str)]) -> Self {
        Self::with_runtime_config(state_dir, variables, |_| ())
    }

    /// Starts it as [`with`](Self::with) does, with a runtime configuration that `change` has changed: the places of databases and stores.
    ///
    /// # Panics
    ///
    /// If the host or a component is not built, or the application does not become ready.
    pub fn with_runtime_config(state_dir: &Path, variables: &[(&str, &str)], change: impl FnOnce(&mut Table)) -> Self {
        Self::spawn(state_dir, variables, None, |_| (), change).ready()
    }

    /// Starts it as [`with`](Self::with) does, with a host that acts at failpoints, from [`arm_failpoints`](Self::arm_failpoints) on, and
    /// a manifest that `change` has changed.
    ///
    /// # Panics
    ///
    /// If the host or a component is not built, or the application does not become ready.
    pub fn with_failpoints(
        state_dir: &Path,
        variables: &[(&str, &str)],
        failpoints: Failpoints,
        change: impl FnOnce(&mut Table),
    ) -> Self {
        Self::spawn(state_dir, variables, Some(failpoints), change, |_| ()).ready()
    }

    /// Starts it as [`with`](Self::with) does, with the providers in these files composed into these components.
    ///
    /// # Panics
    ///
    /// If a file is no provider for its component, the host or a component is not built, or the application does not become ready.
    pub fn with_providers(state_dir: &Path, variables: &[(&str, &str)], providers: &[(&str, &Path)]) -> Self {
        Self::spawn(state_dir, variables, None, |manifest| choose(manifest, providers), |_| ()).ready()
    }

    /// Starts it as [`with_providers`](Self::with_providers) does, with a runtime configuration that `change` has changed.
    ///
    /// # Panics
    ///
    /// If a file is no provider for its component, the host or a component is not built, or the application does not become ready.
    pub fn with_providers_and_config(
        state_dir: &Path,
        variables: &[(&str, &str)],
        providers: &[(&str, &Path)],
        change: impl FnOnce(&mut Table),
    ) -> Self {
        Self::spawn(state_dir, variables, None, |manifest| choose(manifest, providers), change).ready()
    }

    /// Starts it as [`with_providers`](Self::with_providers) does with one provider, whose adapter accepts calls of `route` from outside. It still
    /// requires a token.
    ///
    /// # Panics
    ///
    /// If a file is no provider for its component, the host or a component is not built, or the application does not become ready.
    pub fn with_open_adapter(
        state_dir: &Path,
        variables: &[(&str, &str)],
        (component, file): (&str, &Path),
        route: &str,
    ) -> Self {
        let open = |manifest: &mut Table| {
            choose(manifest, &[(component, file)]);
            let trigger =
                Table::from_iter([("component", component), ("route", route)].map(|(k, v)| (k.into(), v.into())));
            let triggers = manifest["trigger"]["http"].as_array_mut().expect("a list of routes");
            triggers.push(trigger.into());
        };
        Self::spawn(state_dir, variables, None, open, |_| ()).ready()
    }

    /// Starts it as [`with`](Self::with) does, with a host that serves metrics and sends its spans to the OTLP receiver at `endpoint`.
    ///
    /// # Panics
    ///
    /// If the host or a component is not built, or the application does not become ready.
    pub fn with_telemetry(state_dir: &Path, variables: &[(&str, &str)], endpoint: &str) -> Self {
        let telemetry = |launch: &mut Launch| {
            run_on(host(), launch);
            launch.environment.push(("OTEL_EXPORTER_OTLP_ENDPOINT".to_owned(), Some(endpoint.to_owned())));
            launch.arguments.extend(["--metrics-listen", "127.0.0.1:0"].map(OsString::from));
        };
        Self::launch(state_dir, variables, telemetry, |_| (), |_| ()).ready()
    }

    /// Starts one of several replicas as [`with_providers`](Self::with_providers) does, on any runtime, with its key-value stores in `redis`. A host
    /// acts at failpoints; Spin has none.
    ///
    /// # Panics
    ///
    /// If a file is no provider for its component, the runtime or a component is not built, or the application does not become ready.
    pub fn replica(
        runtime: &Runtime,
        state_dir: &Path,
        variables: &[(&str, &str)],
        providers: &[(&str, &Path)],
        redis: &RedisServer,
        failpoints: Option<Failpoints>,
    ) -> Self {
        let place = |launch: &mut Launch| {
            run_on(runtime.clone(), launch);
            Failpoints::act(failpoints, launch);
        };
        let stores = |config: &mut Table| place_stores(config, redis);
        Self::launch(state_dir, variables, place, |manifest| choose(manifest, providers), stores).ready()
    }

    /// Starts the application as [`start`](Self::start) does, but from a manifest that `change` has changed, and does not
    /// wait until it is ready: it may never be.
    ///
    /// # Panics
    ///
    /// If the host or a component is not built, or the host does not serve.
    pub fn start_with_manifest(state_dir: &Path, change: impl FnOnce(&mut Table)) -> Self {
        Self::spawn(state_dir, &[], None, change, |_| ())
    }

    /// Starts the application as [`with_runtime_config`](Self::with_runtime_config) does, and does not wait until it is ready: one of the addresses in
    /// `variables` leads nowhere, or one of the databases cannot be used.
    ///
    /// # Panics
    ///
    /// If the host or a component is not built, or the host does not serve.
    pub fn start_unready(state_dir: &Path, variables: &[(&str, &str)], change: impl FnOnce(&mut Table)) -> Self {
        Self::spawn(state_dir, variables, None, |_| (), change)
    }

    fn spawn(
        state_dir: &Path,
        variables: &[(&str, &str)],
        failpoints: Option<Failpoints>,
        change_manifest: impl FnOnce(&mut Table),
        change_stores: impl FnOnce(&mut Table),
    ) -> Self {
        let act = |launch: &mut Launch| Failpoints::act(failpoints, launch);
        Self::launch(state_dir, variables, act, change_manifest, change_stores)
    }

    fn launch(
        state_dir: &Path,
        variables: &[(&str, &str)],
        change_launch: impl FnOnce(&mut Launch),
        change_manifest: impl FnOnce(&mut Table),
        change_stores: impl FnOnce(&mut Table),
    ) -> Self {
        let own = tempfile::tempdir_in(state_dir).expect("the state folder can be written to");
        let servers = Servers::of_instance(state_dir);
        let place_stores = |config: &mut Table| {
            if let Some(servers) = &servers {
                servers.write_to(config);
            }
            change_stores(config);
        };
        let mut launch =
            launch(state_dir, own.path(), variables, change_manifest, place_stores).expect("a configuration");
        run_on(spin::of_environment().map_or_else(host, Runtime::Spin), &mut launch);
        change_launch(&mut launch);
        let mut host = launch.spawn().expect("the host starts");
        let url = host.url().expect("the host serves");
        let accounts = Accounts::new(&Client::new(&url), admin());
        Self { host, url, accounts, own }
    }

    /// Waits until it is ready.
    fn ready(mut self) -> Self {
        let clock = Ticker::from_env_file(&http::Client::new(&self.url), &self.env_file()).expect("it has a secret");
        let host = &mut self.host;
        ready::wait(&clock, Duration::from_secs(30), &BTreeMap::new(), || host.check_alive(), |_| ())
            .unwrap_or_else(|error| panic!("{error:#}\n{}", host.printed()));
        self
    }

    /// Returns its URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the file with its variables.
    pub fn env_file(&self) -> PathBuf {
        self.own.path().join(ENV_FILE)
    }

    /// Returns the file with everything that the host and its components print.
    pub fn log_file(&self) -> PathBuf {
        self.own.path().join("host.log")
    }

    /// Returns an anonymous client for it, which shares no connection with another client.
    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// Returns its accounts.
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Returns the admin of the test.
    pub fn admin(&self) -> Account {
        self.accounts.admin()
    }

    /// Returns the URL of the listener of its host, which serves metrics.
    ///
    /// # Panics
    ///
    /// If it was not started [with telemetry](Self::with_telemetry).
    pub fn host_url(&self) -> String {
        let printed = self.log();
        let url = printed.lines().find_map(|line| line.strip_prefix("Serving metrics at ")?.strip_suffix("/metrics"));
        url.expect("the host prints the address of its metrics").to_owned()
    }

    /// Returns the output of the host and its components.
    pub fn log(&self) -> String {
        self.host.printed()
    }

    /// Arms the failpoints: from now on they are counted.
    ///
    /// # Panics
    ///
    /// If its folder cannot be written to.
    pub fn arm_failpoints(&self) {
        fs::write(self.own.path().join(ARMED), "").expect("the folder can be written to");
    }

    /// Returns the failpoints that were printed: `orders before COMMIT`, and so on.
    pub fn failpoints(&self) -> Vec<String> {
        let failpoint_name = |line: &str| Some(line.strip_prefix("failpoint ")?.split_once(": ")?.1.to_owned());
        self.log().lines().filter_map(failpoint_name).collect()
    }

    /// Stops it as its operator would: a host completes its requests in flight first.
    ///
    /// # Panics
    ///
    /// If its end cannot be waited for.
    pub fn stop(self) {
        self.host.stop().expect("the host ends");
    }

    /// Kills it as a crash would.
    ///
    /// # Panics
    ///
    /// If it cannot be killed.
    pub fn kill(self) {
        self.host.kill().expect("the host can be killed");
    }
}

impl Failpoints {
    /// Lets the host of `launch` act at failpoints, which Spin does not have.
    fn act(failpoints: Option<Self>, launch: &mut Launch) {
        let Some(failpoints) = failpoints else { return };
        run_on(host(), launch);
        let own = launch.env_file.as_deref().and_then(Path::parent).expect("its variables are in its own folder");
        launch.arguments = failpoints.arguments(own);
        if let Self::Traced = failpoints {
            launch.environment.push(("RUST_LOG".to_owned(), Some(TRACE.to_owned())));
        }
    }

    /// Returns the arguments of the host whose folder is `own`.
    fn arguments(self, own: &Path) -> Vec<OsString> {
        let action = match self {
            Self::Listed => vec!["--list-failpoints".to_owned()],
            Self::CrashAt(number) => vec!["--crash-at".to_owned(), number.to_string()],
            Self::Traced => return Vec::new(),
        };
        let from = ["--failpoints-from".into(), own.join(ARMED).into_os_string()];
        action.into_iter().map(OsString::from).chain(from).collect()
    }
}

/// Puts all key-value stores of a runtime configuration into `redis`.
///
/// # Panics
///
/// If it has none.
pub fn place_stores(config: &mut Table, redis: &RedisServer) {
    let stores = config["key_value_store"].as_table_mut().expect("there are stores");
    for (_, store) in stores.iter_mut() {
        let entries = [("type", "redis".to_owned()), ("url", redis.url())];
        *store = Value::Table(entries.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect());
    }
}

/// Composes the providers in these files into these components of a manifest.
///
/// # Panics
///
/// If a file is no provider for its component.
pub fn choose(manifest: &mut Table, providers: &[(&str, &Path)]) {
    for (component, file) in providers {
        let choice = Choice { component: (*component).to_owned(), file: file.to_path_buf() };
        choice.apply(manifest).unwrap_or_else(|error| panic!("{error:#}"));
    }
}

fn launch(
    state_dir: &Path,
    own: &Path,
    variables: &[(&str, &str)],
    change_manifest: impl FnOnce(&mut Table),
    change_stores: impl FnOnce(&mut Table),
) -> anyhow::Result<Launch> {
    let workspace = Workspace::locate();
    let mode = World::of_environment().released();
    build::check_built(&workspace, mode, &Runtime::Host(workspace.host_binary()))?;
    let (runtime_config, env_file, manifest) =
        (own.join("runtime-config.toml"), own.join(ENV_FILE), own.join("spin.toml"));
    state::copy_runtime_config(&workspace.runtime_config(), state_dir, &runtime_config)?;
    fs::write(&env_file, env_lines(variables))?;
    state::copy_manifest(&workspace.manifest(), mode, &[], &manifest)?;
    change(&runtime_config, change_stores)?;
    change(&manifest, change_manifest)?;

    let mut launch = Launch::new(&workspace, runtime_config, own.to_path_buf());
    launch.manifest = manifest;
    // A separate file and no variable from outside, so that no setting of this machine changes a result.
    launch.env_file = Some(env_file);
    let outside = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    launch.environment = outside
        .filter(|name| name.starts_with("SPIN_VARIABLE_") || name.starts_with("OTEL_"))
        .map(|name| (name, None))
        .collect();
    Ok(launch)
}

fn host() -> Runtime {
    Runtime::Host(Workspace::locate().host_binary())
}

/// Lets `launch` run on this runtime.
fn run_on(runtime: Runtime, launch: &mut Launch) {
    let is_host = matches!(runtime, Runtime::Host(_));
    // Spin does not support port 0.
    launch.listen = if is_host { (Ipv4Addr::LOCALHOST, 0).into() } else { closed_address() };
    launch.runtime = runtime;
}

fn change(file: &Path, change: impl FnOnce(&mut Table)) -> anyhow::Result<()> {
    let mut table: Table = toml::from_str(&fs::read_to_string(file)?)?;
    change(&mut table);
    Ok(fs::write(file, toml::to_string(&table)?)?)
}

/// Returns the lines of `.env` for [`VARIABLES`] with those in `changed` changed.
fn env_lines(changed: &[(&str, &str)]) -> String {
    let variables: BTreeMap<&str, &str> = VARIABLES.iter().chain(changed).copied().collect();
    variables.into_iter().fold(String::new(), |mut lines, (name, value)| {
        writeln!(lines, "{}=\"{value}\"", secrets::env_name(name)).expect("writing to a String never fails");
        lines
    })
}
