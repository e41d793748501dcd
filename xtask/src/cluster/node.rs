//! The node: containerd, kubelet and kube-proxy, the network of its pods, and names of Services.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::control_plane::{logs, option};
use super::kubectl::Kubectl;
use super::namespace::{NODE_ADDRESS, NODE_NAME, Namespace};
use super::process::{Process, wait_for};
use super::programs::Programs;
use super::registry::{REGISTRY, Registry};

/// The programs of a node, without those that only Spindle needs.
pub const TOOLS: [&str; 5] = ["containerd", "containerd-shim-runc-v2", "runc", "kubelet", "kube-proxy"];

/// The shim that runs applications of Spin.
pub const SPIN_SHIM: &str = "containerd-shim-spin-v2";

/// The class of pods that are applications of Spin, as SpinKube names it.
pub const RUNTIME_CLASS: &str = "wasmtime-spin-v2";

/// The addresses of pods.
const PODS: &str = "10.244.0.0/16";

/// The folder of Debian's network plugins.
const CNI_PLUGINS: &str = "/usr/lib/cni";

/// The network plugins that are needed.
const CNI_NAMES: [&str; 4] = ["bridge", "host-local", "loopback", "portmap"];

/// containerd's socket.
pub const SOCKET: &str = "/run/containerd/containerd.sock";

/// The longest time until the node is ready.
const READY: Duration = Duration::from_secs(120);

/// A node. Dropping it ends its programs; its pods end with the namespace.
#[derive(Debug)]
pub struct Node {
    /// DNS, if CoreDNS is there.
    coredns: Option<Process>,
    _kube_proxy: Process,
    _kubelet: Process,
    _containerd: Process,
}

impl Node {
    /// Returns what a node needs and this machine does not have.
    pub fn missing(programs: &Programs) -> Vec<String> {
        let mut missing: Vec<String> = programs.missing(&TOOLS).into_iter().map(str::to_owned).collect();
        let plugins = CNI_NAMES.iter().filter(|name| !Path::new(CNI_PLUGINS).join(name).is_file());
        missing.extend(plugins.map(|name| format!("{CNI_PLUGINS}/{name}")));
        missing
    }

    /// Starts it with images from `registry`, and waits until it is ready for pods.
    ///
    /// # Errors
    ///
    /// If a program does not start, or the node is not ready in time.
    pub fn start(programs: &Programs, namespace: &Namespace, kubectl: &Kubectl, registry: &Registry) -> Result<Self> {
        let folder = namespace.folder().join("node");
        let logs = logs(namespace);
        namespace.make_cgroups()?;
        let config = Config::write(&folder, registry.pause_image(), &namespace.cgroup())?;

        let mut containerd = programs.command("containerd")?;
        containerd.arg("--config").arg(&config.containerd);
        let mut containerd = Process::start("containerd", containerd, &logs)?;
        wait_for("containerd's socket", READY, || {
            containerd.check_alive()?;
            ensure!(Path::new(SOCKET).exists(), "{SOCKET} is missing");
            Ok(())
        })?;

        let mut kubelet = programs.command("kubelet")?;
        kubelet.args([option("--config", &config.kubelet), option("--kubeconfig", kubectl.kubeconfig())]);
        kubelet.args([option("--root-dir", &folder.join("kubelet")), option("--cert-dir", &folder.join("pki"))]);
        kubelet.args([format!("--hostname-override={NODE_NAME}"), format!("--node-ip={NODE_ADDRESS}")]);
        let mut kubelet = Process::start("kubelet", kubelet, &logs)?;

        let mut kube_proxy = programs.command("kube-proxy")?;
        kube_proxy.arg(option("--kubeconfig", kubectl.kubeconfig())).arg(format!("--hostname-override={NODE_NAME}"));
        kube_proxy
            .args(["--proxy-mode=iptables", "--detect-local-mode=ClusterCIDR"])
            .arg(format!("--cluster-cidr={PODS}"));
        // The kernel's limits are those of the whole machine.
        kube_proxy.args(["--conntrack-max-per-core=0", "--conntrack-min=0"]);
        kube_proxy.args(["--conntrack-tcp-timeout-established=0s", "--conntrack-tcp-timeout-close-wait=0s"]);
        let mut kube_proxy = Process::start("kube-proxy", kube_proxy, &logs)?;

        wait_for("a ready node", READY, || {
            containerd.check_alive()?;
            kubelet.check_alive()?;
            kube_proxy.check_alive()?;
            kubectl.run(&["wait", "--for=condition=Ready", &format!("node/{NODE_NAME}"), "--timeout=2s"])
        })?;
        let coredns = match programs.path("coredns") {
            Some(_) => Some(start_dns(programs, namespace, kubectl)?),
            None => None,
        };
        Ok(Self { coredns, _kube_proxy: kube_proxy, _kubelet: kubelet, _containerd: containerd })
    }

    /// Returns whether pods can resolve the names of Services.
    pub fn has_dns(&self) -> bool {
        self.coredns.is_some()
    }
}

/// Applies the class of pods that are applications of Spin.
///
/// # Errors
///
/// If the server refuses it.
pub fn apply_runtime_class(kubectl: &Kubectl) -> Result<()> {
    let class = json!({
        "apiVersion": "node.k8s.io/v1",
        "kind": "RuntimeClass",
        "metadata": { "name": RUNTIME_CLASS },
        "handler": "spin",
    });
    kubectl.apply(&class.to_string(), &[]).map(drop)
}

