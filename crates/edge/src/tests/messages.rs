//! The messages of errors that a client can cause: whole bodies, which name the field and the allowed values and speak of JSON and HTTP.

use super::platform;
use crate::testing::{TestClient, TestRequest};
use crate::{Anonymous, Calls, HandlerResult, Route, Service, handler};
use deserr::Deserr;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use spindle_contracts::input::Integer;
use spindle_contracts::{InputErrors, UserId};
use spindle_platform::http::{ETag, NoParameters, Paged, Request, empty};
use spindle_platform::{Context, Scope};

static SERVICE: Service = Service {
    scope: Scope { service: "things", migrations: &[] },
    routes: &[
        Route::public(Method::GET, "/v1/things", handler!(list)),
        Route::public(Method::POST, "/v1/things", handler!(create)),
        Route::public(Method::DELETE, "/v1/things/1", handler!(delete)),
    ],
    shared: &[],
    stores: &[],
    calls: Calls::NONE,
    check: None,
};

#[derive(Deserr)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[expect(dead_code, reason = "only the types of the fields matter here")]
struct Thing {
    name: String,
    quantity: Integer<1, 99>,
    colour: Colour,
    #[deserr(default)]
    owner: Option<UserId>,
}

#[derive(Deserr)]
#[deserr(error = InputErrors, rename_all = lowercase)]
enum Colour {
    Red,
    Blue,
}

async fn list(_context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    let Paged { page, filters: NoParameters {} } = request.query()?;
    page.after::<i64>("things")?;
    Ok(empty(StatusCode::NO_CONTENT))
}

async fn create(_context: &Context, _: Anonymous, mut request: Request) -> HandlerResult {
    request.json::<Thing>().await?;
    Ok(empty(StatusCode::CREATED))
}

async fn delete(_context: &Context, _: Anonymous, request: Request) -> HandlerResult {
    request.if_match()?.check(&ETag::of_version(2))?;
    Ok(empty(StatusCode::NO_CONTENT))
}

fn body(request: TestRequest<'_>) -> Value {
    request.header("x-request-id", "r").send().json()
}

#[test]
fn json_that_breaks_a_rule_is_422_and_names_field_and_allowed_values() {
    let client = TestClient::new(&SERVICE, &platform());
    let complete = || json!({ "name": "a", "quantity": 1, "colour": "red" });
    client.post("/v1/things").json(&complete()).send().expect(StatusCode::CREATED);
    for (field, value, detail) in [
        ("name", json!(7), "must be a string"),
        ("quantity", json!("1"), "must be an integer from 1 to 99"),
        ("quantity", json!(0), "must be an integer from 1 to 99"),
        ("colour", json!("green"), "must be one of red, blue"),
        ("colour", json!(null), "must be a string"),
        ("owner", json!("me"), "must be a UUID"),
        ("color", json!("red"), "is not a known field; the known fields are: name, quantity, colour, owner"),
    ] {
        let mut thing = complete();
        thing[field] = value;
        assert_eq!(
            body(client.post("/v1/things").json(&thing)),
            json!({
                "type": "https://spindle.dev/problems/validation-failed",
                "title": "Validation failed",
                "status": 422,
                "detail": format!("/{field} {detail}."),
                "instance": "/v1/things",
                "request_id": "r",
                "errors": [{ "pointer": format!("/{field}"), "detail": detail }],
            }),
            "{thing}"
        );
    }
    let problem = body(client.post("/v1/things").json(&json!({ "quantity": 1, "colour": "red" })));
    assert_eq!(problem["detail"], "/name is required.");
    assert_eq!(problem["errors"], json!([{ "pointer": "/name", "detail": "is required" }]));
    let problem = body(client.post("/v1/things").json(&json!({ "quantity": 100, "colour": "green", "x": 1 })));
    assert_eq!(problem["detail"], "4 fields break a rule: /colour, /quantity, /x, /name.");
}

