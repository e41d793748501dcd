//! The memory of a running server.

use std::fs;

use anyhow::{Context as _, Result};
use xtask::host::HostProcess;

/// Returns the resident memory of `process` and of the processes that it has started (Spin runs each trigger in its own), in megabytes.
///
/// # Errors
///
/// If this is not Linux.
pub(crate) fn resident_mb(process: &HostProcess) -> Result<f64> {
    let mut kibibytes = 0;
    for entry in fs::read_dir("/proc").context("cannot read /proc")? {
        let folder = entry?.path();
        // A process may end while this runs.
        let Ok(stat) = fs::read_to_string(folder.join("stat")) else { continue };
        // The fields after the name, which may itself have spaces: state, parent, process group.
        let group = stat.rsplit_once(") ").and_then(|(_, fields)| fields.split(' ').nth(2)?.parse::<u32>().ok());
        if group == Some(process.id()) {
            let status = fs::read_to_string(folder.join("status")).unwrap_or_default();
            kibibytes += resident(&status).unwrap_or(0);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "no machine has 2^53 bytes")]
    let bytes = (kibibytes * 1024) as f64;
    Ok(bytes / 1e6)
}

/// Returns the resident memory in `/proc/<id>/status`, in kibibytes.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
