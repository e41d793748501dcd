//! The little HTTP that starting and seeding need.

use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;
use ureq::Agent;

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The entity tag, if the answer has one.
    pub etag: Option<String>,
    /// The body; `null` when it is not JSON.
    pub body: Value,
}

/// A client for one running instance.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    base: String,
}

impl Client {
    /// A client for the instance at `base`, such as `http://127.0.0.1:3000`.
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(10)))
            .build();
        Self { agent: config.new_agent(), base: base.trim_end_matches('/').to_owned() }
    }

    /// Sends a GET.
    ///
    /// # Errors
    ///
    /// If there is no answer; any status is one.
    pub fn get(&self, path: &str) -> Result<Answer> {
        let url = format!("{}{path}", self.base);
        answer(self.agent.get(&url).call()).with_context(|| format!("GET {url}"))
    }

    /// Sends a POST with a JSON body.
    ///
    /// # Errors
    ///
    /// If there is no answer; any status is one.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        let url = format!("{}{path}", self.base);
        answer(self.agent.post(&url).send_json(body)).with_context(|| format!("POST {url}"))
    }
}

fn answer(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Answer> {
    let mut response = result?;
    let etag = response.headers().get("etag").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let text = response.body_mut().read_to_string()?;
    Ok(Answer { status: response.status().as_u16(), etag, body: serde_json::from_str(&text).unwrap_or(Value::Null) })
}
