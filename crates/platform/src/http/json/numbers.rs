//! Numbers that are not kept as they were sent.
//!
//! serde_json has integers of 64 bits and doubles, as most clients have: `12345678901234567890123` becomes 1.2345678901234568e22. Such a number is
//! refused, wherever it is in a body; its sender has to use a string. So is a decimal that serde_json does not read to the nearest double, or
//! would read differently once it is stored: exact reading (its feature `float_roundtrip`) costs 44 KB in each component. Keeping the text of every number instead (serde_json's
//! `arbitrary_precision`) would store what few clients can read again, and changes how numbers pass through `flatten` and untagged enums.

use super::value::Json;
use serde_json::Number;

/// The detail of the error.
pub(super) const REQUIREMENT: &str =
    "must be a 64-bit integer, or a decimal with at most 15 digits; send other numbers as strings";

/// Parses a number of JSON.
///
/// # Errors
///
/// The nearest number, if this one is not kept.
pub(super) fn parse(text: &str) -> Result<Json, f64> {
    if let Ok(number) = text.parse() {
        return Ok(Json::Integer(number));
    }
    if let Ok(number) = text.parse::<i64>() {
        // `-0` is no negative integer.
        return Ok(u64::try_from(number).map_or(Json::NegativeInteger(number), Json::Integer));
    }
    let nearest = serde_json::from_str(text).unwrap_or(f64::NAN);
    if is_kept(text) { Ok(Json::Float(nearest)) } else { Err(nearest) }
}

/// Returns whether the number `text` is stored as the same number, and stays the same when it is read and stored again.
fn is_kept(text: &str) -> bool {
    let stored_as = |text: &str| serde_json::from_str::<Number>(text).ok().map(|number| number.to_string());
    stored_as(text).is_some_and(|stored| {
        Decimal::parse(&stored) == Decimal::parse(text) && stored_as(&stored).as_ref() == Some(&stored)
    })
}

/// A decimal number: its sign, its digits without zeros at both ends, and the power of ten of the last digit.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// Parses a number of JSON.
    fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (is_negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(mantissa) => (true, mantissa),
            None => (false, mantissa),
        };
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{integer}{fraction}");
        let digits = all.trim_end_matches('0');
        if digits.is_empty() {
            return Some(Self { is_negative: false, digits: String::new(), exponent: 0 });
        }
        let zeros = i64::try_from(all.len() - digits.len()).ok()?;
        let decimals = i64::try_from(fraction.len()).ok()?;
        let exponent = exponent.parse::<i64>().ok()?.checked_add(zeros)?.checked_sub(decimals)?;
        Some(Self { is_negative, digits: digits.trim_start_matches('0').to_owned(), exponent })
    }
}

#[cfg(test)]
mod tests {
    use super::{REQUIREMENT, is_kept, parse};
    use crate::http::json::read;
    use serde_json::{Map, Value};
    use spindle_contracts::{FieldError, ProblemKind};

    #[test]
    fn a_number_that_is_read_as_it_was_sent_is_kept() {
        for number in [
            "0",
            "-0",
            "-0.0",
            "0e999999999999999999999",
            "7",
            "1.10",
            "1e3",
            "1E+3",
            "0.1",
            "-12.5e-3",
            "123456789012345",
            "0.123456789012345",
            "9223372036854775807",
            "-9223372036854775808",
            "18446744073709551615",
            "1e22",
            "10000000000000000000000",
            "0.30000000000000004",
        ] {
            assert!(is_kept(number), "{number}");
        }
    }

    #[test]
    fn a_number_that_loses_digits_or_its_size_is_not_kept() {
        for number in [
            "12345678901234567890123",
            "18446744073709551616",
            "-9223372036854775809",
            "0.1234567890123456789",
            "0.10000000000000001",
            "9007199254740993.0",
            "1e400",
            "-1e400",
            "1e-400",
            "1e-99999999999999999999",
            "2e99999999999999999999",
        ] {
            assert!(!is_kept(number), "{number}");
            assert!(parse(number).is_err(), "{number}");
        }
    }

    #[test]
    fn each_such_number_of_a_body_is_refused_with_its_pointer() {
        for (body, pointers) in [
            (r#"{"a":{"b/c":[1,{"d":12345678901234567890123},1e400]}}"#, &["/a/b~1c/1/d", "/a/b~1c/2"][..]),
            (r#"{"a":"12345678901234567890123","b":1e400}"#, &["/b"]),
            (r#"{"a":[true,false,null,1.5,"\"{1.5"],"b\n":[0.10000000000000001]}"#, &["/b\n/0"]),
        ] {
            let problem = read::<Map<String, Value>>(body.as_bytes()).unwrap_err();
            assert_eq!(problem.kind, ProblemKind::ValidationFailed, "{body}");
            let expected: Vec<_> = pointers.iter().map(|pointer| FieldError::new(*pointer, REQUIREMENT)).collect();
            assert_eq!(problem.errors, expected, "{body}");
        }
        assert!(read::<Map<String, Value>>(br#"{"a":"12345678901234567890123.5e3","b":1.5}"#).is_ok());
        for body in ["1e400 x", "[1e400", "1.", "01"] {
            let problem = read::<Map<String, Value>>(body.as_bytes()).unwrap_err();
            assert_eq!(problem.kind, ProblemKind::MalformedRequest, "{body}");
        }
    }

    /// 15 digits and powers of ten up to 22 are exact in a double, and so is one operation on them.
    #[test]
    fn a_decimal_with_15_digits_is_always_kept() {
        let mut digits = 1_u64;
        for step in 0..1_000_u64 {
            digits = digits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let (number, decimals) = (digits % 1_000_000_000_000_000, step % 23);
            assert!(is_kept(&format!("{number}e-{decimals}")), "{number}e-{decimals}");
        }
    }
}
