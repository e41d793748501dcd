//! The fields of a product as clients send them: each has its rule, which its schema says as well.

use crate::rules;
use deserr::{DeserializeError as _, Deserr, ErrorKind, ValuePointerRef, take_cf_content};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value};
use spindle_contracts::input::{Integer, Line, Text, pointer};
use spindle_contracts::{BrokenRule, Currency, InputErrors, Money};
use std::borrow::Cow;
use std::convert::Infallible;

/// A price in minor units: the total of a line of nine million units still fits.
pub(crate) type Amount = Integer<0, 1_000_000_000_000>;
/// The name of a product.
pub(crate) type ProductName = Line<{ rules::MAX_NAME }>;
/// The description of a product.
pub(crate) type Description = Text<{ rules::MAX_DESCRIPTION }>;

/// A SKU: 1 to 64 letters, digits or any of `.`, `_`, `-` and `/`, of which the first is a letter or a digit.
#[derive(Clone, Debug, PartialEq, Eq, Deserr, JsonSchema)]
#[deserr(error = InputErrors, try_from(String) = Sku::new -> BrokenRule)]
#[schemars(inline, extend("pattern" = rules::SKU_PATTERN))]
pub(crate) struct Sku(String);

/// The slug of a category: words of lower-case letters and digits, joined by hyphens, of at most 64 characters.
#[derive(Clone, Debug, PartialEq, Eq, Deserr, JsonSchema)]
#[deserr(error = InputErrors, try_from(String) = Slug::new -> BrokenRule)]
#[schemars(inline, extend("pattern" = rules::SLUG_PATTERN, "maxLength" = rules::MAX_CODE))]
pub(crate) struct Slug(String);

/// The price of a product.
#[derive(Clone, Copy, Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct Price {
    /// The amount in minor units of the currency: 1299 for 12.99 EUR.
    pub(crate) amount: Amount,
    /// The code of the currency (ISO 4217).
    pub(crate) currency: Currency,
}

/// The attributes of a new product.
#[derive(Clone, Debug, Default, Deserr)]
#[deserr(error = InputErrors, try_from(Map<String, Value>) = Attributes::new -> Vec<BrokenRule>)]
pub(crate) struct Attributes(Map<String, Value>);

/// A merge patch of attributes: `null` removes one.
#[derive(Clone, Debug, Deserr)]
#[deserr(error = InputErrors, try_from(Map<String, Value>) = AttributesPatch::new -> Vec<BrokenRule>)]
pub(crate) struct AttributesPatch(pub(crate) Map<String, Value>);

/// A count of the units of a product.
#[derive(Clone, Copy, Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields = refuse_stock_member)]
#[schemars(deny_unknown_fields)]
pub(crate) struct StockLevel {
    /// The units on the shelf, those that belong to orders and are not shipped yet among them. At least as many as these.
    pub(crate) on_hand: Integer<0, { u32::MAX as i64 }>,
}

impl Sku {
    fn new(text: String) -> Result<Self, BrokenRule> {
        rules::sku(&text)?;
        Ok(Self(text))
    }

    /// Returns the text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text.
    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

impl Slug {
    fn new(text: String) -> Result<Self, BrokenRule> {
        rules::category(&text)?;
        Ok(Self(text))
    }

    /// Returns the text.
    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

impl From<Price> for Money {
    fn from(Price { amount, currency }: Price) -> Self {
        Self::new(amount.get(), currency)
    }
}

impl Attributes {
    fn new(attributes: Map<String, Value>) -> Result<Self, Vec<BrokenRule>> {
        let errors = rules::attributes(&attributes, rules::Nulls::Refused);
        if errors.is_empty() { Ok(Self(attributes)) } else { Err(errors) }
    }

    /// Returns the attributes.
    pub(crate) fn into_map(self) -> Map<String, Value> {
        self.0
    }
}

impl AttributesPatch {
    fn new(attributes: Map<String, Value>) -> Result<Self, Vec<BrokenRule>> {
        let errors = rules::attributes(&attributes, rules::Nulls::Accepted);
        if errors.is_empty() { Ok(Self(attributes)) } else { Err(errors) }
    }
}

impl JsonSchema for Attributes {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Attributes".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut schema = attributes_schema(&["string", "number", "boolean"]);
        schema.insert("maxProperties".to_owned(), rules::MAX_ATTRIBUTES.into());
        schema
    }
}

impl JsonSchema for AttributesPatch {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "AttributesPatch".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        attributes_schema(&["string", "number", "boolean", "null"])
    }
}

