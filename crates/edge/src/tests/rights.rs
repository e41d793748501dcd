//! The rights of now: what changes something looks at them, and what only reads goes on with the token.

use super::{SERVICE, platform};
use crate::session_rights::{SessionRights, SessionRightsStore, entry};
use crate::testing::{TestClient, TestResponse, session_of, user_id};
use futures::executor::block_on;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::{Role, SessionId, Timestamp, UserId};
use spindle_platform::http::{empty, json as respond};
use spindle_platform::kv::Store;
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// An operator with an access token.
struct Fixture {
    client: TestClient,
    token: String,
}

impl Fixture {
    fn new() -> Self {
        let client = TestClient::new(&SERVICE, &platform());
        let token = client.issuer().token(user(), Role::Operator);
        Self { client, token }
    }

    /// Sends an operation that only operators may use, and that changes something.
    fn write(&self) -> TestResponse {
        self.client.post("/v1/things").bearer(&self.token).send()
    }

    fn read(&self) -> TestResponse {
        self.client.get("/v1/me").bearer(&self.token).send()
    }

    /// Serves `rights` as auth's answer for every session, and the keys. Returns the paths of the questions.
    fn serve_auth(&self, status: StatusCode, rights: Option<SessionRights>) -> Rc<RefCell<Vec<String>>> {
        let paths = Rc::new(RefCell::new(Vec::new()));
        let (asked, keys) = (Rc::clone(&paths), json!({ "keys": [self.client.issuer().jwk(None)] }));
        self.client.platform().serve("auth.spin.internal", move |request| {
            let response = match request.path() {
                "/internal/auth/keys" => respond(StatusCode::OK, &keys),
                path => {
                    asked.borrow_mut().push(path.to_owned());
                    rights.map_or_else(|| empty(status), |rights| respond(status, &rights))
                }
            };
            Box::pin(async { response })
        });
        paths
    }

    fn store(&self) -> Store {
        block_on(self.client.context().shared_kv("edge")).unwrap()
    }

    /// Removes the entry of the session.
    fn lose_entry(&self) {
        let context = self.client.context();
        let store = block_on(SessionRightsStore::open(&context)).unwrap();
        block_on(store.remove(session_of(user()))).unwrap();
    }

    /// Puts `value` into the slot of the session.
    fn replace_entry(&self, value: &[u8]) {
        let (slot, _) = self.entry(SECRET, session_of(user()), operator(), 600);
        block_on(self.store().set(&slot, value)).unwrap();
    }

    fn entry(&self, secret: &str, session: SessionId, rights: SessionRights, seconds: i64) -> (String, Vec<u8>) {
        let now = self.client.platform().now().as_millis();
        entry(secret, session, rights, Timestamp::from_millis(now + seconds * 1000))
    }
}

fn user() -> UserId {
    user_id(1)
}

fn operator() -> SessionRights {
    SessionRights::Live { user: user(), role: Role::Operator }
}

#[test]
fn a_role_that_was_taken_away_changes_nothing_and_still_reads() {
    let fixture = Fixture::new();
    fixture.write().expect(StatusCode::OK);
    fixture.client.issuer().set_rights(user(), SessionRights::Live { user: user(), role: Role::Customer });
    assert_eq!(fixture.write().problem(), "403 forbidden");
    assert_eq!(fixture.read().json(), json!({ "user": user(), "role": "operator" }));
}

#[test]
fn a_role_that_was_given_counts_at_once() {
    let fixture = Fixture::new();
    let token = fixture.client.issuer().token(user_id(2), Role::Customer);
    let write = || fixture.client.post("/v1/things").bearer(&token).send();
    assert_eq!(write().problem(), "403 forbidden");
    fixture.client.issuer().set_rights(user_id(2), SessionRights::Live { user: user_id(2), role: Role::Admin });
    assert_eq!(write().expect(StatusCode::OK).json()["role"], "admin");
}

