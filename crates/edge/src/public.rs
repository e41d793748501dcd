//! The edge of a component without rights: the steps of [`serve`](crate::serve) that need no variable and no store, for responses that are the
//! same for every caller.

use crate::access_line::AccessLine;
use crate::correlation;
use crate::route::HandlerResult;
use spindle_platform::http::{Request, Response};
use spindle_platform::{Context, Platform, Scope};

/// Serves `request` with `handle`, without identification, rate limit and CORS.
pub async fn serve_public(
    scope: Scope,
    platform: Platform,
    request: Request,
    handle: impl FnOnce(&Request) -> HandlerResult,
) -> Response {
    let line = AccessLine::begin(&platform, &request);
    let context = correlation::context(platform, scope, &request);
    answer(line, context, request, false, async |_, request| handle(&request)).await
}

/// Answers `request` with `handle`: problem details, the headers of every response, and the access `line`, at debug if `log_at_debug`.
pub(crate) async fn answer(
    mut line: AccessLine,
    context: Context,
    request: Request,
    log_at_debug: bool,
    handle: impl AsyncFnOnce(&Context, Request) -> HandlerResult,
) -> Response {
    let body = request.unread_body();
    let result = handle(&context, request).await;
    if result.is_err() {
        body.discard().await;
    }
    let response = line.finish(&context, result);
    line.write(&context, &response, log_at_debug);
    response
}
