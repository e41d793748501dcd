//! A sequence of steps, each announced and timed, with a summary at the end.

use std::time::{Duration, Instant};

use anyhow::{Error, Result, bail};

/// The steps so far.
#[derive(Debug, Default)]
pub struct Steps {
    done: Vec<(&'static str, Duration, Option<Error>)>,
    left_out: Vec<(&'static str, String)>,
    stopped: bool,
}

impl Steps {
    /// Announces and runs a step that all later ones depend on: if it fails, they are not run.
    pub fn prepare(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) {
        self.stopped |= !self.run(name, step);
    }

    /// Announces and runs a step, and returns whether it succeeded. Later steps are run in any case.
    pub fn run(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) -> bool {
        if self.stopped {
            return false;
        }
        println!("\n==> {name}");
        let start = Instant::now();
        let error = step().err();
        let succeeded = error.is_none();
        self.done.push((name, start.elapsed(), error));
        succeeded
    }

    /// Notes a step that is not run, with the reason.
    pub fn leave_out(&mut self, name: &'static str, reason: impl Into<String>) {
        if !self.stopped {
            self.left_out.push((name, reason.into()));
        }
    }

    /// Returns the steps that were left out.
    pub fn left_out(&self) -> impl Iterator<Item = &'static str> {
        self.left_out.iter().map(|(name, _)| *name)
    }

    /// Prints the result and the duration of each step, and the steps that were left out.
    ///
    /// # Errors
    ///
    /// The error of the first step that failed.
    pub fn finish(self) -> Result<()> {
        println!();
        for (name, duration, error) in &self.done {
            let result = if error.is_some() { "FAILED" } else { "ok" };
            println!("{result:>6}  {:>7.1} s  {name}", duration.as_secs_f64());
        }
        for (name, reason) in &self.left_out {
            println!("{:>6}  {:>9}  {name}: {reason}", "left", "out");
        }
        match self.done.into_iter().find_map(|(name, _, error)| Some((name, error?))) {
            Some((name, error)) => bail!("{name}: {error:#}"),
            None => Ok(()),
        }
    }
}
