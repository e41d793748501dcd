//! The load generators. In a closed loop, a connection sends its next request after the response to the last one: this measures the capacity of a
//! server. At a fixed rate, it sends each request at its time: this measures the latency that a client sees while the server has other work.

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

/// A request that is sent repeatedly. The function receives a number that is different in each request.
#[derive(Clone)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) expected: StatusCode,
    pub(crate) request: Arc<dyn Fn(u64) -> Request<Full<Bytes>> + Send + Sync>,
}

impl Operation {
    /// Builds the next request.
    fn next(&self) -> Request<Full<Bytes>> {
        // Shared by all runs, so that no write repeats an earlier one.
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        (self.request)(NUMBER.fetch_add(1, Ordering::Relaxed))
    }
}

/// The distribution of latencies, in nanoseconds.
pub(crate) type Latency = Histogram<u64>;

/// Returns an empty histogram.
pub(crate) fn empty_histogram() -> Latency {
    Histogram::new(3).expect("three digits are possible")
}

/// The result of one run.
#[derive(Clone, Debug)]
pub(crate) struct LoadResult {
    pub(crate) requests_per_second: f64,
    pub(crate) latency: Latency,
}

/// Loads the server at `address` from `connections` connections for `time`.
///
/// # Errors
///
/// If a connection fails or a response is not the expected one: figures of errors are worthless.
pub(crate) async fn load(
    address: SocketAddr,
    operation: &Operation,
    connections: usize,
    time: Duration,
) -> Result<LoadResult> {
    let opened = open(address, connections).await?;
    let start = Instant::now();
    let latency = run_concurrently(opened, |_, mut connection| {
        let operation = operation.clone();
        async move {
            let mut latency = empty_histogram();
            while start.elapsed() < time {
                latency.record(connection.measure(&operation).await?)?;
            }
            Ok(latency)
        }
    })
    .await?;
    let seconds = start.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "no run has 2^53 requests")]
    let requests_per_second = latency.len() as f64 / seconds;
    Ok(LoadResult { requests_per_second, latency })
}

/// Sends `operation` to the server at `address` at the rate `per_second`, from `connections` connections in turn, for `time`. The latency of a
/// request that is due while its connection is still waiting for a response counts from the time when it was due; a late wake-up of this process
/// does not count, since the server did not cause it.
///
/// # Errors
///
/// As [`load`].
pub(crate) async fn paced(
    address: SocketAddr,
    operation: &Operation,
    connections: u32,
    per_second: u32,
    time: Duration,
) -> Result<Latency> {
    let opened = open(address, connections as usize).await?;
    let (start, step) = (Instant::now(), Duration::from_secs(1) / per_second);
    run_concurrently(opened, |index, mut connection| {
        let operation = operation.clone();
        async move {
            let mut latency = empty_histogram();
            let mut due = start + step * index;
            while due < start + time {
                let late = due.elapsed();
                tokio::time::sleep_until(due.into()).await;
                latency.record(connection.measure(&operation).await? + nanos(late))?;
                due += step * connections;
            }
            Ok(latency)
        }
    })
    .await
}

/// The number of requests that [`alternate`] sends for an operation before the next operation: enough that the caches hold the data that it needs,
/// and few enough to take only some milliseconds.
const BURST: usize = 20;

/// Sends each of `operations` to its server, in turn for `time` and in another order each time, so that a change of the machine affects all of
/// them. Returns the latencies of each, in their order.
///
/// # Errors
///
/// As [`load`].
pub(crate) async fn alternate(operations: &[(SocketAddr, Operation)], time: Duration) -> Result<Vec<Latency>> {
    let mut connections = Vec::with_capacity(operations.len());
    for (address, _) in operations {
        connections.push(Connection::open(*address).await?);
    }
    let mut latencies: Vec<Latency> = operations.iter().map(|_| empty_histogram()).collect();
    let mut order: Vec<usize> = (0..operations.len()).collect();
    let mut rng = 0x9E37_79B9_7F4A_7C15_u64;
    let start = Instant::now();
    while start.elapsed() < time {
        for last in (1..order.len()).rev() {
            // Xorshift: every order is fine, as long as it changes.
            rng ^= rng << 13;
            rng ^= rng >> 7;
            rng ^= rng << 17;
            order.swap(last, usize::try_from(rng % (last as u64 + 1))?);
        }
        for &index in &order {
            for _ in 0..BURST {
                latencies[index].record(connections[index].measure(&operations[index].1).await?)?;
            }
        }
    }
    Ok(latencies)
}

/// Runs `work` for each of `connections` concurrently, with its index, and merges the latencies.
pub(crate) async fn run_concurrently<F: Future<Output = Result<Latency>> + Send + 'static>(
    connections: Vec<Connection>,
    work: impl Fn(u32, Connection) -> F,
) -> Result<Latency> {
    let mut tasks: JoinSet<Result<Latency>> =
        (0..).zip(connections).map(|(index, connection)| work(index, connection)).collect();
    let mut sum = empty_histogram();
    while let Some(finished) = tasks.join_next().await {
        sum.add(finished??)?;
    }
    Ok(sum)
}

/// Opens `count` connections to `address`.
///
/// # Errors
///
/// If one cannot be opened.
pub(crate) async fn open(address: SocketAddr, count: usize) -> Result<Vec<Connection>> {
    let mut connections = Vec::with_capacity(count);
    for _ in 0..count {
        connections.push(Connection::open(address).await?);
    }
    Ok(connections)
}

/// A keep-alive connection.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // The task ends with the sender; an error of the connection fails the request that it breaks.
        tokio::spawn(connection);
        Ok(Self { sender })
    }

    /// Sends `operation`, and returns the nanoseconds until its response.
    ///
    /// # Errors
    ///
    /// As [`load`].
    pub(crate) async fn measure(&mut self, operation: &Operation) -> Result<u64> {
        let request = operation.next();
        let sent = Instant::now();
        self.send(request, operation.expected).await.with_context(|| operation.name)?;
        Ok(nanos(sent.elapsed()))
    }

    async fn send(&mut self, request: Request<Full<Bytes>>, expected: StatusCode) -> Result<()> {
        self.sender.ready().await?;
        let response = self.sender.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(status == expected, "the status is {status} instead of {expected}: {}", String::from_utf8_lossy(&body));
        Ok(())
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
