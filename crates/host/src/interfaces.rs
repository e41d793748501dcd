//! The interfaces for guests besides WASI: the implementations of Spin's interfaces, and the [`Capabilities`] that they check.

mod key_value;
mod outbound_redis;
mod sqlite;
#[cfg(test)]
mod tests;
mod variables;
mod wasi3;
mod wasi_key_value;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::component::{HasSelf, Linker, ResourceTable};

use crate::app::{App, Component};
use crate::bindings::{self, fermyon, wasi};
use crate::counters::ComponentCounters;
use crate::failpoints::Failpoints;
use crate::stores::key_value::KeyValueStore;
use crate::stores::{Database, Stores};

/// The time after which a guest lets other tasks run. Its response must leave while it continues to work, and a guest may well make
/// only host calls that never wait.
const SLICE: Duration = Duration::from_micros(500);

/// The same while the guest has a turn to write: those that wait for theirs would wait for everything that runs meanwhile as well.
const WRITER_SLICE: Duration = Duration::from_millis(2);

/// The rights of a component. Created once, when the application starts.
#[derive(Debug)]
pub(crate) struct Rights {
    app: Arc<App>,
    component: Component,
    databases: BTreeMap<String, Database>,
    key_value_stores: BTreeMap<String, Arc<KeyValueStore>>,
    failpoints: Option<Arc<Failpoints>>,
    /// The counters of its work.
    pub(crate) counters: Arc<ComponentCounters>,
}

impl Rights {
    /// Returns the rights that the manifest grants a component, over the stores of its application.
    pub(crate) fn new(
        app: &Arc<App>,
        component: &Component,
        stores: &Stores,
        failpoints: Option<Arc<Failpoints>>,
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
            failpoints,
            counters: Arc::default(),
        }
    }
}

/// The rights of one instance and its open resources. Creating one allocates nothing; dropping it rolls back and closes everything.
#[derive(Debug)]
pub(crate) struct Capabilities {
    rights: Arc<Rights>,
    open: ResourceTable,
    open_databases: usize,
    open_redis: usize,
    yielded: Instant,
}

impl Capabilities {
    /// Creates the capabilities of a new instance.
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
    async fn yield_if_due(&mut self) {
        self.yield_after(SLICE).await;
    }

    async fn yield_after(&mut self, slice: Duration) {
        if self.yielded.elapsed() > slice {
            tokio::task::yield_now().await;
            self.yielded = Instant::now();
        }
    }
}

/// The state of a wasmtime store whose guest has [`Capabilities`].
pub(crate) trait HasCapabilities: Send + 'static {
    /// Returns the capabilities of the guest.
    fn capabilities(&mut self) -> &mut Capabilities;
}

/// Adds all interfaces of `wit/world.wit` to a linker, and those of `wit/wasi3/world.wit` if the engine runs components in the world of WASI 0.3.
///
/// # Errors
/// If the linker already has one of them.
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
    wasi::config::store::add_to_linker::<T, Capable>(linker, capabilities)?;
    if linker.engine().get_concurrency_support() {
        bindings::wasi3::spin::sqlite::sqlite::add_to_linker::<T, Capable>(linker, capabilities)?;
        bindings::wasi3::spin::redis::redis::add_to_linker::<T, Capable>(linker, capabilities)?;
    }
    Ok(())
}
