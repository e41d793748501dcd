//! The fixture: a platform with auth and a fake users service, and the requests that the tests send.

use super::fake_users::FakeUsers;
use crate::SERVICE;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::Timestamp;
use spindle_edge::testing::{service_token, with_edge_variables};
use spindle_platform::http::{Body, Request, Response};
use spindle_platform::token::service::Operation;
use spindle_platform::trace::TraceContext;
use spindle_platform::{Context, Platform};

pub(super) const EMAIL: &str = "Ada@example.com";
pub(super) const PASSWORD: &str = "correct horse battery staple";
pub(super) const KEY_SECRET: &str = "fedcba9876543210fedcba9876543210";

pub(super) const SECOND: i64 = 1000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const DAY: i64 = 24 * 60 * MINUTE;

const START: i64 = 1_700_000_000_000;

/// auth and users, with a clock that only the test sets.
pub(super) struct Fixture {
    pub(super) platform: Platform,
    pub(super) users: FakeUsers,
}

/// The tokens of a log-in or a refresh.
#[derive(Clone, Debug)]
pub(super) struct TokenPair {
    pub(super) access: String,
    pub(super) refresh: String,
}

impl Fixture {
    pub(super) fn open() -> Self {
        Self::open_with(&[])
    }

    /// Builds the fixture with further variables.
    pub(super) fn open_with(variables: &[(&str, &str)]) -> Self {
        let defaults = [
            ("users_url", "http://users.spin.internal"),
            ("auth_key_secret", KEY_SECRET),
            ("audit_secret", "00112233445566778899aabbccddeeff"),
            ("access_token_seconds", "600"),
            ("bootstrap_admin_email", ""),
            ("bootstrap_admin_password", ""),
        ];
        let builder = with_edge_variables(Platform::native().at(Timestamp::from_millis(START)));
        let variables = defaults.iter().chain(variables);
        let platform = variables.fold(builder, |builder, (name, value)| builder.with_variable(name, value)).build();
        let served = platform.clone();
        platform.serve("auth.spin.internal", move |request| {
            Box::pin(spindle_edge::serve(&SERVICE, served.clone(), request))
        });
        Self { users: FakeUsers::on(&platform), platform }
    }

    /// Builds the fixture with an account.
    pub(super) fn with_account() -> Self {
        let fixture = Self::open();
        assert_eq!(fixture.register(EMAIL, PASSWORD).status(), StatusCode::CREATED);
        fixture
    }

    /// Sets the clock to `millis` after the start.
    pub(super) fn at(&self, millis: i64) {
        self.platform.set_now(Timestamp::from_millis(START + millis));
    }

    /// Sends a request, and runs the work that it defers until after its response.
    pub(super) fn send(&self, method: Method, target: &str, token: Option<&str>, body: Option<Value>) -> Response {
        let response = self.send_without_deferred(method, target, token, body);
        block_on(self.platform.run_deferred());
        response
    }

    /// Sends a request without the work that it defers until after its response.
    pub(super) fn send_without_deferred(
        &self,
        method: Method,
        target: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> Response {
        let mut request = http::Request::builder().method(method).uri(target).header("user-agent", "tests");
        request = request.header("spin-client-addr", "203.0.113.7:40000");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = match body {
            Some(value) => {
                request = request.header("content-type", "application/json");
                Body::from(Bytes::from(value.to_string()))
            }
            None => Body::empty(),
        };
        let request = Request::new(request.body(body).unwrap());
        block_on(spindle_edge::serve(&SERVICE, self.platform.clone(), request))
    }

    pub(super) fn post(&self, target: &str, token: Option<&str>, body: Value) -> Response {
        self.send(Method::POST, target, token, Some(body))
    }

    pub(super) fn get(&self, target: &str, token: &str) -> Response {
        self.send(Method::GET, target, Some(token), None)
    }

    pub(super) fn register(&self, email: &str, password: &str) -> Response {
        self.post("/v1/auth/register", None, json!({ "email": email, "password": password }))
    }

    pub(super) fn try_login(&self, email: &str, password: &str) -> Response {
        self.post("/v1/auth/login", None, json!({ "email": email, "password": password }))
    }

    pub(super) fn login(&self) -> TokenPair {
        TokenPair::from(self.try_login(EMAIL, PASSWORD))
    }

    pub(super) fn try_refresh(&self, token: &str) -> Response {
        self.post("/v1/auth/refresh", None, json!({ "refresh_token": token }))
    }

    pub(super) fn refresh(&self, token: &str) -> TokenPair {
        TokenPair::from(self.try_refresh(token))
    }

    /// Sends the erasure of `user` as `service`; only users may.
    pub(super) fn erase(&self, service: &str, user: &str) -> Response {
        let path = format!("/internal/auth/accounts/{user}");
        let operation = Operation { service: "auth", method: &Method::DELETE, path: &path };
        let token = service_token(&self.platform, service, &operation);
        self.send(Method::DELETE, &path, Some(&token), None)
    }

    /// Runs `statement`, a count, on auth's database.
    pub(super) fn count(&self, statement: &str) -> i64 {
        let (count,) = block_on(async { self.context().sql().await.unwrap().query_one(statement, &[]).await }).unwrap();
        count
    }

    /// Creates a context of auth without a request.
    pub(super) fn context(&self) -> Context {
        let trace = TraceContext::start(self.platform.random());
        Context::new(self.platform.clone(), SERVICE.scope, "test".to_owned(), trace)
    }

    /// Returns the actions in the audit log, oldest first.
    pub(super) fn audited(&self) -> Vec<String> {
        let filter = spindle_platform::audit::Filter::default();
        let rows = block_on(async {
            let db = self.context().sql().await.unwrap();
            spindle_platform::audit::list(&db, &filter, None, 1000).await.unwrap()
        });
        rows.into_iter().rev().map(|row| row.action).collect()
    }

    /// Returns true if a line of the log contains `text`.
    pub(super) fn logged(&self, text: &str) -> bool {
        self.platform.logged().iter().any(|line| line.contains(text))
    }
}

impl From<Response> for TokenPair {
    fn from(response: Response) -> Self {
        assert_eq!(response.status(), StatusCode::OK, "{:?}", response.body());
        let body = body(&response);
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        Self { access: text("access_token"), refresh: text("refresh_token") }
    }
}

/// Parses the body of `response`.
pub(super) fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

/// Returns the status of `response` and the kind of its problem.
pub(super) fn problem(response: &Response) -> (u16, String) {
    let kind = body(response)["type"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    (response.status().as_u16(), kind)
}

/// Returns the status and kind of an expected problem.
pub(super) fn expected(status: u16, kind: &str) -> (u16, String) {
    (status, kind.to_owned())
}
