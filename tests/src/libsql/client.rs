//! A client of Hrana that hides nothing: bodies in and out.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;

use super::token;

/// A client of one server.
#[derive(Clone, Debug)]
pub struct HranaClient {
    agent: Agent,
    url: String,
    authorization: Option<String>,
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its media type.
    pub media_type: String,
    /// Its body.
    pub body: String,
}

impl HranaClient {
    /// Returns a client of the server at `url` with the token of the tests.
    pub fn new(url: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).proxy(None);
        let agent = config.timeout_global(Some(Duration::from_secs(30))).build().new_agent();
        Self { agent, url: url.to_owned(), authorization: Some(format!("Bearer {}", token())) }
    }

    /// Returns the same client with another `authorization`, or none.
    #[must_use]
    pub fn with_authorization(&self, authorization: Option<&str>) -> Self {
        Self { authorization: authorization.map(str::to_owned), ..self.clone() }
    }

    /// Sends a request, and reads its response to the end.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached, or closes the connection before the end of the response.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answer, ureq::Error> {
        let mut request = self.agent.post(format!("{}{path}", self.url));
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let mut response = request.send(body.to_string())?;
        let header = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        let media_type = header.unwrap_or_default().to_owned();
        let body = response.body_mut().read_to_string()?;
        Ok(Answer { status: response.status().as_u16(), media_type, body })
    }

    /// Runs one statement over a cursor, on the stream of `baton` or a new one.
    ///
    /// # Errors
    ///
    /// As [`post`](Self::post).
    pub fn cursor(&self, baton: Option<&str>, sql: &str, args: &[Value]) -> Result<Answer, ureq::Error> {
        let stmt = json!({"sql": sql, "args": args, "want_rows": true});
        self.post("/v3/cursor", &json!({"baton": baton, "batch": {"steps": [{"stmt": stmt}]}}))
    }
}

impl Answer {
    /// Returns its lines, or its only text, as JSON; a text that is none as a string.
    pub fn entries(&self) -> Vec<Value> {
        let json = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| Value::String(line.to_owned()));
        self.body.lines().map(json).collect()
    }

    /// Returns the baton for the next request of the stream.
    pub fn baton(&self) -> Option<String> {
        Some(self.entries().first()?.get("baton")?.as_str()?.to_owned())
    }
}
