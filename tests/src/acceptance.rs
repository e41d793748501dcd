//! Acceptance tests: the acceptance checks of the design, in two forms. `cargo xtask test` runs the short form with all other tests;
//! `cargo xtask acceptance` runs the full form and shows the figures.

use std::fmt::Display;
use std::thread;
use std::time::{Duration, Instant};

use xtask::suite::{ACCEPTANCE, FULL};

use crate::Client;

/// Returns whether the acceptance tests run in full.
pub fn is_full() -> bool {
    std::env::var(ACCEPTANCE).is_ok_and(|form| form == FULL)
}

/// Returns the value for the form that runs.
pub fn scale<T>(short: T, full: T) -> T {
    if is_full() { full } else { short }
}

/// Returns how long each read of `path` took. Sends one read after another until `over` holds.
///
/// # Panics
///
/// If a read has another status than 200.
pub fn read_until(client: &Client, path: &str, over: impl Fn() -> bool) -> Vec<Duration> {
    let mut times = Vec::new();
    while !over() {
        let start = Instant::now();
        client.get(path).expect_status(200);
        times.push(start.elapsed());
        // A reader spends some time on each response.
        thread::sleep(Duration::from_millis(2));
    }
    times
}

/// Returns the quantile `part` of `times`.
///
/// # Panics
///
/// If there are none.
pub fn quantile(times: &mut [Duration], part: f64) -> Duration {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * part).ceil() as usize]
}

/// Returns a time in milliseconds, for [`figures`].
pub fn millis(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}

/// Prints the figures of `test`, one a line, each with its name. The short form shows them only if its test fails.
#[expect(clippy::print_stdout, reason = "an acceptance test prints figures")]
pub fn figures(test: &str, figures: &[(&str, &dyn Display)]) {
    let width = figures.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    println!(
        "
{test}"
    );
    for (name, value) in figures {
        println!("  {name:width$}  {value}");
    }
}
