//! The stdout of a host and its components on the way to the terminal: held back until the start-up report is printed, then passed on.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use serde_json::{Map, Value};

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
    /// The entries in `held`, without the fields that differ from request to request.
    entries: HashSet<String>,
}

impl Gate {
    /// Holds `line` back, unless it repeats an entry: a component that keeps no state logs the same cause at each probe of a start.
    fn hold(&mut self, line: &[u8]) {
        if without_request(line).is_none_or(|entry| self.entries.insert(entry)) {
            self.held.push_str(&String::from_utf8_lossy(line));
        }
    }
}

/// Returns the log entry in `line` without the fields that differ from request to request; `None` if it is no entry.
fn without_request(line: &[u8]) -> Option<String> {
    let mut entry: Map<String, Value> = serde_json::from_slice(line).ok()?;
    for field in ["ts", "request_id", "trace_id", "span_id"] {
        entry.remove(field);
    }
    serde_json::to_string(&entry).ok()
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
        gate.entries.clear();
    }

    fn push(&self, line: &[u8]) {
        let mut gate = self.lock();
        if !gate.open {
            gate.hold(line);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_lines_held_back_each_entry_is_held_once() {
        let gate = |lines: &[&str]| {
            let mut gate = Gate::default();
            lines.iter().for_each(|line| gate.hold(line.as_bytes()));
            gate.held
        };
        let entry = |id: &str, cause: &str| {
            format!(
                r#"{{"ts":"{id}","level":"warn","message":"service not ready","request_id":"{id}","trace_id":"{id}","cause":"{cause}"}}"#
            ) + "\n"
        };
        let (first, repeated, changed) = (entry("1", "refused"), entry("2", "refused"), entry("3", "no response"));
        assert_eq!(gate(&[&first, &repeated, &changed, &repeated]), format!("{first}{changed}"));
        assert_eq!(gate(&["Serving\n", "\n", "Serving\n"]), "Serving\n\nServing\n", "other lines are not entries");
    }
}
