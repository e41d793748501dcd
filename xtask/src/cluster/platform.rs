//! Spindle on the node: the chart with the shim and images of the registry, an order through the Service, a pod killed and an update under load.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::chart::{self, Helm, RELEASE, secret, secrets};
use super::control_plane::logs;
use super::kubectl::Kubectl;
use super::load::{self, Visitor};
use super::namespace::{NODE_ADDRESS, Namespace};
use super::node::{SOCKET, SPIN_SHIM};
use super::process::{self, Process, wait_for};
use super::programs::Programs;
use super::registry::{self, REGISTRY};
use crate::admin::{self, Credentials};
use crate::http::Client;
use crate::seed::import;
use crate::workspace::Workspace;

/// The programs that this needs beside those of the node.
pub const TOOLS: [&str; 5] = [SPIN_SHIM, "helm", "ctr", "redis-server", "coredns"];

/// The images of `cargo xtask image`, by the names of their layouts.
const IMAGES: [&str; 2] = ["spindle", "spindle-ticker"];

/// The namespace of the release.
const NAMESPACE: &str = "shop";

/// The folder of the databases in a pod.
const DATABASES: &str = "/databases";

/// The user of the chart's pods.
const ADMIN: &str = "admin@example.com";

/// The replicas.
const REPLICAS: u64 = 3;

/// The longest time until all replicas are ready after a change.
const READY: Duration = Duration::from_secs(300);

/// Returns the folder of the images that `cargo xtask image` writes, if all are there.
pub fn images(workspace: &Workspace) -> Option<PathBuf> {
    let folder = workspace.target_dir().join("images");
    IMAGES.iter().all(|name| folder.join(name).join("index.json").is_file()).then_some(folder)
}

/// Spindle on the node.
#[derive(Debug)]
pub struct Platform<'p> {
    programs: &'p Programs,
    namespace: &'p Namespace,
    kubectl: &'p Kubectl,
    chart: PathBuf,
    values: Value,
    /// The replicas that the values name.
    replicas: u64,
    base: String,
    buyers: Vec<Visitor>,
    product: String,
    _redis: Process,
}

