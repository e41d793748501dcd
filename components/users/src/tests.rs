//! Tests of the whole service on the native platform.

use crate::SERVICE;
use bytes::Bytes;
use futures::executor::block_on;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::{Role, Timestamp, UserId};
use spindle_edge::testing::{Issuer, with_edge_variables};
use spindle_platform::Platform;
use spindle_platform::http::{Body, Request, Response};

mod access;
mod internal;

const ADMIN: &str = "admin@example.com";

/// The id of the first user that a test creates.
const FIRST_ID: &str = "018bcfe5-6800-7000-8000-000000000007";

fn platform() -> Platform {
    let platform = with_edge_variables(Platform::native()).at(Timestamp::from_millis(1_700_000_000_000));
    let platform = platform.with_variable("event_retention_seconds", "3600").with_fixed_randomness().build();
    Issuer::new(&platform);
    let admin = internal::register(&platform, &id(1).to_string(), ADMIN, "admin");
    assert_eq!(admin.status(), StatusCode::CREATED);
    platform
}

fn id(number: u128) -> UserId {
    UserId(uuid::Uuid::from_u128(number))
}

fn token(platform: &Platform, user: UserId, role: Role) -> String {
    format!("Bearer {}", Issuer::with_key(platform, 7).token(user, role))
}

/// Sends a request as an admin.
fn send(platform: &Platform, method: Method, target: &str, headers: &[(&str, &str)], body: Option<Value>) -> Response {
    let admin = token(platform, id(1), Role::Admin);
    let headers = [headers, &[("authorization", admin.as_str())]].concat();
    send_raw(platform, method, target, &headers, body)
}

