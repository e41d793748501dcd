//! Assembles an application from its options: reads the manifest, opens the stores, compiles the components.

use std::sync::Arc;

use anyhow::Result;
use prometheus_client::registry::Registry;

use crate::app::{App, LoadOptions};
use crate::engine;
use crate::failpoints::Failpoints;
use crate::logs;
use crate::options::HostOptions;
use crate::runtime::{self, Observation, Origin, Runtime};
use crate::stores::{self, Stores};
use crate::telemetry::{self, LineMetrics, Observer};
use crate::world;

/// Reads and checks the application, and logs its warnings.
pub(crate) fn load_app(options: &HostOptions) -> Result<App> {
    let app = App::load(&options.manifest, &load_options(options))?;
    for warning in &app.warnings {
        tracing::warn!("{warning}");
    }
    Ok(app)
}

/// Opens the stores of `app` and compiles its components; `origin` is the origin at which it is served. The metrics of requests are added to `metrics`.
pub(crate) async fn prepare(
    app: App,
    options: HostOptions,
    origin: Option<Origin>,
    metrics: Option<&mut Registry>,
) -> Result<Runtime> {
    let base = options.runtime_config.as_deref().and_then(stores::folder_of);
    stores::restrict_folders(&app.runtime, base.as_deref(), &options.state_dir);
    let stores = Stores::open(&app.runtime, options.limits.timeout)?;
    let concurrent = app.components.iter().any(|component| world::is_service(&component.source));
    let engine = engine::engine(&options.limits, options.cache_dir.as_deref(), options.count_instructions, concurrent)?;
    let counts_calls = metrics.is_some();
    let (queue, span_export) = options.telemetry.traces.as_ref().map(telemetry::start_export).transpose()?.unzip();
    let requests = metrics.map(LineMetrics::new);
    let observer = (requests.is_some() || queue.is_some()).then(|| Observer::new(requests, queue));
    let outputs = ((options.stdout, options.stdout_format), (options.stderr, options.stderr_format));
    let logs = logs::start(outputs.0, outputs.1, observer)?;
    let failpoints = options.failpoints.map(|options| Arc::new(Failpoints::new(options)));
    let observation = Observation { logs, span_export, counts_calls };
    runtime::load(Arc::new(app), stores, engine, options.limits, observation, origin, failpoints).await
}

fn load_options(options: &HostOptions) -> LoadOptions {
    LoadOptions {
        runtime_config: options.runtime_config.clone(),
        state_dir: options.state_dir.clone(),
        env_file: options.env_file.clone(),
        only: Vec::new(),
    }
}
