//! Refresh tokens and their rotation (RFC 9700, section 4.14.2). Pure: random bytes and the time come from the caller.

use crate::encryption::DerivedKey;
use crate::session::Session;
use crate::signing_key::EncryptedSigningKey;
use spindle_contracts::{SessionId, Timestamp, UserId};

/// The time after a rotation in which the old token still returns its successor, in milliseconds: a lost response must not log a
/// person out.
pub(crate) const GRACE_PERIOD: i64 = 5000;

/// The purpose of the key that encrypts a successor.
const SUCCESSOR: &str = "refresh token successor";

/// A refresh token.
pub(crate) use crate::one_time_token::OneTimeToken as RefreshToken;

impl RefreshToken {
    /// Encrypts `successor` under a key that only this token gives, and only the client holds the token.
    pub(crate) fn encrypt_successor(&self, successor: &Self, nonce: [u8; 12]) -> Vec<u8> {
        self.successor_key().encrypt(nonce, &self.hash(), &successor.0)
    }

    /// Decrypts the output of [`encrypt_successor`](Self::encrypt_successor) of this token.
    pub(crate) fn decrypt_successor(&self, encrypted: &[u8]) -> Option<Self> {
        self.successor_key().decrypt(&self.hash(), encrypted)?.try_into().ok().map(Self)
    }

    fn successor_key(&self) -> DerivedKey {
        DerivedKey::derive(&self.0, SUCCESSOR)
    }
}

/// Returns the time of rotation up to which a token no longer returns its successor at `now`.
pub(crate) fn grace_cutoff(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.as_millis() - GRACE_PERIOD)
}

/// A stored refresh token and its session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefreshTokenRecord {
    pub(crate) session: SessionId,
    pub(crate) user: UserId,
    /// The time of the log-in that opened the session. A refresh proves no password, so it stays.
    pub(crate) logged_in_at: Timestamp,
    pub(crate) last_used_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) revoked: bool,
    pub(crate) rotated_at: Option<Timestamp>,
    pub(crate) encrypted_successor: Option<Vec<u8>>,
    /// The time of the database at which it was read. Rotations and their grace periods go by this clock, which all replicas share: however
    /// much their own clocks differ, a lost response does not log a person out.
    pub(crate) read_at: Timestamp,
    /// The number of times that the rights of the user had changed by then.
    pub(crate) rights_changes: i64,
    /// The key that signs; `None` before the first one.
    pub(crate) signing_key: Option<EncryptedSigningKey>,
}

/// The state of a refresh token that a client presents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RefreshTokenState {
    /// Its session has ended.
    SessionEnded,
    /// It is the newest of its family: valid, and to be rotated.
    Current,
    /// It was rotated within the grace period: the response repeats its successor.
    JustRotated(RefreshToken),
    /// It was rotated before the grace period, so two parties hold it: revoke the family (RFC 9700, section 4.14.2).
    Reused,
}

impl RefreshTokenRecord {
    /// Returns the state at `now` of `token`, whose record this is.
    pub(crate) fn state(&self, token: &RefreshToken, now: Timestamp) -> RefreshTokenState {
        if self.revoked || self.expires_at <= now || self.last_used_at <= Session::idle_cutoff(now) {
            return RefreshTokenState::SessionEnded;
        }
        let Some(rotated_at) = self.rotated_at else { return RefreshTokenState::Current };
        let in_grace_period = rotated_at > grace_cutoff(now);
        let encrypted = self.encrypted_successor.as_deref().filter(|_| in_grace_period);
        let successor = encrypted.and_then(|encrypted| token.decrypt_successor(encrypted));
        successor.map_or(RefreshTokenState::Reused, RefreshTokenState::JustRotated)
    }
}

#[cfg(test)]
mod tests {
    use super::{RefreshToken, RefreshTokenRecord, RefreshTokenState};
    use crate::session::DAY;
    use spindle_contracts::{SessionId, Timestamp, UserId};
    use uuid::Uuid;

    const START: i64 = 1_700_000_000_000;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(START + millis)
    }

    fn token(byte: u8) -> RefreshToken {
        RefreshToken::new([byte; 32])
    }

    fn current() -> RefreshTokenRecord {
        RefreshTokenRecord {
            session: SessionId(Uuid::nil()),
            user: UserId(Uuid::nil()),
            logged_in_at: at(0),
            last_used_at: at(0),
            expires_at: at(30 * DAY),
            revoked: false,
            rotated_at: None,
            encrypted_successor: None,
            read_at: at(0),
            rights_changes: 0,
            signing_key: None,
        }
    }

    #[test]
    fn a_token_is_parsed_from_its_text_and_from_no_other() {
        let text = token(200).text();
        assert_eq!(RefreshToken::parse(&text), Some(token(200)));
        for text in ["", "abc", &text[1..], &format!("{text}A"), &format!("{text}="), &text.replacen('y', "+", 1)] {
            assert_eq!(RefreshToken::parse(text), None, "{text}");
        }
    }

    #[test]
    fn debug_output_does_not_contain_the_token() {
        assert_eq!(format!("{:?}", token(1)), "OneTimeToken(..)");
    }

    #[test]
    fn a_session_ends_a_week_after_its_last_use_or_when_it_was_revoked() {
        let record = current();
        assert_eq!(record.state(&token(1), at(7 * DAY - 1)), RefreshTokenState::Current);
        assert_eq!(record.state(&token(1), at(7 * DAY)), RefreshTokenState::SessionEnded);
        let revoked = RefreshTokenRecord { revoked: true, ..current() };
        assert_eq!(revoked.state(&token(1), at(0)), RefreshTokenState::SessionEnded);
    }

    #[test]
    fn a_session_ends_after_thirty_days_however_much_it_was_used() {
        let record = RefreshTokenRecord { last_used_at: at(30 * DAY - 1), ..current() };
        assert_eq!(record.state(&token(1), at(30 * DAY - 1)), RefreshTokenState::Current);
        assert_eq!(record.state(&token(1), at(30 * DAY)), RefreshTokenState::SessionEnded);
    }

    #[test]
    fn a_rotated_token_returns_its_successor_for_five_seconds_and_to_its_owner_only() {
        let encrypted_successor = Some(token(1).encrypt_successor(&token(2), [3; 12]));
        let record = RefreshTokenRecord { rotated_at: Some(at(0)), encrypted_successor, ..current() };
        assert_eq!(record.state(&token(1), at(4999)), RefreshTokenState::JustRotated(token(2)));
        assert_eq!(record.state(&token(1), at(5000)), RefreshTokenState::Reused);
        assert_eq!(record.state(&token(9), at(0)), RefreshTokenState::Reused);
        let without_successor = RefreshTokenRecord { encrypted_successor: None, ..record };
        assert_eq!(without_successor.state(&token(1), at(0)), RefreshTokenState::Reused);
    }

    #[test]
    fn a_rotated_token_of_an_ended_session_is_not_a_reuse() {
        let record = RefreshTokenRecord { rotated_at: Some(at(0)), revoked: true, ..current() };
        assert_eq!(record.state(&token(1), at(DAY)), RefreshTokenState::SessionEnded);
    }
}
