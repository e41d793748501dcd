//! Entity tags, and the preconditions that clients state with them (RFC 9110, sections 8.8.3 and 13.1).

use http::{HeaderMap, HeaderName, HeaderValue, header};
use sha2::{Digest as _, Sha256};
use spindle_contracts::{FieldError, Problem, ProblemKind};
use std::fmt;
use std::str::FromStr;

/// A strong entity tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ETag(Tag);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag {
    Version(u64),
    VersionAndState(u64, u64),
    Content(u128),
}

/// An error: the text is not an entity tag of this API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an entity tag of this API")]
pub struct UnknownETag;

/// The preconditions of a request: `If-Match` and `If-None-Match`. Without either it always holds.
///
/// The conditions on dates are ignored: no resource of this API has a modification date (RFC 9110, sections 13.1.3 and 13.1.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precondition {
    if_match: Option<Condition>,
    if_none_match: Option<Condition>,
}

/// The value of `If-Match` or `If-None-Match`: `*`, or a list of entity tags.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    Any,
    OneOf(Vec<String>),
}

/// An error: a header holds something else than `*` or a list of entity tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MalformedCondition;

/// White space between the elements of a list (RFC 9110, section 5.6.3).
const WHITE_SPACE: [char; 2] = [' ', '\t'];

impl ETag {
    /// Returns the tag of `version`, which every change of the resource increments.
    pub fn of_version(version: u64) -> Self {
        Self(Tag::Version(version))
    }

    /// Returns the tag of a representation that has both what clients change, at `version`, and a number `state` that changes by itself. A cache
    /// compares all of it, and [`Precondition::check_version`] the version alone.
    pub fn of_version_and_state(version: u64, state: u64) -> Self {
        Self(Tag::VersionAndState(version, state))
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
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Tag::Version(version) => write!(f, "\"v{version}\""),
            Tag::VersionAndState(version, state) => write!(f, "\"v{version}.{state}\""),
            Tag::Content(digest) => write!(f, "\"{digest:032x}\""),
        }
    }
}

impl FromStr for ETag {
    type Err = UnknownETag;

    /// Parses a tag as the header has it.
    fn from_str(text: &str) -> Result<Self, UnknownETag> {
        let opaque = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or(UnknownETag)?;
        let tag = match opaque.strip_prefix('v').map(|version| version.split_once('.').ok_or(version)) {
            Some(Ok((version, state))) => {
                version.parse::<u64>().and_then(|version| Ok(Tag::VersionAndState(version, state.parse()?)))
            }
            Some(Err(version)) => version.parse().map(Tag::Version),
            None => u128::from_str_radix(opaque, 16).map(Tag::Content),
        };
        // Numbers have several spellings, and a tag has one.
        tag.map(Self).ok().filter(|tag| tag.to_string() == text).ok_or(UnknownETag)
    }
}

impl Precondition {
    /// Reads the preconditions of a change: 400 if one is malformed.
    pub(super) fn of_change(headers: &HeaderMap) -> Result<Self, Problem> {
        match (condition(headers, header::IF_MATCH), condition(headers, header::IF_NONE_MATCH)) {
            (Ok(if_match), Ok(if_none_match)) => Ok(Self { if_match, if_none_match }),
            _ => Err(Problem::malformed_fields(Self::header_errors(headers, true))),
        }
    }

    /// Returns an error for each precondition that is malformed. `If-None-Match` counts on a change only: see [`of_read`](Self::of_read).
    pub(super) fn header_errors(headers: &HeaderMap, is_change: bool) -> Vec<FieldError> {
        let is_malformed = |name: &HeaderName| condition(headers, name.clone()).is_err();
        let preconditions = [(header::IF_MATCH, "If-Match", true), (header::IF_NONE_MATCH, "If-None-Match", is_change)];
        let malformed_ones = preconditions.into_iter().filter(|(name, _, counts)| *counts && is_malformed(name));
        malformed_ones.map(|(_, title, _)| malformed(title)).collect()
    }

    /// Reads the preconditions of a change that requires `If-Match`: 428 if it is missing, 400 if one is malformed.
    pub(super) fn of_guarded_change(headers: &HeaderMap) -> Result<Self, Problem> {
        let precondition = Self::of_change(headers)?;
        if precondition.if_match.is_none() {
            return Err(Problem::new(
                ProblemKind::PreconditionRequired,
                "Requires the header If-Match with the ETag of the version that you have read, such as \"v1\".",
            ));
        }
        Ok(precondition)
    }

