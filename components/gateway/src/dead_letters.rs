//! The dead letters of all consumers of events: listed together, replayed and discarded by the services that have them.

use crate::parts::{Gathered, PageParts, gather};
use crate::services::{self, ServiceError};
use bytes::Bytes;
use deserr::Deserr;
use futures::future::join_all;
use http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spindle_contracts::event::consumers;
use spindle_contracts::input::BrokenRule;
use spindle_contracts::{InputErrors, Problem, Timestamp};
use spindle_edge::{HandlerResult, Principal};
use spindle_events::dead_letters::{DeadLetter, DeadLetters, ReplayCount, ReplayFilter};
use spindle_platform::Context;
use spindle_platform::http::{NoParameters, Page, PageRequest, Paged, Request, empty, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// The name of the list in cursors.
const LIST: &str = "dead-letters";

/// The time after which a call to a service fails.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The consequence of a failed service.
const UNAVAILABLE: &str = "The dead letters are unavailable";

/// The position of a page at each service that has more letters, or did not respond: after this letter, or at the beginning.
type Positions = BTreeMap<String, Option<Position>>;

/// The last listed letter of a service.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Position {
    died_at: Timestamp,
    id: String,
}

/// The filters of the list.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct DeadLetterFilters {
    /// Only the letters of this service.
    #[deserr(default)]
    service: Option<ConsumerName>,
}

/// The letters to replay.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct ReplayRequest {
    /// The service that has them.
    service: ConsumerName,
    /// The type of their events; all types without it.
    #[deserr(default, rename = "type")]
    #[schemars(rename = "type")]
    kind: Option<String>,
}

