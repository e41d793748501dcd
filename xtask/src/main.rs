//! The command line of `cargo xtask`.

#![expect(clippy::print_stdout, reason = "a command-line tool prints to its terminal")]

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};
use xtask::admin::Credentials;
use xtask::build::{self, Mode, World};
use xtask::cluster::{self, ClusterTask};
use xtask::contract;
use xtask::duration;
use xtask::examples::Language;
use xtask::host::LogFormat;
use xtask::http::Client;
use xtask::new_provider::Interface;
use xtask::provider::Choice;
use xtask::seed::load;
use xtask::store::{Origin, Store, copy};
use xtask::suite::ExternalInstance;
use xtask::tick::{self, Ticker};
use xtask::up::On;
use xtask::workspace::Workspace;
use xtask::{deliver, examples, new_provider, observability, release, smoke, spin, suite, up, web, workflows};

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
        #[arg(long, conflicts_with = "world")]
        debug: bool,
        /// The world of the services; for 0.3, also write spin.wasi-0.3.toml
        #[arg(long, value_enum, default_value = "0.2")]
        world: World,
        /// Build the providers in examples/ too, with Node and Python
        #[arg(long)]
        examples: bool,
    },
    /// Build, start the application, and run it until Ctrl-C
    Up(UpArgs),
    /// Write the folder of a new provider, ready to build
    NewProvider {
        /// The interface that it implements
        #[arg(long)]
        interface: Interface,
        /// Its language
        #[arg(long)]
        lang: Language,
        /// The parent of the new folder, instead of the current one
        #[arg(long)]
        into: Option<PathBuf>,
        /// Its name, which is also the folder's
        name: String,
    },
    /// Build everything and run every test
    Test {
        /// Fail a test that needs a missing program (Redis, for instance), instead of skipping it
        #[arg(long)]
        require_all: bool,
        /// The world of the services in the instances that the tests start; for 0.3, run only the suites that start some
        #[arg(long, value_enum, default_value = "0.2")]
        world: World,
        /// Run only this suite of those that start instances; may be repeated
        #[arg(long = "suite", value_name = "SUITE")]
        suites: Vec<String>,
        /// Run only tests whose name contains this
        filter: Option<String>,
    },
    /// Run the end-to-end and the contract suite against a running instance, or build everything and run the suites on another store or on Spin
    E2e {
        /// The URL of the instance, such as http://127.0.0.1:3000
        #[arg(long, required_unless_present_any = ["store", "on"])]
        url: Option<String>,
        /// Build everything and run the end-to-end suite on instances that this program runs, with `spin`, the one on PATH or at SPIN_BIN, the faults too
        #[arg(long, value_enum, conflicts_with_all = ["url", "cors_origin", "store"])]
        on: Option<On>,
        /// The world of the services, with --on
        #[arg(long, value_enum, default_value = "0.2", requires = "on")]
        world: World,
        /// Run the end-to-end suite, the faults and the acceptance tests in short on this store: sqld on PATH or at SQLD_BIN, else a double
        #[arg(long, value_enum, conflicts_with_all = ["url", "cors_origin"])]
        store: Option<Store>,
        /// An origin that the instance has in `cors_allowed_origins`
        #[arg(long)]
        cors_origin: Option<String>,
        #[command(flatten)]
        admin: AdminArgs,
        /// Run only tests whose name contains this
        filter: Option<String>,
    },
    /// Build everything and record the examples in api-specs/golden from an instance that is started for it
    RecordExamples,
    /// Trigger the periodic jobs of an instance that `spin up` runs until Ctrl-C; `up` ticks its own
    Tick {
        /// The URL of the instance
        #[arg(long, default_value = "http://127.0.0.1:3000")]
        url: String,
        /// Time between two ticks: 500ms, 1s, 2m
        #[arg(long, default_value = "1s", value_parser = duration::positive, conflicts_with = "once")]
        every: Duration,
        /// Tick once, print the jobs that were done, and end
        #[arg(long)]
        once: bool,
        /// The file with the secret that the services share
        #[arg(long)]
        env_file: Option<PathBuf>,
    },
    /// Deliver pushed images: sign, verify, deploy, roll back (docs/delivery.md)
    #[command(subcommand)]
    Deliver(deliver::Step),
    /// Test a deployed instance with a synthetic customer, who leaves nothing but a cancelled order (docs/delivery.md)
    Smoke(smoke::Arguments),
    /// Fill a running instance with products, the same ones at each run
    Seed {
        /// The URL of the instance
        #[arg(long, default_value = "http://127.0.0.1:3000")]
        url: String,
        /// Number of products
        #[arg(long, default_value_t = 100_000)]
        products: u32,
        #[command(flatten)]
        admin: AdminArgs,
    },
    /// Check that a provider keeps to the contract of its interface (docs/conformance.md)
    #[command(disable_help_flag = true)]
    Conformance {
        /// The provider's component and the kit's options: `cargo xtask conformance --help` lists them
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "FILE")]
        arguments: Vec<OsString>,
    },
    /// Pack the application, the event relay and the ticker as OCI images, with SBOM and provenance, and push them (docs/images.md)
    #[command(disable_help_flag = true)]
    Image {
        /// The options of the packer: `cargo xtask image --help` lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
        arguments: Vec<OsString>,
    },
    /// Run the acceptance tests in full, and print their figures
    Acceptance {
        /// Print their names and run none
        #[arg(long)]
        list: bool,
        /// Run only those whose name contains this
        name: Option<String>,
    },
    /// Check the documents of the API, and an instance against them (docs/contract.md)
    Contract {
        /// The number of requests to generate, about
        #[arg(long, default_value_t = 1_000)]
        cases: u32,
        /// The seed of the generated requests
        #[arg(long, default_value_t = 1)]
        seed: u32,
        /// Check the documents alone, without requests
        #[arg(long, conflicts_with = "url")]
        documents: bool,
        /// A running instance to send the requests to, which must expect a test: they change and erase what is there
        #[arg(long)]
        url: Option<String>,
        #[command(flatten)]
        admin: AdminArgs,
        /// Fail a check whose tool (Python, Node, Go) is missing, instead of skipping it
        #[arg(long)]
        require_all: bool,
    },
    /// Check the workflows in .github with actionlint and zizmor
    Workflows {
        /// Fail a check whose tool (Go, Python) is missing, instead of skipping it
        #[arg(long)]
        require_all: bool,
    },
    /// Start a Kubernetes cluster in a network namespace, and check the chart on it
    #[command(subcommand)]
    Cluster(ClusterTask),
    /// Move the databases of an installation to another store
    #[command(subcommand)]
    Store(StoreTask),
    /// Check the last release, which release.toml names
    #[command(subcommand)]
    Release(ReleaseTask),
    /// Generate and build what browsers get: the types of the TypeScript client, and the bundles at /docs and /shop; needs Node
    Web {
        /// Write nothing, and fail if a committed file is not what its sources build
        #[arg(long)]
        check: bool,
    },
    /// Generate rules, dashboards and thresholds from observability/slo.yaml; needs Go, and minutes for its first run
    Observability,
    /// Measure the platform on the embedded host and on Spin, beside a native server and one on Node (docs/performance.md)
    #[command(disable_help_flag = true)]
    Bench {
        /// The options of the bench: `cargo xtask bench run --help` lists them, and `cargo xtask bench help` its parts
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
        arguments: Vec<OsString>,
    },
}

