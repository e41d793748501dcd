//! Calls of auth that follow a commit here. The commit keeps a call pending until auth has confirmed it: if auth does not respond, the next
//! commit of the same kind or the next tick repeats it.

use crate::error::Error;
use bytes::Bytes;
use http::{Request, StatusCode};
use spindle_platform::Context;
use spindle_platform::log::Level;
use std::time::Duration;

/// The most pending calls of a kind that are made at once: the one just committed and older ones.
pub(crate) const BATCH_SIZE: i64 = 5;

/// The time within which auth must respond to each.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Makes the call `request` for each of `pending`, up to the first that fails, and marks each that auth confirms with `confirm`. Returns the
/// number of these. A failure is logged as `failure`.
pub(crate) async fn complete<P>(
    context: &Context,
    pending: Result<Vec<P>, Error>,
    request: impl Fn(&P) -> Request<Bytes>,
    confirm: impl AsyncFn(&P) -> Result<(), Error>,
    failure: &'static str,
) -> usize {
    let mut confirmed = 0;
    let result = async {
        for call in pending.map_err(|error| error.to_string())? {
            send(context, request(&call)).await?;
            confirm(&call).await.map_err(|error| error.to_string())?;
            confirmed += 1;
        }
        Ok::<(), String>(())
    };
    if let Err(cause) = result.await {
        context.log(Level::Warn, failure, &[("cause", cause.into())]);
    }
    confirmed
}

async fn send(context: &Context, request: Request<Bytes>) -> Result<(), String> {
    match context.client().call_for_status("auth", request, TIMEOUT).await {
        Ok(StatusCode::NO_CONTENT) => Ok(()),
        Ok(status) => Err(format!("auth responded with the status {}", status.as_u16())),
        Err(error) => Err(error.to_string()),
    }
}