    /// Reads the preconditions of a read: 400 if `If-Match` is malformed. A malformed `If-None-Match` counts as absent, since the whole response
    /// is right for every client.
    pub(super) fn of_read(headers: &HeaderMap) -> Result<Self, Problem> {
        let if_match = condition(headers, header::IF_MATCH)
            .map_err(|MalformedCondition| Problem::malformed_fields(Self::header_errors(headers, false)))?;
        Ok(Self { if_match, if_none_match: condition(headers, header::IF_NONE_MATCH).unwrap_or_default() })
    }

    /// Returns 412 unless `current` is the tag of a version that the preconditions of a change allow.
    pub fn check(&self, current: &ETag) -> Result<(), Problem> {
        self.check_any(std::slice::from_ref(current))
    }

    /// Does the same for a resource that has several representations, each with its tag in `current`: `If-Match` may list any of them, and
    /// `If-None-Match` must list none.
    pub fn check_any(&self, current: &[ETag]) -> Result<(), Problem> {
        if !current.iter().any(|tag| self.check_if_match(tag).is_ok()) {
            return Err(Self::failed());
        }
        current.iter().try_for_each(|tag| self.check_if_none_match(tag))
    }

    /// Returns 412 unless `If-Match` lists `current`, or is absent. The comparison is strong: a weak tag never matches (RFC 9110, section 13.1.1).
    pub(super) fn check_if_match(&self, current: &ETag) -> Result<(), Problem> {
        let holds = match &self.if_match {
            None | Some(Condition::Any) => true,
            Some(Condition::OneOf(tags)) => tags.contains(&current.to_string()),
        };
        if holds { Ok(()) } else { Err(Self::failed()) }
    }

    /// Returns 412 unless the preconditions name a tag of what has `version`, whatever state the tag has: for a change of that, of which `current` is
    /// the tag.
    pub fn check_version(&self, version: u64, current: &ETag) -> Result<(), Problem> {
        let is_of_version = |tag: &String| match tag.parse() {
            Ok(ETag(Tag::Version(tagged) | Tag::VersionAndState(tagged, _))) => tagged == version,
            Ok(ETag(Tag::Content(_))) | Err(UnknownETag) => false,
        };
        let holds = match &self.if_match {
            None | Some(Condition::Any) => true,
            Some(Condition::OneOf(tags)) => tags.iter().any(is_of_version),
        };
        if holds { self.check_if_none_match(current) } else { Err(Self::failed()) }
    }

    /// Returns 412 if `If-None-Match` lists `current`.
    fn check_if_none_match(&self, current: &ETag) -> Result<(), Problem> {
        if self.has_in_if_none_match(current) {
            return Err(Problem::new(
                ProblemKind::PreconditionFailed,
                "The resource exists in a version that If-None-Match excludes.",
            ));
        }
        Ok(())
    }

    /// Returns whether `If-None-Match` lists `current`. The comparison is weak: the prefix `W/` does not matter (RFC 9110, section 13.1.2).
    pub(super) fn has_in_if_none_match(&self, current: &ETag) -> bool {
        match &self.if_none_match {
            None => false,
            Some(Condition::Any) => true,
            Some(Condition::OneOf(tags)) => {
                let current = current.to_string();
                tags.iter().any(|tag| tag.strip_prefix("W/").unwrap_or(tag) == current)
            }
        }
    }

    /// Returns 412, for a version that changed between the check and the write.
    pub fn failed() -> Problem {
        Problem::new(
            ProblemKind::PreconditionFailed,
            "The resource has changed since the version in If-Match. Read it again, and send its current ETag.",
        )
    }
}

fn malformed(name: &str) -> FieldError {
    FieldError::header(name, "must be * or entity tags in double quotes, such as \"v1\" (RFC 9110, section 8.8.3)")
}

