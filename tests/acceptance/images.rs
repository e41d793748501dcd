//! The images of the applications: the same sources give the same digest, and a registry has each content under the digest that its manifest names. The
//! full form builds two clones, and with the `spin` on PATH or at SPIN_BIN it compares the image with the one that Spin pushes, and runs it from the registry.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use spindle_image::Options;
use spindle_tests::acceptance::{figures, is_full};
use spindle_tests::registry::Registry;
use tempfile::TempDir;
use xtask::application::Application;
use xtask::host::{HostProcess, Output};
use xtask::http::Client;
use xtask::tick::Ticker;
use xtask::workspace::Workspace;
use xtask::{ready, secrets, spin, state};

/// The version of the applications, which is the tag of their images.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The path of images in the registry.
const PREFIX: &str = "shop";

/// The names of the applications.
const IMAGES: [&str; 2] = ["spindle", "spindle-event-relay"];

/// The time that the application may take to be ready: its components are compiled first.
const READY: Duration = Duration::from_secs(180);

#[test]
fn an_image_is_the_same_each_time_and_complete_in_the_registry() {
    let Some(registry) = Registry::start("images") else { return };
    let workspace = Workspace::locate();
    let digests = pack(&workspace, &registry);
    assert_eq!(digests, pack(&workspace, &registry), "the images differ");
    for (name, digest) in &digests {
        assert_complete(&registry, name, digest);
    }
    if is_full() {
        let clones = [clone(&workspace), clone(&workspace)].map(|clone| image(clone.path()));
        assert_eq!(clones[0], clones[1], "two clones build different images");
        let Ok((program, version)) = spin::find() else { return spindle_tests::skip("images", "spin") };
        assert_as_spin_pushes(&program, &workspace, &registry);
        run_on_spin(&program, &workspace, &registry);
        figures("images", &[("as Spin pushes it, and ran on Spin", &version)]);
    }
}

/// Packs the components that are built, pushes them to the registry, and returns the digest of each image by its name.
fn pack(workspace: &Workspace, registry: &Registry) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().expect("a temp folder");
    let packed = spindle_image::run(&Options {
        output: folder.path().to_owned(),
        registry: Some(format!("{}/{PREFIX}", registry.address())),
        tag: None,
        plain_http: true,
        program: None,
        target: None,
        manifests: vec![workspace.manifest(), workspace.relay_manifest()],
    });
    packed.expect("the images are packed");
    digests(folder.path())
}

/// Returns the digest of the image in each layout in `folder`.
fn digests(folder: &Path) -> BTreeMap<String, String> {
    let digest = |name: &str| {
        let index = fs::read(folder.join(name).join("index.json")).expect("the layout has an index");
        let index: Value = serde_json::from_slice(&index).expect("the index is JSON");
        index["manifests"][0]["digest"].as_str().expect("the image has a digest").to_owned()
    };
    IMAGES.into_iter().map(|name| (name.to_owned(), digest(name))).collect()
}

/// Asserts that the registry has an image by its tag, its contents, its SBOM and its provenance.
fn assert_complete(registry: &Registry, name: &str, digest: &str) {
    let manifest = get(registry, name, &format!("manifests/{VERSION}"), digest);
    assert_eq!(manifest["annotations"]["org.opencontainers.image.version"], VERSION);
    assert_contents(registry, name, &manifest);
    let layers = manifest["layers"].as_array().expect("an image has layers");
    let last = layers.last().expect("the locked application is the last layer");
    assert_eq!(last["mediaType"], "application/vnd.fermyon.spin.application.v1+config");
    let tag = digest.replace(':', "-");
    let referrers = registry.get(&format!("/v2/{PREFIX}/{name}/manifests/{tag}"));
    let referrers: Value = serde_json::from_slice(&referrers).expect("the index is JSON");
    let referrers = referrers["manifests"].as_array().expect("an index has manifests");
    let types: Vec<&str> = referrers.iter().filter_map(|referrer| referrer["artifactType"].as_str()).collect();
    assert_eq!(types, ["application/vnd.cyclonedx+json", "application/vnd.in-toto+json"]);
    for referrer in referrers {
        let digest = referrer["digest"].as_str().expect("a referrer has a digest");
        let manifest = get(registry, name, &format!("manifests/{digest}"), digest);
        assert_contents(registry, name, &manifest);
    }
}

fn assert_contents(registry: &Registry, name: &str, manifest: &Value) {
    let layers = manifest["layers"].as_array().expect("a manifest has layers");
    for content in layers.iter().chain([&manifest["config"]]) {
        let digest = content["digest"].as_str().expect("a content has a digest");
        assert_digest(&registry.get(&format!("/v2/{PREFIX}/{name}/blobs/{digest}")), digest);
    }
}

