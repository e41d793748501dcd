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
use rustix::time::{ClockId, clock_gettime};
use tokio::sync::oneshot;
use wasmtime_wasi_http::p2::bindings::http::types::ErrorCode;
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;

use super::{Runtime, empty_response};

/// A guest that has computed for this long without calling the host goes on in the slow lane. A little less than the tick that makes
/// it yield, which may come early in its turn.
const SLOW: Duration = Duration::from_millis(5);

/// What the guest hands to `response-outparam.set`.
pub(super) type GuestResponse = Result<Response<HyperOutgoingBody>, ErrorCode>;

/// The whole life of one instance; its output is why it failed, if it did.
pub(super) type Execution = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

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
    execution: Option<Execution>,
    is_slow: bool,
    response: oneshot::Receiver<GuestResponse>,
}

impl Guest {
    pub(super) fn new(
        runtime: Arc<Runtime>,
        label: Label,
        execution: Execution,
        response: oneshot::Receiver<GuestResponse>,
    ) -> Self {
        Self { runtime, label, execution: Some(execution), is_slow: false, response }
    }

    /// Runs the guest until its response head, at most `limit`.
    ///
    /// 504 if the time is up; 500 with an empty body, as Spin answers, if the guest failed or never responded.
    pub(super) async fn respond(mut self, limit: Duration) -> Response<HyperOutgoingBody> {
        let head = tokio::time::timeout(limit, poll_fn(|cx| self.poll_head(cx))).await;
        match head {
            Ok(Some(Ok(response))) => response,
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
        if let Some(execution) = &mut self.execution {
            let start = computed();
            if let Poll::Ready(ended) = execution.as_mut().poll(cx) {
                self.execution = None;
                let response = self.response.try_recv().ok();
                match ended {
                    Ok(()) if response.is_none() => self.failed("it ended without a response"),
                    Ok(()) => {}
                    Err(failure) => self.failed(&failure.cause),
                }
                return Poll::Ready(response);
            }
            if !self.is_slow && computed().saturating_sub(start) >= SLOW {
                self.move_to_slow_lane(cx);
            }
        }
        match Pin::new(&mut self.response).poll(cx) {
            Poll::Ready(Ok(response)) => Poll::Ready(Some(response)),
            // A guest that dropped its outparam may still trap, and then the log should say so: wait for its end.
            Poll::Ready(Err(_)) | Poll::Pending => Poll::Pending,
        }
    }

    /// The guest computes and was made to yield. It had its turn; the rest it does where it is in nobody's way.
    fn move_to_slow_lane(&mut self, cx: &mut std::task::Context<'_>) {
        self.is_slow = true;
        self.execution = self.execution.take().map(|execution| self.runtime.slow_lane.take(execution));
        // What is there now has not been polled yet.
        cx.waker().wake_by_ref();
    }

    fn failed(&self, cause: &str) {
        self.runtime.counters.failure();
        let Label { component, method, path } = &self.label;
        tracing::error!(%component, %method, %path, "the component failed: {cause}");
    }
}

/// For how long this thread has computed. What it waited for a core is nobody's fault.
fn computed() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

impl Drop for Guest {
    fn drop(&mut self) {
        let Some(execution) = self.execution.take() else { return };
        let runtime = Arc::clone(&self.runtime);
        let label = self.label.clone();
        let late = label.clone();
        let limit = runtime.limits.after_response;
        let counted = Arc::clone(&runtime);
        self.runtime.background.spawn(
            limit,
            async move {
                if let Err(Failure { cause }) = execution.await {
                    runtime.counters.failure();
                    let Label { component, method, path } = &label;
                    tracing::error!(%component, %method, %path, "the component failed after its response: {cause}");
                }
            },
            move || {
                counted.counters.timeout();
                let Label { component, method, path } = &late;
                tracing::error!(%component, %method, %path, "still running {limit:?} after its response: it was stopped");
            },
        );
    }
}
