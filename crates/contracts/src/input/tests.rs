//! Tests of reading.

use super::{BrokenRule, InputErrors, Integer, Line, Parameter, Patch};
use crate::{Currency, FieldError, Money, PostalAddress, Role, Timestamp, UserId};
use deserr::{Deserr, IntoValue as _};
use serde_json::{Value, json};

#[derive(Debug, Deserr)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[expect(dead_code, reason = "only the types of the fields matter here")]
struct Sample {
    id: UserId,
    price: Money,
    #[deserr(default)]
    role: Option<Role>,
    #[deserr(default, try_from(String) = check_sku -> BrokenRule)]
    sku: String,
    #[deserr(default)]
    quantities: Vec<Integer<1, 10>>,
    #[deserr(default)]
    small: u8,
    #[deserr(default)]
    label: Patch<Option<Line<5>>>,
    #[deserr(default)]
    address: Option<PostalAddress>,
    #[deserr(default)]
    at: Option<Timestamp>,
}

fn check_sku(text: String) -> Result<String, BrokenRule> {
    if text.is_empty() { Err(BrokenRule::new("must not be empty")) } else { Ok(text) }
}

fn errors<T: Deserr<InputErrors> + std::fmt::Debug>(value: Value) -> Vec<FieldError> {
    T::deserialize_from_value(value.into_value(), deserr::ValuePointerRef::Origin).unwrap_err().into_body_errors()
}

fn read<T: Deserr<InputErrors>>(value: Value) -> Option<T> {
    T::deserialize_from_value(value.into_value(), deserr::ValuePointerRef::Origin).ok()
}

#[test]
fn all_errors_of_a_body_are_reported_with_their_places() {
    let body = json!({
        "id": 7, "price": { "amount": "1", "currency": "eur", "a/b": 1 }, "role": "root", "sku": "", "quantities": [1, 0, "2"],
        "small": 300, "label": "longer", "address": { "lines": [""], "country": "ZZ" }, "at": "2026-01-01 00:00:00Z", "x~y": null,
    });
    let expected = [
        ("/address/country", "is not a two-letter country code such as DE (ISO 3166-1)"),
        ("/address/lines/0", "must have 1 to 100 printable characters"),
        ("/at", "must be a time such as 2026-11-22T09:30:00.000Z (RFC 3339)"),
        ("/id", "must be a UUID"),
        ("/label", "must have 1 to 5 printable characters"),
        ("/price/amount", "must be an integer"),
        ("/price/a~1b", "is not a known field; the known fields are: amount, currency"),
        ("/price/currency", "is not a currency such as EUR (ISO 4217)"),
        ("/quantities/1", "must be an integer from 1 to 10"),
        ("/quantities/2", "must be an integer from 1 to 10"),
        ("/role", "must be one of customer, operator, admin"),
        ("/sku", "must not be empty"),
        ("/small", "must be an integer of at most 255"),
        (
            "/x~0y",
            "is not a known field; the known fields are: id, price, role, sku, quantities, small, label, address, at",
        ),
    ];
    let mut found = errors::<Sample>(body);
    found.sort_by(|one, other| one.pointer().cmp(other.pointer()));
    assert_eq!(found, expected.map(|(pointer, detail)| FieldError::new(pointer, detail)));
}

#[test]
fn missing_members_are_errors_of_their_own() {
    assert_eq!(
        errors::<Sample>(json!({})),
        [FieldError::new("/id", "is required"), FieldError::new("/price", "is required")]
    );
}

#[test]
fn a_value_of_another_kind_is_described_in_the_terms_of_json() {
    assert_eq!(errors::<Sample>(json!([])), [FieldError::new("", "must be an object")]);
    assert_eq!(errors::<bool>(json!(1)), [FieldError::new("", "must be true or false")]);
    assert_eq!(errors::<String>(json!(1)), [FieldError::new("", "must be a string")]);
    assert_eq!(errors::<Vec<u8>>(json!(1)), [FieldError::new("", "must be an array")]);
    assert_eq!(errors::<f64>(json!("1")), [FieldError::new("", "must be a number")]);
    assert_eq!(errors::<u8>(json!(-1)), [FieldError::new("", "must be an integer of at least 0")]);
    assert_eq!(errors::<i8>(json!(-129)), [FieldError::new("", "must be an integer of at least -128")]);
    assert_eq!(errors::<i64>(json!(1e20)), [FieldError::new("", "must be an integer of at most 64 bits")]);
}

#[test]
fn the_fields_that_a_country_requires_are_checked_once_the_fields_are_right() {
    let required = |field: &str| FieldError::new(format!("/{field}"), "is required in this country");
    let address = json!({ "lines": ["1 Main St"], "country": "DE" });
    assert_eq!(errors::<PostalAddress>(address), [required("city"), required("postal_code")]);
    assert!(
        read::<PostalAddress>(json!({ "lines": ["1 Main St"], "country": "SG", "postal_code": "018956" })).is_some()
    );
}

#[test]
fn null_clears_a_member_of_a_patch_that_can_be_cleared() {
    assert_eq!(read::<Patch<Option<bool>>>(json!(null)), Some(Patch(Some(None))));
    assert_eq!(read::<Patch<bool>>(json!(null)), None);
    assert_eq!(read::<Patch<bool>>(json!(true)), Some(Patch(Some(true))));
}

#[test]
fn a_parameter_is_read_from_its_text() {
    assert_eq!(read(json!("true")), Some(Parameter(true)));
    assert_eq!(read(json!("-7")), Some(Parameter(-7_i64)));
    assert_eq!(read(json!("1e1")), Some(Parameter(10_u8)));
    for text in ["", "1.5", "+1", "007", "0x1", "one", "null", "[1]", " 1"] {
        assert_eq!(read::<Parameter<i64>>(json!(text)), None, "{text}");
    }
    assert_eq!(read(json!("EUR")), Some(Parameter("EUR".parse::<Currency>().unwrap())));
}

#[test]
fn a_time_has_the_form_of_rfc_3339() {
    for text in ["2026-11-22T09:30:00Z", "2026-11-22t09:30:00.5z", "2026-11-22T09:30:00.123456789+01:00"] {
        assert!(read::<Timestamp>(json!(text)).is_some(), "{text}");
    }
    for text in [
        "2026-11-22",
        "2026-11-22 09:30:00Z",
        "2026-11-22T09:30Z",
        "2026-11-22T09:30:00",
        "2026-11-22T09:30:00.Z",
        "2026-11-22T09:30:00+01",
        "2026-11-22T09:30:00+0100",
        "2026-11-22T09:30:00Z[UTC]",
        "2026-02-30T09:30:00Z",
        "20261122T093000Z",
    ] {
        assert_eq!(read::<Timestamp>(json!(text)), None, "{text}");
    }
}

#[test]
fn an_object_of_any_values_keeps_its_numbers() {
    let object = json!({ "a": [1, 2.0, -3.0, 1.5], "b": { "c": null, "d": "x" } });
    assert_eq!(read::<serde_json::Map<String, Value>>(object.clone()).map(Value::from), Some(object));
}
