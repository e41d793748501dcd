//! A running host with HTTP triggers: start, address, routes, shutdown.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, ensure};
use http::uri::{Authority, Scheme};
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::{App, Route, Router, Target};
use crate::assembly::{load_app, prepare};
use crate::counters::Counts;
use crate::options::HostOptions;
use crate::runtime::{Origin, Runtime};
use crate::server::Server;
use crate::server::metrics::MetricsServer;
use crate::server::service::Service;
use crate::server::validation::Validation;
use crate::tls;

/// A running application with HTTP triggers.
///
/// Dropping it stops it without waiting; [`shutdown`](Self::shutdown) returns when the requests in flight have their responses.
pub struct Host {
    addr: SocketAddr,
    scheme: Scheme,
    runtime: Arc<Runtime>,
    stop: watch::Sender<bool>,
    server: JoinHandle<bool>,
    metrics: Option<MetricsServer>,
}

impl Host {
    /// Loads the application, binds the address and starts to serve. When this returns, the host accepts requests.
    ///
    /// Requires a tokio runtime, best a multi-threaded one: a guest that computes occupies a worker.
    ///
    /// # Errors
    ///
    /// One line that names the cause: the address is taken, a key of the manifest or the runtime config is not supported,
    /// a component is missing or does not fit, a store cannot be opened.
    pub async fn start(options: HostOptions) -> Result<Self> {
        let app = load_app(&options)?;
        ensure!(app.redis.is_empty(), "the application has Redis triggers, and nothing to serve");
        Self::serve(app, options).await
    }

    /// Serves `app`, which has HTTP triggers.
    pub(crate) async fn serve(app: App, options: HostOptions) -> Result<Self> {
        let listener = bind(options.listen).await?;
        let addr = listener.local_addr().context("cannot read the address being served")?;
        let tls = options.tls.as_ref().map(tls::acceptor).transpose()?;
        let scheme = if tls.is_some() { Scheme::HTTPS } else { Scheme::HTTP };
        let router = Router::new(&app.http)?;
        let origin = Origin {
            scheme: scheme.clone(),
            authority: Authority::try_from(addr.to_string())
                .context("the address being served is not valid in a URL")?,
        };
        let validation = options.validate_responses.as_deref().map(Validation::read).transpose()?;
        let drain = options.limits.drain;
        let metrics = match options.telemetry.metrics_listen {
            Some(addr) => Some((bind(addr).await?, Registry::default())),
            None => None,
        };
        let (metrics_listener, mut registry) = metrics.unzip();
        let runtime = Arc::new(prepare(app, options, Some(origin), registry.as_mut()).await?);
        let service = Arc::new(Service { runtime: Arc::clone(&runtime), router, scheme: scheme.clone(), validation });
        let (stop, stopped) = watch::channel(false);
        let server = tokio::spawn(Server::new(service, tls).serve(listener, stopped, drain));
        let metrics = match metrics_listener.zip(registry) {
            Some((listener, registry)) => Some(MetricsServer::start(listener, registry, Arc::clone(&runtime))?),
            None => None,
        };
        Ok(Self { addr, scheme, runtime, stop, server, metrics })
    }

    /// Returns the address being served, with the real port.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns the address at which `GET /metrics` is served, with the real port.
    pub fn metrics_addr(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(MetricsServer::addr)
    }

    /// Returns the base URL, without a slash at the end: `http://127.0.0.1:3000`.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.addr)
    }

    /// Returns the public routes in the manifest's order, each with the id of its component (or of its trigger, for a static response).
    pub fn routes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.runtime.app.http.iter().filter_map(|trigger| {
            let Route::Public(route) = &trigger.route else { return None };
            let target = match &trigger.target {
                Target::Component(component) => component,
                Target::Static(_) => &trigger.id,
            };
            Some((route.as_str(), target.as_str()))
        })
    }

    /// Returns the counters of the host.
    pub fn counts(&self) -> Counts {
        self.runtime.counts()
    }

    /// Stops accepting connections, completes the requests in flight and the work of guests after their response, and writes out
    /// the components' output; all that for at most [`Limits::drain`](crate::Limits::drain), then cuts off the rest.
    pub async fn shutdown(self) {
        let drain = self.runtime.limits.drain;
        let deadline = tokio::time::Instant::now() + drain;
        self.stop.send_replace(true);
        // A server task that panicked has no requests in flight.
        let answered = self.server.await.unwrap_or(false);
        let rest = deadline.saturating_duration_since(tokio::time::Instant::now());
        let finished = self.runtime.background.drain(rest).await;
        if !(answered && finished) {
            tracing::warn!("requests were still running after {drain:?} and were cut off");
        }
        tracing::debug!("stopped after {:?}", self.runtime.counts());
        self.runtime.flush(drain).await;
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("url", &self.url()).finish_non_exhaustive()
    }
}

async fn bind(addr: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(addr).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            anyhow!("{addr} is already in use: stop the other process or choose another --listen")
        }
        _ => anyhow!("cannot listen on {addr}: {error}"),
    })
}
