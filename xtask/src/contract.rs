//! `cargo xtask contract`: checks the documents of the API against their specifications, our style and the released versions, and a running
//! instance against them. The tools come from PyPI, npm and the Go module proxy, in the versions that `tools/` pins.

mod documents;
mod instance;
mod requests;
mod tools;

use std::time::Instant;

use anyhow::{Result, bail};

use self::instance::Instance;
use self::requests::Role;
use crate::admin::Credentials;
use crate::workspace::Workspace;

/// The options of `cargo xtask contract`.
#[derive(Debug)]
pub struct Options {
    /// The number of requests to generate, about.
    pub cases: u32,
    /// The seed of the generated requests.
    pub seed: u32,
    /// Whether requests are generated at all.
    pub requests: bool,
    /// A running instance and one of its admins; without one, an instance is built and started.
    pub instance: Option<(String, Credentials)>,
    /// Whether a check whose tool is missing fails, instead of being skipped.
    pub require_all: bool,
}

/// The result of a check that did not fail.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// It passed, with what it covered.
    Passed(String),
    /// It was not made, with the reason.
    Skipped(String),
}

/// Makes all checks, each with one line of result, and returns an error if one failed.
///
/// # Errors
///
/// If a check failed, or was skipped and may not be.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut checks = Checks { require_all: options.require_all, failed: Vec::new() };
    checks.run("OpenAPI specification", || documents::check_specification(workspace));
    checks.run("style", || documents::check_style(workspace));
    checks.run("breaking changes", || documents::check_breaking_changes(workspace));
    checks.run("AsyncAPI specification", || documents::check_events(workspace));
    if options.requests {
        let mut instance = None;
        for role in [Role::Customer, Role::Admin] {
            checks.run(role.check(), || {
                requests::check(workspace, options, role, || Instance::of(workspace, options, &mut instance))
            });
        }
    }
    checks.finish()
}

/// The checks so far.
#[derive(Debug)]
struct Checks {
    require_all: bool,
    failed: Vec<&'static str>,
}

impl Checks {
    /// Makes a check, and prints its result. Later checks are made in any case.
    fn run(&mut self, name: &'static str, check: impl FnOnce() -> Result<Outcome>) {
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

    fn finish(self) -> Result<()> {
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
        let mut checks = Checks { require_all: false, failed: Vec::new() };
        checks.run("style", skipped);
        checks.run("events", || Ok(Outcome::Passed("1 document".to_owned())));
        checks.finish().unwrap();
        let mut checks = Checks { require_all: true, failed: Vec::new() };
        checks.run("style", skipped);
        checks.run("events", || bail!("broken"));
        assert_eq!(checks.finish().unwrap_err().to_string(), "failed: style, events");
    }
}
