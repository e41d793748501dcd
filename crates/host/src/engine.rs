//! The wasmtime engine: pooled instances, the cache of compiled code, and the clock that interrupts busy guests.

use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};
use wasmtime::{Cache, CacheConfig, Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::options::Limits;

/// The interval at which a guest that never calls the host yields. It bounds how late a timeout is noticed, and how long a finished
/// response can wait for a guest that continues to compute.
const EPOCH_INTERVAL: Duration = Duration::from_millis(10);

/// The memory that a slot of the pool keeps mapped between two requests: page faults are expensive in virtual machines.
const KEEP_RESIDENT: usize = 256 << 10;

/// The same for linear memory where the kernel (Linux 6.7) reports the touched pages, so that only these are reset. Without that report
/// the lowest addresses are reset as a whole, which in a Rust guest is mostly unused stack: the report halves the cost of a request.
const KEEP_RESIDENT_SCANNED: usize = 1 << 20;

/// Instances that a slot count must cover for each admitted request: the request's own, and chained ones below it.
const INSTANCES_PER_REQUEST: u32 = 4;

/// Core instances in a component: a Rust one has four (module, adapter, two shims), and each dependency adds its own.
const CORE_INSTANCES_PER_COMPONENT: u32 = 64;

/// Builds the engine. With `cache_dir`, compiled code is kept there under a key of content, wasmtime version and settings. With
/// `count_instructions`, the compiled code counts what it executes (wasmtime's fuel), which makes it slower. `concurrent` runs components in the
/// world of WASI 0.3 too.
///
/// # Errors
///
/// If the cache folder cannot be used, or the machine refuses the address space for the pool.
pub(crate) fn engine(
    limits: &Limits,
    cache_dir: Option<&Path>,
    count_instructions: bool,
    concurrent: bool,
) -> Result<Engine> {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        .consume_fuel(count_instructions)
        .memory_init_cow(true)
        // The bookkeeping for concurrent guests would be set up for each request of WASI 0.2 without need.
        .concurrency_support(concurrent)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)));
    if let Some(dir) = cache_dir {
        config.cache(Some(cache(dir)?));
    }
    Engine::new(&config).map_err(|error| anyhow!("cannot set up the WebAssembly engine: {error:#}"))
}

fn pool(limits: &Limits) -> PoolingAllocationConfig {
    let instances = limits.concurrency.saturating_mul(INSTANCES_PER_REQUEST);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        .total_stacks(instances)
        .total_core_instances(instances.saturating_mul(8))
        .total_memories(instances.saturating_mul(2))
        .total_tables(instances.saturating_mul(4))
        .max_core_instances_per_component(CORE_INSTANCES_PER_COMPONENT)
        .max_component_instance_size(4 << 20)
        .max_core_instance_size(4 << 20)
        .table_elements(100_000)
        .max_memory_size(limits.memory_bytes)
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(KEEP_RESIDENT)
        .async_stack_keep_resident(KEEP_RESIDENT);
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        pool.pagemap_scan(Enabled::Yes).linear_memory_keep_resident(KEEP_RESIDENT_SCANNED);
    }
    pool
}

fn cache(dir: &Path) -> Result<Cache> {
    // wasmtime takes absolute paths only.
    let dir = std::path::absolute(dir).with_context(|| format!("cannot use {} as cache", dir.display()))?;
    let mut config = CacheConfig::new();
    config.with_directory(&dir);
    Cache::new(config).map_err(|error| anyhow!("cannot use {} as cache: {error:#}", dir.display()))
}

/// Advances the engine's epoch until it is dropped.
#[derive(Debug)]
pub(crate) struct EpochClock {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl EpochClock {
    /// Starts the clock of `engine`.
    ///
    /// # Errors
    ///
    /// If the thread cannot be started.
    pub(crate) fn start(engine: &Engine) -> Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let engine = engine.weak();
        let thread = thread::Builder::new()
            .name("epoch".into())
            .spawn(move || {
                while matches!(stopped.recv_timeout(EPOCH_INTERVAL), Err(RecvTimeoutError::Timeout)) {
                    let Some(engine) = engine.upgrade() else { return };
                    engine.increment_epoch();
                }
            })
            .context("cannot start the epoch clock")?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for EpochClock {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A clock that panicked has nothing left to stop.
            let _ = thread.join();
        }
    }
}
