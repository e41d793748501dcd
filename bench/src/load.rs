//! The load generator: some connections, each of which sends its next request when the last one is answered (a closed
//! loop), and a histogram of how long the answers took.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use hdrhistogram::Histogram;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// What is sent over and over. The function gets a number that is different in each request.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) expected: StatusCode,
    pub(crate) request: Arc<dyn Fn(u64) -> Request<Full<Bytes>> + Send + Sync>,
}

/// What one run showed.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) requests_per_second: f64,
    /// Microseconds.
    pub(crate) latency: Histogram<u64>,
}

/// Loads the server at `address` from `connections` connections for `time`.
///
/// # Errors
///
/// If a connection fails or an answer is not the expected one: figures of errors are worth nothing.
pub(crate) async fn load(
    address: SocketAddr,
    operation: &Operation,
    connections: usize,
    time: Duration,
) -> Result<Outcome> {
    // Shared by all runs, so that no write repeats an earlier one.
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let mut senders = Vec::with_capacity(connections);
    for _ in 0..connections {
        senders.push(connect(address).await?);
    }
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for mut sender in senders {
        let operation = operation.clone();
        tasks.spawn(async move {
            let mut latency = Histogram::<u64>::new(3)?;
            while start.elapsed() < time {
                let request = (operation.request)(NUMBER.fetch_add(1, Ordering::Relaxed));
                let sent = Instant::now();
                send(&mut sender, request, operation.expected).await.with_context(|| operation.name)?;
                latency.record(u64::try_from(sent.elapsed().as_micros())?)?;
            }
            anyhow::Ok(latency)
        });
    }
    let mut latency = Histogram::new(3)?;
    while let Some(finished) = tasks.join_next().await {
        latency.add(finished??)?;
    }
    let seconds = start.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "nobody makes 2^53 requests")]
    let requests_per_second = latency.len() as f64 / seconds;
    Ok(Outcome { requests_per_second, latency })
}

async fn connect(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // It ends with the sender; an error shows in the request that it breaks.
    tokio::spawn(connection);
    Ok(sender)
}

async fn send(
    sender: &mut SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
    expected: StatusCode,
) -> Result<()> {
    sender.ready().await?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    ensure!(status == expected, "answered {status} instead of {expected}: {}", String::from_utf8_lossy(&body));
    Ok(())
}
