//! Entity tags and the conditions that clients put on them (RFC 9110, sections 8.8.3 and 13.1).

use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest as _, Sha256};
use spindle_contracts::{Problem, ProblemKind};
use std::fmt;
use std::str::FromStr;

/// A strong entity tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ETag(Tag);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag {
    Version(u64),
    Content(u128),
}

/// The text is not an entity tag of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an entity tag of ours")]
pub struct UnknownETag;

/// What a client says in `If-Match`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precondition(Accepted);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Accepted {
    Any,
    OneOf(Vec<String>),
}

impl ETag {
    /// The tag of `version`, which every change of the resource raises.
    pub fn of_version(version: u64) -> Self {
        Self(Tag::Version(version))
    }

    /// The tag of `body`, for what has no version of its own, such as a list.
    pub fn of_content(body: &[u8]) -> Self {
        let digest = Sha256::digest(body);
        let (first, _) = digest.split_first_chunk().expect("a digest has 32 bytes");
        Self(Tag::Content(u128::from_be_bytes(*first)))
    }

    /// The value of the `ETag` header.
    pub fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.to_string()).expect("a number in quotes is a header value")
    }

    pub(super) fn in_if_none_match(&self, headers: &HeaderMap) -> bool {
        // Weak comparison (RFC 9110, section 13.1.2): a `W/` in front does not matter.
        match tags(headers, header::IF_NONE_MATCH) {
            Some(Accepted::Any) => true,
            Some(Accepted::OneOf(tags)) => {
                let own = self.to_string();
                tags.iter().any(|tag| tag.strip_prefix("W/").unwrap_or(tag) == own)
            }
            None => false,
        }
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Tag::Version(version) => write!(f, "\"v{version}\""),
            Tag::Content(digest) => write!(f, "\"{digest:032x}\""),
        }
    }
}

impl FromStr for ETag {
    type Err = UnknownETag;

    /// Reads a tag as it is written.
    fn from_str(text: &str) -> Result<Self, UnknownETag> {
        let opaque = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or(UnknownETag)?;
        let tag = match opaque.strip_prefix('v') {
            Some(version) => version.parse().map(Tag::Version),
            None => u128::from_str_radix(opaque, 16).map(Tag::Content),
        };
        tag.map(Self).map_err(|_| UnknownETag)
    }
}

impl Precondition {
    pub(super) fn if_match(headers: &HeaderMap) -> Result<Self, Problem> {
        tags(headers, header::IF_MATCH).map(Self).ok_or_else(|| {
            Problem::new(
                ProblemKind::PreconditionRequired,
                "Send the ETag of the version that you have read in If-Match.",
            )
        })
    }

    /// 412 unless the client means `current`. The comparison is strong: a weak tag never matches.
    pub fn check(&self, current: &ETag) -> Result<(), Problem> {
        let holds = match &self.0 {
            Accepted::Any => true,
            Accepted::OneOf(tags) => tags.contains(&current.to_string()),
        };
        if holds { Ok(()) } else { Err(Self::failed()) }
    }

    /// 412, for a version that changed between the check and the write.
    pub fn failed() -> Problem {
        Problem::new(ProblemKind::PreconditionFailed, "The resource has changed since you read it. Read it again.")
    }
}

/// The tags in all fields `name`; `None` if there is no such field. A tag of ours holds no comma, so splitting at commas
/// can break only a foreign tag, which matches nothing anyway.
fn tags(headers: &HeaderMap, name: header::HeaderName) -> Option<Accepted> {
    let mut found = None;
    for value in headers.get_all(name) {
        let list: &mut Vec<String> = found.get_or_insert_default();
        for tag in value.to_str().unwrap_or_default().split(',').map(str::trim) {
            if tag == "*" {
                return Some(Accepted::Any);
            }
            list.push(tag.to_owned());
        }
    }
    found.map(Accepted::OneOf)
}

#[cfg(test)]
mod tests {
    use super::{ETag, Precondition, UnknownETag};
    use http::{HeaderMap, header};
    use spindle_contracts::ProblemKind;

    fn headers(name: header::HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn if_match_compares_strongly() {
        let current = ETag::of_version(3);
        for (values, holds) in [
            (vec!["\"v3\""], true),
            (vec!["\"v2\", \"v3\""], true),
            (vec!["\"v2\"", "\"v3\""], true),
            (vec!["*"], true),
            (vec!["\"v2\""], false),
            (vec!["W/\"v3\""], false),
            (vec!["v3"], false),
            (vec![""], false),
        ] {
            let precondition = Precondition::if_match(&headers(header::IF_MATCH, &values)).unwrap();
            assert_eq!(precondition.check(&current).is_ok(), holds, "{values:?}");
        }
    }

    #[test]
    fn a_tag_reads_back_from_its_own_text_and_changes_with_the_content() {
        let tags = [ETag::of_version(3), ETag::of_content(b"one"), ETag::of_content(b"two")];
        for tag in tags {
            assert_eq!(tag.to_string().parse(), Ok(tag));
        }
        assert_ne!(tags[1], tags[2]);
        assert_eq!("v3".parse::<ETag>(), Err(UnknownETag));
    }

    #[test]
    fn a_missing_if_match_is_required() {
        assert_eq!(Precondition::if_match(&HeaderMap::new()).unwrap_err().kind, ProblemKind::PreconditionRequired);
    }

    #[test]
    fn if_none_match_compares_weakly() {
        let current = ETag::of_version(3);
        for (values, matches) in [
            (vec!["W/\"v3\""], true),
            (vec!["\"v1\",\"v3\""], true),
            (vec!["*"], true),
            (vec!["\"v1\""], false),
            (vec![], false),
        ] {
            assert_eq!(current.in_if_none_match(&headers(header::IF_NONE_MATCH, &values)), matches, "{values:?}");
        }
    }
}
