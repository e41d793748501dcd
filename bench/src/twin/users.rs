//! The read of a user, for whoever may see them.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access::{Client, Left};
use super::{Found, Twin, shown};

const SELECT: &str = "
    SELECT id, email, display_name, role, locale, phone, addresses, notify_email, notify_sms, notify_push, created_at, updated_at, version
    FROM users WHERE id = ?1 AND erased_at IS NULL";

#[derive(Serialize)]
struct User {
    id: String,
    email: String,
    display_name: Option<String>,
    role: String,
    locale: String,
    phone: Option<String>,
    addresses: Vec<Address>,
    notification_preferences: Preferences,
    created_at: String,
    updated_at: String,
    #[serde(skip)]
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Address {
    id: Uuid,
    label: Option<String>,
    lines: Vec<String>,
    city: String,
    postal_code: String,
    country: String,
}

#[derive(Serialize)]
struct Preferences {
    email: bool,
    sms: bool,
    push: bool,
}

/// `GET /v1/users/{id}`
pub(super) async fn read(State(twin): State<Arc<Twin>>, Path(id): Path<String>, request: HeaderMap) -> Response {
    let start = Instant::now();
    let answer = answer(&twin, &id, &request);
    twin.respond(start, &request, format!("/v1/users/{id}"), answer)
}

/// The user `id`, if whoever asks may see them, and what is left of their rate limit.
fn answer(twin: &Twin, id: &str, headers: &HeaderMap) -> (Result<Found, StatusCode>, Option<Left>) {
    let grant = match twin.access.grant(headers) {
        Ok(grant) => grant,
        Err(status) => return (Err(status), None),
    };
    let left = match twin.access.count(Client::User(grant.user)) {
        Ok(left) => left,
        Err(status) => return (Err(status), None),
    };
    let may_see = grant.is_operator || id.parse() == Ok(grant.user);
    let user = match twin.users.read(|connection| find(connection, id)) {
        Ok(user) => user.filter(|_| may_see).ok_or(StatusCode::NOT_FOUND),
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    };
    let found = user.map(|user| Found {
        etag: format!("\"v{}\"", user.version),
        cache_control: "private, no-cache",
        link: None,
        body: serde_json::to_string(&user).expect("a user is plain data"),
    });
    (found, Some(left))
}

fn find(connection: &Connection, id: &str) -> rusqlite::Result<Option<User>> {
    let mut statement = connection.prepare_cached(SELECT)?;
    let user = statement.query_row([id], |row| {
        let addresses: String = row.get(6)?;
        Ok(User {
            id: row.get(0)?,
            email: row.get(1)?,
            display_name: row.get(2)?,
            role: row.get(3)?,
            locale: row.get(4)?,
            phone: row.get(5)?,
            addresses: serde_json::from_str(&addresses).unwrap_or_default(),
            notification_preferences: Preferences { email: row.get(7)?, sms: row.get(8)?, push: row.get(9)? },
            created_at: shown(row.get(10)?),
            updated_at: shown(row.get(11)?),
            version: row.get(12)?,
        })
    });
    user.optional()
}
