//! What a host and its components print on stdout: held back until the start-up report is out, then passed on as it comes.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// The lines of one host.
#[derive(Debug, Default)]
pub(super) struct Lines(Mutex<Gate>);

#[derive(Debug, Default)]
struct Gate {
    open: bool,
    held: String,
}

impl Lines {
    /// Takes every line of `from`, on a thread of its own, until `from` ends.
    pub(super) fn of(from: impl Read + Send + 'static) -> Arc<Self> {
        let lines = Arc::new(Self::default());
        let taker = Arc::clone(&lines);
        thread::spawn(move || {
            let mut from = BufReader::new(from);
            let mut line = Vec::new();
            while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                taker.take(&line);
                line.clear();
            }
        });
        lines
    }

    /// Everything that was held back.
    pub(super) fn held(&self) -> String {
        self.lock().held.clone()
    }

    /// From now on lines are printed. Those held back are not: the report says what they would.
    pub(super) fn open(&self) {
        let mut gate = self.lock();
        gate.open = true;
        gate.held.clear();
    }

    fn take(&self, line: &[u8]) {
        let mut gate = self.lock();
        if gate.open {
            // A terminal that is gone must not stop the application.
            let _ = std::io::stdout().write_all(line);
        } else {
            gate.held.push_str(&String::from_utf8_lossy(line));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Gate> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
