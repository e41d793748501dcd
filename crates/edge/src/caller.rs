//! The caller of a request, as far as the edge has checked it. A handler takes one of these types, and the route table accepts the handler
//! only on a route that demands at least that check: none of the types can be constructed outside this crate.

use spindle_contracts::{Role, SessionId, UserId};
use spindle_platform::token::access::AccessClaims;
use spindle_platform::token::service::Subject;

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
}

impl Principal {
    pub(crate) fn new(claims: &AccessClaims) -> Self {
        Self { user: claims.user, role: claims.role, session: claims.session }
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

    /// Returns whether the user is `owner`, or may act for any user as an operator.
    pub fn may_act_for(&self, owner: UserId) -> bool {
        self.user == owner || self.role.includes(Role::Operator)
    }
}

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
