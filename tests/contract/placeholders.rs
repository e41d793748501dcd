//! Replaces what differs from run to run (ids, times, tokens, entity tags, the names that a test has made unique) with values that look real and
//! are the same in every run.

use std::collections::BTreeMap;
use std::time::SystemTime;

use jiff::{SignedDuration, Timestamp, Unit};
use serde_json::Value;

/// The time at which every example is sent. Times are shown relative to it, in whole minutes.
const SENT: &str = "2026-01-15T09:30:00.000Z";

/// The first part of the ids in examples.
const ID: &str = "019bc102-9f40-7000-8000-";

/// The number of the first id that has no name.
const UNNAMED: usize = 0x100;

/// The access token of the examples.
const ACCESS_TOKEN: &str = "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTliYzEwMiJ9.c2lnbmF0dXJl";

/// The signature of a webhook.
const SIGNATURE: &str = "t=1768469400,v1=5d41402abc4b2a76b9719d911017c592ae2f4b3c6f1d0e9a8b7c6d5e4f3a2b1c";

/// The trace of a request, as in the recommendation of the W3C.
const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// The id of a request.
const REQUEST_ID: usize = 0xff;

/// The number of the order that has a name.
pub(crate) const NAMED_ORDER: &str = "7K3M-Q2XD";

/// The number of an order without a name.
const ORDER_NUMBER: &str = "4TQ8-9HNB";

/// The beginning of a random text in hexadecimal digits, and of one in base64url.
const HEX: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const BASE64URL: &str = "Zk4AjsiBTUmIqkBV0aVoQ7c1WrlXZIr2A3eZclN6bARp2d7pM8XyTqL9P5vKwJhGfDs";

/// The length from which hexadecimal digits, or letters and digits, are random.
const RANDOM_HEX: usize = 16;
const RANDOM_TEXT: usize = 32;

/// The members whose numbers are measured or counted, or are times: they depend on the machine, and on earlier requests.
const MEASURED: [(&str, &str); 4] = [("exp", "1768470060"), ("ms", "1.5"), ("rows", "42"), ("seq", "42")];

/// The values of one scenario that have a name.
#[derive(Debug, Default)]
pub(crate) struct Placeholders {
    /// Pairs of a value of this run and the text in examples.
    named: Vec<(String, String)>,
}

impl Placeholders {
    /// Shows `value` as `shown`, wherever it is a part of a text.
    pub(crate) fn name(&mut self, value: &str, shown: &str) {
        assert!(!value.is_empty(), "an empty text has no placeholder");
        self.named.retain(|(named, _)| named != value);
        self.named.push((value.to_owned(), shown.to_owned()));
        // The longest first: one may be a part of another.
        self.named.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    }

    /// Shows the id `value` as the id with this number.
    pub(crate) fn name_id(&mut self, value: &str, number: usize) {
        assert!(number < UNNAMED, "{number} is the number of an id without a name");
        self.name(value, &id(number));
    }

    /// Replaces the values in `example`, whose request was sent at `sent`.
    pub(crate) fn replace(&self, example: &mut Value, sent: SystemTime) {
        let sent = Timestamp::try_from(sent).expect("a time in this era");
        Replacement { placeholders: self, sent, found: BTreeMap::new() }.value("", example);
    }
}

/// Returns the id with this number.
fn id(number: usize) -> String {
    format!("{ID}{number:012x}")
}

/// The replacement of the values in one example.
struct Replacement<'p> {
    placeholders: &'p Placeholders,
    sent: Timestamp,
    /// The values without a name that were found, each with the text in the example.
    found: BTreeMap<String, String>,
}

