//! Where guests that compute for long go on: on threads of their own that the system runs only when the others have nothing to do.
//!
//! A password hash takes a tenth of a second of pure computation, a read a fraction of a millisecond. On the same threads twenty
//! log-ins at once would make each read wait for its turn among them.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::thread;

use tokio::runtime::{self, Runtime};
use tokio::task::JoinHandle;

/// The niceness of the threads (`setpriority(2)`): under load they get a tenth of what the others get.
const NICENESS: i32 = 10;

/// The threads, started when the first guest needs them.
#[derive(Debug, Default)]
pub(super) struct SlowLane {
    runtime: OnceLock<Option<Runtime>>,
}

impl SlowLane {
    /// Lets `work` go on here. Dropping what is returned stops it.
    pub(super) fn take<T: Send + 'static>(
        &self,
        work: Pin<Box<dyn Future<Output = T> + Send>>,
    ) -> Pin<Box<dyn Future<Output = T> + Send>> {
        match self.runtime.get_or_init(|| start().inspect_err(|error| tracing::warn!("no slow lane: {error}")).ok()) {
            Some(runtime) => Box::pin(Moved(runtime.spawn(work))),
            // Without threads of its own it goes on where it is.
            None => work,
        }
    }
}

impl Drop for SlowLane {
    fn drop(&mut self) {
        if let Some(Some(runtime)) = self.runtime.take() {
            // Dropping it would wait, which is not allowed on a thread that runs tasks.
            runtime.shutdown_background();
        }
    }
}

fn start() -> io::Result<Runtime> {
    runtime::Builder::new_multi_thread()
        .worker_threads(thread::available_parallelism().map_or(1, usize::from))
        .thread_name("slow-lane")
        .on_thread_start(|| {
            // On Linux a process id of none is the calling thread.
            if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
                tracing::warn!("the slow lane is as fast as the others: {error}");
            }
        })
        .enable_all()
        .build()
}

/// Work that runs elsewhere, and is stopped when nobody waits for it any more.
struct Moved<T>(JoinHandle<T>);

impl<T> Future for Moved<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match Pin::new(&mut self.0).poll(context) {
            Poll::Ready(Ok(output)) => Poll::Ready(output),
            Poll::Ready(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // Cancelled, which only happens when the lane is gone: then nobody is served any more.
            Poll::Ready(Err(_)) | Poll::Pending => Poll::Pending,
        }
    }
}

impl<T> Drop for Moved<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::{NICENESS, SlowLane};
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn work_goes_on_where_the_others_come_first() {
        let lane = SlowLane::default();
        let niceness = || rustix::process::getpriority_process(None).expect("a thread has a priority");
        assert_eq!(lane.take(Box::pin(async move { niceness() })).await, NICENESS);
        assert!(niceness() < NICENESS);
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_is_stopped() {
        let lane = SlowLane::default();
        let (held, dropped) = oneshot::channel::<()>();
        let moved = lane.take(Box::pin(async move {
            let _held = held;
            std::future::pending::<()>().await;
        }));
        drop(moved);
        assert!(dropped.await.is_err());
    }
}