/// Parses the fields `name`, which are one list: `*`, or entity tags. `None` if there is no such field.
fn condition(headers: &HeaderMap, name: HeaderName) -> Result<Option<Condition>, MalformedCondition> {
    let fields: Vec<&[u8]> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
    if fields.is_empty() {
        return Ok(None);
    }
    let list = fields.join(&b',');
    // Bytes beyond ASCII are allowed in a tag, but not in a tag of this API, so it does not matter that they are replaced.
    let list = String::from_utf8_lossy(&list);
    if list.trim_matches(WHITE_SPACE) == "*" {
        return Ok(Some(Condition::Any));
    }
    let mut tags = Vec::new();
    let mut rest = &*list;
    loop {
        // A list may have empty elements (RFC 9110, section 5.6.1.2).
        rest = rest.trim_start_matches([',', ' ', '\t']);
        if rest.is_empty() {
            break;
        }
        let (tag, after) = split_tag(rest)?;
        tags.push(tag.to_owned());
        rest = after.trim_start_matches(WHITE_SPACE);
        if !rest.is_empty() && !rest.starts_with(',') {
            return Err(MalformedCondition);
        }
    }
    if tags.is_empty() { Err(MalformedCondition) } else { Ok(Some(Condition::OneOf(tags))) }
}

/// Splits `text` after the entity tag that it starts with (RFC 9110, section 8.8.3). A comma or an asterisk in the quotes belongs to the tag; so does
/// a space, which a tag may not have: such a tag is none of this API.
fn split_tag(text: &str) -> Result<(&str, &str), MalformedCondition> {
    let prefix = if text.starts_with("W/") { 2 } else { 0 };
    let opaque = text[prefix..].strip_prefix('"').ok_or(MalformedCondition)?;
    let end = opaque.find('"').ok_or(MalformedCondition)?;
    Ok(text.split_at(prefix + 1 + end + 1))
}

#[cfg(test)]
mod tests {
    use super::{ETag, Precondition, UnknownETag};
    use http::{HeaderMap, HeaderName, HeaderValue, header};
    use spindle_contracts::ProblemKind;

    fn headers(name: &HeaderName, values: &[&str]) -> HeaderMap {
        let value = |text: &&str| HeaderValue::from_bytes(text.as_bytes()).unwrap();
        values.iter().map(|text| (name.clone(), value(text))).collect()
    }

    /// Header values that are no list of entity tags. `*` stands alone (RFC 9110, section 13.1).
    const MALFORMED: [&[&str]; 20] = [
        &["v3"],
        &[""],
        &[" "],
        &[","],
        &["\"v3"],
        &["v3\""],
        &["\""],
        &["w/\"v3\""],
        &["W/ \"v3\""],
        &["W/"],
        &["\"v2\" \"v3\""],
        &["\"v2\"\"v3\""],
        &["\"v2\", v3"],
        &["\"v2\"; \"v3\""],
        &["'v3'"],
        &["\"v3\", *"],
        &["*, \"v3\""],
        &["*", "\"v3\""],
        &["\"v3\"", "*"],
        &["*, *"],
    ];

    #[test]
    fn if_match_compares_strongly() {
        let current = ETag::of_version(3);
        for (values, holds) in [
            (vec!["\"v3\""], true),
            (vec!["\"v2\", \"v3\""], true),
            (vec!["\"v2\",\"v3\""], true),
            (vec!["\"v2\"", "\"v3\""], true),
            (vec!["\"v2\"", "", "\"v3\""], true),
            (vec!["*"], true),
            (vec![" *\t"], true),
            (vec!["\"v2\""], false),
            (vec!["W/\"v3\""], false),
            (vec!["\"v2\" ,, \"v3\","], true),
            (vec![" , \"v3\""], true),
            (vec!["\"a, b\", \"v3\""], true),
            (vec!["\"a, b\""], false),
            (vec!["\"a,b\", \"v3\""], true),
            (vec!["\"a,b\""], false),
            (vec!["\"\""], false),
            (vec!["\"\u{e9}\", \"v3\""], true),
            (vec!["\"*\""], false),
            (vec!["\"a,*,b\""], false),
            (vec!["\"a,*\""], false),
            (vec!["\"a\", \"*\""], false),
            (vec!["\"a,\"", "\"*,b\""], false),
        ] {
            let precondition = Precondition::of_change(&headers(&header::IF_MATCH, &values)).unwrap();
            assert_eq!(precondition.check(&current).is_ok(), holds, "{values:?}");
        }
    }

