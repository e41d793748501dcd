//! Reads and checks `observability/metrics.toml`, the list of Spindle's metrics: for the code that serves them, and for all that names them.
//!
//! The gateway's `build.rs` embeds the metrics that it serves with [`embed`], and the host parses the list that is compiled into it; tests read it
//! with [`Schema::read`]. docs/metrics.md is generated from it.

#[cfg(test)]
mod tests;

use serde::Deserialize;
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The list of metrics.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// The metrics, in the order of the file.
    #[serde(rename = "metric")]
    pub metrics: Vec<Metric>,
}

/// A metric: a metric family of OpenMetrics.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// The name in OpenMetrics, without the suffix of a sample: see [`samples`](Self::samples).
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// The unit, which the name ends with; none for a count.
    #[serde(default)]
    pub unit: Option<String>,
    /// The names of the labels.
    #[serde(default)]
    pub labels: Vec<String>,
    /// The meaning, in sentences.
    pub help: String,
    /// Where it is served.
    pub on: On,
}

/// The type of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A count that only rises.
    Counter,
    /// A value of now.
    Gauge,
    /// The distribution of all events so far.
    Histogram,
    /// The distribution of what is there now.
    GaugeHistogram,
}

/// Where a metric is served, by the host that Spindle runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct On {
    /// On the embedded host.
    pub host: Source,
    /// On Spin.
    pub spin: Source,
}

/// The place that serves a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// `GET /metrics` of the gateway.
    Gateway,
    /// The listener of the embedded host.
    Host,
    /// The shipped collector configuration.
    Collector,
    /// None: that host cannot know it.
    Nowhere,
}

/// An error in the list.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("{} cannot be read", .0.display())]
    Read(PathBuf, #[source] io::Error),
    /// It is no list of metrics.
    #[error("not a list of metrics")]
    Form(#[from] toml::de::Error),
    /// A metric breaks a rule.
    #[error("{metric}: {rule}")]
    Rule {
        /// The name of the metric.
        metric: String,
        /// The rule.
        rule: &'static str,
    },
}

impl Schema {
    /// Parses the text of a list, and checks each metric.
    ///
    /// # Errors
    ///
    /// If it has another form, or a metric breaks a rule of OpenMetrics.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let schema: Self = toml::from_str(text)?;
        for (index, metric) in schema.metrics.iter().enumerate() {
            metric.check()?;
            if schema.metrics[..index].iter().any(|earlier| earlier.name == metric.name) {
                return Err(Error::Rule { metric: metric.name.clone(), rule: "a metric is listed once" });
            }
        }
        Ok(schema)
    }

    /// Reads the list of this repository.
    ///
    /// # Errors
    ///
    /// If it cannot be read or parsed.
    pub fn read() -> Result<Self, Error> {
        let path = path();
        Self::parse(&fs::read_to_string(&path).map_err(|error| Error::Read(path, error))?)
    }

    /// Returns the metrics that `source` serves on any host.
    pub fn served_by(&self, source: Source) -> impl Iterator<Item = &Metric> {
        self.metrics.iter().filter(move |metric| [metric.on.host, metric.on.spin].contains(&source))
    }
}

impl Metric {
    /// Returns the names of its samples, which are those of its series in Prometheus, each with its label besides [`labels`](Self::labels).
    pub fn samples(&self) -> Vec<(String, Option<&'static str>)> {
        let suffixes: &[(&str, Option<&'static str>)] = match self.kind {
            Kind::Counter => &[("_total", None)],
            Kind::Gauge => &[("", None)],
            Kind::Histogram => &[("_bucket", Some("le")), ("_count", None), ("_sum", None)],
            Kind::GaugeHistogram => &[("_bucket", Some("le")), ("_gcount", None), ("_gsum", None)],
        };
        suffixes.iter().map(|(suffix, label)| (format!("{}{suffix}", self.name), *label)).collect()
    }

    fn check(&self) -> Result<(), Error> {
        let is_unique =
            |(index, label): (usize, &String)| !self.labels[..index].contains(label) && is_name(label) && label != "le";
        let has_unit = |unit: &String| self.name.ends_with(&format!("_{unit}"));
        let is_sentence = self.help.ends_with('.') && !self.help.contains(['\n', '\\', '"']);
        let rules = [
            (is_name(&self.name), "a name has small letters, digits and underscores"),
            (self.unit.as_ref().is_none_or(has_unit), "a name ends with its unit"),
            (!self.name.ends_with("_total"), "a name has no suffix of a sample"),
            (self.labels.iter().enumerate().all(is_unique), "a label is a name of its own"),
            (is_sentence, "the help is sentences on one line, without a backslash or a quote"),
        ];
        match rules.into_iter().find(|(is_kept, _)| !is_kept) {
            Some((_, rule)) => Err(Error::Rule { metric: self.name.clone(), rule }),
            None => Ok(()),
        }
    }
}

impl Kind {
    /// Returns the name in OpenMetrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::GaugeHistogram => "gaugehistogram",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gateway => "gateway",
            Self::Host => "host",
            Self::Collector => "collector",
            Self::Nowhere => "nowhere",
        })
    }
}

/// Embeds the metrics that `source` serves in the crate whose `build.rs` calls this: `metrics.rs` in `OUT_DIR` has them as an expression, a slice of
/// the crate's own `Definition { name, kind, unit, labels, help }`.
///
/// # Errors
///
/// If the list cannot be read or parsed, or the file not written.
pub fn embed(source: Source) -> Result<(), Error> {
    let mut text = String::from("&[\n");
    for Metric { name, kind, unit, labels, help, .. } in Schema::read()?.served_by(source) {
        let (kind, unit) = (kind.name(), unit.as_deref().unwrap_or_default());
        let _ = writeln!(
            text,
            "    Definition {{ name: {name:?}, kind: {kind:?}, unit: {unit:?}, labels: &{labels:?}, help: {help:?} }},"
        );
    }
    text.push_str("]\n");
    let file = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("metrics.rs");
    fs::write(&file, text).map_err(|error| Error::Read(file, error))?;
    instruct_cargo(&format!("rerun-if-changed={}", path().display()));
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a build script speaks to Cargo on stdout")]
fn instruct_cargo(instruction: &str) {
    println!("cargo::{instruction}");
}

/// Returns the path of the list.
fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../observability/metrics.toml")
}

fn is_name(text: &str) -> bool {
    let is_first = |first: u8| first.is_ascii_lowercase();
    let is_rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    text.bytes().next().is_some_and(is_first) && text.bytes().all(is_rest)
}
