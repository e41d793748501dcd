//! The chart in `deploy/chart` without a cluster: it passes `helm lint`, renders each scenario to its golden file, makes resources that strict schemas
//! accept, refuses values that would end a pod, and has every variable of spin.toml.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;
use spindle_openapi::from_yaml;
use spindle_tests::skip;
use xtask::cluster::render::{self, Helm, Scenario, Validator};
use xtask::observability;
use xtask::suite::UPDATE;
use xtask::workspace::Workspace;

/// The schemas that have to name themselves by what they describe: the check below would not find a field that they let pass.
const FOREIGN: [&str; 4] = ["SpinApp", "HTTPRoute", "ServiceMonitor", "ScaledObject"];

fn workspace() -> Workspace {
    Workspace::locate()
}

/// Returns a program that renders, or skips the test that `name` names.
fn helm(name: &str) -> Option<Helm> {
    // One after the other: it may have to be installed.
    static HELM: OnceLock<Option<Helm>> = OnceLock::new();
    let helm = HELM.get_or_init(|| Helm::find(&workspace()).expect("Helm or its SDK")).clone();
    if helm.is_none() {
        skip(name, "helm, or python3 with its module venv");
    }
    helm
}

fn scenario(name: &str) -> Scenario {
    let scenarios = render::scenarios(&workspace()).expect("the scenarios");
    scenarios.into_iter().find(|scenario| scenario.name == name).expect("the scenario is there")
}

/// Renders `scenario` as `helm` does, with `more` values.
fn rendered(helm: &Helm, scenario: &str, more: &str) -> Result<Vec<Value>, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("more.yaml");
    fs::write(&file, more).expect("the values");
    let values: Vec<PathBuf> = scenario_values(scenario).into_iter().chain([file]).collect();
    let documents = helm.template(&render::chart(&workspace()), &values).map_err(|error| format!("{error:#}"))?;
    Ok(documents.iter().map(|text| from_yaml(text).unwrap_or_else(|error| panic!("{error}: {text}"))).collect())
}

fn scenario_values(name: &str) -> Vec<PathBuf> {
    scenario(name).values
}

fn of_kind<'d>(documents: &'d [Value], kind: &str, name: &str) -> &'d Value {
    let found = documents.iter().find(|document| document["kind"] == kind && document["metadata"]["name"] == name);
    found.unwrap_or_else(|| panic!("no {kind} {name}"))
}

#[test]
fn the_chart_passes_lint_in_each_scenario() {
    let Some(helm) = helm("the_chart_passes_lint_in_each_scenario") else { return };
    for Scenario { name, values, .. } in render::scenarios(&workspace()).expect("the scenarios") {
        helm.lint(&render::chart(&workspace()), &values).unwrap_or_else(|error| panic!("{name}: {error:#}"));
    }
}

#[test]
fn each_scenario_renders_to_its_golden_file() {
    let Some(helm) = helm("each_scenario_renders_to_its_golden_file") else { return };
    let scenarios = render::scenarios(&workspace()).expect("the scenarios");
    for scenario in &scenarios {
        let documents = helm.template(&render::chart(&workspace()), &scenario.values);
        let documents = documents.unwrap_or_else(|error| panic!("{}: {error:#}", scenario.name));
        render::compare(scenario, &documents, std::env::var_os(UPDATE).is_some()).expect(&scenario.name);
    }
    let folder = render::chart(&workspace()).join("tests/golden");
    let files = fs::read_dir(folder).expect("the folder").count();
    assert_eq!(files, scenarios.len(), "a golden file has no scenario");
}