    #[test]
    fn a_change_of_what_has_a_version_compares_the_version_and_not_the_state() {
        let current = ETag::of_version_and_state(3, 7);
        for (value, holds) in [
            ("\"v3.7\"", true),
            ("\"v3.8\"", true),
            ("\"v3\"", true),
            ("\"v2.7\", \"v3.1\"", true),
            ("*", true),
            ("\"v2.7\"", false),
            ("\"v33.7\"", false),
            ("W/\"v3.7\"", false),
            ("\"v3.\"", false),
            ("\"v+3.7\"", false),
            ("\"v03\"", false),
            ("\"3\"", false),
            ("\"\"", false),
        ] {
            let precondition = Precondition::of_guarded_change(&headers(&header::IF_MATCH, &[value])).unwrap();
            assert_eq!(precondition.check_version(3, &current).is_ok(), holds, "{value}");
        }
        for (value, is_current) in [("\"v3.7\"", true), ("\"v3.8\"", false), ("\"v3\"", false)] {
            let precondition = Precondition::of_change(&headers(&header::IF_NONE_MATCH, &[value])).unwrap();
            assert_eq!(precondition.has_in_if_none_match(&current), is_current, "{value}");
            assert_eq!(precondition.check_version(3, &current).is_ok(), !is_current, "{value}");
        }
    }

    #[test]
    fn a_malformed_precondition_is_400_and_says_that_tags_are_in_quotes() {
        for values in MALFORMED {
            for (name, title) in [(header::IF_MATCH, "If-Match"), (header::IF_NONE_MATCH, "If-None-Match")] {
                let problem = Precondition::of_change(&headers(&name, values)).unwrap_err();
                assert_eq!(problem.kind, ProblemKind::MalformedRequest, "{values:?}");
                let rule = "must be * or entity tags in double quotes, such as \"v1\" (RFC 9110, section 8.8.3).";
                assert_eq!(problem.detail, format!("The header {title} {rule}"));
            }
            let problem = Precondition::of_read(&headers(&header::IF_MATCH, values)).unwrap_err();
            assert_eq!(problem.kind, ProblemKind::MalformedRequest, "{values:?}");
        }
    }

    #[test]
    fn a_tag_is_parsed_from_its_own_text_and_changes_with_the_content() {
        let tags = [
            ETag::of_version(3),
            ETag::of_content(b"one"),
            ETag::of_content(b"two"),
            ETag::of_version_and_state(3, 7),
            ETag::of_version_and_state(3, 8),
        ];
        for tag in tags {
            assert_eq!(tag.to_string().parse(), Ok(tag));
        }
        assert_ne!(tags[1], tags[2]);
        assert_ne!(tags[3], tags[4]);
        assert_eq!("v3".parse::<ETag>(), Err(UnknownETag));
    }

    #[test]
    fn a_missing_if_match_is_required() {
        for headers in [HeaderMap::new(), headers(&header::IF_NONE_MATCH, &["\"v1\""])] {
            let problem = Precondition::of_guarded_change(&headers).unwrap_err();
            assert_eq!(problem.kind, ProblemKind::PreconditionRequired);
            assert_eq!(
                problem.detail,
                "Requires the header If-Match with the ETag of the version that you have read, such as \"v1\"."
            );
        }
    }

    #[test]
    fn a_change_without_preconditions_is_allowed() {
        let precondition = Precondition::of_change(&HeaderMap::new()).unwrap();
        assert_eq!(precondition.check(&ETag::of_version(3)), Ok(()));
    }

    #[test]
    fn if_none_match_compares_weakly() {
        let current = ETag::of_version(3);
        for (values, matches) in [
            (vec!["W/\"v3\""], true),
            (vec!["\"v1\",\"v3\""], true),
            (vec!["*"], true),
            (vec!["\"v1\""], false),
            (vec!["\"a,*,b\""], false),
            (vec!["v3"], false),
            (vec!["\"v3\", v3"], false),
            (vec!["\"v1\", *"], false),
            (vec![], false),
        ] {
            let read = Precondition::of_read(&headers(&header::IF_NONE_MATCH, &values)).unwrap();
            assert_eq!(read.has_in_if_none_match(&current), matches, "{values:?}");
        }
    }

    #[test]
    fn a_change_of_an_excluded_version_is_refused() {
        let current = ETag::of_version(3);
        for (values, holds) in [(["*"], false), (["W/\"v3\""], false), (["\"v2\", \"v3\""], false), (["\"v2\""], true)]
        {
            let precondition = Precondition::of_change(&headers(&header::IF_NONE_MATCH, &values)).unwrap();
            let problem = precondition.check(&current).err();
            assert_eq!(problem.is_none(), holds, "{values:?}");
            assert!(problem.is_none_or(|problem| problem.kind == ProblemKind::PreconditionFailed));
        }
    }
}
