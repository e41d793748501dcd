//! An embedded host for Spin applications: reads a `spin.toml`, runs its components on wasmtime (WASI 0.2 and 0.3) for HTTP or for Redis triggers,
//! and implements Spin's interfaces for them. For tests, for development without the `spin` CLI, and for benches.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use spindle_host::{Host, HostOptions};
//!
//! let host = Host::start(HostOptions::new("spin.toml")).await?;
//! println!("{}/healthz", host.url());
//! host.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! The layers, each of which depends only on those before it: [`app`] (the content of the manifest; no wasmtime), `stores` (databases and
//! key-value stores), `interfaces` (the WIT interfaces over them), `http` (the client), `telemetry` and `logs` (the lines of components, with the metrics and spans in them), `runtime` (instances, their limits and
//! their requests), `server` (inbound requests), and [`Host`] and [`RedisConsumer`] over all of them.

pub mod app;
mod assembly;
mod bindings;
mod counters;
mod engine;
mod failpoints;
mod host;
mod http;
mod interfaces;
mod logs;
mod options;
mod redis_consumer;
mod runtime;
mod server;
mod startup;
mod stores;
mod telemetry;
mod tls;
mod trace;
mod world;

pub use counters::Counts;
pub use failpoints::FailpointOptions;
pub use host::Host;
pub use logs::init_events;
pub use options::{
    HostOptions, Limits, LogFormat, LogTarget, TelemetryOptions, TlsFiles, TraceOptions, default_state_dir,
};
pub use redis_consumer::RedisConsumer;
pub use startup::{RunningApp, start};
