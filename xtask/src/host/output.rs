//! What a host prints to the terminal: held back until the start-up report is out, then passed on line by line.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Which of the host's streams a line came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Err,
}

/// Lines of a host that prints to the terminal; held back until the start-up report is out.
#[derive(Debug, Default)]
pub(super) struct Lines(Mutex<Gate>);

#[derive(Debug, Default)]
struct Gate {
    shown: bool,
    held: Vec<String>,
    held_errors: Vec<String>,
}

impl Lines {
    /// Everything that was held back.
    pub(super) fn held(&self) -> String {
        self.lock().held.concat()
    }

    /// From now on lines are printed as they come. Of those held back, the ones from stderr are printed now.
    pub(super) fn show(&self) {
        let mut gate = self.lock();
        gate.shown = true;
        gate.held.clear();
        eprint!("{}", std::mem::take(&mut gate.held_errors).concat());
    }

    fn lock(&self) -> MutexGuard<'_, Gate> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, stream: Stream, line: String) {
        let mut gate = self.lock();
        // A terminal that is gone must not stop the application, so failures to print are ignored.
        match (gate.shown, stream) {
            (true, Stream::Out) => drop(std::io::stdout().write_all(line.as_bytes())),
            (true, Stream::Err) => drop(std::io::stderr().write_all(line.as_bytes())),
            (false, _) => {
                if stream == Stream::Err {
                    gate.held_errors.push(line.clone());
                }
                gate.held.push(line);
            }
        }
    }
}

/// Hands every line of `from` to `lines`, on a thread of its own, until `from` ends.
pub(super) fn forward(from: impl Read + Send + 'static, stream: Stream, lines: &Arc<Lines>) {
    let lines = Arc::clone(lines);
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            lines.take(stream, String::from_utf8_lossy(&line).into_owned());
            line.clear();
        }
    });
}
