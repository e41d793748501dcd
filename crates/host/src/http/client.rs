//! The pooled client for requests that leave the application, and how its errors read to a guest.

use std::error::Error as StdError;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use std::{fmt, vec};

use anyhow::{Context as _, Result};
use http::{Request, Response, Uri};
use http_body_util::BodyExt as _;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tower_service::Service;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody};

use super::body::TimedBody;
use crate::app::BlockedNetworks;

/// What Spin allows where the guest sets no timeout of its own.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(600);

tokio::task_local! {
    // The client offers no way to hand a request's connect timeout to the connector.
    static CONNECT_TIMEOUT: Duration;
}

/// Sends requests over the network; connections are kept and shared by all components.
pub(crate) struct OutboundClient {
    client: Client<TimedConnector, WasiBody>,
}

impl OutboundClient {
    /// A client that never connects to `blocked` addresses. Without `pooling`, each request has a connection of its own.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up.
    pub(crate) fn new(blocked: BlockedNetworks, pooling: bool) -> Result<Self> {
        let mut http = HttpConnector::new_with_resolver(Resolver {
            blocked: Arc::new(blocked),
        });
        http.enforce_http(false);
        http.set_nodelay(true);
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .context("cannot set up TLS for outbound requests")?
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(http);
        let mut builder = Client::builder(TokioExecutor::new());
        builder.pool_timer(TokioTimer::new());
        if !pooling {
            builder.pool_max_idle_per_host(0);
        }
        Ok(Self {
            client: builder.build(TimedConnector(https)),
        })
    }

    /// Sends `request` and waits for the head of its response.
    ///
    /// # Errors
    ///
    /// What `wasi:http` calls it: refused, timed out, name not found, TLS or protocol error.
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

/// Adds the connect timeout of the request to hyper's connector.
#[derive(Clone)]
struct TimedConnector(HttpsConnector<HttpConnector<Resolver>>);

type Connected = <HttpsConnector<HttpConnector<Resolver>> as Service<Uri>>::Response;
type BoxError = Box<dyn StdError + Send + Sync>;

impl Service<Uri> for TimedConnector {
    type Response = Connected;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Connected, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let limit = CONNECT_TIMEOUT.try_get().unwrap_or(DEFAULT_TIMEOUT);
        let connect = self.0.call(uri);
        Box::pin(async move {
            tokio::time::timeout(limit, connect)
                .await
                .unwrap_or_else(|_| Err(Box::new(ConnectError::TimedOut)))
        })
    }
}

/// Resolves names and leaves out the addresses that the runtime config blocks.
#[derive(Clone)]
struct Resolver {
    blocked: Arc<BlockedNetworks>,
}

impl Service<Name> for Resolver {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let blocked = Arc::clone(&self.blocked);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0))
                .await
                .map_err(|_| ConnectError::NotFound)?;
            let (refused, usable): (Vec<_>, Vec<_>) = found.partition(|address| blocked.blocks(address.ip()));
            match (usable.is_empty(), refused.is_empty()) {
                (false, _) => Ok(usable.into_iter()),
                (true, false) => Err(ConnectError::Prohibited),
                (true, true) => Err(ConnectError::NotFound),
            }
        })
    }
}

/// Why there is no connection, where hyper's own errors do not say.
#[derive(Clone, Copy, Debug, thiserror::Error)]
enum ConnectError {
    #[error("the connection took too long")]
    TimedOut,
    #[error("the name has no address")]
    NotFound,
    #[error("the address is blocked by the runtime config")]
    Prohibited,
}

/// The `wasi:http` error for a failed exchange, as Spin maps it.
fn error_code(error: &legacy::Error) -> Error {
    let mut source: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = source {
        if let Some(cause) = cause.downcast_ref::<ConnectError>() {
            return match cause {
                ConnectError::TimedOut => Error::ConnectionTimeout,
                ConnectError::NotFound => dns_error(),
                ConnectError::Prohibited => Error::DestinationIpProhibited,
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
    Error::DnsError {
        rcode: Some("address not available".into()),
        info_code: Some(0),
    }
}
