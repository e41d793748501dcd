//! Calls from the gateway to the services.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use spindle_contracts::Problem;
use spindle_platform::Context;
use spindle_platform::error::describe;
use spindle_platform::log::Level;
use std::time::Duration;

/// Every service except the gateway.
pub(crate) const SERVICES: &[&str] = &["auth", "catalog", "notifications", "orders", "payments", "users"];

/// The seconds after which a client may try again.
pub(crate) const RETRY_AFTER_SECONDS: u32 = 1;

/// The number of characters of a service's own problem that are passed on.
const MAX_DETAIL: usize = 200;

/// Why a call to a service failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceError {
    /// The service.
    pub(crate) service: &'static str,
    /// The status of its response, if it responded.
    pub(crate) status: Option<StatusCode>,
    /// The failure, for clients: `connection refused`. It has neither addresses nor internal text.
    pub(crate) detail: String,
    /// The failure with its causes, for the log.
    pub(crate) cause: String,
    /// The address of the service, for the log; empty if the variable has no value.
    pub(crate) url: String,
}

impl ServiceError {
    fn new(
        context: &Context,
        service: &'static str,
        status: Option<StatusCode>,
        detail: impl Into<String>,
        cause: String,
    ) -> Self {
        let url = context.config().get(&format!("{service}_url")).unwrap_or_default();
        Self { service, status, detail: detail.into(), cause, url }
    }

    /// Logs a warning with the service, its address and the cause.
    pub(crate) fn warn(&self, context: &Context, message: &str) {
        let (url, cause) = (self.url.as_str(), self.cause.as_str());
        context.log(
            Level::Warn,
            message,
            &[("callee", self.service.into()), ("url", url.into()), ("cause", cause.into())],
        );
    }
}

/// Sends `GET path` to `service` and returns its JSON.
pub(crate) async fn get<T: DeserializeOwned>(
    context: &Context,
    service: &'static str,
    path: String,
    timeout: Duration,
) -> Result<T, ServiceError> {
    call(context, service, Method::GET, path, timeout).await
}

/// Sends `method path` without a body to `service` and returns its JSON.
pub(crate) async fn call<T: DeserializeOwned>(
    context: &Context,
    service: &'static str,
    method: Method,
    path: String,
    timeout: Duration,
) -> Result<T, ServiceError> {
    read(context, service, &send(context, service, method, path, Bytes::new(), timeout).await?)
}

/// Sends `method path` to `service`, with a body of JSON or an empty one, and returns its response if that has a status of success.
pub(crate) async fn send(
    context: &Context,
    service: &'static str,
    method: Method,
    path: String,
    body: Bytes,
    timeout: Duration,
) -> Result<Response<Bytes>, ServiceError> {
    let request = http::Request::builder().method(method).uri(path).header(CONTENT_TYPE, "application/json");
    let request = request.body(body).expect("the path is made of names and ids, the query is encoded");
    match context.client().call(service, request, timeout).await {
        Ok(response) if response.status().is_success() => Ok(response),
        Ok(response) => {
            let body = String::from_utf8_lossy(response.body()).into_owned();
            Err(ServiceError::new(context, service, Some(response.status()), status_detail(&response), body))
        }
        Err(error) => Err(ServiceError::new(context, service, None, error.detail(), describe(&error))),
    }
}

/// Reads the JSON of a response of `service`.
pub(crate) fn read<T: DeserializeOwned>(
    context: &Context,
    service: &'static str,
    response: &Response<Bytes>,
) -> Result<T, ServiceError> {
    serde_json::from_slice(response.body()).map_err(|error| {
        let status = Some(response.status());
        ServiceError::new(context, service, status, "returned an unexpected body", error.to_string())
    })
}

/// Returns 503 with `consequence` and the services that failed.
pub(crate) fn unavailable(consequence: &str, errors: &[ServiceError]) -> Problem {
    let details: Vec<String> = errors.iter().map(|error| format!("{} ({})", error.service, error.detail)).collect();
    let causes: Vec<String> =
        errors.iter().map(|error| format!("{} at {}: {}", error.service, error.url, error.cause)).collect();
    Problem::unavailable(format!("{consequence}: {}.", details.join(", ")), RETRY_AFTER_SECONDS, causes.join("; "))
}

/// Returns the failure that `response` is, for clients: its status, and the detail of a problem, which is a text for clients.
fn status_detail(response: &Response<Bytes>) -> String {
    let status = response.status().as_u16();
    let problem: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    match problem["detail"].as_str() {
        Some(detail) => {
            let detail: String = detail.trim_end_matches('.').chars().take(MAX_DETAIL).collect();
            format!("returned {status}: {detail}")
        }
        None => format!("returned {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_DETAIL, status_detail};
    use bytes::Bytes;
    use http::Response;
    use serde_json::json;

    #[test]
    fn a_status_is_named_with_the_detail_of_its_problem() {
        let long = "x".repeat(MAX_DETAIL + 1);
        for (body, expected) in [
            (json!({ "detail": "The database is locked." }).to_string(), "returned 503: The database is locked"),
            (json!({ "detail": long }).to_string(), &format!("returned 503: {}", &long[1..])),
            (json!({ "cause": "secret" }).to_string(), "returned 503"),
            ("a text of a proxy".to_owned(), "returned 503"),
        ] {
            let response = Response::builder().status(503).body(Bytes::from(body)).unwrap();
            assert_eq!(status_detail(&response), expected);
        }
    }
}
