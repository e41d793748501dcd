//! What was found, as a table for people and as JSON.

use std::fmt::{self, Write as _};
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::check::{Check, Interface};

/// What came of one check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", content = "seen", rename_all = "snake_case")]
pub enum Verdict {
    /// It is kept to, as was seen.
    Passed(String),
    /// It is not, as was seen.
    Failed(String),
    /// There is nothing to check, and why.
    NotApplicable(String),
}

/// One line of a report.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What was checked.
    pub check: Check,
    /// What came of it.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// What was found about one interface of a component.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Which.
    pub interface: Interface,
    /// Each check that concerns it.
    pub findings: Vec<Finding>,
    /// What it costs.
    pub figures: Figures,
}

/// What a provider costs.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Figures {
    /// How large its file is.
    pub bytes: u64,
    /// How often it was asked, each time in an instance of its own.
    pub calls: usize,
    /// What it takes to make an instance, in the middle of all.
    #[serde(serialize_with = "milliseconds", rename = "start_ms")]
    pub start: Duration,
    /// What a good request took to compute, the instance included, in the middle of all.
    #[serde(serialize_with = "milliseconds", rename = "call_cpu_ms")]
    pub call_cpu: Duration,
    /// The most that any call computed.
    #[serde(serialize_with = "milliseconds", rename = "peak_cpu_ms")]
    pub peak_cpu: Duration,
    /// The most memory that any call had.
    pub peak_memory: usize,
}

fn milliseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((time.as_secs_f64() * 1e6).round() / 1e3)
}

impl Report {
    /// The checks that failed.
    pub fn failed(&self) -> Vec<Check> {
        let failed = |finding: &&Finding| matches!(finding.verdict, Verdict::Failed(_));
        self.findings.iter().filter(failed).map(|finding| finding.check).collect()
    }

    /// What came of `check`, if it concerns this interface.
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
            "{:.1} MB; an instance is made in {:.2} ms, a good request computes {:.2} ms, and at most {:.0} ms and {:.1} MiB \
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

/// What a provider says may hold anything; a terminal obeys some of it.
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
