//! The audit logs of all services, merged into one list.

pub(crate) mod merge;

use crate::parts::{Gathered, MissingPart, PageParts, gather};
use crate::services::{self, SERVICES};
use deserr::Deserr;
use futures::future::join_all;
use http::StatusCode;
use merge::{Log, Merged, Positions, merge};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spindle_contracts::{CreatedRange, Cursor, InputErrors, Timestamp};
use spindle_edge::{AuditHead, AuditPage, AuditReport, HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::audit::{Filter, Query};
use spindle_platform::http::{Page, PageRequest, Paged, Request, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// The name of the list in cursors.
const LIST: &str = "audit";

/// The time after which reading rows of a service fails. With a filter that few rows match, the service reads its whole log.
const LIST_TIMEOUT: Duration = Duration::from_secs(10);

/// The name of the verification in cursors.
const VERIFICATION: &str = "audit-verification";

/// The time after which the verification of a slice fails. A service takes five seconds for one.
const VERIFY_TIMEOUT: Duration = Duration::from_secs(20);

/// The filters of the list.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct AuditFilters {
    /// Only actions of this user or service.
    #[deserr(default)]
    actor: Option<String>,
    /// Only this action, such as `user.role_changed`.
    #[deserr(default)]
    action: Option<String>,
    /// Only actions on this subject.
    #[deserr(default)]
    subject: Option<String>,
    /// Only actions from this address, or with this pseudonym of one.
    #[deserr(default)]
    source: Option<String>,
    /// Only actions after this time, which is not included.
    #[deserr(default)]
    created_after: Option<Timestamp>,
    /// Only actions before this time, which is not included.
    #[deserr(default)]
    created_before: Option<Timestamp>,
}

/// The parameters of a verification.
#[derive(Debug, Deserr, JsonSchema)]
#[deserr(error = InputErrors, deny_unknown_fields)]
#[schemars(deny_unknown_fields)]
pub(crate) struct VerificationParameters {
    /// The `next_cursor` of the response before: the verification continues there. Without it, it begins with the first rows.
    #[deserr(default)]
    cursor: Option<String>,
}

/// The result of the verification of all audit logs.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AuditVerification")]
pub(crate) struct VerificationReport {
    /// Whether all logs are as they were written; null while no violation is found and there are more rows to verify, or a log is missing.
    intact: Option<bool>,
    /// The result for each log, of the services that responded.
    services: Vec<AuditReport>,
    /// The services whose logs could not be verified by this request, and why; absent if there are none. `next_cursor` continues with them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<MissingPart>,
    /// The progress; absent once all rows are verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Progress")]
    progress: Option<Progress>,
    /// The `cursor` with which the next request continues; absent once all rows are verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    next_cursor: Option<String>,
}

/// The progress of a verification, over the logs of the services that responded.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "VerificationProgress")]
struct Progress {
    /// The number of verified rows.
    rows: u64,
    /// The number of all rows.
    of: u64,
}

/// The state of the verification of one log, in a cursor.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Position {
    /// Its rows are intact up to this checkpoint: the number and the MAC. A log that is verified to its end continues with the rows that were
    /// appended since.
    Checkpoint(i64, String),
    /// Its first violation is at the row `bad`, after `rows` intact ones.
    Violation { rows: u64, bad: i64 },
}

/// Handles `GET /v1/admin/audit`: 200 with a page of the rows of all services, newest first. A service that fails is named under `missing`, and stays
/// where it is: the next page asks it again. 503 if all fail that are asked, so that a list never ends without the rows of a service.
pub(crate) async fn list(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let Paged { page, filters } = request.query::<Paged<AuditFilters>>()?;
    let AuditFilters { actor, action, subject, source, created_after, created_before } = filters;
    let created = CreatedRange { after: created_after, before: created_before };
    let filter = Filter { actor, action, subject, source, created };
    let positions = page.after::<Positions>(LIST)?;

    // One service may have all rows of this page, and the one more that shows that there is another page.
    let read = async |service: &'static str, before_seq| {
        let query = Query { filter: filter.clone(), before_seq, limit: page.limit + 1 };
        let path = format!("/internal/{service}/audit?{}", query.to_query());
        let rows: AuditPage = services::get(context, service, path, LIST_TIMEOUT).await?;
        Ok(Log { service, rows: rows.items })
    };
    let start = |service: &str| match &positions {
        None => Some(None),
        // A service without a position has no more rows.
        Some(positions) => positions.get(service).map(|seq| Some(*seq)),
    };
    let open = SERVICES.iter().filter_map(|service| Some((*service, start(service)?)));
    let logs = join_all(open.map(|(service, before_seq)| read(service, before_seq))).await;
    let Gathered { parts, missing } = gather(context, "The audit log is unavailable", logs)?;
    let Merged { items, positions: mut next } = merge(parts, page.limit);
    let unread = |part: &MissingPart| (part.service.to_owned(), start(part.service).flatten().unwrap_or(i64::MAX));
    next.extend(missing.iter().map(unread));
    let page = Page::with_next(LIST, items, (!next.is_empty()).then_some(&next));
    Ok(page.into_response_with(&request, &PageParts { missing }))
}