#[test]
fn a_malformed_request_is_400_and_names_parameter_and_allowed_values() {
    let client = TestClient::new(&SERVICE, &platform());
    for (target, parameter, detail) in [
        (
            "/v1/things?limt=1",
            "limt",
            "The query parameter limt is not known; the known parameters are: limit, cursor.",
        ),
        ("/v1/things?limit=1&limit=2", "limit", "The query parameter limit is given more than once."),
        ("/v1/things?limit=", "limit", "The query parameter limit must be an integer from 1 to 100."),
        ("/v1/things?cursor=", "cursor", "The query parameter cursor is empty. Give it a value, or leave it out."),
        ("/v1/things?limit=1000", "limit", "The query parameter limit must be an integer from 1 to 100."),
        ("/v1/things?cursor=x", "cursor", "The query parameter cursor must be a next_cursor of this list."),
    ] {
        let rule = detail.strip_prefix(&format!("The query parameter {parameter} ")).unwrap().trim_end_matches('.');
        let mut expected = malformed("/v1/things", detail);
        expected["errors"] = json!([{ "parameter": parameter, "detail": rule }]);
        assert_eq!(body(client.get(target)), expected, "{target}");
    }
    let problem = body(client.get("/v1/things?limit=0&x=1&cursor=").header("if-match", "v1"));
    let (limit, known) = ("must be an integer from 1 to 100", "is not known; the known parameters are: limit, cursor");
    let precondition = "must be * or entity tags in double quotes, such as \"v1\" (RFC 9110, section 8.8.3)";
    assert_eq!(
        problem["errors"],
        json!([
            { "parameter": "cursor", "detail": "is empty. Give it a value, or leave it out" },
            { "parameter": "x", "detail": known },
            { "parameter": "limit", "detail": limit },
            { "header": "If-Match", "detail": precondition },
        ])
    );
    assert_eq!(problem["detail"], "4 parts of the request are malformed: cursor, x, limit, If-Match.");
    let text = client.post("/v1/things").header("content-type", "application/json");
    let detail = "The body is not JSON: it ends within an object at line 1, column 1.";
    assert_eq!(body(text.body(bytes::Bytes::from_static(b"{"))), malformed("/v1/things", detail));
}

#[test]
fn a_precondition_is_a_current_entity_tag_in_quotes() {
    let client = TestClient::new(&SERVICE, &platform());
    let delete = |value: &str| client.delete("/v1/things/1").header("if-match", value);
    let detail =
        "The header If-Match must be * or entity tags in double quotes, such as \"v1\" (RFC 9110, section 8.8.3).";
    let mut expected = malformed("/v1/things/1", detail);
    let rule = detail.strip_prefix("The header If-Match ").unwrap().trim_end_matches('.');
    expected["errors"] = json!([{ "header": "If-Match", "detail": rule }]);
    assert_eq!(body(delete("v2")), expected);
    assert_eq!(
        body(delete("\"v1\"")),
        json!({
            "type": "https://spindle.dev/problems/precondition-failed",
            "title": "Precondition failed",
            "status": 412,
            "detail": "The resource has changed since the version in If-Match. Read it again, and send its current ETag.",
            "instance": "/v1/things/1",
            "request_id": "r",
        })
    );
    assert_eq!(
        body(client.delete("/v1/things/1")),
        json!({
            "type": "https://spindle.dev/problems/precondition-required",
            "title": "If-Match required",
            "status": 428,
            "detail": "Requires the header If-Match with the ETag of the version that you have read, such as \"v1\".",
            "instance": "/v1/things/1",
            "request_id": "r",
        })
    );
    delete("\"v2\"").send().expect(StatusCode::NO_CONTENT);
}

#[test]
fn a_body_in_a_content_coding_is_415_before_its_handler() {
    let client = TestClient::new(&SERVICE, &platform());
    let thing = json!({ "name": "a", "quantity": 1, "colour": "red" });
    let create = |codings: &[&str]| {
        let request = client.post("/v1/things").header("x-request-id", "r").json(&thing);
        codings.iter().fold(request, |request, coding| request.header("content-encoding", coding)).send()
    };
    for codings in
        [&["gzip"][..], &["GZIP"], &["br"], &["identity, gzip"], &["identity", "deflate"], &["x"], &["utf-8"]]
    {
        let response = create(codings);
        assert_eq!(
            response.status_and_json(),
            (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                json!({
                    "type": "https://spindle.dev/problems/unsupported-media-type",
                    "title": "Unsupported media type",
                    "status": 415,
                    "detail": "Send the body without a content coding: Content-Encoding must be absent or identity.",
                    "instance": "/v1/things",
                    "request_id": "r",
                })
            ),
            "{codings:?}"
        );
        assert_eq!(response.header("accept-encoding"), Some("identity"));
    }
    for codings in [&[][..], &["identity"], &["Identity"], &["identity, identity"], &[""]] {
        create(codings).expect(StatusCode::CREATED);
    }
    // Another 415 is not about the coding.
    let text = client.post("/v1/things").header("content-type", "text/plain").body(bytes::Bytes::from_static(b"{}"));
    let response = text.send().expect(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(response.header("accept-encoding"), None);
    // These have no body that is read.
    client.get("/v1/things").header("content-encoding", "gzip").send().expect(StatusCode::NO_CONTENT);
    let delete = client.delete("/v1/things/1").header("if-match", "*").header("content-encoding", "gzip");
    delete.send().expect(StatusCode::NO_CONTENT);
}

fn malformed(instance: &str, detail: &str) -> Value {
    json!({
        "type": "https://spindle.dev/problems/malformed-request",
        "title": "Malformed request",
        "status": 400,
        "detail": detail,
        "instance": instance,
        "request_id": "r",
    })
}