impl<'p> Platform<'p> {
    /// Pushes the images, installs the chart, and waits until it is complete.
    ///
    /// # Errors
    ///
    /// If it does not become so.
    pub fn install(
        programs: &'p Programs,
        namespace: &'p Namespace,
        kubectl: &'p Kubectl,
        images: &Path,
        chart: PathBuf,
    ) -> Result<Self> {
        let mut values = values();
        for (name, image) in [("spindle", "/image"), ("spindle-ticker", "/ticker/image")] {
            let (repository, tag) = push(programs, &images.join(name), name)?;
            let place = values.pointer_mut(image).context("the values have no image")?;
            *place = json!({ "repository": repository, "tag": tag });
        }
        let redis = start_redis(programs, namespace)?;
        kubectl.run(&["create", "namespace", NAMESPACE])?;
        let folder = namespace.folder().join("databases");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        fs::set_permissions(&folder, Permissions::from_mode(0o777))?;
        share_databases(kubectl, &folder)?;
        let config = json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": { "name": "runtime-config", "namespace": NAMESPACE },
            "stringData": { "runtime-config.toml": runtime_config() },
        });
        kubectl.apply(&config.to_string(), &[])?;
        let mut platform = Self {
            programs,
            namespace,
            kubectl,
            chart,
            values,
            replicas: 1,
            base: String::new(),
            buyers: Vec::new(),
            product: String::new(),
            _redis: redis,
        };
        // The first one alone: the shim compiles the application once for the node.
        platform.scale(1)?;
        platform.scale(REPLICAS)?;
        let service = kubectl.get(&["service", RELEASE, "-n", NAMESPACE])?;
        let address = service["spec"]["clusterIP"].as_str().context("the Service has no address")?;
        Ok(Self { base: format!("http://{address}"), ..platform })
    }

    fn helm<'h>(&'h self, folder: &'h Path) -> Helm<'h> {
        Helm { programs: self.programs, kubectl: self.kubectl, folder, namespace: NAMESPACE }
    }

    fn folder(&self) -> PathBuf {
        self.namespace.folder().join("platform")
    }

    fn scale(&mut self, replicas: u64) -> Result<()> {
        self.replicas = replicas;
        self.values["replicas"] = replicas.into();
        let start = Instant::now();
        self.upgrade()?;
        println!("{replicas} replicas are ready after {:.0} s", start.elapsed().as_secs_f64());
        Ok(())
    }

    fn upgrade(&self) -> Result<()> {
        self.helm(&self.folder()).upgrade(&self.chart, &self.values)?;
        wait_for("all replicas", READY, || {
            let ready = chart::application(self.kubectl, NAMESPACE)?.ready;
            ensure!(ready == self.replicas, "{ready} of {} are ready", self.replicas);
            Ok(())
        })
    }

    /// Adds a product and customers, and buys through the Service; the ticker of the release does the rest.
    ///
    /// # Errors
    ///
    /// If the order is not paid.
    pub fn buy(&mut self) -> Result<()> {
        let client = Client::new(&self.base).with_timeout(Duration::from_secs(30));
        let credentials = Credentials { email: ADMIN.to_owned(), password: secret("bootstrap_admin_password") };
        let admin = admin::log_in(&client, &credentials)?.context("the login of the first admin is refused")?;
        let line = json!({
            "sku": "check-lamp",
            "name": "Lamp",
            "price": { "amount": 1299, "currency": "EUR" },
            "category": "lamps",
            "stock": { "on_hand": 100_000 },
        });
        import::import(&admin, &line.to_string())?;
        let visitor = Visitor::new(&self.base);
        let (_, products) = visitor.get("/v1/products?limit=1")?;
        let product = products["items"][0]["id"].as_str().context("there is no product")?;
        self.product = product.to_owned();
        self.buyers = ["ada", "grace"].into_iter().map(|name| visitor.register(name)).collect::<Result<_>>()?;
        let buyer = self.buyers.first().context("there is no buyer")?;
        let time = buyer.buy(&self.product, "the-first-order")?;
        println!("an order was paid {:.1} s after its request", time.as_secs_f64());
        Ok(())
    }

    /// Runs the smoke test of the release.
    ///
    /// # Errors
    ///
    /// If it fails.
    pub fn helm_test(&self) -> Result<()> {
        self.helm(&self.folder()).run(&["test", RELEASE, "--logs", "--timeout", "3m"]).map(drop)
    }

    /// Kills the process of one replica under load.
    ///
    /// # Errors
    ///
    /// If an order is lost, or the replica is not back in time.
    pub fn kill_one(&self) -> Result<()> {
        let pods = self.pods()?;
        let (name, container) = pods.first().context("there is no pod")?;
        let (counts, orders) = load::during(&self.base, &self.buyers, &self.product, || {
            let mut kill = self.programs.command("ctr")?;
            kill.args([
                "--address",
                SOCKET,
                "--namespace",
                "k8s.io",
                "tasks",
                "kill",
                "--signal",
                "SIGKILL",
                container,
            ]);
            process::output(&mut kill)?;
            wait_for("the restarted replica", READY, || {
                let pod = self.kubectl.get(&["pod", name, "-n", NAMESPACE])?;
                let status = &pod["status"]["containerStatuses"][0];
                ensure!(status["restartCount"].as_u64() > Some(0) && status["ready"] == true, "{}", status["state"]);
                Ok(())
            })
        })?;
        println!(
            "one of {REPLICAS} replicas killed: {}; {orders} orders accepted, each there once and paid",
            counts.text()
        );
        Ok(())
    }

    /// Replaces all pods under load, by a changed variable.
    ///
    /// # Errors
    ///
    /// If a request fails, or an order is lost.
    pub fn update(&mut self) -> Result<()> {
        let before = self.pods()?;
        self.values["variables"]["log_level"] = "warn".into();
        let (counts, orders) = load::during(&self.base, &self.buyers, &self.product, || self.upgrade())?;
        let after = self.pods()?;
        let kept = after.iter().filter(|pod| before.contains(pod)).count();
        ensure!(kept == 0, "{kept} pods were not replaced");
        println!("{REPLICAS} replicas replaced: {}; {orders} orders accepted, each there once and paid", counts.text());
        ensure!(counts.failed() == 0, "{}", counts.text());
        Ok(())
    }

    /// Removes the release, and checks that nothing of it is left.
    ///
    /// # Errors
    ///
    /// If something is.
    pub fn uninstall(&self) -> Result<()> {
        self.kubectl.run(&["delete", "secret", "runtime-config", "-n", NAMESPACE])?;
        self.helm(&self.folder()).uninstall()
    }

    /// Returns the pods of the application that are not about to end: their names and the ids of their containers.
    fn pods(&self) -> Result<Vec<(String, String)>> {
        let pods = self.kubectl.list(&["pods", "-n", NAMESPACE, "-l", "app.kubernetes.io/component=application"])?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let current = pods.iter().filter(|pod| pod["metadata"]["deletionTimestamp"].is_null());
        Ok(current
            .map(|pod| {
                let id = text(&pod["status"]["containerStatuses"][0]["containerID"]);
                (text(&pod["metadata"]["name"]), id.trim_start_matches("containerd://").to_owned())
            })
            .collect())
    }
}