/// Handles `GET /v1/admin/audit/verify`: verifies the logs of all services at once, each for a few seconds, from its first row or from where `cursor`
/// says. 200 whether they are intact or not, and with a `next_cursor` as long as one has more rows or is missing, because its service fails; 503 if
/// all fail.
pub(crate) async fn verify(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let VerificationParameters { cursor } = request.query()?;
    let page = PageRequest::longest(cursor);
    let positions = page.after::<BTreeMap<String, Position>>(VERIFICATION)?.unwrap_or_default();
    let verify = async |service: &'static str| {
        let checkpoint = match positions.get(service) {
            None => None,
            Some(Position::Checkpoint(seq, mac)) => Some(AuditHead { seq: *seq, mac_hex: mac.clone() }),
            Some(Position::Violation { rows, bad }) => return Ok(found_before(service, *rows, *bad)),
        };
        let path = AuditReport::path(service, checkpoint.as_ref());
        services::get::<AuditReport>(context, service, path, VERIFY_TIMEOUT).await
    };
    let reports = join_all(SERVICES.iter().map(|service| verify(service))).await;
    let gathered = gather(context, "The audit log cannot be verified", reports)?;
    Ok(json(StatusCode::OK, &VerificationReport::of(gathered, positions)))
}

/// Returns the report on a log whose violation an earlier request of the verification has found: nothing after it can be verified.
fn found_before(service: &str, rows: u64, bad: i64) -> AuditReport {
    AuditReport {
        service: service.to_owned(),
        rows,
        head: None,
        intact: Some(false),
        checkpoint: None,
        first_bad_seq: Some(bad),
        detail: Some("An earlier request of this verification has found this row.".to_owned()),
    }
}

impl VerificationReport {
    /// Returns the response with what the services reported. `positions` are those that the request began with.
    fn of(gathered: Gathered<AuditReport>, mut positions: BTreeMap<String, Position>) -> Self {
        let Gathered { parts: services, missing } = gathered;
        let is_complete = missing.is_empty() && services.iter().all(|report| report.checkpoint.is_none());
        let has_violation = services.iter().any(|report| report.intact == Some(false));
        let intact = if has_violation { Some(false) } else { is_complete.then_some(true) };
        if is_complete {
            return Self { intact, services, missing, progress: None, next_cursor: None };
        }
        let rows = services.iter().map(|report| report.rows).sum();
        let head = |report: &AuditReport| report.head.as_ref().map_or(report.rows, |head| head.seq.unsigned_abs());
        let progress = Some(Progress { rows, of: services.iter().map(head).sum() });
        // A missing log stays where it is.
        let verified = services.iter().filter_map(|report| Some((report.service.clone(), Position::after(report)?)));
        positions.extend(verified);
        Self { intact, progress, next_cursor: Some(Cursor::encode(VERIFICATION, &positions)), services, missing }
    }
}

impl Position {
    /// Returns the position after `report`; `None` for an empty log.
    fn after(report: &AuditReport) -> Option<Self> {
        if let Some(bad) = report.first_bad_seq {
            return Some(Self::Violation { rows: report.rows, bad });
        }
        let AuditHead { seq, mac_hex } = report.checkpoint.as_ref().or(report.head.as_ref())?;
        (*seq > 0).then(|| Self::Checkpoint(*seq, mac_hex.clone()))
    }
}
