//! Step 5 of an event: workers pass it to the handler of its consumer, a pushed event at once, other new events right after they were stored,
//! and due ones on each tick.

use crate::delivery::{self, Delivery};
use crate::error::{Error, HandlerError};
use crate::inbox::Inserted;
use crate::policy::DeliveryPolicy;
use futures::channel::oneshot;
use futures::future::{LocalBoxFuture, join_all};
use serde_json::json;
use spindle_contracts::Timestamp;
use spindle_contracts::event::CloudEvent;
use spindle_platform::Context;
use spindle_platform::config;
use spindle_platform::error::describe;
use spindle_platform::log::{Field, Level};
use spindle_platform::sql::{self, Connection};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

/// The number of events that are leased together.
pub(crate) const LEASED_TOGETHER: usize = 16;

/// The consumer of a service. `spindle_contracts::event` says which types it consumes.
#[derive(Clone, Copy)]
pub struct Consumer {
    /// The handler of one event. It may be called again for an event that it has handled in part, or whose success was lost: its effect in
    /// [`Delivery::complete`]'s transaction happens once, and everything else has to be idempotent.
    pub handle: for<'a> fn(&'a Context, &'a Delivery<'a>) -> LocalBoxFuture<'a, Result<(), HandlerError>>,
    /// The number of events that are handled concurrently, each in its own transactions. More than one pays where a handler waits for another
    /// service; a crash of the instance then ends that many attempts. Such a handler must not wait for anything while it has a transaction
    /// open: the statements of the others block the whole instance, and would wait for the lock until they time out.
    pub concurrency: usize,
    /// Whether an event that failed for good is too important to wait for an operator only: the tick takes up its dead letter again, at a slow
    /// pace and until it succeeds or is discarded ([`dead_letters::RETAKE_AFTER`](crate::dead_letters::RETAKE_AFTER)).
    pub retakes_dead_letters: bool,
    /// Returns whether no event is handled on the tick, as while a provider that most of them need must not be called; `None` if that never is.
    /// So a tick leaves the waiting events alone instead of trying each of them in vain.
    pub is_paused: Option<IsPaused>,
    /// Returns the longest time that the calls of a provider in one attempt may take, which the lease must exceed: two attempts never call
    /// the provider at the same time.
    pub longest_call: fn(&Context) -> Result<Duration, config::Error>,
}

/// The check whether a consumer is paused, on the database of its service.
pub type IsPaused = for<'a> fn(&'a Context, &'a Connection) -> LocalBoxFuture<'a, Result<bool, Error>>;

/// A handler of events: a consumer's, or one that knows more about new events than those say themselves.
pub type Handler = dyn for<'a> Fn(&'a Context, &'a Delivery<'a>) -> LocalBoxFuture<'a, Result<(), HandlerError>>;

/// The time after a response after which no attempt begins: the tick handles the rest. So a slow handler holds the instance of a push for one
/// attempt at most, and not for one attempt at each of its events.
const AFTER_RESPONSE: Duration = Duration::from_secs(5);

/// The attempts at the events of one call: what they have in common.
#[derive(Clone, Copy)]
struct Attempts<'a> {
    context: &'a Context,
    db: &'a Connection,
    consumer: &'a Consumer,
    policy: DeliveryPolicy,
    handler: &'a Handler,
}

/// Handles `event`, which was pushed and is not stored yet, and reports to `on_stored` once it is stored. Without a report, it was stored when
/// this returns.
///
/// # Errors
///
/// The errors of the database: then the event may not be stored.
pub(crate) async fn handle_pushed(
    context: &Context,
    consumer: &Consumer,
    policy: DeliveryPolicy,
    event: CloudEvent,
    on_stored: oneshot::Sender<()>,
) -> Result<(), sql::Error> {
    let db = context.sql().await?;
    let delivery = Delivery::pushed(&db, event, policy.lease, on_stored);
    let attempts = Attempts { context, db: &db, consumer, policy, handler: &consumer.handle };
    if policy.time_to_begin.is_zero() {
        // The lease is too short for any attempt.
        return attempts.handle_leased(vec![delivery], Instant::now()).await;
    }
    // The lease begins with the first transaction of the handler, so there is no deadline to ask the clock for.
    attempts.handle(&delivery).await
}

