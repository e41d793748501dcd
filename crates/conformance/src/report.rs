//! The report, as a table for people and as JSON.

use std::fmt::{self, Write as _};
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::check::{Check, Interface};

/// The outcome of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", content = "seen", rename_all = "snake_case")]
pub enum Verdict {
    /// The provider meets the requirement; with the observation.
    Passed(String),
    /// The provider violates the requirement; with the observation.
    Failed(String),
    /// The check does not apply; with the reason.
    NotApplicable(String),
}

/// One line of a report.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The check.
    pub check: Check,
    /// Its outcome.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// The findings about one interface of a component.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The interface.
    pub interface: Interface,
    /// Each check that applies to it.
    pub findings: Vec<Finding>,
    /// The provider's size and cost.
    pub figures: Figures,
}

/// The size and the cost of a provider.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Figures {
    /// The size of its file.
    pub bytes: u64,
    /// The number of calls, each in a fresh instance.
    pub calls: usize,
    /// The median time to create an instance.
    #[serde(serialize_with = "milliseconds", rename = "start_ms")]
    pub start: Duration,
    /// The median CPU time of a good request, the instance included.
    #[serde(serialize_with = "milliseconds", rename = "call_cpu_ms")]
    pub call_cpu: Duration,
    /// The highest CPU time of any call.
    #[serde(serialize_with = "milliseconds", rename = "peak_cpu_ms")]
    pub peak_cpu: Duration,
    /// The highest memory use of any call.
    pub peak_memory: usize,
}

fn milliseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((time.as_secs_f64() * 1e6).round() / 1e3)
}

impl Report {
    /// Returns the checks that failed.
    pub fn failed(&self) -> Vec<Check> {
        let failed = |finding: &&Finding| matches!(finding.verdict, Verdict::Failed(_));
        self.findings.iter().filter(failed).map(|finding| finding.check).collect()
    }

    /// Returns the outcome of `check`, if it applies to this interface.
    pub fn verdict(&self, check: Check) -> Option<&Verdict> {
        self.findings.iter().find(|finding| finding.check == check).map(|finding| &finding.verdict)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.findings.iter().map(|finding| finding.check.name().len()).max().unwrap_or_default();
        writeln!(f, "{}\n", self.interface.name())?;
        for Finding { check, verdict } in &self.findings {
            let (mark, seen) = match verdict {
                Verdict::Passed(seen) => ("ok", seen),
                Verdict::Failed(seen) => ("FAILED", seen),
                Verdict::NotApplicable(seen) => ("-", seen),
            };
            writeln!(f, "  {mark:<6}  {:<width$}  {}", check.name(), printable(seen))?;
        }
        writeln!(f, "\n  {}", self.figures)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        write!(
            f,
            "{:.1} MB; an instance is created in {:.2} ms, a good request computes {:.2} ms, and at most {:.0} ms and {:.1} MiB \
             in {} calls",
            self.bytes as f64 / 1e6,
            ms(self.start),
            ms(self.call_cpu),
            ms(self.peak_cpu),
            self.peak_memory as f64 / f64::from(1 << 20),
            self.calls,
        )
    }
}

/// Escapes control characters: the text of a provider may hold any, and a terminal obeys them.
fn printable(text: &str) -> String {
    text.chars().fold(String::new(), |mut line, c| {
        if c.is_control() {
            let _ = write!(line, "{}", c.escape_default());
        } else {
            line.push(c);
        }
        line
    })
}
