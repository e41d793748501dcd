//! The fixture: a platform with auth and a fake users service, and the common requests of the tests.

use super::fake_users::FakeUsers;
use crate::SERVICE;
use futures::executor::block_on;
use http::StatusCode;
use serde_json::json;
use spindle_contracts::Timestamp;
use spindle_edge::testing::{TestClient, TestResponse, with_edge_variables};
use spindle_platform::Platform;
use spindle_platform::platform::Builder;

pub(super) const EMAIL: &str = "Ada@example.com";
pub(super) const PASSWORD: &str = "correct horse battery staple";
pub(super) const KEY_SECRET: &str = "fedcba9876543210fedcba9876543210";

pub(super) const SECOND: i64 = 1000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const DAY: i64 = 24 * 60 * MINUTE;

const START: i64 = 1_700_000_000_000;

/// auth and users, with a clock that only the test sets.
pub(super) struct Fixture {
    pub(super) client: TestClient,
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
        let platform = Self::platform(Platform::native(), START, variables);
        let users = FakeUsers::on(&platform);
        Self::on(&platform, users)
    }

    /// Returns another instance with the same database and users, whose own clock stands `millis` after the start.
    pub(super) fn replica(&self, millis: i64) -> Self {
        let database = self.client.platform().database("auth").expect("auth has handled a request");
        let builder = Platform::native().with_database("auth", &database);
        let platform = Self::platform(builder, START + millis, &[]);
        self.users.serve_on(&platform);
        Self::on(&platform, self.users.clone())
    }

    fn platform(builder: Builder, now: i64, variables: &[(&str, &str)]) -> Platform {
        let defaults = [
            ("users_url", "http://users.spin.internal"),
            ("auth_key_secret", KEY_SECRET),
            ("audit_secret", "00112233445566778899aabbccddeeff"),
            ("access_token_seconds", "600"),
            ("event_retention_seconds", "3600"),
            ("bootstrap_admin_email", ""),
            ("bootstrap_admin_password", ""),
        ];
        let builder = with_edge_variables(builder.at(Timestamp::from_millis(now)));
        let variables = defaults.iter().chain(variables);
        variables.fold(builder, |builder, (name, value)| builder.with_variable(name, value)).build()
    }

    fn on(platform: &Platform, users: FakeUsers) -> Self {
        let served = platform.clone();
        platform.serve("auth.spin.internal", move |request| {
            Box::pin(spindle_edge::serve(&SERVICE, served.clone(), request))
        });
        let client = TestClient::without_issuer(&SERVICE, platform).with_header("user-agent", "tests");
        let client = client.with_header("spin-client-addr", "203.0.113.7:40000");
        Self { users, client }
    }

    /// Builds the fixture with an account.
    pub(super) fn with_account() -> Self {
        let fixture = Self::open();
        assert_eq!(fixture.register(EMAIL, PASSWORD).status(), StatusCode::CREATED);
        fixture
    }

    /// Sets the clock to `millis` after the start.
    pub(super) fn at(&self, millis: i64) {
        self.client.platform().set_now(Timestamp::from_millis(START + millis));
    }

    pub(super) fn register(&self, email: &str, password: &str) -> TestResponse {
        self.client.post("/v1/auth/register").json(&json!({ "email": email, "password": password })).send()
    }

    pub(super) fn try_login(&self, email: &str, password: &str) -> TestResponse {
        self.client.post("/v1/auth/login").json(&json!({ "email": email, "password": password })).send()
    }

    pub(super) fn login(&self) -> TokenPair {
        TokenPair::from(self.try_login(EMAIL, PASSWORD))
    }

    pub(super) fn try_refresh(&self, token: &str) -> TestResponse {
        self.client.post("/v1/auth/refresh").json(&json!({ "refresh_token": token })).send()
    }

    pub(super) fn refresh(&self, token: &str) -> TokenPair {
        TokenPair::from(self.try_refresh(token))
    }

    /// Sends the erasure of `user` as `service`; only users may.
    pub(super) fn erase(&self, service: &str, user: &str) -> TestResponse {
        self.client.delete(&format!("/internal/auth/accounts/{user}")).as_service(service).send()
    }

    /// Runs `statement`, a count, on auth's database.
    pub(super) fn count(&self, statement: &str) -> i64 {
        let [(count,)] = self.client.rows::<(i64,)>(statement).try_into().unwrap();
        count
    }

    /// Returns the actions in the audit log, oldest first.
    pub(super) fn audited(&self) -> Vec<String> {
        let filter = spindle_platform::audit::Filter::default();
        let rows = block_on(async {
            let db = self.client.context().sql().await.unwrap();
            spindle_platform::audit::list(&db, &filter, None, 1000).await.unwrap()
        });
        rows.into_iter().rev().map(|row| row.action).collect()
    }

    /// Returns true if a line of the log contains `text`.
    pub(super) fn logged(&self, text: &str) -> bool {
        self.client.platform().logged().iter().any(|line| line.contains(text))
    }
}

impl From<TestResponse> for TokenPair {
    fn from(response: TestResponse) -> Self {
        let body = response.expect(StatusCode::OK).json();
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        Self { access: text("access_token"), refresh: text("refresh_token") }
    }
}
