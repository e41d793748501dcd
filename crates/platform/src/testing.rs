//! A check for the tests of services: what the schema of a request says is what its type reads.

use crate::http::read_json;
use deserr::Deserr;
use jsonschema::{Draft, Validator};
use proptest::prelude::{Strategy as _, any};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use spindle_contracts::{Currency, InputErrors, address, text};
use std::collections::BTreeSet;

/// A `format` of JSON Schema, and its rule.
pub type Format = (&'static str, fn(&str) -> bool);

/// The formats of the types in `spindle_contracts`, beside those of JSON Schema.
pub const FORMATS: [Format; 6] = [
    ("line", |value| text::line(value, usize::MAX).is_ok()),
    ("optional-line", |value| value.is_empty() || text::line(value, usize::MAX).is_ok()),
    ("text", |value| text::lines(value, usize::MAX).is_ok()),
    ("name", |value| text::name(value).is_ok()),
    ("currency", |value| value.parse::<Currency>().is_ok()),
    ("country", address::is_country),
];

/// The number of variants of each example that have several changes.
const RANDOM_CASES: u32 = 256;

/// Checks that the schema of `T` and its reader accept each of `examples`, and that they agree on variants of them: with members that are missing,
/// unknown, of other types, and at the bounds that the schema names.
///
/// `formats` has the rules of the formats that the service itself declares.
///
/// # Panics
///
/// If they disagree.
pub fn assert_schema_and_type_agree<T: Deserr<InputErrors> + JsonSchema>(examples: &[Value], formats: &[Format]) {
    assert_schema_and_type_agree_except::<T>(examples, formats, |_| false);
}

/// Does the same, but allows the type to refuse a value that the schema accepts if `is_beyond_schema` is true for it: for a rule that JSON Schema cannot
/// express.
///
/// # Panics
///
/// If they disagree otherwise.
pub fn assert_schema_and_type_agree_except<T: Deserr<InputErrors> + JsonSchema>(
    examples: &[Value],
    formats: &[Format],
    is_beyond_schema: fn(&Value) -> bool,
) {
    let schema = SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>();
    let schema = schema.to_value();
    let validator = validator(&schema, formats);
    let compare = |value: &Value| -> Result<(), String> {
        let violations: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
        let body = serde_json::to_vec(value).map_err(|error| error.to_string())?;
        match (violations.as_slice(), read_json::<T>(&body)) {
            ([], Ok(_)) | ([_, ..], Err(_)) => Ok(()),
            ([], Err(_)) if is_beyond_schema(value) => Ok(()),
            ([], Err(problem)) => Err(format!("only the type refuses {value}: {:?}", problem.errors)),
            ([_, ..], Ok(_)) => Err(format!("only the schema refuses {value}: {violations:?}")),
        }
    };
    let hints = Hints::of(&schema);
    let mut runner = runner();
    for example in examples {
        assert!(validator.is_valid(example), "an example breaks the schema: {example}: {schema}");
        let places = places(example);
        let changes: Vec<Change> =
            places.iter().flat_map(|place| hints.changes(example.pointer(place).expect("a place"), place)).collect();
        for change in &changes {
            let mut value = example.clone();
            change.apply(&mut value);
            compare(&value).unwrap_or_else(|difference| panic!("{change:?}: {difference}"));
        }
        let characters = proptest::collection::vec(any::<char>(), 0..12);
        let text = characters.prop_map(|characters| characters.into_iter().collect::<String>());
        let choices = proptest::collection::vec((any::<proptest::sample::Index>(), any::<bool>(), text), 2..4);
        let result = runner.run(&choices, |choices| {
            let mut value = example.clone();
            for (index, has_random_text, text) in choices {
                if has_random_text {
                    let place = index.get(&places).clone();
                    Change { place, kind: Kind::Replace(Value::String(text)) }.apply(&mut value);
                } else {
                    index.get(&changes).apply(&mut value);
                }
            }
            compare(&value).map_err(proptest::test_runner::TestCaseError::fail)
        });
        result.unwrap_or_else(|failure| panic!("{failure}"));
    }
}

/// Returns a validator of `schema` that checks formats: those of JSON Schema, [`FORMATS`] and `formats`.
fn validator(schema: &Value, formats: &[Format]) -> Validator {
    let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
    let options = FORMATS
        .iter()
        .chain(formats)
        .fold(options, |options, (name, rule)| options.with_format(*name, *rule))
        .should_ignore_unknown_formats(true);
    options.build(schema).expect("the schema of a type is valid")
}

/// Returns a runner that makes the same cases every time.
fn runner() -> TestRunner {
    let config = Config { cases: RANDOM_CASES, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// A change of a part of a value.
#[derive(Clone, Debug)]
struct Change {
    /// The RFC 6901 pointer of the part.
    place: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Replace(Value),
    RemoveMember(String),
    AddMember,
}

impl Change {
    /// Applies the change, if an earlier one has left its place.
    fn apply(&self, value: &mut Value) {
        let Some(part) = value.pointer_mut(&self.place) else { return };
        match &self.kind {
            Kind::Replace(replacement) => *part = replacement.clone(),
            Kind::RemoveMember(name) => {
                part.as_object_mut().map(|members| members.remove(name));
            }
            Kind::AddMember => {
                part.as_object_mut().map(|members| members.insert("no_such_member".to_owned(), json!(1)));
            }
        }
    }
}

/// The values that a schema names: at its bounds, readers and schemas err.
#[derive(Debug, Default)]
struct Hints {
    numbers: BTreeSet<i64>,
    lengths: BTreeSet<usize>,
    values: Vec<Value>,
}

impl Hints {
    fn of(schema: &Value) -> Self {
        let mut hints =
            Self { numbers: BTreeSet::from([-1, 0, 1, 2]), lengths: BTreeSet::from([0, 1, 2]), ..Self::default() };
        hints.collect(schema);
        hints
    }

    fn collect(&mut self, schema: &Value) {
        match schema {
            Value::Object(members) => {
                for (name, value) in members {
                    match (name.as_str(), value.as_i64()) {
                        ("minimum" | "maximum", Some(bound)) => {
                            self.numbers.extend([bound.saturating_sub(1), bound, bound.saturating_add(1)]);
                        }
                        ("minLength" | "maxLength" | "minItems" | "maxItems", Some(bound)) => {
                            let bound = usize::try_from(bound).expect("a length is not negative");
                            self.lengths.extend([bound.saturating_sub(1), bound, bound + 1]);
                        }
                        ("enum", _) => self.values.extend(value.as_array().into_iter().flatten().take(8).cloned()),
                        ("const", _) => self.values.push(value.clone()),
                        _ => self.collect(value),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            _ => {}
        }
    }

    /// Returns the changes of `part`, which is at `place`.
    fn changes(&self, part: &Value, place: &str) -> Vec<Change> {
        let change = |kind| Change { place: place.to_owned(), kind };
        let scalars =
            [json!(null), json!(true), json!(1.5), json!(2.0), json!(-0.0), json!({}), json!([]), json!([[]])];
        let texts =
            ["", " ", "x", "\u{0}", "a\nb", "a\u{202e}b", "no-such-value", "00000000-0000-0000-0000-000000000000"];
        let mut values = Vec::from(scalars);
        values.extend(texts.map(Value::from));
        values.extend(self.numbers.iter().map(|number| json!(number)));
        values.extend(self.values.iter().cloned());
        let mut changes = Vec::new();
        match part {
            Value::Object(members) => {
                changes.extend(members.keys().map(|name| change(Kind::RemoveMember(name.clone()))));
                changes.push(change(Kind::AddMember));
            }
            Value::Array(items) => {
                let repeated = |length| items.iter().cycle().take(length).cloned().collect::<Vec<_>>();
                let lengths = self.lengths.iter().filter(|length| **length <= 1_000 && !items.is_empty());
                values.extend(lengths.map(|length| Value::Array(repeated(*length))));
            }
            Value::String(text) => {
                values.extend(
                    [text.to_uppercase(), text.to_lowercase(), format!("{text}x"), format!(" {text}")].map(Value::from),
                );
                values.extend(text.char_indices().next_back().map(|(last, _)| Value::from(&text[..last])));
                for letter in ["a", "é"] {
                    values.extend(self.lengths.iter().map(|length| Value::from(letter.repeat(*length))));
                }
            }
            _ => {}
        }
        changes.extend(values.into_iter().map(|value| change(Kind::Replace(value))));
        changes
    }
}

/// Returns the pointers of `value` and of all its parts.
fn places(value: &Value) -> Vec<String> {
    let mut places = vec![String::new()];
    let mut add = |token: &str, part: &Value| {
        let token = token.replace('~', "~0").replace('/', "~1");
        places.extend(self::places(part).into_iter().map(|rest| format!("/{token}{rest}")));
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, part)| add(name, part)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, part)| add(&index.to_string(), part)),
        _ => {}
    }
    places
}

/// Returns an object with the members of `base`, changed and completed by those of `changes`: for examples that differ little.
#[must_use]
pub fn merged(base: &Value, changes: &Value) -> Value {
    let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let all: Map<String, Value> = members(base).into_iter().chain(members(changes)).collect();
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use super::{assert_schema_and_type_agree, assert_schema_and_type_agree_except};
    use deserr::Deserr;
    use schemars::JsonSchema;
    use serde_json::{Map, Value, json};
    use spindle_contracts::input::{Integer, Line, Name, Patch, Text};
    use spindle_contracts::{BrokenRule, InputErrors, Money, PostalAddress, Role, Timestamp, UserId};
    use uuid::Uuid;

    #[derive(Deserr, JsonSchema)]
    #[deserr(error = InputErrors, deny_unknown_fields)]
    #[schemars(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the types of the fields matter here")]
    struct Sample {
        id: UserId,
        other: Uuid,
        price: Money,
        #[deserr(default)]
        role: Option<Role>,
        name: Name,
        #[deserr(default)]
        label: Option<Line<5>>,
        #[deserr(default)]
        #[schemars(default)]
        text: Text<9>,
        quantity: Integer<1, 10>,
        #[deserr(default)]
        is_gift: Option<bool>,
        #[deserr(default)]
        at: Option<Timestamp>,
        #[deserr(default)]
        #[schemars(default)]
        attributes: Map<String, Value>,
    }

    #[derive(Deserr, JsonSchema)]
    #[deserr(error = InputErrors, deny_unknown_fields)]
    #[schemars(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the types of the fields matter here")]
    struct Change {
        #[deserr(default)]
        label: Patch<Option<Line<5>>>,
        #[deserr(default)]
        quantity: Patch<Integer<1, 10>>,
        #[deserr(default)]
        address: Patch<PostalAddress>,
    }

    #[test]
    fn the_schema_of_a_body_says_what_its_type_reads() {
        let id = "01923f5e-7c00-7abc-8def-0123456789ab";
        let price = json!({ "amount": 1299, "currency": "EUR" });
        let least = json!({ "id": id, "other": id, "price": price, "name": "Ada", "quantity": 1 });
        let more = json!({
            "role": "admin", "label": "Home", "text": "a\nb", "is_gift": false, "at": "2026-11-22T09:30:00.000Z",
            "attributes": { "a": 1.5, "b": [] },
        });
        assert_schema_and_type_agree::<Sample>(&[least.clone(), super::merged(&least, &more)], &[]);
    }

    #[test]
    fn the_schema_of_an_address_says_what_its_country_requires() {
        let german = json!({ "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE" });
        let others = [
            json!({ "lines": ["1 Main St", "Flat 2"], "country": "MO" }),
            json!({ "lines": ["1"], "city": "A", "country": "HK" }),
        ];
        assert_schema_and_type_agree::<PostalAddress>(&[std::slice::from_ref(&german), &others[..]].concat(), &[]);
        let change = json!({ "label": null, "quantity": 3, "address": german });
        assert_schema_and_type_agree::<Change>(&[json!({}), change], &[]);
    }

    #[derive(Deserr, JsonSchema)]
    #[deserr(error = InputErrors, deny_unknown_fields, validate = Range::check -> BrokenRule)]
    #[schemars(deny_unknown_fields)]
    struct Range {
        from: Integer<0, 9>,
        to: Integer<0, 9>,
    }

    impl Range {
        fn check(self, _: deserr::ValuePointerRef<'_>) -> Result<Self, BrokenRule> {
            if self.from <= self.to { Ok(self) } else { Err(BrokenRule::at("/to", "must not be less than from")) }
        }
    }

    #[test]
    fn a_rule_that_a_schema_cannot_express_is_an_exception() {
        let is_reversed = |value: &Value| value["from"].as_f64() > value["to"].as_f64();
        assert_schema_and_type_agree_except::<Range>(&[json!({ "from": 1, "to": 2 })], &[], is_reversed);
    }

    #[test]
    #[should_panic(expected = "only the type refuses")]
    fn a_rule_that_the_schema_lacks_is_found() {
        assert_schema_and_type_agree::<Range>(&[json!({ "from": 1, "to": 2 })], &[]);
    }
}
