//! Holds every response against an OpenAPI document, for development and tests.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Response, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::json;
use spindle_openapi::{ResponseParts, Validator};
use wasmtime_wasi_http::WasiBody;

use crate::http::body;

/// Checks responses against a document.
#[derive(Debug)]
pub(crate) struct Validation(Validator);

impl Validation {
    /// Reads the document, which is JSON.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let document = serde_json::from_slice(&text).with_context(|| format!("{} is not JSON", path.display()))?;
        Ok(Self(Validator::new(&document)))
    }

    /// Returns `response` if the document describes it, or else a 500 that says what is wrong with it. Reads a streamed body to its end first.
    pub(crate) async fn check(&self, method: &Method, path: &str, response: Response<WasiBody>) -> Response<WasiBody> {
        if self.0.operation(method.as_str(), path).is_none() {
            return response;
        }
        let (head, body) = response.into_parts();
        let body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) => return Self::refuse(path, &format!("the body of the response is incomplete: {error:?}")),
        };
        let headers = head.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let parts = ResponseParts {
            method: method.as_str(),
            path,
            status: head.status.as_u16(),
            headers: headers.collect(),
            body: &body,
        };
        match self.0.check(&parts) {
            Ok(()) => Response::from_parts(head, body::full(body)),
            Err(error) => Self::refuse(path, &error.to_string()),
        }
    }

    fn refuse(path: &str, fault: &str) -> Response<WasiBody> {
        tracing::error!(path, "{fault}");
        let problem = json!({ "type": "about:blank", "title": "Undocumented response", "status": 500, "detail": fault, "instance": path });
        let mut response = Response::new(body::full(problem.to_string()));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
