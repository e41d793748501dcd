//! The import: many products in one request, written in batches as they arrive.

use crate::cache;
use crate::change;
use crate::error::Error;
use crate::import::{Batch, ImportReport, MAX_LINES};
use crate::store;
use http::StatusCode;
use serde_json::json as value;
use spindle_contracts::{Problem, ProblemKind, ProductId};
use spindle_edge::{HandlerResult, Principal};
use spindle_platform::Context;
use spindle_platform::audit::Entry;
use spindle_platform::http::{Lines, Request, json};
use spindle_platform::sql::Connection;

/// Handles `POST /v1/products/import` with a product per line, as for `POST /v1/products`: 200 with the numbers of created and updated products, and
/// the lines that failed. A line changes the product with its SKU, as a PATCH does: what it does not name stays, and so an archived product stays
/// archived.
///
/// If the request ends early, for any reason, the batches before that stay written: the problem has their report in `imported`, and all lines can
/// be sent again.
pub(crate) async fn import(context: &Context, caller: Principal, mut request: Request) -> HandlerResult {
    let lines = request.ndjson().await?;
    let db = context.sql().await?;
    let mut report = ImportReport::default();
    let result = import_lines(context, &db, caller, lines, &mut report).await;
    cache::invalidate(context, report.written.iter().copied()).await?;
    match result {
        Ok(()) => Ok(json(StatusCode::OK, &report)),
        Err(mut problem) => {
            problem.extensions.insert("imported".to_owned(), value!(report));
            Err(problem)
        }
    }
}

async fn import_lines(
    context: &Context,
    db: &Connection,
    caller: Principal,
    mut lines: Lines,
    report: &mut ImportReport,
) -> Result<(), Problem> {
    let mut batch = Batch::default();
    while let Some(line) = lines.next().await? {
        if line.number > MAX_LINES {
            write(context, db, caller, batch, report).await?;
            let detail = format!("An import may have at most {MAX_LINES} lines.");
            return Err(Problem::new(ProblemKind::PayloadTooLarge, detail));
        }
        batch.push(&line, report);
        if batch.is_full() {
            write(context, db, caller, std::mem::take(&mut batch), report).await?;
        }
    }
    write(context, db, caller, batch, report).await?;
    Ok(())
}

async fn write(
    context: &Context,
    db: &Connection,
    caller: Principal,
    batch: Batch,
    report: &mut ImportReport,
) -> Result<(), Error> {
    let Some((first, last)) = batch.line_range() else { return Ok(()) };
    let transaction = db.transaction().await?;
    let existing = store::products::with_sku_keys(&transaction, batch.sku_keys()).await?;
    let changes = batch.apply(existing, context.now(), || ProductId(context.new_id()), report);
    if changes.is_empty() {
        return Ok(());
    }
    let detail = value!({ "first_line": first, "last_line": last, "products": changes.len() });
    let actor = Some(caller.user().to_string());
    let entry = Entry { actor, action: "products.imported", subject: None, detail };
    change::write(&transaction, context, &changes, &entry).await?;
    transaction.commit().await?;
    report.written.extend(changes.iter().map(|change| change.after.id));
    Ok(())
}
