//! An HTTP client for the start and the seeding of an instance.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

/// The longest time until a response.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The longest time until the response to a body of many lines.
const LINES_TIMEOUT: Duration = Duration::from_secs(120);

/// A response of any status.
#[derive(Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The entity tag, if the response has one.
    pub etag: Option<String>,
    /// The `Cache-Status` (RFC 9211), if the response has one.
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
    timeout: Duration,
}

impl Client {
    /// Returns a client for the instance at `base`, such as `http://127.0.0.1:3000`.
    pub fn new(base: &str) -> Self {
        Self::with_tls(base, TlsConfig::default())
    }

    /// Returns a client for the instance at `base` that trusts exactly the certificate in the PEM file `cert`.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or holds no certificate.
    pub fn trusting(base: &str, cert: &Path) -> Result<Self> {
        Ok(Self::with_tls(base, trust_only(cert)?))
    }

    fn with_tls(base: &str, tls: TlsConfig) -> Self {
        let config =
            Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).tls_config(tls).build();
        Self {
            agent: config.new_agent(),
            base: base.trim_end_matches('/').to_owned(),
            authorization: None,
            timeout: TIMEOUT,
        }
    }

    /// Returns the same client with an access token.
    #[must_use]
    pub fn as_user(&self, access_token: &str) -> Self {
        Self { authorization: Some(format!("Bearer {access_token}")), ..self.clone() }
    }

    /// Returns the same client, which waits up to `timeout` for a response instead of ten seconds.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { timeout, ..self.clone() }
    }

    /// Sends a GET.
    ///
    /// # Errors
    ///
    /// If there is no response; a response of any status is no error.
    pub fn get(&self, path: &str) -> Result<Response> {
        let url = format!("{}{path}", self.base);
        let mut request = self.agent.get(&url).config().timeout_global(Some(self.timeout)).build();
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        read_response(request.call()).with_context(|| format!("GET {url}"))
    }

    /// Sends a POST with a JSON body.
    ///
    /// # Errors
    ///
    /// If there is no response; a response of any status is no error.
    pub fn post(&self, path: &str, body: &Value) -> Result<Response> {
        let url = format!("{}{path}", self.base);
        let mut request = self.agent.post(&url).config().timeout_global(Some(self.timeout)).build();
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        read_response(request.send_json(body)).with_context(|| format!("POST {url}"))
    }

    /// Sends a POST whose body is lines of JSON (NDJSON), with a timeout for many lines.
    ///
    /// # Errors
    ///
    /// If there is no response; a response of any status is no error.
    pub fn post_lines(&self, path: &str, lines: &str) -> Result<Response> {
        let url = format!("{}{path}", self.base);
        let mut request = self.agent.post(&url).config().timeout_global(Some(LINES_TIMEOUT)).build();
        request = request.header("content-type", "application/x-ndjson");
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        read_response(request.send(lines)).with_context(|| format!("POST {url}"))
    }
}

/// Returns a configuration that trusts exactly the certificates in the PEM file `cert`.
///
/// # Errors
///
/// If the file cannot be read or holds no certificate.
pub fn trust_only(cert: &Path) -> Result<TlsConfig> {
    let pem = fs::read(cert).with_context(|| format!("cannot read {}", cert.display()))?;
    let certificate = |item| if let Ok(PemItem::Certificate(certificate)) = item { Some(certificate) } else { None };
    let trusted: Vec<Certificate<'_>> = parse_pem(&pem).filter_map(certificate).collect();
    ensure!(!trusted.is_empty(), "{} holds no certificate", cert.display());
    Ok(TlsConfig::builder().root_certs(RootCerts::new_with_certs(&trusted)).build())
}

fn read_response(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Response> {
    let mut response = result?;
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (etag, cache_status) = (header("etag"), header("cache-status"));
    let text = response.body_mut().read_to_string()?;
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Ok(Response { status: response.status().as_u16(), etag, cache_status, body })
}
