//! The measured servers: the application on Spin and on the embedded host, the baselines, and the bench's own application for providers.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use xtask::admin::{self, Credentials};
use xtask::build::World;
use xtask::host::{HostProcess, Launch, Output, Runtime};
use xtask::secrets::env_name;
use xtask::tick::Ticker;
use xtask::up::On;
use xtask::workspace::Workspace;
use xtask::{http, ready, spin, state};

use crate::accounts;
use crate::jwt::ISSUER;
use crate::load::Target;
use crate::orders::Commits;

/// Is removed from the environment: backtraces of handled errors cost a quarter of the throughput, and no production system sets it.
const BACKTRACE: &str = "RUST_BACKTRACE";

/// A rate limit that is never reached, so that every request is counted and none is refused.
const UNLIMITED: &str = "100000000/60";

/// The secret that the services share.
pub(crate) const SERVICE_TOKEN_SECRET: &str = "only as long as the bench runs, 32 bytes";

/// The longest time until an application is ready. Spin compiles all components at each start.
const READY: Duration = Duration::from_secs(120);

/// The file in the folder of an application with its variables.
const ENV_FILE: &str = ".env";

/// The kinds of servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Spindle,
    Native,
    Node,
}

/// A measured server. It is killed when it is dropped.
pub(crate) struct Server {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) process: HostProcess,
    pub(crate) url: String,
    pub(crate) target: Target,
    /// The folder of the databases with its orders.
    pub(crate) orders: PathBuf,
    /// The time from the start of the process until it was ready.
    pub(crate) start: Duration,
}

impl Server {
    /// Starts the application on `on` in `world`, with its databases in `folder`. `beside` is another checkout than this one.
    ///
    /// # Errors
    ///
    /// If it is not built, `spin` is missing, or it does not become ready.
    pub(crate) fn application(on: On, world: World, folder: &Path, beside: Option<&Path>) -> Result<Self> {
        let workspace = Workspace::locate();
        let manifest = beside.unwrap_or_else(|| workspace.root()).join(world.manifest());
        let mut launch = launch(manifest, folder, &variables())?;
        let program = match on {
            On::Spin => {
                launch.runtime = Runtime::Spin(spin::find()?.0);
                "spin"
            }
            On::Host => {
                if let Some(root) = beside {
                    launch.runtime = Runtime::Host(root.join("target/host/spindle-host"));
                }
                "host"
            }
        };
        // Spin does not choose a port.
        launch.listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let start = Instant::now();
        let other = if beside.is_some() { ", beside" } else { "" };
        let name = match world {
            World::Wasi0_2 => format!("{program}{other}"),
            World::Wasi0_3 => format!("{program} in 0.3{other}"),
        };
        let mut server = Self::new(name, Kind::Spindle, launch.spawn()?, folder, start)?;
        let (client, process) = (http::Client::new(&server.url), &mut server.process);
        let clock = Ticker::from_env_file(&client, &folder.join(ENV_FILE))?;
        ready::wait(&clock, READY, &BTreeMap::new(), || process.check_alive(), |_| ())
            .with_context(|| format!("{} is not ready: {}", server.name, folder.join("host.log").display()))?;
        server.start = start.elapsed();
        server.target.token = accounts::log_in_admin(&client)?;
        Ok(server)
    }

