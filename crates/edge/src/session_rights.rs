//! The rights of a session as they are now, in key-value: an access token has those of the time at which it was issued.
//!
//! auth writes an entry when it issues tokens and when a right ends; nothing else writes one. The edge of every service reads it for each
//! request of a user that changes something, and asks auth where there is none. An entry may be lost at any time, and none is needed longer
//! than an access token is valid. It carries a MAC under the services' secret: another writer to the store can remove an entry, and can put
//! back one that has not expired, but cannot make one.

use crate::access::STORE;
use crate::mac::{self, Purpose};
use bytes::Bytes;
use hmac::Mac as _;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use spindle_contracts::{Role, SessionId, Timestamp, UserId};
use spindle_platform::kv::{self, Store};
use spindle_platform::token::service::SECRET_VARIABLE;
use spindle_platform::{Context, config};
use std::fmt;
use std::time::Duration;

/// The number of slots. Key-value neither expires nor lists its keys, so sessions are hashed into a fixed number of slots, and a new entry
/// replaces the one in the same slot.
const SLOTS: u64 = 1 << 16;

/// The timeout of the call to auth.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The rights of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SessionRights {
    /// The session is live, and its user has this role.
    Live {
        /// The user of the session.
        user: UserId,
        /// The user's role.
        role: Role,
    },
    /// The session has ended, or its user may no longer use it.
    Ended,
}

/// The reason why the rights of a session could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SessionRightsError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] kv::Error),
    /// A variable is missing.
    #[error(transparent)]
    Config(#[from] config::Error),
}

/// A stored entry.
#[derive(Serialize, Deserialize)]
struct Entry {
    session: SessionId,
    rights: SessionRights,
    /// The time from which the entry is void, in seconds since the Unix epoch.
    expires_at: i64,
}

/// The entries of all sessions, for auth, which alone may write them.
pub struct SessionRightsStore {
    store: Store,
    secret: String,
}

impl fmt::Debug for SessionRightsStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionRightsStore").finish_non_exhaustive()
    }
}

impl SessionRightsStore {
    /// Opens the entries.
    ///
    /// # Errors
    ///
    /// [`SessionRightsError`] if the store cannot be opened.
    pub async fn open(context: &Context) -> Result<Self, SessionRightsError> {
        let secret = context.config().get(SECRET_VARIABLE)?;
        Ok(Self { store: context.shared_kv(STORE).await?, secret })
    }

    /// Writes that `session` has `rights`, until `expires_at`.
    ///
    /// # Errors
    ///
    /// [`SessionRightsError`] if the store fails.
    pub async fn set(
        &self,
        session: SessionId,
        rights: SessionRights,
        expires_at: Timestamp,
    ) -> Result<(), SessionRightsError> {
        let (key, value) = entry(&self.secret, session, rights, expires_at);
        Ok(self.store.set(&key, &value).await?)
    }

    /// Removes the entry of `session`, so that the next request that needs it asks auth.
    ///
    /// # Errors
    ///
    /// [`SessionRightsError`] if the store fails.
    pub async fn remove(&self, session: SessionId) -> Result<(), SessionRightsError> {
        Ok(self.store.delete(&slot(&self.secret, session)).await?)
    }
}

/// Returns the key and the value of an entry.
pub(crate) fn entry(
    secret: &str,
    session: SessionId,
    rights: SessionRights,
    expires_at: Timestamp,
) -> (String, Vec<u8>) {
    let entry = Entry { session, rights, expires_at: expires_at.as_secs() };
    let text = serde_json::to_vec(&entry).expect("an entry is plain data");
    (slot(secret, session), mac::authenticated(secret, Purpose::SESSION_RIGHTS, &text))
}

/// Returns the rights of `session` at `now` in `store`. `None` if they are not there: the entry is lost, void, forged or of another session, or
/// the store fails.
pub(crate) async fn find(store: &Store, secret: &str, session: SessionId, now: i64) -> Option<SessionRights> {
    let value = store.get(&slot(secret, session)).await.ok().flatten()?;
    let entry: Entry = serde_json::from_slice(mac::verified(secret, Purpose::SESSION_RIGHTS, &value)?).ok()?;
    (entry.session == session && now < entry.expires_at).then_some(entry.rights)
}

/// Asks auth for the rights of `session`. The error is text for the log.
pub(crate) async fn fetch(context: &Context, session: SessionId) -> Result<SessionRights, String> {
    let request = http::Request::get(format!("/internal/auth/sessions/{session}"));
    let request = request.body(Bytes::new()).expect("an id is part of a path");
    let response = context.client().call("auth", request, TIMEOUT).await.map_err(|error| error.to_string())?;
    if response.status() != StatusCode::OK {
        return Err(format!("auth answered {}", response.status().as_u16()));
    }
    serde_json::from_slice(response.body()).map_err(|error| error.to_string())
}

/// Returns the key of a session's slot. It is derived with a secret, so that no one can look for a session in the slot of another.
fn slot(secret: &str, session: SessionId) -> String {
    let digest = mac::mac(secret, Purpose::SESSION_SLOT).chain_update(session.0.as_bytes()).finalize().into_bytes();
    let number = u64::from_le_bytes(digest[..8].try_into().expect("a digest has 32 bytes")) % SLOTS;
    format!("session:{number:x}")
}
