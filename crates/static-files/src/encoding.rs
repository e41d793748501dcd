//! The content coding that a client accepts (RFC 9110, section 12.5.3).

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// Returns whether the response to a request with these headers is to be in the coding gzip. Without `Accept-Encoding` it is not: such a client may
/// have any coding sent to it, but most of them understand none.
pub(crate) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let (mut gzip, mut any, mut identity) = (None, None, None);
    let fields = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|field| field.to_str().ok());
    for element in fields.flat_map(|field| field.split(',')) {
        let (coding, parameter) =
            element.split_once(';').map_or((element, None), |(coding, rest)| (coding, Some(rest)));
        // An element that cannot be read says nothing about its coding.
        let Some(weight) = parameter.map_or(Some(MAX_WEIGHT), weight) else { continue };
        let slot = match coding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => &mut gzip,
            "identity" => &mut identity,
            "*" => &mut any,
            _ => continue,
        };
        slot.get_or_insert(weight);
    }
    let gzip = gzip.or(any).unwrap_or(0);
    gzip > 0 && gzip >= identity.unwrap_or(0)
}

/// The weight 1, in thousandths.
const MAX_WEIGHT: u16 = 1000;

/// Parses a weight, such as `q=0.5`, in thousandths (RFC 9110, section 12.4.2).
fn weight(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.trim().split_once('=')?;
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let is_number = fraction.len() <= 3 && fraction.bytes().all(|digit| digit.is_ascii_digit());
    if !name.eq_ignore_ascii_case("q") || !is_number {
        return None;
    }
    let thousandths = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(MAX_WEIGHT),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::accepts_gzip;
    use http::header::ACCEPT_ENCODING;
    use http::{HeaderMap, HeaderValue};

    #[test]
    fn gzip_is_accepted_where_the_client_says_so() {
        for (fields, accepted) in [
            (&[][..], false),
            (&[""], false),
            (&["gzip"], true),
            (&["GZip"], true),
            (&["x-gzip"], true),
            (&["gzip, deflate, br, zstd"], true),
            (&["br", "gzip"], true),
            (&["br,,gzip;q=0.001"], true),
            (&["gzip ; q=1.000"], true),
            (&["gzip;Q=0.5, identity;q=0.5"], true),
            (&["gzip;q=0.5, identity"], false),
            (&["identity"], false),
            (&["gzip;q=0"], false),
            (&["gzip;q=0.000, *"], false),
            (&["*"], true),
            (&["*;q=0.1, identity;q=0"], true),
            (&["*;q=0"], false),
            (&["br"], false),
            (&["gzipped"], false),
            (&["gzip;q=2"], false),
            (&["gzip;q=1.001"], false),
            (&["gzip;q=0.1234"], false),
            (&["gzip;q=-1"], false),
            (&["gzip;q="], false),
            (&["gzip;level=9"], false),
            (&["gzip;q=0, gzip"], false),
        ] {
            let headers: HeaderMap =
                fields.iter().map(|field| (ACCEPT_ENCODING, HeaderValue::from_static(field))).collect();
            assert_eq!(accepts_gzip(&headers), accepted, "{fields:?}");
        }
    }
}
