//! Postal addresses, and the rules for them in every service.

mod countries;

use crate::input::{BrokenRule, InputErrors, Line};
use crate::{FieldError, text};
use countries::Required;
use deserr::{Deserr, ValuePointerRef};
use schemars::{JsonSchema, Schema, json_schema};
use serde::{Deserialize, Serialize};

/// The longest line of text, in characters.
pub const MAX_LINE: usize = 100;
/// The longest postal code, in characters.
pub const MAX_POSTAL_CODE: usize = 20;
/// The most lines of an address.
pub const MAX_LINES: usize = 4;

/// A postal address.
///
/// Town and postal code are empty where there is none: clients read strings, as they did when every country required both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields, validate = PostalAddress::with_required_fields -> Vec<BrokenRule>)]
#[schemars(deny_unknown_fields, transform = require_fields_by_country)]
pub struct PostalAddress {
    /// Street, house and so on, 1 to 4 lines.
    #[deserr(try_from(Vec<AddressLine>) = check_lines -> BrokenRule)]
    #[schemars(with = "Vec<AddressLine>", length(min = 1, max = MAX_LINES))]
    pub lines: Vec<String>,
    /// The town, or the area of a country whose addresses have that instead; empty if it has neither.
    #[serde(default)]
    #[deserr(default, try_from(String) = check_city -> BrokenRule)]
    #[schemars(length(max = MAX_LINE), extend("format" = "optional-line"))]
    pub city: String,
    /// The postal code, as the country writes it; empty if there is none.
    #[serde(default)]
    #[deserr(default, try_from(String) = check_postal_code -> BrokenRule)]
    #[schemars(length(max = MAX_POSTAL_CODE), extend("format" = "optional-line"))]
    pub postal_code: String,
    /// The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo).
    #[deserr(try_from(String) = check_country -> BrokenRule)]
    #[schemars(regex(pattern = "^[A-Z]{2}$"), extend("format" = "country"))]
    pub country: String,
}

/// A line of an address.
pub type AddressLine = Line<MAX_LINE>;

/// Checks the lines of an address.
///
/// # Errors
///
/// There are none, or too many.
pub fn check_lines(lines: Vec<AddressLine>) -> Result<Vec<String>, BrokenRule> {
    if !(1..=MAX_LINES).contains(&lines.len()) {
        return Err(BrokenRule::new("must have 1 to 4 items"));
    }
    Ok(lines.into_iter().map(String::from).collect())
}

/// Checks the town of an address.
///
/// # Errors
///
/// It is neither empty nor a line.
pub fn check_city(text: String) -> Result<String, BrokenRule> {
    line_or_empty(text, MAX_LINE)
}

/// Checks the postal code of an address.
///
/// # Errors
///
/// It is neither empty nor a line.
pub fn check_postal_code(text: String) -> Result<String, BrokenRule> {
    line_or_empty(text, MAX_POSTAL_CODE)
}

fn line_or_empty(text: String, longest: usize) -> Result<String, BrokenRule> {
    if !text.is_empty() {
        text::line(&text, longest)?;
    }
    Ok(text)
}

/// Checks the country of an address.
///
/// # Errors
///
/// It does not exist.
pub fn check_country(code: String) -> Result<String, BrokenRule> {
    if is_country(&code) { Ok(code) } else { Err(BrokenRule::new(UNKNOWN_COUNTRY)) }
}

/// Returns whether `code` is the code of a country.
pub fn is_country(code: &str) -> bool {
    countries::required(code).is_some()
}

/// The error of a country that does not exist.
const UNKNOWN_COUNTRY: &str = "is not a two-letter country code such as DE (ISO 3166-1)";

/// Adds to the schema of an object with the fields of an address which of them are required in which country.
pub fn require_fields_by_country(schema: &mut Schema) {
    let of = |codes: &str| codes.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let required = |field: &str| json_schema!({ "required": [field], "properties": { field: { "minLength": 1 } } });
    let rules = [
        json_schema!({
            "if": { "required": ["country"], "properties": { "country": { "enum": of(countries::WITH_POSTAL_CODE) } } },
            "then": required("postal_code"),
        }),
        json_schema!({
            "if": { "required": ["country"], "properties": { "country": { "enum": of(countries::WITHOUT_CITY) } } },
            "else": required("city"),
        }),
    ];
    schema.insert("allOf".to_owned(), rules.map(serde_json::Value::from).to_vec().into());
}

impl PostalAddress {
    /// Returns the address, if it has the fields that its country requires.
    fn with_required_fields(self, _: ValuePointerRef<'_>) -> Result<Self, Vec<BrokenRule>> {
        let missing = missing_fields(&self.country, &self.city, &self.postal_code);
        if missing.is_empty() { Ok(self) } else { Err(missing) }
    }

