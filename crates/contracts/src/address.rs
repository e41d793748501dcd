//! Postal addresses, and the rules for them in every service.

mod countries;

use crate::{FieldError, text};
use countries::Required;
use serde::{Deserialize, Serialize};

/// The longest line of text, in characters.
pub const MAX_LINE: usize = 100;
/// The longest postal code, in characters.
const MAX_POSTAL_CODE: usize = 20;
/// The most lines of an address.
const MAX_LINES: usize = 4;

/// A postal address.
///
/// Town and postal code are empty where there is none: clients read strings, as they did when every country required both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostalAddress {
    /// Street, house and so on, 1 to 4 lines.
    pub lines: Vec<String>,
    /// The town, or the area of a country whose addresses have that instead; empty if it has neither.
    #[serde(default)]
    pub city: String,
    /// The postal code, as the country writes it; empty if there is none.
    #[serde(default)]
    pub postal_code: String,
    /// The country's two letters (ISO 3166-1 alpha-2, and XK for Kosovo).
    pub country: String,
}

impl PostalAddress {
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
            error("country", "is not a two-letter country code such as DE (ISO 3166-1)".to_owned());
        }
    }
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
        errors(address).into_iter().map(|error| error.pointer).collect()
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
