//! `cargo xtask`: the commands people run.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use clap::{Args, Parser, Subcommand, ValueEnum};
use xtask::admin::Credentials;
use xtask::build::{self, Mode};
use xtask::examples::Language;
use xtask::http::Client;
use xtask::new_provider::Interface;
use xtask::provider::Choice;
use xtask::seed::load;
use xtask::suite::Foreign;
use xtask::tick::Ticker;
use xtask::workspace::Workspace;
use xtask::{examples, new_provider, suite, up};

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "Builds, starts and tests Spindle")]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build every component and the embedded host
    Build {
        /// Build the components unoptimised
        #[arg(long)]
        debug: bool,
        /// Build the providers in examples/ too, with Node and Python
        #[arg(long)]
        examples: bool,
    },
    /// Build, start the application, and run it until Ctrl-C
    Up(UpArgs),
    /// Write a folder to start a provider from
    NewProvider {
        /// What it provides
        #[arg(long)]
        interface: Interface,
        /// What it is written in
        #[arg(long)]
        lang: Language,
        /// The folder that its own is written into, instead of this one
        #[arg(long)]
        into: Option<PathBuf>,
        /// What it is called
        name: String,
    },
    /// Build everything and run every test
    Test {
        /// Fail a test whose surroundings (Redis, for instance) are missing, instead of skipping it
        #[arg(long)]
        require_all: bool,
        /// Run only tests whose name contains this
        filter: Option<String>,
    },
    /// Run the end-to-end suite against a running instance, whatever runs it
    E2e {
        /// The instance, such as http://127.0.0.1:3000
        #[arg(long)]
        url: String,
        /// An origin that the instance has in `cors_allowed_origins`
        #[arg(long)]
        cors_origin: Option<String>,
        #[command(flatten)]
        admin: AdminArgs,
        /// Run only tests whose name contains this
        filter: Option<String>,
    },
    /// Tick a running instance until Ctrl-C, as `up` does with its own: for one that `spin up` has started
    Tick {
        /// The instance
        #[arg(long, default_value = "http://127.0.0.1:3000")]
        url: String,
        /// How often: 500ms, 1s, 2m
        #[arg(long, default_value = "1s", value_parser = interval)]
        every: Duration,
        /// The file with the services' secret
        #[arg(long)]
        env_file: Option<PathBuf>,
    },
    /// Fill a running instance with products, always the same ones
    Seed {
        /// The instance
        #[arg(long, default_value = "http://127.0.0.1:3000")]
        url: String,
        /// How many
        #[arg(long, default_value_t = 100_000)]
        products: u32,
        #[command(flatten)]
        admin: AdminArgs,
    },
    /// Tell whether a provider keeps to the contract of its interface (docs/conformance.md)
    #[command(disable_help_flag = true)]
    Conformance {
        /// The provider's component, and how to examine it: `--help` says
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "FILE")]
        arguments: Vec<OsString>,
    },
    /// Run the drills in full, and print their figures
    Drill {
        /// Name them, and run none
        #[arg(long)]
        list: bool,
        /// Run only drills whose name contains this
        name: Option<String>,
    },
    /// Measure start, memory and throughput
    Bench {
        /// What to measure instead
        #[arg(value_enum)]
        part: Option<Part>,
        /// One second a figure and one run, instead of five seconds and three
        #[arg(long)]
        quick: bool,
        /// Write the figures to this file as JSON
        #[arg(long)]
        json: Option<PathBuf>,
    },
}

/// What is measured by itself, since it takes its time.
#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// The reads of the catalog, on a small and on a large one, beside the same on native code and on Node
    Catalog,
    /// Orders, until they are paid, and the events that pay for them
    Orders,
    /// Notifications, until they are delivered, and what a provider costs in each language
    Notifications,
}

#[derive(Args)]
struct AdminArgs {
    /// An admin of the instance [default: the first admin in .env]
    #[arg(long, env = suite::ADMIN_EMAIL, requires = "admin_password")]
    admin_email: Option<String>,
    /// The password of that admin; better in the environment, where nobody else sees it
    #[arg(long, env = suite::ADMIN_PASSWORD, hide_env_values = true, requires = "admin_email")]
    admin_password: Option<String>,
}

