//! An embedded host for Spin applications: reads a `spin.toml`, runs its components on wasmtime (WASI 0.2) for HTTP or for Redis triggers,
//! and offers them what Spin offers. For tests, for development where the `spin` CLI is not installed, and for benches.
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
//! The layers, each knowing only those above it: [`app`] (what the manifest says; no wasmtime), `stores` (databases and
//! key-value stores), `interfaces` (the WIT interfaces over them), `runtime` (instances and their limits), `http` (the server,
//! and what guests send out), and [`Host`] and [`Listener`] over all of them.

pub mod app;
mod bindings;
mod boundaries;
mod counters;
mod engine;
mod host;
mod http;
mod interfaces;
mod listener;
mod logs;
mod options;
mod running;
mod runtime;
mod stores;
mod tls;

pub use boundaries::BoundaryOptions;
pub use counters::Counts;
pub use host::Host;
pub use listener::Listener;
pub use logs::init_events;
pub use options::{HostOptions, Limits, LogFormat, LogTarget, TlsFiles, default_state_dir};
pub use running::{Running, start};
