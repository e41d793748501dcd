//! Deprecated operations, and the response headers that announce it (docs/api-versioning.md).

use http::header::{HeaderMap, HeaderName, HeaderValue, LINK};
use spindle_contracts::Timestamp;

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// The deprecation of an operation: since when, and until when it responds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deprecation {
    /// The start of the deprecation, in seconds since the Unix epoch (RFC 9745).
    pub since: i64,
    /// The time at which the operation is removed, in seconds since the Unix epoch, if that is decided (RFC 8594).
    pub sunset: Option<i64>,
    /// The page that names the replacement: a path or a URL.
    pub notes: &'static str,
}

impl Deprecation {
    /// Writes the headers `Deprecation`, `Sunset` and `Link` of a response.
    pub(crate) fn write_headers(self, headers: &mut HeaderMap) {
        let mut append = |name, text: String| {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.append(name, value);
            }
        };
        append(DEPRECATION, format!("@{}", self.since));
        if let Some(sunset) = self.sunset {
            append(SUNSET, Timestamp::from_millis(sunset.saturating_mul(1000)).to_http_date());
        }
        // Appended, because the response may have a link to the next page.
        append(LINK, format!("<{}>; rel=\"deprecation\"; type=\"text/html\"", self.notes));
    }
}
