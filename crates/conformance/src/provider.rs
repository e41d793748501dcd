//! The component under test: its imports and exports, and single calls, each in a fresh instance within limits.

use std::fmt;
use std::future::poll_fn;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{Engine, Store, Trap, UpdateDeadline};

use crate::bindings::notify::NotifyProviderPre;
use crate::bindings::payments::PaymentProviderPre;
use crate::bindings::pricing::PriceAdjusterPre;
use crate::check::Interface;
use crate::clock::{Clock, thread_cpu_time};
use crate::imports;
use crate::provider_response::ProviderResponse;
use crate::request::Request;
use crate::settings::{Settings, Variables};
use crate::state::{self, Observations, State};
use crate::stub_server::{ReceivedRequest, Reply, StubServer, StubState};

/// The CPU time that a call may use, its start included.
pub(crate) const CPU: Duration = Duration::from_secs(2);

/// A component with its settings.
pub(crate) struct Provider {
    engine: Engine,
    component: Component,
    instance: InstancePre<State>,
    settings: Settings,
    service: Arc<StubState>,
}

/// The result of one call, with everything that the kit observed.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) response: Result<ProviderResponse, CallFailure>,
    /// The duration by the provider's clock.
    pub(crate) took: Duration,
    pub(crate) cpu: Duration,
    /// The time that creating the instance took.
    pub(crate) start: Duration,
    pub(crate) memory: usize,
    pub(crate) memory_refused: bool,
    pub(crate) requests: Vec<ReceivedRequest>,
    pub(crate) sockets: u64,
    pub(crate) output: String,
}

/// The reason why a call returned no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CallFailure {
    /// The guest trapped or exited.
    Trapped(String),
    /// The guest requested more memory than an instance may have.
    Memory,
    /// The guest computed for too long.
    Cpu,
    /// The guest waits for an event that never happens.
    Stuck,
}

impl fmt::Display for CallFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trapped(why) => write!(f, "the provider trapped: {why}"),
            Self::Memory => write!(f, "the provider needs more than {} MiB of memory", state::MEMORY >> 20),
            Self::Cpu => write!(f, "the provider computes for more than {} s", CPU.as_secs()),
            Self::Stuck => f.write_str("the provider waits forever"),
        }
    }
}

/// The error that stops a guest which computes for too long.
#[derive(Debug)]
struct CpuLimitExceeded;

impl fmt::Display for CpuLimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the CPU time is used up")
    }
}

impl std::error::Error for CpuLimitExceeded {}

impl Provider {
    /// Compiles a component.
    ///
    /// # Errors
    ///
    /// If the file is missing or is not a component.
    pub(crate) fn load(engine: &Engine, file: &Path, settings: &Settings) -> Result<Self> {
        let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let component = Component::new(engine, bytes)
            .map_err(|error| anyhow!("{} is no component: {}", file.display(), one_line(&format!("{error:#}"))))?;
        let prepare = || {
            let mut linker = Linker::new(engine);
            state::add_to_linker(&mut linker)?;
            imports::deny(&mut linker, &component, engine)?;
            linker.instantiate_pre(&component)
        };
        let instance = prepare()
            .map_err(|error| anyhow!("{} cannot be linked: {}", file.display(), one_line(&format!("{error:#}"))))?;
        let service = Arc::new(StubState::new(settings.allowed_hosts(), settings.response.clone()));
        Ok(Self { engine: engine.clone(), component, instance, settings: settings.clone(), service })
    }

    /// Returns the names of the imports.
    pub(crate) fn imports(&self) -> Vec<String> {
        self.component.component_type().imports(&self.engine).map(|(name, _)| name.to_owned()).collect()
    }

    /// Returns the names of the exports.
    pub(crate) fn exports(&self) -> Vec<String> {
        self.component.component_type().exports(&self.engine).map(|(name, _)| name.to_owned()).collect()
    }

    /// Returns the settings of the provider.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Checks that the component exports `interface` exactly.
    ///
    /// # Errors
    ///
    /// The function or type that differs.
    pub(crate) fn check_exports(&self, interface: Interface) -> Result<(), String> {
        let instance = self.instance.clone();
        let checked = match interface {
            Interface::Notify => NotifyProviderPre::new(instance).map(drop),
            Interface::Payments => PaymentProviderPre::new(instance).map(drop),
            Interface::Pricing => PriceAdjusterPre::new(instance).map(drop),
        };
        checked.map_err(|error| one_line(&format!("{error:#}")))
    }

