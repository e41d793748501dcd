//! Sessions and their lifetimes. Pure: the time comes from the caller.

use spindle_contracts::{SessionId, Timestamp, UserId};

/// A day in milliseconds.
pub(crate) const DAY: i64 = 24 * 60 * 60 * 1000;

/// The longest lifetime of a session, in milliseconds.
const LIFETIME: i64 = 30 * DAY;

/// The time without use after which a session ends, in milliseconds.
pub(crate) const IDLE_TIMEOUT: i64 = 7 * DAY;

/// A new session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) user: UserId,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) device: Device,
}

/// The origin of a log-in, by which its user recognises the session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Device {
    pub(crate) user_agent: Option<String>,
    pub(crate) address: Option<String>,
}

impl Session {
    /// Creates the session `id` of `user`, which begins at `now`.
    pub(crate) fn new(id: SessionId, user: UserId, device: Device, now: Timestamp) -> Self {
        let expires_at = Timestamp::from_millis(now.as_millis() + LIFETIME);
        Self { id, user, created_at: now, expires_at, device }
    }

    /// Returns the time of last use up to which a session has ended at `now`.
    pub(crate) fn idle_cutoff(now: Timestamp) -> Timestamp {
        Timestamp::from_millis(now.as_millis() - IDLE_TIMEOUT)
    }
}
