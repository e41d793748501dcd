//! Problem details (RFC 9457): the body of every error response.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Where the kinds of problem are documented; a kind's URI is this and its name.
pub const TYPE_BASE: &str = "https://spindle.dev/problems/";

/// Declares [`ProblemKind`] with the name, status and title of each kind.
macro_rules! kinds {
    ($(#[doc = $doc:literal] $kind:ident = $name:literal $status:literal $title:literal),+ $(,)?) => {
        /// Each kind of problem that the platform answers with. docs/problems.md lists them all.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProblemKind {
            $(#[doc = $doc] $kind),+
        }

        impl ProblemKind {
            /// Every kind there is.
            pub const ALL: &[ProblemKind] = &[$(ProblemKind::$kind),+];

            /// The last segment of the kind's URI.
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),+ }
            }

            /// The HTTP status that goes with the kind.
            pub fn status(self) -> u16 {
                match self { $(Self::$kind => $status),+ }
            }

            /// What the kind is called, the same in every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Self::$kind => $title),+ }
            }

            /// When the platform answers with this kind, in one sentence.
            pub fn description(self) -> &'static str {
                match self { $(Self::$kind => $doc.trim_ascii()),+ }
            }
        }
    };
}

kinds! {
    /// The request cannot be read: bad JSON, a bad query, a bad id.
    MalformedRequest = "malformed-request" 400 "Malformed request",
    /// The operation needs an `Idempotency-Key`.
    IdempotencyKeyMissing = "idempotency-key-missing" 400 "Idempotency-Key required",
    /// There is no token or it is not good.
    Unauthorized = "unauthorized" 401 "Authentication required",
    /// The e-mail address or the password is wrong.
    InvalidCredentials = "invalid-credentials" 401 "Invalid credentials",
    /// The log-in is too long ago for what is asked; `max_age` says how recent it must be, in seconds.
    RecentLoginRequired = "recent-login-required" 401 "Recent log-in required",
    /// The caller is known and may not do this.
    Forbidden = "forbidden" 403 "Forbidden",
    /// There is no such resource, or it is not the caller's.
    NotFound = "not-found" 404 "Not found",
    /// The resource exists but does not take this method.
    MethodNotAllowed = "method-not-allowed" 405 "Method not allowed",
    /// The state of a resource stands against the request.
    Conflict = "conflict" 409 "Conflict",
    /// An earlier request with the same `Idempotency-Key` is being carried out.
    IdempotencyKeyInFlight = "idempotency-key-in-flight" 409 "Request with this Idempotency-Key in progress",
    /// A price is not the one that the order expects; `total` and `items` have the prices of now.
    PriceChanged = "price-changed" 409 "Price changed",
    /// The customer has too many orders, or holds too many pieces, that are not paid.
    TooMuchUnpaid = "too-much-unpaid" 409 "Too much unpaid",
    /// `If-Match` names a version that is not the current one, or `If-None-Match` the current one.
    PreconditionFailed = "precondition-failed" 412 "Precondition failed",
    /// The body is larger than the route takes.
    PayloadTooLarge = "payload-too-large" 413 "Body too large",
    /// The body is not of a media type that the route takes, or has a content coding.
    UnsupportedMediaType = "unsupported-media-type" 415 "Unsupported media type",
    /// The body is valid JSON but breaks a rule.
    ValidationFailed = "validation-failed" 422 "Validation failed",
    /// The `Idempotency-Key` belongs to an earlier request that asked for something else.
    IdempotencyKeyReused = "idempotency-key-reused" 422 "Idempotency-Key reused",
    /// A change needs `If-Match`.
    PreconditionRequired = "precondition-required" 428 "If-Match required",
    /// Too many log-ins failed; the account is locked for a while.
    AccountLocked = "account-locked" 429 "Account locked",
    /// The client has used up what it may ask for in a while.
    RateLimited = "rate-limited" 429 "Too many requests",
    /// A defect or a broken dependency; the cause is in the log.
    InternalError = "internal-error" 500 "Internal error",
    /// At least one service cannot serve; `services` says which and why.
    NotReady = "not-ready" 503 "Not ready",
    /// A dependency is down or busy; trying again later may work.
    Unavailable = "unavailable" 503 "Service unavailable",
}

