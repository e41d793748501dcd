//! The dead letters of all services that listen to events: shown together, replayed and discarded where they are.

use crate::services::{self, Failure};
use bytes::Bytes;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use spindle_contracts::event::consumers;
use spindle_contracts::{Problem, Timestamp};
use spindle_edge::{HandlerResult, Principal};
use spindle_events::dead_letters::{DeadLetter, DeadLetters, ReplayCount, ReplayFilter};
use spindle_platform::Context;
use spindle_platform::http::{Page, Request, empty, json};
use std::time::Duration;

/// The name under which cursors of the list are made.
const LIST: &str = "dead-letters";

/// How long a service may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where the list goes on: after this letter of this service, with the services behind it in the alphabet.
#[derive(Debug, Serialize, Deserialize)]
struct Position {
    service: String,
    died_at: Timestamp,
    id: String,
}

/// Which letters are to be replayed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Selection {
    /// Whose.
    service: String,
    /// Those of this type; all if there is none.
    #[serde(default, rename = "type")]
    kind: Option<String>,
}

/// `GET /v1/admin/dead-letters?service=`: a page of the letters of one service or of all, service by service, each with its latest first.
/// A service that does not answer makes it a 503: a view that leaves one out would look like one without dead letters.
pub(crate) async fn list(context: &Context, _: Principal, request: Request) -> HandlerResult {
    request.only_query(&["service", "limit", "cursor"])?;
    let page = request.page()?;
    let position = page.after::<Position>(LIST)?;
    if position.as_ref().is_some_and(|position| !is_id(&position.id)) {
        return Err(Problem::malformed("The cursor is not one that this list gave out."));
    }
    let asked = match request.query("service")? {
        Some(name) => vec![named(&name)?],
        None => consumers(),
    };
    // One more than a page holds tells that there is another.
    let (wanted, mut letters) = (page.limit + 1, Vec::new());
    for service in asked {
        let left = wanted - letters.len();
        let after = match &position {
            Some(position) if service < position.service.as_str() => continue,
            Some(Position { service: own, died_at, id }) if own == service => {
                format!("&before={}&before_id={id}", died_at.as_millis())
            }
            _ => String::new(),
        };
        let path = format!("/internal/{service}/dead-letters?limit={left}{after}");
        let DeadLetters { items } = services::ask(context, service, path, TIMEOUT).await.map_err(unavailable)?;
        letters.extend(items);
        if letters.len() >= wanted {
            break;
        }
    }
    let position = |DeadLetter { service, died_at, id, .. }: &DeadLetter| Position {
        service: service.clone(),
        died_at: *died_at,
        id: id.clone(),
    };
    Ok(Page::new(&page, LIST, letters, position).into_response(&request))
}

/// `GET /v1/admin/dead-letters/{service}/{id}`: 200 with one letter, or 404.
pub(crate) async fn get(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let (service, path) = address(&request)?;
    let letter = send(context, service, Method::GET, path, Bytes::new()).await?;
    Ok(json(StatusCode::OK, &services::read::<DeadLetter>(service, &letter).map_err(unavailable)?))
}

/// `POST /v1/admin/dead-letters/{service}/{id}/replay`: 202, and the service tries the event again with its next tick; 404 if there is no
/// such letter.
pub(crate) async fn replay(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let (service, path) = address(&request)?;
    let replayed = send(context, service, Method::POST, format!("{path}/replay"), Bytes::new()).await?;
    Ok(json(StatusCode::ACCEPTED, &services::read::<ReplayCount>(service, &replayed).map_err(unavailable)?))
}

/// `POST /v1/admin/dead-letters/replay` with a service and perhaps a type: 202 with how many letters were replayed, 1,000 at most.
pub(crate) async fn replay_some(context: &Context, _: Principal, mut request: Request) -> HandlerResult {
    let Selection { service, kind } = request.json().await?;
    let service = named(&service)?;
    let body = serde_json::to_vec(&ReplayFilter { kind }).map_err(Problem::internal)?;
    let path = format!("/internal/{service}/dead-letters/replay");
    let replayed = send(context, service, Method::POST, path, body.into()).await?;
    Ok(json(StatusCode::ACCEPTED, &services::read::<ReplayCount>(service, &replayed).map_err(unavailable)?))
}

/// `DELETE /v1/admin/dead-letters/{service}/{id}`: 204, and nobody tries the event again; 404 if there is no such letter.
pub(crate) async fn discard(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let (service, path) = address(&request)?;
    send(context, service, Method::DELETE, path, Bytes::new()).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// The service that listens and is called `name`.
fn named(name: &str) -> Result<&'static str, Problem> {
    let service = consumers().into_iter().find(|service| *service == name);
    service.ok_or_else(|| Problem::not_found("No service of this name listens to events."))
}

/// The service of the letter that `request` names, and the letter's path there.
fn address(request: &Request) -> Result<(&'static str, String), Problem> {
    let service = named(&request.param::<String>("service")?)?;
    let id: String = request.param("id")?;
    if !is_id(&id) {
        return Err(no_such_letter());
    }
    Ok((service, format!("/internal/{service}/dead-letters/{id}")))
}

/// Whether an event may have this id, which becomes a part of a path: one of ours is a UUID, a payment provider's its own.
fn is_id(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=128).contains(&text.len()) && text.bytes().all(is_plain)
}

fn no_such_letter() -> Problem {
    Problem::not_found("There is no such dead letter.")
}

/// What `service` answers, if it does what it is asked.
async fn send(
    context: &Context,
    service: &'static str,
    method: Method,
    path: String,
    body: Bytes,
) -> Result<http::Response<Bytes>, Problem> {
    match services::send(context, service, method, path, body, TIMEOUT).await {
        Ok(response) => Ok(response),
        Err(failure) if failure.status == Some(StatusCode::NOT_FOUND) => Err(no_such_letter()),
        Err(failure) => Err(unavailable(failure)),
    }
}

fn unavailable(failure: Failure) -> Problem {
    services::unavailable("dead letters", &[&failure])
}
