//! A component that is ready to run: compiled and linked, with everything prepared that an instance needs.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::{Context as _, Result, anyhow};
use wasmtime::component::{self, Linker};
use wasmtime::{CallHook, Engine, Store};
use wasmtime_wasi::filesystem::WasiFilesystemCtx;
use wasmtime_wasi::sockets::{SocketAddrUse, WasiSocketsCtx};
use wasmtime_wasi::{FsPerms, WasiCtx};
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p3::bindings::ServicePre;

use super::Runtime;
use super::reuse::Instances;
use super::state::InstanceState;
use crate::app::{AllowedHosts, BlockedNetworks, Component};
use crate::bindings::messages::MessagesPre;
use crate::interfaces::Rights;
use crate::logs::Channel;

/// The number of epochs that a guest may compute before it yields.
const EPOCHS_PER_SLICE: u64 = 1;

/// A component of the application, linked against the host and ready for requests.
pub(crate) struct LoadedComponent {
    /// Its id in the manifest.
    pub(crate) id: Arc<str>,
    /// The hosts it may call.
    pub(crate) allowed_hosts: Arc<AllowedHosts>,
    pub(crate) rights: Arc<Rights>,
    pub(super) entry: Entry,
    environment: Vec<(String, String)>,
    // Created once and cloned into each instance, so that no folder is opened during a request.
    filesystem: WasiFilesystemCtx,
    sockets: WasiSocketsCtx,
}

/// The entry point of a component, by the kind of its triggers.
pub(super) enum Entry {
    /// Requests of an HTTP trigger, each with an instance of its own (WASI 0.2).
    Requests(ProxyPre<InstanceState>),
    /// Requests of an HTTP trigger, many of them with the same instance (WASI 0.3).
    Service(Instances),
    /// Messages of a Redis trigger.
    Messages(MessagesPre<InstanceState>),
}

impl LoadedComponent {
    /// Links `compiled`, the code of `component`, which handles messages or requests. `root` is the folder with its files.
    ///
    /// # Errors
    ///
    /// If it needs an import that the host lacks, or lacks the export for its triggers.
    pub(crate) fn new(
        component: &Component,
        compiled: &component::Component,
        linker: &Linker<InstanceState>,
        root: Option<&Path>,
        blocked: &BlockedNetworks,
        rights: Rights,
        for_messages: bool,
    ) -> Result<Self> {
        let id = &component.id;
        let instance = linker
            .instantiate_pre(compiled)
            .map_err(|error| anyhow!("component {id:?} needs something this host does not have: {error:#}"))?;
        let lacks = |what: &str, error| anyhow!("component {id:?} does not export {what}: {error:#}");
        let entry = if for_messages {
            let entry = MessagesPre::new(instance).map_err(|error| lacks("fermyon:spin/inbound-redis", error))?;
            Entry::Messages(entry)
        } else if let Ok(entry) = ServicePre::new(instance.clone()) {
            Entry::Service(Instances::new(entry))
        } else {
            let entry = ProxyPre::new(instance)
                .map_err(|error| lacks("wasi:http/incoming-handler@0.2 or wasi:http/handler@0.3", error))?;
            Entry::Requests(entry)
        };
        let allowed_hosts = Arc::new(component.allowed_outbound_hosts.clone());
        let mut template = template(root, Arc::clone(&allowed_hosts), blocked.clone())
            .with_context(|| format!("cannot mount the files of component {id:?}"))?;
        Ok(Self {
            id: id.as_str().into(),
            rights: Arc::new(rights),
            entry,
            environment: component.environment.clone().into_iter().collect(),
            filesystem: template.filesystem().clone(),
            sockets: template.sockets().clone(),
            allowed_hosts,
        })
    }

    /// Creates the store for a new instance.
    pub(super) fn store(self: &Arc<Self>, runtime: &Arc<Runtime>, engine: &Engine) -> Store<InstanceState> {
        let mut wasi = WasiCtx::builder()
            .envs(&self.environment)
            .stdout(runtime.logs.stream(Arc::clone(&self.id), Channel::Stdout))
            .stderr(runtime.logs.stream(Arc::clone(&self.id), Channel::Stderr))
            .build();
        wasi.filesystem().clone_from(&self.filesystem);
        wasi.sockets().clone_from(&self.sockets);
        let state = InstanceState::new(Arc::clone(runtime), Arc::clone(self), wasi);
        let mut store = Store::new(engine, state);
        if engine.get_consume_fuel() {
            store.set_fuel(u64::MAX).expect("the engine counts fuel");
        }
        if runtime.counts_calls {
            let counters = Arc::clone(&self.rights.counters);
            store.call_hook(move |_, hook| {
                if matches!(hook, CallHook::CallingHost) {
                    counters.calls.fetch_add(1, Ordering::Relaxed);
                }
                Ok(())
            });
        }
        store.limiter(InstanceState::limiter);
        store.set_epoch_deadline(EPOCHS_PER_SLICE);
        store.epoch_deadline_async_yield_and_update(EPOCHS_PER_SLICE);
        store
    }
}

/// Creates the context that instances clone: the read-only root folder, and sockets that reach only the allowed hosts.
fn template(root: Option<&Path>, allowed: Arc<AllowedHosts>, blocked: BlockedNetworks) -> Result<WasiCtx> {
    let mut builder = WasiCtx::builder();
    if let Some(root) = root {
        builder.preopened_dir(root, "/", FsPerms::ReadOnly).map_err(|error| anyhow!("{error:#}"))?;
    }
    let blocked = Arc::new(blocked);
    builder.allow_tcp(true).allow_udp(true).socket_addr_check(move |address, usage| {
        let allowed = may_use_socket(&allowed, &blocked, address, usage);
        Box::pin(async move { allowed })
    });
    Ok(builder.build())
}

fn may_use_socket(
    allowed: &AllowedHosts,
    blocked: &BlockedNetworks,
    address: SocketAddr,
    usage: SocketAddrUse,
) -> bool {
    // The address that the system assigns when a socket connects or sends without having been bound.
    let any = address.ip().is_unspecified() && address.port() == 0;
    let scheme = match usage {
        SocketAddrUse::TcpBind => return any,
        // As in Spin, no guest may accept connections.
        SocketAddrUse::TcpListen | SocketAddrUse::TcpAccept => return false,
        SocketAddrUse::UdpBind if any => return true,
        SocketAddrUse::TcpConnect => "tcp",
        SocketAddrUse::UdpBind | SocketAddrUse::UdpSend | SocketAddrUse::UdpReceive => "udp",
    };
    allowed.allows_url(&address.to_string(), scheme) && !blocked.blocks(address.ip())
}
