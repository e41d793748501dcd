//! The stdout of a host and its components on the way to the terminal: held back until the start-up report is printed, then passed on.

use std::io::{BufRead as _, BufReader, IsTerminal as _, Read, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::LogFormat;

/// The lines of one host.
#[derive(Debug)]
pub(super) struct Lines {
    format: LogFormat,
    color: bool,
    gate: Mutex<Gate>,
}

#[derive(Debug, Default)]
struct Gate {
    open: bool,
    held: String,
}

impl Lines {
    /// Reads the lines of `stdout` on a new thread, until it ends.
    pub(super) fn read(stdout: impl Read + Send + 'static, format: LogFormat) -> Arc<Self> {
        let color =
            std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let lines = Arc::new(Self { format, color, gate: Mutex::default() });
        let reader = Arc::clone(&lines);
        thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            let mut line = Vec::new();
            while stdout.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                reader.push(&line);
                line.clear();
            }
        });
        lines
    }

    /// Returns the lines held back.
    pub(super) fn held(&self) -> String {
        self.lock().held.clone()
    }

    /// Prints lines from now on. Drops those held back: the report says the same.
    pub(super) fn open(&self) {
        let mut gate = self.lock();
        gate.open = true;
        gate.held.clear();
    }

    fn push(&self, line: &[u8]) {
        let mut gate = self.lock();
        if !gate.open {
            gate.held.push_str(&String::from_utf8_lossy(line));
            return;
        }
        let mut text = Vec::new();
        match self.format {
            LogFormat::Text => spindle_log_text::push_line(&mut text, line, self.color),
            LogFormat::Json => text.extend_from_slice(line),
        }
        // A terminal that is gone must not stop the application.
        let _ = std::io::stdout().write_all(&text);
    }

    fn lock(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
