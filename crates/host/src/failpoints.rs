//! Failpoints: the points at which something becomes durable or visible outside a guest. A test lists them, and then aborts the process
//! at each of them in turn, as a crash would: the next start shows how the application recovers.
//!
//! There is one before and one after each statement that commits and each request that a guest sends, and one after each response head.
//! Without [`FailpointOptions`] the failpoints are an `Option` that is `None`.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The actions at failpoints. For tests only.
#[derive(Clone, Debug, Default)]
pub struct FailpointOptions {
    /// Whether each is printed to stderr: `failpoint 7: orders before COMMIT`.
    pub list: bool,
    /// The number, from 1, of the failpoint at which the process aborts.
    pub crash_at: Option<u64>,
    /// The file whose existence starts the numbering. `None`: numbered from the start.
    pub from: Option<PathBuf>,
}

/// The failpoints of a running application.
#[derive(Debug)]
pub(crate) struct Failpoints {
    options: FailpointOptions,
    reached: AtomicU64,
}

impl Failpoints {
    pub(crate) fn new(options: FailpointOptions) -> Self {
        Self { options, reached: AtomicU64::new(0) }
    }

    /// Reaches the failpoint before `operation` of `component`.
    pub(crate) fn before(self: &Arc<Self>, component: &str, operation: String) -> Operation {
        self.reach(component, format_args!("before {operation}"));
        Operation { failpoints: Arc::clone(self), component: component.to_owned(), name: operation }
    }

    /// Reaches the failpoint at `position` in `component`.
    pub(crate) fn reach(&self, component: &str, position: impl Display) {
        if self.options.from.as_ref().is_some_and(|file| !file.exists()) {
            return;
        }
        let number = self.reached.fetch_add(1, Ordering::SeqCst) + 1;
        let is_last = self.options.crash_at == Some(number);
        if self.options.list || is_last {
            // In one write, so that no other output gets in between. If it cannot be printed, the test notices.
            let _ = io::stderr().write_all(format!("failpoint {number}: {component} {position}\n").as_bytes());
        }
        if is_last {
            std::process::abort();
        }
    }
}

/// An operation whose first failpoint was reached.
#[derive(Debug)]
pub(crate) struct Operation {
    failpoints: Arc<Failpoints>,
    component: String,
    name: String,
}

impl Operation {
    /// Reaches the failpoint after the operation.
    pub(crate) fn after(self) {
        self.failpoints.reach(&self.component, format_args!("after {}", self.name));
    }
}

/// Returns the beginning of a statement, on one line.
pub(crate) fn statement(sql: &str) -> String {
    sql.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}
