//! Instances of a component in the world of WASI 0.3. Each serves many requests, some of them at once, with the limits and defaults of Spin 4.1.
//!
//! wasmtime's `ProxyHandler`, which Spin uses as well, distributes the requests: an instance takes another one while those that it has wait for
//! something outside of it. One that computes or is in a call that blocks it takes none, and another instance is started.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::BodyExt as _;
use tokio::time::Sleep;
use wasmtime::component::GuestTaskId;
use wasmtime::{Store, StoreContextMut};
use wasmtime_wasi_http::handler::{
    ExpirationError, HandlerState, Instance, Proxy, ProxyHandler, ShouldAccept, WorkerExpiration, WorkerState,
    WorkerStatus,
};
use wasmtime_wasi_http::p3::bindings::ServicePre;
use wasmtime_wasi_http::{Error, WasiBody, WasiHttpView as _};

use super::guest::RunLabel;
use super::{InstanceState, LoadedComponent, Runtime, cause, empty_response};

/// The number of requests that an instance serves in its life.
const MAX_REQUESTS: usize = 128;

/// The number of requests that an instance serves at once.
const MAX_CONCURRENT: usize = 16;

/// The time for which an instance is kept without a request.
const IDLE: Duration = Duration::from_secs(1);

/// Whether an instance has failed. The request gets that of the instance which accepts it.
type Failed = Arc<OnceLock<Arc<AtomicBool>>>;

/// The instances of one component.
pub(super) struct Instances(ProxyHandler<Source>);

impl Instances {
    pub(super) fn new(service: ServicePre<InstanceState>) -> Self {
        Self(ProxyHandler::new(Source { service, owner: OnceLock::new() }))
    }

    /// Serves a request with one of the instances or a new one, and returns 504 if there is no response head in time; 500 with an empty body, as Spin
    /// does, if the guest failed.
    pub(super) async fn serve(
        &self,
        runtime: &Arc<Runtime>,
        component: &Arc<LoadedComponent>,
        label: RunLabel,
        request: Request<WasiBody>,
    ) -> Response<WasiBody> {
        self.0.state().owner.get_or_init(|| (Arc::downgrade(runtime), Arc::downgrade(component)));
        let limit = runtime.limits.timeout;
        let failed = Failed::default();
        let started = Instant::now();
        let response = tokio::time::timeout(limit, self.0.handle(Arc::clone(&failed), request)).await;
        let RunLabel { component, method, path } = label;
        match response {
            // Its body may end before its length: the engine checks that.
            Ok(Ok(response)) if response.body().size_hint().exact().is_some() => response,
            Ok(Ok(response)) => response.map(|body| UntilFailure { body, failed }.boxed_unsync()),
            // The time of an instance ends with that of its last request: at the same moment as this one, which it then fails.
            Ok(Err(error)) if !error.is::<ExpirationError>() && started.elapsed() < limit => {
                runtime.counters.add_failure();
                let cause = cause(&error, false, runtime.limits.memory_bytes);
                tracing::error!(%component, %method, %path, "the component failed: {cause}");
                empty_response(StatusCode::INTERNAL_SERVER_ERROR)
            }
            _ => {
                runtime.counters.add_timeout();
                tracing::error!(%component, %method, %path, "no response within {limit:?}: the request was stopped");
                empty_response(StatusCode::GATEWAY_TIMEOUT)
            }
        }
    }
}

/// Creates instances.
struct Source {
    service: ServicePre<InstanceState>,
    /// Set with the first request. Weak: the runtime owns the component, which owns this.
    owner: OnceLock<(Weak<Runtime>, Weak<LoadedComponent>)>,
}

impl HandlerState for Source {
    type StoreData = InstanceState;
    type WorkerExpiration = Expiration;
    type WorkerState = Life;

