//! The settings of a client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::generated::Client;
use crate::retries::Retries;
use crate::session::{CurrentSession, OnSessionChange, Session};
use crate::transport::{Shared, Transport};
use crate::{Error, Result, Spindle};

/// The longest time for one attempt of a request, and for its connection.
const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The settings of a client: [`Spindle::builder`] makes one.
#[must_use]
pub struct Builder {
    base_url: String,
    http: Option<reqwest::Client>,
    retries: Retries,
    session: Option<Session>,
    listener: Option<OnSessionChange>,
}

impl Builder {
    pub(crate) fn new(base_url: &str) -> Self {
        let base_url = base_url.trim_end_matches('/').to_owned();
        Self { base_url, http: None, retries: Retries::default(), session: None, listener: None }
    }

    /// Sends requests with this HTTP client, for example one with a proxy. Without it, an attempt takes at most 30 seconds, TLS is rustls with the
    /// certificates that the system trusts, and redirections are not followed.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Repeats requests like this.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.retries = retries;
        self
    }

    /// Goes on with a session that was stored.
    pub fn session(mut self, session: Session) -> Self {
        self.session = Some(session);
        self
    }

    /// Calls `listener` with each new session, and with `None` when it has ended. Store it there: the old refresh token works no more. The function must
    /// not block for long, and must not call the client.
    pub fn on_session_change(mut self, listener: impl Fn(Option<&Session>) + Send + Sync + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Makes the client. Requests need the runtime of tokio.
    ///
    /// # Errors
    ///
    /// If the URL is none of HTTP, or TLS cannot be set up.
    pub fn build(self) -> Result<Spindle> {
        let url = reqwest::Url::parse(&self.base_url)
            .map_err(|error| Error::Request(format!("{}: {error}", self.base_url)))?;
        if !["http", "https"].contains(&url.scheme()) {
            return Err(Error::Request(format!("{} is no URL of HTTP", self.base_url)));
        }
        let http = self.http.map_or_else(http_client, Ok)?;
        let session = CurrentSession::new(self.session, self.listener);
        let shared = Shared { http: http.clone(), base_url: self.base_url.clone(), retries: self.retries, session };
        Ok(Spindle::new(Client::new_with_client(&self.base_url, http, Transport(Arc::new(shared)))))
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Builder")
            .field("base_url", &self.base_url)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}

fn http_client() -> Result<reqwest::Client> {
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("spindle-client/", env!("CARGO_PKG_VERSION")));
    Ok(with_tls(client)?.build()?)
}

#[cfg(feature = "rustls")]
fn with_tls(client: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder> {
    use rustls_platform_verifier::BuilderVerifierExt;

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| Error::Tls(error.to_string()))?
        .with_no_client_auth();
    Ok(client.tls_backend_preconfigured(config))
}

#[cfg(not(feature = "rustls"))]
fn with_tls(client: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder> {
    Ok(client)
}
