//! A running host: start it, ask where it is, stop it.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use http::uri::{Authority, Scheme};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::{App, Route, Router, Target};
use crate::counters::Counts;
use crate::http::server::Server;
use crate::http::service::Service;
use crate::options::HostOptions;
use crate::running::{Running, prepare, start};
use crate::runtime::{Origin, Runtime};
use crate::tls;

/// A running application with HTTP triggers.
///
/// Dropping it stops it without waiting; [`shutdown`](Self::shutdown) returns when the requests in flight are answered.
pub struct Host {
    addr: SocketAddr,
    scheme: Scheme,
    runtime: Arc<Runtime>,
    stop: watch::Sender<bool>,
    server: JoinHandle<bool>,
}

impl Host {
    /// Loads the application, binds the address and starts to serve. When it returns, requests are answered.
    ///
    /// Must be called on a tokio runtime, best a multi-threaded one: a guest that computes occupies a worker.
    ///
    /// # Errors
    ///
    /// One line that names what is wrong: the address is taken, a key of the manifest or the runtime config is not supported,
    /// a component is missing or does not fit, a store cannot be opened.
    pub async fn start(options: HostOptions) -> Result<Self> {
        match start(options).await? {
            Running::Http(host) => Ok(host),
            Running::Redis(_) => bail!("the application has Redis triggers, and nothing to serve"),
        }
    }

    /// Serves `app`, which has HTTP triggers.
    pub(crate) async fn serve(app: App, options: HostOptions) -> Result<Self> {
        let listener = bind(options.listen).await?;
        let addr = listener.local_addr().context("cannot tell the address being served")?;
        let tls = options.tls.as_ref().map(tls::acceptor).transpose()?;
        let scheme = if tls.is_some() { Scheme::HTTPS } else { Scheme::HTTP };
        let router = Router::new(&app.http)?;
        let origin = Origin {
            scheme: scheme.clone(),
            authority: Authority::try_from(addr.to_string()).context("cannot name the address being served")?,
        };
        let drain = options.limits.drain;
        let runtime = Arc::new(prepare(app, options, Some(origin)).await?);
        let service = Arc::new(Service { runtime: Arc::clone(&runtime), router, scheme: scheme.clone() });
        let (stop, stopped) = watch::channel(false);
        let server = tokio::spawn(Server::new(service, tls).serve(listener, stopped, drain));
        Ok(Self { addr, scheme, runtime, stop, server })
    }

    /// The address being served, with the real port.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The base URL, without a slash at the end: `http://127.0.0.1:3000`.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.addr)
    }

    /// The public routes in the manifest's order, each with the id of its component (or of its trigger, for a static response).
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

    /// What the host has done so far.
    pub fn counts(&self) -> Counts {
        self.runtime.counters.snapshot()
    }

    /// Stops taking connections, answers the requests in flight, lets guests finish what they do after their response, and
    /// writes out what they printed; all that for at most [`Limits::drain`](crate::Limits::drain), then cuts off the rest.
    pub async fn shutdown(self) {
        let drain = self.runtime.limits.drain;
        let deadline = tokio::time::Instant::now() + drain;
        self.stop.send_replace(true);
        // A server task that panicked has nothing left to drain.
        let answered = self.server.await.unwrap_or(false);
        let rest = deadline.saturating_duration_since(tokio::time::Instant::now());
        let finished = self.runtime.background.drain(rest).await;
        if !(answered && finished) {
            tracing::warn!("requests were still running after {drain:?} and were cut off");
        }
        self.runtime.logs.flush().await;
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
