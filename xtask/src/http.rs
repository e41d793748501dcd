//! The little HTTP that starting and seeding need.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(10);

/// How long many lines may take.
const LINES: Duration = Duration::from_secs(120);

/// An answer, whatever its status.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The entity tag, if the answer has one.
    pub etag: Option<String>,
    /// What caches had to do with it (RFC 9211), if the answer says so.
    pub cache_status: Option<String>,
    /// The body; `null` when it is not JSON.
    pub body: Value,
}

/// A client for one running instance. Clones share connections.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    base: String,
    authorization: Option<String>,
    patience: Duration,
}

impl Client {
    /// A client for the instance at `base`, such as `http://127.0.0.1:3000`.
    pub fn new(base: &str) -> Self {
        Self::with_tls(base, TlsConfig::default())
    }

    /// A client for the instance at `base` that trusts exactly the certificate in the PEM file `cert`.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or holds no certificate.
    pub fn trusting(base: &str, cert: &Path) -> Result<Self> {
        Ok(Self::with_tls(base, only(cert)?))
    }

    fn with_tls(base: &str, tls: TlsConfig) -> Self {
        let config =
            Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).tls_config(tls).build();
        Self {
            agent: config.new_agent(),
            base: base.trim_end_matches('/').to_owned(),
            authorization: None,
            patience: ANSWER,
        }
    }

    /// The same client with an access token.
    #[must_use]
    pub fn as_user(&self, access_token: &str) -> Self {
        Self { authorization: Some(format!("Bearer {access_token}")), ..self.clone() }
    }

    /// The same client, which waits up to `patience` for an answer instead of ten seconds.
    #[must_use]
    pub fn patient(&self, patience: Duration) -> Self {
        Self { patience, ..self.clone() }
    }

    /// Sends a GET.
    ///
    /// # Errors
    ///
    /// If there is no answer; any status is one.
    pub fn get(&self, path: &str) -> Result<Answer> {
        let url = format!("{}{path}", self.base);
        let mut request = self.agent.get(&url).config().timeout_global(Some(self.patience)).build();
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        answer(request.call()).with_context(|| format!("GET {url}"))
    }

    /// Sends a POST with a JSON body.
    ///
    /// # Errors
    ///
    /// If there is no answer; any status is one.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        let url = format!("{}{path}", self.base);
        let mut request = self.agent.post(&url).config().timeout_global(Some(self.patience)).build();
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        answer(request.send_json(body)).with_context(|| format!("POST {url}"))
    }

    /// Sends a POST whose body is lines of JSON (NDJSON). It may take as long as many lines take.
    ///
    /// # Errors
    ///
    /// If there is no answer; any status is one.
    pub fn post_lines(&self, path: &str, lines: &str) -> Result<Answer> {
        let url = format!("{}{path}", self.base);
        let mut request = self.agent.post(&url).config().timeout_global(Some(LINES)).build();
        request = request.header("content-type", "application/x-ndjson");
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        answer(request.send(lines)).with_context(|| format!("POST {url}"))
    }
}

/// A configuration that trusts exactly the certificate in the PEM file `cert`.
///
/// # Errors
///
/// If the file cannot be read or holds no certificate.
pub fn only(cert: &Path) -> Result<TlsConfig> {
    let pem = fs::read(cert).with_context(|| format!("cannot read {}", cert.display()))?;
    let trusted = Certificate::from_pem(&pem).with_context(|| format!("{} holds no certificate", cert.display()))?;
    Ok(TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[trusted])).build())
}

fn answer(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Answer> {
    let mut response = result?;
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (etag, cache_status) = (header("etag"), header("cache-status"));
    let text = response.body_mut().read_to_string()?;
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Ok(Answer { status: response.status().as_u16(), etag, cache_status, body })
}
