//! The control plane: etcd, the API server, the controller manager and the scheduler, with keys that are made for one run.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use serde_json::json;

use super::kubectl::Kubectl;
use super::namespace::{NODE_ADDRESS, Namespace};
use super::process::{Process, wait_for};
use super::programs::Programs;

/// The addresses of Services.
const SERVICES: &str = "10.96.0.0/16";

/// The names of the API server in its certificate. The last is the address of the Service `kubernetes`.
const NAMES: [&str; 7] =
    ["localhost", "127.0.0.1", NODE_ADDRESS, "kubernetes", "kubernetes.default", "kubernetes.default.svc", "10.96.0.1"];

/// The longest time until the API server serves.
const READY: Duration = Duration::from_secs(120);

/// The programs of the control plane, and its client.
pub const TOOLS: [&str; 5] = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"];

/// A control plane. Dropping it ends it.
#[derive(Debug)]
pub struct ControlPlane {
    kubectl: Kubectl,
    // In the order in which they are ended.
    _scheduler: Process,
    _controller_manager: Process,
    _api_server: Process,
    _etcd: Process,
}

impl ControlPlane {
    /// Starts it, and waits until it is ready.
    ///
    /// # Errors
    ///
    /// If a program does not start, or is not ready in time.
    pub fn start(programs: &Programs, namespace: &Namespace) -> Result<Self> {
        let folder = namespace.folder().join("control-plane");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let files = Files::write(&folder)?;
        let logs = logs(namespace);

        let mut etcd = programs.command("etcd")?;
        etcd.arg("--data-dir").arg(folder.join("etcd"));
        etcd.args(["--listen-client-urls=http://127.0.0.1:2379", "--advertise-client-urls=http://127.0.0.1:2379"]);
        etcd.args(["--listen-peer-urls=http://127.0.0.1:2380", "--log-level=warn"]);
        let mut etcd = Process::start("etcd", etcd, &logs)?;

        let mut api_server = programs.command("kube-apiserver")?;
        api_server.args([
            "--etcd-servers=http://127.0.0.1:2379",
            "--authorization-mode=Node,RBAC",
            "--allow-privileged",
        ]);
        api_server
            .args([format!("--advertise-address={NODE_ADDRESS}"), format!("--service-cluster-ip-range={SERVICES}")]);
        api_server.arg("--service-account-issuer=https://kubernetes.default.svc");
        api_server.args([
            option("--tls-cert-file", &files.server_cert),
            option("--tls-private-key-file", &files.server_key),
            option("--token-auth-file", &files.tokens),
            option("--service-account-key-file", &files.account_public_key),
            option("--service-account-signing-key-file", &files.account_key),
        ]);
        let mut api_server = Process::start("kube-apiserver", api_server, &logs)?;

        let kubectl = Kubectl::new(programs.path("kubectl").context("kubectl is missing")?, files.kubeconfig.clone());
        wait_for("a ready API server", READY, || {
            etcd.check_alive()?;
            api_server.check_alive()?;
            kubectl.run(&["get", "--raw", "/readyz"])
        })?;

        let mut controller_manager = programs.command("kube-controller-manager")?;
        controller_manager.arg("--leader-elect=false").arg(format!("--service-cluster-ip-range={SERVICES}"));
        controller_manager.args([
            option("--kubeconfig", &files.kubeconfig),
            option("--service-account-private-key-file", &files.account_key),
            option("--root-ca-file", &files.ca),
        ]);
        let mut controller_manager = Process::start("kube-controller-manager", controller_manager, &logs)?;
        let mut scheduler = programs.command("kube-scheduler")?;
        scheduler.arg("--leader-elect=false").arg(option("--kubeconfig", &files.kubeconfig));
        let mut scheduler = Process::start("kube-scheduler", scheduler, &logs)?;
        wait_for("the service account of the namespace default", READY, || {
            controller_manager.check_alive()?;
            scheduler.check_alive()?;
            kubectl.run(&["get", "serviceaccount", "default"])
        })?;
        Ok(Self {
            kubectl,
            _scheduler: scheduler,
            _controller_manager: controller_manager,
            _api_server: api_server,
            _etcd: etcd,
        })
    }

    /// Returns the client of its administrator.
    pub fn kubectl(&self) -> &Kubectl {
        &self.kubectl
    }
}

/// Returns the folder of logs.
pub fn logs(namespace: &Namespace) -> PathBuf {
    namespace.folder().join("logs")
}

/// Returns an option whose value is a path.
pub fn option(name: &str, path: &Path) -> String {
    format!("{name}={}", path.display())
}

/// The files of the control plane.
#[derive(Debug)]
struct Files {
    ca: PathBuf,
    server_cert: PathBuf,
    server_key: PathBuf,
    account_key: PathBuf,
    account_public_key: PathBuf,
    tokens: PathBuf,
    kubeconfig: PathBuf,
}

impl Files {
    fn write(folder: &Path) -> Result<Self> {
        let write = |name: &str, text: &str| -> Result<PathBuf> {
            let path = folder.join(name);
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
            Ok(path)
        };
        let (ca_key, server_key, account_key) = (KeyPair::generate()?, KeyPair::generate()?, KeyPair::generate()?);
        let mut ca = CertificateParams::default();
        ca.distinguished_name.push(DnType::CommonName, "Spindle cluster check");
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let ca_cert = ca.self_signed(&ca_key)?;
        let mut server = CertificateParams::new(NAMES.map(str::to_owned))?;
        server.distinguished_name.push(DnType::CommonName, "kube-apiserver");
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let server_cert = server.signed_by(&server_key, &Issuer::new(ca, ca_key))?;
        let mut token = [0; 16];
        getrandom::fill(&mut token).context("the system gives no random bytes")?;
        let token = base16ct::lower::encode_string(&token);
        Ok(Self {
            ca: write("ca.pem", &ca_cert.pem())?,
            server_cert: write("server.pem", &server_cert.pem())?,
            server_key: write("server-key.pem", &server_key.serialize_pem())?,
            account_key: write("account-key.pem", &account_key.serialize_pem())?,
            account_public_key: write("account-public-key.pem", &account_key.public_key_pem())?,
            tokens: write("tokens.csv", &format!("{token},admin,admin,\"system:masters\"\n"))?,
            // JSON is YAML.
            kubeconfig: write("kubeconfig", &kubeconfig(&ca_cert.pem(), &token).to_string())?,
        })
    }
}

/// Returns the configuration of a client with `token` that trusts exactly `ca`.
fn kubeconfig(ca: &str, token: &str) -> serde_json::Value {
    let server = format!("https://{NODE_ADDRESS}:6443");
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{
            "name": "check",
            "cluster": { "server": server, "certificate-authority-data": BASE64_STANDARD.encode(ca) },
        }],
        "users": [{ "name": "admin", "user": { "token": token } }],
        "contexts": [{ "name": "check", "context": { "cluster": "check", "user": "admin" } }],
        "current-context": "check",
    })
}
