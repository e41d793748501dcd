//! The steps of a run, each with one line that has its time.

use std::time::Instant;

use crate::client::Failure;

/// A run that failed.
#[derive(Debug, thiserror::Error)]
#[error("the smoke test of {url} failed at: {step}")]
pub struct Failed {
    url: String,
    step: &'static str,
}

impl Failed {
    /// Returns the name of the step that failed first.
    pub fn step(&self) -> &'static str {
        self.step
    }
}

/// The lines of a run.
pub(crate) struct Steps<'a> {
    url: &'a str,
    print: &'a mut dyn FnMut(&str),
}

impl<'a> Steps<'a> {
    pub(crate) fn new(url: &'a str, print: &'a mut dyn FnMut(&str)) -> Self {
        Self { url, print }
    }

    /// Runs the step `name`, which returns its result in words.
    pub(crate) fn run(
        &mut self,
        name: &'static str,
        step: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<(), Failed> {
        self.run_for(name, || Ok(((), step()?)))
    }

    /// Runs the step `name`, which returns what later steps need, and its result in words.
    pub(crate) fn run_for<T>(
        &mut self,
        name: &'static str,
        step: impl FnOnce() -> Result<(T, String), Failure>,
    ) -> Result<T, Failed> {
        let start = Instant::now();
        let result = step();
        let (word, text) = match &result {
            Ok((_, text)) => ("ok", text.clone()),
            Err(failure) => (FAILED, failure.to_string()),
        };
        (self.print)(&format!("{word:>7}  {:>6.2} s  {name}: {text}", start.elapsed().as_secs_f64()));
        result.map(|(value, _)| value).map_err(|_| self.failed(name))
    }

    /// Runs a step whose success is not worth a line.
    pub(crate) fn prepare<T>(&mut self, step: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failed> {
        step().map_err(|failure| {
            (self.print)(&format!("{FAILED:>7}  {:>6.2} s  {PREPARE}: {failure}", 0.0));
            self.failed(PREPARE)
        })
    }

    fn failed(&self, step: &'static str) -> Failed {
        Failed { url: self.url.to_owned(), step }
    }
}

/// The first word of the line of a step that failed.
const FAILED: &str = "FAILED";

/// The name of the steps before the first request.
const PREPARE: &str = "prepare";
