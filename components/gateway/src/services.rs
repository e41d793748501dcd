//! The services behind this one, and how they are asked.

use bytes::Bytes;
use http::{Method, StatusCode};
use serde::de::DeserializeOwned;
use spindle_contracts::Problem;
use spindle_platform::Context;
use std::time::Duration;

/// Every service but this one.
pub(crate) const SERVICES: &[&str] = &["auth", "catalog", "orders", "users"];

/// When a client may ask again, in seconds.
pub(crate) const RETRY_AFTER_SECONDS: u32 = 1;

/// Why a service gave no answer of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Which service.
    pub(crate) service: &'static str,
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

/// Has `service` do `method path`, and takes what it answers with a 200.
pub(crate) async fn call<T: DeserializeOwned>(
    context: &Context,
    service: &'static str,
    method: Method,
    path: String,
    timeout: Duration,
) -> Result<T, Failure> {
    let failure = |detail: String, cause: String| Failure { service, detail, cause };
    let request = http::Request::builder().method(method).uri(path).body(Bytes::new());
    let request = request.expect("the path is made of names, the query is encoded");
    match context.client().call(service, request, timeout).await {
        Ok(response) if response.status() == StatusCode::OK => serde_json::from_slice(response.body())
            .map_err(|error| failure("answered something else".to_owned(), error.to_string())),
        Ok(response) => {
            let body = String::from_utf8_lossy(response.body()).into_owned();
            Err(failure(format!("answered {}", response.status().as_u16()), body))
        }
        Err(error) => Err(failure("did not answer".to_owned(), error.to_string())),
    }
}

/// All the answers, or 503 that names the services that gave none: `what` they were asked for.
pub(crate) fn all<T>(what: &str, answers: Vec<Result<T, Failure>>) -> Result<Vec<T>, Problem> {
    let failures: Vec<&Failure> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
    if failures.is_empty() {
        return Ok(answers.into_iter().filter_map(Result::ok).collect());
    }
    let told: Vec<String> = failures.iter().map(|failure| format!("{} {}", failure.service, failure.detail)).collect();
    let cause: Vec<String> = failures.iter().map(|failure| format!("{}: {}", failure.service, failure.cause)).collect();
    Err(Problem::unavailable(format!("Asked for {what}, {}.", told.join(", ")), RETRY_AFTER_SECONDS, cause.join("; ")))
}