/// One rule that one part of a request breaks, and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The part.
    #[serde(flatten)]
    pub place: Place,
    /// What is wrong, for a person.
    pub detail: String,
}

/// A part of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The RFC 6901 pointer into the body; empty for the body itself.
    Pointer(String),
    /// The name of a query parameter.
    Parameter(String),
    /// The name of a header.
    Header(String),
}

impl FieldError {
    /// An error in the body, at `pointer` (RFC 6901), that says `detail`.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { place: Place::Pointer(pointer.into()), detail: detail.into() }
    }

    /// An error of the query parameter `name`.
    pub fn parameter(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { place: Place::Parameter(name.into()), detail: detail.into() }
    }

    /// An error of the header `name`.
    pub fn header(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { place: Place::Header(name.into()), detail: detail.into() }
    }

    /// Returns the pointer into the body, or the name of the parameter or header.
    #[must_use]
    pub fn pointer(&self) -> &str {
        let (Place::Pointer(text) | Place::Parameter(text) | Place::Header(text)) = &self.place;
        text
    }

    /// Returns whether the error is about one of these members of the body, or a part of it.
    #[must_use]
    pub fn is_in(&self, members: &[&str]) -> bool {
        match &self.place {
            Place::Pointer(pointer) => pointer.split('/').nth(1).is_some_and(|member| members.contains(&member)),
            Place::Parameter(_) | Place::Header(_) => false,
        }
    }
}

impl std::fmt::Display for FieldError {
    /// Writes the rule as a sentence: "/email is required."
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.place {
            Place::Pointer(pointer) if pointer.is_empty() => f.write_str("The body")?,
            Place::Pointer(pointer) => f.write_str(pointer)?,
            Place::Parameter(name) if is_plain(name) => write!(f, "The query parameter {name}")?,
            Place::Parameter(name) => write!(f, "The query parameter {name:?}")?,
            Place::Header(name) => write!(f, "The header {name}")?,
        }
        let separator = if self.detail.starts_with(char::is_uppercase) { ":" } else { "" };
        let end = if self.detail.ends_with('.') { "" } else { "." };
        write!(f, "{separator} {}{end}", self.detail)
    }
}

/// Returns whether the name of a parameter needs no quotes in a sentence.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// An error response before it is sent. `instance` and `request_id` are added by the edge, which knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Decides type, title and status.
    pub kind: ProblemKind,
    /// What happened this time, for the person who sent the request. Never internal text.
    pub detail: String,
    /// The rules that were broken, one by one.
    pub errors: Vec<FieldError>,
    /// Members that only this kind of problem has (RFC 9457, section 3.2).
    pub extensions: serde_json::Map<String, serde_json::Value>,
    /// Seconds after which trying again makes sense, sent as `Retry-After`.
    pub retry_after: Option<u32>,
    /// The methods that the resource takes, sent as `Allow`.
    pub allow: Vec<&'static str>,
    /// The content codings that the operation takes, sent as `Accept-Encoding` (RFC 9110, section 12.5.3).
    pub accept_encoding: Option<&'static str>,
    /// What a 401 asks for, sent as `WWW-Authenticate`; `Bearer` where it is not said.
    pub challenge: Option<String>,
    /// What to log beside the answer; never sent.
    pub cause: Option<String>,
}

