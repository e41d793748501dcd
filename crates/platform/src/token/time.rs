//! Our time in the types that jwt-compact takes.

use chrono::{DateTime, Duration, Utc};
use jwt_compact::TimeOptions;
use spindle_contracts::Timestamp;

/// How far the clocks of two machines may be apart, in seconds.
pub(super) const LEEWAY_SECONDS: i64 = 5;

/// `now` as a date.
pub(super) fn date(now: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(now.as_millis()).unwrap_or_default()
}

/// What jwt-compact needs to judge a token at `now`.
pub(super) fn options(now: Timestamp) -> TimeOptions<impl Fn() -> DateTime<Utc>> {
    TimeOptions::new(Duration::seconds(LEEWAY_SECONDS), move || date(now))
}
