//! The low-priority pool, for guests that compute for long: threads that the system runs only when the others are idle.
//!
//! A password hash takes a tenth of a second of pure computation, a read a fraction of a millisecond. On shared threads twenty
//! log-ins at once would make each read wait for its turn among them. Guests that compute forever would in turn delay each log-in, so
//! they move on to threads with a lower priority still.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::{self, Runtime};
use tokio::task::JoinHandle;

/// The priority of a pool's threads, as their niceness (`setpriority(2)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Priority {
    /// A tenth of the CPU time of normal threads under load.
    Low = 10,
    /// A seventieth.
    Lowest = 19,
}

/// The CPU time that work may use at low priority before it moves to the lowest.
const PATIENCE: Duration = Duration::from_millis(500);

/// Work that can move between executors.
pub(super) type BoxedTask<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The threads, started when the first guest needs them.
#[derive(Debug, Default)]
pub(super) struct LowPriorityPool {
    low: OnceLock<Option<Runtime>>,
    lowest: OnceLock<Option<Runtime>>,
}

/// The result of running work in the pool.
pub(super) enum PoolOutcome<T> {
    /// The work has ended.
    Finished(T),
    /// The work waits for an event. It continues on normal threads: slow work must not hold a lock that they need.
    Waiting(BoxedTask<T>),
    /// The work used so much CPU time that it must continue at the lowest priority.
    Demoted(BoxedTask<T>),
}

impl LowPriorityPool {
    /// Runs `work` in the pool as long as it only yields to others. Dropping the returned task stops it.
    ///
    /// # Errors
    /// The work itself, if the threads cannot be started.
    pub(super) fn spawn<T: Send + 'static>(
        &self,
        mut work: BoxedTask<T>,
        priority: Priority,
    ) -> Result<PooledTask<PoolOutcome<T>>, BoxedTask<T>> {
        let runtime = match priority {
            Priority::Low => &self.low,
            Priority::Lowest => &self.lowest,
        };
        let start = || {
            start(priority).inspect_err(|error| tracing::warn!("the low-priority pool cannot be started: {error}")).ok()
        };
        let Some(runtime) = runtime.get_or_init(start) else { return Err(work) };
        Ok(PooledTask(runtime.spawn(async move {
            let mut spent = Duration::ZERO;
            let ended = poll_fn(|context| {
                let yields = Arc::new(YieldDetector { woken: AtomicBool::new(false), task: context.waker().clone() });
                let start = thread_cpu_time();
                let polled = work.as_mut().poll(&mut Context::from_waker(&Waker::from(Arc::clone(&yields))));
                spent += thread_cpu_time().saturating_sub(start);
                let only_yields = yields.woken.load(Ordering::Relaxed);
                match polled {
                    Poll::Ready(output) => Poll::Ready(Ok(output)),
                    Poll::Pending if !only_yields => Poll::Ready(Err(Pause::Waits)),
                    Poll::Pending if priority == Priority::Low && spent > PATIENCE => Poll::Ready(Err(Pause::Computes)),
                    Poll::Pending => Poll::Pending,
                }
            });
            match ended.await {
                Ok(output) => PoolOutcome::Finished(output),
                Err(Pause::Waits) => PoolOutcome::Waiting(work),
                Err(Pause::Computes) => PoolOutcome::Demoted(work),
            }
        })))
    }
}

/// The reason why work leaves the pool.
enum Pause {
    Waits,
    Computes,
}

/// Detects that work wakes itself while it is polled: a guest that yields does, one that waits for an event does not.
struct YieldDetector {
    woken: AtomicBool,
    task: Waker,
}

impl Wake for YieldDetector {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Relaxed);
        self.task.wake_by_ref();
    }
}

/// Returns the CPU time of this thread, without the time that it waited for a core.
pub(super) fn thread_cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

