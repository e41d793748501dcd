//! Calls to a provider, through the adapter into which it is composed.
//!
//! A provider is foreign code. So adapters accept tokens under a separate secret, which is valid for adapters only, and a response in any
//! other form than the agreed one is the provider's failure: it trapped, timed out, or has no result.

use super::{Callee, Client, Error};
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Serialize;
use serde::de::DeserializeOwned;
use spindle_contracts::provider::Adapter;
use std::time::Duration;

/// The name of the secret variable for the tokens of adapters.
pub const PROVIDER_SECRET_VARIABLE: &str = "provider_token_secret";

/// The longest response that is read, in bytes: ten times more than any response needs.
const MAX_RESPONSE: usize = 256 * 1024;

/// The reason why a call to a provider has no result. A retry may succeed.
#[derive(Debug, thiserror::Error)]
pub enum ProviderCallError {
    /// No response arrived in time, or it is too long.
    #[error(transparent)]
    NoResponse(#[from] Error),
    /// The adapter responded with this status; 500 if the provider trapped.
    #[error("its adapter answered {}", .0.as_u16())]
    Status(StatusCode),
    /// The response body has another form than the expected one.
    #[error("its adapter answered something else")]
    InvalidResponse,
}

impl Client<'_> {
    /// Sends `body` to `path` of the provider behind `adapter`, and waits up to `timeout` for the response.
    ///
    /// # Errors
    ///
    /// If there is no response in the expected form. An error that the provider itself returns is a response.
    pub async fn call_provider<T: DeserializeOwned>(
        self,
        adapter: Adapter,
        path: &'static str,
        body: &impl Serialize,
        timeout: Duration,
    ) -> Result<T, ProviderCallError> {
        let body = serde_json::to_vec(body).expect("request bodies are plain data");
        let request = http::Request::post(path).header(CONTENT_TYPE, "application/json").body(Bytes::from(body));
        let request = self.address_to(callee(adapter), request.expect("a path of ours is a URI"))?;
        let response = self.exchange(request, timeout, MAX_RESPONSE).await?;
        match response.status() {
            StatusCode::OK => serde_json::from_slice(response.body()).map_err(|_| ProviderCallError::InvalidResponse),
            status => Err(ProviderCallError::Status(status)),
        }
    }

    /// Sends `GET path` to `adapter` itself, and returns the status of its response.
    ///
    /// # Errors
    ///
    /// If there is no response within `timeout`.
    pub async fn provider_status(self, adapter: Adapter, path: &str, timeout: Duration) -> Result<StatusCode, Error> {
        let request = http::Request::get(path).body(Bytes::new());
        let request = self.address_to(callee(adapter), request.expect("a path of ours is a URI"))?;
        Ok(self.exchange_with(request, timeout, async |_| Ok(())).await?.status())
    }
}

fn callee(Adapter { service, url_variable }: Adapter) -> Callee<'static> {
    Callee { service, url_variable, secret_variable: PROVIDER_SECRET_VARIABLE }
}

#[cfg(test)]
mod tests {
    use super::{MAX_RESPONSE, PROVIDER_SECRET_VARIABLE};
    use crate::http::{Params, Request, Response, empty, json as respond};
    use crate::token::service::{Operation, verify};
    use crate::trace::TraceContext;
    use crate::{Context, Platform, Scope};
    use futures::executor::block_on;
    use http::{Method, StatusCode};
    use serde_json::{Value, json};
    use spindle_contracts::provider::Adapter;
    use std::time::Duration;

    const ADAPTER: Adapter = Adapter { service: "oracle", url_variable: "oracle_url" };
    const PATH: &str = "/internal/oracle/call";
    const SECRET: &str = "the secret of the adapters, which is long enough";

    fn context() -> Context {
        let platform = Platform::native()
            .with_variable("oracle_url", "http://oracle.spin.internal/")
            .with_variable(PROVIDER_SECRET_VARIABLE, SECRET)
            .with_variable("service_token_secret", "the secret of the services, which no adapter has")
            .build();
        let trace = TraceContext::start(platform.random());
        Context::new(platform, Scope { service: "caller", migrations: &[] }, "r-1".to_owned(), trace)
    }

    fn call(context: &Context) -> Result<String, String> {
        let body = json!({ "n": 1 });
        let response = context.client().call_provider(ADAPTER, PATH, &body, Duration::from_secs(1));
        block_on(response).map_err(|error| error.to_string())
    }

    #[test]
    fn the_request_has_a_json_body_and_a_token_under_the_secret_of_adapters() {
        let context = context();
        let now = context.now();
        context.platform().serve("oracle.spin.internal", move |request: Request| {
            Box::pin(async move {
                let mut request = request.on_route(Params::default(), 1000);
                let token = request.header("authorization").unwrap().strip_prefix("Bearer ").unwrap().to_owned();
                let operation = Operation { service: "oracle", method: &Method::POST, path: PATH };
                assert_eq!(verify(SECRET, &token, &operation, now).unwrap().service, "caller");
                assert_eq!(request.internal_json::<Value>().await.unwrap(), json!({ "n": 1 }));
                respond(StatusCode::OK, &"yes")
            })
        });
        assert_eq!(call(&context), Ok("yes".to_owned()));
    }

    #[test]
    fn an_unexpected_response_is_a_failure_of_the_provider() {
        let context = context();
        assert_eq!(call(&context), Err("calling oracle.spin.internal is not allowed".to_owned()));
        let error_for = |response: Response| {
            context.platform().serve("oracle.spin.internal", move |_| {
                let response = response.clone();
                Box::pin(async { response })
            });
            call(&context).unwrap_err()
        };
        assert_eq!(error_for(empty(StatusCode::INTERNAL_SERVER_ERROR)), "its adapter answered 500");
        assert_eq!(error_for(respond(StatusCode::ACCEPTED, &"yes")), "its adapter answered 202");
        assert_eq!(error_for(respond(StatusCode::OK, &1)), "its adapter answered something else");
        assert_eq!(error_for(empty(StatusCode::OK)), "its adapter answered something else");
        let long = "x".repeat(MAX_RESPONSE);
        assert_eq!(error_for(respond(StatusCode::OK, &long)), "the body is larger than 262144 bytes");
    }
}
