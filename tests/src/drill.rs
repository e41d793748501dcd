//! Drills: the acceptance checks of the design, in two forms. `cargo xtask test` runs the short one with all other tests;
//! `cargo xtask drill` runs the full one and shows the figures.

use std::fmt::Display;

use xtask::suite::{DRILL, FULL};

/// Whether the drills run in full.
pub fn is_full() -> bool {
    std::env::var(DRILL).is_ok_and(|form| form == FULL)
}

/// How much of something there is in the form that runs.
pub fn scale<T>(short: T, full: T) -> T {
    if is_full() { full } else { short }
}

/// Prints the figures of `drill`, one a line, with what each is of. The short form shows them only if its test fails.
#[expect(clippy::print_stdout, reason = "figures are what a drill is run for")]
pub fn figures(drill: &str, figures: &[(&str, &dyn Display)]) {
    let width = figures.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    println!("\n{drill}");
    for (name, value) in figures {
        println!("  {name:width$}  {value}");
    }
}
