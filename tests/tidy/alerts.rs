//! The rules and alerts in `observability/prometheus`: they are those of slo.yaml, each alert has a runbook, and Prometheus's own tools check and test them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use serde::Deserialize;
use serde_json::{Value, json};
use spindle_openapi::{from_yaml, to_yaml};
use spindle_tests::skip;
use xtask::observability::{self, Slos};
use xtask::workspace::Workspace;

use crate::repository::root;

/// The address of the runbooks, which the annotations of an alert begin with.
const RUNBOOKS: &str = "https://github.com/spindle-commerce/spindle/blob/main/";

/// A rule: an alert, or a query whose result is recorded.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Rule {
    /// The name of the series that it records.
    pub(crate) record: Option<String>,
    alert: Option<String>,
    /// Its query.
    pub(crate) expr: String,
    /// The labels that it adds.
    #[serde(default)]
    pub(crate) labels: BTreeMap<String, String>,
    /// The texts of an alert.
    #[serde(default)]
    pub(crate) annotations: BTreeMap<String, String>,
}

impl Rule {
    /// Returns the name of the alert, or of the series.
    pub(crate) fn name(&self) -> &str {
        self.alert.as_deref().or(self.record.as_deref()).unwrap_or_default()
    }
}

/// Returns every rule, in the order of the files.
pub(crate) fn rules() -> Vec<Rule> {
    ["platform.yaml", "slo.yaml"]
        .into_iter()
        .flat_map(|file| groups(file).into_iter().flat_map(|(_, rules)| rules))
        .collect()
}

fn folder() -> PathBuf {
    root().join("observability/prometheus")
}

fn yaml(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    from_yaml(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the groups of a file: their names and rules.
fn groups(file: &str) -> Vec<(String, Vec<Rule>)> {
    let parsed = yaml(&folder().join("rules").join(file));
    let groups = parsed["groups"].as_array().expect("rules are in groups");
    let group = |group: &Value| {
        let rules = Vec::deserialize(&group["rules"]).unwrap_or_else(|error| panic!("{file}: {error}"));
        (group["name"].as_str().unwrap_or_default().to_owned(), rules)
    };
    groups.iter().map(group).collect()
}

/// Returns the files in a folder, in the order of their names.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a folder can be listed").path()).collect();
    paths.sort();
    paths
}

/// Runs a tool of Prometheus; `false` if it is not installed.
///
/// # Panics
///
/// If the tool finds a fault.
fn run(test: &str, tool: &str, arguments: &[&Path], current: &Path) -> bool {
    let (subcommand, paths) = arguments.split_at(1);
    let mut command = Command::new(tool);
    command.args(subcommand[0].to_string_lossy().split(' ')).args(paths).current_dir(current);
    let Ok(output) = command.output() else {
        skip(test, tool);
        return false;
    };
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success(), "{tool}: {printed}");
    true
}

#[test]
fn every_alert_has_a_severity_texts_and_a_runbook() {
    let mut faults = Vec::new();
    let alerts: Vec<_> = rules().into_iter().filter(|rule| rule.alert.is_some()).collect();
    for alert in &alerts {
        let name = alert.name();
        let severity = alert.labels.get("severity").map(String::as_str);
        if !matches!(severity, Some("page" | "ticket")) {
            faults.push(format!("{name}: the severity is neither page nor ticket"));
        }
        faults.extend(
            ["summary", "description"]
                .into_iter()
                .filter(|text| alert.annotations.get(*text).is_none_or(|text| !text.ends_with(['.', '%'])))
                .map(|text| format!("{name}: it has no sentence as its {text}")),
        );
        let url = alert.annotations.get("runbook_url").map(String::as_str).unwrap_or_default();
        let Some(page) = url.strip_prefix(RUNBOOKS) else {
            faults.push(format!("{name}: its runbook is not below {RUNBOOKS}"));
            continue;
        };
        let (file, section) = page.split_once('#').unwrap_or((page, ""));
        let text = fs::read_to_string(root().join(file)).unwrap_or_default();
        let has_section =
            section.is_empty() || text.lines().any(|line| line.starts_with("## ") && anchor(line) == section);
        if !has_section || !text.contains(&format!("`{name}`")) {
            faults.push(format!("{name}: {page} does not exist, or does not name the alert"));
        }
    }
    assert!(alerts.len() > 20 && faults.is_empty(), "{} alerts:\n{}", alerts.len(), faults.join("\n"));
}

