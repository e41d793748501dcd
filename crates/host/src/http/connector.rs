//! The connector of the client: a time limit for each request, blocked addresses, and a limit on the number of connections.

use std::error::Error as StdError;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use std::vec;

use anyhow::{Context as _, Result};
use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_service::Service;

use crate::app::BlockedNetworks;

tokio::task_local! {
    /// The connect timeout of the request that this task sends: the client offers no other way to hand it to the connector.
    pub(super) static CONNECT_TIMEOUT: Duration;
}

/// Spin's connect timeout where the guest sets none.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(600);

/// hyper's connector with a timeout for each request and a limit on open connections.
#[derive(Clone)]
pub(super) struct Connector {
    https: HttpsConnector<HttpConnector<Resolver>>,
    blocked: Arc<BlockedNetworks>,
    places: Option<Arc<Semaphore>>,
}

type Stream = <HttpsConnector<HttpConnector<Resolver>> as Service<Uri>>::Response;
type BoxError = Box<dyn StdError + Send + Sync>;

impl Connector {
    /// Creates a connector to any address except `blocked`, for at most `max_connections` at a time.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up.
    pub(super) fn new(blocked: BlockedNetworks, max_connections: Option<usize>) -> Result<Self> {
        let blocked = Arc::new(blocked);
        let mut http = HttpConnector::new_with_resolver(Resolver { blocked: Arc::clone(&blocked) });
        http.enforce_http(false);
        http.set_nodelay(true);
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .context("cannot set up TLS for outbound requests")?
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(http);
        let places = max_connections.map(|places| Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))));
        Ok(Self { https, blocked, places })
    }
}

impl Service<Uri> for Connector {
    type Response = Limited;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Limited, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.https.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let limit = CONNECT_TIMEOUT.try_get().unwrap_or(DEFAULT_TIMEOUT);
        let places = self.places.clone();
        // An address in the URL is never resolved, so the resolver does not see it.
        let prohibited = literal_address(&uri).is_some_and(|address| self.blocked.blocks(address));
        let connect = self.https.call(uri);
        let connect = async move {
            if prohibited {
                return Err(ConnectError::Prohibited.into());
            }
            let place = match places {
                Some(places) => Some(places.acquire_owned().await.map_err(|_| ConnectError::LimitReached)?),
                None => None,
            };
            let stream = connect.await?;
            Ok(Limited { stream, _place: place })
        };
        Box::pin(async move {
            tokio::time::timeout(limit, connect).await.unwrap_or_else(|_| Err(ConnectError::TimedOut.into()))
        })
    }
}

fn literal_address(uri: &Uri) -> Option<IpAddr> {
    let host = uri.host()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// A connection that counts towards the limit until it is closed.
pub(super) struct Limited {
    stream: Stream,
    _place: Option<OwnedSemaphorePermit>,
}

impl Connection for Limited {
    fn connected(&self) -> Connected {
        self.stream.connected()
    }
}

impl Read for Limited {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl Write for Limited {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }
}

/// Resolves names and leaves out the addresses that the runtime config blocks.
#[derive(Clone)]
pub(super) struct Resolver {
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
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| ConnectError::NotFound)?;
            let (refused, usable): (Vec<_>, Vec<_>) = found.partition(|address| blocked.blocks(address.ip()));
            match (usable.is_empty(), refused.is_empty()) {
                (false, _) => Ok(usable.into_iter()),
                (true, false) => Err(ConnectError::Prohibited),
                (true, true) => Err(ConnectError::NotFound),
            }
        })
    }
}

/// The reason why a connection failed, where hyper's own errors do not name it.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(super) enum ConnectError {
    #[error("the connection took too long")]
    TimedOut,
    #[error("the name has no address")]
    NotFound,
    #[error("the address is blocked by the runtime config")]
    Prohibited,
    #[error("no more connections are allowed")]
    LimitReached,
}
