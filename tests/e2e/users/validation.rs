//! The rules for the fields of a user, and the problem details for a broken one.

use serde_json::{Value, json};
use spindle_tests::accounts::admin;
use spindle_tests::problem::{expect_invalid, expect_problem};
use spindle_tests::users::{create_user, unique_email};

#[test]
fn each_invalid_field_is_named() {
    let client = &admin().client;
    let valid = json!({"email": unique_email("valid"), "display_name": "Valid"});
    let cases: [(&str, Value); 10] = [
        ("/email", json!("not an address")),
        ("/email", json!("")),
        ("/email", json!(format!("{}@example.com", "x".repeat(400)))),
        ("/display_name", json!("")),
        ("/display_name", json!("x".repeat(10_000))),
        ("/role", json!("emperor")),
        ("/phone", json!("call me")),
        ("/locale", json!("not a locale!")),
        ("/locale", json!("german")),
        (
            "/addresses/0/country",
            json!([{"label": "home", "name": "Ada", "lines": ["1"], "city": "A", "postal_code": "1", "country": "Narnia"}]),
        ),
    ];
    for (pointer, value) in cases {
        let field = pointer.split('/').nth(1).expect("a pointer starts with a slash");
        let mut body = valid.clone();
        body[field] = value;
        expect_invalid(&client.post("/v1/users", &body), &[pointer]);
    }
    assert_eq!(client.post("/v1/users", &valid).status, 201, "nothing invalid was stored");
}

#[test]
fn all_invalid_fields_are_listed_at_once() {
    let address = json!({"name": "", "lines": [], "country": "DE"});
    let body = json!({"email": "no", "display_name": "", "phone": 7, "addresses": [address], "is_admin": true});
    let pointers = ["/email", "/display_name", "/phone", "/addresses/0/name", "/addresses/0/lines", "/is_admin"];
    expect_invalid(&admin().client.post("/v1/users", &body), &pointers);
}

#[test]
fn a_missing_field_is_named() {
    let response = admin().client.post("/v1/users", &json!({"display_name": "No Address"}));
    let problem = expect_invalid(&response, &["/email"]);
    assert_eq!(problem["errors"], json!([{ "pointer": "/email", "detail": "is required" }]), "{problem}");
}

#[test]
fn a_list_of_values_is_not_a_user() {
    let list = json!([unique_email("list"), "List", "customer", null, null, [], {}]);
    expect_invalid(&admin().client.post("/v1/users", &list), &[""]);
}

#[test]
fn an_unknown_field_is_refused_by_name() {
    let client = &admin().client;
    let email = unique_email("unknown");
    let response = client.post("/v1/users", &json!({"email": email, "display_name": "X", "is_admin": true}));
    expect_invalid(&response, &["/is_admin"]);
    let user = create_user(client, "unknown");
    expect_invalid(&client.patch(&user.path, &user.etag, &json!({"is_admin": true})), &["/is_admin"]);
    assert_eq!(client.get(&user.path).json(), user.body);
}

#[test]
fn fields_that_the_server_sets_cannot_be_set() {
    let client = &admin().client;
    let user = create_user(client, "fixed");
    for field in ["id", "status", "created_at", "updated_at"] {
        let pointer = format!("/{field}");
        let refused =
            expect_invalid(&client.patch(&user.path, &user.etag, &json!({field: user.body[field]})), &[&pointer]);
        assert_eq!(refused["errors"][0]["detail"], "is derived, and cannot be written; leave it out");
    }
}

#[test]
fn a_value_of_the_wrong_type_is_named() {
    let client = &admin().client;
    let email = unique_email("type");
    expect_invalid(&client.post("/v1/users", &json!({"email": email, "display_name": 7})), &["/display_name"]);
    expect_invalid(
        &client.post(
            "/v1/users",
            &json!({"email": email, "display_name": "X", "notification_preferences": {"email": "yes"}}),
        ),
        &["/notification_preferences/email"],
    );
    for body in [json!([]), json!("text"), json!(null)] {
        expect_invalid(&client.post("/v1/users", &body), &[""]);
    }
}

#[test]
fn text_of_any_script_survives_unchanged() {
    let client = &admin().client;
    for name in ["Zoë Ångström", "李小龙", "محمد", "👩‍👩‍👧‍👦", "O'Brien; DROP TABLE users;--", "<b>&amp;</b>"]
    {
        let created = client.post("/v1/users", &json!({"email": unique_email("text"), "display_name": name}));
        let path = created.expect_status(201).header("location").expect("a location").to_owned();
        assert_eq!(client.get(&path).json()["display_name"], name);
    }
}

#[test]
fn an_invalid_query_is_refused() {
    let client = &admin().client;
    for query in ["limit=0", "limit=101", "limit=-1", "limit=many", "limit=", "cursor=", "unknown=1", "limit=1&limit=2"]
    {
        expect_problem(&client.get(&format!("/v1/users?{query}")), 400, "malformed-request");
    }
    for limit in [1, 100] {
        client.get(&format!("/v1/users?limit={limit}")).expect_status(200);
    }
}