    async fn instantiate(&self) -> wasmtime::Result<Instance<InstanceState, Expiration, Life>> {
        let owner = self.owner.get().and_then(|(runtime, component)| runtime.upgrade().zip(component.upgrade()));
        let Some((runtime, component)) = owner else { wasmtime::bail!("the application has ended") };
        let mut store = component.store(&runtime, &runtime.engine);
        let proxy = Proxy::P3(self.service.instantiate_async(&mut store).await?);
        let expiration = Expiration::new(Arc::clone(&runtime));
        let state = Life { runtime, failed: Arc::default() };
        Ok(Instance { store, proxy, view: InstanceState::http, expiration, state })
    }
}

/// The requests that an instance takes, and its end.
struct Life {
    runtime: Arc<Runtime>,
    failed: Arc<AtomicBool>,
}

impl WorkerState for Life {
    type StoreData = InstanceState;
    type RequestData = Failed;

    fn should_accept_request(&self, concurrent: usize, total: usize) -> ShouldAccept {
        if total >= MAX_REQUESTS {
            ShouldAccept::Never
        } else if concurrent >= MAX_CONCURRENT {
            ShouldAccept::No
        } else {
            ShouldAccept::Yes
        }
    }

    fn on_request_start(
        &self,
        _: StoreContextMut<'_, InstanceState>,
        failed: Failed,
        _: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
        failed.get_or_init(|| Arc::clone(&self.failed));
        Box::pin(tokio::time::sleep(self.runtime.limits.timeout))
    }

    fn drop(&self, store: Store<InstanceState>, ended: wasmtime::Result<()>) {
        let runtime = &self.runtime;
        if runtime.engine.get_consume_fuel() {
            runtime.count_instructions(&store, "the requests of its life");
        }
        if let Err(error) = ended {
            // Before the store, and with it the senders of unfinished bodies, is dropped.
            self.failed.store(true, Ordering::Release);
            // Its requests have their own lines: here is the cause that they share.
            let cause = cause(&error, store.data().memory_refused(), runtime.limits.memory_bytes);
            tracing::error!(component = %store.data().outbound.component.id, "an instance failed: {cause}");
        }
    }
}

/// The body of a response, which ends with an error if its instance has failed. The engine ends the unfinished bodies of such an instance as if they
/// were complete. A body that ended just before the failure may get the error too.
struct UntilFailure {
    body: WasiBody,
    failed: Failed,
}

impl Body for UntilFailure {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = std::task::ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() && self.failed.get().is_some_and(|failed| failed.load(Ordering::Acquire)) {
            return Poll::Ready(Some(Err(Error::HttpResponseIncomplete)));
        }
        Poll::Ready(frame)
    }
}

/// The time limits of an instance. Unlike the ones of its requests they also end one that never yields.
struct Expiration {
    runtime: Arc<Runtime>,
    timer: Pin<Box<Sleep>>,
    /// Resolves when a shutdown waits no longer. `None` while the instance is idle: a shutdown does not wait for it.
    cut_off: Option<Pin<Box<dyn Future<Output = ()> + Send + Sync>>>,
}

impl Expiration {
    fn new(runtime: Arc<Runtime>) -> Self {
        Self { runtime, timer: Box::pin(tokio::time::sleep(IDLE)), cut_off: None }
    }
}

impl WorkerExpiration for Expiration {
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>, status: WorkerStatus, since: Instant) -> Poll<()> {
        let limits = &self.runtime.limits;
        let limit = match status {
            WorkerStatus::Idle => IDLE,
            WorkerStatus::Requests => limits.timeout,
            WorkerStatus::PostReturn => limits.after_response,
        };
        if status == WorkerStatus::Idle {
            self.cut_off = None;
        } else {
            if self.cut_off.is_none() {
                self.cut_off = Some(self.runtime.background.cut_off());
            }
            if let Some(cut_off) = &mut self.cut_off
                && cut_off.as_mut().poll(context).is_ready()
            {
                return Poll::Ready(());
            }
        }
        let deadline = tokio::time::Instant::from_std(since + limit);
        if self.timer.deadline() != deadline {
            self.timer.as_mut().reset(deadline);
        }
        self.timer.as_mut().poll(context)
    }
}