/// Pushes the image in an OCI layout, and returns its repository and tag.
fn push(programs: &Programs, layout: &Path, name: &str) -> Result<(String, String)> {
    let text = fs::read_to_string(layout.join("index.json"))?;
    let index: Value = serde_json::from_str(&text).with_context(|| format!("{} has no index", layout.display()))?;
    let tag = tag(&index).with_context(|| format!("{} names no image", layout.display()))?;
    registry::push(programs, &format!("{}:{tag}", layout.display()), &format!("{name}:{tag}"))?;
    Ok((format!("{REGISTRY}/{name}"), tag))
}

/// Returns the name of the image in the index of a layout: what belongs to it has none.
fn tag(index: &Value) -> Option<String> {
    let name =
        |manifest: &Value| manifest["annotations"]["org.opencontainers.image.ref.name"].as_str().map(str::to_owned);
    index["manifests"].as_array()?.iter().find_map(name)
}

fn start_redis(programs: &Programs, namespace: &Namespace) -> Result<Process> {
    let mut redis: Command = programs.command("redis-server")?;
    redis.args(["--bind", NODE_ADDRESS, "--protected-mode", "no", "--save", "", "--appendonly", "no"]);
    redis.current_dir(namespace.folder());
    let mut redis = Process::start("redis-server", redis, &logs(namespace))?;
    wait_for("Redis", Duration::from_secs(10), || {
        redis.check_alive()?;
        std::net::TcpStream::connect((NODE_ADDRESS, 6379)).context("cannot connect")
    })?;
    Ok(redis)
}

