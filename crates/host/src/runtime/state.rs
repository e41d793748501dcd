//! The store of one instance, and the access of the host's interfaces to it.

use std::sync::Arc;

use anyhow::{Result, anyhow};
use wasmtime::ResourceLimiter;
use wasmtime::component::{Linker, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::p2::bindings::http::types;
use wasmtime_wasi_http::{WasiHttp, WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use super::limits::MemoryLimiter;
use super::outbound::{self, Outbound};
use super::{LoadedComponent, Runtime};
use crate::counters::LiveInstance;
use crate::interfaces::{self, Capabilities, HasCapabilities};

/// The state of one instance.
pub(crate) struct InstanceState {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    pub(crate) outbound: Outbound,
    capabilities: Capabilities,
    limiter: MemoryLimiter,
    _live: LiveInstance,
}

impl InstanceState {
    pub(super) fn new(runtime: Arc<Runtime>, component: Arc<LoadedComponent>, wasi: WasiCtx) -> Self {
        Self {
            table: ResourceTable::new(),
            wasi,
            http: WasiHttpCtx::new(),
            capabilities: Capabilities::new(&component.rights),
            limiter: MemoryLimiter::new(runtime.limits.memory_bytes),
            _live: LiveInstance::new(Arc::clone(&component.rights.counters)),
            outbound: Outbound { runtime, component },
        }
    }

    pub(super) fn limiter(&mut self) -> &mut dyn ResourceLimiter {
        &mut self.limiter
    }

    /// Returns whether this instance was ever refused memory.
    pub(super) fn memory_refused(&self) -> bool {
        self.limiter.refused()
    }
}

impl HasCapabilities for InstanceState {
    fn capabilities(&mut self) -> &mut Capabilities {
        &mut self.capabilities
    }
}

impl WasiView for InstanceState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for InstanceState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.outbound }
    }
}

/// Adds every interface that a component of this host may import.
///
/// # Errors
///
/// Only if two of them define the same name.
pub(super) fn add_to_linker(linker: &mut Linker<InstanceState>) -> Result<()> {
    add_wasi(linker).map_err(|error| anyhow!("{error:#}"))?;
    interfaces::add_to_linker(linker)
}

fn add_wasi(linker: &mut Linker<InstanceState>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)?;
    types::add_to_linker::<_, WasiHttp>(linker, &types::LinkOptions::default(), InstanceState::http)?;
    outbound::add_to_linker(linker)?;
    if linker.engine().get_concurrency_support() {
        wasmtime_wasi::p3::add_to_linker(linker)?;
        wasmtime_wasi_http::p3::add_to_linker(linker)?;
    }
    Ok(())
}