impl AdminArgs {
    /// An admin of the instance at `url`.
    fn of(self, workspace: &Workspace, url: &str) -> Result<Credentials> {
        match self.admin_email.zip(self.admin_password) {
            Some((email, password)) => Ok(Credentials { email, password }),
            None => Credentials::read(&workspace.env_file())?.with_context(|| {
                format!("who is an admin of {url}? --admin-email and --admin-password, or .env, say so")
            }),
        }
    }
}

#[derive(Args)]
struct UpArgs {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// Keep the databases in this folder instead of .spindle
    #[arg(long)]
    state_dir: Option<PathBuf>,
    /// Use this runtime configuration instead of runtime-config.toml
    #[arg(long)]
    runtime_config: Option<PathBuf>,
    /// Keep the development secrets in this file instead of .env
    #[arg(long)]
    env_file: Option<PathBuf>,
    /// Serve HTTPS, with a development certificate that is made for it
    #[arg(long)]
    tls: bool,
    /// Carry events over this Redis server: redis://127.0.0.1:6379
    #[arg(long, value_name = "URL", conflicts_with = "tls")]
    redis: Option<String>,
    /// Another provider than the one in spin.toml: notify-email=my_provider.wasm
    #[arg(long = "provider", value_name = "COMPONENT=FILE")]
    providers: Vec<Choice>,
    /// Build the components optimised (the default)
    #[arg(long, conflicts_with = "debug")]
    release: bool,
    /// Build the components unoptimised
    #[arg(long)]
    debug: bool,
    /// Start what was built before
    #[arg(long)]
    no_build: bool,
    /// Register demo customers if there are no users, and import a demo shop if there are no products (the default)
    #[arg(long, conflicts_with = "no_seed")]
    seed: bool,
    /// Leave an empty instance empty
    #[arg(long)]
    no_seed: bool,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let workspace = Workspace::locate();
    match task {
        Task::Build { debug, examples } => {
            build::ensure_wasm_target(&workspace)?;
            build::components(&workspace, mode(debug))?;
            build::host(&workspace)?;
            if examples { examples::build_all(&workspace) } else { Ok(()) }
        }
        Task::Up(args) => up::up(
            &workspace,
            &up::Options {
                listen: args.listen,
                state_dir: args.state_dir,
                runtime_config: args.runtime_config,
                env_file: args.env_file,
                tls: args.tls,
                mode: mode(args.debug),
                build: !args.no_build,
                redis: args.redis,
                providers: args.providers,
                seed: !args.no_seed,
            },
        ),
        Task::NewProvider { interface, lang, into, name } => {
            new_provider::write(&workspace, interface, lang, &into.unwrap_or_default(), &name)
        }
        Task::Test { require_all, filter } => suite::test(&workspace, require_all, filter.as_deref()),
        Task::E2e { url, cors_origin, admin, filter } => {
            let admin = admin.of(&workspace, &url)?;
            suite::e2e(&workspace, &Foreign { url, cors_origin, admin }, filter.as_deref())
        }
        Task::Seed { url, products, admin } => load::run(&url, &admin.of(&workspace, &url)?, products),
        Task::Tick { url, every, env_file } => {
            let env_file = env_file.unwrap_or_else(|| workspace.env_file());
            let ticker = Ticker::from_env_file(&Client::new(&url), &env_file)?;
            let (_keep, never) = mpsc::channel();
            ticker.run(every, &never, |line| eprintln!("{line}"));
            Ok(())
        }
        Task::Conformance { arguments } => suite::conformance(&workspace, &arguments),
        Task::Drill { list: true, .. } => suite::list_drills(&workspace),
        Task::Drill { list: false, name } => suite::drill(&workspace, name.as_deref()),
        Task::Bench { part, quick, json } => {
            let part = match part {
                None => "run",
                Some(Part::Catalog) => "catalog",
                Some(Part::Orders) => "orders",
                Some(Part::Notifications) => "notifications",
            };
            suite::bench(&workspace, part, quick, json)
        }
    }
}

/// A number with its unit.
fn interval(text: &str) -> Result<Duration> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit()).context("a unit is missing: ms, s or m")?;
    let (number, unit) = text.split_at(unit_at);
    let number: u64 = number.parse().context("it begins with a whole number")?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => bail!("{unit} is no unit of it: ms, s or m"),
    };
    ensure!(number > 0, "it is longer than nothing");
    Ok(Duration::from_millis(number.saturating_mul(millis)))
}

fn mode(debug: bool) -> Mode {
    if debug { Mode::Debug } else { Mode::Release }
}