impl Drop for LowPriorityPool {
    fn drop(&mut self) {
        for runtime in [self.low.take(), self.lowest.take()].into_iter().flatten().flatten() {
            // Dropping it would wait, which is not allowed on a thread that runs tasks.
            runtime.shutdown_background();
        }
    }
}

fn start(priority: Priority) -> io::Result<Runtime> {
    runtime::Builder::new_multi_thread()
        .worker_threads(thread::available_parallelism().map_or(1, usize::from))
        .thread_name("low-priority")
        .on_thread_start(move || {
            // On Linux a process id of none is the calling thread.
            if let Err(error) = rustix::process::setpriority_process(None, priority as i32) {
                tracing::warn!("the low-priority pool runs at normal priority: {error}");
            }
        })
        .enable_all()
        .build()
}

/// Work in the pool, stopped when this handle is dropped.
pub(super) struct PooledTask<T>(JoinHandle<T>);

impl<T> Future for PooledTask<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match Pin::new(&mut self.0).poll(context) {
            Poll::Ready(Ok(output)) => Poll::Ready(output),
            Poll::Ready(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // Cancelled, which only happens when the pool is gone: then no request is served any more.
            Poll::Ready(Err(_)) | Poll::Pending => Poll::Pending,
        }
    }
}

impl<T> Drop for PooledTask<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::{LowPriorityPool, Poll, PoolOutcome, Priority, poll_fn};
    use std::hint::black_box;
    use tokio::sync::oneshot;

    fn niceness() -> i32 {
        rustix::process::getpriority_process(None).expect("a thread has a priority")
    }

    #[tokio::test]
    async fn work_in_the_pool_runs_at_low_priority() {
        let pool = LowPriorityPool::default();
        let mut turns = 0;
        let work = Box::pin(poll_fn(move |context| {
            turns += 1;
            context.waker().wake_by_ref();
            if turns < 3 { Poll::Pending } else { Poll::Ready(niceness()) }
        }));
        let Ok(moved) = pool.spawn(work, Priority::Low) else { panic!("there are threads") };
        let PoolOutcome::Finished(there) = moved.await else { panic!("it only yields") };
        assert_eq!(there, Priority::Low as i32);
        assert!(niceness() < Priority::Low as i32);
    }

    #[tokio::test]
    async fn work_that_computes_for_long_moves_to_the_lowest_priority() {
        let pool = LowPriorityPool::default();
        let work = Box::pin(poll_fn(|context| {
            if niceness() == Priority::Lowest as i32 {
                return Poll::Ready(());
            }
            for number in 0..1_000_000_u64 {
                black_box(number);
            }
            context.waker().wake_by_ref();
            Poll::Pending
        }));
        let Ok(moved) = pool.spawn(work, Priority::Low) else { panic!("there are threads") };
        let PoolOutcome::Demoted(work) = moved.await else { panic!("it computes for ever") };
        let Ok(moved) = pool.spawn(work, Priority::Lowest) else { panic!("there are threads") };
        assert!(matches!(moved.await, PoolOutcome::Finished(())));
    }

    #[tokio::test]
    async fn work_that_waits_for_an_event_leaves_the_pool() {
        let pool = LowPriorityPool::default();
        let (sender, receiver) = oneshot::channel();
        let Ok(moved) = pool.spawn(Box::pin(receiver), Priority::Low) else { panic!("there are threads") };
        let PoolOutcome::Waiting(work) = moved.await else { panic!("the work waits") };
        sender.send(7).expect("the work waits");
        assert_eq!(work.await, Ok(7));
    }

    #[tokio::test]
    async fn work_whose_task_is_dropped_is_stopped() {
        let pool = LowPriorityPool::default();
        let (held, dropped) = oneshot::channel::<()>();
        let work = Box::pin(poll_fn(move |context| {
            let _held = &held;
            context.waker().wake_by_ref();
            Poll::<()>::Pending
        }));
        drop(pool.spawn(work, Priority::Low));
        assert!(dropped.await.is_err());
    }
}
