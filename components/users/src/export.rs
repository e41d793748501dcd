//! `GET /v1/users/me/export`: everything that is kept about the caller, from all services, as one JSON document.
//!
//! The document is streamed: it is read page by page from the services, and written page by page to the client, so that the export of a user with
//! ten thousand orders takes no more memory than that of one with a hundred. The first page of each part is read before the response begins: if
//! a service does not respond then, the response is a 503. If one fails later, the body ends early, which the client sees.

use crate::store;
use crate::user::User;
use bytes::Bytes;
use http::header::CONTENT_DISPOSITION;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json as value};
use spindle_contracts::{Problem, Timestamp, UserId};
use spindle_edge::{HandlerResult, Principal, export};
use spindle_platform::audit::{self, Entry};
use spindle_platform::http::{BodyWriter, NoParameters, PageRequest, Request, StreamError, json};
use spindle_platform::sql::Connection;
use spindle_platform::{Context, client};
use std::time::Duration;

/// The longest wait for a page.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The time after which a client may try again if a service does not respond, in seconds.
const RETRY_AFTER_SECONDS: u32 = 5;

/// The lists of the document in their order: the name, the name in the path of the operation, and the services that have it.
const LISTS: [(&str, &str, &[&str]); 7] = [
    ("credentials", "credentials", &["auth"]),
    ("sessions", "sessions", &["auth"]),
    ("orders", "orders", &["orders"]),
    ("payments", "payments", &["payments"]),
    ("notifications", "notifications", &["notifications"]),
    ("idempotency_keys", "idempotency-keys", &["notifications", "orders", "payments"]),
    ("audit_log", export::AUDIT, &["auth", "catalog", "notifications", "orders", "payments", "users"]),
];

/// A page of a list. The items stay as they are: nothing here depends on their fields.
#[derive(Deserialize)]
struct ExportPage {
    items: Vec<Box<RawValue>>,
    next_cursor: Option<String>,
}

/// The part of a list that one service has, with its first page.
struct Part {
    list: &'static str,
    service: &'static str,
    name: &'static str,
    first: ExportPage,
}

/// The reason why a page could not be read.
#[derive(Debug, thiserror::Error)]
enum PageError {
    #[error("{service}: {cause}")]
    Call { service: &'static str, cause: client::Error },
    #[error("{service} responded with {}", .status.as_u16())]
    Status { service: &'static str, status: StatusCode },
    #[error("{service}: {cause}")]
    Form { service: &'static str, cause: serde_json::Error },
    #[error("{}", .0.cause.as_deref().unwrap_or(&.0.detail))]
    AuditLog(Problem),
}

/// Handles `GET /v1/users/me/export`: 200 with the document as a file, or 503 if a service does not respond.
pub(crate) async fn export_me(context: &Context, caller: Principal, request: Request) -> HandlerResult {
    let NoParameters {} = request.query()?;
    let db = context.sql().await?;
    let user = store::get(&db, caller.user()).await?;
    let changes = store::previous_emails(&db, user.id).await?;
    record(context, &db, user.id).await?;
    let mut parts = Vec::new();
    for (list, name, services) in LISTS {
        for service in services {
            let first = read_page(context, service, name, user.id, None).await.map_err(|error| {
                let detail = "The data of a service cannot be read at the moment.";
                Problem::unavailable(detail, RETRY_AFTER_SECONDS, error)
            })?;
            parts.push(Part { list, service, name, first });
        }
    }
    let mut response = json(StatusCode::OK, &Value::Null).map(|_| Bytes::new());
    let file = format!("attachment; filename=\"spindle-export-{}.json\"", user.id);
    response.headers_mut().insert(CONTENT_DISPOSITION, HeaderValue::try_from(file).expect("an id is visible ASCII"));
    let later = context.clone();
    Ok(context.stream(response, async move |body| write(&later, body, &user, &changes, parts).await))
}

/// Writes the document: one line for the profile and for each item of a list.
async fn write(
    context: &Context,
    mut body: BodyWriter,
    user: &User,
    changes: &[(String, Timestamp)],
    parts: Vec<Part>,
) -> Result<(), StreamError> {
    let changes: Value = changes.iter().map(|(email, time)| value!({ "email": email, "changed_at": time })).collect();
    let (now, profile) = (value!(context.now()), text_of(user));
    let head = format!("{{\"exported_at\":{now},\n\"profile\":{profile},\n\"previous_emails\":{changes}");
    body.write(head.as_bytes()).await?;
    let (mut current, mut is_first) = (None, true);
    for Part { list, service, name, first } in parts {
        if current != Some(list) {
            let end = if current.is_some() { "\n]" } else { "" };
            body.write(format!("{end},\n\"{list}\":[").as_bytes()).await?;
            (current, is_first) = (Some(list), true);
        }
        let mut page = first;
        loop {
            body.write(lines(&page.items, &mut is_first).as_bytes()).await?;
            let Some(cursor) = page.next_cursor else { break };
            let next = read_page(context, service, name, user.id, Some(cursor)).await;
            page = next.map_err(|error| StreamError::Source(error.to_string()))?;
        }
    }
    body.write(b"\n]}\n").await
}

/// Returns the profile as other responses have it.
fn text_of(user: &User) -> String {
    serde_json::to_string(user).expect("a profile is plain data")
}

/// Returns `items` as the next items of a JSON array.
fn lines(items: &[Box<RawValue>], is_first: &mut bool) -> String {
    let mut text = String::with_capacity(items.iter().map(|item| item.get().len() + 2).sum());
    for item in items {
        text.push_str(if std::mem::take(is_first) { "\n" } else { ",\n" });
        text.push_str(item.get());
    }
    text
}

/// Reads the page of the part `name` of `service` after `cursor`, or the first page.
async fn read_page(
    context: &Context,
    service: &'static str,
    name: &str,
    user: UserId,
    cursor: Option<String>,
) -> Result<ExportPage, PageError> {
    let form = |cause| PageError::Form { service, cause };
    if service == context.service() {
        let page = export::audit_page(context, user, &PageRequest::longest(cursor)).await;
        let page = serde_json::to_vec(&page.map_err(PageError::AuditLog)?).map_err(form)?;
        return serde_json::from_slice(&page).map_err(form);
    }
    let request = http::Request::get(export::path(service, user, name, cursor.as_deref())).body(Bytes::new());
    let request = request.expect("a path of names, an id and a cursor");
    let response = context.client().call(service, request, TIMEOUT).await;
    let response = response.map_err(|cause| PageError::Call { service, cause })?;
    match response.status() {
        StatusCode::OK => serde_json::from_slice(response.body()).map_err(form),
        status => Err(PageError::Status { service, status }),
    }
}

/// Records in the audit log that `user` has exported their data: if a thief of a token does, it can be found out.
async fn record(context: &Context, db: &Connection, user: UserId) -> Result<(), Problem> {
    let id = Some(user.to_string());
    let entry = Entry { actor: id.clone(), action: "user.exported", subject: id, detail: value!({}) };
    let transaction = db.transaction().await?;
    audit::record(&transaction, context, &entry).await?;
    Ok(transaction.commit().await?)
}
