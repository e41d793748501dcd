//! Starts an application, with triggers of either kind.

use std::sync::Arc;

use anyhow::Result;

use crate::assembly::{load_app, prepare};
use crate::host::Host;
use crate::options::HostOptions;
use crate::redis_consumer::RedisConsumer;

/// A running application.
#[derive(Debug)]
pub enum RunningApp {
    /// An application with HTTP triggers.
    Http(Host),
    /// An application with Redis triggers.
    Redis(RedisConsumer),
}

/// Loads and starts the application.
///
/// # Errors
///
/// Those of [`Host::start`]; or a Redis server that cannot be reached.
pub async fn start(options: HostOptions) -> Result<RunningApp> {
    let app = load_app(&options)?;
    if app.redis.is_empty() {
        return Host::serve(app, options).await.map(RunningApp::Http);
    }
    let runtime = Arc::new(prepare(app, options, None, None).await?);
    RedisConsumer::start(runtime).await.map(RunningApp::Redis)
}
