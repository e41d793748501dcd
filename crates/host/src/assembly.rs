//! Assembles an application from its options: reads the manifest, opens the stores, compiles the components.

use std::sync::Arc;

use anyhow::Result;

use crate::app::{App, LoadOptions};
use crate::engine;
use crate::failpoints::Failpoints;
use crate::logs;
use crate::options::HostOptions;
use crate::runtime::{self, Origin, Runtime};
use crate::stores::{self, Stores};
use crate::world;

/// Reads and checks the application, and logs its warnings.
pub(crate) fn load_app(options: &HostOptions) -> Result<App> {
    let app = App::load(&options.manifest, &load_options(options))?;
    for warning in &app.warnings {
        tracing::warn!("{warning}");
    }
    Ok(app)
}

/// Opens the stores of `app` and compiles its components; `origin` is the origin at which it is served.
pub(crate) async fn prepare(app: App, options: HostOptions, origin: Option<Origin>) -> Result<Runtime> {
    let base = options.runtime_config.as_deref().and_then(stores::folder_of);
    stores::restrict_folders(&app.runtime, base.as_deref(), &options.state_dir);
    let stores = Stores::open(&app.runtime, options.limits.timeout)?;
    let concurrent = app.components.iter().any(|component| world::is_service(&component.source));
    let engine = engine::engine(&options.limits, options.cache_dir.as_deref(), options.count_instructions, concurrent)?;
    let logs = logs::start((options.stdout, options.stdout_format), (options.stderr, options.stderr_format))?;
    let failpoints = options.failpoints.map(|options| Arc::new(Failpoints::new(options)));
    runtime::load(Arc::new(app), stores, engine, options.limits, logs, origin, failpoints).await
}

fn load_options(options: &HostOptions) -> LoadOptions {
    LoadOptions {
        runtime_config: options.runtime_config.clone(),
        state_dir: options.state_dir.clone(),
        env_file: options.env_file.clone(),
        only: Vec::new(),
    }
}
