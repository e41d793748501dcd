//! The store of one instance, and the imports of a provider: WASI without files and sockets, its settings, and the stub server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use wasmtime::ResourceLimiter;
use wasmtime::component::{HasSelf, Linker, ResourceTable};
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::bindings::settings::fermyon::spin::variables;
use crate::bindings::settings::wasi::config::store;
use crate::clock::{Clock, Monotonic, MonotonicView};
use crate::settings::Variables;
use crate::stub_server::StubServer;

/// The memory limit of an instance, in bytes.
pub(crate) const MEMORY: usize = 256 << 20;

/// The output limit of an instance, in bytes. Writing more is an error of the guest.
const OUTPUT: usize = 64 << 20;

/// The state of one instance.
pub(crate) struct State {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    variables: Variables,
    clock: Clock,
    stub: StubServer,
    memory: MemoryLimiter,
}

/// The observable side of an instance, while it runs and after its end.
#[derive(Clone, Debug)]
pub(crate) struct Observations {
    pub(crate) output: MemoryOutputPipe,
    pub(crate) sockets: Arc<AtomicU64>,
    pub(crate) memory: Arc<Memory>,
}

/// The memory of an instance.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    peak: AtomicUsize,
    refused: AtomicBool,
}

impl Memory {
    /// Returns the highest use, in bytes.
    pub(crate) fn peak(&self) -> usize {
        self.peak.load(Ordering::Relaxed)
    }

    /// Returns whether the instance requested more than [`MEMORY`].
    pub(crate) fn refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }
}

impl State {
    /// Creates a state and its observations.
    pub(crate) fn new(variables: Variables, clock: Clock, stub: StubServer) -> (Self, Observations) {
        let observations =
            Observations { output: MemoryOutputPipe::new(OUTPUT), sockets: Arc::default(), memory: Arc::default() };
        let sockets = Arc::clone(&observations.sockets);
        let wasi = WasiCtx::builder()
            .stdout(observations.output.clone())
            .stderr(observations.output.clone())
            .wall_clock(clock.clone())
            .monotonic_clock(clock.clone())
            // Sockets can be created, so that the attempt to use one is observed.
            .allow_tcp(true)
            .allow_udp(true)
            .socket_addr_check(move |_, _| {
                sockets.fetch_add(1, Ordering::Relaxed);
                Box::pin(async { false })
            })
            .build();
        let memory = MemoryLimiter { used: 0, memory: Arc::clone(&observations.memory) };
        let (table, http) = (ResourceTable::new(), WasiHttpCtx::new());
        (Self { table, wasi, http, variables, clock, stub, memory }, observations)
    }

    pub(crate) fn limiter(&mut self) -> &mut dyn ResourceLimiter {
        &mut self.memory
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.stub }
    }
}

/// Counts what all linear memories of an instance hold together.
struct MemoryLimiter {
    used: usize,
    memory: Arc<Memory>,
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        let used = self.used.saturating_sub(current).saturating_add(desired);
        if used > MEMORY {
            self.memory.refused.store(true, Ordering::Relaxed);
            return Ok(false);
        }
        self.used = used;
        self.memory.peak.fetch_max(used, Ordering::Relaxed);
        Ok(true)
    }

    fn table_growing(&mut self, _current: usize, _desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

/// Adds the interfaces that a provider may import.
///
/// # Errors
///
/// Only if two of them define the same name.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(linker)?;
    variables::add_to_linker::<State, HasSelf<Variables>>(linker, |state| &mut state.variables)?;
    store::add_to_linker::<State, HasSelf<Variables>>(linker, |state| &mut state.variables)?;
    linker.allow_shadowing(true);
    monotonic_clock::add_to_linker::<State, Monotonic>(linker, |state| MonotonicView {
        clock: &state.clock,
        table: &mut state.table,
    })
}
