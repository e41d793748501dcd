//! What logging in takes, and what it takes from others: the hash of a password keeps a core busy for most of a tenth of a second.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;
use tokio::sync::Barrier;

use crate::load::{self, Latency, Operation, latency};
use crate::people::PASSWORD;
use crate::report::{Quantiles, millis};
use crate::requests;
use std::sync::Arc;

/// The read whose slowing down is measured: so many requests a second, on so many connections.
const RATE: u32 = 200;
const CONNECTIONS: u32 = 2;

/// Logins of different people at once.
#[derive(Debug, Serialize)]
pub(crate) struct Logins {
    pub(crate) at_once: usize,
    pub(crate) logins: u64,
    #[serde(flatten)]
    pub(crate) took: Quantiles,
}

/// A read at a fixed rate, with and without logins going on.
#[derive(Debug, Serialize)]
pub(crate) struct Slowdown {
    pub(crate) reads_per_second: u32,
    pub(crate) connections: u32,
    pub(crate) logins_at_once: usize,
    pub(crate) alone: Quantiles,
    pub(crate) during_logins: Quantiles,
    /// What a login took meanwhile, in the middle.
    pub(crate) login_p50_ms: f64,
}

/// Lets everybody in `emails` log in at once, wait for the others, and log in again, `rounds` times in all.
///
/// # Errors
///
/// If a login is refused.
pub(crate) async fn measure(address: SocketAddr, emails: &[String], rounds: usize) -> Result<Logins> {
    let barrier = Arc::new(Barrier::new(emails.len()));
    let operations = operations(emails);
    let latency = load::together(load::open(address, emails.len()).await?, |index, mut connection| {
        let (operation, barrier) = (operations[index as usize].clone(), Arc::clone(&barrier));
        async move {
            let mut latency = latency();
            for _ in 0..rounds {
                barrier.wait().await;
                latency.record(connection.ask(&operation).await?)?;
            }
            Ok(latency)
        }
    })
    .await?;
    Ok(Logins { at_once: emails.len(), logins: latency.len(), took: Quantiles::of(&latency) })
}

/// What becomes of `read` while everybody in `emails` logs in over and over.
///
/// # Errors
///
/// If an answer is not the expected one.
pub(crate) async fn slowdown(
    address: SocketAddr,
    read: &Operation,
    emails: &[String],
    time: Duration,
) -> Result<Slowdown> {
    // Time for the logins to be under way when the reads begin, and to be still there when they end.
    let margin = Duration::from_millis(300);
    let reads = load::paced(address, read, CONNECTIONS, RATE, time).await?;
    let logins = tokio::spawn(log_in_until(address, operations(emails), Instant::now() + time + margin * 2));
    tokio::time::sleep(margin).await;
    let during = load::paced(address, read, CONNECTIONS, RATE, time).await?;
    let logins = logins.await??;
    Ok(Slowdown {
        reads_per_second: RATE,
        connections: CONNECTIONS,
        logins_at_once: emails.len(),
        alone: Quantiles::of(&reads),
        during_logins: Quantiles::of(&during),
        login_p50_ms: millis(logins.value_at_quantile(0.5)),
    })
}

async fn log_in_until(address: SocketAddr, operations: Vec<Operation>, end: Instant) -> Result<Latency> {
    load::together(load::open(address, operations.len()).await?, |index, mut connection| {
        let operation = operations[index as usize].clone();
        async move {
            let mut latency = latency();
            while Instant::now() < end {
                latency.record(connection.ask(&operation).await?)?;
            }
            Ok(latency)
        }
    })
    .await
}

fn operations(emails: &[String]) -> Vec<Operation> {
    emails.iter().map(|email| requests::log_in(email, PASSWORD)).collect()
}
