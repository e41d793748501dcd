//! The caller of a request, as far as the edge has checked it. A handler takes one of these types, and the route table accepts the handler
//! only on a route that demands at least that check: none of the types can be constructed outside this crate.

use spindle_contracts::{Problem, Role, SessionId, Timestamp, UserId};
use spindle_platform::token::access::AccessClaims;
use spindle_platform::token::service::Subject;

/// The seconds for which a log-in counts as recent. Long enough to fill in the form that needs it, and shorter than the ten minutes of an access
/// token: a stolen one alone does not take over an account, but in the first minutes after its owner has logged in.
const RECENT_LOGIN_SECONDS: u32 = 300;

/// A caller whose identity was not checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anonymous(pub(crate) ());

/// A user with a valid access token. On a route that changes something, the session is live and the role is the user's of now; on one that
/// reads, both are those of the time at which the token was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Principal {
    user: UserId,
    role: Role,
    session: SessionId,
    logged_in_at: Option<i64>,
}

impl Principal {
    pub(crate) fn new(claims: &AccessClaims) -> Self {
        let AccessClaims { user, role, session, logged_in_at, .. } = *claims;
        Self { user, role, session, logged_in_at }
    }

    /// Returns the same user with `role`.
    pub(crate) fn with_role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    /// Returns the user's id.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// Returns the user's role.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Returns the session that the token belongs to.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Refuses a caller whose log-in is not recent at `now`, for what would take over an account or end it: a borrowed token is not enough
    /// (RFC 9470). A token that does not say when its user logged in is not recent.
    ///
    /// # Errors
    ///
    /// 401 `recent-login-required`.
    pub fn require_recent_login(&self, now: Timestamp) -> Result<(), Problem> {
        let age = self.logged_in_at.map(|logged_in_at| now.as_secs() - logged_in_at);
        match age {
            Some(age) if age <= i64::from(RECENT_LOGIN_SECONDS) => Ok(()),
            _ => Err(Problem::recent_login_required(RECENT_LOGIN_SECONDS)),
        }
    }

    /// Returns whether the user is `owner`, or may act for any user as an operator.
    pub fn may_act_for(&self, owner: UserId) -> bool {
        self.user == owner || self.role.includes(Role::Operator)
    }
}

/// A user with the role that the route requires, or a program with the token in the route's variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenHolder(pub(crate) ());

/// A service with a valid service token for this operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCaller {
    service: String,
    subject: Option<Subject>,
}

impl ServiceCaller {
    pub(crate) fn new(service: String, subject: Option<Subject>) -> Self {
        Self { service, subject }
    }

    /// Returns the calling service's name.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// Returns the actor for audit entries: the user whose request the service serves, or else the service.
    pub fn actor(&self) -> String {
        self.subject.map_or_else(|| self.service.clone(), |subject| subject.user.to_string())
    }

    /// Returns the user whose request the service serves, if there is one.
    pub fn on_behalf_of(&self) -> Option<Subject> {
        self.subject
    }
}