/// Returns the anchor of a heading on GitHub.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches(['#', ' ']).chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[test]
fn the_rules_of_the_objectives_are_those_of_slo_yaml() {
    let slos = Slos::read(&root().join("observability/slo.yaml")).expect("slo.yaml has objectives");
    let rules: Vec<_> = groups("slo.yaml").into_iter().flat_map(|(_, rules)| rules).collect();
    let words = |text: &str| text.split_whitespace().collect::<String>();
    let named = |rule: &Rule| rule.labels.get("sloth_slo").cloned();
    let generated: BTreeSet<_> = rules.iter().filter_map(named).collect();
    let listed: BTreeSet<_> = slos.slos.iter().map(|slo| slo.name.clone()).collect();
    assert_eq!(generated, listed, "the objectives: `cargo xtask observability` generates the rules");
    for slo in &slos.slos {
        let query = &slo.sli.events;
        let expr = format!("({})/({})", query.error_query, query.total_query).replace("{{.window}}", "5m");
        let recorded = rules
            .iter()
            .find(|rule| rule.name() == "slo:sli_error:ratio_rate5m" && named(rule).as_deref() == Some(&slo.name));
        let recorded = recorded.map(|rule| words(&rule.expr));
        assert_eq!(recorded.as_deref(), Some(words(&expr).as_str()), "{}: `cargo xtask observability`", slo.name);
        let info =
            rules.iter().find(|rule| rule.name() == "sloth_slo_info" && named(rule).as_deref() == Some(&slo.name));
        let objective = info.and_then(|rule| rule.labels.get("sloth_objective")?.parse::<f64>().ok());
        assert_eq!(objective, Some(slo.objective), "{}: `cargo xtask observability`", slo.name);
        let texts = &slo.alerting.annotations;
        let alert = rules.iter().find(|rule| rule.alert.as_ref() == Some(&slo.alerting.name));
        let alert = alert.unwrap_or_else(|| panic!("{}: `cargo xtask observability`", slo.alerting.name));
        for (name, text) in
            [("summary", &texts.summary), ("description", &texts.description), ("runbook_url", &texts.runbook_url)]
        {
            assert_eq!(alert.annotations.get(name), Some(text), "{}: `cargo xtask observability`", slo.name);
        }
    }
}

#[test]
fn sloth_generates_the_rules_that_are_committed() {
    let workspace = Workspace::locate();
    let built = workspace.target_dir().join("tools/sloth");
    let sloth = if built.exists() { built } else { PathBuf::from("sloth") };
    let Ok(generated) = observability::rules(&workspace, &sloth) else {
        // Its build takes minutes, so that it is required nowhere: the test above finds a rule that differs from slo.yaml.
        eprintln!("skipped: sloth is not built, or refuses slo.yaml (`cargo xtask observability`)");
        return;
    };
    let committed = fs::read_to_string(observability::rules_file(&workspace)).expect("the rules are there");
    assert_eq!(generated, committed, "`cargo xtask observability` generates the rules");
}

