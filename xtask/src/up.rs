//! `cargo xtask up`: build, start, wait until ready, seed, report, tick, and stop on Ctrl-C.

use std::collections::BTreeMap;
use std::io::{ErrorKind, IsTerminal as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use clap::ValueEnum;
use rustix::fs::Mode as FileMode;
use rustix::process::umask;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::admin::{self, Credentials};
use crate::application::Application;
use crate::build::{self, Mode};
use crate::host::{HostProcess, Launch, LogFormat, Output, Runtime};
use crate::http::Client;
use crate::provider::Choice;
use crate::relay::Relay;
use crate::report::Report;
use crate::secrets::{self, DEMO_PASSWORD, Line};
use crate::seed::catalog::{self, DemoCatalog};
use crate::seed::{self, Customer};
use crate::tick::{self, Ticker};
use crate::workspace::Workspace;
use crate::{ready, spin, state, tls};

/// The time that the services may take to apply their migrations and become ready.
const READY: Duration = Duration::from_secs(30);

/// The options of `cargo xtask up`.
#[derive(Debug)]
pub struct Options {
    /// The program that runs the application.
    pub on: On,
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of the databases, if not the one in the runtime configuration.
    pub state_dir: Option<PathBuf>,
    /// Another runtime configuration than the workspace's.
    pub runtime_config: Option<PathBuf>,
    /// The file of the development secrets, if not the workspace's.
    pub env_file: Option<PathBuf>,
    /// Whether to serve HTTPS, with a development certificate.
    pub tls: bool,
    /// The profile of the components.
    pub mode: Mode,
    /// Whether to build before the start.
    pub build: bool,
    /// The Redis server that events go over; without one they go over HTTP.
    pub redis: Option<String>,
    /// Providers instead of those in the manifest.
    pub providers: Vec<Choice>,
    /// Whether an empty instance gets demo customers and products.
    pub seed: bool,
    /// The form of the log lines.
    pub log_format: LogFormat,
    /// Whether the embedded host checks each response against api-specs/openapi.json.
    pub validate_responses: bool,
    /// The address at which the embedded host serves its metrics.
    pub metrics_listen: Option<SocketAddr>,
}

/// The program that runs the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum On {
    /// The embedded host, which is built first
    Host,
    /// The `spin` on PATH
    Spin,
}

/// Runs the application until Ctrl-C.
///
/// # Errors
///
/// If the port is taken, `spin` is requested and missing, a build fails, the application does not become ready, or the host ends by itself.
pub fn up(workspace: &Workspace, options: &Options) -> Result<()> {
    check_port_is_free(options.listen)?;
    ensure!(
        options.on == On::Host || !options.validate_responses,
        "only the embedded host validates responses: leave out `--on spin` or `--validate-responses`"
    );
    ensure!(
        options.on == On::Host || options.metrics_listen.is_none(),
        "only the embedded host serves metrics of its own (docs/telemetry.md has those of Spin): leave out `--on spin` or `--metrics-listen`"
    );
    if options.tls && !tls::covers(options.listen.ip()) {
        bail!("the development certificate is valid for the loopback interface only, not for {}", options.listen.ip());
    }
    let (runtime, runtime_name) = match options.on {
        On::Host => (Runtime::Host(workspace.host_binary()), "the embedded host".to_owned()),
        On::Spin => {
            ensure!(
                options.listen.port() != 0,
                "Spin does not support port 0: choose a port with `--listen 127.0.0.1:3000`"
            );
            let (program, version) = spin::find()?;
            (Runtime::Spin(program), format!("Spin {version}"))
        }
    };
    if options.build {
        build::ensure_wasm_target(workspace)?;
        build::components(workspace, options.mode)?;
        if options.on == On::Host {
            build::host(workspace)?;
        }
    }
    build::check_built(workspace, options.mode, &runtime)?;
    let application = Application::read(&workspace.manifest())?;
    let env_file = env_file(workspace, options)?;
    let mut needed = secrets::needed(&application);
    if options.seed {
        needed.push(Line::random(DEMO_PASSWORD.to_owned()));
    }
    let generated = secrets::ensure(&env_file, &needed)?;
    if !generated.is_empty() {
        println!("generated {} in {}", generated.join(", "), env_file.display());
    }

    let interrupts = interrupts()?;
    println!("starting on {runtime_name}");
    let start = Instant::now();
    let up = Up { workspace, options, application: &application, runtime: &runtime, runtime_name: &runtime_name };
    let mut host = up.launch()?.spawn()?;
    match up.serve(start, &mut host, &interrupts) {
        Ok(()) => {
            host.stop()?;
            println!("stopped");
            Ok(())
        }
        Err(error) => {
            // The components log why they are not ready.
            print!("{}", host.printed());
            Err(error)
        }
    }
}