#[test]
fn an_ended_session_changes_nothing_and_still_reads() {
    let fixture = Fixture::new();
    fixture.client.issuer().set_rights(user(), SessionRights::Ended);
    let response = fixture.write().expect(StatusCode::UNAUTHORIZED);
    let challenge = r#"Bearer error="invalid_token", error_description="The session of the access token has ended.""#;
    assert_eq!(response.header("www-authenticate"), Some(challenge));
    fixture.read().expect(StatusCode::OK);
}

#[test]
fn auth_is_asked_where_there_is_no_entry() {
    let fixture = Fixture::new();
    let paths = fixture.serve_auth(StatusCode::OK, Some(operator()));
    fixture.write().expect(StatusCode::OK);
    assert_eq!(*paths.borrow(), [""; 0]);
    fixture.lose_entry();
    fixture.write().expect(StatusCode::OK);
    assert_eq!(*paths.borrow(), [format!("/internal/auth/sessions/{}", session_of(user()))]);
    fixture.serve_auth(StatusCode::OK, Some(SessionRights::Ended));
    assert_eq!(fixture.write().problem(), "401 unauthorized");
}

#[test]
fn an_entry_counts_only_for_its_session_its_user_and_its_time() {
    let fixture = Fixture::new();
    let paths = fixture.serve_auth(StatusCode::OK, Some(SessionRights::Ended));
    let other = SessionId(Uuid::from_u128(99));
    fixture.replace_entry(&fixture.entry(SECRET, other, operator(), 600).1);
    assert_eq!(fixture.write().problem(), "401 unauthorized");
    fixture.replace_entry(&fixture.entry(SECRET, session_of(user()), operator(), 0).1);
    assert_eq!(fixture.write().problem(), "401 unauthorized");
    assert_eq!(paths.borrow().len(), 2);
    // An entry that names another user cannot be of this token.
    let foreign = SessionRights::Live { user: user_id(2), role: Role::Admin };
    fixture.replace_entry(&fixture.entry(SECRET, session_of(user()), foreign, 600).1);
    assert_eq!(fixture.write().problem(), "401 unauthorized");
    assert_eq!(paths.borrow().len(), 2);
}

#[test]
fn a_writer_to_the_store_cannot_make_an_entry() {
    let fixture = Fixture::new();
    fixture.serve_auth(StatusCode::OK, Some(SessionRights::Ended));
    let (_, genuine) = fixture.entry(SECRET, session_of(user()), operator(), 600);
    let mut altered = genuine.clone();
    *altered.last_mut().unwrap() ^= 1;
    let (_, forged) = fixture.entry("another secret of thirty-two byte", session_of(user()), operator(), 600);
    for value in [altered.as_slice(), &forged, &genuine[32..], &genuine[..32], b"", b"{}"] {
        fixture.replace_entry(value);
        assert_eq!(fixture.write().problem(), "401 unauthorized");
    }
    fixture.replace_entry(&genuine);
    fixture.write().expect(StatusCode::OK);
}

#[test]
fn while_auth_does_not_answer_writes_without_an_entry_are_503_and_reads_go_on() {
    let fixture = Fixture::new();
    fixture.write().expect(StatusCode::OK);
    for status in [StatusCode::SERVICE_UNAVAILABLE, StatusCode::NOT_FOUND, StatusCode::OK] {
        fixture.serve_auth(status, None);
        fixture.write().expect(StatusCode::OK);
        fixture.lose_entry();
        let response = fixture.write().expect(StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.header("retry-after"), Some("1"));
        fixture.read().expect(StatusCode::OK);
        fixture.client.issuer().set_rights(user(), operator());
    }
}

#[test]
fn while_the_store_fails_auth_is_asked_for_each_write() {
    let fixture = Fixture::new();
    let paths = fixture.serve_auth(StatusCode::OK, Some(operator()));
    fixture.client.platform().lose_stores(true);
    for expected in 1..3 {
        fixture.write().expect(StatusCode::OK);
        assert_eq!(paths.borrow().len(), expected);
    }
    fixture.serve_auth(StatusCode::SERVICE_UNAVAILABLE, None);
    fixture.write().expect(StatusCode::SERVICE_UNAVAILABLE);
    fixture.read().expect(StatusCode::OK);
}
