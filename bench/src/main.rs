//! `cargo xtask bench`: how fast the application starts, what memory it takes, how many requests it serves and how that compares
//! with a native server that does the same read, what a login takes, and what the edge adds to a read. `cargo xtask bench catalog`: what
//! the reads of the catalog take, beside the same on native code and on Node. `cargo xtask bench orders`: what an order takes until it is paid.
//! `cargo xtask bench notifications`: how fast they are delivered, and what a provider costs.

#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

mod calls;
mod catalog;
mod edge;
mod instance;
mod jwt;
mod load;
mod login;
mod machine;
mod notifications;
mod orders;
mod people;
mod providers;
mod report;
mod requests;
mod run;
mod start;
mod twin;

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
        /// Less than a second a figure and one run, instead of five seconds and three
        #[arg(long)]
        quick: bool,
        /// Write the figures to this file as JSON
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Measure the reads of the catalog and print a table
    Catalog {
        /// A fraction of a second a figure and one run, instead of two seconds and three
        #[arg(long)]
        quick: bool,
        /// Write the figures to this file as JSON
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Measure orders and the events that pay for them, and print a table
    Orders {
        /// A second or two a figure and a small backlog
        #[arg(long)]
        quick: bool,
        /// Write the figures to this file as JSON
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Measure deliveries of notifications and what a provider costs, and print a table
    Notifications {
        /// A second or two a figure
        #[arg(long)]
        quick: bool,
        /// Write the figures to this file as JSON
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Serve the reads of users and of the catalog natively
    Twin {
        /// The folder of the databases
        #[arg(long)]
        databases: PathBuf,
        /// The instance of Spindle whose tokens it takes, such as http://127.0.0.1:3000
        #[arg(long)]
        auth: String,
        /// Where to listen
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: SocketAddr,
    },
}

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
        Task::Twin { databases, auth, listen } => twin::serve(&databases, &auth, listen),
    }
}
