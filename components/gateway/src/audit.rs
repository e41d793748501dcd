//! The audit logs of all services, merged into one list.

mod merge;

use crate::services::{self, SERVICES};
use futures::future::join_all;
use http::StatusCode;
use merge::{Log, Positions, merge};
use serde::Serialize;
use spindle_edge::{AuditPage, AuditReport, HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::audit::{Filter, Query};
use spindle_platform::http::{Page, Request, json};
use std::time::Duration;

/// The name of the list in cursors.
const LIST: &str = "audit";

/// The time after which reading rows of a service fails. With a filter that few rows match, the service reads its whole log.
const LIST_TIMEOUT: Duration = Duration::from_secs(10);

/// The time after which the verification of a service's whole log fails.
const VERIFY_TIMEOUT: Duration = Duration::from_secs(60);

/// The result of the verification of all audit logs.
#[derive(Debug, Serialize)]
struct VerificationReport {
    /// `true` if all logs are as they were written.
    intact: bool,
    /// The result for each log.
    services: Vec<AuditReport>,
}

/// Handles `GET /v1/admin/audit`: 200 with a page of the rows of all services, newest first; 503 if a service fails: a list without its rows would
/// look as if nothing had happened there.
pub(crate) async fn list(context: &Context, _: Principal, request: Request) -> HandlerResult {
    let [actor, action, subject, after, before] = Filter::PARAMETERS;
    request.only_query(&[actor, action, subject, after, before, "limit", "cursor"])?;
    let filter = Filter::from_query(&request)?;
    let page = request.page()?;
    let positions = page.after::<Positions>(LIST)?;

    // One service may have all rows of this page, and the one more that shows that there is another page.
    let read = async |service: &'static str, before_seq| {
        let query = Query { filter: filter.clone(), before_seq, limit: page.limit + 1 };
        let path = format!("/internal/{service}/audit?{}", query.to_query());
        let rows: AuditPage = services::get(context, service, path, LIST_TIMEOUT).await?;
        Ok(Log { service, rows: rows.items })
    };
    let open = SERVICES.iter().filter_map(|service| match &positions {
        None => Some((*service, None)),
        // A service without a position has no more rows.
        Some(positions) => positions.get(*service).map(|seq| (*service, Some(*seq))),
    });
    let logs = join_all(open.map(|(service, before_seq)| read(service, before_seq))).await;
    let merged = merge(services::all("The audit log is unavailable", logs)?, page.limit);
    Ok(Page::new(&page, LIST, merged.items, |_| &merged.positions).into_response(&request))
}

/// Handles `GET /v1/admin/audit/verify`: verifies the logs of all services at once. 200 whether they are intact or not; 503 if a service fails.
pub(crate) async fn verify(context: &Context, _: Principal, request: Request) -> HandlerResult {
    request.only_query(&[])?;
    let verify = async |service: &'static str| {
        let path = format!("/internal/{service}/audit/verify");
        services::get::<AuditReport>(context, service, path, VERIFY_TIMEOUT).await
    };
    let reports = join_all(SERVICES.iter().map(|service| verify(service))).await;
    let services = services::all("The audit log cannot be verified", reports)?;
    let intact = services.iter().all(|report| report.intact);
    Ok(json(StatusCode::OK, &VerificationReport { intact, services }))
}
