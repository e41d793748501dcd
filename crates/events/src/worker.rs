//! Takes events out of the inbox and has them handled: what is news right after it came, and what is due on each tick.

use crate::consumer::{Consumer, Delivery, HandlerError};
use crate::inbox::{self, Taken, Which};
use crate::retry::Policy;
use futures::future::join_all;
use spindle_contracts::{Problem, Timestamp};
use spindle_platform::log::Level;
use spindle_platform::sql::{self, Connection};
use spindle_platform::{Context, config};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The variable that says for how many seconds an event is its taker's.
const LEASE: &str = "event_lease_seconds";

/// For how long an event is its taker's.
///
/// # Errors
///
/// If the variable `event_lease_seconds` is missing or no whole number.
pub fn lease(context: &Context) -> Result<Duration, config::Error> {
    Ok(Duration::from_secs(context.config().parse(LEASE, "a whole number of seconds")?))
}

/// How many events are taken at once.
pub(crate) const TAKEN_AT_ONCE: usize = 16;

/// Handles the events with these ids. What stands in the way is logged: the next tick takes what was left.
pub(crate) async fn handle_news(context: &Context, ids: &[String], consumer: &Consumer) {
    let work = async {
        let db = context.sql().await.map_err(|error| error.to_string())?;
        let worker = Worker::new(context, &db, consumer).map_err(|error| error.to_string())?;
        for some in ids.chunks(TAKEN_AT_ONCE) {
            worker.work(Which::These(some), None).await.map_err(|error| error.to_string())?;
        }
        Ok::<(), String>(())
    };
    if let Err(cause) = work.await {
        context.log(Level::Warn, "events left for the next tick", &[("cause", cause.into())]);
    }
}

/// Handles what is due, the longest waiting first, until nothing is or `until` is over, when nothing more is begun; says how many events it
/// took.
///
/// # Errors
///
/// What the database says, and variables that are missing.
pub(crate) async fn handle_due(context: &Context, consumer: &Consumer, until: Instant) -> Result<usize, Problem> {
    let db = context.sql().await?;
    let worker = Worker::new(context, &db, consumer)?;
    let mut count = 0;
    while Instant::now() < until {
        match worker.work(Which::Due(TAKEN_AT_ONCE), Some(until)).await? {
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
        Ok(Self { context, db, consumer, policy: Policy::of(context)?, lease: lease(context)? })
    }

    /// Takes some events and handles them, none that is not begun by `until`; says how many it took.
    async fn work(&self, which: Which<'_>, until: Option<Instant>) -> Result<usize, sql::Error> {
        let (start, now) = (Instant::now(), self.context.now());
        let taken = inbox::take(self.db, which, now, now.plus(self.lease)).await?;
        let (suspects, sound): (Vec<&Taken>, Vec<&Taken>) = taken.iter().partition(|taken| taken.is_suspect);
        // Whatever ended an earlier attempt may end this one: at most one such event at a time, after all others, so that it takes no
        // other with it.
        inbox::give_back(self.db, suspects.get(1..).unwrap_or_default(), now).await?;
        let is_late = || start.elapsed() > self.lease / 2 || until.is_some_and(|until| Instant::now() >= until);
        let lanes = self.consumer.concurrency.clamp(1, sound.len().max(1));
        let waiting = RefCell::new(VecDeque::from(sound));
        let done = join_all((0..lanes).map(|lane| self.lane(lane, &waiting, is_late))).await;
        done.into_iter().collect::<Result<(), _>>()?;
        let mut late = waiting.into_inner();
        match suspects.first() {
            Some(suspect) if is_late() => late.push_back(suspect),
            Some(suspect) => self.handle(self.db, suspect).await?,
            None => {}
        }
        inbox::give_back(self.db, late.make_contiguous(), self.context.now()).await?;
        Ok(taken.len())
    }

    /// Handles events that are `waiting`, one after the other, until there are no more or it is late. Each lane has a connection of its own,
    /// so that its transactions are.
    async fn lane(
        &self,
        number: usize,
        waiting: &RefCell<VecDeque<&Taken>>,
        is_late: impl Fn() -> bool,
    ) -> Result<(), sql::Error> {
        let own = if number == 0 { None } else { Some(self.context.sql().await?) };
        let db = own.as_ref().unwrap_or(self.db);
        while !is_late() {
            let Some(taken) = waiting.borrow_mut().pop_front() else { break };
            self.handle(db, taken).await?;
        }
        Ok(())
    }

    async fn handle(&self, db: &Connection, taken: &Taken) -> Result<(), sql::Error> {
        // Its earlier attempts ended without a word: whatever it is that kills them, it is not tried for ever.
        if taken.attempt > self.policy.max_attempts {
            return self.failed(db, taken, "no attempt came to an end", true).await;
        }
        let context = self.context.continuing(&taken.event.request_id, &taken.event.traceparent);
        let delivery = Delivery::new(db, taken);
        match (self.consumer.handle)(&context, &delivery).await {
            Ok(()) if delivery.is_done() => Ok(()),
            Ok(()) => inbox::set_done(db, taken, context.now()).await.map(|_| ()),
            Err(HandlerError::Superseded) => Ok(()),
            Err(HandlerError::Busy(why)) => self.postpone(db, taken, context.now(), 1, &why).await,
            Err(HandlerError::NotBefore { time, why }) => self.postpone(db, taken, time, taken.attempt, &why).await,
            Err(HandlerError::Retry(error)) => self.failed(db, taken, &error, false).await,
            Err(HandlerError::Permanent(error)) => self.failed(db, taken, &error, true).await,
        }
    }

    /// Gives `taken` back until `time`, and for as long after it as one waits after failure number `attempt`.
    async fn postpone(
        &self,
        db: &Connection,
        taken: &Taken,
        time: Timestamp,
        attempt: u32,
        why: &str,
    ) -> Result<(), sql::Error> {
        let delay = self.policy.delay(attempt, u64::from_le_bytes(self.context.random()));
        let next = time.plus(Duration::from_millis(delay));
        inbox::give_back(db, &[taken], next).await?;
        let retry_in_ms = next.as_millis() - self.context.now().as_millis();
        let fields =
            [("event", taken.event.id.as_str().into()), ("retry_in_ms", retry_in_ms.into()), ("cause", why.into())];
        self.context.log(Level::Debug, "event postponed", &fields);
        Ok(())
    }

    /// Notes that `taken` failed with `error`: it waits for its next attempt, or is dead if this was the last or a `permanent` failure.
    async fn failed(&self, db: &Connection, taken: &Taken, error: &str, permanent: bool) -> Result<(), sql::Error> {
        let now = self.context.now();
        let is_last = permanent || taken.attempt >= self.policy.max_attempts;
        let random = u64::from_le_bytes(self.context.random());
        let delay = (!is_last).then(|| self.policy.delay(taken.attempt, random));
        let next = delay.map(|delay| now.plus(Duration::from_millis(delay)));
        if !inbox::set_failed(db, taken, now, error, next).await? {
            return Ok(());
        }
        let event = &taken.event;
        let (level, message) =
            if is_last { (Level::Error, "event is a dead letter") } else { (Level::Warn, "event not handled") };
        let fields = [
            ("type", event.kind.as_str().into()),
            ("event", event.id.as_str().into()),
            ("subject", event.subject.as_str().into()),
            ("attempt", taken.attempt.into()),
            ("retry_in_ms", delay.into()),
            ("cause", error.into()),
        ];
        self.context.log(level, message, &fields);
        Ok(())
    }
}
