//! Step 3 of an event: it arrives at a consumer. A producer pushes it ([`receive`]), the consumer pulls it, or the service itself accepts it from
//! elsewhere, as from the webhook of a provider ([`accept`]). Whatever is not handled at once is stored.

use crate::error::Error;
use crate::inbox::{self, Inserted};
use crate::outbox::PAGE;
use crate::policy::DeliveryPolicy;
use crate::publication::BATCH;
use crate::worker::{Consumer, Handler, LEASED_TOGETHER, handle_new, handle_pushed, log_left};
use bytes::Bytes;
use futures::channel::oneshot;
use futures::future::{Either, select};
use http::StatusCode;
use spindle_contracts::event::{CloudEvent, EventPage, EventType, producers_consumed_by};
use spindle_contracts::{Problem, ProblemKind};
use spindle_edge::{HandlerResult, ServiceCaller};
use spindle_platform::Context;
use spindle_platform::error::describe;
use spindle_platform::http::{Request, empty};
use spindle_platform::log::Level;
use spindle_platform::sql::{self, Connection, Transaction};
use std::time::{Duration, Instant};

/// The longest time that a producer may take for one page.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The longest time that a push waits until its event is stored, less than its producer waits. A handler may call another service before its
/// first commit, which is then late.
const STORED_WITHIN: Duration = Duration::from_secs(3);

/// The `Retry-After` of a push whose event is not stored in time, in seconds. No producer retries: the event is handled, or pulled.
const RETRY_AFTER_SECONDS: u32 = 1;

/// Events that were stored, to be handled once their transaction is committed.
#[derive(Debug)]
#[must_use = "handle the events once they are committed; else they wait until their leases expire"]
pub struct AcceptedEvents {
    new: Inserted,
    /// The time at which the leases began.
    start: Instant,
    consumer: &'static Consumer,
}

/// `POST /internal/<service>/events` with a batch of CloudEvents: 202 when those that the service consumes are stored. A single event, as nearly all
/// pushes have, is handled at once: the first transaction of its handler stores it, and the handler goes on after the response. Several are stored
/// first, and handled after the response. A service sends its own events; the gateway sends those of any.
///
/// # Errors
///
/// 403 for the events of another service; 422 for more than 100; 503 if an event is not stored in time; the errors of the database.
pub async fn receive(
    context: &Context,
    peer: ServiceCaller,
    mut request: Request,
    consumer: &'static Consumer,
) -> HandlerResult {
    let mut events: Vec<CloudEvent> = request.internal_json().await?;
    if events.len() > BATCH {
        let detail = format!("Send at most {BATCH} events at once.");
        return Err(Problem::new(ProblemKind::ValidationFailed, detail));
    }
    let may_send = |event: &CloudEvent| peer.service() == "gateway" || event.producer() == peer.service();
    if !events.iter().all(may_send) {
        return Err(Problem::forbidden("A service may send its own events only."));
    }
    events.retain(|event| is_consumed(event, context.service()));
    events.iter().for_each(|event| context.link(&event.traceparent));
    match (events.as_slice(), DeliveryPolicy::of(context, consumer)) {
        ([], _) => {}
        ([event], Ok(policy)) => handle_until_stored(context, event.clone(), policy, consumer).await?,
        _ => accept(context, &context.sql().await?, &events, consumer).await?.handle(context),
    }
    Ok(empty(StatusCode::ACCEPTED))
}

/// Handles `event` until it is stored; its handler goes on after the response.
async fn handle_until_stored(
    context: &Context,
    event: CloudEvent,
    policy: DeliveryPolicy,
    consumer: &'static Consumer,
) -> Result<(), Problem> {
    let (on_stored, stored) = oneshot::channel();
    let later = context.clone();
    let handled = Box::pin(async move { handle_pushed(&later, consumer, policy, event, on_stored).await });
    let later = context.clone();
    let work = async move {
        match select(handled, stored).await {
            Either::Left((result, mut stored)) => match (result, stored.try_recv()) {
                // The event is stored, and the error concerns the rest of the handler.
                (Err(error), Ok(Some(()))) => {
                    log_left(&later, &error.into());
                    Ok(())
                }
                (result, _) => result,
            },
            Either::Right((Err(oneshot::Canceled), handled)) => handled.await,
            Either::Right((Ok(()), handled)) => {
                let context = later.clone();
                later.after_response(async move {
                    if let Err(error) = handled.await {
                        log_left(&context, &error.into());
                    }
                });
                Ok(())
            }
        }
    };
    match context.with_timeout(STORED_WITHIN, work).await {
        Some(result) => Ok(result?),
        None => {
            let detail = "The event is not stored yet.";
            Err(Problem::unavailable(detail, RETRY_AFTER_SECONDS, "the handler of the event takes long"))
        }
    }
}