/// Handles `new` events with `handler`, the leases of the first of which began at `start`. A failure is logged: the next tick handles the rest.
pub(crate) async fn handle_new(
    context: &Context,
    db: &Connection,
    new: Inserted,
    start: Instant,
    consumer: &Consumer,
    handler: &Handler,
) {
    let work = async {
        let policy = DeliveryPolicy::of(context, consumer)?;
        let attempts = Attempts { context, db, consumer, policy, handler };
        let until = Instant::now() + AFTER_RESPONSE;
        let leased = new.leased.into_iter().map(|event| Delivery::first(db, event)).collect();
        attempts.handle_leased(leased, until.min(start + policy.time_to_begin)).await?;
        for batch in new.due.chunks(LEASED_TOGETHER) {
            let start = Instant::now();
            if start >= until {
                break;
            }
            let leased = delivery::lease_new(db, batch, policy.lease).await?;
            attempts.handle_leased(leased, until.min(start + policy.time_to_begin)).await?;
        }
        Ok::<(), Error>(())
    };
    if let Err(error) = work.await {
        log_left(context, &error);
    }
}

/// Logs that events wait for the next tick, because of `error`.
pub(crate) fn log_left(context: &Context, error: &Error) {
    context.log(Level::Warn, "events left for the next tick", &[("cause", describe(error).into())]);
}

/// Handles the due events, the longest waiting first, until there are none or `until` has passed, after which no attempt begins. Returns the
/// number of events that were leased.
///
/// # Errors
///
/// The errors of the database, and variables that are missing.
pub(crate) async fn handle_due(context: &Context, consumer: &Consumer, until: Instant) -> Result<usize, Error> {
    let (db, policy) = (context.sql().await?, DeliveryPolicy::of(context, consumer)?);
    let attempts = Attempts { context, db: &db, consumer, policy, handler: &consumer.handle };
    let mut count = 0;
    while Instant::now() < until && !is_paused(context, &db, consumer).await? {
        let start = Instant::now();
        let leased = delivery::lease_due(&db, LEASED_TOGETHER, policy.lease).await?;
        if leased.is_empty() {
            break;
        }
        count += leased.len();
        attempts.handle_leased(leased, until.min(start + policy.time_to_begin)).await?;
    }
    Ok(count)
}

/// Returns whether the tick handles no event of `consumer` now.
pub(crate) async fn is_paused(context: &Context, db: &Connection, consumer: &Consumer) -> Result<bool, Error> {
    match consumer.is_paused {
        Some(is_paused) => is_paused(context, db).await,
        None => Ok(false),
    }
}

