//! A run of several steps, each announced and timed, with a summary at the end.

use std::time::{Duration, Instant};

use anyhow::{Error, Result, bail};

/// The steps so far.
#[derive(Debug, Default)]
pub struct Steps {
    done: Vec<(&'static str, Duration, Option<Error>)>,
}

impl Steps {
    /// Announces and runs a step. After one has failed, the ones that follow are not run.
    pub fn run(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) {
        if self.done.iter().any(|(_, _, error)| error.is_some()) {
            return;
        }
        println!("\n==> {name}");
        let start = Instant::now();
        let error = step().err();
        self.done.push((name, start.elapsed(), error));
    }

    /// Prints how long each step took.
    ///
    /// # Errors
    ///
    /// The error of the step that failed, if one did.
    pub fn finish(self) -> Result<()> {
        println!();
        for (name, took, error) in &self.done {
            let outcome = if error.is_some() { "FAILED" } else { "ok" };
            println!("{outcome:>6}  {:>7.1} s  {name}", took.as_secs_f64());
        }
        match self.done.into_iter().find_map(|(name, _, error)| Some((name, error?))) {
            Some((name, error)) => bail!("{name}: {error:#}"),
            None => Ok(()),
        }
    }
}
