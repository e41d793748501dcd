//! Acceptance tests: the acceptance checks of the design, in two forms. `cargo xtask test` runs the short one with all other tests;
//! `cargo xtask acceptance` runs the full one and shows the figures.

use std::fmt::Display;
use std::thread;
use std::time::{Duration, Instant};

use xtask::suite::{ACCEPTANCE, FULL};

use crate::Client;

/// Returns whether the acceptance tests run in full.
pub fn is_full() -> bool {
    std::env::var(ACCEPTANCE).is_ok_and(|form| form == FULL)
}

/// How much of something there is in the form that runs.
pub fn scale<T>(short: T, full: T) -> T {
    if is_full() { full } else { short }
}

/// How long each read of `path` took, one after the other, until it is `over`.
///
/// # Panics
///
/// If one is not answered with 200.
pub fn read_until(client: &Client, path: &str, over: impl Fn() -> bool) -> Vec<Duration> {
    let mut times = Vec::new();
    while !over() {
        let start = Instant::now();
        client.get(path).expect_status(200);
        times.push(start.elapsed());
        // Readers read what they get.
        thread::sleep(Duration::from_millis(2));
    }
    times
}

/// What `part` of `times` took at most.
///
/// # Panics
///
/// If there are none.
pub fn quantile(times: &mut [Duration], part: f64) -> Duration {
    times.sort_unstable();
    times[((times.len() - 1) as f64 * part).ceil() as usize]
}

/// A time in milliseconds, for [`figures`].
pub fn millis(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}

/// Prints the figures of `test`, one a line, with what each is of. The short form shows them only if its test fails.
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
