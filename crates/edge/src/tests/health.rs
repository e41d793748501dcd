//! Readiness and health of a service: its variables, its database, and what it calls.

use super::{MIGRATIONS, platform};
use crate::testing::{TestClient, with_edge_variables};
use crate::{Calls, ProviderCall, Service};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::provider::Adapter;
use spindle_platform::http::empty;
use spindle_platform::migrate::Migration;
use spindle_platform::platform::Builder;
use spindle_platform::token::service::SECRET_VARIABLE;
use spindle_platform::{Platform, Scope};

const PRESS: ProviderCall =
    ProviderCall { adapter: Adapter { service: "press", url_variable: "press_url" }, channel: "press" };

static CALLING: Service = Service {
    scope: Scope { service: "things", migrations: MIGRATIONS },
    routes: &[],
    shared: &[],
    stores: &[],
    calls: Calls { services: &["places", "auth"], providers: &[PRESS] },
    check: None,
};

/// Returns the builder of a platform with all variables of the service except `missing`.
fn builder_without(missing: &str) -> Builder {
    let variables = [
        ("places_url", "http://places.spin.internal"),
        ("press_url", "http://press.spin.internal"),
        ("provider_token_secret", "0123456789abcdef0123456789abcdef"),
    ];
    let given = variables.into_iter().filter(|(name, _)| *name != missing);
    given.fold(with_edge_variables(Platform::native()), |builder, (name, value)| builder.with_variable(name, value))
}

fn builder() -> Builder {
    builder_without("none")
}

fn get(client: &TestClient, operation: &str) -> Value {
    let response = client.get(&format!("/internal/things/{operation}")).as_service("gateway").send();
    response.expect(StatusCode::OK).json()
}

/// Returns state and cause of each part in `body`, by its name.
fn states(body: &Value) -> Vec<(&str, &str, Option<&str>)> {
    fn state(part: &Value) -> (&str, &str, Option<&str>) {
        (part["name"].as_str().unwrap(), part["state"].as_str().unwrap(), part["cause"].as_str())
    }
    body.as_array().unwrap().iter().map(state).collect()
}

#[test]
fn a_service_is_ready_while_nothing_that_replicas_share_responds() {
    let client = TestClient::without_issuer(&CALLING, &builder().build());
    client.platform().lose_stores(true);
    assert_eq!(get(&client, "ready"), json!({ "name": "things", "ready": true, "ms": 0.0 }));
    assert_eq!(client.platform().take_store_calls(), [""; 0]);
}

#[test]
fn a_variable_without_a_valid_value_is_named_by_readiness() {
    for (variable, detail) in
        [("places_url", "the variable places_url has no value"), ("press_url", "the variable press_url has no value")]
    {
        let client = TestClient::without_issuer(&CALLING, &builder_without(variable).build());
        let body = get(&client, "ready");
        assert_eq!((&body["ready"], &body["detail"]), (&json!(false), &json!(detail)));
    }
    let platform = platform();
    let limited = with_edge_variables(Platform::native()).with_variable("rate_limit_read", "many").build();
    assert_eq!(get(&TestClient::without_issuer(&super::SERVICE, &platform), "ready")["ready"], true);
    let body = get(&TestClient::without_issuer(&super::SERVICE, &limited), "ready");
    assert!(body["detail"].as_str().unwrap().starts_with("the variable rate_limit_read is not"), "{body}");
}

#[test]
fn every_service_that_calls_it_may_ask_whether_it_is_ready() {
    let client = TestClient::without_issuer(&CALLING, &builder().build());
    client.get("/internal/things/ready").as_service("orders").send().expect(StatusCode::OK);
    client.get("/internal/things/ready").send().expect(StatusCode::UNAUTHORIZED);
    client.get("/internal/things/ready/database").as_service("orders").send().expect(StatusCode::FORBIDDEN);
    let weak = builder().with_variable(SECRET_VARIABLE, "weak").build();
    let weak = TestClient::without_issuer(&CALLING, &weak);
    weak.get("/internal/things/ready").as_service("orders").send().expect(StatusCode::INTERNAL_SERVER_ERROR);
}

#[test]
fn each_callee_is_asked_whether_it_responds() {
    let client = TestClient::without_issuer(&CALLING, &builder().build());
    let platform = client.platform();
    platform.serve("places.spin.internal", |request| {
        assert_eq!(request.path(), "/internal/places/ready");
        Box::pin(async { empty(StatusCode::SERVICE_UNAVAILABLE) })
    });
    platform.serve("press.spin.internal", |request| {
        assert_eq!(request.path(), "/internal/press/ready");
        Box::pin(async { empty(StatusCode::NO_CONTENT) })
    });
    let body = get(&client, "ready/calls");
    let expected = [
        ("places", "unavailable", Some("returned 503")),
        ("auth", "incompatible", Some("spin.toml does not allow the call")),
        ("press", "ok", None),
    ];
    assert_eq!(states(&body), expected);
}

#[test]
fn a_database_is_opened_and_one_that_cannot_be_migrated_is_unusable() {
    const CHANGED: &[Migration] = &[Migration { checksum: "c2", fingerprint: "f2", ..MIGRATIONS[0] }];
    static OTHER_SCHEMA: Service = Service {
        scope: Scope { service: "things", migrations: CHANGED },
        routes: &[],
        shared: &[],
        stores: &[],
        calls: Calls::NONE,
        check: None,
    };
    let migrated = super::client();
    assert_eq!(states(&get(&migrated, "ready/database")), [("things", "ok", None)]);
    let database = migrated.platform().database("things").expect("it was opened");
    let later = TestClient::without_issuer(&OTHER_SCHEMA, &builder().with_database("things", &database).build());
    let body = get(&later, "ready/database");
    assert_eq!(states(&body), [("things", "incompatible", Some("this release cannot migrate its schema"))]);
}
