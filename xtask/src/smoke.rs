//! `cargo xtask smoke`: the smoke test of a deployed instance, on the command line.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use clap::builder::FalseyValueParser;
use signal_hook::consts::{SIGINT, SIGTERM};
use spindle_smoke::{EMAIL, Options, PAYMENT_TOKEN};

use crate::duration;

/// The options of the command.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The URL of the instance, such as https://shop.example
    #[arg(long)]
    pub url: String,
    /// Only check health, readiness, the description of the API, search and a product: nothing is written
    #[arg(long, env = "SPINDLE_SMOKE_READ_ONLY", value_parser = FalseyValueParser::new())]
    pub read_only: bool,
    /// The time for everything; a quarter of it, at most 15s, is kept for cleaning up after a failure
    #[arg(long, default_value = "60s", value_parser = duration::positive)]
    pub timeout: Duration,
    /// The e-mail address of the customer, with {run} for the random part
    #[arg(long, env = "SPINDLE_SMOKE_EMAIL", default_value = EMAIL)]
    pub email: String,
    /// The payment provider's token of a means of payment that costs nothing: the sandbox's, or one of a real provider's test mode
    #[arg(long, env = "SPINDLE_SMOKE_PAYMENT_TOKEN", default_value = PAYMENT_TOKEN)]
    pub payment_token: String,
    /// The SKU of the product to order [default: the one with the most pieces, of the newest in stock]
    #[arg(long, env = "SPINDLE_SMOKE_SKU")]
    pub sku: Option<String>,
    /// A file with the only certificates to trust, in PEM [default: the public authorities]
    #[arg(long)]
    pub ca_file: Option<PathBuf>,
}

/// Runs the test, and prints one line for each step.
///
/// # Errors
///
/// At the first step that fails, after cleaning up; Ctrl-C fails the step that runs.
pub fn run(arguments: Arguments) -> Result<()> {
    let interrupted = Arc::default();
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&interrupted))?;
    }
    let Arguments { url, read_only, timeout, email, payment_token, sku, ca_file } = arguments;
    let mut options = Options { read_only, timeout, ca_file, ..Options::new(&url) };
    // A variable that a workflow does not set is an empty one.
    let is_set = |value: &String| !value.is_empty();
    options.sku = sku.filter(is_set);
    options.email = Some(email).filter(is_set).unwrap_or(options.email);
    options.payment_token = Some(payment_token).filter(is_set).unwrap_or(options.payment_token);
    Ok(spindle_smoke::run(&options, &interrupted, &mut |line| println!("{line}"))?)
}