impl Attempts<'_> {
    /// Handles `leased` events with as many workers as the consumer allows, and returns the leases of those that were not begun by `deadline`.
    async fn handle_leased(self, leased: Vec<Delivery<'_>>, deadline: Instant) -> Result<(), sql::Error> {
        let (mut poison, sound): (VecDeque<_>, VecDeque<_>) = leased.into_iter().partition(Delivery::may_be_poison);
        // The cause that ended an earlier attempt may end this one: at most one such event at a time, after all others, so that it takes no
        // other with it.
        let suspect = poison.pop_front();
        delivery::return_leases(self.db, poison.make_contiguous()).await?;
        let workers = self.consumer.concurrency.clamp(1, sound.len().max(1));
        let waiting = RefCell::new(sound);
        let work = (0..workers).map(|number| self.run_worker(&waiting, deadline, number));
        join_all(work).await.into_iter().collect::<Result<(), _>>()?;
        let mut late = waiting.into_inner();
        match suspect {
            Some(suspect) if Instant::now() >= deadline => late.push_back(suspect),
            Some(suspect) => self.handle(&suspect).await?,
            None => {}
        }
        delivery::return_leases(self.db, late.make_contiguous()).await
    }

    /// Handles `waiting` events one after the other, until there are no more or `deadline` has passed. Each worker has a connection of its own,
    /// so that its transactions are its own as well.
    async fn run_worker(
        self,
        waiting: &RefCell<VecDeque<Delivery<'_>>>,
        deadline: Instant,
        number: usize,
    ) -> Result<(), sql::Error> {
        let connection = if number == 0 { None } else { Some(self.context.sql().await?) };
        while Instant::now() < deadline {
            let Some(delivery) = waiting.borrow_mut().pop_front() else { break };
            match &connection {
                Some(connection) => self.handle(&delivery.on(connection)).await?,
                None => self.handle(&delivery).await?,
            }
        }
        Ok(())
    }

    /// Calls the handler, and records how the attempt ended.
    async fn handle(self, delivery: &Delivery<'_>) -> Result<(), sql::Error> {
        let Self { context, policy, .. } = self;
        let span = Span::begin(context, delivery.event());
        // The attempt before ended without a result, and was one too many: an event that kills its handler is not retried for ever.
        if delivery.attempt() > policy.max_attempts && delivery.may_be_poison() {
            return self.fail(&span, delivery, "no attempt came to an end", true).await;
        }
        match (self.handler)(&span.context, delivery).await {
            // Before the clock is read, which is a host call.
            Ok(()) if delivery.is_complete() => {}
            Ok(()) => delivery.complete_unless_done(context.now()).await?,
            Err(HandlerError::Superseded) => return Ok(()),
            Err(HandlerError::Busy(why)) => return self.postpone(&span, delivery, None, 1, &why).await,
            Err(HandlerError::NotBefore { time, why }) => {
                return self.postpone(&span, delivery, Some(time), delivery.attempt(), &why).await;
            }
            Err(HandlerError::Retry(error)) => return self.fail(&span, delivery, &error, false).await,
            Err(HandlerError::Permanent(error)) => return self.fail(&span, delivery, &error, true).await,
        }
        if span.start.is_some() {
            span.end(Level::Info, "event handled", delivery, Vec::new());
        }
        Ok(())
    }

    /// Returns the lease until `time`, or now, plus a wait as after failure number `attempt`.
    async fn postpone(
        self,
        span: &Span<'_>,
        delivery: &Delivery<'_>,
        time: Option<Timestamp>,
        attempt: u32,
        why: &str,
    ) -> Result<(), sql::Error> {
        let Self { context, policy, .. } = self;
        let delay = policy.delay(attempt, u64::from_le_bytes(context.random()));
        let delay = Duration::from_millis(delay);
        delivery.postpone(time, delay).await?;
        let now = context.now();
        let retry_in_ms = time.unwrap_or(now).plus(delay).as_millis() - now.as_millis();
        let fields = vec![("retry_in_ms", retry_in_ms.into()), ("cause", why.into())];
        span.end(Level::Debug, "event postponed", delivery, fields);
        Ok(())
    }

    /// Records that the attempt failed with `error`: the event waits for its next attempt, or is a dead letter if this was the last one or the
    /// failure is permanent.
    async fn fail(
        self,
        span: &Span<'_>,
        delivery: &Delivery<'_>,
        error: &str,
        is_permanent: bool,
    ) -> Result<(), sql::Error> {
        let Self { context, policy, .. } = self;
        // The text of a provider may repeat the token that it was given.
        let error = &delivery.without_means_of_payment(error);
        let now = context.now();
        let attempt = delivery.attempt();
        let is_last = is_permanent || policy.is_last(attempt, delivery.age());
        let random = u64::from_le_bytes(context.random());
        let delay = (!is_last).then(|| policy.delay(attempt, random));
        let next = delay.map(|delay| now.plus(Duration::from_millis(delay)));
        if !delivery.fail(now, error, next).await? {
            return Ok(());
        }
        let (level, message) =
            if is_last { (Level::Error, "event is a dead letter") } else { (Level::Warn, "event not handled") };
        span.end(level, message, delivery, vec![("retry_in_ms", delay.into()), ("cause", error.as_str().into())]);
        Ok(())
    }
}

/// The span of an attempt, and its line in the log.
struct Span<'a> {
    /// The request in which the event is handled.
    request: &'a Context,
    /// The request that published the event, continued.
    context: Context,
    /// The beginning, if the span is not that of `request`: the event is of another trace, as one that was pulled.
    start: Option<Duration>,
}

impl<'a> Span<'a> {
    fn begin(request: &'a Context, event: &CloudEvent) -> Self {
        let context = request.continue_request(&event.requestid, &event.traceparent);
        let start = request.has_another_span(&context).then(|| request.unix_time());
        Self { request, context, start }
    }

    /// Logs how the attempt ended.
    fn end(&self, level: Level, message: &str, delivery: &Delivery<'_>, more: Vec<Field<'_>>) {
        let event = delivery.event();
        let mut fields: Vec<Field<'_>> = vec![
            ("type", event.kind.as_str().into()),
            ("event", event.id.as_str().into()),
            ("subject", event.subject.as_str().into()),
            ("attempt", delivery.attempt().into()),
        ];
        fields.extend(more);
        if let Some(start) = self.start {
            let (span, publisher) = self.context.span_ids(start);
            fields.extend([
                ("span_id", span.into()),
                ("parent_span_id", publisher.into()),
                ("links", json!([self.request.trace().to_link()])),
                ("messaging.process.duration", self.context.seconds_since(start).into()),
            ]);
        }
        self.context.log(level, message, &fields);
    }
}

impl fmt::Debug for Consumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consumer").finish_non_exhaustive()
    }
}
