//! Guarantees of the statements that no request can show: the states between two statements.

use super::sessions::Verified;
use super::{credentials, failures, keys, refresh_tokens, sessions};
use crate::SERVICE;
use crate::encryption::DerivedKey;
use crate::lockout::Failures;
use crate::refresh_token::{RefreshToken, RefreshTokenState};
use crate::session::{Device, Session};
use crate::signing_key::EncryptedSigningKey;
use futures::executor::block_on;
use spindle_contracts::{SessionId, Timestamp, UserId};
use spindle_platform::sql::{Connection, Error};
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform};
use uuid::Uuid;

const USER: UserId = UserId(Uuid::from_u128(1));

const ACCOUNT: [u8; 32] = [7; 32];

fn now() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

fn database() -> Connection {
    let platform = Platform::native().build();
    platform.set_now(now());
    let trace = TraceContext::start(platform.random());
    block_on(Context::new(platform, SERVICE.scope, "test".to_owned(), trace).sql()).unwrap()
}

fn session(id: u128) -> Session {
    Session::new(SessionId(Uuid::from_u128(id)), USER, Device::default(), now())
}

/// Inserts a session of an account with these failures, password hash and number of changes of rights, and returns whether that is its state.
async fn insert_session(
    db: &Connection,
    id: u128,
    failures: &Failures,
    password_hash: &str,
    rights_changes: i64,
) -> bool {
    let verified = Verified { account: &ACCOUNT, failures, password_hash, rights_changes };
    sessions::insert(db, &session(id), &verified).await.unwrap()
}

#[test]
fn a_session_is_inserted_only_while_failures_password_and_rights_are_as_verified() {
    let db = database();
    let (none, one) = (Failures::default(), Failures::default().with_failure_at(now()));
    block_on(async {
        credentials::insert(&db, USER, "old", now()).await.unwrap();
        assert!(insert_session(&db, 1, &none, "old", 0).await);
        assert!(!insert_session(&db, 5, &one, "old", 0).await);
        failures::upsert(&db, &ACCOUNT, &one, now()).await.unwrap();
        assert!(!insert_session(&db, 5, &none, "old", 0).await);
        let two = one.clone().with_failure_at(now());
        assert!(!insert_session(&db, 5, &two, "old", 0).await);
        assert!(insert_session(&db, 5, &one, "old", 0).await);
        credentials::count_rights_change(&db, USER).await.unwrap();
        assert!(!insert_session(&db, 4, &one, "old", 0).await);
        assert!(credentials::replace(&db, USER, "old", "new", now()).await.unwrap());
        assert!(!insert_session(&db, 2, &one, "old", 1).await);
        assert!(credentials::delete(&db, USER).await.unwrap());
        assert!(!insert_session(&db, 3, &one, "new", 1).await);
    });
}

#[test]
fn of_two_concurrent_changes_of_a_password_one_succeeds() {
    let db = database();
    block_on(async {
        credentials::insert(&db, USER, "old", now()).await.unwrap();
        assert!(credentials::replace(&db, USER, "old", "one", now()).await.unwrap());
        assert!(!credentials::replace(&db, USER, "old", "other", now()).await.unwrap());
        assert_eq!(credentials::password_hash(&db, USER).await.unwrap().as_deref(), Some("one"));
    });
}

#[test]
fn confirmed_credentials_are_not_deleted() {
    let db = database();
    block_on(async {
        credentials::insert(&db, USER, "hash", now()).await.unwrap();
        assert_eq!(credentials::unconfirmed(&db, now(), 10).await.unwrap(), [USER]);
        credentials::confirm(&db, USER, now()).await.unwrap();
        assert_eq!(credentials::unconfirmed(&db, now(), 10).await.unwrap(), []);
        assert!(!credentials::delete_unconfirmed(&db, USER).await.unwrap());
    });
}

#[test]
fn only_one_key_signs() {
    let db = database();
    let key = |seed: u8| {
        EncryptedSigningKey::from_seed(&DerivedKey::derive(b"secret", "signing keys"), [seed; 32], [seed; 12])
    };
    block_on(async {
        keys::insert(&db, &key(1), now()).await.unwrap();
        assert!(matches!(keys::insert(&db, &key(2), now()).await, Err(Error::UniqueViolation { .. })));
        assert_eq!(keys::retire(&db, now(), now()).await.unwrap(), Some(key(1).kid));
        keys::insert(&db, &key(2), now()).await.unwrap();
        assert_eq!(keys::current(&db).await.unwrap(), Some(key(2)));
    });
}

#[test]
fn only_the_old_token_decrypts_its_successor() {
    let db = database();
    let (token, successor) = (RefreshToken::new([1; 32]), RefreshToken::new([2; 32]));
    block_on(async {
        credentials::insert(&db, USER, "hash", now()).await.unwrap();
        assert!(insert_session(&db, 1, &Failures::default(), "hash", 0).await);
        refresh_tokens::insert(&db, &token, session(1).id, now()).await.unwrap();
        let encrypted = token.encrypt_successor(&successor, [3; 12]);
        assert_eq!(refresh_tokens::rotate(&db, &token, session(1).id, &encrypted).await.unwrap(), Some(now()));
        assert_eq!(refresh_tokens::rotate(&db, &token, session(1).id, &encrypted).await.unwrap(), None, "once");
        let record = refresh_tokens::find(&db, &token).await.unwrap().unwrap();
        assert_eq!(record.state(&token, now()), RefreshTokenState::JustRotated(successor.clone()));
        let encrypted = record.encrypted_successor.unwrap();
        assert!(!encrypted.windows(8).any(|window| window == [2; 8]));
        assert_eq!(successor.decrypt_successor(&encrypted), None);
        assert_eq!(refresh_tokens::find(&db, &successor).await.unwrap(), None);
    });
}
