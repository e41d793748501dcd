//! The configuration files in `observability/`: the collector reads and writes what the schemas of logs and metrics have, and the files fit together and their page.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;
use spindle_metrics_schema::{Schema, Source};
use spindle_openapi::from_yaml;
use spindle_tests::skip;

use crate::repository::root;

/// The files that name addresses.
const FILES: [&str; 6] = [
    "collector.yaml",
    "collector-spin.yaml",
    "compose.yaml",
    "grafana/datasources.yaml",
    "jaeger.yaml",
    "prometheus/prometheus.yml",
];

/// A metric: its type, unit, labels and help.
type Metric = (String, String, BTreeSet<String>, String);

fn path(file: &str) -> PathBuf {
    root().join("observability").join(file)
}

fn text(file: &str) -> String {
    fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn yaml(file: &str) -> Value {
    from_yaml(&text(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Returns what follows each `begin` in `text`, up to `end`.
fn between<'t>(text: &'t str, begin: &str, end: impl Fn(char) -> bool + Copy) -> BTreeSet<&'t str> {
    text.split(begin).skip(1).map(|rest| rest.split(end).next().unwrap_or_default()).collect()
}

/// Returns the metrics of metrics.toml that the collector has to derive.
fn listed() -> BTreeMap<String, Metric> {
    let schema = Schema::read().expect("the list of metrics");
    let derived = schema.metrics.into_iter().filter(|metric| metric.on.spin == Source::Collector);
    derived
        .map(|metric| {
            let labels = metric.labels.into_iter().collect();
            (metric.name, (metric.kind.name().to_owned(), metric.unit.unwrap_or_default(), labels, metric.help))
        })
        .collect()
}

/// Returns the metrics that the collector derives, as its exporter writes them.
fn derived() -> BTreeMap<String, Metric> {
    let config = yaml("collector-spin.yaml");
    let metrics = config["connectors"]["signal_to_metrics"]["logs"].as_array().expect("a list");
    let metric = |metric: &Value| {
        let underscores = |name: &Value| string(name).replace('.', "_");
        let (kind, unit) = match (metric.get("histogram"), metric["unit"].as_str()) {
            (Some(_), Some("s")) => ("histogram", "seconds"),
            (None, None) if metric["sum"]["monotonic"] == true => ("counter", ""),
            _ => panic!("another kind of metric: {metric}"),
        };
        let labels = metric["attributes"].as_array().into_iter().flatten().map(|label| underscores(&label["key"]));
        let suffix = if unit.is_empty() { String::new() } else { format!("_{unit}") };
        let name = underscores(&metric["name"]) + &suffix;
        (name, (kind.to_owned(), unit.to_owned(), labels.collect(), string(&metric["description"])))
    };
    metrics.iter().map(metric).collect()
}

#[test]
fn the_collector_derives_the_metrics_that_are_listed() {
    assert!(!listed().is_empty());
    assert_eq!(derived(), listed());
}

#[test]
fn the_collector_reads_what_a_line_of_the_log_has() {
    let schema = fs::read_to_string(root().join("docs/log.schema.json")).expect("the schema is there");
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    let config = text("collector-spin.yaml");
    let read = between(&config, "log.attributes[\"", |c| c == '"');
    let set = between(&config, "set(log.attributes[\"", |c| c == '"');
    let operators = yaml("collector.yaml");
    let operators = operators["receivers"]["file_log"]["operators"].to_string();
    let parsed = between(&operators, "\"attributes.", |c| c == '"');
    assert!(read.len() > 10 && parsed.len() > 3, "{read:?} {parsed:?}");
    let unknown: Vec<_> = read.union(&parsed).filter(|name| !set.contains(*name)).collect();
    let unknown: Vec<_> = unknown.iter().filter(|name| schema["properties"].get(***name).is_none()).collect();
    assert!(unknown.is_empty(), "docs/log.schema.json has no {unknown:?}");
}

#[test]
fn the_page_has_each_address_and_variable() {
    let page = fs::read_to_string(root().join("docs/telemetry.md")).expect("the page is there");
    for file in FILES {
        let text = text(file);
        let addresses = between(&text, "127.0.0.1:", |c| !c.is_ascii_digit());
        let variables = between(&text, "${env:", |c| !(c.is_ascii_uppercase() || c == '_'));
        let required = between(&text, "${SPINDLE_", |c| !(c.is_ascii_uppercase() || c == '_'));
        let required = required.into_iter().map(|name| format!("SPINDLE_{name}"));
        let names = addresses.into_iter().chain(variables).map(str::to_owned).chain(required);
        let missing: Vec<String> = names.filter(|name| !page.contains(&format!("`{name}`"))).collect();
        assert!(missing.is_empty(), "docs/telemetry.md has no {missing:?} of {file}");
    }
}

#[test]
fn the_compose_file_names_versions_and_files_that_exist() {
    let config = yaml("compose.yaml");
    let (mut images, mut files) = (0, 0);
    for (name, service) in config["services"].as_object().expect("services") {
        // The merge key, of the two collectors.
        let member = |key: &str| service.get(key).or_else(|| service["<<"].get(key)).cloned().unwrap_or_default();
        let image = string(&member("image"));
        let version = image.rsplit_once(':').map(|(_, tag)| tag.trim_start_matches('v')).unwrap_or_default();
        assert_eq!(version.split('.').filter(|part| part.parse::<u32>().is_ok()).count(), 3, "{name}: {image}");
        images += 1;
        let volumes = member("volumes");
        for volume in volumes.as_array().into_iter().flatten().filter_map(Value::as_str) {
            if let Some(file) = volume.strip_prefix("./") {
                let file = file.split(':').next().unwrap_or_default();
                assert!(path(file).exists(), "{name}: there is no observability/{file}");
                files += 1;
            }
        }
    }
    assert!(images >= 6 && files >= 8, "{images} images, {files} files");
}

#[test]
fn the_collector_accepts_its_configuration() {
    let has_collector = Command::new("otelcol").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !has_collector {
        // Its build takes minutes, so that only the acceptance test of telemetry requires it.
        return;
    }
    let config = |file: &str| format!("--config={}", path(file).display());
    for arguments in [vec![config("collector.yaml")], vec![config("collector.yaml"), config("collector-spin.yaml")]] {
        let mut collector = Command::new("otelcol");
        collector.arg("validate").args(&arguments).env("SPINDLE_LOG", "/var/log/spindle/host.log");
        let output = collector.output().expect("it runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn prometheus_accepts_its_configuration() {
    let folder = tempfile::tempdir().expect("a temp folder");
    let config = folder.path().join("prometheus.yml");
    fs::copy(path("prometheus/prometheus.yml"), &config).expect("the folder can be written to");
    fs::write(folder.path().join("scrape-token"), "token").expect("the folder can be written to");
    let Ok(output) = Command::new("promtool").args(["check", "config"]).arg(&config).output() else {
        return skip("prometheus_accepts_its_configuration", "promtool");
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
