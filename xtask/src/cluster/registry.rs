//! The registry of the cluster: Debian's docker-registry on the node, and the images that the check makes itself.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::control_plane::logs;
use super::namespace::Namespace;
use super::process::{self, Process, wait_for};
use super::programs::Programs;
use crate::http::Client;

/// The address of the registry, which speaks plain HTTP.
pub const REGISTRY: &str = "10.200.0.1:5000";

/// The programs of the registry, and those that make the pause image.
pub const TOOLS: [&str; 4] = ["docker-registry", "skopeo", "cc", "tar"];

/// The longest time until the registry serves.
const READY: Duration = Duration::from_secs(30);

/// The first process of each pod: it holds the pod's namespaces, and waits for the processes that others leave behind.
const PAUSE: &str = r"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void end(int signal) { _exit(0); }
static void reap(int signal) { while (waitpid(-1, 0, WNOHANG) > 0); }

int main(void) {
    signal(SIGINT, end);
    signal(SIGTERM, end);
    signal(SIGCHLD, reap);
    for (;;) pause();
}
";

/// A registry. Dropping it ends it.
#[derive(Debug)]
pub struct Registry {
    pause_image: String,
    _process: Process,
}

impl Registry {
    /// Starts an empty registry, and pushes the pause image.
    ///
    /// # Errors
    ///
    /// If it does not serve, or the image cannot be made.
    pub fn start(programs: &Programs, namespace: &Namespace) -> Result<Self> {
        let folder = namespace.folder().join("registry");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let config = folder.join("config.json");
        let text = json!({
            "version": "0.1",
            "log": { "level": "warn" },
            "storage": { "filesystem": { "rootdirectory": folder.join("images") } },
            "http": { "addr": REGISTRY },
        });
        fs::write(&config, text.to_string()).with_context(|| format!("cannot write {}", config.display()))?;
        let mut registry = programs.command("docker-registry")?;
        registry.arg("serve").arg(&config);
        let mut process = Process::start("docker-registry", registry, &logs(namespace))?;
        wait_for("the registry", READY, || {
            process.check_alive()?;
            Client::new(&format!("http://{REGISTRY}")).get("/v2/")
        })?;
        let layout = folder.join("pause");
        make_pause_image(programs, &layout)?;
        let pause_image = push(programs, &layout.to_string_lossy(), "pause:1")?;
        Ok(Self { pause_image, _process: process })
    }

    /// Returns the name of the pause image.
    pub fn pause_image(&self) -> &str {
        &self.pause_image
    }
}

/// Pushes the image of an OCI layout, `FOLDER` or `FOLDER:TAG`, as `name`, and returns its name in the registry.
///
/// # Errors
///
/// If the layout cannot be read or pushed.
pub fn push(programs: &Programs, layout: &str, name: &str) -> Result<String> {
    let target = format!("{REGISTRY}/{name}");
    let mut skopeo = programs.command("skopeo")?;
    skopeo.args(["copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false"]);
    skopeo.arg(format!("oci:{layout}")).arg(format!("docker://{target}"));
    process::output(&mut skopeo)?;
    Ok(target)
}

/// Writes an OCI layout whose image has one static program, `/pause`.
fn make_pause_image(programs: &Programs, layout: &Path) -> Result<()> {
    let blobs = layout.join("blobs/sha256");
    let source = layout.join("pause.c");
    fs::create_dir_all(&blobs)?;
    fs::write(&source, PAUSE)?;
    process::output(
        programs.command("cc")?.args(["-static", "-O2", "-s", "-o"]).args([&layout.join("pause"), &source]),
    )?;
    let archive = layout.join("layer.tar");
    let mut tar = programs.command("tar")?;
    tar.arg("--create").arg("--file").arg(&archive).arg("--directory").arg(layout).arg("pause");
    process::output(&mut tar)?;
    let store = |bytes: &[u8]| -> Result<(String, usize)> {
        let digest = base16ct::lower::encode_string(&Sha256::digest(bytes));
        fs::write(blobs.join(&digest), bytes)?;
        Ok((format!("sha256:{digest}"), bytes.len()))
    };
    let (layer, layer_size) = store(&fs::read(&archive)?)?;
    let config = json!({
        "architecture": architecture(),
        "os": "linux",
        "config": { "Entrypoint": ["/pause"] },
        "rootfs": { "type": "layers", "diff_ids": [layer] },
    });
    let (config, config_size) = store(config.to_string().as_bytes())?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": config, "size": config_size },
        "layers": [{ "mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": layer, "size": layer_size }],
    });
    let (manifest, manifest_size) = store(manifest.to_string().as_bytes())?;
    let index = json!({
        "schemaVersion": 2,
        "manifests": [{
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "digest": manifest,
            "size": manifest_size,
        }],
    });
    fs::write(layout.join("index.json"), index.to_string())?;
    fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)?;
    Ok(())
}

/// Returns the name of this machine's architecture in images.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}
