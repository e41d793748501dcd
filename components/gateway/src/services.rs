//! The services behind this one, and how they are asked.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use spindle_contracts::Problem;
use spindle_platform::Context;
use std::time::Duration;

/// Every service but this one.
pub(crate) const SERVICES: &[&str] = &["auth", "catalog", "notifications", "orders", "payments", "users"];

/// When a client may ask again, in seconds.
pub(crate) const RETRY_AFTER_SECONDS: u32 = 1;

/// Why a service gave no answer of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Which service.
    pub(crate) service: &'static str,
    /// What it answered instead, if it did.
    pub(crate) status: Option<StatusCode>,
    /// What happened, as a client may know it.
    pub(crate) detail: String,
    /// What happened, for the log.
    pub(crate) cause: String,
}

/// Asks `service` for what is at `path`, with its query.
pub(crate) async fn ask<T: DeserializeOwned>(
    context: &Context,
    service: &'static str,
    path: String,
    timeout: Duration,
) -> Result<T, Failure> {
    call(context, service, Method::GET, path, timeout).await
}

/// Has `service` do `method path`, and takes what it answers.
pub(crate) async fn call<T: DeserializeOwned>(
    context: &Context,
    service: &'static str,
    method: Method,
    path: String,
    timeout: Duration,
) -> Result<T, Failure> {
    read(service, &send(context, service, method, path, Bytes::new(), timeout).await?)
}

/// Asks `service` to do `method path`, with a body of JSON or an empty one, and gives its answer if it is that it did.
pub(crate) async fn send(
    context: &Context,
    service: &'static str,
    method: Method,
    path: String,
    body: Bytes,
    timeout: Duration,
) -> Result<Response<Bytes>, Failure> {
    let failure = |status, detail: String, cause: String| Failure { service, status, detail, cause };
    let request = http::Request::builder().method(method).uri(path).header(CONTENT_TYPE, "application/json");
    let request = request.body(body).expect("the path is made of names and ids, the query is encoded");
    match context.client().call(service, request, timeout).await {
        Ok(response) if response.status().is_success() => Ok(response),
        Ok(response) => {
            let (status, body) = (response.status(), String::from_utf8_lossy(response.body()).into_owned());
            Err(failure(Some(status), format!("answered {}", status.as_u16()), body))
        }
        Err(error) => Err(failure(None, "did not answer".to_owned(), error.to_string())),
    }
}

/// The body of what `service` answered.
pub(crate) fn read<T: DeserializeOwned>(service: &'static str, response: &Response<Bytes>) -> Result<T, Failure> {
    serde_json::from_slice(response.body()).map_err(|error| {
        let (status, detail) = (Some(response.status()), "answered something else".to_owned());
        Failure { service, status, detail, cause: error.to_string() }
    })
}

/// All the answers, or 503 that names the services that gave none: `what` they were asked for.
pub(crate) fn all<T>(what: &str, answers: Vec<Result<T, Failure>>) -> Result<Vec<T>, Problem> {
    let failures: Vec<&Failure> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    if failures.is_empty() {
        return Ok(answers.into_iter().filter_map(Result::ok).collect());
    }
    Err(unavailable(what, &failures))
}

/// 503 that names the services that gave no answer of use: `what` they were asked for.
pub(crate) fn unavailable(what: &str, failures: &[&Failure]) -> Problem {
    let told: Vec<String> = failures.iter().map(|failure| format!("{} {}", failure.service, failure.detail)).collect();
    let cause: Vec<String> = failures.iter().map(|failure| format!("{}: {}", failure.service, failure.cause)).collect();
    Problem::unavailable(format!("Asked for {what}, {}.", told.join(", ")), RETRY_AFTER_SECONDS, cause.join("; "))
}
