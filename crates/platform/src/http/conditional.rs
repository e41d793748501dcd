//! Entity tags, and the preconditions that clients state with them (RFC 9110, sections 8.8.3 and 13.1).

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

/// An error: the text is not an entity tag of this API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an entity tag of this API")]
pub struct UnknownETag;

/// The precondition in `If-Match`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precondition(Condition);

/// The value of `If-Match` or `If-None-Match`: `*`, or a list of entity tags.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    Any,
    OneOf(Vec<String>),
}

/// An error: a header holds something else than `*` or entity tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MalformedCondition;

impl ETag {
    /// Returns the tag of `version`, which every change of the resource increments.
    pub fn of_version(version: u64) -> Self {
        Self(Tag::Version(version))
    }

    /// Returns the tag of `body`, for a representation without a version, such as a list.
    pub fn of_content(body: &[u8]) -> Self {
        let digest = Sha256::digest(body);
        let (first, _) = digest.split_first_chunk().expect("a digest has 32 bytes");
        Self(Tag::Content(u128::from_be_bytes(*first)))
    }

    /// Returns the value of the `ETag` header.
    pub fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.to_string()).expect("a number in quotes is a header value")
    }

    /// Returns whether `If-None-Match` lists this tag. A malformed header is ignored, as if it were absent.
    pub(super) fn in_if_none_match(&self, headers: &HeaderMap) -> bool {
        // Weak comparison (RFC 9110, section 13.1.2): the prefix `W/` does not matter.
        match condition(headers, header::IF_NONE_MATCH) {
            Ok(Some(Condition::Any)) => true,
            Ok(Some(Condition::OneOf(tags))) => {
                let current = self.to_string();
                tags.iter().any(|tag| tag.strip_prefix("W/").unwrap_or(tag) == current)
            }
            Ok(None) | Err(MalformedCondition) => false,
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

    /// Parses a tag as the header has it.
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
    /// Reads `If-Match`: 428 if it is missing, 400 if it is malformed.
    pub(super) fn if_match(headers: &HeaderMap) -> Result<Self, Problem> {
        match condition(headers, header::IF_MATCH) {
            Ok(Some(condition)) => Ok(Self(condition)),
            Ok(None) => Err(Problem::new(
                ProblemKind::PreconditionRequired,
                "Requires the header If-Match with the ETag of the version that you have read, such as \"v1\".",
            )),
            Err(MalformedCondition) => Err(Problem::malformed(
                "The header If-Match must be * or entity tags in double quotes, such as \"v1\" (RFC 9110, section 8.8.3).",
            )),
        }
    }

    /// Returns 412 unless the precondition names `current`. The comparison is strong: a weak tag never matches.
    pub fn check(&self, current: &ETag) -> Result<(), Problem> {
        let holds = match &self.0 {
            Condition::Any => true,
            Condition::OneOf(tags) => tags.contains(&current.to_string()),
        };
        if holds { Ok(()) } else { Err(Self::failed()) }
    }

    /// Returns 412, for a version that changed between the check and the write.
    pub fn failed() -> Problem {
        Problem::new(
            ProblemKind::PreconditionFailed,
            "The resource has changed since the version in If-Match. Read it again, and send its current ETag.",
        )
    }
}

/// Parses all fields `name`. `None` if there is no such field.
fn condition(headers: &HeaderMap, name: header::HeaderName) -> Result<Option<Condition>, MalformedCondition> {
    let mut found = None;
    for value in headers.get_all(name) {
        let tags: &mut Vec<String> = found.get_or_insert_default();
        // Bytes beyond ASCII are allowed in a tag, but not in a tag of this API, so it does not matter that they are replaced.
        let value = String::from_utf8_lossy(value.as_bytes());
        let mut rest = value.trim();
        while !rest.is_empty() {
            if rest == "*" {
                return Ok(Some(Condition::Any));
            }
            let (tag, after) = split_tag(rest)?;
            tags.push(tag.to_owned());
            let after = after.trim_start();
            // The list may have empty elements (RFC 9110, section 5.6.1.2).
            rest = after.trim_start_matches([',', ' ', '\t']);
            if rest.len() == after.len() && !rest.is_empty() {
                return Err(MalformedCondition);
            }
        }
    }
    match found {
        Some(tags) if tags.is_empty() => Err(MalformedCondition),
        found => Ok(found.map(Condition::OneOf)),
    }
}

/// Splits `text` after the entity tag that it starts with.
fn split_tag(text: &str) -> Result<(&str, &str), MalformedCondition> {
    let prefix = if text.starts_with("W/") { 2 } else { 0 };
    let opaque = text[prefix..].strip_prefix('"').ok_or(MalformedCondition)?;
    let end = opaque.find('"').ok_or(MalformedCondition)?;
    Ok(text.split_at(prefix + 1 + end + 1))
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
            (vec!["\"v2\" ,, \"v3\","], true),
            (vec!["\"a, b\", \"v3\""], true),
            (vec!["\"a, b\""], false),
            (vec!["\"v2\", *"], true),
        ] {
            let precondition = Precondition::if_match(&headers(header::IF_MATCH, &values)).unwrap();
            assert_eq!(precondition.check(&current).is_ok(), holds, "{values:?}");
        }
    }

    #[test]
    fn a_malformed_if_match_is_400_and_says_that_tags_are_in_quotes() {
        for value in ["v3", "", ",", "\"v3", "v3\"", "w/\"v3\"", "\"v2\" \"v3\"", "\"v2\", v3", "'v3'"] {
            let problem = Precondition::if_match(&headers(header::IF_MATCH, &[value])).unwrap_err();
            assert_eq!(problem.kind, ProblemKind::MalformedRequest, "{value}");
            assert_eq!(
                problem.detail,
                "The header If-Match must be * or entity tags in double quotes, such as \"v1\" (RFC 9110, section 8.8.3)."
            );
        }
    }

    #[test]
    fn a_tag_is_parsed_from_its_own_text_and_changes_with_the_content() {
        let tags = [ETag::of_version(3), ETag::of_content(b"one"), ETag::of_content(b"two")];
        for tag in tags {
            assert_eq!(tag.to_string().parse(), Ok(tag));
        }
        assert_ne!(tags[1], tags[2]);
        assert_eq!("v3".parse::<ETag>(), Err(UnknownETag));
    }

    #[test]
    fn a_missing_if_match_is_required() {
        let problem = Precondition::if_match(&HeaderMap::new()).unwrap_err();
        assert_eq!(problem.kind, ProblemKind::PreconditionRequired);
        assert_eq!(
            problem.detail,
            "Requires the header If-Match with the ETag of the version that you have read, such as \"v1\"."
        );
    }

    #[test]
    fn if_none_match_compares_weakly() {
        let current = ETag::of_version(3);
        for (values, matches) in [
            (vec!["W/\"v3\""], true),
            (vec!["\"v1\",\"v3\""], true),
            (vec!["*"], true),
            (vec!["\"v1\""], false),
            (vec!["v3"], false),
            (vec!["\"v3\", v3"], false),
            (vec![], false),
        ] {
            assert_eq!(current.in_if_none_match(&headers(header::IF_NONE_MATCH, &values)), matches, "{values:?}");
        }
    }
}
