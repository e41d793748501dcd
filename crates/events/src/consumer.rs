//! What a service does with the events that it is told.

use crate::inbox::{self, InboxMessage, Taken};
use crate::push::BATCH;
use crate::worker::handle_news;
use http::StatusCode;
use serde::Deserialize;
use spindle_contracts::event::{CloudEvent, EventData, EventType};
use spindle_contracts::{Problem, ProblemKind, Timestamp};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::http::{Request, empty};
use spindle_platform::sql::{self, Connection, Transaction};
use spindle_platform::{Context, config};
use std::cell::Cell;
use std::fmt;
use std::pin::Pin;

/// A handler of events, as an `async fn(&Context, &Delivery<'_>) -> Result<(), HandlerError>` in a box.
pub type EventHandler =
    for<'a> fn(&'a Context, &'a Delivery<'a>) -> Pin<Box<dyn Future<Output = Result<(), HandlerError>> + 'a>>;

/// A service that listens. To which types it does, `spindle_contracts::event` says.
#[derive(Clone, Copy)]
pub struct Consumer {
    /// What it does with one event. It may be called again for an event that it has handled in part, or whose success was lost: what it does
    /// in [`Delivery::complete`]'s transaction happens once, and everything else has to bear repetition.
    pub handle: EventHandler,
    /// How many events it handles at once, each in its own transactions. More than one pays where a handler waits for somebody else; whatever
    /// ends the instance then ends that many attempts. Such a handler waits for nobody while it has a transaction open: the statements of the
    /// others block the whole instance, and would wait for the lock until their time is over.
    pub concurrency: usize,
}

/// Why an event could not be handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandlerError {
    /// It may work later.
    Retry(String),
    /// It never will.
    Permanent(String),
    /// Somebody else is at it, and is done or dead after a lease at most. This was no attempt: another one is made soon.
    Busy(String),
    /// It cannot work before `time`, as when whoever is needed is not to be asked until then. This was no attempt: another one is made a
    /// while after `time`, each event after one of its own, so that not all of them come at once.
    NotBefore {
        /// When it may work again.
        time: Timestamp,
        /// What stands in the way.
        why: String,
    },
    /// This attempt took so long that another one has begun: nothing that it did counts.
    Superseded,
}

/// An event on its way to its handler.
pub struct Delivery<'a> {
    db: &'a Connection,
    taken: &'a Taken,
    is_done: Cell<bool>,
}

impl<'a> Delivery<'a> {
    pub(crate) fn new(db: &'a Connection, taken: &'a Taken) -> Self {
        Self { db, taken, is_done: Cell::new(false) }
    }

    /// Whether [`complete`](Self::complete) has been committed.
    pub(crate) fn is_done(&self) -> bool {
        self.is_done.get()
    }

    /// The event.
    pub fn event(&self) -> &InboxMessage {
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
    /// [`HandlerError::Permanent`] if it is none.
    pub fn data<T: EventData>(&self) -> Result<T, HandlerError> {
        serde_json::from_str(&self.taken.event.data)
            .map_err(|error| HandlerError::Permanent(format!("no {}: {error}", T::NAME)))
    }

    /// The service's database, for what happens outside the transaction.
    pub fn db(&self) -> &Connection {
        self.db
    }

    /// The transaction in which the event has its effect; [`complete`](Self::complete) commits it.
    ///
    /// # Errors
    ///
    /// What the database says.
    pub async fn transaction(&self) -> Result<Transaction<'_>, HandlerError> {
        Ok(self.db.transaction().await?)
    }

    /// Commits `transaction` and, in it, that the event is done.
    ///
    /// # Errors
    ///
    /// [`HandlerError::Superseded`] if another attempt has begun; what the database says. Then nothing has happened.
    pub async fn complete(&self, context: &Context, transaction: Transaction<'_>) -> Result<(), HandlerError> {
        if !inbox::set_done(&transaction, self.taken, context.now()).await? {
            return Err(HandlerError::Superseded);
        }
        transaction.commit().await?;
        self.is_done.set(true);
        Ok(())
    }
}

/// `POST /internal/<service>/events` with a batch of CloudEvents: keeps those that `consumer`'s service listens to, answers 202, and then
/// handles them. A service tells its own events; the gateway those of others.
///
/// # Errors
///
/// 403 for the events of another service; 422 for more than 100; what the database says.
pub async fn receive(
    context: &Context,
    peer: ServiceCaller,
    mut request: Request,
    consumer: &'static Consumer,
) -> HandlerResult {
    let Batch(events) = request.json().await?;
    if events.len() > BATCH {
        let detail = format!("Send at most {BATCH} events at once.");
        return Err(Problem::new(ProblemKind::ValidationFailed, detail));
    }
    let may_tell = |event: &CloudEvent| peer.service() == "gateway" || event.producer() == peer.service();
    if !events.iter().all(may_tell) {
        return Err(Problem::forbidden("A service tells its own events only."));
    }
    let events: Vec<InboxMessage> =
        events.into_iter().filter(|event| is_for(event, context.service())).map(InboxMessage::from).collect();
    accept(context, &context.sql().await?, &events, consumer).await?;
    Ok(empty(StatusCode::ACCEPTED))
}

/// Keeps `events`, and handles those that are news after the response. `db` may be a transaction that is committed before that.
///
/// # Errors
///
/// What the database says.
pub async fn accept(
    context: &Context,
    db: &Connection,
    events: &[InboxMessage],
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

/// A batch, for its limits on depth and its pointers.
#[derive(Deserialize)]
#[serde(transparent)]
struct Batch(Vec<CloudEvent>);

impl From<sql::Error> for HandlerError {
    fn from(error: sql::Error) -> Self {
        Self::Retry(error.to_string())
    }
}

impl From<config::Error> for HandlerError {
    fn from(error: config::Error) -> Self {
        Self::Retry(error.to_string())
    }
}

impl From<spindle_platform::audit::Error> for HandlerError {
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
