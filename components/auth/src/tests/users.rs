//! A users service that is made up: it keeps to what was agreed, or fails on demand.

use futures::future::LocalBoxFuture;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_platform::Platform;
use spindle_platform::http::{Request, Response, empty, json as answer};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What goes wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Every request is answered with a 500.
    Down,
    /// A profile is not created, and the answer does not say so.
    LosesCreations,
    /// A profile is created, and the answer does not say so.
    LosesAnswers,
    /// Someone else gets the e-mail address between the question and the creation.
    Race,
}

/// The service: its profiles by id.
#[derive(Clone, Default)]
pub(super) struct Users(Rc<State>);

#[derive(Default)]
struct State {
    profiles: RefCell<BTreeMap<String, Value>>,
    fault: Cell<Fault>,
    calls: RefCell<Vec<String>>,
}

impl Users {
    /// The service at its address on `platform`.
    pub(super) fn on(platform: &Platform) -> Self {
        let users = Self::default();
        let served = users.clone();
        platform.serve("users.spin.internal", move |request| served.clone().serve(request));
        users
    }

    pub(super) fn fail(&self, fault: Fault) {
        self.0.fault.set(fault);
    }

    /// The profiles, oldest first.
    pub(super) fn profiles(&self) -> Vec<Value> {
        self.0.profiles.borrow().values().cloned().collect()
    }

    pub(super) fn set_role(&self, id: &str, role: &str) {
        self.0.profiles.borrow_mut().get_mut(id).unwrap()["role"] = role.into();
    }

    pub(super) fn add(&self, id: &str, email: &str) {
        self.0.profiles.borrow_mut().insert(id.to_owned(), profile(id, &json!({ "email": email, "role": "customer" })));
    }

    pub(super) fn erase(&self, id: &str) {
        self.0.profiles.borrow_mut().remove(id);
    }

    /// The requests since this was last asked, ids left out.
    pub(super) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.0.calls.borrow_mut())
    }

    fn serve(self, request: Request) -> LocalBoxFuture<'static, Response> {
        Box::pin(async move {
            let (method, path) = (request.method().clone(), request.path().to_owned());
            let body = request.on_route(spindle_platform::http::Params::default(), 1 << 16).bytes().await.unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            let segments: Vec<&str> = path.split('/').skip(3).collect();
            let shown: Vec<&str> = segments.iter().map(|part| if part.len() == 36 { "{id}" } else { part }).collect();
            self.0.calls.borrow_mut().push(format!("{method} {}", shown.join("/")));
            if self.0.fault.get() == Fault::Down {
                return empty(StatusCode::INTERNAL_SERVER_ERROR);
            }
            match (method, segments.as_slice()) {
                (Method::POST, ["identify"]) => found(self.by_email(&body["email"])),
                (Method::GET, [id, "identity"]) => found(self.0.profiles.borrow().get(*id).cloned()),
                (Method::PUT, [id]) => self.create(id, &body),
                _ => empty(StatusCode::IM_A_TEAPOT),
            }
        })
    }

    fn by_email(&self, email: &Value) -> Option<Value> {
        let key = |email: &Value| email.as_str().unwrap().to_lowercase();
        self.0.profiles.borrow().values().find(|profile| key(&profile["email"]) == key(email)).cloned()
    }

    fn create(&self, id: &str, draft: &Value) -> Response {
        let fault = self.0.fault.replace(Fault::None);
        if fault == Fault::LosesCreations {
            return empty(StatusCode::GATEWAY_TIMEOUT);
        }
        if !draft["email"].as_str().unwrap().contains('@') {
            let errors = json!([{ "pointer": "/email", "detail": "is not an e-mail address" }]);
            return answer(StatusCode::UNPROCESSABLE_ENTITY, &json!({ "errors": errors }));
        }
        let taken = self.by_email(&draft["email"]).is_some_and(|profile| profile["id"] != id);
        if taken || fault == Fault::Race {
            return answer(StatusCode::CONFLICT, &json!({ "title": "The request conflicts with what exists" }));
        }
        let profile = self.0.profiles.borrow_mut().entry(id.to_owned()).or_insert_with(|| profile(id, draft)).clone();
        if fault == Fault::LosesAnswers {
            return empty(StatusCode::GATEWAY_TIMEOUT);
        }
        answer(StatusCode::CREATED, &profile)
    }
}

/// A profile with more members than auth asks for.
fn profile(id: &str, draft: &Value) -> Value {
    json!({
        "id": id,
        "email": draft["email"],
        "display_name": draft["display_name"],
        "role": draft["role"],
        "locale": "en",
        "created_at": "2023-11-14T22:13:20.000Z",
    })
}

fn found(profile: Option<Value>) -> Response {
    match profile {
        Some(profile) => {
            answer(StatusCode::OK, &json!({ "id": profile["id"], "email": profile["email"], "role": profile["role"] }))
        }
        None => empty(StatusCode::NOT_FOUND),
    }
}