#[derive(Subcommand)]
enum ReleaseTask {
    /// Check that it is complete, and that its code runs on the databases that the migrations of this tree make
    Check,
}

#[derive(Subcommand)]
enum StoreTask {
    /// Copy the databases of a stopped platform to empty servers, and compare them (docs/moving-to-libsql.md)
    Copy {
        /// The store that they are in
        #[arg(long, value_enum)]
        from: Origin,
        /// The store that they move to
        #[arg(long, value_enum)]
        to: Store,
        /// The runtime configuration with the servers: for each database its type = "libsql", url and token
        #[arg(long)]
        runtime_config: PathBuf,
        /// The folder of the databases, instead of .spindle
        #[arg(long)]
        state_dir: Option<PathBuf>,
    },
}

#[derive(Args)]
struct AdminArgs {
    /// An admin of the instance [default: the first admin in .env]
    #[arg(long, env = suite::ADMIN_EMAIL, requires = "admin_password")]
    admin_email: Option<String>,
    /// The password of that admin; safer in the environment, which other users cannot read
    #[arg(long, env = suite::ADMIN_PASSWORD, hide_env_values = true, requires = "admin_email")]
    admin_password: Option<String>,
}

impl AdminArgs {
    /// Returns the credentials of an admin of the instance at `url`.
    fn of(self, workspace: &Workspace, url: &str) -> Result<Credentials> {
        match self.admin_email.zip(self.admin_password) {
            Some((email, password)) => Ok(Credentials { email, password }),
            None => Credentials::read(&workspace.env_file())?.with_context(|| {
                format!(
                    "no admin of {url} is known: set --admin-email and --admin-password, or run where .env has them"
                )
            }),
        }
    }
}