fn send_raw(
    platform: &Platform,
    method: Method,
    target: &str,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> Response {
    let mut request = http::Request::builder().method(method).uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = match body {
        Some(value) => {
            request = request.header("content-type", "application/json");
            Body::from(Bytes::from(value.to_string()))
        }
        None => Body::empty(),
    };
    block_on(spindle_edge::serve(&SERVICE, platform.clone(), Request::new(request.body(body).unwrap())))
}

fn create(platform: &Platform, body: Value) -> Response {
    send(platform, Method::POST, "/v1/users", &[], Some(body))
}

fn get(platform: &Platform, target: &str) -> Response {
    send(platform, Method::GET, target, &[], None)
}

fn patch(platform: &Platform, target: &str, version: &str, body: Value) -> Response {
    send(platform, Method::PATCH, target, &[("if-match", version)], Some(body))
}

fn body(response: &Response) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

/// Returns the pointers of the broken rules in `response`.
fn pointers(response: &Response) -> Vec<String> {
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{:?}", response.body());
    let errors = body(response)["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn its_operations_are_documented() {
    spindle_edge::testing::assert_documented(&SERVICE);
}

#[test]
fn the_response_to_a_creation_is_the_user_with_defaults() {
    let platform = platform();
    let response = create(&platform, json!({ "email": "Ada@Example.com" }));
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.headers()["location"], format!("/v1/users/{FIRST_ID}"));
    assert_eq!(response.headers()["etag"], "\"v1\"");
    let expected = json!({
        "id": FIRST_ID,
        "email": "Ada@Example.com",
        "display_name": null,
        "role": "customer",
        "locale": "en",
        "phone": null,
        "addresses": [],
        "notification_preferences": { "email": true, "sms": false, "push": false },
        "created_at": "2023-11-14T22:13:20.000Z",
        "updated_at": "2023-11-14T22:13:20.000Z",
    });
    assert_eq!(body(&response), expected);
    assert_eq!(body(&get(&platform, &format!("/v1/users/{FIRST_ID}"))), expected);
}

#[test]
fn a_response_lists_every_broken_rule_with_its_pointer() {
    let address = json!({ "lines": [], "city": "", "postal_code": "10115", "country": "de" });
    let response = create(
        &platform(),
        json!({ "email": "ada", "display_name": " ", "locale": "x", "phone": "1", "addresses": [address] }),
    );
    let expected = [
        "/email",
        "/display_name",
        "/locale",
        "/phone",
        "/addresses/0/lines",
        "/addresses/0/city",
        "/addresses/0/country",
    ];
    assert_eq!(pointers(&response), expected);
}

#[test]
fn unknown_fields_and_wrong_types_are_refused() {
    assert_eq!(pointers(&create(&platform(), json!({ "email": "a@b.example", "admin": true }))), ["/admin"]);
    assert_eq!(pointers(&create(&platform(), json!({ "email": 7 }))), ["/email"]);
    assert_eq!(pointers(&create(&platform(), json!({ "email": "a@b.example", "role": "root" }))), ["/role"]);
    assert_eq!(pointers(&create(&platform(), json!({}))), ["/email"]);
    let in_order = json!(["a@b.example", "A", "customer", null, null, [], {}]);
    assert_eq!(pointers(&create(&platform(), in_order)), [""]);
}

#[test]
fn an_email_address_is_taken_in_any_case() {
    let platform = platform();
    create(&platform, json!({ "email": "ada@example.com" }));
    let response = create(&platform, json!({ "email": "ADA@example.com" }));
    assert_eq!(response.status(), StatusCode::CONFLICT);
    assert_eq!(
        body(&response)["errors"],
        json!([{ "pointer": "/email", "detail": "Another user has this e-mail address." }])
    );

    let other = body(&create(&platform, json!({ "email": "grace@example.com" })));
    let target = format!("/v1/users/{}", other["id"].as_str().unwrap());
    assert_eq!(
        patch(&platform, &target, "\"v1\"", json!({ "email": "Ada@example.com" })).status(),
        StatusCode::CONFLICT
    );
    assert_eq!(patch(&platform, &target, "\"v1\"", json!({ "email": "GRACE@example.com" })).status(), StatusCode::OK);
}

#[test]
fn a_patch_changes_the_fields_that_it_contains_and_null_clears() {
    let platform = platform();
    let created =
        create(&platform, json!({ "email": "ada@example.com", "display_name": "Ada", "phone": "+4930123456" }));
    let mut expected = body(&created);
    let target = format!("/v1/users/{FIRST_ID}");
    platform.set_now(Timestamp::from_millis(1_700_000_060_000));
    let change =
        json!({ "phone": null, "locale": "de", "role": "operator", "notification_preferences": { "sms": true } });
    let response = patch(&platform, &target, "\"v1\"", change);

    assert_eq!((response.status(), &response.headers()["etag"]), (StatusCode::OK, &"\"v2\"".parse().unwrap()));
    expected["phone"] = Value::Null;
    expected["locale"] = "de".into();
    expected["role"] = "operator".into();
    expected["notification_preferences"]["sms"] = true.into();
    expected["updated_at"] = "2023-11-14T22:14:20.000Z".into();
    assert_eq!(body(&response), expected);
    assert_eq!(body(&get(&platform, &target)), expected);
}

#[test]
fn null_for_a_required_field_is_refused() {
    let platform = platform();
    create(&platform, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}");
    for (field, pointer) in [("email", "/email"), ("locale", "/locale"), ("addresses", "/addresses")] {
        assert_eq!(pointers(&patch(&platform, &target, "*", json!({ field: null }))), [pointer]);
    }
    let preferences = json!({ "notification_preferences": { "sms": null } });
    assert_eq!(pointers(&patch(&platform, &target, "*", preferences)), ["/notification_preferences/sms"]);
    assert_eq!(get(&platform, &target).headers()["etag"], "\"v1\"");
}

#[test]
fn a_locale_without_a_language_code_is_refused_with_an_example() {
    let platform = platform();
    let created = create(&platform, json!({ "email": "ada@example.com", "locale": "german" }));
    assert_eq!(pointers(&created), ["/locale"]);
    let detail = "is not a language tag (BCP 47) with a language of two or three letters, such as en or de-CH";
    assert_eq!(body(&created)["errors"][0]["detail"], detail);
    let valid = body(&create(&platform, json!({ "email": "ada@example.com", "locale": "de" })));
    let target = format!("/v1/users/{}", valid["id"].as_str().unwrap());
    let changed = patch(&platform, &target, "*", json!({ "locale": "german" }));
    assert_eq!(pointers(&changed), ["/locale"]);
}

#[test]
fn a_stored_locale_that_is_no_longer_valid_blocks_no_other_change() {
    let platform = platform();
    create(&platform, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}");
    internal::execute(&platform, &format!("UPDATE users SET locale = 'german' WHERE id = '{FIRST_ID}'"));
    let response = patch(&platform, &target, "*", json!({ "display_name": "Ada" }));
    assert_eq!((response.status(), &body(&response)["locale"]), (StatusCode::OK, &json!("german")));
    assert_eq!(pointers(&patch(&platform, &target, "*", json!({ "display_name": "" }))), ["/display_name"]);
}

#[test]
fn addresses_keep_their_ids_and_new_ones_get_one() {
    let platform = platform();
    let new =
        json!({ "label": "home", "lines": ["1 Main St"], "city": "Berlin", "postal_code": "10115", "country": "DE" });
    let created = body(&create(&platform, json!({ "email": "ada@example.com", "addresses": [new] })));
    let kept = created["addresses"][0].clone();
    assert_eq!(kept["label"], "home");
    let target = format!("/v1/users/{FIRST_ID}");

    let changed = body(&patch(&platform, &target, "\"v1\"", json!({ "addresses": [new, kept] })));
    assert_eq!(changed["addresses"][1], kept);
    assert_ne!(changed["addresses"][0]["id"], kept["id"]);

    let mut foreign = kept.clone();
    foreign["id"] = FIRST_ID.into();
    let response = patch(&platform, &target, "\"v2\"", json!({ "addresses": [kept, kept, foreign] }));
    assert_eq!(pointers(&response), ["/addresses/1/id", "/addresses/2/id"]);
}

#[test]
fn a_change_requires_the_current_version() {
    let platform = platform();
    create(&platform, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}");
    let change = || Some(json!({ "locale": "de" }));
    assert_eq!(send(&platform, Method::PATCH, &target, &[], change()).status(), StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(send(&platform, Method::DELETE, &target, &[], None).status(), StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(patch(&platform, &target, "\"v2\"", json!({})).status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(patch(&platform, &target, "*", json!({ "locale": "de" })).headers()["etag"], "\"v2\"");
    let unchanged = send(&platform, Method::GET, &target, &[("if-none-match", "\"v2\"")], None);
    assert_eq!((unchanged.status(), unchanged.body().len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(unchanged.headers()["etag"], "\"v2\"");
}

#[test]
fn an_erased_user_is_gone_and_its_address_free() {
    let platform = platform();
    create(&platform, json!({ "email": "ada@example.com" }));
    let target = format!("/v1/users/{FIRST_ID}");
    let erase = || send(&platform, Method::DELETE, &target, &[("if-match", "\"v1\"")], None).status();
    assert_eq!(erase(), StatusCode::NO_CONTENT);
    assert_eq!(erase(), StatusCode::NOT_FOUND);
    assert_eq!(get(&platform, &target).status(), StatusCode::NOT_FOUND);
    assert_eq!(patch(&platform, &target, "*", json!({})).status(), StatusCode::NOT_FOUND);
    let everyone = body(&get(&platform, "/v1/users"))["items"].take();
    assert_eq!(everyone.as_array().unwrap().iter().map(|user| &user["email"]).collect::<Vec<_>>(), [ADMIN]);
    assert_eq!(create(&platform, json!({ "email": "ada@example.com" })).status(), StatusCode::CREATED);
}

#[test]
fn each_user_is_on_one_page() {
    let platform = platform();
    let emails: Vec<String> = (0..7).map(|n| format!("user{n}@example.com")).collect();
    for email in &emails {
        create(&platform, json!({ "email": email }));
    }
    let (mut seen, mut target) = (Vec::new(), "/v1/users?limit=3".to_owned());
    loop {
        let response = get(&platform, &target);
        let page = body(&response);
        seen.extend(page["items"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        let link = response.headers()["link"].to_str().unwrap();
        target = link.trim_start_matches('<').split_once('>').unwrap().0.to_owned();
        assert!(target.contains(cursor));
    }
    assert_eq!(seen, [&[ADMIN.to_owned()], emails.as_slice()].concat());
}

#[test]
fn a_user_is_found_by_address() {
    let platform = platform();
    create(&platform, json!({ "email": "ada+shop@example.com" }));
    let found = body(&get(&platform, "/v1/users?email=ADA%2Bshop%40example.com"));
    assert_eq!((found["items"].as_array().unwrap().len(), &found["next_cursor"]), (1, &Value::Null));
    assert_eq!(body(&get(&platform, "/v1/users?email=unknown@example.com"))["items"], json!([]));
}

#[test]
fn a_bad_query_is_a_400_and_a_bad_id_a_404() {
    let platform = platform();
    for target in ["/v1/users?limit=0", "/v1/users?cursor=abc", "/v1/users?mail=x", "/v1/users?limit=1&limit=2"] {
        assert_eq!(get(&platform, target).status(), StatusCode::BAD_REQUEST, "{target}");
    }
    for target in ["/v1/users/1", "/v1/users/%7B018bcfe5-6800-7000-8000-000000000007%7D"] {
        assert_eq!(get(&platform, target).status(), StatusCode::NOT_FOUND, "{target}");
    }
}
