//! `cargo xtask bench`: how fast the application starts, what memory it takes, how many requests it serves and how that compares
//! with a native server that does the same read, what a login takes, and what the edge adds to a read.

#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]

mod edge;
mod instance;
mod jwt;
mod load;
mod login;
mod machine;
mod people;
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
    /// Serve `GET /v1/users/{id}` natively from a users database
    Twin {
        /// The database
        #[arg(long)]
        database: PathBuf,
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

fn main() -> Result<()> {
    match Cli::parse().command {
        Task::Run { quick, json } => run::run(if quick { QUICK } else { FULL }, json.as_deref()),
        Task::Twin { database, auth, listen } => twin::serve(&database, &auth, listen),
    }
}
