//! The edge of a component without rights: the steps of [`serve`](crate::serve) that need no variable and no store, for responses that are the
//! same for every caller.

use crate::correlation;
use crate::route::HandlerResult;
use crate::serve::AccessLine;
use spindle_platform::http::{Request, Response};
use spindle_platform::{Context, Platform, Scope};
use std::time::Instant;

/// Serves `request` with `handle`, without identification, rate limit and CORS.
pub async fn serve_public(
    scope: Scope,
    platform: Platform,
    request: Request,
    handle: impl FnOnce(&Request) -> HandlerResult,
) -> Response {
    let context = correlation::context(platform, scope, &request);
    answer(context, request, async |_, request| handle(&request)).await
}

/// Answers `request` with `handle`: problem details, the headers of every response, and one access line.
pub(crate) async fn answer(
    context: Context,
    request: Request,
    handle: impl AsyncFnOnce(&Context, Request) -> HandlerResult,
) -> Response {
    let start = Instant::now();
    let line = AccessLine::begin(&request);
    let body = request.unread_body();
    let result = handle(&context, request).await;
    if result.is_err() {
        body.discard().await;
    }
    let response = line.finish(&context, result);
    line.write(&context, &response, start, false);
    response
}
