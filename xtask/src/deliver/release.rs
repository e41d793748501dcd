//! Releases of the chart by Helm: deployed so that one that does not get ready is rolled back, and rolled back by hand.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

use super::{Image, Images, Release, tool};
use crate::build::run;
use crate::workspace::Workspace;

/// The images of the chart: the name, and the path of its values.
const VALUES: [(&str, &str); 3] =
    [("spindle", "image"), ("spindle-event-relay", "eventRelay.image"), ("spindle-ticker", "ticker.image")];

/// A revision in the history of a release.
#[derive(Deserialize)]
struct Revision {
    revision: u32,
    status: String,
    description: String,
}

/// Installs or upgrades `release` with the chart at `chart`.
///
/// # Errors
///
/// If it is not ready in time, or an image is not one of the chart.
pub(super) fn deploy(
    workspace: &Workspace,
    release: &Release,
    images: &Images,
    values: &[PathBuf],
    chart: &Path,
    dry_run: bool,
) -> Result<()> {
    let mut upgrade = helm(workspace)?;
    if dry_run {
        // `upgrade --dry-run` asks the cluster which release there is.
        upgrade.arg("template");
    } else {
        // Waits as well, and a first revision that fails is uninstalled.
        upgrade.args(["upgrade", "--install", "--rollback-on-failure", "--timeout", &go_duration(release.timeout)]);
    }
    upgrade.arg(&release.release).arg(chart).args(["--namespace", &release.namespace]);
    for file in values {
        upgrade.arg("--values").arg(file);
    }
    for image in &images.images {
        for setting in settings(image)? {
            upgrade.args(["--set-string", &setting]);
        }
    }
    run(&mut upgrade).with_context(|| format!("{} was not deployed to {}", release.release, release.namespace))
}

/// Returns the values that select `image`.
fn settings(image: &Image) -> Result<[String; 2]> {
    let path = VALUES.iter().find_map(|(name, path)| (image.name() == *name).then_some(*path));
    let path = path.with_context(|| {
        format!("the chart has no image {}: {}", image.name(), VALUES.map(|(name, _)| name).join(", "))
    })?;
    Ok([format!("{path}.repository={}", image.repository), format!("{path}.digest={}", image.digest)])
}

/// Rolls `release` back to the revision `to`, or to the last one that was in use.
///
/// # Errors
///
/// If there is none, or it is not ready in time.
pub(super) fn roll_back(workspace: &Workspace, release: &Release, to: Option<u32>) -> Result<()> {
    let Release { release: name, namespace, timeout } = release;
    let mut history = helm(workspace)?;
    history.args(["history", name, "--namespace", namespace, "--output", "json"]);
    let output = history.output().context("cannot start helm")?;
    ensure!(output.status.success(), "helm history: {}", String::from_utf8_lossy(&output.stderr).trim());
    let revisions: Vec<Revision> = serde_json::from_slice(&output.stdout).context("helm history is no JSON")?;
    let to = match to.or_else(|| last_in_use(&revisions)) {
        Some(to) => to,
        None => {
            bail!("{name} has no earlier revision that was in use: `helm uninstall {name} -n {namespace}` removes it")
        }
    };
    let mut rollback = helm(workspace)?;
    rollback.args(["rollback", name, &to.to_string(), "--namespace", namespace, "--wait"]);
    rollback.args(["--timeout", &go_duration(*timeout)]);
    run(&mut rollback).with_context(|| format!("{name} was not rolled back to revision {to}"))?;
    println!("{name} is rolled back to revision {to}");
    Ok(())
}

/// Returns the last revision before the current one that was deployed until another took its place. Helm's own choice is the one before, which may
/// have failed; and after a rollback, the one that was left.
fn last_in_use(revisions: &[Revision]) -> Option<u32> {
    let current = revisions.iter().max_by_key(|it| it.revision)?;
    let rolled_back_to = current.description.strip_prefix("Rollback to ").and_then(|it| it.parse().ok());
    let end = rolled_back_to.unwrap_or(current.revision);
    let was_in_use = |it: &&Revision| it.revision < end && it.status == "superseded";
    revisions.iter().filter(was_in_use).map(|it| it.revision).max()
}

/// Returns a duration in Go's form.
fn go_duration(duration: Duration) -> String {
    format!("{}ms", duration.as_millis())
}

fn helm(workspace: &Workspace) -> Result<Command> {
    tool(workspace, "helm", "HELM_BIN", "helm.sh/helm/v4/cmd/helm")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rollback_passes_over_revisions_that_failed_or_were_left_by_a_rollback() {
        let history = |entries: &[(&str, &str)]| -> Vec<Revision> {
            let revision = |(revision, (status, description)): (u32, &(&str, &str))| Revision {
                revision,
                status: (*status).to_owned(),
                description: (*description).to_owned(),
            };
            (1..).zip(entries).map(revision).collect()
        };
        let (old, failed) = (("superseded", "Upgrade complete"), ("failed", "Upgrade failed"));
        let (new, back) = (("deployed", "Upgrade complete"), ("deployed", "Rollback to 1"));
        assert_eq!(last_in_use(&history(&[old, failed, new])), Some(1));
        assert_eq!(last_in_use(&history(&[old, old, new])), Some(2));
        assert_eq!(last_in_use(&history(&[old, old, back])), None, "revision 2 is the one that was left");
        assert_eq!(last_in_use(&history(&[old, old, old, ("deployed", "Rollback to 2")])), Some(1));
        assert_eq!(last_in_use(&history(&[failed, new])), None);
        assert_eq!(last_in_use(&history(&[])), None);
    }

    #[test]
    fn each_image_has_its_values() {
        let digest = format!("sha256:{}", "0".repeat(64));
        let image = |name: &str| format!("ghcr.io/example/{name}@{digest}").parse::<Image>().unwrap();
        assert_eq!(
            settings(&image("spindle-event-relay")).unwrap(),
            [
                "eventRelay.image.repository=ghcr.io/example/spindle-event-relay".to_owned(),
                format!("eventRelay.image.digest={digest}")
            ]
        );
        assert!(
            settings(&image("other")).unwrap_err().to_string().starts_with("the chart has no image other: spindle, ")
        );
    }
}
