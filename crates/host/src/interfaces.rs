//! What a guest may touch beside WASI: the implementations of Spin's interfaces, and the [`Capabilities`] they check.

mod key_value;
mod outbound_redis;
mod sqlite;
#[cfg(test)]
mod tests;
mod variables;
mod wasi_key_value;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::component::{HasSelf, Linker, ResourceTable};

use crate::app::{App, Component};
use crate::bindings::{fermyon, wasi};
use crate::boundaries::Boundaries;
use crate::stores::Stores;
use crate::stores::key_value::KeyValueStore;
use crate::stores::sqlite::Database;

/// How long a guest may go on without letting others run. Its response must get out while it works on, and in the end every host
/// call can be one that never waits for anything.
const SLICE: Duration = Duration::from_micros(500);

/// What one component may touch. Made once, when the application starts.
#[derive(Debug)]
pub(crate) struct Rights {
    app: Arc<App>,
    component: Component,
    databases: BTreeMap<String, Arc<Database>>,
    key_value_stores: BTreeMap<String, Arc<KeyValueStore>>,
    boundaries: Option<Arc<Boundaries>>,
}

impl Rights {
    /// The rights that the manifest gives a component, over the stores of its application.
    pub(crate) fn new(
        app: &Arc<App>,
        component: &Component,
        stores: &Stores,
        boundaries: Option<Arc<Boundaries>>,
    ) -> Self {
        Self {
            app: Arc::clone(app),
            component: component.clone(),
            databases: (component.sqlite_databases.iter())
                .filter_map(|label| Some((label.clone(), stores.database(label)?)))
                .collect(),
            key_value_stores: (component.key_value_stores.iter())
                .filter_map(|label| Some((label.clone(), stores.key_value(label)?)))
                .collect(),
            boundaries,
        }
    }
}

/// The rights of one instance and what it holds open. Making one allocates nothing; dropping it rolls back and closes all.
#[derive(Debug)]
pub(crate) struct Capabilities {
    rights: Arc<Rights>,
    open: ResourceTable,
    open_databases: usize,
    open_redis: usize,
    yielded: Instant,
}

impl Capabilities {
    /// For a new instance of the component.
    pub(crate) fn new(rights: &Arc<Rights>) -> Self {
        Self {
            rights: Arc::clone(rights),
            open: ResourceTable::new(),
            open_databases: 0,
            open_redis: 0,
            yielded: Instant::now(),
        }
    }

    /// Lets other tasks run, if this guest has kept its thread for long. Every call ends with it.
    async fn breathe(&mut self) {
        if self.yielded.elapsed() > SLICE {
            tokio::task::yield_now().await;
            self.yielded = Instant::now();
        }
    }
}

/// The state of a wasmtime store whose guest has [`Capabilities`].
pub(crate) trait HasCapabilities: Send + 'static {
    /// They.
    fn capabilities(&mut self) -> &mut Capabilities;
}

/// Adds all interfaces of `wit/world.wit` to a linker.
///
/// # Errors
/// If the linker has one of them already.
pub(crate) fn add_to_linker<T: HasCapabilities>(linker: &mut Linker<T>) -> anyhow::Result<()> {
    add_all(linker).map_err(|error| anyhow::anyhow!("{error:#}"))
}

fn add_all<T: HasCapabilities>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    type Capable = HasSelf<Capabilities>;
    let capabilities = T::capabilities;
    fermyon::spin::sqlite::add_to_linker::<T, Capable>(linker, capabilities)?;
    fermyon::spin::key_value::add_to_linker::<T, Capable>(linker, capabilities)?;
    fermyon::spin::variables::add_to_linker::<T, Capable>(linker, capabilities)?;
    fermyon::spin::redis::add_to_linker::<T, Capable>(linker, capabilities)?;
    wasi::keyvalue::store::add_to_linker::<T, Capable>(linker, capabilities)?;
    wasi::keyvalue::batch::add_to_linker::<T, Capable>(linker, capabilities)?;
    wasi::keyvalue::atomics::add_to_linker::<T, Capable>(linker, capabilities)?;
    wasi::config::store::add_to_linker::<T, Capable>(linker, capabilities)
}
