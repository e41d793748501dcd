//! How far the erasures of users are in the other services: for operators, and for the tick, which repeats the event of an erasure that some service
//! has not completed. So an erasure becomes complete also if its event was lost, or its dead letter discarded.

use crate::error::Error;
use crate::store;
use bytes::Bytes;
use futures::future::join_all;
use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use spindle_contracts::event::UserErased;
use spindle_contracts::{ErasureProgress, ErasureState, Problem, Timestamp, UserId};
use spindle_edge::{HandlerResult, Principal};
use spindle_events::{Event, outbox};
use spindle_platform::Context;
use spindle_platform::error::describe;
use spindle_platform::http::{Request, json};
use spindle_platform::log::Level;
use spindle_platform::sql::Connection;
use std::time::Duration;

/// The services that hold data of users.
const SERVICES: [&str; 4] = ["auth", "notifications", "orders", "payments"];

/// The time within which each must respond.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The most erasures that a tick checks.
const BATCH_SIZE: i64 = 5;

/// The time after an erasure at which it is checked first. Each check that finds it incomplete doubles the time until the next.
const FIRST_CHECK: Duration = Duration::from_secs(6 * 60 * 60);

/// The longest time between two checks: some data stays for as long as the law demands.
const LONGEST_WAIT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// How far the erasure of a user is.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Erasure {
    /// `done` once every service is done.
    state: ErasureState,
    /// The time of the request for it.
    requested_at: Timestamp,
    /// The services that hold data of users.
    services: Vec<ServiceErasure>,
}

/// How far the erasure is in one service.
#[derive(Debug, Serialize, JsonSchema)]
struct ServiceErasure {
    /// The name of the service.
    service: &'static str,
    #[serde(flatten)]
    progress: ErasureProgress,
}

/// Handles `GET /v1/users/{id}/erasure`: 200 with the state in each service, whether they respond or not; 404 if the user is not erased.
pub(crate) async fn get(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let id: UserId = request.param("id")?;
    let requested_at = store::erased_at(&context.sql().await?, id).await?.ok_or(Error::NotErased)?;
    let services = ask_services(context, id).await;
    Ok(json(StatusCode::OK, &Erasure { state: state_of(&services), requested_at, services }))
}

/// Checks the erasures that are due, and publishes the event of those that are not done again.
pub(crate) async fn follow_up(context: &Context, db: &Connection) -> Result<(), Problem> {
    let due = store::due_erasures(db, context.now(), BATCH_SIZE).await?;
    let check = async |(id, checks)| (id, checks, state_of(&ask_services(context, id).await));
    for (id, checks, state) in join_all(due.into_iter().map(check)).await {
        match state {
            ErasureState::Done => store::finish_erasure(db, id).await?,
            ErasureState::Pending | ErasureState::Unknown => repeat(context, db, id, checks).await?,
        }
    }
    Ok(())
}

/// Publishes the event of the erasure of `id` again, unless another instance has done so meanwhile.
async fn repeat(context: &Context, db: &Connection, id: UserId, checks: u32) -> Result<(), Problem> {
    let transaction = db.transaction().await?;
    if store::postpone_erasure(&transaction, id, checks, next_check(context.now(), checks + 1)).await? {
        let events = outbox::append(&transaction, context, &[Event::new(id, &UserErased { user_id: id })]).await?;
        transaction.commit().await?;
        events.push(context);
    }
    Ok(())
}

/// Returns the time of the check after `checks` others.
pub(crate) fn next_check(now: Timestamp, checks: u32) -> Timestamp {
    now.plus(FIRST_CHECK.saturating_mul(1_u32.checked_shl(checks).unwrap_or(u32::MAX)).min(LONGEST_WAIT))
}

async fn ask_services(context: &Context, id: UserId) -> Vec<ServiceErasure> {
    join_all(SERVICES.map(async |service| ServiceErasure { service, progress: ask(context, service, id).await })).await
}

/// Asks `service` what is still stored of the user.
async fn ask(context: &Context, service: &str, id: UserId) -> ErasureProgress {
    let request = http::Request::get(format!("/internal/{service}/erasures/{id}")).body(Bytes::new());
    let request = request.expect("a path made of a name and an id");
    let cause = match context.client().call(service, request, TIMEOUT).await {
        Ok(response) if response.status() == StatusCode::OK => match serde_json::from_slice(response.body()) {
            Ok(progress) => return progress,
            Err(error) => error.to_string(),
        },
        Ok(response) => format!("responded with the status {}", response.status().as_u16()),
        Err(error) => describe(&error),
    };
    let fields = [("callee", service.into()), ("subject", id.to_string().into()), ("cause", cause.into())];
    context.log(Level::Warn, "state of an erasure is unknown", &fields);
    ErasureProgress::without_remainder(ErasureState::Unknown)
}

/// Returns the state of the whole: done when all services are.
fn state_of(services: &[ServiceErasure]) -> ErasureState {
    let is_done = services.iter().all(|part| part.progress.state == ErasureState::Done);
    if is_done { ErasureState::Done } else { ErasureState::Pending }
}