#[test]
fn every_alert_of_the_platform_fires_and_clears_in_a_case() {
    let cases = yaml(&folder().join("tests/platform.yaml"));
    let cases: Vec<&Value> = cases["tests"].as_array().expect("a list").iter().collect();
    let expected = |check: &Value| check["exp_samples"].to_string();
    for alert in groups("platform.yaml").into_iter().flat_map(|(_, rules)| rules).filter_map(|rule| rule.alert) {
        let name = format!("alertname=\\\"{alert}\\\"");
        let in_case = cases.iter().any(|case| {
            let checks: Vec<&Value> = case["promql_expr_test"].as_array().into_iter().flatten().collect();
            let fires = checks.iter().any(|check| expected(check).contains(&name));
            fires && checks.last().is_some_and(|last| last.get("exp_samples").is_none())
        });
        assert!(in_case, "observability/prometheus/tests/platform.yaml has no case in which {alert} fires and clears");
    }
}

#[test]
fn promtool_accepts_the_rules() {
    let rules = folder().join("rules");
    let mut arguments = vec![PathBuf::from("check rules")];
    arguments.extend(entries(&rules));
    let arguments: Vec<&Path> = arguments.iter().map(PathBuf::as_path).collect();
    run("promtool_accepts_the_rules", "promtool", &arguments, &rules);
}

#[test]
fn an_outage_pages_a_slow_burn_tickets_and_errors_inside_the_budget_do_neither() {
    const TEST: &str = "an_outage_pages_a_slow_burn_tickets_and_errors_inside_the_budget_do_neither";
    let folder = tempfile::tempdir().expect("a temp folder");
    // promtool evaluates every rule of a file at every step, so each objective has a file, and a test names those that it needs. In one group, so that they
    // are evaluated in their order.
    let mut objectives: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    let sloth = yaml(&self::folder().join("rules/slo.yaml"));
    for group in sloth["groups"].as_array().expect("rules are in groups") {
        let (_, name) = group["name"].as_str().and_then(|name| name.split_once("-spindle-")).expect("an objective");
        objectives.entry(name.to_owned()).or_default().extend(group["rules"].as_array().expect("a list").clone());
    }
    for (name, rules) in objectives {
        let text = to_yaml(&json!({ "groups": [{ "name": name, "rules": rules }] }));
        fs::write(folder.path().join(format!("{name}.yaml")), text).expect("the folder can be written to");
    }
    fs::copy(self::folder().join("rules/platform.yaml"), folder.path().join("platform.yaml")).expect("a copy");
    let tests = folder.path().join("tests");
    fs::create_dir(&tests).expect("the folder can be written to");
    thread::scope(|scope| {
        for test in entries(&self::folder().join("tests")) {
            let copy = folder.path().join(format!("test-{}", test.file_name().unwrap_or_default().to_string_lossy()));
            fs::copy(&test, &copy).expect("a copy");
            let folder = folder.path();
            scope.spawn(move || run(TEST, "promtool", &[Path::new("test rules"), &copy], folder));
        }
    });
}

#[test]
fn amtool_accepts_the_routes() {
    let config = root().join("observability/alertmanager.yml");
    run("amtool_accepts_the_routes", "amtool", &[Path::new("check-config"), &config], &root());
    for (severity, receiver) in [("page", "page"), ("ticket", "ticket")] {
        let mut amtool = Command::new("amtool");
        amtool.args(["config", "routes", "test", "--config.file"]).arg(&config);
        amtool.arg(format!("--verify.receivers={receiver}")).arg(format!("severity={severity}"));
        let Ok(output) = amtool.output() else { return };
        assert!(output.status.success(), "{severity}: {}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn an_inhibition_names_alerts_that_exist() {
    let config = yaml(&root().join("observability/alertmanager.yml"));
    let alerts: BTreeSet<_> = rules().into_iter().filter_map(|rule| rule.alert).collect();
    let inhibitions = config["inhibit_rules"].as_array().expect("a list");
    let matchers = inhibitions.iter().flat_map(|rule| rule["source_matchers"].as_array().into_iter().flatten());
    let named: Vec<_> = matchers.filter_map(|matcher| matcher.as_str()?.strip_prefix("alertname = ")).collect();
    assert!(named.contains(&"SpindlePlatformDown"), "{named:?}");
    let unknown: Vec<_> = named.iter().filter(|name| !alerts.contains(**name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
