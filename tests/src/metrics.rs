//! The page of metrics, parsed and held against observability/metrics.toml.

use std::collections::{BTreeMap, BTreeSet};

use spindle_metrics_schema::{Metric, Schema, Source};

use crate::client::Response;

/// A page of metrics: the value of each series.
#[derive(Debug)]
pub struct MetricsPage {
    /// The samples: name, labels and value.
    samples: Vec<(String, BTreeMap<String, String>, f64)>,
}

impl MetricsPage {
    /// Parses a page that `source` serves.
    ///
    /// # Panics
    ///
    /// If it is not in the text format of OpenMetrics, or has a metric or a label that the list does not have there.
    #[track_caller]
    pub fn parse(response: &Response, source: Source) -> Self {
        assert_eq!(response.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
        let text = response.text();
        let lines = text.strip_suffix("# EOF\n").unwrap_or_else(|| panic!("a page ends with EOF: {text}"));
        let schema = Schema::read().expect("the list of metrics");
        let (mut metric, mut seen, mut samples): (Option<&Metric>, BTreeSet<&str>, _) =
            (None, BTreeSet::new(), Vec::new());
        for line in lines.lines() {
            let Some(metadata) = line.strip_prefix("# ") else {
                let metric = metric.unwrap_or_else(|| panic!("a metric begins with its metadata: {line}"));
                samples.push(sample(line, metric));
                continue;
            };
            let mut words = metadata.splitn(3, ' ');
            let (keyword, name, value) = (words.next(), words.next(), words.next());
            let listed = schema.served_by(source).find(|metric| Some(metric.name.as_str()) == name);
            let listed = listed.unwrap_or_else(|| panic!("not listed: {line}"));
            let expected = match keyword {
                Some("TYPE") => {
                    assert!(seen.insert(&listed.name), "{} is there twice", listed.name);
                    listed.kind.name()
                }
                Some("UNIT") => listed.unit.as_deref().unwrap_or_default(),
                Some("HELP") => &listed.help,
                _ => panic!("not of OpenMetrics: {line}"),
            };
            assert_eq!(value, Some(expected), "{line}");
            metric = Some(listed);
        }
        Self { samples }
    }

    /// Returns the names of the metrics of which there is a sample.
    pub fn names(&self) -> BTreeSet<&str> {
        self.samples.iter().map(|(name, ..)| name.as_str()).collect()
    }

    /// Returns the values of each label.
    pub fn label_values(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut values: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (label, value) in self.samples.iter().flat_map(|(_, labels, _)| labels) {
            values.entry(label).or_default().insert(value);
        }
        values
    }

    /// Returns the value of the series with this name and exactly these labels.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[track_caller]
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        self.find(name, labels).unwrap_or_else(|| {
            let others: Vec<_> = self.samples.iter().filter(|(other, ..)| other == name).collect();
            panic!("no {name} {labels:?} in {others:?}")
        })
    }

    /// Returns the same, or `None`.
    pub fn find(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let expected = labels.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect();
        let found = self.samples.iter().find(|(found, labels, _)| found == name && *labels == expected);
        found.map(|(.., value)| *value)
    }
}

/// Parses a sample of `metric`.
#[track_caller]
fn sample(line: &str, metric: &Metric) -> (String, BTreeMap<String, String>, f64) {
    let (series, value) = line.rsplit_once(' ').expect("a series and a value");
    let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
    let labels = labels.strip_suffix('}').expect("labels end with a brace");
    let label = |text: &str| {
        let (name, value) = text.split_once("=\"").unwrap_or_else(|| panic!("a label: {line}"));
        (name.to_owned(), value.strip_suffix('"').expect("a quoted value").to_owned())
    };
    // No value of a label has a comma.
    let labels: BTreeMap<String, String> = labels.split(',').filter(|text| !text.is_empty()).map(label).collect();
    let samples = metric.samples();
    let (_, extra) =
        samples.iter().find(|(sample, _)| sample == name).unwrap_or_else(|| panic!("{}: {line}", metric.name));
    let expected: BTreeSet<&str> = metric.labels.iter().map(String::as_str).chain(*extra).collect();
    assert_eq!(labels.keys().map(String::as_str).collect::<BTreeSet<_>>(), expected, "{line}");
    (name.to_owned(), labels, value.parse().unwrap_or_else(|_| panic!("a number: {line}")))
}
