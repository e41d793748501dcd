//! Conversion of our time to the types of jwt-compact.

use chrono::{DateTime, Duration, Utc};
use jwt_compact::TimeOptions;
use spindle_contracts::Timestamp;

/// The clock skew between two machines that is tolerated, in seconds.
pub(super) const LEEWAY_SECONDS: i64 = 5;

/// Converts `now` to a date.
pub(super) fn date(now: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(now.as_millis()).unwrap_or_default()
}

/// Returns the options for checking a token at `now`.
pub(super) fn options(now: Timestamp) -> TimeOptions<impl Fn() -> DateTime<Utc>> {
    TimeOptions::new(Duration::seconds(LEEWAY_SECONDS), move || date(now))
}
