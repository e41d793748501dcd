//! The access line of a request: its route, its caller and its rate limit.

use crate::testing::{TestClient, user_id, with_edge_variables};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::Role;
use spindle_platform::Platform;

fn client() -> TestClient {
    TestClient::new(
        &super::SERVICE,
        &with_edge_variables(Platform::native()).with_variable("rate_limit_read", "1/60").build(),
    )
}

/// Returns the latest access line.
fn last(client: &TestClient) -> Value {
    let lines = client.platform().logged();
    let mut lines = lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.rfind(|line| line["message"] == "request").unwrap()
}

#[test]
fn it_has_the_path_of_the_route_and_none_for_an_unknown_path() {
    let client = client();
    client.platform().set_variable("log_level", "debug");
    let route = |method: Method, path: &str| {
        client.request(method, path).as_service("gateway").send();
        last(&client).get("http.route").cloned()
    };
    assert_eq!(route(Method::GET, "/v1/things/1"), Some(json!("/v1/things/{id}")));
    assert_eq!(route(Method::DELETE, "/v1/things/1"), Some(json!("/v1/things/{id}")), "405");
    assert_eq!(route(Method::OPTIONS, "/v1/things/1"), Some(json!("/v1/things/{id}")));
    assert_eq!(route(Method::GET, "/internal/things/all"), Some(json!("/internal/things/all")));
    assert_eq!(route(Method::GET, "/internal/things/ready"), Some(json!("/internal/things/ready")));
    assert_eq!(route(Method::GET, "/v1/nothing"), None);
}

#[test]
fn it_has_the_user_who_sent_the_request_or_for_whom_a_service_sent_it() {
    let client = client();
    let user = |line: &Value| line.get("user.id").cloned();
    client.post("/v1/things").as_user(user_id(1), Role::Operator).send().expect(StatusCode::OK);
    assert_eq!(user(&last(&client)), Some(json!(user_id(1))));
    client.post("/v1/things").as_user(user_id(2), Role::Customer).send().expect(StatusCode::FORBIDDEN);
    assert_eq!(user(&last(&client)), Some(json!(user_id(2))), "a request that is refused for its role");
    client.get("/v1/things/1").send();
    assert_eq!(user(&last(&client)), None);
}

#[test]
fn it_says_what_is_left_of_a_rate_limit_and_that_it_is_exceeded_and_by_whom() {
    let client = client();
    let get = || {
        client.get("/v1/me").as_user(user_id(1), Role::Customer).send();
        let line = last(&client);
        ["http.response.status_code", "rate_limit.remaining", "error.type", "user.id"].map(|name| line[name].clone())
    };
    assert_eq!(get(), [json!(200), json!(0), Value::Null, json!(user_id(1))]);
    assert_eq!(get(), [json!(429), json!(0), json!("rate-limited"), json!(user_id(1))]);
    client.get("/internal/things/all").as_service("gateway").send().expect(StatusCode::OK);
    assert_eq!(last(&client).get("rate_limit.remaining"), None, "a call of a service is not counted");
}

#[test]
fn a_method_that_a_client_makes_up_is_not_named() {
    let client = client();
    client.request(Method::from_bytes(b"FETCH-ME").unwrap(), "/v1/things/1").send();
    assert_eq!(last(&client)["http.request.method"], "_OTHER");
}

#[test]
fn each_request_has_a_span_below_that_of_its_caller() {
    let client = client();
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    client.get("/v1/things/1").header("traceparent", parent).send();
    let one = last(&client);
    client.get("/v1/things/1").header("traceparent", parent).send();
    let two = last(&client);
    assert_eq!(one["trace_id"], two["trace_id"]);
    assert_eq!(
        (&one["parent_span_id"], &two["parent_span_id"]),
        (&json!("00f067aa0ba902b7"), &json!("00f067aa0ba902b7"))
    );
    assert_ne!(one["span_id"], two["span_id"], "each request has a span of its own");
    client.get("/v1/things/1").send();
    assert_eq!(last(&client).get("parent_span_id"), None, "the trace begins here");
}