    /// Calls the provider in a fresh instance, while the stub server behaves as `reply` says.
    pub(crate) async fn call(&self, mut request: Request, reply: Reply) -> Call {
        let clock = Clock::start();
        let key = request.key().cloned();
        let stub = StubServer::new(Arc::clone(&self.service), reply, key, clock.clone());
        let variables = Variables(self.settings.variables.clone());
        let (state, observations) = State::new(variables, clock.clone(), stub.clone());
        let store = self.store(state);
        let started = Arc::new(AtomicU64::new(0));
        let before = thread_cpu_time();
        let running = run(self.instance.clone(), store, request, Arc::clone(&started));
        let ended = run_until_stuck(running).await;
        let spent = thread_cpu_time().saturating_sub(before);
        Call {
            response: ended.map_err(|error| failure(error.as_ref(), &observations)),
            took: clock.now(),
            cpu: spent,
            start: Duration::from_nanos(started.load(Ordering::Relaxed)),
            memory: observations.memory.peak(),
            memory_refused: observations.memory.refused(),
            requests: stub.requests(),
            sockets: observations.sockets.load(Ordering::Relaxed),
            output: String::from_utf8_lossy(&observations.output.contents()).into_owned(),
        }
    }

    fn store(&self, state: State) -> Store<State> {
        let mut store = Store::new(&self.engine, state);
        store.limiter(State::limiter);
        store.set_epoch_deadline(1);
        let before = thread_cpu_time();
        store.epoch_deadline_callback(move |_| {
            let spent = thread_cpu_time().saturating_sub(before);
            if spent > CPU { Err(wasmtime::Error::new(CpuLimitExceeded)) } else { Ok(UpdateDeadline::Continue(1)) }
        });
        store
    }
}

/// Creates an instance and calls it.
async fn run(
    instance: InstancePre<State>,
    mut store: Store<State>,
    request: Request,
    started: Arc<AtomicU64>,
) -> wasmtime::Result<ProviderResponse> {
    let start = Instant::now();
    let is_started = || {
        started.store(u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    };
    Ok(match request {
        Request::Send(message) => {
            let provider = NotifyProviderPre::new(instance)?.instantiate_async(&mut store).await?;
            is_started();
            provider.spindle_notify_provider().call_send(&mut store, &message).await?.into()
        }
        Request::Adjust(cart) => {
            let adjuster = PriceAdjusterPre::new(instance)?.instantiate_async(&mut store).await?;
            is_started();
            adjuster.spindle_pricing_adjuster().call_adjust(&mut store, &cart).await?.into()
        }
        payment => {
            let provider = PaymentProviderPre::new(instance)?.instantiate_async(&mut store).await?;
            is_started();
            let provider = provider.spindle_payments_provider();
            match payment {
                Request::Capture(request) => provider.call_capture(&mut store, &request).await?.into(),
                Request::Void(request) => provider.call_void(&mut store, &request).await?.into(),
                Request::Refund(request) => provider.call_refund(&mut store, &request).await?.into(),
                Request::Authorize(request) => provider.call_authorize(&mut store, &request).await?.into(),
                Request::Send(_) | Request::Adjust(_) => unreachable!("taken above"),
            }
        }
    })
}

/// Runs a call to its end, or until it can only wait forever, which is `Err(None)`.
async fn run_until_stuck(
    call: impl Future<Output = wasmtime::Result<ProviderResponse>> + Send + 'static,
) -> Result<ProviderResponse, Option<wasmtime::Error>> {
    let turns = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&turns);
    let mut task = tokio::spawn(async move {
        let mut call = pin!(call);
        poll_fn(|context| {
            counted.fetch_add(1, Ordering::Relaxed);
            call.as_mut().poll(context)
        })
        .await
    });
    loop {
        let before = turns.load(Ordering::Relaxed);
        match tokio::time::timeout(2 * Clock::longest_wait(), &mut task).await {
            Ok(Ok(ended)) => return ended.map_err(Some),
            Ok(Err(panicked)) => return Err(Some(wasmtime::Error::msg(panicked.to_string()))),
            Err(_) if turns.load(Ordering::Relaxed) == before => {
                task.abort();
                // Aborted or ended just now: in both cases the task is gone.
                let _ = task.await;
                return Err(None);
            }
            Err(_) => {}
        }
    }
}

fn failure(error: Option<&wasmtime::Error>, observations: &Observations) -> CallFailure {
    let Some(error) = error else { return CallFailure::Stuck };
    if error.downcast_ref::<CpuLimitExceeded>().is_some() {
        return CallFailure::Cpu;
    }
    if observations.memory.refused() {
        return CallFailure::Memory;
    }
    let trap = error.downcast_ref::<Trap>().map_or_else(|| error.root_cause().to_string(), ToString::to_string);
    let output = observations.output.contents();
    let printed = String::from_utf8_lossy(&output);
    let last = printed.lines().rev().find(|line| !line.trim().is_empty() && !line.starts_with("note: "));
    CallFailure::Trapped(one_line(&match last {
        Some(last) => format!("{trap}, after it printed {last:?}"),
        None => trap,
    }))
}

/// Returns the beginning of a text, without line breaks.
fn one_line(text: &str) -> String {
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = line.char_indices().nth(300) {
        line.truncate(at);
        line.push('…');
    }
    line
}
