//! A fake auth service: it publishes the keys of the tests' tokens, makes invitations, knows who has a password, and erases credentials.

use futures::future::LocalBoxFuture;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{Role, SessionId, UserId};
use spindle_edge::SessionRights;
use spindle_edge::testing::{Issuer, user_id};
use spindle_platform::Platform;
use spindle_platform::http::{Params, Request, Response, empty, json as respond};
use spindle_platform::token::jwks::JwkSet;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use uuid::Uuid;

/// The service.
#[derive(Clone, Default)]
pub(super) struct FakeAuth(Rc<State>);

#[derive(Default)]
struct State {
    with_password: RefCell<BTreeSet<String>>,
    is_down: Cell<bool>,
    calls: RefCell<Vec<String>>,
}

/// Returns every invitation that the fake makes.
pub(super) fn invitation() -> Value {
    json!({ "token": "the-token", "expires_at": "2023-11-21T22:13:20.000Z" })
}

/// Returns the rights of a session: those of the first user are an admin's, all others those of a customer.
fn rights_of(session: SessionId) -> SessionRights {
    let user = UserId(Uuid::from_u128(!session.0.as_u128()));
    let role = if user == user_id(1) { Role::Admin } else { Role::Customer };
    SessionRights::Live { user, role }
}

impl FakeAuth {
    /// Serves the fake at the address of auth on `platform`.
    pub(super) fn on(platform: &Platform) -> Self {
        let auth = Self::default();
        let (served, jwk) = (auth.clone(), Issuer::with_key(platform, 7).jwk(None));
        platform.serve("auth.spin.internal", move |request| {
            served.clone().serve(request, JwkSet { keys: vec![jwk.clone()] })
        });
        auth
    }

    /// Lets `user` have a password from now on.
    pub(super) fn set_password(&self, user: UserId) {
        self.0.with_password.borrow_mut().insert(user.to_string());
    }

    /// Makes every operation but the publication of keys fail from now on, or succeed again.
    pub(super) fn set_down(&self, is_down: bool) {
        self.0.is_down.set(is_down);
    }

    /// Takes the paths of the requests since the last call, with `{id}` for each id; not those for keys.
    pub(super) fn take_calls(&self) -> Vec<String> {
        std::mem::take(&mut self.0.calls.borrow_mut())
    }

    fn serve(self, request: Request, keys: JwkSet) -> LocalBoxFuture<'static, Response> {
        Box::pin(async move {
            let (method, path) = (request.method().clone(), request.path().to_owned());
            if path == "/internal/auth/keys" {
                return respond(StatusCode::OK, &keys);
            }
            if let Some(session) = path.strip_prefix("/internal/auth/sessions/") {
                return respond(StatusCode::OK, &rights_of(session.parse().unwrap()));
            }
            let body = request.on_route(Params::default(), 1 << 16).bytes().await.unwrap();
            let segments: Vec<&str> = path.split('/').skip(4).collect();
            let shown: Vec<&str> = segments.iter().map(|part| if part.len() == 36 { "{id}" } else { part }).collect();
            self.0.calls.borrow_mut().push(format!("{method} {}", shown.join("/")));
            if self.0.is_down.get() {
                return empty(StatusCode::INTERNAL_SERVER_ERROR);
            }
            match (method, segments.as_slice()) {
                (Method::POST, ["with-password"]) => self.list_with_password(&serde_json::from_slice(&body).unwrap()),
                (Method::POST, [id, "invitation"]) if self.has_password(id) => empty(StatusCode::CONFLICT),
                (Method::POST, [_, "invitation"]) => respond(StatusCode::CREATED, &invitation()),
                (Method::DELETE, [_]) => empty(StatusCode::NO_CONTENT),
                _ => empty(StatusCode::IM_A_TEAPOT),
            }
        })
    }

    fn has_password(&self, id: &str) -> bool {
        self.0.with_password.borrow().contains(id)
    }

    fn list_with_password(&self, body: &Value) -> Response {
        let users = body["users"].as_array().unwrap().iter();
        let users: Vec<&Value> = users.filter(|id| self.has_password(id.as_str().unwrap())).collect();
        respond(StatusCode::OK, &json!({ "users": users }))
    }
}
