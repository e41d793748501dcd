//! The requests of the bench.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};

use crate::load::Operation;

/// Returns a GET of `path`, with `token` if given.
pub(crate) fn get(name: &'static str, path: String, token: Option<&str>) -> Operation {
    let authorization = token.map(bearer);
    let request = move |_| request(Method::GET, &path, authorization.as_deref(), None);
    Operation { name, expected: StatusCode::OK, request: Arc::new(request) }
}

/// Returns a GET of `path` that calls `token` for the token of each request.
pub(crate) fn get_with_new_tokens(
    name: &'static str,
    path: String,
    token: impl Fn() -> String + Send + Sync + 'static,
) -> Operation {
    let request = move |_| request(Method::GET, &path, Some(&bearer(&token())), None);
    Operation { name, expected: StatusCode::OK, request: Arc::new(request) }
}

/// Returns an operation that creates another user each time, as the admin with `token`.
pub(crate) fn create_user(token: &str) -> Operation {
    let authorization = bearer(token);
    let request = move |number| {
        let body = json!({"email": format!("bench-{number}@example.com"), "display_name": "Bench"});
        request(Method::POST, "/v1/users", Some(&authorization), Some(&body))
    };
    Operation { name: "user write", expected: StatusCode::CREATED, request: Arc::new(request) }
}

/// Returns a login.
pub(crate) fn log_in(email: &str, password: &str) -> Operation {
    let body = json!({"email": email, "password": password});
    let request = move |_| request(Method::POST, "/v1/auth/login", None, Some(&body));
    Operation { name: "login", expected: StatusCode::OK, request: Arc::new(request) }
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

fn request(method: Method, path: &str, authorization: Option<&str>, body: Option<&Value>) -> Request<Full<Bytes>> {
    let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let body = body.map(Value::to_string).unwrap_or_default();
    request.body(Full::new(Bytes::from(body))).expect("a valid request")
}
