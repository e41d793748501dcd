//! Where guests that compute for long go on: on threads of their own that the system runs only when the others have nothing to do.
//!
//! A password hash takes a tenth of a second of pure computation, a read a fraction of a millisecond. On the same threads twenty
//! log-ins at once would make each read wait for its turn among them. And among guests that compute for ever each log-in would wait for
//! its own, so those go on in a lane that is slower still.

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

/// A lane, by the niceness of its threads (`setpriority(2)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// Under load they get a tenth of what the others get.
    Slow = 10,
    /// They get a seventieth.
    Slowest = 19,
}

/// For how long work may compute in the slow lane before it goes on in the slowest one.
const PATIENCE: Duration = Duration::from_millis(500);

/// Work that may be moved.
pub(super) type Work<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The threads, started when the first guest needs them.
#[derive(Debug, Default)]
pub(super) struct SlowLane {
    slow: OnceLock<Option<Runtime>>,
    slowest: OnceLock<Option<Runtime>>,
}

/// What became of work that was moved.
pub(super) enum Outcome<T> {
    /// It has ended.
    Done(T),
    /// It waits for something. It goes on where the others are: nobody may hold a lock of theirs and be slow.
    Back(Work<T>),
    /// It has computed for so long that it is to go on at a slower pace.
    Slower(Work<T>),
}

impl SlowLane {
    /// Lets `work` go on here as long as it only yields to others. Dropping what is returned stops it.
    ///
    /// # Errors
    /// The work itself, if there are no threads for it.
    pub(super) fn take<T: Send + 'static>(&self, mut work: Work<T>, pace: Pace) -> Result<Moved<Outcome<T>>, Work<T>> {
        let runtime = match pace {
            Pace::Slow => &self.slow,
            Pace::Slowest => &self.slowest,
        };
        let start = || start(pace).inspect_err(|error| tracing::warn!("no slow lane: {error}")).ok();
        let Some(runtime) = runtime.get_or_init(start) else { return Err(work) };
        Ok(Moved(runtime.spawn(async move {
            let mut spent = Duration::ZERO;
            let ended = poll_fn(|context| {
                let yields = Arc::new(Yields { woken: AtomicBool::new(false), task: context.waker().clone() });
                let start = computed();
                let polled = work.as_mut().poll(&mut Context::from_waker(&Waker::from(Arc::clone(&yields))));
                spent += computed().saturating_sub(start);
                let only_yields = yields.woken.load(Ordering::Relaxed);
                match polled {
                    Poll::Ready(output) => Poll::Ready(Ok(output)),
                    Poll::Pending if !only_yields => Poll::Ready(Err(Pause::Waits)),
                    Poll::Pending if pace == Pace::Slow && spent > PATIENCE => Poll::Ready(Err(Pause::Computes)),
                    Poll::Pending => Poll::Pending,
                }
            });
            match ended.await {
                Ok(output) => Outcome::Done(output),
                Err(Pause::Waits) => Outcome::Back(work),
                Err(Pause::Computes) => Outcome::Slower(work),
            }
        })))
    }
}

/// Why work does not go on in its lane.
enum Pause {
    Waits,
    Computes,
}

/// Notices that work wakes itself while it is polled: a guest that is made to yield does, one that waits for something does not.
struct Yields {
    woken: AtomicBool,
    task: Waker,
}

impl Wake for Yields {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Relaxed);
        self.task.wake_by_ref();
    }
}

/// For how long this thread has computed. What it waited for a core is nobody's fault.
pub(super) fn computed() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}

impl Drop for SlowLane {
    fn drop(&mut self) {
        for runtime in [self.slow.take(), self.slowest.take()].into_iter().flatten().flatten() {
            // Dropping it would wait, which is not allowed on a thread that runs tasks.
            runtime.shutdown_background();
        }
    }
}

fn start(pace: Pace) -> io::Result<Runtime> {
    runtime::Builder::new_multi_thread()
        .worker_threads(thread::available_parallelism().map_or(1, usize::from))
        .thread_name("slow-lane")
        .on_thread_start(move || {
            // On Linux a process id of none is the calling thread.
            if let Err(error) = rustix::process::setpriority_process(None, pace as i32) {
                tracing::warn!("the slow lane is as fast as the others: {error}");
            }
        })
        .enable_all()
        .build()
}

/// Work that runs elsewhere, and is stopped when nobody waits for it any more.
pub(super) struct Moved<T>(JoinHandle<T>);

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
    use super::{Outcome, Pace, Poll, SlowLane, poll_fn};
    use std::hint::black_box;
    use tokio::sync::oneshot;

    fn niceness() -> i32 {
        rustix::process::getpriority_process(None).expect("a thread has a priority")
    }

    #[tokio::test]
    async fn work_goes_on_where_the_others_come_first() {
        let lane = SlowLane::default();
        let mut turns = 0;
        let work = Box::pin(poll_fn(move |context| {
            turns += 1;
            context.waker().wake_by_ref();
            if turns < 3 { Poll::Pending } else { Poll::Ready(niceness()) }
        }));
        let Ok(moved) = lane.take(work, Pace::Slow) else { panic!("there are threads") };
        let Outcome::Done(there) = moved.await else { panic!("it only yields") };
        assert_eq!(there, Pace::Slow as i32);
        assert!(niceness() < Pace::Slow as i32);
    }

    #[tokio::test]
    async fn work_that_computes_for_long_goes_on_where_it_is_in_nobodys_way_at_all() {
        let lane = SlowLane::default();
        let work = Box::pin(poll_fn(|context| {
            if niceness() == Pace::Slowest as i32 {
                return Poll::Ready(());
            }
            for number in 0..1_000_000_u64 {
                black_box(number);
            }
            context.waker().wake_by_ref();
            Poll::Pending
        }));
        let Ok(moved) = lane.take(work, Pace::Slow) else { panic!("there are threads") };
        let Outcome::Slower(work) = moved.await else { panic!("it computes for ever") };
        let Ok(moved) = lane.take(work, Pace::Slowest) else { panic!("there are threads") };
        assert!(matches!(moved.await, Outcome::Done(())));
    }

    #[tokio::test]
    async fn work_that_waits_for_something_comes_back() {
        let lane = SlowLane::default();
        let (sender, receiver) = oneshot::channel();
        let Ok(moved) = lane.take(Box::pin(receiver), Pace::Slow) else { panic!("there are threads") };
        let Outcome::Back(work) = moved.await else { panic!("nothing was sent yet") };
        sender.send(7).expect("somebody waits");
        assert_eq!(work.await, Ok(7));
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_is_stopped() {
        let lane = SlowLane::default();
        let (held, dropped) = oneshot::channel::<()>();
        let work = Box::pin(poll_fn(move |context| {
            let _held = &held;
            context.waker().wake_by_ref();
            Poll::<()>::Pending
        }));
        drop(lane.take(work, Pace::Slow));
        assert!(dropped.await.is_err());
    }
}
