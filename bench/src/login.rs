//! The latency of logins, and the slowdown that they cause: the hash of a password keeps a core busy for most of a tenth of a second.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;
use tokio::sync::Barrier;

use crate::accounts::PASSWORD;
use crate::load::{self, Latency, Operation, empty_histogram};
use crate::report::{Quantiles, millis};
use crate::requests;
use std::sync::Arc;

/// The rate of the read whose slowdown is measured, in requests a second, and the connections that share it.
const RATE: u32 = 200;
const CONNECTIONS: u32 = 2;

/// Logins of different customers at once.
#[derive(Debug, Serialize)]
pub(crate) struct Logins {
    /// The number of customers.
    pub(crate) concurrency: usize,
    pub(crate) logins: u64,
    #[serde(flatten)]
    pub(crate) latency: Quantiles,
}

/// A read at a fixed rate, without and with concurrent logins.
#[derive(Debug, Serialize)]
pub(crate) struct Slowdown {
    pub(crate) reads_per_second: u32,
    pub(crate) connections: u32,
    pub(crate) concurrent_logins: usize,
    pub(crate) alone: Quantiles,
    pub(crate) during_logins: Quantiles,
    /// The latency of these logins.
    pub(crate) login_p50_ms: f64,
}

/// Measures logins of all of `emails` at once, `rounds` times: each customer waits for the others before the next login.
///
/// # Errors
///
/// If a login is refused.
pub(crate) async fn measure(address: SocketAddr, emails: &[String], rounds: usize) -> Result<Logins> {
    let barrier = Arc::new(Barrier::new(emails.len()));
    let operations = operations(emails);
    let latency = load::run_concurrently(load::open(address, emails.len()).await?, |index, mut connection| {
        let (operation, barrier) = (operations[index as usize].clone(), Arc::clone(&barrier));
        async move {
            let mut latency = empty_histogram();
            for _ in 0..rounds {
                barrier.wait().await;
                latency.record(connection.measure(&operation).await?)?;
            }
            Ok(latency)
        }
    })
    .await?;
    Ok(Logins { concurrency: emails.len(), logins: latency.len(), latency: Quantiles::of(&latency) })
}

/// Measures `read` for `time` alone, and for `time` while all of `emails` log in repeatedly.
///
/// # Errors
///
/// If a response is not the expected one.
pub(crate) async fn slowdown(
    address: SocketAddr,
    read: &Operation,
    emails: &[String],
    time: Duration,
) -> Result<Slowdown> {
    // Logins start before the reads and end after them.
    let margin = Duration::from_millis(300);
    let reads = load::paced(address, read, CONNECTIONS, RATE, time).await?;
    let logins = tokio::spawn(log_in_until(address, operations(emails), Instant::now() + time + margin * 2));
    tokio::time::sleep(margin).await;
    let during = load::paced(address, read, CONNECTIONS, RATE, time).await?;
    let logins = logins.await??;
    Ok(Slowdown {
        reads_per_second: RATE,
        connections: CONNECTIONS,
        concurrent_logins: emails.len(),
        alone: Quantiles::of(&reads),
        during_logins: Quantiles::of(&during),
        login_p50_ms: millis(logins.value_at_quantile(0.5)),
    })
}

async fn log_in_until(address: SocketAddr, operations: Vec<Operation>, end: Instant) -> Result<Latency> {
    load::run_concurrently(load::open(address, operations.len()).await?, |index, mut connection| {
        let operation = operations[index as usize].clone();
        async move {
            let mut latency = empty_histogram();
            while Instant::now() < end {
                latency.record(connection.measure(&operation).await?)?;
            }
            Ok(latency)
        }
    })
    .await
}

fn operations(emails: &[String]) -> Vec<Operation> {
    emails.iter().map(|email| requests::log_in(email, PASSWORD)).collect()
}
