//! Starting an application, whichever triggers it has.

use std::sync::Arc;

use anyhow::Result;

use crate::app::{App, LoadOptions};
use crate::boundaries::Boundaries;
use crate::engine;
use crate::host::Host;
use crate::listener::Listener;
use crate::logs;
use crate::options::HostOptions;
use crate::runtime::{self, Origin, Runtime};
use crate::stores::Stores;

/// A running application.
#[derive(Debug)]
pub enum Running {
    /// One that answers requests.
    Http(Host),
    /// One that hears messages.
    Redis(Listener),
}

/// Loads and starts the application.
///
/// # Errors
///
/// As [`Host::start`]; or a Redis server that cannot be reached.
pub async fn start(options: HostOptions) -> Result<Running> {
    let app = App::load(&options.manifest, &load_options(&options))?;
    for warning in &app.warnings {
        tracing::warn!("{warning}");
    }
    if app.redis.is_empty() {
        return Host::serve(app, options).await.map(Running::Http);
    }
    let runtime = Arc::new(prepare(app, options, None).await?);
    Listener::start(runtime).await.map(Running::Redis)
}

/// Opens the stores of `app` and compiles its components; `origin` is where it is served.
pub(crate) async fn prepare(app: App, options: HostOptions, origin: Option<Origin>) -> Result<Runtime> {
    let stores = Stores::open(&app.runtime, options.limits.timeout)?;
    let engine = engine::engine(&options.limits, options.cache_dir.as_deref(), options.count_instructions)?;
    let logs = logs::start((options.stdout, options.stdout_format), (options.stderr, options.stderr_format))?;
    let boundaries = options.boundaries.map(|options| Arc::new(Boundaries::new(options)));
    runtime::load(Arc::new(app), &stores, engine, options.limits, logs, origin, boundaries).await
}

fn load_options(options: &HostOptions) -> LoadOptions {
    LoadOptions {
        runtime_config: options.runtime_config.clone(),
        state_dir: options.state_dir.clone(),
        env_file: options.env_file.clone(),
        only: Vec::new(),
    }
}
