//! The measured servers: the application on the embedded host, the bench's applications on the same host, and the baselines.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use xtask::admin::{self, Credentials};
use xtask::host::{HostProcess, Launch, Output};
use xtask::secrets::env_name;
use xtask::workspace::Workspace;
use xtask::{http, ready, state};

use crate::accounts;
use crate::jwt::{ISSUER, Issuer};

/// Is removed from the environment: backtraces of handled errors cost a quarter of the throughput, and no production system sets it.
const BACKTRACE: &str = "RUST_BACKTRACE";

/// A rate limit that is never reached, so that every request is counted and none is refused.
const UNLIMITED: &str = "100000000/60";

/// The secret that the services share.
pub(crate) const SERVICE_TOKEN_SECRET: &str = "only as long as the bench runs, 32 bytes";

/// The variables of both applications.
const VARIABLES: [(&str, &str); 5] = [
    ("service_token_secret", SERVICE_TOKEN_SECRET),
    ("token_issuer", ISSUER),
    ("rate_limit_auth", UNLIMITED),
    ("rate_limit_read", UNLIMITED),
    ("rate_limit_write", UNLIMITED),
];

/// Returns the launch of the application with its state in `folder` and compiled code in `cache`.
///
/// # Errors
///
/// If the folder cannot be written to.
pub(crate) fn application(folder: &Path, cache: PathBuf) -> Result<Launch> {
    application_on(folder, folder, cache, &[])
}

/// Returns the same, with the databases in `databases`, and with `more` variables.
fn application_on(folder: &Path, databases: &Path, cache: PathBuf, more: &[(&str, &str)]) -> Result<Launch> {
    let Credentials { email, password } = accounts::admin();
    let application = [
        ("auth_key_secret", "the keys live as long as the bench, 32 bytes"),
        ("audit_secret", "the bench never verifies its audit log, 32 bytes"),
        ("payment_webhook_secret", "no provider sends webhooks to the bench, 32 bytes"),
        ("provider_token_secret", "the providers of a bench are the sandboxes, 32 bytes"),
        ("access_token_seconds", "7200"),
        // One customer of the bench stands for many.
        ("customer_max_unpaid_orders", "1000000"),
        ("customer_max_unpaid_pieces", "1000000"),
        (admin::EMAIL, &email),
        (admin::PASSWORD, &password),
    ];
    let variables: Vec<(&str, &str)> = application.iter().chain(more).copied().collect();
    launch(Workspace::locate().manifest(), folder, databases, cache, &variables)
}

/// Returns the launch of the application in `manifest`, with the databases in `databases` and all other files in `folder`.
fn launch(
    manifest: PathBuf,
    folder: &Path,
    databases: &Path,
    cache: PathBuf,
    variables: &[(&str, &str)],
) -> Result<Launch> {
    let workspace = Workspace::locate();
    fs::create_dir_all(folder)?;
    let (config, env_file) = (folder.join("runtime-config.toml"), folder.join(".env"));
    state::copy_runtime_config(&workspace.runtime_config(), databases, &config)?;
    let line = |(name, value): &(&str, &str)| format!("{}='{value}'\n", env_name(name));
    fs::write(&env_file, VARIABLES.iter().chain(variables).map(line).collect::<String>())?;
    let mut launch = Launch::new(&workspace, config, folder.to_path_buf());
    launch.manifest = manifest;
    launch.env_file = Some(env_file);
    launch.cache_dir = cache;
    // Settings in the environment must not change the measurement.
    let inherited = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let settings = inherited.filter(|name| name.starts_with("SPIN_VARIABLE_")).map(|name| (name, None));
    launch.environment = settings.chain([(BACKTRACE.to_owned(), None)]).collect();
    Ok(launch)
}

/// A measured server. It is killed when it is dropped.
pub(crate) struct Server {
    pub(crate) process: HostProcess,
    pub(crate) url: String,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts the application and waits until it is ready.
    ///
    /// # Errors
    ///
    /// If it does not become ready.
    pub(crate) fn application(folder: &Path, cache: PathBuf) -> Result<Self> {
        Self::application_with(folder, folder, cache, &[])
    }

    /// Starts the same on the databases in `databases`, with `variables` besides the usual ones.
    ///
    /// # Errors
    ///
    /// If it does not become ready.
    pub(crate) fn application_with(
        folder: &Path,
        databases: &Path,
        cache: PathBuf,
        variables: &[(&str, &str)],
    ) -> Result<Self> {
        Self::ready(application_on(folder, databases, cache, variables)?)
    }

    /// Starts the same, with a host that prints a line for each call of a guest.
    ///
    /// # Errors
    ///
    /// If it does not become ready.
    pub(crate) fn traced(folder: &Path, databases: &Path, variables: &[(&str, &str)]) -> Result<Self> {
        let mut launch = application_on(folder, databases, Workspace::locate().cache_dir(), variables)?;
        for (name, value) in [("RUST_LOG", "trace"), ("NO_COLOR", "1")] {
            launch.environment.push((name.to_owned(), Some(value.to_owned())));
        }
        Self::ready(launch)
    }

    fn ready(launch: Launch) -> Result<Self> {
        let mut server = Self::new(launch.spawn()?)?;
        let process = &mut server.process;
        let client = http::Client::new(&server.url);
        ready::wait(&client, Duration::from_secs(30), &BTreeMap::new(), || process.check_alive(), |_| ())?;
        Ok(server)
    }

    /// Starts the application in bench/guest, with its state in `folder`, on the databases in `databases`.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub(crate) fn guest(folder: &Path, databases: &Path, cache: PathBuf) -> Result<Self> {
        let manifest = Workspace::locate().root().join("bench/guest/spin.toml");
        let keys = Issuer::new().keys().to_string();
        Self::new(launch(manifest, folder, databases, cache, &[("jwks", &keys)])?.spawn()?)
    }

    /// Starts the application in `manifest`, which has neither variables nor databases, with its state in `folder`.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub(crate) fn of(manifest: PathBuf, folder: &Path, cache: PathBuf) -> Result<Self> {
        Self::new(launch(manifest, folder, folder, cache, &[])?.spawn()?)
    }

    /// Starts the native baseline on the databases in `databases`, with the keys that the application at `url` publishes.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub(crate) fn baseline(databases: &Path, url: &str) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("baseline").arg("--databases").arg(databases).args(["--auth", url]).env_remove(BACKTRACE);
        Self::new(HostProcess::spawn(command, Output::File(databases.join("baseline.log")))?)
    }

    /// Starts the baseline on Node in `folder` on the databases in `databases`, with the keys that the application at `url` publishes.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub(crate) fn node_baseline(folder: &Path, databases: &Path, url: &str) -> Result<Self> {
        let mut command = Command::new("node");
        command.arg(folder.join("server.js")).env("NODE_ENV", "production");
        command.arg("--catalog").arg(databases.join("catalog.db")).arg("--users").arg(databases.join("users.db"));
        let requests = UNLIMITED.split_once('/').map_or(UNLIMITED, |(requests, _)| requests);
        command.args(["--auth", url, "--issuer", ISSUER, "--requests", requests]);
        Self::new(HostProcess::spawn(command, Output::File(databases.join("node-baseline.log")))?)
    }

    fn new(mut process: HostProcess) -> Result<Self> {
        let url = process.url()?;
        let address = url.strip_prefix("http://").context("the URL of a measured server is not plain HTTP")?.parse()?;
        Ok(Self { process, url, address })
    }
}