#[test]
fn strict_schemas_accept_every_resource_and_refuse_a_wrong_one() {
    let name = "strict_schemas_accept_every_resource_and_refuse_a_wrong_one";
    let Some(helm) = helm(name) else { return };
    let Some(validator) = Validator::find(&workspace()).expect("kubeconform and its schemas") else {
        return skip(name, "kubeconform or Go, and python3 with its module venv");
    };
    let chart = render::chart(&workspace());
    let mut kinds = BTreeSet::new();
    for Scenario { name, values, .. } in render::scenarios(&workspace()).expect("the scenarios") {
        let documents = helm.template(&chart, &values).expect("the chart renders");
        validator.check(&documents).unwrap_or_else(|error| panic!("{name}: {error:#}"));
        for document in documents {
            let kind = document.lines().find_map(|line| line.strip_prefix("kind: ")).expect("a kind").to_owned();
            if !kinds.insert(kind.clone()) {
                continue;
            }
            let wrong = document.replacen("\nmetadata:", "\nunknown: 1\nmetadata:", 1);
            let error = validator.check(&[wrong]).expect_err(&kind).to_string();
            assert!(error.contains("unknown"), "{error}");
            if FOREIGN.contains(&kind.as_str()) {
                let wrong = document.replacen("\nspec:", "\nspec:\n  unknown: 1", 1);
                assert!(validator.check(&[wrong]).is_err(), "an unknown field in {kind}");
            }
        }
    }
    assert!(FOREIGN.iter().all(|kind| kinds.contains(*kind)), "{kinds:?}");
    let example = fs::read_to_string(chart.join("examples/external-secrets.yaml")).expect("the example");
    validator.check(&example.split("---\n").map(str::to_owned).collect::<Vec<_>>()).expect("the example");
}

#[test]
fn helm_and_its_sdk_render_the_same() {
    let name = "helm_and_its_sdk_render_the_same";
    let (Some(helm @ Helm::Program(_)), Some(sdk)) = (helm(name), Helm::sdk(&workspace()).expect("the SDK")) else {
        // Not a fault of a machine that has one of both.
        return eprintln!("skipped {name}: it needs helm and python3");
    };
    let chart = render::chart(&workspace());
    for Scenario { name, values, .. } in render::scenarios(&workspace()).expect("the scenarios") {
        let [one, other] = [&helm, &sdk].map(|helm| helm.template(&chart, &values).expect("the chart renders"));
        assert!(one == other, "{name} differs");
    }
}

/// Values that are refused: a scenario, values beside it, and words of each message.
const REFUSED: [(&str, &str, &[&str]); 18] = [
    ("minimal", "variables: { log_levl: warn }", &["log_levl"]),
    ("minimal", "variables: { reservation_seconds: 1200 }", &["reservation_seconds"]),
    ("minimal", "variables: { catalog_cache: all }", &["catalog_cache"]),
    ("minimal", "mode: other", &["mode"]),
    ("minimal", "secrets: { existingSecret: '' }", &SECRETS),
    ("minimal", "secrets: { values: { audit_secret: short } }", &["audit_secret", "minLength"]),
    ("minimal", "secrets: { generate: true }", &["existingSecret excludes"]),
    (
        "minimal",
        "image: { repository: '' }\nticker: { image: { repository: '' } }",
        &["image.repository", "ticker.image"],
    ),
    ("minimal", "runtimeConfig: { libsql: { url: '' } }", &["database of auth", "database of users"]),
    ("minimal", "runtimeConfig: { redis: { url: '' } }", &["runtimeConfig.redis.url is required for several"]),
    (
        "minimal",
        "ingress: { enabled: true }",
        &["trusted_proxies", "ingress.host", "tlsSecretName", "networkPolicy.from"],
    ),
    ("minimal", "httpRoute: { enabled: true }", &["httpRoute.hostnames", "httpRoute.parentRefs"]),
    ("minimal", "eventRelay: { enabled: true }", &["eventRelay.image.repository"]),
    ("minimal", "variables: { event_transport: redis }", &["needs eventRelay.enabled"]),
    ("minimal", "autoscaling: { enabled: true, minReplicas: 10 }", &["above autoscaling.maxReplicas"]),
    ("production", "networkPolicy: { metricsFrom: [] }", &["networkPolicy.metricsFrom"]),
    ("spinapp", "service: { create: false }", &["are for the mode deployment"]),
    ("spinapp", "deployment: { otlpEndpoint: http://collector:4318 }", &["otlpEndpoint has no effect"]),
];

/// The variables of spin.toml that have no default.
const SECRETS: [&str; 5] =
    ["audit_secret", "auth_key_secret", "payment_webhook_secret", "provider_token_secret", "service_token_secret"];

