//! One run of a guest: polled in place until its response head is there, and handed to the background if it goes on.
//!
//! Polling in place saves a task and a thread hop for each request. A guest that is dropped before it is done (its client
//! went away, or it works on after its response) is not cancelled: as in Spin, it runs to its end.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::{Response, StatusCode};
use tokio::sync::oneshot;
use wasmtime_wasi_http::p2::bindings::http::types::ErrorCode;
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;

use super::slow_lane::{Moved, Outcome, Pace, Work, computed};
use super::{Runtime, empty_response};

/// A guest that has computed for this long without calling the host goes on in the slow lane. A little less than the tick that makes
/// it yield, which may come early in its turn.
const SLOW: Duration = Duration::from_millis(5);

/// Where a guest is.
enum Lane {
    /// Here, in its connection's own task.
    Fast(Execution),
    /// In the slow lane.
    Slow(Moved<Outcome<Result<(), Failure>>>),
}

/// What the guest hands to `response-outparam.set`.
pub(super) type GuestResponse = Result<Response<HyperOutgoingBody>, ErrorCode>;

/// The whole life of one instance; its output is why it failed, if it did.
pub(super) type Execution = Work<Result<(), Failure>>;

/// Why a guest did not end well.
#[derive(Debug)]
pub(super) struct Failure {
    /// For the log, in one line.
    pub(super) cause: String,
}

/// Names a run in log lines.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub(super) component: Arc<str>,
    pub(super) method: http::Method,
    pub(super) path: String,
}

/// A guest on its way, and the place its response will arrive.
pub(super) struct Guest {
    runtime: Arc<Runtime>,
    label: Label,
    execution: Option<Lane>,
    response: oneshot::Receiver<GuestResponse>,
    responded: bool,
}

impl Guest {
    pub(super) fn new(
        runtime: Arc<Runtime>,
        label: Label,
        execution: Execution,
        response: oneshot::Receiver<GuestResponse>,
    ) -> Self {
        Self { runtime, label, execution: Some(Lane::Fast(execution)), response, responded: false }
    }

    /// Runs the guest until its response head, at most `limit`.
    ///
    /// 504 if the time is up; 500 with an empty body, as Spin answers, if the guest failed or never responded.
    pub(super) async fn respond(mut self, limit: Duration) -> Response<HyperOutgoingBody> {
        let head = tokio::time::timeout(limit, poll_fn(|cx| self.poll_head(cx))).await;
        match head {
            Ok(Some(Ok(response))) => {
                self.responded = true;
                response
            }
            Ok(Some(Err(code))) => {
                self.failed(&format!("it answered with the error {code:?}"));
                empty_response(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Ok(None) => empty_response(StatusCode::INTERNAL_SERVER_ERROR),
            Err(_) => {
                // Dropped here, not left to the background: its time is up.
                self.execution = None;
                self.runtime.counters.timeout();
                let Label { component, method, path } = &self.label;
                tracing::error!(%component, %method, %path, "no response within {limit:?}: the request was stopped");
                empty_response(StatusCode::GATEWAY_TIMEOUT)
            }
        }
    }

    fn poll_head(&mut self, cx: &mut std::task::Context<'_>) -> Poll<Option<GuestResponse>> {
        if let Poll::Ready(ended) = self.poll_execution(cx) {
            let response = self.response.try_recv().ok();
            match ended {
                Ok(()) if response.is_none() => self.failed("it ended without a response"),
                Ok(()) => {}
                Err(failure) => self.failed(&failure.cause),
            }
            return Poll::Ready(response);
        }
        match Pin::new(&mut self.response).poll(cx) {
            Poll::Ready(Ok(response)) => Poll::Ready(Some(response)),
            // A guest that dropped its outparam may still trap, and then the log should say so: wait for its end.
            Poll::Ready(Err(_)) | Poll::Pending => Poll::Pending,
        }
    }

    /// Lets the guest go on, here or in the slow lane, until it has to wait. It is gone once it has ended.
    fn poll_execution(&mut self, cx: &mut std::task::Context<'_>) -> Poll<Result<(), Failure>> {
        loop {
            match &mut self.execution {
                None => return Poll::Pending,
                Some(Lane::Fast(execution)) => {
                    let start = computed();
                    if let Poll::Ready(ended) = execution.as_mut().poll(cx) {
                        self.execution = None;
                        return Poll::Ready(ended);
                    }
                    if computed().saturating_sub(start) < SLOW {
                        return Poll::Pending;
                    }
                    let Some(Lane::Fast(execution)) = self.execution.take() else { return Poll::Pending };
                    // It had its turn; the rest it computes where it is in nobody's way.
                    let lane = slower(&self.runtime, execution, Pace::Slow);
                    let has_moved = matches!(lane, Lane::Slow(_));
                    self.execution = Some(lane);
                    if !has_moved {
                        return Poll::Pending;
                    }
                }
                Some(Lane::Slow(moved)) => match Pin::new(moved).poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Outcome::Done(ended)) => {
                        self.execution = None;
                        return Poll::Ready(ended);
                    }
                    Poll::Ready(Outcome::Back(execution)) => self.execution = Some(Lane::Fast(execution)),
                    Poll::Ready(Outcome::Slower(execution)) => {
                        self.execution = Some(slower(&self.runtime, execution, Pace::Slowest));
                    }
                },
            }
        }
    }

    fn failed(&self, cause: &str) {
        self.runtime.counters.failure();
        let Label { component, method, path } = &self.label;
        tracing::error!(%component, %method, %path, "the component failed: {cause}");
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let Some(execution) = self.execution.take() else { return };
        let runtime = Arc::clone(&self.runtime);
        let label = self.label.clone();
        let late = label.clone();
        // One that nobody waits for any more gets no longer than somebody would have waited.
        let (limit, since) = if self.responded {
            (runtime.limits.after_response, "after its response")
        } else {
            (runtime.limits.timeout, "after whoever asked went away")
        };
        let counted = Arc::clone(&runtime);
        self.runtime.background.spawn(
            limit,
            async move {
                if let Err(Failure { cause }) = to_its_end(&runtime, execution).await {
                    runtime.counters.failure();
                    let Label { component, method, path } = &label;
                    tracing::error!(%component, %method, %path, "the component failed after its response: {cause}");
                }
            },
            move || {
                counted.counters.timeout();
                let Label { component, method, path } = &late;
                tracing::error!(%component, %method, %path, "still running {limit:?} {since}: it was stopped");
            },
        );
    }
}

/// Lets a guest go on in a slower lane, or here if there is none.
fn slower(runtime: &Runtime, execution: Execution, pace: Pace) -> Lane {
    match runtime.slow_lane.take(execution, pace) {
        Ok(moved) => Lane::Slow(moved),
        Err(execution) => Lane::Fast(execution),
    }
}

/// What becomes of a guest that nobody waits for.
async fn to_its_end(runtime: &Runtime, mut lane: Lane) -> Result<(), Failure> {
    loop {
        lane = match lane {
            Lane::Fast(execution) => return execution.await,
            Lane::Slow(moved) => match moved.await {
                Outcome::Done(ended) => return ended,
                Outcome::Back(execution) => Lane::Fast(execution),
                Outcome::Slower(execution) => slower(runtime, execution, Pace::Slowest),
            },
        };
    }
}
