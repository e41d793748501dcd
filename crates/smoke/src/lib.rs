//! The smoke test of a deployed Spindle: a synthetic customer registers, orders, pays in the sandbox of the payment provider, cancels and is erased.
//!
//! It needs no account and no secret of the platform: it does what every customer may, and leaves no personal data. docs/delivery.md says how an
//! operator uses it.

mod client;
mod customer;
mod public;
mod steps;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

pub use crate::client::Failure;
use crate::client::{Client, Limit};
use crate::customer::Customer;
pub use crate::steps::Failed;
use crate::steps::Steps;

/// The place of the random part in a pattern of e-mail addresses.
pub const RUN: &str = "{run}";

/// The default pattern of the customer's e-mail address. Mail to example.com (RFC 2606) reaches no mailbox.
pub const EMAIL: &str = "spindle-smoke+{run}@example.com";

/// The default token of the payment: the one that the sandbox authorises. A real provider does not know it, and declines.
pub const PAYMENT_TOKEN: &str = "pm_ok";

/// The default time for a run.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// The most of that time that is kept for cleaning up after a failure.
const CLEAN_UP: Duration = Duration::from_secs(15);

/// The settings of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// The URL of the platform, such as `https://shop.example`.
    pub url: String,
    /// Whether the run ends before the first request that writes.
    pub read_only: bool,
    /// The time for everything, cleaning up included.
    pub timeout: Duration,
    /// The pattern of the customer's e-mail address, with [`RUN`] in it.
    pub email: String,
    /// The payment provider's token of a means of payment that costs nothing.
    pub payment_token: String,
    /// The product to order; `None` for the one with the most pieces on the first page of those in stock.
    pub sku: Option<String>,
    /// A file with the only certificates to trust, in PEM; `None` for the public authorities.
    pub ca_file: Option<PathBuf>,
}

impl Options {
    /// Returns the default settings for the platform at `url`.
    pub fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            read_only: false,
            timeout: TIMEOUT,
            email: EMAIL.to_owned(),
            payment_token: PAYMENT_TOKEN.to_owned(),
            sku: None,
            ca_file: None,
        }
    }
}

/// Tests the platform, and calls `print` with one line for each step. Once `interrupted` is set, it cleans up and ends.
///
/// # Errors
///
/// At the first step that fails, after cleaning up.
pub fn run(options: &Options, interrupted: &Arc<AtomicBool>, print: &mut dyn FnMut(&str)) -> Result<(), Failed> {
    let end = Instant::now() + options.timeout;
    // So that a run which fails late has time to erase its customer.
    let kept = if options.read_only { Duration::ZERO } else { CLEAN_UP.min(options.timeout / 4) };
    let mut steps = Steps::new(&options.url, print);
    let client = steps.prepare(|| Client::new(options, Limit::new(end - kept, Arc::clone(interrupted))))?;
    let mut customer = steps.prepare(|| Customer::new(&client, options))?;
    let product = public::check(&mut steps, &client, options)?;
    if options.read_only {
        return Ok(());
    }
    let result = customer.buy_and_cancel(&mut steps, options, product);
    if result.is_err() && customer.may_exist() {
        // Not interrupted: the customer has to go in any case.
        let client = client.with_limit(Limit::new(end, Arc::default()));
        // The first failure is the one to report.
        let _ = steps.run("clean up", || customer.clean_up(&client));
    }
    result
}
