//! One run of a guest: polled in place until its response head is there, and moved to the background if it continues.
//!
//! Polling in place saves a task and a thread hop for each request. A guest that is dropped before its end (its client
//! disconnected, or it works after its response) is not cancelled: as in Spin, it runs to its end.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::{Response, StatusCode};
use tokio::sync::oneshot;
use wasmtime_wasi_http::p2::bindings::http::types::ErrorCode;
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;

use super::low_priority::{BoxedTask, PoolOutcome, PooledTask, Priority, thread_cpu_time};
use super::{Runtime, empty_response};

/// The CPU time without a host call after which a guest moves to the low-priority pool. A little less than the epoch that makes it yield,
/// which may come early in its turn.
const INLINE_LIMIT: Duration = Duration::from_millis(5);

/// The executor of a guest.
enum Executor {
    /// The task of the connection.
    Inline(Execution),
    /// The low-priority pool.
    Pooled(PooledTask<PoolOutcome<Result<(), GuestFailure>>>),
}

/// The result that the guest passes to `response-outparam.set`.
pub(super) type GuestResponse = Result<Response<HyperOutgoingBody>, ErrorCode>;

/// The whole life of one instance; its output is the failure, if any.
pub(super) type Execution = BoxedTask<Result<(), GuestFailure>>;

/// The failure of a guest.
#[derive(Debug)]
pub(super) struct GuestFailure {
    /// The cause in one line, for the log.
    pub(super) cause: String,
}

/// The name of a run in log lines.
#[derive(Clone, Debug)]
pub(super) struct RunLabel {
    pub(super) component: Arc<str>,
    pub(super) method: http::Method,
    pub(super) path: String,
}

/// A running guest, and the receiver of its response.
pub(super) struct Guest {
    runtime: Arc<Runtime>,
    label: RunLabel,
    execution: Option<Executor>,
    response: oneshot::Receiver<GuestResponse>,
    responded: bool,
}

impl Guest {
    pub(super) fn new(
        runtime: Arc<Runtime>,
        label: RunLabel,
        execution: Execution,
        response: oneshot::Receiver<GuestResponse>,
    ) -> Self {
        Self { runtime, label, execution: Some(Executor::Inline(execution)), response, responded: false }
    }

    /// Runs the guest until its response head, at most `limit`.
    ///
    /// Returns 504 if the time is up; 500 with an empty body, as Spin does, if the guest failed or never responded.
    pub(super) async fn respond(mut self, limit: Duration) -> Response<HyperOutgoingBody> {
        let head = tokio::time::timeout(limit, poll_fn(|cx| self.poll_head(cx))).await;
        match head {
            Ok(Some(Ok(response))) => {
                self.responded = true;
                response
            }
            Ok(Some(Err(code))) => {
                self.failed(&format!("it returned the error {code:?}"));
                empty_response(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Ok(None) => empty_response(StatusCode::INTERNAL_SERVER_ERROR),
            Err(_) => {
                // Dropped here, not moved to the background: its time is up.
                self.execution = None;
                self.runtime.counters.add_timeout();
                let RunLabel { component, method, path } = &self.label;
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
            // A guest that dropped its outparam may still trap, and the log should name the trap: wait for its end.
            Poll::Ready(Err(_)) | Poll::Pending => Poll::Pending,
        }
    }

    /// Polls the guest, here or in the low-priority pool, until it has to wait. `execution` is `None` once it has ended.
    fn poll_execution(&mut self, cx: &mut std::task::Context<'_>) -> Poll<Result<(), GuestFailure>> {
        loop {
            match &mut self.execution {
                None => return Poll::Pending,
                Some(Executor::Inline(execution)) => {
                    let start = thread_cpu_time();
                    if let Poll::Ready(ended) = execution.as_mut().poll(cx) {
                        self.execution = None;
                        return Poll::Ready(ended);
                    }
                    if thread_cpu_time().saturating_sub(start) < INLINE_LIMIT {
                        return Poll::Pending;
                    }
                    let Some(Executor::Inline(execution)) = self.execution.take() else { return Poll::Pending };
                    // It had its turn; it computes the rest where it delays no other guest.
                    let executor = move_to_pool(&self.runtime, execution, Priority::Low);
                    let has_moved = matches!(executor, Executor::Pooled(_));
                    self.execution = Some(executor);
                    if !has_moved {
                        return Poll::Pending;
                    }
                }
                Some(Executor::Pooled(moved)) => match Pin::new(moved).poll(cx) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(PoolOutcome::Finished(ended)) => {
                        self.execution = None;
                        return Poll::Ready(ended);
                    }
                    Poll::Ready(PoolOutcome::Waiting(execution)) => self.execution = Some(Executor::Inline(execution)),
                    Poll::Ready(PoolOutcome::Demoted(execution)) => {
                        self.execution = Some(move_to_pool(&self.runtime, execution, Priority::Lowest));
                    }
                },
            }
        }
    }

    fn failed(&self, cause: &str) {
        self.runtime.counters.add_failure();
        let RunLabel { component, method, path } = &self.label;
        tracing::error!(%component, %method, %path, "the component failed: {cause}");
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let Some(execution) = self.execution.take() else { return };
        let runtime = Arc::clone(&self.runtime);
        let label = self.label.clone();
        let late = label.clone();
        // A guest without a waiting client gets no more time than the client would have waited.
        let (limit, since) = if self.responded {
            (runtime.limits.after_response, "after its response")
        } else {
            (runtime.limits.timeout, "after its client disconnected")
        };
        let counted = Arc::clone(&runtime);
        self.runtime.background.spawn(
            limit,
            async move {
                if let Err(GuestFailure { cause }) = run_to_end(&runtime, execution).await {
                    runtime.counters.add_failure();
                    let RunLabel { component, method, path } = &label;
                    tracing::error!(%component, %method, %path, "the component failed after its response: {cause}");
                }
            },
            move || {
                counted.counters.add_timeout();
                let RunLabel { component, method, path } = &late;
                tracing::error!(%component, %method, %path, "still running {limit:?} {since}: it was stopped");
            },
        );
    }
}

/// Moves a guest to the low-priority pool; it stays here if the pool is not available.
fn move_to_pool(runtime: &Runtime, execution: Execution, priority: Priority) -> Executor {
    match runtime.low_pool.spawn(execution, priority) {
        Ok(moved) => Executor::Pooled(moved),
        Err(execution) => Executor::Inline(execution),
    }
}

/// Runs a guest without a waiting client to its end.
async fn run_to_end(runtime: &Runtime, mut executor: Executor) -> Result<(), GuestFailure> {
    loop {
        executor = match executor {
            Executor::Inline(execution) => return execution.await,
            Executor::Pooled(moved) => match moved.await {
                PoolOutcome::Finished(ended) => return ended,
                PoolOutcome::Waiting(execution) => Executor::Inline(execution),
                PoolOutcome::Demoted(execution) => move_to_pool(runtime, execution, Priority::Lowest),
            },
        };
    }
}
