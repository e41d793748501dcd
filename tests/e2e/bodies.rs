//! Request bodies that are malformed, too large, nested too deeply, or of the wrong media type.

use serde_json::{Value, json};
use spindle_tests::accounts::{admin, operator};
use spindle_tests::problem::{expect_invalid, expect_problem};
use spindle_tests::products::{product_body, unique_word};
use spindle_tests::raw;
use spindle_tests::users::unique_email;

const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn a_body_that_is_not_json_is_malformed() {
    let client = &admin().client;
    let two = format!(r#"{{"email":"{}","display_name":"X"}}{{}}"#, unique_email("two"));
    let bodies: [&[u8]; 6] = [b"", b"{", b"{\"email\":}", b"not json", two.as_bytes(), b"{\"email\":\"\xff\"}"];
    for body in bodies {
        expect_problem(&client.send("POST", "/v1/users", &[JSON], Some(body)), 400, "malformed-request");
    }
}

#[test]
fn every_error_of_a_body_is_reported_at_once() {
    let body = br#"{"email":7,"role":"root","locale":"en","locale":"de","colour":1e400,"notification_preferences":{"email":"yes","fax":true}}"#;
    let response = admin().client.send("POST", "/v1/users", &[JSON], Some(body));
    expect_invalid(
        &response,
        &["", "/email", "/role", "/colour", "/notification_preferences/email", "/notification_preferences/fax"],
    );
}

#[test]
fn every_error_of_a_query_and_of_the_headers_is_reported_at_once() {
    let response = admin().client.send("GET", "/v1/products?limit=0&colour=red&cursor=", &[("if-match", "v1")], None);
    let problem = expect_problem(&response, 400, "malformed-request");
    let places = |kind: &str| {
        let errors = problem["errors"].as_array().expect("errors");
        errors.iter().filter_map(|error| error[kind].as_str()).collect::<Vec<_>>()
    };
    let mut parameters = places("parameter");
    parameters.sort_unstable();
    assert_eq!((parameters, places("header")), (vec!["colour", "cursor", "limit"], vec!["If-Match"]), "{problem}");
}

#[test]
fn an_integer_is_read_however_json_writes_it() {
    let body = product_body(&json!({"price": {"amount": "HERE", "currency": "EUR"}, "attributes": {"watts": "HERE"}}));
    for (number, amount, watts) in [("2.0", 2, "2.0"), ("1e1", 10, "10.0"), ("-0.0", 0, "0.0")] {
        let mut body = body.clone();
        body["sku"] = json!(unique_word("sku"));
        let body = body.to_string().replace("\"HERE\"", number);
        let response = operator().client.send("POST", "/v1/products", &[JSON], Some(body.as_bytes()));
        let product: Value = response.expect_status(201).json();
        assert_eq!(product["price"]["amount"], amount, "{number}");
        assert_eq!(product["attributes"]["watts"].to_string(), watts, "{number}");
    }
}

#[test]
fn a_duplicate_member_is_refused() {
    let body = format!(r#"{{"email":"{}","email":"x@example.com","display_name":"X"}}"#, unique_email("twice"));
    let response = admin().client.send("POST", "/v1/users", &[JSON], Some(body.as_bytes()));
    expect_invalid(&response, &[""]);
}

#[test]
fn a_body_that_is_nested_too_deeply_is_malformed() {
    let client = &admin().client;
    for depth in [100, 25_000] {
        let body = format!(r#"{{"addresses":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        let response = client.send("POST", "/v1/users", &[JSON], Some(body.as_bytes()));
        expect_problem(&response, 400, "malformed-request");
    }
}

#[test]
fn a_body_must_be_json() {
    let client = &admin().client;
    let body = format!(r#"{{"email":"{}","display_name":"X"}}"#, unique_email("type"));
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "multipart/form-data"] {
        let response = client.send("POST", "/v1/users", &[("content-type", media_type)], Some(body.as_bytes()));
        expect_problem(&response, 415, "unsupported-media-type");
    }
    expect_problem(&client.send("POST", "/v1/users", &[], Some(body.as_bytes())), 415, "unsupported-media-type");
    let with_parameter = [("content-type", "Application/JSON; charset=utf-8")];
    client.send("POST", "/v1/users", &with_parameter, Some(body.as_bytes())).expect_status(201);
}

#[test]
fn a_body_with_a_content_length_over_the_limit_is_refused_unread() {
    let client = &admin().client;
    let head =
        raw::head(client, "POST", "/v1/users") + "content-type: application/json\r\ncontent-length: 11000000\r\n\r\n";
    let response = raw::send(client, head.as_bytes());
    assert_eq!(response.status, 413, "{response:?}");
    assert!(response.body.contains("payload-too-large"), "{response:?}");
}

#[test]
fn a_chunked_body_over_the_limit_is_refused() {
    const CHUNK: usize = 64 << 10;
    let client = &admin().client;
    let head =
        raw::head(client, "POST", "/v1/users") + "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = [format!("{CHUNK:x}\r\n").as_bytes(), &vec![b' '; CHUNK], b"\r\n"].concat();
    let chunks = std::iter::repeat_n(chunk, 11_000_000 / CHUNK).chain([b"0\r\n\r\n".to_vec()]);
    let response = raw::send_streaming(client, head.as_bytes(), chunks);
    assert_eq!(response.status, 413, "{response:?}");
    assert!(response.body.contains("payload-too-large"), "{response:?}");
}