/// The parts of a start.
struct Up<'a> {
    workspace: &'a Workspace,
    options: &'a Options,
    application: &'a Application,
    runtime: &'a Runtime,
    runtime_name: &'a str,
}

impl Up<'_> {
    fn launch(&self) -> Result<Launch> {
        let (workspace, options) = (self.workspace, self.options);
        let state_dir = state_dir(workspace, options)?;
        state::create_private_folder(&state_dir)?;
        if matches!(self.runtime, Runtime::Spin(_)) {
            // Spin creates its databases with the rights that its umask leaves, which it has from this process.
            umask(FileMode::RWXG | FileMode::RWXO);
        }
        // A copy even where nothing moves: its paths are absolute, so the folder that this was started in does not matter.
        let runtime_config = state_dir.join("runtime-config.toml");
        let original = options.runtime_config.clone().unwrap_or_else(|| workspace.runtime_config());
        state::copy_runtime_config(&original, &state_dir, &runtime_config)?;
        let mut launch = Launch::new(workspace, runtime_config, state_dir.clone());
        launch.runtime = self.runtime.clone();
        if options.mode != Mode::Release || !options.providers.is_empty() {
            launch.manifest = state_dir.join("spin.toml");
            state::copy_manifest(&workspace.manifest(), options.mode, &options.providers, &launch.manifest)?;
        }
        launch.env_file = Some(env_file(workspace, options)?);
        launch.listen = options.listen;
        if options.tls {
            launch.tls = Some(tls::ensure(&state_dir.join("tls"))?);
        }
        if let Some(redis) = &options.redis {
            launch.environment = [("event_transport", "redis"), ("redis_address", redis)]
                .map(|(name, value)| (secrets::env_name(name), Some(value.to_owned())))
                .into();
        }
        launch.output = Output::Terminal(options.log_format);
        if options.validate_responses {
            let document = self.workspace.root().join("api-specs/openapi.json");
            launch.arguments.extend(["--validate-responses".into(), document.into()]);
        }
        if let Some(addr) = options.metrics_listen {
            launch.arguments.extend(["--metrics-listen".into(), addr.to_string().into()]);
        }
        Ok(launch)
    }

    /// Waits until the application is ready, seeds it, reports, and ticks it. Returns once a signal asks to stop.
    fn serve(&self, start: Instant, host: &mut HostProcess, interrupts: &Receiver<()>) -> Result<()> {
        let Self { workspace, options, application, .. } = *self;
        let url = reachable(&host.url()?);
        let state_dir = state_dir(workspace, options)?;
        let env_file = env_file(workspace, options)?;
        let cert = options.tls.then(|| state_dir.join("tls").join("cert.pem"));
        let client = match &cert {
            Some(cert) => Client::trusting(&url, cert)?,
            None => Client::new(&url),
        };
        let mut stopped = false;
        let watch = || {
            host.check_alive()?;
            stopped = interrupts.try_recv().is_ok();
            if stopped { bail!("interrupted") } else { Ok(()) }
        };
        let elsewhere = elsewhere(application, &env_file)?;
        let clock = Ticker::from_env_file(&client, &env_file)?;
        match ready::wait(&clock, READY, &elsewhere, watch, |services| println!("waiting for {services}")) {
            Err(_) if stopped => return Ok(()),
            result => result?,
        };
        let took = start.elapsed();
        let relay = |redis: &String| -> Result<Relay> {
            Ok(Relay::new(workspace, options.mode, &state_dir, &env_file, redis, &url)?.on(self.runtime.clone()))
        };
        let mut relay = options.redis.as_ref().map(relay).transpose()?;
        let admin = Credentials::read(&env_file)?;
        let (admin_logged_in, seeded) = match &admin {
            Some(admin) if options.seed => {
                let seeded = seed(&client, admin, &env_file)?;
                (Some(seeded.is_some()), seeded)
            }
            _ => (None, None),
        };
        let (customers, catalog) = seeded.unzip();
        let demo_password = secrets::value(&env_file, DEMO_PASSWORD)?;
        let report = Report {
            url: &url,
            runtime: self.runtime_name,
            cert: cert.as_deref(),
            took,
            application,
            providers: &options.providers,
            event_transport: &variable(application, &env_file, "event_transport")?,
            log_level: &variable(application, &env_file, "log_level")?,
            guides: workspace.root().join("docs"),
            state_dir,
            env_file,
            admin: admin.as_ref(),
            admin_logged_in,
            customers: &customers.unwrap_or_default(),
            demo_password: demo_password.as_deref(),
            is_terminal: std::io::stdout().is_terminal(),
            relay: relay.as_ref().map(Relay::log_file),
            catalog,
        };
        println!("{}", report.text());
        host.show_output();
        let _ticker = clock.spawn(tick::EVERY, |line| println!("{line}"));
        loop {
            match interrupts.recv_timeout(Duration::from_millis(100)) {
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {
                    host.check_alive()?;
                    if let Some(relay) = &mut relay {
                        relay.watch(|line| println!("{line}"))?;
                    }
                }
            }
        }
    }
}

