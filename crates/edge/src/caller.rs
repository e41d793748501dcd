//! Who a request is from, as far as the edge has checked it. A handler takes one of these, and the route table lets it have it only
//! on a route that demands as much: none of them can be made outside this crate.

use spindle_contracts::{Role, SessionId, UserId};
use spindle_platform::token::access::AccessClaims;
use spindle_platform::token::service::Subject;

/// Whoever sent the request: nothing was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anonymous(pub(crate) ());

/// A user who has shown an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Principal {
    user: UserId,
    role: Role,
    session: SessionId,
}

impl Principal {
    pub(crate) fn new(grant: &AccessClaims) -> Self {
        Self { user: grant.user, role: grant.role, session: grant.session }
    }

    /// The user.
    pub fn user(&self) -> UserId {
        self.user
    }

    /// What the user may do.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The session that the token belongs to.
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// Whether the user is `owner` or may act for anyone as an operator.
    pub fn may_act_for(&self, owner: UserId) -> bool {
        self.user == owner || self.role.includes(Role::Operator)
    }
}

/// A service that has shown a service token for this operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceCaller {
    service: String,
    subject: Option<Subject>,
}

impl ServiceCaller {
    pub(crate) fn new(service: String, subject: Option<Subject>) -> Self {
        Self { service, subject }
    }

    /// The calling service's name.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// Who is to be named as having done something: the user whose request it serves, or else the service.
    pub fn actor(&self) -> String {
        self.subject.map_or_else(|| self.service.clone(), |subject| subject.user.to_string())
    }

    /// The user whose request it serves, if it serves one.
    pub fn on_behalf_of(&self) -> Option<Subject> {
        self.subject
    }
}
