//! Checks whose tools may be missing, each with one line of result.

use std::time::Instant;

use anyhow::{Result, bail};

/// The result of a check that did not fail.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It passed, with what it covered.
    Passed(String),
    /// It was not made, with the reason.
    Skipped(String),
}

/// The checks so far.
#[derive(Debug)]
pub struct Checks {
    require_all: bool,
    failed: Vec<&'static str>,
}

impl Checks {
    /// Returns no checks so far. `require_all`: a skipped check fails.
    pub fn new(require_all: bool) -> Self {
        Self { require_all, failed: Vec::new() }
    }

    /// Makes a check, and prints its result. Later checks are made in any case.
    pub fn run(&mut self, name: &'static str, check: impl FnOnce() -> Result<Outcome>) {
        let start = Instant::now();
        let result = check();
        let (word, text) = self.judge(result);
        if word == FAILED {
            self.failed.push(name);
        }
        println!("{word:>7}  {:>6.1} s  {name}: {text}", start.elapsed().as_secs_f64());
    }

    fn judge(&self, result: Result<Outcome>) -> (&'static str, String) {
        match result {
            Ok(Outcome::Passed(text)) => ("ok", text),
            Ok(Outcome::Skipped(reason)) if self.require_all => (FAILED, reason),
            Ok(Outcome::Skipped(reason)) => ("skipped", reason),
            Err(error) => (FAILED, format!("{error:#}")),
        }
    }

    /// Ends the checks.
    ///
    /// # Errors
    ///
    /// If one failed, or was skipped and may not be.
    pub fn finish(self) -> Result<()> {
        if self.failed.is_empty() {
            return Ok(());
        }
        bail!("failed: {}", self.failed.join(", "))
    }
}

/// The first word of the line of a check that failed.
const FAILED: &str = "FAILED";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_check_fails_where_all_are_required() {
        let skipped = || Ok(Outcome::Skipped("npm is not installed".to_owned()));
        let mut checks = Checks::new(false);
        checks.run("style", skipped);
        checks.run("events", || Ok(Outcome::Passed("1 document".to_owned())));
        checks.finish().unwrap();
        let mut checks = Checks::new(true);
        checks.run("style", skipped);
        checks.run("events", || bail!("broken"));
        assert_eq!(checks.finish().unwrap_err().to_string(), "failed: style, events");
    }
}
