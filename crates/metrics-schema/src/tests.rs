//! The rules for the list, and docs/metrics.md.

use super::{Error, Metric, Schema, Source};
use std::fmt::Write as _;

/// The head of docs/metrics.md.
const HEAD: &str = "# Metrics

After reading this page you know each metric of Spindle: its labels, its meaning, and which page has it on the embedded host and on Spin.

The page is generated from [observability/metrics.toml](../observability/metrics.toml): `SPINDLE_UPDATE=1 cargo test -p spindle-metrics-schema` writes it, and the same test
without the variable fails if it differs. The crate `spindle-metrics-schema` reads the list for code and tests.

| source | scrape |
|---|---|
| gateway | `GET /metrics` of the gateway: a token of an operator, or the value of the variable `metrics_token`, as `Authorization: Bearer` |
| host | the listener of the embedded host, `--metrics-listen` |
| collector | the Prometheus exporter of the collector with the shipped configuration, which derives them from the [access lines](logs.md#the-access-line) |
| nowhere | that host cannot know it |

Names are those of OpenMetrics. Prometheus adds `_total` to a counter, `_bucket` (with the label `le`), `_count` and `_sum` to a histogram, and `_bucket`, `_gcount` and `_gsum` to a
gaugehistogram, which has the distribution of what is there now: use its buckets as they are, without `rate`. The values of each label are bounded: by the routes, the components, and
the enumerations of the API.
";

/// Returns docs/metrics.md for `schema`.
fn page(schema: &Schema) -> String {
    let mut page = HEAD.to_owned();
    for Metric { name, kind, unit, labels, help, on } in &schema.metrics {
        let labels: Vec<String> = labels.iter().map(|label| format!("`{label}`")).collect();
        let labels = if labels.is_empty() { "none".to_owned() } else { labels.join(", ") };
        let unit = unit.as_deref().unwrap_or("a number");
        let _ = write!(
            page,
            "\n## `{name}`\n\n{help}\n\n| type | unit | labels | on the embedded host | on Spin |\n|---|---|---|---|---|\n| {} | {unit} | {labels} | {} | {} |\n",
            kind.name(),
            on.host,
            on.spin
        );
    }
    page
}

#[test]
fn the_page_is_that_of_the_list() {
    let path = super::path().with_file_name("../docs/metrics.md");
    let command = "cargo test -p spindle-metrics-schema";
    spindle_openapi::write_or_compare(&path, &page(&Schema::read().unwrap()), command);
}

#[test]
fn a_metric_has_the_series_of_its_type() {
    let schema = Schema::read().unwrap();
    let of = |name: &str| schema.metrics.iter().find(|metric| metric.name == name).unwrap().samples();
    let plain = |name: &str| (name.to_owned(), None);
    assert_eq!(of("spindle_cache_requests"), [plain("spindle_cache_requests_total")]);
    assert_eq!(of("spindle_orders"), [plain("spindle_orders")]);
    let le = |name: &str| (name.to_owned(), Some("le"));
    let duration = "http_server_request_duration_seconds";
    let suffixed = |suffix: &str| format!("{duration}{suffix}");
    assert_eq!(of(duration), [le(&suffixed("_bucket")), plain(&suffixed("_count")), plain(&suffixed("_sum"))]);
    let paid = "spindle_order_time_to_paid_seconds";
    let suffixed = |suffix: &str| format!("{paid}{suffix}");
    assert_eq!(of(paid), [le(&suffixed("_bucket")), plain(&suffixed("_gcount")), plain(&suffixed("_gsum"))]);
}

#[test]
fn a_metric_is_served_by_its_sources() {
    let schema = Schema::read().unwrap();
    let names = |source| schema.served_by(source).map(|metric| metric.name.as_str()).collect::<Vec<_>>();
    assert!(names(Source::Gateway).contains(&"spindle_orders"));
    for source in [Source::Host, Source::Collector] {
        assert!(names(source).contains(&"spindle_cache_requests"));
        assert!(!names(source).contains(&"spindle_orders"));
    }
}

#[test]
fn a_metric_that_breaks_a_rule_is_refused_by_name() {
    let metric = |changed: &str| {
        let usual = [
            ("name", "name = \"a_seconds\""),
            ("type", "type = \"gauge\""),
            ("unit", "unit = \"seconds\""),
            ("labels", "labels = [\"b\"]"),
            ("help", "help = \"A time.\""),
            ("on", "on = { host = \"host\", spin = \"nowhere\" }"),
        ];
        let member = changed.split(' ').next().unwrap();
        let lines = usual.iter().filter(|(name, _)| *name != member).map(|(_, line)| *line).chain([changed]);
        format!("[[metric]]\n{}\n", lines.collect::<Vec<_>>().join("\n"))
    };
    let fine = metric("help = \"A time.\"");
    assert_eq!(Schema::parse(&fine).unwrap().metrics.len(), 1);
    for broken in [
        "name = \"a-b_seconds\"",
        "name = \"9a_seconds\"",
        "name = \"a\"",
        "labels = [\"b\", \"b\"]",
        "labels = [\"le\"]",
        "help = \"A time\"",
        "help = 'A \"time\".'",
    ] {
        assert!(matches!(Schema::parse(&metric(broken)), Err(Error::Rule { .. })), "{broken}");
    }
    for unknown in ["type = \"summary\"", "on = { host = \"host\" }", "since = 1"] {
        assert!(matches!(Schema::parse(&metric(unknown)), Err(Error::Form(_))), "{unknown}");
    }
    let error = Schema::parse(&format!("{fine}{fine}")).unwrap_err();
    assert_eq!(error.to_string(), "a_seconds: a metric is listed once");
}
