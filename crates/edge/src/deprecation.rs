//! Operations that will go away: what their answers say of it (docs/api-versioning.md).

use http::header::{HeaderMap, HeaderName, HeaderValue, LINK};
use spindle_contracts::Timestamp;

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// Since when nobody should begin to use an operation, and when it goes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deprecation {
    /// Since when, in seconds since the Unix epoch (RFC 9745).
    pub since: i64,
    /// When it goes away, in seconds since the Unix epoch, if that is known (RFC 8594).
    pub sunset: Option<i64>,
    /// Where it says what to use instead: a path or a URL.
    pub notes: &'static str,
}

impl Deprecation {
    /// Says it in the headers of an answer.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        let mut insert = |name, text: String| {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.append(name, value);
            }
        };
        insert(DEPRECATION, format!("@{}", self.since));
        if let Some(sunset) = self.sunset {
            insert(SUNSET, Timestamp::from_millis(sunset.saturating_mul(1000)).to_http_date());
        }
        // Beside the link to the next page, which may be there.
        insert(LINK, format!("<{}>; rel=\"deprecation\"; type=\"text/html\"", self.notes));
    }
}
