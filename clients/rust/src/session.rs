//! The session of a user: tokens that are refreshed before they expire.

use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Secret;
use crate::types::{Identity, TokenResponse};

/// An access token is refreshed this long before it expires.
const MARGIN: Duration = Duration::from_secs(30);

/// A user who is logged in. It can be stored as JSON, which has the tokens in the clear: keep it as you keep a password.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Session {
    /// The user.
    pub user: Identity,
    /// The token of requests.
    pub access_token: Secret,
    /// The time until which the access token is valid.
    pub expires_at: Timestamp,
    /// The token to exchange for new ones, once.
    pub refresh_token: Secret,
}

impl From<TokenResponse> for Session {
    fn from(response: TokenResponse) -> Self {
        let lifetime = Duration::from_secs(u64::try_from(response.expires_in).unwrap_or_default());
        Self {
            expires_at: Timestamp::now().checked_add(lifetime).unwrap_or(Timestamp::MAX),
            user: response.user,
            access_token: response.access_token,
            refresh_token: response.refresh_token,
        }
    }
}

impl Session {
    /// Returns whether the access token should be refreshed before it is used.
    pub(crate) fn is_about_to_expire(&self) -> bool {
        Timestamp::now().checked_add(MARGIN).unwrap_or(Timestamp::MAX) >= self.expires_at
    }
}

/// A function that is called with each new session.
pub(crate) type OnSessionChange = Box<dyn Fn(Option<&Session>) + Send + Sync>;

/// The session that a client has now.
pub(crate) struct CurrentSession {
    session: RwLock<Option<Session>>,
    listener: Option<OnSessionChange>,
    /// Held by the one who refreshes.
    pub(crate) refreshing: tokio::sync::Mutex<()>,
}

impl CurrentSession {
    pub(crate) fn new(session: Option<Session>, listener: Option<OnSessionChange>) -> Self {
        Self { session: RwLock::new(session), listener, refreshing: tokio::sync::Mutex::new(()) }
    }

    pub(crate) fn get(&self) -> Option<Session> {
        self.session.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets the session. The listener has it before anything uses it.
    pub(crate) fn set(&self, session: Option<Session>) {
        let mut current = self.session.write().unwrap_or_else(PoisonError::into_inner);
        self.publish(session.as_ref());
        *current = session;
    }

    /// Sets the session that `old` was refreshed to, unless the user has logged out or in meanwhile.
    pub(crate) fn replace(&self, old: &Session, session: Option<Session>) {
        let mut current = self.session.write().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|current| current.refresh_token == old.refresh_token) {
            self.publish(session.as_ref());
            *current = session;
        }
    }

    fn publish(&self, session: Option<&Session>) {
        if let Some(listener) = &self.listener {
            listener(session);
        }
    }
}

impl fmt::Debug for CurrentSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(formatter)
    }
}
