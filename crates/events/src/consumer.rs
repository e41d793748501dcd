//! What a service does with the events that it is told.

use crate::inbox::{self, Received, Taken, Which};
use crate::push::BATCH;
use crate::retry::Policy;
use http::StatusCode;
use serde::Deserialize;
use spindle_contracts::event::{CloudEvent, EventData, EventType};
use spindle_contracts::{Problem, Timestamp};
use spindle_edge::{Outcome, Peer};
use spindle_platform::http::{Request, empty};
use spindle_platform::log::Level;
use spindle_platform::sql::{self, Connection, Transaction};
use spindle_platform::{Context, config};
use std::fmt;
use std::pin::Pin;
use std::time::{Duration, Instant};

/// The variable that says for how many seconds an event is its taker's.
const LEASE: &str = "event_lease_seconds";

/// How many events are taken at once.
const TAKEN_AT_ONCE: usize = 16;

/// A handler of events, as an `async fn(&Context, &Delivery<'_>) -> Result<(), Failure>` in a box.
pub type Handle = for<'a> fn(&'a Context, &'a Delivery<'a>) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + 'a>>;

/// A service that listens. To which types it does, `spindle_contracts::event` says.
#[derive(Clone, Copy)]
pub struct Consumer {
    /// What it does with one event. It may be called again for an event that it has handled in part, or whose success was lost: what it does
    /// in [`Delivery::done`]'s transaction happens once, and everything else has to bear repetition.
    pub handle: Handle,
}

/// Why an event could not be handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It may work later.
    Retry(String),
    /// It never will.
    Permanent(String),
    /// This attempt took so long that another one has begun: nothing that it did counts.
    Superseded,
}

/// An event on its way to its handler.
pub struct Delivery<'a> {
    db: &'a Connection,
    taken: &'a Taken,
}

impl Delivery<'_> {
    /// The event.
    pub fn event(&self) -> &Received {
        &self.taken.event
    }

    /// The number of this attempt, from 1.
    pub fn attempt(&self) -> u32 {
        self.taken.attempt
    }

    /// What the event carries, as a `T`.
    ///
    /// # Errors
    ///
    /// [`Failure::Permanent`] if it is none.
    pub fn data<T: EventData>(&self) -> Result<T, Failure> {
        serde_json::from_str(&self.taken.event.data)
            .map_err(|error| Failure::Permanent(format!("no {}: {error}", T::NAME)))
    }

    /// The service's database, for what happens outside the transaction.
    pub fn db(&self) -> &Connection {
        self.db
    }

    /// The transaction in which the event has its effect; [`done`](Self::done) commits it.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn transaction(&self) -> Result<Transaction<'_>, Failure> {
        Ok(self.db.transaction().await?)
    }

    /// Commits `transaction` and, in it, that the event is done.
    ///
    /// # Errors
    ///
    /// [`Failure::Superseded`] if another attempt has begun; what the database says. Then nothing has happened.
    pub async fn done(&self, context: &Context, transaction: Transaction<'_>) -> Result<(), Failure> {
        if !inbox::set_done(&transaction, self.taken, context.now()).await? {
            return Err(Failure::Superseded);
        }
        Ok(transaction.commit().await?)
    }
}

/// `POST /internal/<service>/events` with a batch of CloudEvents: keeps those that `consumer`'s service listens to, answers 202, and then
/// handles them. A service tells its own events; the gateway those of others.
///
/// # Errors
///
/// 403 for the events of another service; 422 for more than 100; what the database says.
pub async fn receive(context: &Context, peer: Peer, mut request: Request, consumer: &'static Consumer) -> Outcome {
    let Batch(events) = request.json().await?;
    if events.len() > BATCH {
        return Err(Problem::new(
            spindle_contracts::ProblemKind::ValidationFailed,
            format!("Send at most {BATCH} events at once."),
        ));
    }
    let may_tell = |event: &CloudEvent| peer.service() == "gateway" || event.producer() == peer.service();
    if !events.iter().all(may_tell) {
        return Err(Problem::forbidden("A service tells its own events only."));
    }
    let events: Vec<Received> =
        events.into_iter().filter(|event| is_for(event, context.service())).map(Received::from).collect();
    accept(context, &context.sql().await?, &events, consumer).await?;
    Ok(empty(StatusCode::ACCEPTED))
}

/// Keeps `events`, and handles those that are news after the response.
///
/// # Errors
///
/// What the database says.
pub async fn accept(
    context: &Context,
    db: &Connection,
    events: &[Received],
    consumer: &'static Consumer,
) -> Result<(), sql::Error> {
    let news = inbox::insert(db, events, context.now()).await?;
    if !news.is_empty() {
        let own = context.clone();
        context.after_response(async move { handle_news(&own, &news, consumer).await });
    }
    Ok(())
}

