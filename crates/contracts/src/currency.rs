//! Currencies by their ISO 4217 code.

use crate::{InputErrors, input};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// The codes of money that circulates (ISO 4217, list one, as of 2026), in alphabetical order; without funds, metals and codes for
/// testing.
const CODES: &str = "\
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK \
    DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS \
    KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD \
    OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP \
    TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// Those without minor units, and those with three digits of them; all others have two.
const WITHOUT_MINOR_UNITS: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
const WITH_THOUSANDTHS: &str = "BHD IQD JOD KWD LYD OMR TND";

/// A currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Currency([u8; 3]);

/// The error for a text that is not the code of a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a currency such as EUR (ISO 4217)")]
pub struct UnknownCurrency;

impl Currency {
    /// Returns its code: three capitals.
    pub fn code(&self) -> &str {
        str::from_utf8(&self.0).expect("a code is ASCII")
    }

    /// Returns the number of digits of its minor units: 2 for EUR, whose hundredths are cents.
    pub fn minor_digits(&self) -> u32 {
        let is_in = |codes: &str| codes.split(' ').any(|code| code == self.code());
        if is_in(WITHOUT_MINOR_UNITS) {
            0
        } else if is_in(WITH_THOUSANDTHS) {
            3
        } else {
            2
        }
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(text: &str) -> Result<Self, UnknownCurrency> {
        let code = <[u8; 3]>::try_from(text.as_bytes()).map_err(|_| UnknownCurrency)?;
        // Each code and the space behind it take four bytes.
        if CODES.as_bytes().chunks(4).any(|entry| entry.starts_with(&code)) {
            Ok(Self(code))
        } else {
            Err(UnknownCurrency)
        }
    }
}

impl Deserr<InputErrors> for Currency {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, place: ValuePointerRef<'_>) -> Result<Self, InputErrors> {
        input::parsed(value, place, "is not a currency such as EUR (ISO 4217)", |text| text.parse().ok())
    }
}

impl JsonSchema for Currency {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Currency".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "currency", "pattern": "^[A-Z]{3}$" })
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;

    fn try_from(text: String) -> Result<Self, UnknownCurrency> {
        text.parse()
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::{CODES, Currency, UnknownCurrency, WITH_THOUSANDTHS, WITHOUT_MINOR_UNITS};

    #[test]
    fn the_list_is_sorted_and_every_code_on_it_is_a_currency() {
        let codes: Vec<&str> = CODES.split(' ').collect();
        assert!(codes.is_sorted() && codes.len() > 150);
        for code in codes {
            assert_eq!(code.parse::<Currency>().unwrap().code(), code);
        }
    }

    #[test]
    fn currencies_have_two_minor_digits_unless_listed() {
        for (codes, digits) in [("EUR USD CHF MRU", 2), (WITHOUT_MINOR_UNITS, 0), (WITH_THOUSANDTHS, 3)] {
            for code in codes.split(' ') {
                assert_eq!(code.parse::<Currency>().unwrap().minor_digits(), digits, "{code}");
            }
        }
    }

    #[test]
    fn other_texts_are_not_currencies() {
        for text in ["", "eur", "EURO", "EU", "XXX", "XAU", "UR ", "R A", "ÄUR", " EU"] {
            assert_eq!(text.parse::<Currency>(), Err(UnknownCurrency), "{text}");
        }
    }
}
