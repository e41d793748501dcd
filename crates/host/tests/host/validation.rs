//! Tests of the check of responses against an OpenAPI document.

use http::StatusCode;

use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn a_response_that_the_document_does_not_describe_becomes_a_500() {
    let app = TestApp::new(
        "[[trigger.http]]\nroute = \"/good\"\nstatic_response = { headers = { content-type = \"application/json\" }, body = \"{}\" }\n\
         [[trigger.http]]\nroute = \"/bad\"\nstatic_response = { status_code = 418, body = \"short\" }\n\
         [[trigger.http]]\nroute = \"/other\"\nstatic_response = { status_code = 418, body = \"short\" }\n",
    );
    let response = r#"{ "get": { "operationId": "get", "responses": { "200": { "content": { "application/json": { "schema": {} } } } } } }"#;
    app.write(
        "openapi.json",
        &format!(r#"{{ "paths": {{ "/good": {response}, "/bad": {response} }}, "components": {{}} }}"#),
    );
    let document = app.path("openapi.json");
    let host = app.start_with(|options| options.validate_responses = Some(document)).await;

    assert_eq!(host.get("/good").await, (StatusCode::OK, "{}".to_owned()));
    let (status, body) = host.get("/bad").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(body.contains("its status is none of 200: short"), "{body}");
    assert_eq!(host.get("/other").await.0, StatusCode::IM_A_TEAPOT, "the document says nothing of it");
}
