//! Pseudonyms: keyed hashes that take the place of clients' addresses in the log, which keeps its rows for good.
//!
//! Each service makes a random key for each month, in its database. The same address has the same pseudonym for that month, so that an operator
//! recognises it, and can search for an address that is known from elsewhere. [`KEPT_MONTHS`] after the end of its month a key is deleted. No
//! secret restores it: from then on a pseudonym is a random number.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use spindle_contracts::Timestamp;

/// The number of months for which a key is kept after the end of its own.
const KEPT_MONTHS: i64 = 3;

/// The length of a key, in bytes.
pub(super) const KEY_BYTES: usize = 32;

/// The number of bytes of a MAC in a pseudonym: enough that a month's addresses differ.
const SHOWN_BYTES: usize = 8;

/// The purpose and version of the MAC.
const PURPOSE: &[u8] = b"spindle audit pseudonym 1";

/// Returns the month of `time`, as the keys name it: `2026-11`.
pub(super) fn month(time: Timestamp) -> String {
    month_before(time, 0)
}

/// Returns the first month whose key is kept at `time`.
pub(super) fn first_kept_month(time: Timestamp) -> String {
    month_before(time, KEPT_MONTHS)
}

fn month_before(time: Timestamp, months: i64) -> String {
    let text = time.to_string();
    let number = |range: std::ops::Range<usize>| {
        text.get(range).and_then(|digits| digits.parse::<i64>().ok()).unwrap_or_default()
    };
    // Months are counted from January of the year 0.
    let month = number(0..4) * 12 + number(5..7) - 1 - months;
    format!("{:04}-{:02}", month.div_euclid(12).max(0), month.rem_euclid(12) + 1)
}

/// Returns the pseudonym of `text` under the `key` of `month`: `2026-11:9f86d081884c7d65`.
pub(super) fn pseudonym(month: &str, key: &[u8], text: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    let mac = mac.chain_update(PURPOSE).chain_update(text.as_bytes()).finalize().into_bytes();
    format!("{month}:{}", base16ct::lower::encode_string(&mac[..SHOWN_BYTES]))
}

#[cfg(test)]
mod tests {
    use super::{first_kept_month, month, pseudonym};
    use spindle_contracts::Timestamp;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_key_is_kept_for_three_months_after_its_own() {
        assert_eq!(month(at("2026-11-30T23:59:59.999Z")), "2026-11");
        for (now, first) in [("2026-11-01", "2026-08"), ("2027-01-31", "2026-10"), ("2027-03-01", "2026-12")] {
            assert_eq!(first_kept_month(at(&format!("{now}T00:00:00Z"))), first);
        }
        assert_eq!(first_kept_month(Timestamp::from_millis(i64::MIN)), "0000-10");
        assert_eq!(month(Timestamp::from_millis(i64::MAX)), "9999-12");
    }

    #[test]
    fn a_pseudonym_is_the_same_under_a_key_and_differs_by_key_and_text() {
        let of = |key: u8, text| pseudonym("2026-11", &[key; 32], text);
        assert_eq!(of(1, "192.0.2.7"), of(1, "192.0.2.7"));
        assert_ne!(of(1, "192.0.2.7"), of(2, "192.0.2.7"));
        assert_ne!(of(1, "192.0.2.7"), of(1, "192.0.2.8"));
        assert_eq!(of(1, "192.0.2.7").len(), "2026-11:".len() + 16);
    }
}
