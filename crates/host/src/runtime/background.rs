//! Guests that continue after their response: they run here, under a time limit, and a shutdown waits for them.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;

/// Starts tasks that outlive a request, and tracks their end.
#[derive(Debug)]
pub(crate) struct Background {
    handle: Handle,
    // Each task holds a receiver: the channel is closed when the last of them has ended.
    closing: watch::Sender<bool>,
}

impl Background {
    /// Creates it for the runtime of the caller.
    pub(crate) fn new() -> Self {
        Self { handle: Handle::current(), closing: watch::Sender::new(false) }
    }

    /// Runs `task` until it ends, `limit` has passed (then `on_timeout` is called), or the drain of a shutdown is over.
    pub(crate) fn spawn(
        &self,
        limit: Duration,
        task: impl Future<Output = ()> + Send + 'static,
        on_timeout: impl FnOnce() + Send + 'static,
    ) {
        let mut closing = self.closing.subscribe();
        self.handle.spawn(async move {
            tokio::select! {
                ended = tokio::time::timeout(limit, task) => if ended.is_err() {
                    on_timeout();
                },
                _ = closing.wait_for(|closing| *closing) => {}
            }
        });
    }

    /// Registers work that this does not run. A shutdown waits until the returned future is dropped; it resolves when the shutdown waits no longer.
    pub(crate) fn cut_off(&self) -> Pin<Box<dyn Future<Output = ()> + Send + Sync>> {
        let mut closing = self.closing.subscribe();
        Box::pin(async move {
            // An error means that this was dropped, which ends the work as well.
            let _ = closing.wait_for(|closing| *closing).await;
        })
    }

    /// Waits until every task has ended, at most `limit`; then cuts off the rest. Returns whether all ended in time.
    pub(crate) async fn drain(&self, limit: Duration) -> bool {
        let drained = tokio::time::timeout(limit, self.closing.closed()).await.is_ok();
        if !drained {
            self.closing.send_replace(true);
            self.closing.closed().await;
        }
        drained
    }
}
