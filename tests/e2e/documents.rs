//! The documents of the API: OpenAPI and AsyncAPI, which anyone may read without a token.

use spindle_tests::problem::expect_problem;
use spindle_tests::{Response, target};

/// Each document: its path, its media type and its content.
const DOCUMENTS: [(&str, &str, &str); 3] = [
    ("/asyncapi.json", "application/json", include_str!("../../api-specs/asyncapi.json")),
    ("/openapi.json", "application/json", include_str!("../../api-specs/openapi.json")),
    ("/openapi.yaml", "application/yaml", include_str!("../../api-specs/openapi.yaml")),
];

fn get(path: &str, headers: &[(&str, &str)]) -> Response {
    target().client().send("GET", path, headers, None)
}

#[test]
fn the_documents_are_served_to_anyone_as_they_are_in_the_repository() {
    for (path, media_type, content) in DOCUMENTS {
        let response = get(path, &[]).expect_status(200);
        assert_eq!(response.text(), content, "{path}");
        assert_eq!(response.header("content-type"), Some(media_type), "{path}");
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(response.header("cache-control"), Some("public, max-age=300"));
        // A token, even a bad one, changes nothing: the component checks none.
        let with_token = get(path, &[("authorization", "Bearer nonsense"), ("x-request-id", "documents-1")]);
        assert_eq!(with_token.expect_status(200).header("x-request-id"), Some("documents-1"));
    }
}

#[test]
fn the_documents_describe_this_api() {
    let openapi = get("/openapi.json", &[]).expect_status(200).json();
    assert!(openapi["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")), "{}", openapi["openapi"]);
    let asyncapi = get("/asyncapi.json", &[]).expect_status(200).json();
    assert_eq!(asyncapi["asyncapi"], "3.0.0");
    assert_eq!(asyncapi["channels"]["orders"]["address"], "/internal/orders/events");
}

#[test]
fn an_unchanged_document_is_a_304() {
    for (path, ..) in DOCUMENTS {
        let etag = get(path, &[]).expect_status(200).etag();
        let unchanged = get(path, &[("if-none-match", &etag)]).expect_status(304);
        assert_eq!((unchanged.etag(), unchanged.body.len()), (etag.clone(), 0));
        get(path, &[("if-none-match", "\"other\"")]).expect_status(200);
        expect_problem(&get(path, &[("if-match", "\"other\"")]), 412, "precondition-failed");
        let head = target().client().send("HEAD", path, &[], None).expect_status(200);
        assert_eq!((head.etag(), head.body.len()), (etag, 0));
    }
}

#[test]
fn other_methods_and_spellings_are_problems() {
    for (path, ..) in DOCUMENTS {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let response = target().client().send(method, path, &[], Some(b"{}"));
            assert_eq!(expect_problem(&response, 405, "method-not-allowed")["instance"], path);
            assert_eq!(response.header("allow"), Some("GET, HEAD, OPTIONS"));
        }
        for other in [format!("{path}/"), format!("{path}/x"), path.to_uppercase(), format!("/v1{path}")] {
            expect_problem(&get(&other, &[]), 404, "not-found");
        }
    }
}

#[test]
fn scripts_of_every_origin_may_read_the_documents() {
    let origin = ("origin", "https://reader.example");
    let preflight = [origin, ("access-control-request-method", "GET")];
    for (path, ..) in DOCUMENTS {
        let options = target().client().send("OPTIONS", path, &preflight, None).expect_status(204);
        assert_eq!(options.header("access-control-allow-methods"), Some("GET, HEAD, OPTIONS"));
        for response in [options, get(path, &[origin])] {
            assert_eq!(response.header("access-control-allow-origin"), Some("*"), "{path}");
        }
    }
}