#[test]
fn values_that_would_end_a_pod_are_refused_with_their_names() {
    let Some(helm) = helm("values_that_would_end_a_pod_are_refused_with_their_names") else { return };
    for (scenario, values, words) in REFUSED {
        let error = rendered(&helm, scenario, values).expect_err(values);
        for word in words {
            assert!(error.contains(word), "{values}: no {word} in {error}");
        }
    }
    let variables = spin_variables();
    let required: BTreeSet<_> = variables.iter().filter(|(_, variable)| variable.get("required").is_some()).collect();
    assert_eq!(required.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), SECRETS);
}

/// Returns the variables of spin.toml, by name.
fn spin_variables() -> BTreeSet<(String, VariableFields)> {
    let manifest = fs::read_to_string(workspace().root().join("spin.toml")).expect("spin.toml");
    let manifest: toml::Table = manifest.parse().expect("spin.toml");
    let variables = manifest["variables"].as_table().expect("variables");
    let fields = |value: &toml::Value| value.as_table().expect("a table").keys().cloned().collect();
    variables.iter().map(|(name, value)| (name.clone(), fields(value))).collect()
}

/// The keys that a variable of spin.toml has.
type VariableFields = BTreeSet<String>;

#[test]
fn every_variable_of_the_manifest_can_be_set_in_both_modes() {
    let Some(helm) = helm("every_variable_of_the_manifest_can_be_set_in_both_modes") else { return };
    let expected: BTreeSet<String> = spin_variables().into_iter().map(|(name, _)| name).collect();
    let secret: BTreeSet<String> =
        spin_variables().into_iter().filter(|(_, fields)| fields.contains("secret")).map(|(name, _)| name).collect();

    let documents = rendered(&helm, "everything", "{}").expect("it renders");
    let container = &of_kind(&documents, "Deployment", "store")["spec"]["template"]["spec"]["containers"][0];
    let environment = container["env"].as_array().expect("env");
    let name = |entry: &Value| entry["name"].as_str()?.strip_prefix("SPIN_VARIABLE_").map(str::to_lowercase);
    assert_eq!(environment.iter().filter_map(name).collect::<BTreeSet<_>>(), expected);
    let from_secret = environment.iter().filter(|entry| entry["valueFrom"].get("secretKeyRef").is_some());
    assert_eq!(from_secret.filter_map(name).collect::<BTreeSet<_>>(), secret, "secrets are read from a Secret");

    let no_endpoint = "mode: spinApp\ncaCertificates: { existingConfigMap: '' }\ndeployment: { otlpEndpoint: '' }";
    let documents = rendered(&helm, "everything", no_endpoint).expect("it renders");
    let variables = of_kind(&documents, "SpinApp", "store")["spec"]["variables"].as_array().expect("variables");
    let names = variables.iter().filter_map(|variable| variable["name"].as_str().map(str::to_owned));
    assert_eq!(names.collect::<BTreeSet<_>>(), expected);

    let schema = fs::read_to_string(render::chart(&workspace()).join("values.schema.json")).expect("the schema");
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    let keys = |value: &Value| value["properties"].as_object().expect("properties").keys().cloned().collect();
    let plain: BTreeSet<String> = keys(&schema["properties"]["variables"]);
    let secrets: BTreeSet<String> = keys(&schema["properties"]["secrets"]["properties"]["values"]);
    assert_eq!((plain, secrets.clone()), (expected.difference(&secret).cloned().collect(), secret));
}

#[test]
fn the_relay_has_the_variables_of_its_manifest() {
    let Some(helm) = helm("the_relay_has_the_variables_of_its_manifest") else { return };
    let manifest = fs::read_to_string(workspace().relay_manifest()).expect("its manifest");
    let manifest: toml::Table = manifest.parse().expect("its manifest");
    let expected: BTreeSet<String> = manifest["variables"].as_table().expect("variables").keys().cloned().collect();
    let documents = rendered(&helm, "spinapp", "{}").expect("it renders");
    let relay = &of_kind(&documents, "SpinApp", "shop-spindle-event-relay")["spec"]["variables"];
    let names = relay.as_array().expect("variables").iter().filter_map(|variable| variable["name"].as_str());
    assert_eq!(names.map(str::to_owned).collect::<BTreeSet<_>>(), expected);
}

