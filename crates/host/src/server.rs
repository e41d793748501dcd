//! The server: accepts connections, wraps them in TLS, serves HTTP/1.1 and HTTP/2 on them, and closes them in order.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use self::service::Service;

pub(crate) mod metrics;
pub(crate) mod service;
pub(crate) mod validation;

/// The time that a client may take to send a request's head, and an idle connection may stay open.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// The largest request head; a larger one gets 431.
const MAX_HEAD: usize = 64 << 10;

/// The time that a client may take for the TLS handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// The pause after running out of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves connections until it is stopped.
pub(crate) struct Server {
    service: Arc<Service>,
    tls: Option<TlsAcceptor>,
    protocol: Builder<TokioExecutor>,
}

impl Server {
    pub(crate) fn new(service: Arc<Service>, tls: Option<TlsAcceptor>) -> Self {
        let mut protocol = Builder::new(TokioExecutor::new());
        protocol.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(MAX_HEAD);
        protocol
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(HEAD_TIMEOUT)
            .max_header_list_size(MAX_HEAD as u32);
        Self { service, tls, protocol }
    }

    /// Accepts connections until `stop` is set, then waits up to `drain` for the requests in flight. Returns whether all of
    /// them were completed.
    pub(crate) async fn serve(self, listener: TcpListener, mut stop: watch::Receiver<bool>, drain: Duration) -> bool {
        let server = Arc::new(self);
        let graceful = GracefulShutdown::new();
        let (cut, _) = watch::channel(false);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            match accepted {
                Ok((stream, client)) => {
                    let connection = Arc::clone(&server).connection(stream, client, graceful.watcher());
                    let mut cut = cut.subscribe();
                    tokio::spawn(async move {
                        tokio::select! {
                            () = connection => {}
                            _ = cut.wait_for(|cut| *cut) => {}
                        }
                    });
                }
                Err(error) => accept_failed(&error).await,
            }
        }
        drop(listener);
        let drained = tokio::time::timeout(drain, graceful.shutdown()).await.is_ok();
        cut.send_replace(true);
        cut.closed().await;
        drained
    }

    async fn connection(self: Arc<Self>, stream: TcpStream, client: SocketAddr, watcher: Watcher) {
        // Small responses must not wait for the client's delayed acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%client, "cannot set TCP_NODELAY: {error}");
        }
        let Some(tls) = &self.tls else {
            return self.protocol(stream, client, watcher).await;
        };
        match tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.protocol(stream, client, watcher).await,
            Ok(Err(error)) => tracing::debug!(%client, "TLS handshake failed: {error}"),
            Err(_) => tracing::debug!(%client, "TLS handshake took too long"),
        }
    }

    async fn protocol<S>(&self, stream: S, client: SocketAddr, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let service = Arc::clone(&self.service);
        let service = service_fn(move |request| {
            let service = Arc::clone(&service);
            async move { Ok::<_, Infallible>(service.respond(request, client).await) }
        });
        let connection = self.protocol.serve_connection(TokioIo::new(stream), service);
        if let Err(error) = watcher.watch(connection).await {
            // Clients that hang up or send malformed requests are normal.
            tracing::debug!(%client, "connection ended: {error}");
        }
    }
}

async fn accept_failed(error: &io::Error) {
    let gone = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    );
    if !gone {
        tracing::error!("cannot accept a connection: {error}");
        tokio::time::sleep(ACCEPT_PAUSE).await;
    }
}
