//! `cargo xtask seed`: fills a running instance with a given number of products.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::bulk::ProductGenerator;
use super::import::{self, ImportResult};
use crate::admin::{self, Credentials};
use crate::http::Client;

/// The lines of one request: half of the import's limit, so that progress is reported twice as often.
const LINES: u32 = 5_000;

/// The result of seeding.
#[derive(Clone, Copy, Debug)]
pub struct SeedResult {
    /// Products that were sent.
    pub products: u32,
    /// The changes of the catalog.
    pub imported: ImportResult,
    /// The duration.
    pub duration: Duration,
}

impl SeedResult {
    /// Returns the result in one line.
    pub fn text(&self) -> String {
        let Self { products, imported: ImportResult { created, updated }, duration } = self;
        let seconds = duration.as_secs_f64();
        let rate = f64::from(*products) / seconds;
        format!("{products} products in {seconds:.1} s ({rate:.0} lines/s): {created} created, {updated} existed")
    }
}

/// Imports the first `products` products of [`ProductGenerator`] into the instance of `client`. Existing ones are not changed. Calls `report` with
/// the number of imported products after each request.
///
/// # Errors
///
/// If the admin cannot log in, or the instance refuses a product.
pub fn seed(
    client: &Client,
    credentials: &Credentials,
    products: u32,
    mut report: impl FnMut(u32),
) -> Result<SeedResult> {
    let log_in = || {
        admin::log_in(client, credentials)?.with_context(|| format!("the login of {} is refused", credentials.email))
    };
    let (start, generator) = (Instant::now(), ProductGenerator::new());
    let mut admin = log_in()?;
    let mut imported = ImportResult::default();
    for first in (0..products).step_by(LINES as usize) {
        let end = products.min(first + LINES);
        let lines: Vec<String> = (first..end).map(|number| generator.product(number).to_string()).collect();
        let lines = lines.join("\n");
        let mut response = import::send(&admin, &lines)?;
        if response.status == 401 {
            // The token has expired.
            admin = log_in()?;
            response = import::send(&admin, &lines)?;
        }
        let ImportResult { created, updated } = import::parse_result(response)?;
        imported.created += created;
        imported.updated += updated;
        report(end);
    }
    Ok(SeedResult { products, imported, duration: start.elapsed() })
}

/// Seeds the instance at `url`, and prints the progress and the result to the terminal.
///
/// # Errors
///
/// As [`seed`].
pub fn run(url: &str, credentials: &Credentials, products: u32) -> Result<()> {
    ensure!(products <= 10_000_000, "at most ten million products: the SKUs have seven digits");
    let mut terminal = std::io::stderr();
    let is_terminal = terminal.is_terminal();
    let start = Instant::now();
    let seeded = seed(&Client::new(url), credentials, products, |done| {
        if is_terminal {
            let rate = f64::from(done) / start.elapsed().as_secs_f64();
            // An error of the terminal must not stop the import.
            let _ = write!(terminal, "\r{done} of {products} products, {rate:.0} lines/s ");
            let _ = terminal.flush();
        }
    });
    if is_terminal {
        eprintln!();
    }
    println!("{}", seeded?.text());
    Ok(())
}
