//! `cargo xtask`: the commands people run.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use xtask::build::{self, Mode};
use xtask::workspace::Workspace;
use xtask::{suite, up};

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
    },
    /// Build, start the application, and run it until Ctrl-C
    Up(UpArgs),
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
        /// Run only tests whose name contains this
        filter: Option<String>,
    },
    /// Measure start, memory and throughput
    Bench {
        /// One second a figure and one run, instead of five seconds and three
        #[arg(long)]
        quick: bool,
        /// Write the figures to this file as JSON
        #[arg(long)]
        json: Option<PathBuf>,
    },
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
    /// Build the components optimised (the default)
    #[arg(long, conflicts_with = "debug")]
    release: bool,
    /// Build the components unoptimised
    #[arg(long)]
    debug: bool,
    /// Start what was built before
    #[arg(long)]
    no_build: bool,
    /// Create demo users if there are none (the default)
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
        Task::Build { debug } => {
            build::ensure_wasm_target(&workspace)?;
            build::components(&workspace, mode(debug))?;
            build::host(&workspace)
        }
        Task::Up(args) => up::up(
            &workspace,
            &up::Options {
                listen: args.listen,
                state_dir: args.state_dir,
                runtime_config: args.runtime_config,
                mode: mode(args.debug),
                build: !args.no_build,
                seed: !args.no_seed,
            },
        ),
        Task::Test { require_all, filter } => suite::test(&workspace, require_all, filter.as_deref()),
        Task::E2e { url, cors_origin, filter } => {
            suite::e2e(&workspace, &url, cors_origin.as_deref(), filter.as_deref())
        }
        Task::Bench { quick, json } => suite::bench(&workspace, quick, json),
    }
}

fn mode(debug: bool) -> Mode {
    if debug { Mode::Debug } else { Mode::Release }
}
