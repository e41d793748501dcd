//! Sessions and their refresh tokens: how long each lives, and what is to be done with a token that is presented. Pure: random
//! bytes and the time come from the caller.

use crate::seal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use spindle_contracts::{SessionId, Timestamp, UserId};
use std::fmt;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// How long a session lives at most, in milliseconds.
const LIFETIME: i64 = 30 * DAY;

/// How long a session lives unused, in milliseconds.
const IDLE: i64 = 7 * DAY;

/// How long a replaced token gives its successor once more, in milliseconds: an answer that was lost must not log a person out.
const GRACE: i64 = 5000;

/// What the key that seals a successor is derived for.
const SUCCESSOR: &str = "refresh token successor";

/// A refresh token: 32 random bytes, good for one use.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RefreshToken([u8; 32]);

impl RefreshToken {
    /// The token made of `random` bytes.
    pub(crate) fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// The token that a client sends, if it can be one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// What its owner gets.
    pub(crate) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// `successor`, readable only with this token, which nobody but its owner has.
    pub(crate) fn seal(&self, successor: &Self, nonce: [u8; 12]) -> Vec<u8> {
        self.successor_key().seal(nonce, &self.hash(), &successor.0)
    }

    /// The token that [`seal`](Self::seal) sealed with this one.
    pub(crate) fn open(&self, sealed: &[u8]) -> Option<Self> {
        self.successor_key().open(&self.hash(), sealed)?.try_into().ok().map(Self)
    }

    fn successor_key(&self) -> seal::Key {
        seal::Key::derive(&self.0, SUCCESSOR)
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(..)")
    }
}

/// A session as it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) user: UserId,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) device: Device,
}

/// Where a log-in comes from, for its owner to recognise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Device {
    pub(crate) user_agent: Option<String>,
    pub(crate) address: Option<String>,
}

impl Session {
    /// The session `id` of `user` from `now` on.
    pub(crate) fn begin(id: SessionId, user: UserId, device: Device, now: Timestamp) -> Self {
        let expires_at = Timestamp::from_millis(now.as_millis() + LIFETIME);
        Self { id, user, created_at: now, expires_at, device }
    }

    /// A session that was last used at this time or before is over at `now`.
    pub(crate) fn idle_since(now: Timestamp) -> Timestamp {
        Timestamp::from_millis(now.as_millis() - IDLE)
    }
}

/// Tokens that were replaced at this time or before tell their successor no more at `now`.
pub(crate) fn grace_ended_since(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.as_millis() - GRACE)
}

/// What is known of a refresh token that was presented, and of its session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KnownToken {
    pub(crate) session: SessionId,
    pub(crate) user: UserId,
    pub(crate) last_used_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) revoked: bool,
    pub(crate) rotated_at: Option<Timestamp>,
    pub(crate) sealed_successor: Option<Vec<u8>>,
}

/// What is to be done with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Its session is over.
    Ended,
    /// It is the newest of its family: it is good, and to be replaced.
    Newest,
    /// It was replaced a moment ago: whoever presents it gets the same successor.
    JustReplaced(RefreshToken),
    /// It was replaced long ago: someone else has it. The family is to be revoked (RFC 9700, section 4.14.2).
    Reused,
}

impl KnownToken {
    /// What is to be done at `now` with `token`, of which this is known.
    pub(crate) fn standing(&self, token: &RefreshToken, now: Timestamp) -> Standing {
        if self.revoked || self.expires_at <= now || self.last_used_at <= Session::idle_since(now) {
            return Standing::Ended;
        }
        let Some(rotated_at) = self.rotated_at else { return Standing::Newest };
        let in_grace = rotated_at > grace_ended_since(now);
        let successor = self.sealed_successor.as_deref().filter(|_| in_grace).and_then(|sealed| token.open(sealed));
        successor.map_or(Standing::Reused, Standing::JustReplaced)
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, KnownToken, RefreshToken, Standing};
    use spindle_contracts::{SessionId, Timestamp, UserId};
    use uuid::Uuid;

    const START: i64 = 1_700_000_000_000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(START + millis)
    }

    fn token(byte: u8) -> RefreshToken {
        RefreshToken::new([byte; 32])
    }

    fn newest() -> KnownToken {
        KnownToken {
            session: SessionId(Uuid::nil()),
            user: UserId(Uuid::nil()),
            last_used_at: at(0),
            expires_at: at(30 * DAY),
            revoked: false,
            rotated_at: None,
            sealed_successor: None,
        }
    }

    #[test]
    fn a_token_reads_back_from_its_text_and_nothing_else_is_one() {
        let text = token(200).text();
        assert_eq!(RefreshToken::parse(&text), Some(token(200)));
        for text in ["", "abc", &text[1..], &format!("{text}A"), &format!("{text}="), &text.replacen('y', "+", 1)] {
            assert_eq!(RefreshToken::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_token_is_not_shown() {
        assert_eq!(format!("{:?}", token(1)), "RefreshToken(..)");
    }

    #[test]
    fn a_session_ends_a_week_after_its_last_use_or_when_it_was_revoked() {
        let known = newest();
        assert_eq!(known.standing(&token(1), at(7 * DAY - 1)), Standing::Newest);
        assert_eq!(known.standing(&token(1), at(7 * DAY)), Standing::Ended);
        assert_eq!(KnownToken { revoked: true, ..newest() }.standing(&token(1), at(0)), Standing::Ended);
    }

    #[test]
    fn a_session_ends_after_thirty_days_however_much_it_was_used() {
        let known = KnownToken { last_used_at: at(30 * DAY - 1), ..newest() };
        assert_eq!(known.standing(&token(1), at(30 * DAY - 1)), Standing::Newest);
        assert_eq!(known.standing(&token(1), at(30 * DAY)), Standing::Ended);
    }

    #[test]
    fn a_replaced_token_gives_its_successor_for_five_seconds_and_to_its_owner_only() {
        let sealed_successor = Some(token(1).seal(&token(2), [3; 12]));
        let known = KnownToken { rotated_at: Some(at(0)), sealed_successor, ..newest() };
        assert_eq!(known.standing(&token(1), at(4999)), Standing::JustReplaced(token(2)));
        assert_eq!(known.standing(&token(1), at(5000)), Standing::Reused);
        assert_eq!(known.standing(&token(9), at(0)), Standing::Reused);
        assert_eq!(KnownToken { sealed_successor: None, ..known }.standing(&token(1), at(0)), Standing::Reused);
    }

    #[test]
    fn a_replaced_token_of_a_session_that_is_over_is_no_alarm() {
        let known = KnownToken { rotated_at: Some(at(0)), revoked: true, ..newest() };
        assert_eq!(known.standing(&token(1), at(DAY)), Standing::Ended);
    }
}