/// Starts CoreDNS, which resolves the names of Services for pods and for this namespace.
fn start_dns(programs: &Programs, namespace: &Namespace, kubectl: &Kubectl) -> Result<Process> {
    let file = namespace.folder().join("Corefile");
    let kubeconfig = kubectl.kubeconfig().display();
    let text = format!(
        ".:53 {{\n    bind {NODE_ADDRESS}\n    errors\n    kubernetes cluster.local {{\n        kubeconfig {kubeconfig}\n        ttl 0\n    }}\n}}\n"
    );
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    let mut coredns = programs.command("coredns")?;
    coredns.arg("-conf").arg(&file);
    Process::start("coredns", coredns, &logs(namespace))
}

/// The configuration files of a node.
struct Config {
    containerd: std::path::PathBuf,
    kubelet: std::path::PathBuf,
}

impl Config {
    fn write(folder: &Path, pause_image: &str, cgroup: &str) -> Result<Self> {
        let write = |name: &str, text: String| {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder))
                .and_then(|()| fs::write(&path, text))
                .with_context(|| format!("cannot write {}", path.display()))?;
            Ok::<_, anyhow::Error>(path)
        };
        write("cni/10-pods.conflist", pod_network().to_string())?;
        write(&format!("registries/{REGISTRY}/hosts.toml"), format!("server = \"http://{REGISTRY}\"\n"))?;
        Ok(Self {
            containerd: write("containerd.toml", containerd(folder, pause_image))?,
            kubelet: write("kubelet.json", kubelet(folder, cgroup).to_string())?,
        })
    }
}

fn pod_network() -> serde_json::Value {
    json!({
        "cniVersion": "1.0.0",
        "name": "pods",
        "plugins": [
            {
                "type": "bridge",
                "bridge": "pods0",
                "isGateway": true,
                // A pod reaches itself through its Service.
                "hairpinMode": true,
                "ipam": {
                    "type": "host-local",
                    "ranges": [[{ "subnet": PODS }]],
                    "routes": [{ "dst": "0.0.0.0/0" }],
                    "dataDir": "/run/cni",
                },
            },
            { "type": "portmap", "capabilities": { "portMappings": true } },
        ],
    })
}

fn containerd(folder: &Path, pause_image: &str) -> String {
    let folder = folder.display();
    format!(
        r#"version = 3
root = "{folder}/containerd"
state = "/run/containerd"

[grpc]
address = "{SOCKET}"

[plugins."io.containerd.cri.v1.runtime"]
# Without CAP_SYS_RESOURCE, which containers of root often lack, a score cannot be lowered.
restrict_oom_score_adj = true

[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = ["{CNI_PLUGINS}"]
conf_dir = "{folder}/cni"

[plugins."io.containerd.cri.v1.runtime".containerd]
default_runtime_name = "runc"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.spin]
runtime_type = "io.containerd.spin.v2"

[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "{pause_image}"

[plugins."io.containerd.cri.v1.images".registry]
config_path = "{folder}/registries"
"#
    )
}

fn kubelet(folder: &Path, cgroup: &str) -> serde_json::Value {
    json!({
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": NODE_ADDRESS,
        // Only this namespace reaches it.
        "authentication": { "anonymous": { "enabled": true }, "webhook": { "enabled": false } },
        "authorization": { "mode": "AlwaysAllow" },
        "containerRuntimeEndpoint": format!("unix://{SOCKET}"),
        "clusterDNS": [NODE_ADDRESS],
        "clusterDomain": "cluster.local",
        "podLogsDir": folder.join("pod-logs"),
        "volumePluginDir": folder.join("volume-plugins"),
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": format!("/{cgroup}"),
        "enforceNodeAllocatable": [],
        "failCgroupV1": false,
        "failSwapOn": false,
        "resolvConf": "",
        "localStorageCapacityIsolation": false,
        // The shim compiles an application when its first container is made, which takes minutes on a busy machine.
        "runtimeRequestTimeout": "10m",
        // A full disk or a busy machine must not evict the pods of the check.
        "evictionHard": { "memory.available": "0%", "nodefs.available": "0%", "imagefs.available": "0%", "nodefs.inodesFree": "0%" },
        "imageGCHighThresholdPercent": 100,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_of_containerd_is_toml_with_the_runtime_of_spin() {
        let text = containerd(Path::new("/tmp/node"), "10.200.0.1:5000/pause:1");
        let config: toml::Table = toml::from_str(&text).unwrap();
        let plugins = &config["plugins"];
        let runtimes = &plugins["io.containerd.cri.v1.runtime"]["containerd"]["runtimes"];
        assert_eq!(runtimes["spin"]["runtime_type"].as_str(), Some("io.containerd.spin.v2"));
        let images = &plugins["io.containerd.cri.v1.images"];
        assert_eq!(images["pinned_images"]["sandbox"].as_str(), Some("10.200.0.1:5000/pause:1"));
        assert_eq!(images["registry"]["config_path"].as_str(), Some("/tmp/node/registries"));
    }
}
