//! Boundaries: the points at which something becomes durable or visible outside a guest. A test has them listed, and then ends the
//! process at each of them in turn, as a crash would: what an application does about it shows when it is started again.
//!
//! There is one before and one after each statement that commits and each request that a guest sends, and one after each response head.
//! Without [`BoundaryOptions`] a boundary is an `Option` that is `None`.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What happens at boundaries. For tests only.
#[derive(Clone, Debug, Default)]
pub struct BoundaryOptions {
    /// Each is printed to stderr: `boundary 7: orders before COMMIT`.
    pub list: bool,
    /// At the one with this number, from 1, the process is aborted.
    pub crash_at: Option<u64>,
    /// They are numbered from the moment at which this file is there. `None`: from the start.
    pub from: Option<PathBuf>,
}

/// The boundaries of a running application.
#[derive(Debug)]
pub(crate) struct Boundaries {
    options: BoundaryOptions,
    passed: AtomicU64,
}

impl Boundaries {
    pub(crate) fn new(options: BoundaryOptions) -> Self {
        Self { options, passed: AtomicU64::new(0) }
    }

    /// Passes the boundary before `act` of `component`.
    pub(crate) fn cross(self: &Arc<Self>, component: &str, act: String) -> Crossing {
        self.pass(component, format_args!("before {act}"));
        Crossing { boundaries: Arc::clone(self), component: component.to_owned(), act }
    }

    /// Passes the boundary at which `component` does `what`.
    pub(crate) fn pass(&self, component: &str, what: impl Display) {
        if self.options.from.as_ref().is_some_and(|file| !file.exists()) {
            return;
        }
        let number = self.passed.fetch_add(1, Ordering::SeqCst) + 1;
        let is_last = self.options.crash_at == Some(number);
        if self.options.list || is_last {
            // In one piece, so that nothing that others print gets in between. If it cannot be printed, the test notices.
            let _ = io::stderr().write_all(format!("boundary {number}: {component} {what}\n").as_bytes());
        }
        if is_last {
            std::process::abort();
        }
    }
}

/// An act whose first boundary was passed.
#[derive(Debug)]
pub(crate) struct Crossing {
    boundaries: Arc<Boundaries>,
    component: String,
    act: String,
}

impl Crossing {
    /// Passes the boundary after the act.
    pub(crate) fn done(self) {
        self.boundaries.pass(&self.component, format_args!("after {}", self.act));
    }
}

/// The beginning of a statement, on one line.
pub(crate) fn statement(sql: &str) -> String {
    sql.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}