#[test]
fn the_runtime_configuration_has_each_database_and_store() {
    let Some(helm) = helm("the_runtime_configuration_has_each_database_and_store") else { return };
    let documents = rendered(&helm, "everything", "{}").expect("it renders");
    let secret = of_kind(&documents, "Secret", "store-runtime-config");
    let config: toml::Table =
        secret["stringData"]["runtime-config.toml"].as_str().expect("the file").parse().expect("it is TOML");
    let own = fs::read_to_string(workspace().root().join("runtime-config.toml")).expect("runtime-config.toml");
    let own: toml::Table = own.parse().expect("runtime-config.toml");
    for section in ["sqlite_database", "key_value_store"] {
        let labels =
            |table: &toml::Table| table[section].as_table().expect("a table").keys().cloned().collect::<Vec<_>>();
        assert_eq!(labels(&config), labels(&own));
    }
    let orders = &config["sqlite_database"]["orders"];
    assert_eq!((orders["url"].as_str(), orders["token"].as_str()), (Some("http://orders-db:8080"), Some("second")));
    assert_eq!(config["sqlite_database"]["users"]["url"].as_str(), Some("https://users.db.example"));
}

#[test]
fn what_a_pod_reads_at_its_start_replaces_it() {
    let Some(helm) = helm("what_a_pod_reads_at_its_start_replaces_it") else { return };
    let annotations = |scenario: &str, kind: &str, name: &str, values: &str| {
        let documents = rendered(&helm, scenario, values).expect(values);
        let spec = &of_kind(&documents, kind, name)["spec"];
        let template =
            if kind == "SpinApp" { &spec["podAnnotations"] } else { &spec["template"]["metadata"]["annotations"] };
        template.clone()
    };
    let changes = [
        "variables: { shop_name: Other }",
        "secrets: { revision: '3' }",
        "secrets: { existingSecret: other }",
        "runtimeConfig: { existingSecret: other }",
    ];
    for (scenario, kind, name) in [("minimal", "Deployment", "shop-spindle"), ("spinapp", "SpinApp", "shop-spindle")] {
        let before = annotations(scenario, kind, name, "{}");
        assert_eq!(annotations(scenario, kind, name, "{}"), before, "nothing has changed");
        for values in changes {
            assert_ne!(annotations(scenario, kind, name, values), before, "{kind}: {values}");
        }
    }
    let (kind, name) = ("Deployment", "store");
    let rotated = "secrets: { values: { audit_secret: another-secret-0123456789abcdef0123456789 } }";
    assert_ne!(annotations("everything", kind, name, rotated), annotations("everything", kind, name, "{}"));
}

#[test]
fn generated_secrets_are_long_and_complete() {
    let Some(helm) = helm("generated_secrets_are_long_and_complete") else { return };
    let values = "secrets: { existingSecret: '', generate: true }";
    let documents = rendered(&helm, "minimal", values).expect("it renders");
    let data = of_kind(&documents, "Secret", "shop-spindle-secrets")["data"].as_object().expect("data").clone();
    for name in SECRETS {
        // 48 bytes in base64.
        assert_eq!(data[name].as_str().map(str::len), Some(64), "{name}");
    }
}

#[test]
fn rules_and_dashboards_are_those_of_observability() {
    let Some(helm) = helm("rules_and_dashboards_are_those_of_observability") else { return };
    for (path, text) in observability::copies(&workspace()).expect("the files") {
        let copy = fs::read_to_string(&path).unwrap_or_default();
        assert!(copy == text, "{} is another one; `cargo xtask observability` writes it", path.display());
    }
    let documents = rendered(&helm, "production", "{}").expect("it renders");
    let folder = observability::folder(&workspace());
    for name in ["slo", "platform"] {
        let text = fs::read_to_string(folder.join(format!("prometheus/rules/{name}.yaml"))).expect("the rules");
        let rules = of_kind(&documents, "PrometheusRule", &format!("shop-spindle-{name}"));
        assert_eq!(rules["spec"], from_yaml(text.trim_start().trim_start_matches("---")).expect("the rules"));
    }
    let dashboards = of_kind(&documents, "ConfigMap", "shop-spindle-dashboards")["data"].as_object().expect("data");
    let mut count = 0;
    for entry in fs::read_dir(folder.join("dashboards")).expect("the dashboards") {
        let file = entry.expect("an entry").path();
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        assert_eq!(dashboards[&name], fs::read_to_string(file).expect("a dashboard"));
        count += 1;
    }
    assert_eq!(dashboards.len(), count);
}