#[derive(Args)]
struct UpArgs {
    /// The program that runs the application
    #[arg(long, value_enum, default_value = "host")]
    on: On,
    /// The address to listen on; port 0 takes a free one
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
    /// Serve HTTPS, with a development certificate
    #[arg(long)]
    tls: bool,
    /// Carry events over this Redis server: redis://127.0.0.1:6379
    #[arg(long, value_name = "URL", conflicts_with = "tls")]
    redis: Option<String>,
    /// Replace the provider of a component: notify-email=my_provider.wasm
    #[arg(long = "provider", value_name = "COMPONENT=FILE")]
    providers: Vec<Choice>,
    /// Build the components optimised (the default)
    #[arg(long, conflicts_with = "debug")]
    release: bool,
    /// Build the components unoptimised
    #[arg(long, conflicts_with = "world")]
    debug: bool,
    /// The world of the services
    #[arg(long, value_enum, default_value = "0.2")]
    world: World,
    /// Start the last build
    #[arg(long)]
    no_build: bool,
    /// The form of log lines [default: text on a terminal, else json]
    #[arg(long, value_enum)]
    log_format: Option<LogFormat>,
    /// Check each response against api-specs/openapi.json: one that it does not describe becomes a 500 (embedded host only)
    #[arg(long)]
    validate_responses: bool,
    /// Serve the host's metrics at this address: `GET /metrics` (embedded host only)
    #[arg(long, value_name = "ADDRESS")]
    metrics_listen: Option<SocketAddr>,
    /// Register demo customers if there are no users, and import a demo catalog if there are no products (the default)
    #[arg(long, conflicts_with = "no_seed")]
    seed: bool,
    /// Add no demo data
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
        Task::Build { debug, world, examples } => {
            build::ensure_wasm_target(&workspace)?;
            build::components(&workspace, mode(debug, world))?;
            build::host(&workspace)?;
            if examples { examples::build_all(&workspace) } else { Ok(()) }
        }
        Task::Up(args) => up::up(
            &workspace,
            &up::Options {
                on: args.on,
                listen: args.listen,
                state_dir: args.state_dir,
                runtime_config: args.runtime_config,
                env_file: args.env_file,
                tls: args.tls,
                mode: mode(args.debug, args.world),
                build: !args.no_build,
                redis: args.redis,
                providers: args.providers,
                seed: !args.no_seed,
                log_format: args
                    .log_format
                    .unwrap_or_else(|| if std::io::stdout().is_terminal() { LogFormat::Text } else { LogFormat::Json }),
                validate_responses: args.validate_responses,
                metrics_listen: args.metrics_listen,
            },
        ),
        Task::NewProvider { interface, lang, into, name } => {
            new_provider::write(&workspace, interface, lang, &into.unwrap_or_default(), &name)
        }
        Task::Test { require_all, world, suites, filter } => {
            suite::test(&workspace, &suite::Selection { world, suites, store: None, require_all, filter })
        }
        Task::E2e { store: Some(store), filter, .. } => suite::on_store(&workspace, store, filter.as_deref()),
        Task::E2e { on: Some(On::Spin), world, filter, .. } => spin::e2e(&workspace, world, filter.as_deref()),
        Task::E2e { on: Some(On::Host), world, filter, .. } => {
            let suites = vec!["e2e".to_owned()];
            suite::test(&workspace, &suite::Selection { world, suites, store: None, require_all: false, filter })
        }
        Task::E2e { url, cors_origin, admin, filter, .. } => {
            let url = url.context("clap requires --url without --store and --on")?;
            let admin = admin.of(&workspace, &url)?;
            suite::e2e(&workspace, &ExternalInstance { url, cors_origin, admin }, filter.as_deref())
        }
        Task::RecordExamples => suite::record_examples(&workspace),
        Task::Deliver(step) => deliver::run(&workspace, step),
        Task::Smoke(arguments) => smoke::run(arguments),
        Task::Seed { url, products, admin } => load::run(&url, &admin.of(&workspace, &url)?, products),
        Task::Tick { url, every, once, env_file } => {
            let env_file = env_file.unwrap_or_else(|| workspace.env_file());
            let ticker = Ticker::from_env_file(&Client::new(&url), &env_file)?;
            if once {
                println!("{}", tick::summary(&ticker.tick()?));
                return Ok(());
            }
            println!("ticking {url} every {} until Ctrl-C", humantime::format_duration(every));
            let (_keep, never) = mpsc::channel();
            ticker.run(every, &never, |line| eprintln!("{line}"));
            Ok(())
        }
        Task::Conformance { arguments } => suite::conformance(&workspace, &arguments),
        Task::Image { arguments } => suite::image(&workspace, &arguments),
        Task::Acceptance { list: true, .. } => suite::list_acceptance_tests(&workspace),
        Task::Acceptance { list: false, name } => suite::acceptance(&workspace, name.as_deref()),
        Task::Contract { cases, seed, documents, url, admin, require_all } => {
            let instance = url.map(|url| admin.of(&workspace, &url).map(|admin| (url, admin))).transpose()?;
            let require_all = require_all || requires_all();
            contract::run(&workspace, &contract::Options { cases, seed, requests: !documents, instance, require_all })
        }
        Task::Store(StoreTask::Copy { from: Origin::Sqlite, to: Store::Libsql, runtime_config, state_dir }) => {
            copy::copy(&copy::Options {
                source_config: workspace.runtime_config(),
                state_dir: state_dir.unwrap_or_else(|| workspace.default_state_dir()),
                target_config: runtime_config,
            })
        }
        Task::Release(ReleaseTask::Check) => release::run(&workspace),
        Task::Workflows { require_all } => workflows::run(&workspace, require_all || requires_all()),
        Task::Cluster(task) => cluster::run(&workspace, &task),
        Task::Web { check } => web::run(&workspace, check),
        Task::Observability => observability::run(&workspace),
        Task::Bench { arguments } => suite::bench(&workspace, &arguments),
    }
}

/// Returns whether the environment says that no check may be skipped.
fn requires_all() -> bool {
    std::env::var_os(suite::REQUIRE_ALL).is_some()
}

fn mode(debug: bool, world: World) -> Mode {
    if debug { Mode::Debug } else { world.released() }
}
