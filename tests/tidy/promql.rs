//! Rules for queries: each can be parsed, and names only the metrics and labels of observability/metrics.toml and of the recording rules.

use std::collections::{BTreeMap, BTreeSet};

use promql_parser::parser::{Expr, VectorSelector, parse};
use promql_parser::util::{ExprVisitor, walk_expr};
use spindle_metrics_schema::Schema;

use crate::alerts::{Rule, rules};

/// The labels that Prometheus adds to every series of a target.
const OF_TARGET: [&str; 2] = ["instance", "job"];

/// The series that Prometheus makes itself, with their labels. An alert has those of its rule, too.
const OF_PROMETHEUS: [(&str, &[&str]); 2] =
    [("up", &[]), ("ALERTS", &["alertname", "alertstate", "severity", "service_name"])];

/// The series that queries may name, with their labels.
pub(crate) struct Series(BTreeMap<String, BTreeSet<String>>);

impl Series {
    /// Returns the series of the schema, of Prometheus itself, and of the recording rules.
    pub(crate) fn known() -> Self {
        let own = |labels: &[&str]| labels.iter().chain(&OF_TARGET).map(ToString::to_string).collect::<BTreeSet<_>>();
        let mut known: BTreeMap<_, _> =
            OF_PROMETHEUS.iter().map(|(name, labels)| ((*name).to_owned(), own(labels))).collect();
        for metric in Schema::read().expect("the schema can be read").metrics {
            let labels: Vec<&str> = metric.labels.iter().map(String::as_str).collect();
            for (name, label) in metric.samples() {
                known.insert(name, own(&[&labels[..], label.as_slice()].concat()));
            }
        }
        let mut known = Self(known);
        // A rule may use the results of those before it. sloth records a series for each objective, of which the first one has all labels.
        for Rule { record, expr, labels, .. } in rules() {
            if let Some(record) = record.filter(|record| !known.0.contains_key(record)) {
                let own = labels.into_keys().chain(known.labels(&expr)).collect::<Vec<_>>();
                known.0.insert(record, own.into_iter().collect());
            }
        }
        known
    }

    /// Returns the labels of the series that `query` names.
    pub(crate) fn labels(&self, query: &str) -> BTreeSet<String> {
        let Ok(names) = Names::of(query) else { return BTreeSet::new() };
        names.series.iter().filter_map(|(name, _)| self.0.get(name)).flatten().cloned().collect()
    }

    /// Returns what is wrong with `query`; nothing if it is fine.
    pub(crate) fn faults(&self, query: &str) -> Vec<String> {
        let names = match Names::of(query) {
            Ok(names) => names,
            Err(error) => return vec![format!("`{query}`: {error}")],
        };
        let mut faults = Vec::new();
        let mut labels = BTreeSet::new();
        for (name, matched) in &names.series {
            let Some(own) = self.0.get(name) else {
                faults.push(format!("`{query}`: there is no metric `{name}`"));
                continue;
            };
            labels.extend(own);
            let unknown = matched.iter().filter(|label| !own.contains(*label));
            faults.extend(unknown.map(|label| format!("`{query}`: `{name}` has no label `{label}`")));
        }
        let unknown = names.grouped.iter().filter(|label| !labels.contains(label));
        faults.extend(unknown.map(|label| format!("`{query}`: no metric in it has the label `{label}`")));
        faults
    }
}

/// The names in a query.
#[derive(Default)]
struct Names {
    /// The names of its series, each with the labels that are matched.
    series: Vec<(String, Vec<String>)>,
    /// The labels by which it groups and joins.
    grouped: Vec<String>,
}

impl Names {
    fn of(query: &str) -> Result<Self, String> {
        let mut names = Self::default();
        walk_expr(&mut names, &parse(query)?)?;
        Ok(names)
    }

    fn select(&mut self, selector: &VectorSelector) -> Result<(), String> {
        let name = selector.name.clone().ok_or("a series without a name")?;
        let matchers = selector.matchers.matchers.iter().chain(selector.matchers.or_matchers.iter().flatten());
        self.series.push((name, matchers.map(|matcher| matcher.name.clone()).collect()));
        Ok(())
    }
}

impl ExprVisitor for Names {
    type Error = String;

    fn pre_visit(&mut self, expr: &Expr) -> Result<bool, String> {
        match expr {
            Expr::VectorSelector(selector) => self.select(selector)?,
            Expr::MatrixSelector(matrix) => self.select(&matrix.vs)?,
            Expr::Aggregate(aggregate) => {
                self.grouped.extend(aggregate.modifier.iter().flat_map(|modifier| modifier.labels().labels.clone()));
            }
            Expr::Binary(binary) => {
                let matching = binary.modifier.iter().filter_map(|modifier| modifier.matching.as_ref());
                self.grouped.extend(matching.flat_map(|matching| matching.labels().labels.clone()));
            }
            _ => {}
        }
        Ok(true)
    }
}

#[test]
fn a_query_with_an_unknown_name_is_found() {
    let known = Series::known();
    let of = |query: &str| known.faults(query);
    let requests = "http_server_request_duration_seconds";
    let fine = format!("sum by (service_name) (rate({requests}_bucket{{le=\"0.5\"}}[5m])) / sum(up)");
    assert_eq!(of(&fine), Vec::<String>::new());
    assert_eq!(of("slo:sli_error:ratio_rate5m{sloth_slo=\"orders-latency\"}"), Vec::<String>::new());
    for broken in [
        "sum(",
        "{service_name=\"orders\"}",
        requests,
        "spindle_cache_requests",
        "spindle_orders{phase=\"cancelling\"}",
        "sum by (phase) (spindle_orders)",
        "spindle_orders / on (phase) spindle_orders",
        "slo:sli_error:ratio_rate7m",
    ] {
        assert_eq!(of(broken).len(), 1, "{broken}: {:?}", of(broken));
    }
}

#[test]
fn every_query_of_a_rule_names_what_there_is() {
    let known = Series::known();
    let mut faults = Vec::new();
    for rule in rules() {
        faults.extend(known.faults(&rule.expr));
        if rule.annotations.is_empty() {
            continue;
        }
        // A text may use the labels of the alert, which are those of its query.
        let labels = known.labels(&rule.expr);
        for text in rule.annotations.values() {
            let used = text
                .split("$labels.")
                .skip(1)
                .map(|rest| rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default());
            let unknown = used.filter(|label| !labels.contains(*label) && !rule.labels.contains_key(*label));
            faults.extend(unknown.map(|label| format!("{}: its query has no label `{label}`: {text}", rule.name())));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_query_in_a_page_names_what_there_is() {
    let known = Series::known();
    let mut found = 0;
    let mut faults = Vec::new();
    for (file, text) in crate::repository::files("md") {
        for block in text.split("```promql\n").skip(1) {
            let queries = block.split("```").next().unwrap_or_default();
            for query in queries.split("\n\n").map(str::trim).filter(|query| !query.is_empty()) {
                found += 1;
                faults.extend(known.faults(query).into_iter().map(|fault| format!("{file}: {fault}")));
            }
        }
    }
    assert!(found > 0 && faults.is_empty(), "{found} queries: {}", faults.join("\n"));
}
