//! `cargo xtask seed`: fills a running instance with products, as many as are asked for.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::bulk::Products;
use super::import::{self, Imported};
use crate::admin::{self, Credentials};
use crate::http::Client;

/// Lines of one request: half of what the import takes, so that progress shows twice as often.
const LINES: u32 = 5_000;

/// What seeding has done.
#[derive(Clone, Copy, Debug)]
pub struct Seeded {
    /// Products that were sent.
    pub products: u32,
    /// What that has changed.
    pub imported: Imported,
    /// How long it took.
    pub took: Duration,
}

impl Seeded {
    /// In one line.
    pub fn text(&self) -> String {
        let Self { products, imported: Imported { created, updated }, took } = self;
        let seconds = took.as_secs_f64();
        let rate = f64::from(*products) / seconds;
        format!(
            "{products} products in {seconds:.1} s ({rate:.0} lines/s): {created} created, {updated} were there already"
        )
    }
}

/// Imports the first `products` products of [`Products`] into the instance of `client`. Those that are there already stay as they are.
/// `tell` hears how many are in.
///
/// # Errors
///
/// If the admin cannot log in, or the instance refuses a product.
pub fn seed(client: &Client, credentials: &Credentials, products: u32, mut tell: impl FnMut(u32)) -> Result<Seeded> {
    let log_in = || admin::log_in(client, credentials)?.with_context(|| format!("{} cannot log in", credentials.email));
    let (start, maker) = (Instant::now(), Products::new());
    let mut admin = log_in()?;
    let mut imported = Imported::default();
    for first in (0..products).step_by(LINES as usize) {
        let end = products.min(first + LINES);
        let lines: Vec<String> = (first..end).map(|number| maker.product(number).to_string()).collect();
        let lines = lines.join("\n");
        let mut answer = import::send(&admin, &lines)?;
        if answer.status == 401 {
            // The token has expired meanwhile.
            admin = log_in()?;
            answer = import::send(&admin, &lines)?;
        }
        let Imported { created, updated } = import::imported(answer)?;
        imported.created += created;
        imported.updated += updated;
        tell(end);
    }
    Ok(Seeded { products, imported, took: start.elapsed() })
}

/// The same for whoever sits at the terminal.
///
/// # Errors
///
/// As [`seed`].
pub fn run(url: &str, credentials: &Credentials, products: u32) -> Result<()> {
    ensure!(products <= 10_000_000, "more than ten million products have no SKU here");
    let mut terminal = std::io::stderr();
    let is_watched = terminal.is_terminal();
    let start = Instant::now();
    let seeded = seed(&Client::new(url), credentials, products, |done| {
        if is_watched {
            let rate = f64::from(done) / start.elapsed().as_secs_f64();
            // Progress that cannot be shown is no reason to stop.
            let _ = write!(terminal, "\r{done} of {products} products, {rate:.0} lines/s ");
            let _ = terminal.flush();
        }
    });
    if is_watched {
        eprintln!();
    }
    println!("{}", seeded?.text());
    Ok(())
}