    /// Starts the application in `manifest`, which has neither variables nor databases, on the embedded host with its state in `folder`.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub(crate) fn of(manifest: PathBuf, folder: &Path) -> Result<Self> {
        let process = launch(manifest, folder, &[])?.spawn()?;
        Self::new("host".to_owned(), Kind::Spindle, process, folder, Instant::now())
    }

    /// Starts the native baseline on the databases in `databases`, with the keys of `application`, and with its orders in `orders`.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub(crate) fn native(application: &Self, databases: &Path, orders: &Path, commits: Commits) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("baseline").arg("--databases").arg(databases).arg("--orders").arg(orders);
        command.args(["--auth", &application.url, "--commits", &commits.to_string()]).env_remove(BACKTRACE);
        Self::baseline("native", Kind::Native, command, orders, application)
    }

    /// Starts the baseline on Node in the folder `node` in the same way.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub(crate) fn node(
        node: &Path,
        application: &Self,
        databases: &Path,
        orders: &Path,
        commits: Commits,
    ) -> Result<Self> {
        let mut command = Command::new("node");
        command.arg(node.join("server.js")).env("NODE_ENV", "production");
        command.arg("--databases").arg(databases).arg("--orders").arg(orders).args(["--issuer", ISSUER]);
        command.args(["--auth", &application.url, "--commits", &commits.to_string()]);
        Self::baseline("node", Kind::Node, command, orders, application)
    }

    fn baseline(name: &str, kind: Kind, command: Command, orders: &Path, application: &Self) -> Result<Self> {
        fs::create_dir_all(orders)?;
        let start = Instant::now();
        let process = HostProcess::spawn(command, Output::File(orders.join("server.log")))?;
        let mut server = Self::new(name.to_owned(), kind, process, orders, start)?;
        server.target.token.clone_from(&application.target.token);
        Ok(server)
    }

    fn new(name: String, kind: Kind, mut process: HostProcess, orders: &Path, start: Instant) -> Result<Self> {
        let url = process.url()?;
        let address = url.strip_prefix("http://").context("the URL of a measured server is not plain HTTP")?.parse()?;
        let target = Target { address, token: String::new() };
        Ok(Self { name, kind, process, url, target, orders: orders.to_owned(), start: start.elapsed() })
    }
}

/// Returns the variables of the application.
fn variables() -> Vec<(&'static str, String)> {
    let Credentials { email, password } = accounts::admin();
    let fixed = [
        ("service_token_secret", SERVICE_TOKEN_SECRET),
        ("token_issuer", ISSUER),
        ("rate_limit_auth", UNLIMITED),
        ("rate_limit_read", UNLIMITED),
        ("rate_limit_write", UNLIMITED),
        ("auth_key_secret", "the keys live as long as the bench, 32 bytes"),
        ("audit_secret", "the bench never verifies its audit log, 32 bytes"),
        ("payment_webhook_secret", "no provider sends webhooks to the bench, 32 bytes"),
        ("provider_token_secret", "the providers of a bench are the sandboxes, 32 bytes"),
        ("access_token_seconds", "7200"),
        // One customer of the bench stands for many.
        ("customer_max_unpaid_orders", "1000000"),
        ("customer_max_unpaid_pieces", "1000000"),
    ];
    let fixed = fixed.into_iter().map(|(name, value)| (name, value.to_owned()));
    fixed.chain([(admin::EMAIL, email), (admin::PASSWORD, password)]).collect()
}

/// Returns the launch of the application in `manifest` on the embedded host, with all its files in `folder`.
fn launch(manifest: PathBuf, folder: &Path, variables: &[(&str, String)]) -> Result<Launch> {
    let workspace = Workspace::locate();
    fs::create_dir_all(folder)?;
    let (config, env_file) = (folder.join("runtime-config.toml"), folder.join(ENV_FILE));
    state::copy_runtime_config(&workspace.runtime_config(), folder, &config)?;
    let line = |(name, value): &(&str, String)| format!("{}='{value}'\n", env_name(name));
    fs::write(&env_file, variables.iter().map(line).collect::<String>())?;
    let mut launch = Launch::new(&workspace, config, folder.to_path_buf());
    launch.manifest = manifest;
    launch.env_file = Some(env_file);
    // Settings in the environment must not change the measurement.
    let inherited = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let settings = inherited.filter(|name| name.starts_with("SPIN_VARIABLE_")).map(|name| (name, None));
    launch.environment = settings.chain([(BACKTRACE.to_owned(), None)]).collect();
    Ok(launch)
}
