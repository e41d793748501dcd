//! A sequence of steps, each announced and timed, with a summary at the end.

use std::time::{Duration, Instant};

use anyhow::{Error, Result, bail};

/// The steps so far.
#[derive(Debug, Default)]
pub struct Steps {
    done: Vec<(&'static str, Duration, Option<Error>)>,
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

    /// Prints the result and the duration of each step.
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
        match self.done.into_iter().find_map(|(name, _, error)| Some((name, error?))) {
            Some((name, error)) => bail!("{name}: {error:#}"),
            None => Ok(()),
        }
    }
}
