//! The read of a user, for callers who may read it.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access::{Client, Quota};
use super::{Baseline, Resource, format_millis};

const SELECT: &str = "
    SELECT id, email, display_name, role, locale, phone, addresses, notify_email, notify_sms, notify_push, created_at, updated_at, version, status
    FROM users WHERE id = ?1 AND erased_at IS NULL";

#[derive(Serialize)]
struct User {
    id: String,
    email: String,
    display_name: Option<String>,
    role: String,
    status: String,
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
    name: String,
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
pub(super) async fn read(
    State(baseline): State<Arc<Baseline>>,
    Path(id): Path<String>,
    request: HeaderMap,
) -> Response {
    let start = Instant::now();
    let result = find_for_caller(&baseline, &id, &request);
    baseline.respond(start, &request, format!("/v1/users/{id}"), result)
}

/// Returns the user `id` if the caller may read it, and the remaining quota of the caller.
fn find_for_caller(
    baseline: &Baseline,
    id: &str,
    headers: &HeaderMap,
) -> (Result<Resource, StatusCode>, Option<Quota>) {
    let claims = match baseline.access.authenticate(headers) {
        Ok(claims) => claims,
        Err(status) => return (Err(status), None),
    };
    let quota = match baseline.access.count(Client::User(claims.user)) {
        Ok(quota) => quota,
        Err(status) => return (Err(status), None),
    };
    let may_read = claims.is_operator || id.parse() == Ok(claims.user);
    let user = match baseline.users.read(|connection| find(connection, id)) {
        Ok(user) => user.filter(|_| may_read).ok_or(StatusCode::NOT_FOUND),
        Err(_) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    };
    let resource = user.map(|user| Resource {
        etag: format!("\"v{}\"", user.version),
        cache_control: "private, no-cache",
        link: None,
        body: serde_json::to_string(&user).expect("a user is plain data"),
    });
    (resource, Some(quota))
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
            created_at: format_millis(row.get(10)?),
            updated_at: format_millis(row.get(11)?),
            version: row.get(12)?,
            status: row.get(13)?,
        })
    });
    user.optional()
}