/// Whether `service` listens to `event`, and its source is who tells such events.
pub(crate) fn is_for(event: &CloudEvent, service: &str) -> bool {
    EventType::named(&event.kind).is_some_and(|kind| kind.is_for(service) && kind.producer == event.producer())
}

async fn handle_news(context: &Context, ids: &[String], consumer: &Consumer) {
    let work = async {
        let db = context.sql().await.map_err(|error| error.to_string())?;
        let worker = Worker::new(context, &db, consumer).map_err(|error| error.to_string())?;
        for some in ids.chunks(TAKEN_AT_ONCE) {
            worker.work(Which::These(some)).await.map_err(|error| error.to_string())?;
        }
        Ok::<(), String>(())
    };
    if let Err(cause) = work.await {
        context.log(Level::Warn, "events left for the next tick", &[("cause", cause.into())]);
    }
}

/// Handles what is due, the longest waiting first, until nothing is or `until` is over; says how many events it took.
pub(crate) async fn handle_due(
    context: &Context,
    db: &Connection,
    consumer: &Consumer,
    until: Instant,
) -> Result<usize, Problem> {
    let worker = Worker::new(context, db, consumer)?;
    let mut count = 0;
    while Instant::now() < until {
        match worker.work(Which::Due(TAKEN_AT_ONCE)).await? {
            0 => break,
            taken => count += taken,
        }
    }
    Ok(count)
}

/// Takes events and has them handled.
struct Worker<'a> {
    context: &'a Context,
    db: &'a Connection,
    consumer: &'a Consumer,
    policy: Policy,
    lease: Duration,
}

impl<'a> Worker<'a> {
    fn new(context: &'a Context, db: &'a Connection, consumer: &'a Consumer) -> Result<Self, config::Error> {
        let lease: u64 = context.config().parse(LEASE, "a whole number of seconds")?;
        Ok(Self { context, db, consumer, policy: Policy::of(context)?, lease: Duration::from_secs(lease) })
    }

    /// Takes some events and handles them; says how many it took.
    async fn work(&self, which: Which<'_>) -> Result<usize, sql::Error> {
        let (start, now) = (Instant::now(), self.context.now());
        let lease = i64::try_from(self.lease.as_millis()).unwrap_or(i64::MAX);
        let lease_until = Timestamp::from_millis(now.as_millis().saturating_add(lease));
        let taken = inbox::take(self.db, which, now, lease_until).await?;
        for taken in &taken {
            if start.elapsed() > self.lease / 2 {
                inbox::give_back(self.db, taken, self.context.now()).await?;
            } else {
                self.handle(taken).await?;
            }
        }
        Ok(taken.len())
    }

    async fn handle(&self, taken: &Taken) -> Result<(), sql::Error> {
        // Its earlier attempts ended without a word: whatever it is that kills them, it is not tried for ever.
        if taken.attempt > self.policy.max_attempts {
            return self.failed(taken, "no attempt came to an end", true).await;
        }
        let context = self.context.continuing(&taken.event.request_id, &taken.event.traceparent);
        let delivery = Delivery { db: self.db, taken };
        match (self.consumer.handle)(&context, &delivery).await {
            // Where the handler has called `done`, this finds nothing more to do.
            Ok(()) => inbox::set_done(self.db, taken, context.now()).await.map(|_| ()),
            Err(Failure::Superseded) => Ok(()),
            Err(Failure::Retry(error)) => self.failed(taken, &error, false).await,
            Err(Failure::Permanent(error)) => self.failed(taken, &error, true).await,
        }
    }

    async fn failed(&self, taken: &Taken, error: &str, permanent: bool) -> Result<(), sql::Error> {
        let next = inbox::set_failed(self.db, self.context, taken, &self.policy, error, permanent).await?;
        let event = &taken.event;
        let (level, message) =
            if next.is_some() { (Level::Warn, "event not handled") } else { (Level::Error, "event is a dead letter") };
        let fields = [
            ("type", event.kind.as_str().into()),
            ("event", event.id.as_str().into()),
            ("subject", event.subject.as_str().into()),
            ("attempt", taken.attempt.into()),
            ("retry_in_ms", next.into()),
            ("cause", error.into()),
        ];
        self.context.log(level, message, &fields);
        Ok(())
    }
}

/// A batch, for its limits on depth and its pointers.
#[derive(Deserialize)]
#[serde(transparent)]
struct Batch(Vec<CloudEvent>);

impl From<sql::Error> for Failure {
    fn from(error: sql::Error) -> Self {
        Self::Retry(error.to_string())
    }
}

impl From<config::Error> for Failure {
    fn from(error: config::Error) -> Self {
        Self::Retry(error.to_string())
    }
}

impl From<spindle_platform::audit::Error> for Failure {
    fn from(error: spindle_platform::audit::Error) -> Self {
        Self::Retry(error.to_string())
    }
}

impl fmt::Debug for Consumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consumer").finish_non_exhaustive()
    }
}

impl fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").field("taken", self.taken).finish_non_exhaustive()
    }
}