/// Returns a document with this digest.
fn get(registry: &Registry, name: &str, path: &str, digest: &str) -> Value {
    let body = registry.get(&format!("/v2/{PREFIX}/{name}/{path}"));
    assert_digest(&body, digest);
    serde_json::from_slice(&body).expect("a manifest is JSON")
}

fn assert_digest(content: &[u8], digest: &str) {
    let hash: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(format!("sha256:{hash}"), digest);
}

/// Clones the commit that is checked out.
fn clone(workspace: &Workspace) -> TempDir {
    let folder = tempfile::tempdir().expect("a temp folder");
    let cloned = Command::new("git").args(["clone", "--quiet"]).arg(workspace.root()).arg(folder.path()).status();
    assert!(cloned.expect("git starts").success(), "no clone");
    folder
}

/// Builds the images of a clone, with a target folder of its own.
fn image(root: &Path) -> BTreeMap<String, String> {
    let folder = root.join("images");
    let mut cargo = Command::new("cargo");
    cargo.args(["xtask", "image", "--output"]).arg(&folder).current_dir(root).env_remove("CARGO_TARGET_DIR");
    assert!(cargo.status().expect("cargo starts").success(), "the images of the clone do not build");
    digests(&folder)
}

/// Asserts that the image has the contents that `spin registry push` gives it: the same layers, and the same locked application, whose components may come
/// in another order.
fn assert_as_spin_pushes(program: &Path, workspace: &Workspace, registry: &Registry) {
    let name = "of-spin";
    let reference = format!("{}/{PREFIX}/{name}:{VERSION}", registry.address());
    let mut push = Command::new(program);
    push.args(["registry", "push", "--insecure", &reference, "--from"]).arg(workspace.manifest());
    let pushed = push.current_dir(workspace.root()).output().expect("Spin starts");
    assert!(pushed.status.success(), "{}", String::from_utf8_lossy(&pushed.stderr));
    assert_eq!(contents(registry, IMAGES[0]), contents(registry, name));
}

/// Returns the digests of an image's components, and its locked application.
fn contents(registry: &Registry, name: &str) -> (BTreeSet<String>, Value) {
    let manifest = registry.get(&format!("/v2/{PREFIX}/{name}/manifests/{VERSION}"));
    let manifest: Value = serde_json::from_slice(&manifest).expect("a manifest is JSON");
    let layers = manifest["layers"].as_array().expect("an image has layers");
    let mut digests: Vec<String> =
        layers.iter().filter_map(|layer| layer["digest"].as_str()).map(str::to_owned).collect();
    let locked = digests.pop().expect("the locked application is the last layer");
    let locked = registry.get(&format!("/v2/{PREFIX}/{name}/blobs/{locked}"));
    let mut locked: Value = serde_json::from_slice(&locked).expect("the locked application is JSON");
    let components = locked["components"].as_array_mut().expect("an application has components");
    components.sort_by_key(|component| component["id"].as_str().map(str::to_owned));
    (digests.into_iter().collect(), locked)
}

/// Runs the image on Spin, from the registry.
fn run_on_spin(program: &Path, workspace: &Workspace, registry: &Registry) {
    let folder = tempfile::tempdir().expect("a temp folder");
    let (config, env_file) = (folder.path().join("runtime-config.toml"), folder.path().join(".variables"));
    state::copy_runtime_config(&workspace.runtime_config(), folder.path(), &config).expect("a configuration");
    let application = Application::read(&workspace.manifest()).expect("the manifest is valid");
    secrets::ensure(&env_file, &secrets::needed(&application)).expect("the secrets are written");
    let reference = format!("{}/{PREFIX}/spindle:{}", registry.address(), VERSION);
    let mut command = Command::new(program);
    command.args(["up", "--insecure", "--from", &reference, "--runtime-config-file"]).arg(config);
    command.args(["--listen", &spindle_tests::closed_address().to_string(), "--state-dir"]).arg(folder.path());
    command.current_dir(folder.path()).envs(secrets::values(&env_file).expect("the secrets are there"));
    let mut host = HostProcess::spawn(command, Output::File(folder.path().join("spin.log"))).expect("Spin starts");
    let url = host.url().expect("Spin has a URL");
    let clock = Ticker::from_env_file(&Client::new(&url), &env_file).expect("a clock");
    ready::wait(&clock, READY, &BTreeMap::new(), || host.check_alive(), |_| ())
        .unwrap_or_else(|error| panic!("{error:#}: {}", host.printed()));
    host.stop().expect("Spin ends");
}
