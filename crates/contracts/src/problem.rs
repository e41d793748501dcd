//! Problem details (RFC 9457): the body of every error response.

use serde::{Deserialize, Serialize};

/// The address of the documentation; the URI of a kind is this and its name.
pub const TYPE_BASE: &str = "https://spindle.dev/problems/";

/// Declares [`ProblemKind`] with the name, status and title of each kind.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal $status:literal $title:literal),+ $(,)?) => {
        /// The kinds of problem that the platform responds with. docs/problems.md lists them all.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProblemKind {
            $($(#[$doc])* $kind),+
        }

        impl ProblemKind {
            /// Every kind.
            pub const ALL: &[ProblemKind] = &[$(ProblemKind::$kind),+];

            /// Returns the last segment of the kind's URI.
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),+ }
            }

            /// Returns the HTTP status of the kind.
            pub fn status(self) -> u16 {
                match self { $(Self::$kind => $status),+ }
            }

            /// Returns the title of the kind, the same in every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Self::$kind => $title),+ }
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
    /// `If-Match` names a version that is not the current one.
    PreconditionFailed = "precondition-failed" 412 "Precondition failed",
    /// The body is larger than the route takes.
    PayloadTooLarge = "payload-too-large" 413 "Body too large",
    /// The body is not of a media type that the route takes.
    UnsupportedMediaType = "unsupported-media-type" 415 "Unsupported media type",
    /// The body is valid JSON but breaks a rule.
    ValidationFailed = "validation-failed" 422 "Validation failed",
    /// The `Idempotency-Key` belongs to an earlier request that asked for something else.
    IdempotencyKeyReused = "idempotency-key-reused" 422 "Idempotency-Key reused",
    /// A change needs `If-Match`.
    PreconditionRequired = "precondition-required" 428 "If-Match required",
    /// Too many log-ins failed; the account is locked for a while.
    AccountLocked = "account-locked" 429 "The account is locked for now",
    /// The client has used up its quota for a while.
    RateLimited = "rate-limited" 429 "Too many requests",
    /// A defect or a broken dependency; the cause is in the log.
    InternalError = "internal-error" 500 "Internal error",
    /// At least one service cannot serve; `services` has the reason of each.
    NotReady = "not-ready" 503 "The platform is not ready",
    /// A dependency is down or busy; trying again later may work.
    Unavailable = "unavailable" 503 "Service unavailable",
}

/// A rule that a part of a request body breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// RFC 6901 pointer into the request body; empty for the body itself.
    pub pointer: String,
    /// The detail, for a person.
    pub detail: String,
}

impl FieldError {
    /// Makes an error at `pointer` (RFC 6901) with `detail`.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

/// An error response before it is sent. `instance` and `request_id` are added by the edge, which knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Decides type, title and status.
    pub kind: ProblemKind,
    /// The detail of this occurrence, for the person who sent the request. Never internal text.
    pub detail: String,
    /// The rules that were broken, one by one.
    pub errors: Vec<FieldError>,
    /// Members that only this kind of problem has (RFC 9457, section 3.2).
    pub extensions: serde_json::Map<String, serde_json::Value>,
    /// The seconds after which a retry makes sense, sent as `Retry-After`.
    pub retry_after: Option<u32>,
    /// The methods that the resource takes, sent as `Allow`.
    pub allow: Vec<&'static str>,
    /// The challenge of a 401, sent as `WWW-Authenticate`; `Bearer` by default.
    pub challenge: Option<String>,
    /// The cause for the log; never sent.
    pub cause: Option<String>,
}

impl Problem {
    /// Makes a problem of `kind` with `detail`.
    pub fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            extensions: serde_json::Map::new(),
            retry_after: None,
            allow: Vec::new(),
            challenge: None,
            cause: None,
        }
    }

    /// Makes a 400 with `detail`.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::MalformedRequest, detail)
    }

    /// Makes a 401 with `detail`, for a request without a usable token.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Unauthorized, detail)
    }

    /// Makes a 401 for an invalid token. `description` is plain ASCII without quotes (RFC 6750, section 3.1).
    pub fn invalid_token(description: &str) -> Self {
        let challenge = format!("Bearer error=\"invalid_token\", error_description=\"{description}\"");
        Self { challenge: Some(challenge), ..Self::unauthorized(description) }
    }

    /// Makes a 403 with `detail`.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Forbidden, detail)
    }

    /// Makes a 404 with `detail`.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::NotFound, detail)
    }

    /// Makes a 409 with `detail`.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(ProblemKind::Conflict, detail)
    }

    /// Makes a 422 with the rules that were broken.
    pub fn validation(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => only.to_string(),
            more => {
                let pointers: Vec<&str> = more.iter().map(|error| error.pointer.as_str()).collect();
                format!("{} fields break a rule: {}.", more.len(), pointers.join(", "))
            }
        };
        Self { errors, ..Self::new(ProblemKind::ValidationFailed, detail) }
    }

    /// Makes a 500 whose `cause` goes to the log and not to the client.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self {
            cause: Some(cause.to_string()),
            ..Self::new(
                ProblemKind::InternalError,
                "The request could not be completed. The log has the cause under this request id.",
            )
        }
    }

    /// Makes a 503 with `Retry-After`, whose `cause` goes to the log and not to the client.
    pub fn unavailable(detail: impl Into<String>, retry_after: u32, cause: impl std::fmt::Display) -> Self {
        Self {
            retry_after: Some(retry_after),
            cause: Some(cause.to_string()),
            ..Self::new(ProblemKind::Unavailable, detail)
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