impl Problem {
    /// A problem of `kind` that tells the client `detail`.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            extensions: serde_json::Map::new(),
            retry_after: None,
            allow: Vec::new(),
            accept_encoding: None,
            challenge: None,
            cause: None,
        }
    }

    /// 400 with `detail`.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::MalformedRequest, detail)
    }

    /// 401 with `detail`: there is no token that could be used.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Unauthorized, detail)
    }

    /// 401 for a token that was shown and is not good, which `description` says in plain ASCII without quotes (RFC 6750, section 3.1).
    pub fn invalid_token(description: &str) -> Self {
        let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{description}\"");
        Self { challenge: Some(challenge), ..Self::unauthorized(description) }
    }

    /// 401 for a token whose log-in is more than `max_age` seconds ago (RFC 9470, section 3).
    pub fn recent_login_required(max_age: u32) -> Self {
        let description = format!("Requires a log-in of the last {max_age} seconds.");
        let challenge = format!(
            "Bearer error=\"insufficient_user_authentication\", error_description=\"{description}\", max_age=\"{max_age}\""
        );
        let detail = format!("{description} Log in again, and repeat the request with the new access token.");
        let mut problem = Self { challenge: Some(challenge), ..Self::new(ProblemKind::RecentLoginRequired, detail) };
        problem.extensions.insert("max_age".to_owned(), max_age.into());
        problem
    }

    /// 403 with `detail`.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Forbidden, detail)
    }

    /// 404 with `detail`.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::NotFound, detail)
    }

    /// 409 with `detail`.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Conflict, detail)
    }

    /// 400 with the parameters and headers that are malformed. The detail names them.
    pub fn malformed_fields(errors: Vec<FieldError>) -> Self {
        let detail = sentence(&errors, "parts of the request are malformed");
        Self { errors, ..Self::malformed(detail) }
    }

    /// 422 with the rules that were broken. The detail names the fields.
    pub fn validation(errors: Vec<FieldError>) -> Self {
        let detail = sentence(&errors, "fields break a rule");
        Self { errors, ..Self::new(ProblemKind::ValidationFailed, detail) }
    }

    /// 500 whose `cause` goes to the log and not to the client.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string()),
            ..Self::new(
                ProblemKind::InternalError,
                "The request could not be completed. The log has the cause under this request id.",
            )
        }
    }

    /// 503 with `Retry-After`, whose `cause` goes to the log and not to the client.
    pub fn unavailable(detail: impl Into<String>, retry_after: u32, cause: impl std::fmt::Display) -> Self {
        Self {
            retry_after: Some(retry_after),
            cause: Some(cause.to_string()),
            ..Self::new(ProblemKind::Unavailable, detail)
        }
    }
}

impl JsonSchema for FieldError {
    fn schema_name() -> Cow<'static, str> {
        "FieldError".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "One rule that one part of the request breaks, and its place: exactly one of `pointer`, `parameter` and `header`.",
            "type": "object",
            "properties": {
                "pointer": {
                    "description": "The RFC 6901 pointer into the body; empty for the body itself.",
                    "type": "string",
                    "format": "json-pointer",
                },
                "parameter": { "description": "The name of the query parameter.", "type": "string" },
                "header": { "description": "The name of the header.", "type": "string" },
                "detail": { "description": "What is wrong, for a person.", "type": "string" },
            },
            "required": ["detail"],
            "oneOf": [{ "required": ["pointer"] }, { "required": ["parameter"] }, { "required": ["header"] }],
        })
    }
}

/// Describes `errors`: the only one, or the places of all.
fn sentence(errors: &[FieldError], several: &str) -> String {
    match errors {
        [only] => only.to_string(),
        more => {
            let places: Vec<&str> = more.iter().map(FieldError::pointer).collect();
            format!("{} {several}: {}.", more.len(), places.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FieldError, Problem, ProblemKind};

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = ProblemKind::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ProblemKind::ALL.len());
    }

    #[test]
    fn every_kind_is_documented_with_its_status() {
        let page = include_str!("../../../docs/problems.md");
        for kind in ProblemKind::ALL {
            let row = format!("| `{}` | {} |", kind.name(), kind.status());
            assert!(page.contains(&row), "docs/problems.md has no row that starts with {row}");
        }
    }

    #[test]
    fn the_detail_of_a_validation_problem_names_the_fields() {
        let detail = |errors: &[(&str, &str)]| {
            let errors = errors.iter().map(|(pointer, detail)| FieldError::new(*pointer, *detail));
            Problem::validation(errors.collect()).detail
        };
        assert_eq!(detail(&[("/email", "is not an e-mail address")]), "/email is not an e-mail address.");
        assert_eq!(detail(&[("", "must be an object")]), "The body must be an object.");
        assert_eq!(detail(&[("/email", "Another user has it.")]), "/email: Another user has it.");
        assert_eq!(detail(&[("/a", "is required"), ("/b/0", "is required")]), "2 fields break a rule: /a, /b/0.");
    }
}
