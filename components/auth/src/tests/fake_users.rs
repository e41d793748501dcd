//! A fake users service: it follows the contract, or fails on demand.

use futures::future::LocalBoxFuture;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_platform::Platform;
use spindle_platform::http::{Request, Response, empty, json as respond};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The failure that the test injects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Fault {
    /// No failure.
    #[default]
    None,
    /// Every request gets a 500.
    Unavailable,
    /// The next creation is lost, and gets a 504.
    RequestLost,
    /// The next creation succeeds, and its response is lost: the caller gets a 504.
    ResponseLost,
    /// Another user gets the e-mail address between the check and the creation.
    EmailTakenMeanwhile,
    /// The check accepts the profile, and the creation rejects it.
    RejectsCreation,
}

/// The service, with its profiles by id.
#[derive(Clone, Default)]
pub(super) struct FakeUsers(Rc<State>);

#[derive(Default)]
struct State {
    profiles: RefCell<BTreeMap<String, Value>>,
    fault: Cell<Fault>,
    calls: RefCell<Vec<String>>,
    after_identity: RefCell<Option<LocalBoxFuture<'static, ()>>>,
}

impl FakeUsers {
    /// Serves the fake at the address of users on `platform`.
    pub(super) fn on(platform: &Platform) -> Self {
        let users = Self::default();
        users.serve_on(platform);
        users
    }

    /// Serves these users on `platform` as well.
    pub(super) fn serve_on(&self, platform: &Platform) {
        let served = self.clone();
        platform.serve("users.spin.internal", move |request| served.clone().serve(request));
    }

    pub(super) fn fail(&self, fault: Fault) {
        self.0.fault.set(fault);
    }

    /// Returns the profiles, oldest first.
    pub(super) fn profiles(&self) -> Vec<Value> {
        self.0.profiles.borrow().values().cloned().collect()
    }

    pub(super) fn set_role(&self, id: &str, role: &str) {
        self.0.profiles.borrow_mut().get_mut(id).unwrap()["role"] = role.into();
    }

    pub(super) fn set_status(&self, id: &str, status: &str) {
        self.0.profiles.borrow_mut().get_mut(id).unwrap()["status"] = status.into();
    }

    pub(super) fn add(&self, id: &str, email: &str) {
        self.0.profiles.borrow_mut().insert(id.to_owned(), profile(id, &json!({ "email": email, "role": "customer" })));
    }

    pub(super) fn erase(&self, id: &str) {
        self.0.profiles.borrow_mut().remove(id);
    }

    /// Runs `event` between the next look-up of an identity by id and its response.
    pub(super) fn after_next_identity(&self, event: LocalBoxFuture<'static, ()>) {
        *self.0.after_identity.borrow_mut() = Some(event);
    }

    /// Takes the requests since the last call, with `{id}` for each id.
    pub(super) fn take_calls(&self) -> Vec<String> {
        std::mem::take(&mut self.0.calls.borrow_mut())
    }

    fn serve(self, request: Request) -> LocalBoxFuture<'static, Response> {
        Box::pin(async move {
            let (method, path) = (request.method().clone(), request.path().to_owned());
            let dry_run = request.query_parameter("dry_run").unwrap().is_some();
            let body = request.on_route(spindle_platform::http::Params::default(), 1 << 16).bytes().await.unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            let segments: Vec<&str> = path.split('/').skip(3).collect();
            let shown: Vec<&str> = segments.iter().map(|part| if part.len() == 36 { "{id}" } else { part }).collect();
            self.0.calls.borrow_mut().push(format!("{method} {}", shown.join("/")));
            if self.0.fault.get() == Fault::Unavailable {
                return empty(StatusCode::INTERNAL_SERVER_ERROR);
            }
            match (method, segments.as_slice()) {
                (Method::POST, ["identify"]) => optional(self.by_email(&body["email"])),
                (Method::GET, [id, "identity"]) => {
                    let profile = self.0.profiles.borrow().get(*id).cloned();
                    let event = self.0.after_identity.borrow_mut().take();
                    if let Some(event) = event {
                        event.await;
                    }
                    optional(profile)
                }
                (Method::PUT, [id]) if dry_run => self.check(id, &body).unwrap_or(empty(StatusCode::NO_CONTENT)),
                (Method::PUT, [id]) => self.create(id, &body),
                _ => empty(StatusCode::IM_A_TEAPOT),
            }
        })
    }

    fn by_email(&self, email: &Value) -> Option<Value> {
        let key = |email: &Value| email.as_str().unwrap().to_lowercase();
        self.0.profiles.borrow().values().find(|profile| key(&profile["email"]) == key(email)).cloned()
    }

    /// Returns the response that rejects `profile`, or `None` if the profile is acceptable.
    fn check(&self, id: &str, profile: &Value) -> Option<Response> {
        let mut errors = Vec::new();
        if !profile["email"].as_str().unwrap().contains('@') {
            errors.push(json!({ "pointer": "/email", "detail": "is not an e-mail address" }));
        }
        if profile["display_name"] == "" {
            errors.push(json!({ "pointer": "/display_name", "detail": "must have 1 to 100 printable characters" }));
        }
        if !errors.is_empty() {
            return Some(respond(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "errors": errors })));
        }
        let taken = self.by_email(&profile["email"]).is_some_and(|other| other["id"] != id);
        taken.then(email_taken)
    }

    fn create(&self, id: &str, new: &Value) -> Response {
        let fault = self.0.fault.replace(Fault::None);
        match fault {
            Fault::RequestLost => return empty(StatusCode::GATEWAY_TIMEOUT),
            Fault::EmailTakenMeanwhile => return email_taken(),
            Fault::RejectsCreation => {
                let errors = json!([{ "pointer": "/email", "detail": "is not an e-mail address" }]);
                return respond(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "errors": errors }));
            }
            Fault::None | Fault::Unavailable | Fault::ResponseLost => {}
        }
        if let Some(rejection) = self.check(id, new) {
            return rejection;
        }
        let profile = self.0.profiles.borrow_mut().entry(id.to_owned()).or_insert_with(|| profile(id, new)).clone();
        if fault == Fault::ResponseLost {
            return empty(StatusCode::GATEWAY_TIMEOUT);
        }
        respond(StatusCode::CREATED, &profile)
    }
}

fn email_taken() -> Response {
    respond(StatusCode::CONFLICT, &json!({ "title": "Conflict" }))
}

/// Builds a profile with more members than auth reads.
fn profile(id: &str, new: &Value) -> Value {
    json!({
        "id": id,
        "email": new["email"],
        "display_name": new["display_name"],
        "role": new["role"],
        "locale": "en",
        "created_at": "2023-11-14T22:13:20.000Z",
    })
}

fn optional(profile: Option<Value>) -> Response {
    match profile {
        Some(profile) => {
            let active = profile["status"] != "deactivated";
            let Value::Object(mut identity) = json!({ "active": active }) else { unreachable!("an object") };
            identity.extend(["id", "email", "role"].map(|name| (name.to_owned(), profile[name].clone())));
            respond(StatusCode::OK, &identity)
        }
        None => empty(StatusCode::NOT_FOUND),
    }
}
