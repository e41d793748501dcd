//! A point in time as the platform stores and shows it: milliseconds, UTC.

use crate::{InputErrors, input};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::time::Duration;

/// Milliseconds since the Unix epoch. Its text form is RFC 3339 in UTC with milliseconds and `Z`
/// (`2026-11-22T09:30:00.000Z`); in a database it is an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// 0001-01-01T00:00:00Z: RFC 3339 writes years with four digits and no sign.
const MIN_MILLIS: i64 = -62_135_596_800_000;
/// The last millisecond before 9999-12-30T22:00:00Z, where jiff's range ends.
const MAX_MILLIS: i64 = 253_402_207_199_999;

impl Timestamp {
    /// Makes the instant `millis` after the Unix epoch, clamped to the years 1 to 9999.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(MIN_MILLIS, MAX_MILLIS))
    }

    /// Returns the milliseconds since the Unix epoch.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// Returns the whole seconds since the Unix epoch, rounded down.
    pub fn as_secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Returns the instant `time` after this one, to the millisecond, or the last possible one.
    #[must_use]
    pub fn plus(self, time: Duration) -> Self {
        Self::from_millis(self.0.saturating_add(millis(time)))
    }

    /// Returns the instant `time` before this one, to the millisecond, or the first possible one.
    #[must_use]
    pub fn minus(self, time: Duration) -> Self {
        Self::from_millis(self.0.saturating_sub(millis(time)))
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

impl Timestamp {
    /// Formats the date for an HTTP header, in whole seconds: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
    pub fn to_http_date(self) -> String {
        let time = jiff::Timestamp::from_millisecond(self.0).expect("the range of a timestamp is jiff's");
        let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
        printer.timestamp_to_rfc9110_string(&time).expect("years have four digits")
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let time = jiff::Timestamp::from_millisecond(self.0).map_err(|_| std::fmt::Error)?;
        write!(f, "{time:.3}")
    }
}

impl std::str::FromStr for Timestamp {
    type Err = jiff::Error;

    /// Reads any RFC 3339 time with an offset; digits finer than a millisecond are cut.
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse::<jiff::Timestamp>().map(|time| Self::from_millis(time.as_millisecond()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl Deserr<InputErrors> for Timestamp {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, place: ValuePointerRef<'_>) -> Result<Self, InputErrors> {
        let read = |text: &str| if is_rfc_3339(text) { text.parse().ok() } else { None };
        input::parsed(value, place, "must be a time such as 2026-11-22T09:30:00.000Z (RFC 3339)", read)
    }
}

/// Returns whether `text` has the form of RFC 3339, section 5.6: jiff reads more forms of ISO 8601, such as a space before the time.
fn is_rfc_3339(text: &str) -> bool {
    let form = b"0000-00-00T00:00:00";
    let is_like = |form: &[u8], text: &[u8]| {
        form.len() == text.len()
            && form.iter().zip(text).all(|(form, byte)| match form {
                b'0' => byte.is_ascii_digit(),
                form => byte.eq_ignore_ascii_case(form),
            })
    };
    let Some((time, rest)) = text.as_bytes().split_at_checked(form.len()) else { return false };
    let offset = match rest {
        [b'.', fraction @ ..] => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if !(1..=9).contains(&digits) {
                return false;
            }
            &fraction[digits..]
        }
        rest => rest,
    };
    is_like(form, time) && (is_like(b"Z", offset) || is_like(b"+00:00", offset) || is_like(b"-00:00", offset))
}

impl JsonSchema for Timestamp {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn an_http_date_has_the_form_of_rfc_9110() {
        assert_eq!(Timestamp::from_millis(784_111_777_999).to_http_date(), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(Timestamp::from_millis(i64::MIN).to_http_date(), "Mon, 01 Jan 0001 00:00:00 GMT");
        assert_eq!(Timestamp::from_millis(i64::MAX).to_http_date(), "Thu, 30 Dec 9999 21:59:59 GMT");
    }

    #[test]
    fn the_text_form_always_has_three_decimals_and_z() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_763_803_800_120, "2025-11-22T09:30:00.120Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Timestamp::from_millis(millis).to_string(), text);
            assert_eq!(text.parse::<Timestamp>().unwrap().as_millis(), millis);
        }
    }

    #[test]
    fn an_offset_is_converted_to_utc() {
        assert_eq!("2026-01-01T01:00:00.5+01:00".parse::<Timestamp>().unwrap().to_string(), "2026-01-01T00:00:00.500Z");
    }

    #[test]
    fn a_count_out_of_range_is_clamped() {
        assert!(Timestamp::from_millis(i64::MAX).to_string().starts_with("9999-12-30T"));
    }
}