fn state_dir(workspace: &Workspace, options: &Options) -> Result<PathBuf> {
    Ok(match &options.state_dir {
        Some(dir) => std::path::absolute(dir)?,
        None => workspace.default_state_dir(),
    })
}

fn env_file(workspace: &Workspace, options: &Options) -> Result<PathBuf> {
    Ok(match &options.env_file {
        Some(file) => std::path::absolute(file)?,
        None => workspace.env_file(),
    })
}

/// Returns the value of an application variable: from the environment, from `env_file`, or its default.
fn variable(application: &Application, env_file: &Path, name: &str) -> Result<String> {
    let default = application.variables.get(name).cloned().flatten().unwrap_or_default();
    Ok(secrets::value(env_file, &secrets::env_name(name))?.unwrap_or(default))
}

/// Returns the URLs of services that are outside the application, by the services' names: variables `<service>_url` with another value than their
/// default.
fn elsewhere(application: &Application, env_file: &Path) -> Result<BTreeMap<String, String>> {
    let mut urls = BTreeMap::new();
    for (name, default) in &application.variables {
        let (Some(service), Some(default)) = (name.strip_suffix("_url"), default) else { continue };
        let url = variable(application, env_file, name)?;
        if url != *default {
            urls.insert(service.replace('_', "-"), url);
        }
    }
    Ok(urls)
}

/// Adds the demo customers and the demo catalog where there are none, and returns those that exist; `None` if the first admin cannot log in.
fn seed(client: &Client, credentials: &Credentials, env_file: &Path) -> Result<Option<(Vec<Customer>, DemoCatalog)>> {
    let Some(admin) = admin::log_in(client, credentials)? else { return Ok(None) };
    let password = secrets::value(env_file, DEMO_PASSWORD)?.context("the demo customers have no password")?;
    let customers = seed::demo_customers(client, &admin, &password)?;
    Ok(Some((customers, catalog::demo_catalog(client, &admin)?)))
}

/// Returns a channel with a message for each signal that means "stop".
fn interrupts() -> Result<Receiver<()>> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT]).context("cannot wait for Ctrl-C")?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || signals.forever().try_for_each(|_| sender.send(())));
    Ok(receiver)
}

/// Refuses a port that is taken, before a long build instead of after it.
fn check_port_is_free(listen: SocketAddr) -> Result<()> {
    match TcpListener::bind(listen) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let next = SocketAddr::new(listen.ip(), listen.port().saturating_add(1));
            bail!("{listen} is taken: stop the program that listens there, or choose another with `--listen {next}`")
        }
        Err(error) => Err(error).with_context(|| format!("cannot listen on {listen}")),
    }
}

/// Returns the URL of a host that listens on all interfaces as the loopback interface has it.
fn reachable(url: &str) -> String {
    url.replace("://0.0.0.0:", &format!("://{}:", Ipv4Addr::LOCALHOST)).replace("://[::]:", "://[::1]:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_a_way_out() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
        // Bound again for as long as the check runs: the listener above is already gone.
        let _listener = TcpListener::bind(taken).unwrap();
        let error = check_port_is_free(taken).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{taken} is taken: ")) && error.contains("--listen"), "{error}");
    }
}
