//! The edge's calls on key-value: how many a request makes, and that one call that fails is the last.

use super::{client, platform};
use crate::testing::{Issuer, TestClient, user_id};
use http::StatusCode;
use serde_json::{Value, json};
use spindle_contracts::Role;

/// Returns the calls since the last call of this function, without their keys.
fn calls(client: &TestClient) -> Vec<String> {
    let calls = client.platform().take_store_calls();
    calls.iter().map(|call| call.split(' ').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_read_takes_an_open_and_two_calls_and_with_a_token_three() {
    let client = client();
    let token = Issuer::new(client.platform()).token(user_id(1), Role::Customer);
    let public = || client.get("/v1/things/1").send().expect(StatusCode::OK);
    let own = || client.get("/v1/me").bearer(&token).send().expect(StatusCode::OK);
    // The first requests open the windows, and fetch the keys.
    public();
    own();
    calls(&client);
    for _ in 0..3 {
        public();
        assert_eq!(calls(&client), ["open", "increment", "get"]);
        own();
        assert_eq!(calls(&client), ["open", "get", "increment", "get"]);
    }
}

#[test]
fn a_write_takes_one_call_more_than_a_read() {
    let client = client();
    let write = || client.post("/v1/things").as_role(Role::Operator).send().expect(StatusCode::OK);
    write();
    calls(&client);
    for _ in 0..3 {
        write();
        assert_eq!(calls(&client), ["open", "get", "increment", "get", "get"]);
    }
}

#[test]
fn the_caches_are_written_after_all_that_a_client_waits_for() {
    let client = client();
    let token = Issuer::new(client.platform()).token(user_id(1), Role::Customer);
    client.get("/v1/me").bearer(&token).send().expect(StatusCode::OK);
    let expected = ["get stamp", "get jwks", "increment rate", "get rate", "set rate", "set jwks", "set stamp"];
    let calls = client.platform().take_store_calls();
    let calls: Vec<String> = calls[1..].iter().map(|call| call.replace("shared:", "")).collect();
    let names: Vec<&str> = calls.iter().map(|call| call.split(':').next().unwrap_or_default()).collect();
    assert_eq!(names, expected);
}

#[test]
fn a_request_that_needs_no_store_opens_none() {
    let client = client();
    client.get("/internal/things/all").as_service("orders").send();
    client.get("/internal/things/ready").as_service("gateway").send().expect(StatusCode::OK);
    client.get("/v1/nothing").send().expect(StatusCode::NOT_FOUND);
    assert_eq!(calls(&client), [""; 0]);
}

#[test]
fn a_store_that_fails_is_called_once_in_a_request() {
    let client = TestClient::new(&super::SERVICE, &platform());
    client.platform().lose_stores(true);
    client.get("/v1/things/1").send().expect(StatusCode::OK);
    assert_eq!(client.platform().take_store_calls(), ["open edge"]);
    client.get("/v1/me").as_user(user_id(1), Role::Customer).send().expect(StatusCode::OK);
    assert_eq!(client.platform().take_store_calls(), ["open edge"]);
    client.post("/v1/things").as_role(Role::Operator).send().expect(StatusCode::OK);
    assert_eq!(client.platform().take_store_calls(), ["open edge"]);
    client.post("/v1/logins").send().expect(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(client.platform().take_store_calls(), ["open edge"]);
}

#[test]
fn the_health_of_the_stores_is_an_operation_of_its_own() {
    let client = client();
    let stores = || {
        let response = client.get("/internal/things/ready/stores").as_service("gateway").send();
        let stores = response.expect(StatusCode::OK).json().as_array().unwrap().clone();
        stores
            .iter()
            .map(|store| [&store["name"], &store["state"], &store["cause"]].map(Clone::clone))
            .collect::<Vec<_>>()
    };
    assert_eq!(stores(), [[json!("edge"), json!("ok"), Value::Null]]);
    client.platform().lose_stores(true);
    assert_eq!(stores(), [[json!("edge"), json!("unavailable"), json!("it fails")]]);
    assert!(client.platform().logged().iter().any(|line| line.contains("the connection is lost")));
    client.get("/internal/things/ready/stores").send().expect(StatusCode::UNAUTHORIZED);
}
