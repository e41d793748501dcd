//! `cargo xtask bench`: the start-up time, memory and throughput of the application, in comparison with a native server that serves the same
//! read; the duration of a login; and the time that the edge adds to a read. `cargo xtask bench catalog`: the reads of the catalog, in comparison
//! with baselines in native code and on Node. `cargo xtask bench orders`: orders, until they are paid. `cargo xtask bench notifications`: the
//! delivery of notifications, and the cost of a provider.

#![expect(clippy::print_stdout, reason = "this program prints figures")]

mod accounts;
mod baseline;
mod calls;
mod catalog;
mod edge;
mod environment;
mod instance;
mod jwt;
mod load;
mod login;
mod notifications;
mod orders;
mod providers;
mod report;
mod requests;
mod run;
mod start;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::run::Effort;

#[derive(Parser)]
#[command(about = "Measures Spindle")]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measure everything and print a table
    Run {
        /// Take less than a second and one run for each figure, instead of five seconds and three
        #[arg(long)]
        quick: bool,
        /// Write the figures to this file as JSON
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Measure the reads of the catalog and print a table
    Catalog {
        /// Take a fraction of a second and one run for each figure, instead of two seconds and three
        #[arg(long)]
        quick: bool,
        /// Write the figures to this file as JSON
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Measure orders and the events that lead to their payment, and print a table
    Orders {
        /// Take one or two seconds for each figure, and a small backlog
        #[arg(long)]
        quick: bool,
        /// Write the figures to this file as JSON
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Measure deliveries of notifications and the cost of a provider, and print a table
    Notifications {
        /// Take one or two seconds for each figure
        #[arg(long)]
        quick: bool,
        /// Write the figures to this file as JSON
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Serve the reads of users and of the catalog natively
    Baseline {
        /// The folder of the databases
        #[arg(long)]
        databases: PathBuf,
        /// The instance of Spindle whose tokens are accepted, such as http://127.0.0.1:3000
        #[arg(long)]
        auth: String,
        /// The address to listen on; port 0 takes a free one
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
    },
}

/// The effort of `cargo xtask bench` without `--quick`.
const FULL: Effort = Effort {
    warm_up: Duration::from_secs(1),
    run: Duration::from_secs(5),
    runs: 3,
    cold_starts: 3,
    warm_starts: 7,
    edge: Duration::from_secs(30),
    logins: 60,
    rounds: 15,
    slowdown: Duration::from_secs(20),
};

const QUICK: Effort = Effort {
    warm_up: Duration::from_millis(200),
    run: Duration::from_millis(800),
    runs: 1,
    cold_starts: 1,
    warm_starts: 3,
    edge: Duration::from_secs(3),
    logins: 10,
    rounds: 2,
    slowdown: Duration::from_secs(2),
};

const FULL_CATALOG: catalog::Effort = catalog::Effort {
    warm_up: Duration::from_millis(500),
    run: Duration::from_secs(2),
    runs: 3,
    paced: Duration::from_secs(4),
};

const QUICK_CATALOG: catalog::Effort = catalog::Effort {
    warm_up: Duration::from_millis(50),
    run: Duration::from_millis(150),
    runs: 1,
    paced: Duration::from_millis(400),
};

const FULL_ORDERS: orders::Effort = orders::Effort {
    warm_up: Duration::from_secs(1),
    run: Duration::from_secs(10),
    paced: Duration::from_secs(30),
    backlog: 10_000,
};

const QUICK_ORDERS: orders::Effort = orders::Effort {
    warm_up: Duration::from_millis(200),
    run: Duration::from_secs(2),
    paced: Duration::from_secs(4),
    backlog: 500,
};

const FULL_NOTIFICATIONS: notifications::Effort = notifications::Effort {
    warm_up: Duration::from_secs(1),
    run: Duration::from_secs(10),
    provider: Duration::from_secs(10),
};

const QUICK_NOTIFICATIONS: notifications::Effort = notifications::Effort {
    warm_up: Duration::from_millis(200),
    run: Duration::from_secs(2),
    provider: Duration::from_secs(2),
};

fn main() -> Result<()> {
    match Cli::parse().command {
        Task::Run { quick, json } => run::run(if quick { QUICK } else { FULL }, json.as_deref()),
        Task::Catalog { quick, json } => {
            catalog::run(if quick { QUICK_CATALOG } else { FULL_CATALOG }, json.as_deref())
        }
        Task::Orders { quick, json } => orders::run(if quick { QUICK_ORDERS } else { FULL_ORDERS }, json.as_deref()),
        Task::Notifications { quick, json } => {
            notifications::run(if quick { QUICK_NOTIFICATIONS } else { FULL_NOTIFICATIONS }, json.as_deref())
        }
        Task::Baseline { databases, auth, listen } => baseline::serve(&databases, &auth, listen),
    }
}
