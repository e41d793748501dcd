//! Asking a provider, by way of the adapter that it is composed into.
//!
//! What runs there is not ours. So its adapter takes tokens under a secret of its own, which opens nothing but adapters, and whatever is not
//! an answer in the agreed form is the provider's failure: it trapped, took too long, or has nothing to say.

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

/// The longest answer that is read, in bytes: none of ours needs a tenth of it.
const MAX_ANSWER: usize = 256 * 1024;

/// Why a provider gave no answer. It may give one next time.
#[derive(Debug, thiserror::Error)]
pub enum ProviderCallError {
    /// Nothing came back in time, or more than anybody reads.
    #[error(transparent)]
    NoAnswer(#[from] Error),
    /// Its adapter answered with this instead: a provider that traps makes it a 500.
    #[error("its adapter answered {}", .0.as_u16())]
    Status(StatusCode),
    /// What came back is no answer to the question.
    #[error("its adapter answered something else")]
    Unreadable,
}

impl Client<'_> {
    /// Asks the provider behind `adapter` the `question` that belongs at `path`, and waits up to `timeout` for its answer.
    ///
    /// # Errors
    ///
    /// If there is no answer that can be read. What the provider itself calls an error is an answer.
    pub async fn call_provider<T: DeserializeOwned>(
        self,
        adapter: Adapter,
        path: &'static str,
        question: &impl Serialize,
        timeout: Duration,
    ) -> Result<T, ProviderCallError> {
        let Adapter { service, url_variable } = adapter;
        let callee = Callee { service, url_variable, secret_variable: PROVIDER_SECRET_VARIABLE };
        let body = serde_json::to_vec(question).expect("questions are plain data");
        let request = http::Request::post(path).header(CONTENT_TYPE, "application/json").body(Bytes::from(body));
        let request = self.addressed(callee, request.expect("a path of ours is a URI"))?;
        let response = self.exchange(request, timeout, MAX_ANSWER).await?;
        match response.status() {
            StatusCode::OK => serde_json::from_slice(response.body()).map_err(|_| ProviderCallError::Unreadable),
            status => Err(ProviderCallError::Status(status)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_ANSWER, PROVIDER_SECRET_VARIABLE};
    use crate::http::{Params, Request, Response, empty, json as answer};
    use crate::token::service::{Operation, verify};
    use crate::trace::TraceContext;
    use crate::{Context, Platform, Scope};
    use futures::executor::block_on;
    use http::{Method, StatusCode};
    use serde_json::{Value, json};
    use spindle_contracts::provider::Adapter;
    use std::time::Duration;

    const ADAPTER: Adapter = Adapter { service: "oracle", url_variable: "oracle_url" };
    const PATH: &str = "/internal/oracle/ask";
    const SECRET: &str = "the secret of the adapters, as long as it must be";

    fn context() -> Context {
        let platform = Platform::native()
            .with_variable("oracle_url", "http://oracle.spin.internal/")
            .with_variable(PROVIDER_SECRET_VARIABLE, SECRET)
            .with_variable("service_token_secret", "the secret of the services, which no adapter has")
            .build();
        let trace = TraceContext::start(platform.random());
        Context::new(platform, Scope { service: "asker", migrations: &[] }, "r-1".to_owned(), trace)
    }

    fn ask(context: &Context) -> Result<String, String> {
        let question = json!({ "n": 1 });
        let asked = context.client().call_provider(ADAPTER, PATH, &question, Duration::from_secs(1));
        block_on(asked).map_err(|failure| failure.to_string())
    }

    #[test]
    fn the_question_comes_as_json_with_a_token_under_the_secret_of_adapters() {
        let context = context();
        let now = context.now();
        context.platform().serve("oracle.spin.internal", move |request: Request| {
            Box::pin(async move {
                let mut request = request.on_route(Params::default(), 1000);
                let token = request.header("authorization").unwrap().strip_prefix("Bearer ").unwrap().to_owned();
                let operation = Operation { service: "oracle", method: &Method::POST, path: PATH };
                assert_eq!(verify(SECRET, &token, &operation, now).unwrap().service, "asker");
                assert_eq!(request.json::<Value>().await.unwrap(), json!({ "n": 1 }));
                answer(StatusCode::OK, &"yes")
            })
        });
        assert_eq!(ask(&context), Ok("yes".to_owned()));
    }

    #[test]
    fn what_is_no_answer_is_a_failure_of_the_provider() {
        let context = context();
        assert_eq!(ask(&context), Err("calling oracle.spin.internal is not allowed".to_owned()));
        let after = |response: Response| {
            context.platform().serve("oracle.spin.internal", move |_| {
                let response = response.clone();
                Box::pin(async { response })
            });
            ask(&context).unwrap_err()
        };
        assert_eq!(after(empty(StatusCode::INTERNAL_SERVER_ERROR)), "its adapter answered 500");
        assert_eq!(after(answer(StatusCode::ACCEPTED, &"yes")), "its adapter answered 202");
        assert_eq!(after(answer(StatusCode::OK, &1)), "its adapter answered something else");
        assert_eq!(after(empty(StatusCode::OK)), "its adapter answered something else");
        let long = "x".repeat(MAX_ANSWER);
        assert_eq!(after(answer(StatusCode::OK, &long)), "the body is larger than 262144 bytes");
    }
}
