//! Loads an application: compiles its components in parallel, stages their files, links them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use wasmtime::Engine;
use wasmtime::component::{self, Linker};

use super::background::Background;
use super::low_priority::LowPriorityPool;
use super::state;
use super::{LoadedComponent, Origin, Runtime};
use crate::app::{App, Component};
use crate::counters::Counters;
use crate::engine::EpochClock;
use crate::failpoints::Failpoints;
use crate::http::client::OutboundClient;
use crate::interfaces::Rights;
use crate::logs::LogSink;
use crate::options::Limits;
use crate::stores::Stores;
use crate::telemetry::SpanExport;

/// A compilation that takes longer than this is logged.
const PATIENCE: Duration = Duration::from_millis(500);

/// The time between two log lines about components that are still being compiled.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(10);

/// The places where the host reports what components print and do.
pub(crate) struct Observation {
    /// The log.
    pub(crate) logs: LogSink,
    /// The export of spans, if there is one.
    pub(crate) span_export: Option<SpanExport>,
    /// Whether the calls of components are counted.
    pub(crate) counts_calls: bool,
}

/// Compiles, links and assembles `app`.
///
/// # Errors
///
/// One line that names the component and the cause.
pub(crate) async fn load(
    app: Arc<App>,
    stores: Stores,
    engine: Engine,
    limits: Limits,
    observation: Observation,
    origin: Option<Origin>,
    failpoints: Option<Arc<Failpoints>>,
) -> Result<Runtime> {
    let mut linker = Linker::new(&engine);
    state::add_to_linker(&mut linker)?;
    let compiled = compile(&app.components, &engine).await?;
    let files = stage(&app.components)?;
    let mut components = HashMap::new();
    for (component, compiled) in app.components.iter().zip(&compiled) {
        let root = files.as_ref().map(|files| files.path().join(&component.id));
        let root = root.as_deref().filter(|_| !component.files.is_empty());
        let rights = Rights::new(&app, component, &stores, failpoints.clone());
        let blocked = &app.runtime.blocked_networks;
        let loaded = LoadedComponent::new(component, compiled, &linker, root, blocked, rights, !app.redis.is_empty())?;
        components.insert(component.id.clone(), Arc::new(loaded));
    }
    Ok(Runtime {
        client: OutboundClient::new(app.runtime.blocked_networks.clone(), app.runtime.outbound_http)?,
        counters: Counters::default(),
        stores,
        failpoints,
        admission: Arc::new(Semaphore::new(limits.concurrency as usize)),
        queued: AtomicU64::new(0),
        background: Background::new(),
        low_pool: LowPriorityPool::default(),
        app,
        limits,
        logs: observation.logs,
        span_export: observation.span_export,
        counts_calls: observation.counts_calls,
        _epoch_clock: EpochClock::start(&engine)?,
        engine,
        components,
        origin,
        _files: files,
    })
}

/// Compiles all components concurrently, or loads them from the cache; the result is in their order. Components with the same files are
/// compiled once.
async fn compile(components: &[Component], engine: &Engine) -> Result<Vec<component::Component>> {
    let started = Instant::now();
    let is_same =
        |one: &Component, other: &Component| one.source == other.source && one.dependencies == other.dependencies;
    let first_alike: Vec<usize> = components
        .iter()
        .map(|component| components.iter().position(|other| is_same(component, other)).expect("it is like itself"))
        .collect();
    let mut tasks = JoinSet::new();
    for (index, component) in components.iter().cloned().enumerate().filter(|(index, _)| first_alike[*index] == *index)
    {
        let engine = engine.clone();
        tasks.spawn_blocking(move || compile_one(&component, &engine).map(|compiled| (index, compiled)));
    }
    let mut compiled: Vec<Option<component::Component>> = vec![None; components.len()];
    let mut progress = tokio::time::interval_at((started + PATIENCE).into(), PROGRESS_INTERVAL);
    loop {
        tokio::select! {
            done = tasks.join_next() => {
                let Some(done) = done else { break };
                let (index, component) = done.context("compiling was interrupted")??;
                compiled[index] = Some(component);
            }
            _ = progress.tick() => {
                let pending = |index: &usize| first_alike[*index] == *index && compiled[*index].is_none();
                let ids: Vec<&str> = (0..components.len()).filter(pending).map(|index| components[index].id.as_str()).collect();
                let seconds = started.elapsed().as_secs();
                tracing::info!("still compiling {} after {seconds} s; the next start takes the result from the cache", ids.join(", "));
            }
        }
    }
    tracing::debug!("{} components ready after {:?}", components.len(), started.elapsed());
    Ok(first_alike.into_iter().filter_map(|index| compiled[index].clone()).collect())
}

fn compile_one(component: &Component, engine: &Engine) -> Result<component::Component> {
    let started = Instant::now();
    let wasm = component.wasm()?;
    let compiled = component::Component::new(engine, &wasm).map_err(|error| {
        anyhow!("cannot compile component {:?} ({}): {error:#}", component.id, component.source.display())
    })?;
    let took = started.elapsed();
    if took > PATIENCE {
        tracing::info!(component = %component.id, "compiled in {:.1} s", took.as_secs_f64());
    }
    Ok(compiled)
}

/// Copies the files of each component into a separate folder, as Spin does, so that a guest sees exactly the files that the manifest
/// lists, as they were at start.
fn stage(components: &[Component]) -> Result<Option<TempDir>> {
    if components.iter().all(|component| component.files.is_empty()) {
        return Ok(None);
    }
    let root = TempDir::with_prefix("spindle-files-").context("cannot make a folder for the components' files")?;
    for component in components {
        let folder: PathBuf = root.path().join(&component.id);
        for file in &component.files {
            stage_one(file, &folder)
                .with_context(|| format!("cannot mount the files of component {:?}", component.id))?;
        }
    }
    Ok(Some(root))
}

fn stage_one(file: &crate::app::FileMount, folder: &Path) -> Result<()> {
    file.stage(folder)
}