/// The name of a service that consumes events, and so has dead letters.
#[derive(Clone, Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, try_from(String) = consumer_name -> BrokenRule)]
#[schemars(inline, with = "String", extend("enum" = consumers()))]
struct ConsumerName(&'static str);

fn consumer_name(name: String) -> Result<ConsumerName, BrokenRule> {
    let rule = || BrokenRule::new(format!("must be one of {}", consumers().join(", ")));
    consumer(&name).map(ConsumerName).ok_or_else(rule)
}

/// Handles `GET /v1/admin/dead-letters?service=`: 200 with a page of the letters of one service or of all, by service, and the latest first within
/// a service. A service that fails is named under `missing`, and stays where it is: the next page asks it again. 503 if all fail that are asked, so
/// that a list never ends without the letters of a service.
pub(crate) async fn list(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let Paged { page, filters } = request.query::<Paged<DeadLetterFilters>>()?;
    let mut open = starts(&page)?;
    if let Some(ConsumerName(service)) = filters.service {
        open.retain(|(name, _)| *name == service);
    }
    let parts = join_all(open.iter().map(async |(service, after)| {
        // One letter more than fits on the page shows that there is another page.
        let letters = read_letters(context, service, after.as_ref(), page.limit + 1).await?;
        Ok((*service, after.clone(), letters))
    }));
    let Gathered { parts, missing } = gather(context, UNAVAILABLE, parts.await)?;

    let (mut letters, mut next) = (Vec::new(), Positions::new());
    for (service, after, mut items) in parts {
        let room = page.limit - letters.len();
        if items.len() > room {
            items.truncate(room);
            let last = items.last().map(|letter| Position { died_at: letter.died_at, id: letter.id.clone() });
            next.insert(service.to_owned(), last.or(after));
        }
        letters.extend(items);
    }
    let is_missing = |service: &str| missing.iter().any(|part| part.service == service);
    let unread = open.into_iter().filter(|(service, _)| is_missing(service));
    next.extend(unread.map(|(service, after)| (service.to_owned(), after)));
    let page = Page::with_next(LIST, letters, (!next.is_empty()).then_some(&next));
    Ok(page.into_response_with(&request, &PageParts { missing }))
}

/// Returns the services that `page` lists, sorted by name, each with the letter after which it continues.
fn starts(page: &PageRequest) -> Result<Vec<(&'static str, Option<Position>)>, Problem> {
    let Some(positions) = page.after::<Positions>(LIST)? else {
        return Ok(consumers().into_iter().map(|service| (service, None)).collect());
    };
    let start = |(name, after): (String, Option<Position>)| {
        let service = consumer(&name).filter(|_| after.as_ref().is_none_or(|after| is_id(&after.id)));
        Ok((service.ok_or_else(PageRequest::unknown_cursor)?, after))
    };
    positions.into_iter().map(start).collect()
}

/// Reads up to `limit` letters of `service`, the latest first.
async fn read_letters(
    context: &Context,
    service: &'static str,
    after: Option<&Position>,
    limit: usize,
) -> Result<Vec<DeadLetter>, ServiceError> {
    let after = after.map(|Position { died_at, id }| format!("&before={}&before_id={id}", died_at.as_millis()));
    let path = format!("/internal/{service}/dead-letters?limit={limit}{}", after.unwrap_or_default());
    let DeadLetters { items } = services::get(context, service, path, TIMEOUT).await?;
    Ok(items)
}

/// Handles `GET /v1/admin/dead-letters/{service}/{id}`: 200 with the letter, or 404.
pub(crate) async fn get(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let (service, path) = location(&request)?;
    let letter = send(context, service, Method::GET, path, Bytes::new()).await?;
    Ok(json(StatusCode::OK, &services::read::<DeadLetter>(context, service, &letter).map_err(unavailable)?))
}

/// Handles `POST /v1/admin/dead-letters/{service}/{id}/replay`: 202, and the service handles the event again at its next tick; 404 if there is no
/// such letter.
pub(crate) async fn replay(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let (service, path) = location(&request)?;
    let replayed = send(context, service, Method::POST, format!("{path}/replay"), Bytes::new()).await?;
    Ok(json(StatusCode::ACCEPTED, &services::read::<ReplayCount>(context, service, &replayed).map_err(unavailable)?))
}

/// Handles `POST /v1/admin/dead-letters/replay` with a service and an optional type: 202 with the number of replayed letters, at most 1,000.
pub(crate) async fn replay_some(context: &Context, _: Principal, mut request: Request) -> HandlerResult {
    let ReplayRequest { service: ConsumerName(service), kind } = request.json().await?;
    let NoParameters {} = request.query()?;
    let body = serde_json::to_vec(&ReplayFilter { kind }).map_err(Problem::internal)?;
    let path = format!("/internal/{service}/dead-letters/replay");
    let replayed = send(context, service, Method::POST, path, body.into()).await?;
    Ok(json(StatusCode::ACCEPTED, &services::read::<ReplayCount>(context, service, &replayed).map_err(unavailable)?))
}

/// Handles `DELETE /v1/admin/dead-letters/{service}/{id}`: 204, and the event is never handled again; 404 if there is no such letter.
pub(crate) async fn discard(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let (service, path) = location(&request)?;
    send(context, service, Method::DELETE, path, Bytes::new()).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// Returns the consumer of events with this name.
fn consumer(name: &str) -> Option<&'static str> {
    consumers().into_iter().find(|service| *service == name)
}

/// Returns the service of the letter in the path of `request`, and the path of the letter at that service.
fn location(request: &Request) -> Result<(&'static str, String), Problem> {
    let NoParameters {} = request.query()?;
    let service = consumer(&request.param::<String>("service")?).ok_or_else(no_such_letter)?;
    let id: String = request.param("id")?;
    if !is_id(&id) {
        return Err(no_such_letter());
    }
    Ok((service, format!("/internal/{service}/dead-letters/{id}")))
}

/// Returns whether an event may have this id, which becomes a part of a path. Events of the platform have a UUID, those of a payment provider an id
/// of their own.
fn is_id(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=128).contains(&text.len()) && text.bytes().all(is_allowed)
}

fn no_such_letter() -> Problem {
    Problem::not_found("No dead letter has this id.")
}

/// Sends a request about a dead letter to `service`, and returns the response of success.
async fn send(
    context: &Context,
    service: &'static str,
    method: Method,
    path: String,
    body: Bytes,
) -> Result<http::Response<Bytes>, Problem> {
    match services::send(context, service, method, path, body, TIMEOUT).await {
        Ok(response) => Ok(response),
        Err(error) if error.status == Some(StatusCode::NOT_FOUND) => Err(no_such_letter()),
        Err(error) => Err(unavailable(error)),
    }
}

fn unavailable(error: ServiceError) -> Problem {
    services::unavailable(UNAVAILABLE, &[error])
}
