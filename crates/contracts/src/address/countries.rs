//! The countries, and which fields of an address each requires.
//!
//! Derived from Google's libaddressinput (<https://github.com/google/libaddressinput>, its data under CC BY 4.0), revision e20690c of June 2025:
//! `cpp/src/region_data_constants.cc` has an entry for each code of ISO 3166-1 and for XK, which is Kosovo's by use, and for AC and TA, which are
//! reserved and parts of SH. The member `require` of an entry lists fields: A (lines), C (town), S (area), Z (postal code); without it, A and C.
//!
//! To renew it, take the newest revision of that file. [`ALL`] is every entry but AC and TA; [`WITHOUT_CITY`] are those with neither C nor S in
//! `require`, and [`WITH_POSTAL_CODE`] those with Z.

/// Every code, in order: ISO 3166-1 alpha-2 and XK.
const ALL: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL \
    CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU \
    GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC \
    MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT \
    PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA \
    UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// Countries whose addresses need neither town nor area.
pub(super) const WITHOUT_CITY: &str = "AG GI MO SG SM VG";

/// Countries whose addresses need a postal code.
pub(super) const WITH_POSTAL_CODE: &str = "\
    AS AT AU AX BE BL BR CA CH CN CZ DE DK EE ES FI FK FM FR GB GF GG GL GP GR GS GU HU IM IN IO IT JE JP KR LI LT LU LV MF MH MP MQ MX MY NC \
    NL NO NZ PF PL PM PN PR PT PW RE RO RU SE SG SH SJ SK SM TC TR TW UA US VI WF YT ZA";

/// The fields that the addresses of a country require, beside lines and country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Required {
    pub(super) city: bool,
    pub(super) postal_code: bool,
}

/// Returns the requirements of the country with this code; `None` if there is no such country.
pub(super) fn required(code: &str) -> Option<Required> {
    let is_in = |list: &str| list.split(' ').any(|entry| entry == code);
    is_in(ALL).then(|| Required { city: !is_in(WITHOUT_CITY), postal_code: is_in(WITH_POSTAL_CODE) })
}

#[cfg(test)]
mod tests {
    use super::{ALL, Required, WITH_POSTAL_CODE, WITHOUT_CITY, required};

    #[test]
    fn every_list_has_two_capitals_in_order_and_no_country_that_does_not_exist() {
        for list in [ALL, WITHOUT_CITY, WITH_POSTAL_CODE] {
            let codes: Vec<&str> = list.split(' ').collect();
            assert!(codes.is_sorted_by(|one, next| one < next), "{list}");
            for code in codes {
                assert!(code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()), "{code}");
                assert!(required(code).is_some(), "{code}");
            }
        }
        assert_eq!(ALL.split(' ').count(), 250);
    }

    #[test]
    fn a_country_has_the_requirements_of_its_post() {
        let of = |code| required(code).map(|Required { city, postal_code }| (city, postal_code));
        for code in ["DE", "US", "GB", "JP", "CN", "BR"] {
            assert_eq!(of(code), Some((true, true)), "{code}");
        }
        for code in ["HK", "AE", "IE", "XK", "PA", "KE"] {
            assert_eq!(of(code), Some((true, false)), "{code}");
        }
        assert_eq!(of("SG"), Some((false, true)));
        assert_eq!(of("MO"), Some((false, false)));
        for code in ["", " ", "D", "DEU", "de", "QQ", "ZZ", "EU", "UK", "AC", "E A", "D AE"] {
            assert_eq!(of(code), None, "{code}");
        }
    }
}
