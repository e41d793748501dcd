//! The audit log of a service, for the gateway: the operations `GET /internal/<service>/audit` and `GET /internal/<service>/audit/verify`
//! of every service with a database, and their response bodies.

use crate::route::HandlerResult;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use spindle_contracts::Problem;
use spindle_platform::Context;
use spindle_platform::audit::{self, ChainHead, Key, Query, Record, SliceLimit, Verification};
use spindle_platform::http::{Request, json};
use spindle_platform::log::Level;
use std::time::Duration;

/// The size of a slice, so that the response comes well before callers give up: a million rows take half a minute.
const SLICE: SliceLimit = SliceLimit { rows: 1_000_000, time: Duration::from_secs(5) };

/// One page of an audit log, newest row first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditPage {
    /// The rows of the page.
    pub items: Vec<Record>,
    /// The `before_seq` of the next page, if there are more rows.
    pub next: Option<i64>,
}

/// The head of an audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditHead {
    /// The number of the last row.
    pub seq: i64,
    /// The MAC of the head, in hexadecimal.
    pub mac_hex: String,
}

/// The result of verifying the audit log of one service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditReport {
    /// The service's name.
    pub service: String,
    /// The number of rows, from the first on, that are as they were written.
    pub rows: u64,
    /// The head of the log; `None` if the head itself was removed.
    pub head: Option<AuditHead>,
    /// Whether the whole log is as it was written; `None` while there are more rows to verify.
    pub intact: Option<bool>,
    /// The head as it was after the last verified row, if there are more rows: the next request continues there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<AuditHead>,
    /// The number of the first row that is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_bad_seq: Option<i64>,
    /// The violation found at that row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl AuditReport {
    /// Returns the path and query with which a service continues its verification after `checkpoint`, or begins it.
    pub fn path(service: &str, checkpoint: Option<&AuditHead>) -> String {
        match checkpoint {
            None => format!("/internal/{service}/audit/verify"),
            Some(AuditHead { seq, mac_hex }) => format!("/internal/{service}/audit/verify?seq={seq}&mac_hex={mac_hex}"),
        }
    }
}

/// Returns the page of the audit log that `request` selects.
pub(crate) async fn list(context: &Context, request: &Request) -> HandlerResult {
    let Query { filter, before_seq, limit } = Query::from_request(request)?;
    // One row more than the limit is read, to find out whether there is a next page.
    let mut items = audit::list(&context.sql().await?, &filter, before_seq, limit + 1).await?;
    let has_more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| has_more).map(|row| row.seq);
    Ok(json(StatusCode::OK, &AuditPage { items, next }))
}

/// Verifies the audit log from the checkpoint in `seq` and `mac_hex` on, or from its first row, for a few seconds or up to `rows` rows. Logs
/// its head: an operator who keeps the log lines can detect that a log was reset to an earlier state.
pub(crate) async fn verify(context: &Context, request: &Request) -> HandlerResult {
    request.only_query(&["seq", "mac_hex", "rows"])?;
    let rows = request.query_integer("rows", 1..=SLICE.rows)?.unwrap_or(SLICE.rows);
    let (from, key) = (checkpoint(request)?, Key::for_service(context)?);
    let db = context.sql().await?;
    // Also of a service without a tick that has no requests: logs are verified daily.
    audit::delete_expired_keys(&db, context.now()).await?;
    let found = audit::verify(&db, &key, from.as_ref(), SliceLimit { rows, ..SLICE }).await?;
    let report = report(context.service(), found);
    let (level, message) = match report.intact {
        Some(true) => (Level::Info, "audit log verified"),
        Some(false) => (Level::Error, "audit log is not intact"),
        None => (Level::Info, "audit log verified in part"),
    };
    let fields = [
        ("rows", report.rows.into()),
        ("head_seq", report.head.as_ref().map(|head| head.seq).into()),
        ("head_mac", report.head.as_ref().map(|head| head.mac_hex.as_str()).into()),
        ("first_bad_seq", report.first_bad_seq.into()),
        ("detail", report.detail.as_deref().into()),
    ];
    context.log(level, message, &fields);
    Ok(json(StatusCode::OK, &report))
}

/// Reads the checkpoint of a request; `None` for a verification from the first row on.
fn checkpoint(request: &Request) -> Result<Option<ChainHead>, Problem> {
    let Some(seq) = request.query_integer("seq", 1..=usize::MAX)? else { return Ok(None) };
    let malformed = || Problem::malformed("The query parameters seq and mac_hex must be a checkpoint.");
    let text = request.query("mac_hex")?.ok_or_else(malformed)?;
    let mac = base16ct::lower::decode_vec(text.as_bytes()).map_err(|_| malformed())?;
    Ok(Some(ChainHead { seq: i64::try_from(seq).map_err(|_| malformed())?, mac }))
}

fn report(service: &str, found: Verification) -> AuditReport {
    let audit_head = |head: ChainHead| AuditHead { seq: head.seq, mac_hex: base16ct::lower::encode_string(&head.mac) };
    let (first_bad_seq, detail) = found.violation.map(|violation| (violation.seq, violation.detail.to_owned())).unzip();
    AuditReport {
        service: service.to_owned(),
        rows: found.rows,
        head: found.head.map(audit_head),
        intact: found.checkpoint.is_none().then_some(first_bad_seq.is_none()),
        checkpoint: found.checkpoint.map(audit_head),
        first_bad_seq,
        detail,
    }
}