/// Returns the schema of attributes whose values have these types.
fn attributes_schema(types: &[&str]) -> Schema {
    json_schema!({
        "type": "object",
        "propertyNames": { "format": "line", "minLength": 1, "maxLength": rules::MAX_ATTRIBUTE_NAME },
        "additionalProperties": { "type": types, "format": "text", "maxLength": rules::MAX_ATTRIBUTE_TEXT },
    })
}

/// Returns the schema of the attributes of a product in a response.
pub(crate) fn stored_attributes_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] } })
}

/// Returns the error of a member that a product does not have in requests: responses may have it, and clients send back what they have read.
pub(crate) fn refuse_product_member(name: &str, known: &[&str], place: ValuePointerRef<'_>) -> InputErrors {
    match name {
        "id" | "created_at" | "updated_at" => of_member(name, place, "is set by the server: leave it out"),
        _ => unknown_member(name, known, place),
    }
}

/// The same for the stock of a product.
pub(crate) fn refuse_stock_member(name: &str, known: &[&str], place: ValuePointerRef<'_>) -> InputErrors {
    match name {
        "available" => {
            of_member(name, place, "is derived: on_hand without the units that belong to orders. Write on_hand")
        }
        "reserved" | "allocated" => {
            of_member(name, place, "is derived from the orders: leave it out. A count is on_hand")
        }
        _ => unknown_member(name, known, place),
    }
}

fn of_member(name: &str, place: ValuePointerRef<'_>, detail: &'static str) -> InputErrors {
    let mut errors = InputErrors::default();
    errors.add(pointer(place.push_key(name)), detail);
    errors
}

fn unknown_member(key: &str, accepted: &[&str], place: ValuePointerRef<'_>) -> InputErrors {
    take_cf_content(InputErrors::error::<Infallible>(None, ErrorKind::UnknownKey { key, accepted }, place))
}

#[cfg(test)]
mod tests {
    use super::{Attributes, AttributesPatch, Description, ProductName};
    use deserr::{Deserr, IntoValue as _, ValuePointerRef};
    use serde_json::{Value, json};
    use spindle_contracts::InputErrors;

    fn pointers<T: Deserr<InputErrors>>(value: Value) -> Vec<String> {
        let errors = T::deserialize_from_value(value.into_value(), ValuePointerRef::Origin).err().unwrap_or_default();
        errors.into_body_errors().iter().map(|error| error.pointer().to_owned()).collect()
    }

    fn table<T: Deserr<InputErrors>>(good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(pointers::<T>(json!(text)).is_empty(), "{text:?} should be accepted");
        }
        for text in bad {
            assert!(!pointers::<T>(json!(text)).is_empty(), "{text:?} should be refused");
        }
    }

    #[test]
    fn a_name_is_one_readable_line() {
        let (longest, too_long) = ("é".repeat(200), "é".repeat(201));
        let bad = ["", " ", "a\nb", "a\0", "Lamp \u{202e}pmaL", "Lamp\u{2067}", "\u{feff}Lamp", &too_long];
        table::<ProductName>(&["Lamp", "Lampe – 5 · 10 W", "مصباح", &longest], &bad);
    }

    #[test]
    fn a_description_may_have_several_lines() {
        let (longest, too_long) = ("é".repeat(5000), "é".repeat(5001));
        let bad = ["a\0", "\u{7f}", "a\u{202e}b", &too_long];
        table::<Description>(&["", "one\ntwo\r\n\tthree", &longest], &bad);
    }

    #[test]
    fn names_and_texts_of_attributes_are_readable() {
        let json = json!({
            "colour": "red", "care": "wash\ncold", "size/mm": 5, "a\u{202e}b": "x", "made\u{200b}in": 1, "note": "a\u{2067}b", "x/y": "\u{0}",
        });
        let expected = ["/a\u{202e}b", "/made\u{200b}in", "/note", "/x~1y"];
        assert_eq!(pointers::<Attributes>(json.clone()), expected);
        assert_eq!(pointers::<AttributesPatch>(json), expected);
    }

    #[test]
    fn only_a_patch_removes_an_attribute() {
        assert_eq!(pointers::<Attributes>(json!({ "colour": null })), ["/colour"]);
        assert!(pointers::<AttributesPatch>(json!({ "colour": null })).is_empty());
    }
}
