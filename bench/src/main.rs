//! `cargo xtask bench`: reads, searches, log-ins, orders and notifications, on Spin and on the embedded host, beside a native server and one on Node,
//! all in one run. `cargo xtask bench providers`: the cost of a provider.

#![expect(clippy::print_stdout, reason = "this program prints figures")]

mod accounts;
mod baseline;
mod data;
mod environment;
mod jwt;
mod load;
mod memory;
mod operations;
mod orders;
mod providers;
mod report;
mod run;
mod server;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::build::World;
use xtask::up::On;

use crate::orders::Commits;
use crate::run::{Effort, Options};

#[derive(Parser)]
#[command(about = "Measures Spindle")]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measure the platform beside the baselines, and print tables
    Run {
        /// The programs that run the application, in the order of the tables
        #[arg(long, value_enum, value_delimiter = ',', default_value = "host")]
        on: Vec<On>,
        /// The worlds of the services, each on each of these programs
        #[arg(long = "world", value_enum, value_delimiter = ',', default_value = "0.2")]
        worlds: Vec<World>,
        /// Another checkout that is built, measured beside this one
        #[arg(long)]
        beside: Option<PathBuf>,
        /// Take a fraction of a second and one run for each figure, instead of four seconds and three
        #[arg(long)]
        quick: bool,
        /// Write the figures to this file as JSON
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Measure the cost of a provider in each language, and print a table
    Providers {
        /// Take two seconds for each figure, instead of ten
        #[arg(long)]
        quick: bool,
        /// Write the figures to this file as JSON
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Serve the same operations natively
    Baseline {
        /// The folder of the databases
        #[arg(long)]
        databases: PathBuf,
        /// The folder of the databases of its orders
        #[arg(long)]
        orders: PathBuf,
        /// The instance of Spindle whose tokens are accepted, such as http://127.0.0.1:3000
        #[arg(long)]
        auth: String,
        /// The commits of an order: those before its response, and all
        #[arg(long)]
        commits: Commits,
        /// The address to listen on; port 0 takes a free one
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
    },
}

/// The effort of `cargo xtask bench` without `--quick`.
const FULL: Effort =
    Effort { products: 100_000, warm_up: Duration::from_millis(500), run: Duration::from_secs(4), runs: 3 };

const QUICK: Effort =
    Effort { products: 2_000, warm_up: Duration::from_millis(50), run: Duration::from_millis(400), runs: 1 };

/// The time of each figure of a provider.
const PROVIDER: Duration = Duration::from_secs(10);
const QUICK_PROVIDER: Duration = Duration::from_secs(2);

fn main() -> Result<()> {
    match Cli::parse().command {
        Task::Run { on, worlds, beside, quick, json } => {
            let effort = if quick { QUICK } else { FULL };
            run::run(&Options { on, worlds, beside }, effort, json.as_deref())
        }
        Task::Providers { quick, json } => {
            providers::run(if quick { QUICK_PROVIDER } else { PROVIDER }, json.as_deref())
        }
        Task::Baseline { databases, orders, auth, commits, listen } => {
            baseline::serve(&databases, &orders, &auth, commits, listen)
        }
    }
}
