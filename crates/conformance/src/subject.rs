//! The component that is examined: what it imports and exports, and one call of it, in an instance of its own and within bounds.

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

use crate::answer::Answer;
use crate::bindings::notify::NotifyProviderPre;
use crate::bindings::payments::PaymentProviderPre;
use crate::bindings::pricing::PriceAdjusterPre;
use crate::check::Interface;
use crate::clock::{Clock, computed};
use crate::imports;
use crate::peer::{Peer, Reply, Seen, Service};
use crate::request::Request;
use crate::settings::{Settings, Variables};
use crate::state::{self, State, Witness};

/// How long a call may compute, its start included.
pub(crate) const CPU: Duration = Duration::from_secs(2);

/// A component with its settings.
pub(crate) struct Subject {
    engine: Engine,
    component: Component,
    instance: InstancePre<State>,
    settings: Settings,
    service: Arc<Service>,
}

/// What came of one call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) answer: Result<Answer, Failure>,
    /// How long it took by the clock of the provider.
    pub(crate) took: Duration,
    pub(crate) cpu: Duration,
    /// How long it took to make the instance.
    pub(crate) start: Duration,
    pub(crate) memory: usize,
    pub(crate) memory_refused: bool,
    pub(crate) seen: Vec<Seen>,
    pub(crate) sockets: u64,
    pub(crate) output: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It trapped, or left.
    Trapped(String),
    /// It wanted more memory than there is.
    Memory,
    /// It computed for too long.
    Cpu,
    /// It waits for something that never happens.
    Stuck,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trapped(why) => write!(f, "it trapped: {why}"),
            Self::Memory => write!(f, "it wanted more than {} MiB of memory", state::MEMORY >> 20),
            Self::Cpu => write!(f, "it computed for more than {} s", CPU.as_secs()),
            Self::Stuck => f.write_str("it waits for ever"),
        }
    }
}

/// Ends a guest that computes for too long.
#[derive(Debug)]
struct TooMuchCpu;

impl fmt::Display for TooMuchCpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("its time is up")
    }
}

impl std::error::Error for TooMuchCpu {}

impl Subject {
    /// Compiles a component.
    ///
    /// # Errors
    ///
    /// If there is no such file, or it is no component.
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
        let service = Arc::new(Service::new(settings.allowed_hosts(), settings.answer.clone()));
        Ok(Self { engine: engine.clone(), component, instance, settings: settings.clone(), service })
    }

    /// The names of what it imports.
    pub(crate) fn imports(&self) -> Vec<String> {
        self.component.component_type().imports(&self.engine).map(|(name, _)| name.to_owned()).collect()
    }

    /// The names of what it exports.
    pub(crate) fn exports(&self) -> Vec<String> {
        self.component.component_type().exports(&self.engine).map(|(name, _)| name.to_owned()).collect()
    }

    /// What it was given.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether it exports `interface` as it is.
    ///
    /// # Errors
    ///
    /// Which function or type differs.
    pub(crate) fn check_exports(&self, interface: Interface) -> Result<(), String> {
        let instance = self.instance.clone();
        let checked = match interface {
            Interface::Notify => NotifyProviderPre::new(instance).map(drop),
            Interface::Payments => PaymentProviderPre::new(instance).map(drop),
            Interface::Pricing => PriceAdjusterPre::new(instance).map(drop),
        };
        checked.map_err(|error| one_line(&format!("{error:#}")))
    }

    /// Asks it, in a fresh instance, while the peer does as `reply` says.
    pub(crate) async fn ask(&self, mut request: Request, reply: Reply) -> Call {
        let clock = Clock::start();
        let key = request.key().cloned();
        let peer = Peer::new(Arc::clone(&self.service), reply, key, clock.clone());
        let variables = Variables(self.settings.variables.clone());
        let (state, witness) = State::new(variables, clock.clone(), peer.clone());
        let store = self.store(state);
        let started = Arc::new(AtomicU64::new(0));
        let before = computed();
        let running = run(self.instance.clone(), store, request, Arc::clone(&started));
        let ended = watched(running).await;
        let spent = computed().saturating_sub(before);
        Call {
            answer: ended.map_err(|error| failure(error.as_ref(), &witness)),
            took: clock.now(),
            cpu: spent,
            start: Duration::from_nanos(started.load(Ordering::Relaxed)),
            memory: witness.memory.peak(),
            memory_refused: witness.memory.refused(),
            seen: peer.seen(),
            sockets: witness.sockets.load(Ordering::Relaxed),
            output: String::from_utf8_lossy(&witness.output.contents()).into_owned(),
        }
    }

    fn store(&self, state: State) -> Store<State> {
        let mut store = Store::new(&self.engine, state);
        store.limiter(State::limiter);
        store.set_epoch_deadline(1);
        let before = computed();
        store.epoch_deadline_callback(move |_| {
            let spent = computed().saturating_sub(before);
            if spent > CPU { Err(wasmtime::Error::new(TooMuchCpu)) } else { Ok(UpdateDeadline::Continue(1)) }
        });
        store
    }
}

/// Makes an instance and asks it.
async fn run(
    instance: InstancePre<State>,
    mut store: Store<State>,
    request: Request,
    started: Arc<AtomicU64>,
) -> wasmtime::Result<Answer> {
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

/// Lets a call run to its end, or until it can only wait for ever. `Err(None)` is that.
async fn watched(
    call: impl Future<Output = wasmtime::Result<Answer>> + Send + 'static,
) -> Result<Answer, Option<wasmtime::Error>> {
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
                // Whether it was aborted or has just ended: it is gone.
                let _ = task.await;
                return Err(None);
            }
            Err(_) => {}
        }
    }
}

fn failure(error: Option<&wasmtime::Error>, witness: &Witness) -> Failure {
    let Some(error) = error else { return Failure::Stuck };
    if error.downcast_ref::<TooMuchCpu>().is_some() {
        return Failure::Cpu;
    }
    if witness.memory.refused() {
        return Failure::Memory;
    }
    let trap = error.downcast_ref::<Trap>().map_or_else(|| error.root_cause().to_string(), ToString::to_string);
    let output = witness.output.contents();
    let printed = String::from_utf8_lossy(&output);
    let last = printed.lines().rev().find(|line| !line.trim().is_empty() && !line.starts_with("note: "));
    Failure::Trapped(one_line(&match last {
        Some(last) => format!("{trap}, after it printed {last:?}"),
        None => trap,
    }))
}

/// The beginning of a text, without line breaks.
fn one_line(text: &str) -> String {
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = line.char_indices().nth(300) {
        line.truncate(at);
        line.push('…');
    }
    line
}