    /// Adds an error to `errors` for each rule that the address at `pointer` breaks.
    pub fn check(&self, pointer: &str, errors: &mut Vec<FieldError>) {
        let mut error =
            |field: &str, detail: String| errors.push(FieldError::new(format!("{pointer}/{field}"), detail));
        if !(1..=MAX_LINES).contains(&self.lines.len()) {
            error("lines", "must have 1 to 4 items".to_owned());
        }
        for (index, line) in self.lines.iter().take(MAX_LINES).enumerate() {
            if let Err(detail) = text::line(line, MAX_LINE) {
                error(&format!("lines/{index}"), detail.into_owned());
            }
        }
        let country = countries::required(&self.country);
        // As the source of the rules has it for a country that it does not know.
        let required = country.unwrap_or(Required { city: true, postal_code: false });
        let optional = [
            ("city", &self.city, MAX_LINE, required.city),
            ("postal_code", &self.postal_code, MAX_POSTAL_CODE, required.postal_code),
        ];
        for (field, value, longest, is_required) in optional {
            if value.is_empty() && is_required {
                error(field, "is required in this country".to_owned());
            } else if !value.is_empty()
                && let Err(detail) = text::line(value, longest)
            {
                error(field, detail.into_owned());
            }
        }
        if country.is_none() {
            error("country", UNKNOWN_COUNTRY.to_owned());
        }
    }
}

/// Returns an error for each field of an address that is empty, and that the country requires.
#[must_use]
pub fn missing_fields(country: &str, city: &str, postal_code: &str) -> Vec<BrokenRule> {
    let Some(required) = countries::required(country) else { return Vec::new() };
    let fields = [("/city", city, required.city), ("/postal_code", postal_code, required.postal_code)];
    let is_missing = |(_, value, is_required): &(&str, &str, bool)| *is_required && value.is_empty();
    let error = |(pointer, _, _): (&str, &str, bool)| BrokenRule::at(pointer, "is required in this country");
    fields.into_iter().filter(is_missing).map(error).collect()
}

#[cfg(test)]
mod tests {
    use super::PostalAddress;
    use crate::FieldError;

    fn address(city: &str, postal_code: &str, country: &str) -> PostalAddress {
        let [city, postal_code, country] = [city, postal_code, country].map(str::to_owned);
        PostalAddress { lines: vec!["1 Main St".to_owned()], city, postal_code, country }
    }

    fn errors(address: &PostalAddress) -> Vec<FieldError> {
        let mut errors = Vec::new();
        address.check("/a", &mut errors);
        errors
    }

    fn pointers(address: &PostalAddress) -> Vec<String> {
        errors(address).into_iter().map(|error| error.pointer().to_owned()).collect()
    }

    #[test]
    fn each_broken_rule_is_an_error_at_its_pointer() {
        let mut address = address("Berlin", "10115", "DE");
        assert_eq!(pointers(&address), [""; 0]);
        address.lines.push(String::new());
        address.postal_code = "1".repeat(21);
        address.country = "de".to_owned();
        assert_eq!(pointers(&address), ["/a/lines/1", "/a/postal_code", "/a/country"]);
        address.lines = vec!["x".to_owned(); 5];
        assert_eq!(pointers(&address), ["/a/lines", "/a/postal_code", "/a/country"]);
    }

    #[test]
    fn town_and_postal_code_are_required_where_the_country_has_them() {
        for (city, postal_code, country) in [
            ("Kowloon", "", "HK"),
            ("Dublin", "", "IE"),
            ("Pristina", "10000", "XK"),
            ("", "018956", "SG"),
            ("", "", "MO"),
        ] {
            assert_eq!(pointers(&address(city, postal_code, country)), [""; 0], "{country}");
        }
        let required = |field: &str| FieldError::new(format!("/a/{field}"), "is required in this country");
        assert_eq!(errors(&address("", "", "DE")), [required("city"), required("postal_code")]);
        assert_eq!(pointers(&address("", "", "HK")), ["/a/city"]);
        assert_eq!(pointers(&address("", "", "SG")), ["/a/postal_code"]);
    }

    #[test]
    fn a_country_that_does_not_exist_is_refused() {
        for country in ["", "QQ", "ZZ", "EU", "UK", "de", "DEU", "D1", "ß"] {
            let expected = FieldError::new("/a/country", "is not a two-letter country code such as DE (ISO 3166-1)");
            assert_eq!(errors(&address("A", "1", country)), [expected], "{country}");
        }
    }

    #[test]
    fn text_is_readable_in_every_field() {
        let mut address = address("Ber\u{202e}lin", "101\u{2067}15", "DE");
        address.lines = vec!["1 Main\nSt".to_owned()];
        assert_eq!(pointers(&address), ["/a/lines/0", "/a/city", "/a/postal_code"]);
    }
}