impl Replacement<'_> {
    fn value(&mut self, member: &str, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(member, text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(member, item)),
            Value::Object(members) => members.iter_mut().for_each(|(name, value)| self.value(name, value)),
            // How often something was tried depends on what else runs: of more attempts than one, one is shown.
            Value::Number(number) if member == "attempts" => {
                if number.as_u64() > Some(1) {
                    *number = 1.into();
                }
            }
            Value::Number(_) => {
                if let Some((_, shown)) = MEASURED.iter().find(|(name, _)| *name == member) {
                    *value = shown.parse().map(Value::Number).expect("a number");
                }
            }
            Value::Bool(_) | Value::Null => {}
        }
    }

    fn text(&mut self, member: &str, text: &str) -> String {
        match member {
            "access_token" => return ACCESS_TOKEN.to_owned(),
            "spindle-signature" => return SIGNATURE.to_owned(),
            "retry-after" => return "60".to_owned(),
            "mac_hex" => return HEX.to_owned(),
            "request_id" => return id(REQUEST_ID),
            "traceparent" => return TRACEPARENT.to_owned(),
            "ip_address" => return "203.0.113.7".to_owned(),
            // How often a payment or a product changed before depends on what else runs.
            "etag" | "if-match" | "if-none-match" if text.starts_with("\"v") => return "\"v3\"".to_owned(),
            _ => {}
        }
        if let Ok(time) = text.parse::<Timestamp>() {
            return self.time(time);
        }
        let mut text = text.to_owned();
        for (value, shown) in &self.placeholders.named {
            text = text.replace(value, shown);
        }
        if member == "number" && is_order_number(&text) {
            return ORDER_NUMBER.to_owned();
        }
        // The month of a pseudonym.
        if let Some(rest) = text.get(7..).filter(|rest| rest.starts_with(':') && text.as_bytes()[4] == b'-') {
            text = format!("2026-01{rest}");
        }
        let (mut shown, mut rest) = (String::new(), text.as_str());
        while let Some(start) = rest.find(is_word) {
            let length = rest[start..].find(|c| !is_word(c)).unwrap_or(rest.len() - start);
            shown.push_str(&rest[..start]);
            shown.push_str(&self.word(&rest[start..start + length]));
            rest = &rest[start + length..];
        }
        shown + rest
    }

    /// Returns the time in the example: as far from its request as `time` from the real one. What has happened in the same run has happened just
    /// now, since a run may be slow.
    fn time(&self, time: Timestamp) -> String {
        let rounded = time.duration_since(self.sent).round(Unit::Minute).expect("minutes of a time in this era");
        let just_now = -SignedDuration::from_hours(1)..SignedDuration::ZERO;
        let after = if just_now.contains(&rounded) { SignedDuration::ZERO } else { rounded };
        let sent: Timestamp = SENT.parse().expect("a time");
        format!("{:.3}", sent + after)
    }

    fn word(&mut self, word: &str) -> String {
        if word.starts_with(ID) {
            return word.to_owned();
        }
        if let Some(shown) = self.found.get(word) {
            return shown.clone();
        }
        let number = self.found.len();
        let shown = if is_uuid(word) {
            id(UNNAMED + number)
        } else if let Some(length) = random_hex(word) {
            let (start, random) = word.split_at(word.len() - length);
            format!("{start}{}{number:02x}", &HEX[..random.len().min(HEX.len()) - 2])
        } else if is_random(word) {
            format!("{}{number:02x}", &BASE64URL[..word.len().min(BASE64URL.len()) - 2])
        } else {
            return word.to_owned();
        };
        self.found.insert(word.to_owned(), shown.clone());
        shown
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

fn is_uuid(word: &str) -> bool {
    let is_part = |(index, c): (usize, char)| match index {
        8 | 13 | 18 | 23 => c == '-',
        _ => c.is_ascii_hexdigit(),
    };
    word.len() == 36 && word.chars().enumerate().all(is_part)
}

/// Returns whether `text` is the number of an order that has no name.
fn is_order_number(text: &str) -> bool {
    let is_part =
        |(index, c): (usize, char)| if index == 4 { c == '-' } else { c.is_ascii_uppercase() || c.is_ascii_digit() };
    text.len() == 9 && text != NAMED_ORDER && text.chars().enumerate().all(is_part)
}

/// Returns the length of the random hexadecimal digits at the end of `word`, after a `_` or as the whole of it.
fn random_hex(word: &str) -> Option<usize> {
    let digits = word.rsplit('_').next().unwrap_or(word);
    let is_hex = digits.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    (is_hex && digits.len() >= RANDOM_HEX).then_some(digits.len())
}

fn is_random(word: &str) -> bool {
    let has = |belongs: fn(char) -> bool| word.contains(belongs);
    word.len() >= RANDOM_TEXT
        && has(|c| c.is_ascii_digit())
        && has(|c| c.is_ascii_lowercase())
        && has(|c| c.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::Placeholders;
    use serde_json::json;

    #[test]
    fn values_of_a_run_are_replaced_and_others_stay() {
        let mut placeholders = Placeholders::default();
        placeholders.name_id("0190a5c0-0000-7000-8000-000000000001", 1);
        placeholders.name("ada-18af3@example.com", "ada@example.com");
        let sent = "2026-11-29T16:22:14Z".parse::<jiff::Timestamp>().expect("a time").into();
        let mut example = json!({
            "id": "0190a5c0-0000-7000-8000-000000000001",
            "order_id": "0190a5c0-0000-7000-8000-000000000009",
            "detail": "Order 0190a5c0-0000-7000-8000-000000000009 of ada-18af3@example.com, from 10 to 20, is \"v2\".",
            "created_at": "2026-11-29T16:21:02.123Z",
            "expires_at": "2026-12-06T16:22:14.938Z",
            "refresh_token": "I4MTB2ArxgTipFcnpEiiEeALZpL5YjvTIKJdL6x4nxw",
            "reference": "sbx_b072ab215a021405a4d9fa3db5c1d669",
            "source": "2026-11:b59672da886da187",
            "ms": 0.2,
            "sku": "BAT-BRUSH-BEE",
        });
        placeholders.replace(&mut example, sent);
        assert_eq!(
            example,
            json!({
                "id": "019bc102-9f40-7000-8000-000000000001",
                "order_id": "019bc102-9f40-7000-8000-000000000100",
                "detail": "Order 019bc102-9f40-7000-8000-000000000100 of ada@example.com, from 10 to 20, is \"v2\".",
                "created_at": "2026-01-15T09:30:00.000Z",
                "expires_at": "2026-01-22T09:30:00.000Z",
                "refresh_token": "Zk4AjsiBTUmIqkBV0aVoQ7c1WrlXZIr2A3eZclN6b02",
                "reference": "sbx_9f86d081884c7d659a2feaa0c55ad001",
                "source": "2026-01:9f86d081884c7d03",
                "ms": 1.5,
                "sku": "BAT-BRUSH-BEE",
            })
        );
    }
}
