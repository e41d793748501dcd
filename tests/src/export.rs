//! The export of everything that is kept about a user.

use serde_json::Value;

use crate::Client;

/// The path of the export of the caller.
pub const PATH: &str = "/v1/users/me/export";

/// Returns the export of the user of `client`.
///
/// # Panics
///
/// If it is refused, or not complete.
#[track_caller]
pub fn export(client: &Client) -> Value {
    client.get(PATH).expect_status(200).json()
}

/// Asserts that `document` has each of the `expected` texts, and none of the `withheld`, which are secrets and means of payment. Each is a name for
/// the message, and the text.
///
/// # Panics
///
/// If it lacks an expected text, or has one that is withheld.
#[track_caller]
pub fn assert_exported<'a>(
    document: &Value,
    expected: impl IntoIterator<Item = (&'a str, &'a str)>,
    withheld: impl IntoIterator<Item = (&'a str, &'a str)>,
) {
    let mut texts = Vec::new();
    collect_texts(document, &mut texts);
    let has = |text: &str| texts.iter().any(|found| found.contains(text));
    let missing: Vec<&str> = expected.into_iter().filter(|(_, text)| !has(text)).map(|(name, _)| name).collect();
    assert!(missing.is_empty(), "the export lacks {missing:?}: {document:#}");
    let exposed: Vec<&str> = withheld.into_iter().filter(|(_, text)| has(text)).map(|(name, _)| name).collect();
    assert!(exposed.is_empty(), "the export has {exposed:?}: {document:#}");
}

/// Adds every text in `value` to `texts`: names of members, strings, and the other values as they are written.
fn collect_texts(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                texts.push(name.clone());
                collect_texts(value, texts);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::String(text) => texts.push(text.clone()),
        other => texts.push(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::assert_exported;
    use serde_json::json;

    #[test]
    fn a_text_is_found_wherever_it_is() {
        let document = json!({ "a": [{ "b": "the \"street\"" }], "key": 1299 });
        assert_exported(&document, [("street", "\"street\""), ("name", "key"), ("sum", "1299")], [("token", "pm_ok")]);
    }

    #[test]
    #[should_panic(expected = "the export lacks [\"city\"]")]
    fn a_text_that_is_missing_is_named() {
        assert_exported(&json!({ "a": "b" }), [("a", "b"), ("city", "Berlin")], []);
    }

    #[test]
    #[should_panic(expected = "the export has [\"token\"]")]
    fn a_secret_that_is_exported_is_named() {
        assert_exported(&json!({ "a": "pm_ok" }), [], [("token", "pm_ok")]);
    }
}
