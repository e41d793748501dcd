//! The pooled client for requests that leave the application, and the mapping of its errors for guests.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

use anyhow::Result;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody};

use super::body::TimedBody;
use super::connector::{CONNECT_TIMEOUT, ConnectError, Connector};
use crate::app::{BlockedNetworks, OutboundHttp};

/// Spin's timeout where the guest sets none.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(600);

/// Sends requests over the network; connections are kept and shared by all components.
pub(crate) struct OutboundClient {
    client: Client<Connector, WasiBody>,
}

impl OutboundClient {
    /// Creates a client that never connects to `blocked` addresses and keeps to `limits`.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up.
    pub(crate) fn new(blocked: BlockedNetworks, limits: OutboundHttp) -> Result<Self> {
        let connector = Connector::new(blocked, limits.max_connections)?;
        let mut builder = Client::builder(TokioExecutor::new());
        builder.pool_timer(TokioTimer::new());
        if !limits.connection_pooling {
            builder.pool_max_idle_per_host(0);
        }
        Ok(Self { client: builder.build(connector) })
    }

    /// Sends `request` and waits for the head of its response.
    ///
    /// # Errors
    ///
    /// The error of `wasi:http`: refused, timed out, name not found, TLS or protocol error.
    pub(crate) async fn send(
        &self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
    ) -> Result<Response<WasiBody>, Error> {
        let options = options.unwrap_or_default();
        let connect = options.connect_timeout.unwrap_or(DEFAULT_TIMEOUT);
        let first_byte = options.first_byte_timeout.unwrap_or(DEFAULT_TIMEOUT);
        let between_bytes = options.between_bytes_timeout.unwrap_or(DEFAULT_TIMEOUT);
        let exchange = CONNECT_TIMEOUT.scope(connect, self.client.request(request));
        let response = tokio::time::timeout(first_byte, exchange)
            .await
            .map_err(|_| Error::ConnectionReadTimeout)?
            .map_err(|error| error_code(&error))?;
        Ok(response.map(|body| TimedBody::new(body.map_err(Error::from), between_bytes).boxed_unsync()))
    }
}

impl fmt::Debug for OutboundClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboundClient").finish_non_exhaustive()
    }
}

/// Maps a failed exchange to the error of `wasi:http`, as Spin does.
fn error_code(error: &legacy::Error) -> Error {
    let mut source: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = source {
        if let Some(cause) = cause.downcast_ref::<ConnectError>() {
            return match cause {
                ConnectError::TimedOut => Error::ConnectionTimeout,
                ConnectError::NotFound => dns_error(),
                ConnectError::Prohibited => Error::DestinationIpProhibited,
                ConnectError::LimitReached => Error::ConnectionLimitReached,
            };
        }
        if cause.is::<rustls::Error>() {
            tracing::warn!("outbound TLS failed: {cause}");
            return Error::TlsProtocolError;
        }
        if let Some(io) = cause.downcast_ref::<io::Error>()
            && let Some(inner) = io.get_ref()
            && inner.is::<rustls::Error>()
        {
            tracing::warn!("outbound TLS failed: {inner}");
            return Error::TlsProtocolError;
        }
        source = cause.source();
    }
    if error.is_connect() {
        return Error::ConnectionRefused;
    }
    tracing::warn!("outbound request failed: {error:?}");
    Error::HttpProtocolError
}

fn dns_error() -> Error {
    Error::DnsError { rcode: Some("address not available".into()), info_code: Some(0) }
}