/// Gives the pods of the application a folder of the node for their databases: SQLite's locks hold between processes of one machine.
fn share_databases(kubectl: &Kubectl, folder: &Path) -> Result<()> {
    let volume = format!(
        r#"JSONPatch{{op: "add", path: "/spec/volumes/-", value: Object.spec.volumes{{
            name: "databases", hostPath: Object.spec.volumes.hostPath{{path: "{}"}}}}}}"#,
        folder.display()
    );
    let mount = format!(
        r#"JSONPatch{{op: "add", path: "/spec/containers/0/volumeMounts/-",
            value: Object.spec.containers.volumeMounts{{name: "databases", mountPath: "{DATABASES}"}}}}"#
    );
    let component = "app.kubernetes.io/component";
    let policy = json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingAdmissionPolicy",
        "metadata": { "name": "databases" },
        "spec": {
            "failurePolicy": "Fail",
            "reinvocationPolicy": "Never",
            "matchConstraints": { "resourceRules": [
                { "apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"] },
            ] },
            "matchConditions": [{
                "name": "application",
                "expression": format!(
                    r#"has(object.metadata.labels) && "{component}" in object.metadata.labels
                        && object.metadata.labels["{component}"] == "application""#
                ),
            }],
            "mutations": [{ "patchType": "JSONPatch", "jsonPatch": { "expression": format!("[{volume}, {mount}]") } }],
        },
    });
    kubectl.apply(&policy.to_string(), &[])?;
    let binding = json!({
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingAdmissionPolicyBinding",
        "metadata": { "name": "databases" },
        "spec": { "policyName": "databases" },
    });
    kubectl.apply(&binding.to_string(), &[])?;
    wait_for("the policy of the databases", Duration::from_secs(30), || {
        let pod = json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": { "name": "trial", "namespace": NAMESPACE, "labels": { component: "application" } },
            "spec": {
                "volumes": [{ "name": "own", "emptyDir": {} }],
                "containers": [{
                    "name": "trial", "image": "trial", "volumeMounts": [{ "name": "own", "mountPath": "/own" }],
                }],
            },
        });
        let applied = kubectl.apply(&pod.to_string(), &["--dry-run=server", "-o", "json"])?;
        ensure!(applied.contains(DATABASES), "the policy has no effect yet");
        Ok(())
    })
}

/// Returns the places of databases and stores that all replicas on the node share.
fn runtime_config() -> String {
    let databases = ["auth", "catalog", "notifications", "orders", "payments", "users"];
    let database =
        |name: &&str| format!("[sqlite_database.{name}]\ntype = \"spin\"\npath = \"{DATABASES}/{name}.db\"\n");
    let stores = ["edge", "cache"];
    let store =
        |name: &&str| format!("[key_value_store.{name}]\ntype = \"redis\"\nurl = \"redis://{NODE_ADDRESS}:6379\"\n");
    databases.iter().map(database).chain(stores.iter().map(store)).collect()
}

fn values() -> Value {
    let unlimited = "1000000/60";
    json!({
        "image": null,
        "ticker": { "image": null },
        "secrets": { "values": secrets("bootstrap_admin_password") },
        "runtimeConfig": { "existingSecret": "runtime-config" },
        "resources": { "requests": { "cpu": "100m", "memory": "128Mi" }, "limits": { "memory": "2Gi" } },
        "variables": {
            "bootstrap_admin_email": ADMIN,
            "customer_max_unpaid_orders": "1000000",
            "customer_max_unpaid_pieces": "1000000",
            "rate_limit_auth": unlimited,
            "rate_limit_read": unlimited,
            "rate_limit_write": unlimited,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_of_a_layout_is_the_one_with_a_name() {
        let index = json!({ "manifests": [
            { "digest": "sha256:1", "artifactType": "application/vnd.cyclonedx+json" },
            { "digest": "sha256:2", "annotations": { "org.opencontainers.image.ref.name": "0.1.0" } },
        ] });
        assert_eq!(tag(&index).as_deref(), Some("0.1.0"));
        assert_eq!(tag(&json!({ "manifests": [] })), None);
    }

    #[test]
    fn every_label_of_the_application_has_a_place() {
        let workspace = Workspace::locate();
        let text = fs::read_to_string(workspace.runtime_config()).unwrap();
        let [ours, theirs]: [toml::Table; 2] = [runtime_config(), text].map(|text| toml::from_str(&text).unwrap());
        for kind in ["sqlite_database", "key_value_store"] {
            let labels = |config: &toml::Table| config[kind].as_table().unwrap().keys().cloned().collect::<Vec<_>>();
            assert_eq!(labels(&ours), labels(&theirs), "{kind}");
        }
    }
}
