//! What the statements promise that no request can show: what happens between two of them.

use super::{credentials, keys, sessions, tokens};
use crate::SERVICE;
use crate::keys::SealedKey;
use crate::seal::Key;
use crate::session::{Device, RefreshToken, Session, Standing};
use futures::executor::block_on;
use spindle_contracts::{SessionId, Timestamp, UserId};
use spindle_platform::sql::{Connection, Error};
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform};
use uuid::Uuid;

const USER: UserId = UserId(Uuid::from_u128(1));

fn now() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

fn database() -> Connection {
    let platform = Platform::native().build();
    let trace = TraceContext::start(platform.random());
    block_on(Context::new(platform, SERVICE.scope, "test".to_owned(), trace).sql()).unwrap()
}

fn session(id: u128) -> Session {
    Session::begin(SessionId(Uuid::from_u128(id)), USER, Device::default(), now())
}

#[test]
fn a_session_opens_only_while_the_password_is_the_one_that_was_checked() {
    let db = database();
    block_on(async {
        credentials::insert(&db, USER, "old", now()).await.unwrap();
        assert!(sessions::open(&db, &session(1), "old").await.unwrap());
        assert!(credentials::replace(&db, USER, "old", "new", now()).await.unwrap());
        assert!(!sessions::open(&db, &session(2), "old").await.unwrap());
        assert!(credentials::delete(&db, USER).await.unwrap());
        assert!(!sessions::open(&db, &session(3), "new").await.unwrap());
    });
}

#[test]
fn of_two_changes_of_the_same_password_one_is_made() {
    let db = database();
    block_on(async {
        credentials::insert(&db, USER, "old", now()).await.unwrap();
        assert!(credentials::replace(&db, USER, "old", "one", now()).await.unwrap());
        assert!(!credentials::replace(&db, USER, "old", "other", now()).await.unwrap());
        assert_eq!(credentials::password_hash(&db, USER).await.unwrap().as_deref(), Some("one"));
    });
}

#[test]
fn confirmed_credentials_are_not_withdrawn() {
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
fn there_is_one_key_that_signs() {
    let db = database();
    let key = |seed: u8| SealedKey::make(&Key::derive(b"secret", "signing keys"), [seed; 32], [seed; 12]);
    block_on(async {
        keys::insert(&db, &key(1), now()).await.unwrap();
        assert!(matches!(keys::insert(&db, &key(2), now()).await, Err(Error::UniqueViolation { .. })));
        assert_eq!(keys::retire(&db, now(), now()).await.unwrap(), Some(key(1).kid));
        keys::insert(&db, &key(2), now()).await.unwrap();
        assert_eq!(keys::current(&db).await.unwrap(), Some(key(2)));
    });
}

#[test]
fn nothing_in_the_table_leads_from_one_token_to_the_next_but_the_token() {
    let db = database();
    let (token, successor) = (RefreshToken::new([1; 32]), RefreshToken::new([2; 32]));
    block_on(async {
        credentials::insert(&db, USER, "hash", now()).await.unwrap();
        sessions::open(&db, &session(1), "hash").await.unwrap();
        tokens::insert(&db, &token, session(1).id, now()).await.unwrap();
        tokens::replace(&db, &token, &token.seal(&successor, [3; 12]), now()).await.unwrap();
        let known = tokens::find(&db, &token).await.unwrap().unwrap();
        assert_eq!(known.standing(&token, now()), Standing::JustReplaced(successor.clone()));
        let sealed = known.sealed_successor.unwrap();
        assert!(!sealed.windows(8).any(|window| window == [2; 8]));
        assert_eq!(successor.open(&sealed), None);
        assert_eq!(tokens::find(&db, &successor).await.unwrap(), None);
    });
}
