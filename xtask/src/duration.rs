//! Durations on the command line.

use std::time::Duration;

use anyhow::{Result, ensure};

/// Reads a duration above zero, such as `500ms`.
///
/// # Errors
///
/// If it is none.
pub fn positive(text: &str) -> Result<Duration> {
    let duration = humantime::parse_duration(text)?;
    ensure!(!duration.is_zero(), "it must be above zero");
    Ok(duration)
}