/// Stores `events`, the first of them leased, so that their first attempt costs no statement of its own. `db` may be a transaction.
///
/// # Errors
///
/// The errors of the database.
pub async fn accept(
    context: &Context,
    db: &Connection,
    events: &[CloudEvent],
    consumer: &'static Consumer,
) -> Result<AcceptedEvents, sql::Error> {
    let start = Instant::now();
    let new = inbox::insert(db, events, LEASED_TOGETHER, lease(context, consumer)).await?;
    Ok(AcceptedEvents { new, start, consumer })
}

/// Stores `events` as [`accept`] does when `transaction` is committed, which fails if one of them is stored already: they have new ids.
pub fn accept_new(
    context: &Context,
    transaction: &Transaction<'_>,
    events: Vec<CloudEvent>,
    consumer: &'static Consumer,
) -> AcceptedEvents {
    let start = Instant::now();
    let lease = lease(context, consumer);
    for event in &events {
        transaction.buffer_delivery(inbox::leased(event, lease));
    }
    AcceptedEvents { new: Inserted { leased: events, due: Vec::new() }, start, consumer }
}

/// Returns the lease of events that are accepted. Without a valid one nothing can be handled, and the log says so where it is tried: the events are
/// stored all the same.
fn lease(context: &Context, consumer: &Consumer) -> Duration {
    DeliveryPolicy::of(context, consumer).map_or(Duration::ZERO, |policy| policy.lease)
}

impl AcceptedEvents {
    /// Handles the new events after the response.
    pub fn handle(self, context: &Context) {
        if self.new.is_empty() {
            return;
        }
        let later = context.clone();
        context.after_response(async move {
            match later.sql().await {
                Ok(db) => {
                    let handler = &self.consumer.handle;
                    self.handle_with(&later, &db, handler).await;
                }
                Err(error) => log_left(&later, &error.into()),
            }
        });
    }

    /// Handles the new events now, with `handler` instead of their consumer's. `db` must have no open transaction.
    pub async fn handle_with(self, context: &Context, db: &Connection, handler: &Handler) {
        let Self { new, start, consumer } = self;
        if !new.is_empty() {
            handle_new(context, db, new, start, consumer, handler).await;
        }
    }
}

/// Pulls the events that this service consumes from their producers, until there are no more or `until` has passed, and returns the number
/// of new ones. A producer that does not respond is asked again at the next tick.
pub(crate) async fn pull(context: &Context, db: &Connection, until: Instant) -> usize {
    let mut new = 0;
    for producer in producers_consumed_by(context.service()) {
        while Instant::now() < until {
            match pull_page(context, db, producer).await {
                Ok((has_more, count)) => {
                    new += count;
                    if !has_more {
                        break;
                    }
                }
                Err(error) => {
                    let fields = [("from", producer.into()), ("cause", describe(&error).into())];
                    context.log(Level::Warn, "events not pulled", &fields);
                    break;
                }
            }
        }
    }
    new
}

/// Pulls one page from `producer`, and returns whether there are more and the number of new events.
async fn pull_page(context: &Context, db: &Connection, producer: &str) -> Result<(bool, usize), Error> {
    let after = inbox::cursor(db, producer).await?;
    let request = http::Request::get(format!("/internal/{producer}/events?after={after}")).body(Bytes::new())?;
    let response = context.client().call(producer, request, TIMEOUT).await?;
    if response.status() != StatusCode::OK {
        return Err(Error::Status { service: producer.to_owned(), status: response.status().as_u16() });
    }
    let EventPage { mut events, next } = serde_json::from_slice(response.body())?;
    let has_more = events.len() == PAGE;
    if next <= after {
        return Ok((false, 0));
    }
    events.retain(|event| event.producer() == producer && is_consumed(event, context.service()));
    let transaction = db.transaction().await?;
    let new = inbox::insert(&transaction, &events, 0, Duration::ZERO).await?;
    inbox::set_cursor(&transaction, producer, next).await?;
    transaction.commit().await?;
    Ok((has_more, new.due.len()))
}

/// Returns whether `service` consumes `event`, and the event's source is the producer of its type.
fn is_consumed(event: &CloudEvent, service: &str) -> bool {
    EventType::find(&event.kind)
        .is_some_and(|event_type| event_type.is_consumed_by(service) && event_type.producer == event.producer())
}
