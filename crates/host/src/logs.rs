//! The output of components. Each instance's output is cut into lines, and whole lines go to one writer thread, so that
//! parallel requests never mix their lines and a slow terminal never delays a request.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use tokio::io::AsyncWrite;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

use crate::options::{LogFormat, LogTarget};
use crate::telemetry::Observer;

#[cfg(test)]
mod tests;
mod text;

/// The number of lines that may wait for the writer. Further lines are dropped and counted: a request never waits for a pipe without
/// a reader.
const QUEUE: usize = 65_536;

/// The time for which the writer collects lines after a write. While it sleeps, a request that logs wakes no thread.
const GATHER: Duration = Duration::from_millis(2);

/// The length above which a line is passed on in pieces, so that a guest that never ends its line cannot use unbounded memory.
const MAX_LINE: usize = 1 << 20;

/// An output stream of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    Stdout,
    Stderr,
}

enum Message {
    /// Whole lines of a component.
    Lines(Arc<str>, Channel, Vec<u8>),
    Flush(SyncSender<()>),
}

/// The queue to the writer thread; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct LogSink {
    queue: SyncSender<Message>,
    dropped: Arc<AtomicU64>,
}

impl LogSink {
    /// Returns a stream for the `channel` of one instance of `component`.
    pub(crate) fn stream(&self, component: Arc<str>, channel: Channel) -> LineStream {
        LineStream(Arc::new(LineBuffer { sink: self.clone(), component, channel, partial: Mutex::new(Vec::new()) }))
    }

    fn send(&self, component: Arc<str>, channel: Channel, lines: Vec<u8>) {
        if self.queue.try_send(Message::Lines(component, channel, lines)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until every line queued so far is written.
    pub(crate) async fn flush(&self) {
        let queue = self.queue.clone();
        // The queue may be full and its writer slow, so this must not block a worker of the runtime.
        let flushed = tokio::task::spawn_blocking(move || {
            let (done, flushed) = mpsc::sync_channel(1);
            if queue.send(Message::Flush(done)).is_ok() {
                let _ = flushed.recv();
            }
        });
        let _ = flushed.await;
    }
}

/// Writes the events of the host to stderr, filtered by the variable `RUST_LOG` (default: `info`). Call it once, at the start of the process.
pub fn init_events(format: LogFormat) {
    let filter = std::env::var("RUST_LOG").ok().and_then(|directives| directives.parse::<Targets>().ok());
    let filter = filter.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    let events = fmt::layer().with_writer(io::stderr);
    let registry = tracing_subscriber::registry().with(filter);
    match format {
        LogFormat::Json => registry.with(events.with_target(false).with_ansi(false)).init(),
        LogFormat::Text { color } => {
            registry.with(events.with_ansi(color).event_format(text::TextEvents { color })).init();
        }
    }
}

/// Starts the writer thread for stdout and stderr, which shows each line on stdout to `observer`. It ends when the last sink is gone.
///
/// # Errors
///
/// If the thread cannot be started.
pub(crate) fn start(
    stdout: (LogTarget, LogFormat),
    stderr: (LogTarget, LogFormat),
    observer: Option<Observer>,
) -> Result<LogSink> {
    let (queue, messages) = mpsc::sync_channel(QUEUE);
    let dropped = Arc::new(AtomicU64::new(0));
    let sink = LogSink { queue, dropped: Arc::clone(&dropped) };
    thread::Builder::new()
        .name("logs".into())
        .spawn(move || write_lines(&messages, &dropped, Output::new(stdout), Output::new(stderr), observer))
        .context("cannot start the log writer")?;
    Ok(sink)
}

/// One output stream of the writer thread.
struct Output {
    writer: Box<dyn Write + Send>,
    format: LogFormat,
    pending: Vec<u8>,
}

impl Output {
    fn new((target, format): (LogTarget, LogFormat)) -> Self {
        let writer: Box<dyn Write + Send> = match target {
            LogTarget::Stdout => Box::new(io::stdout()),
            LogTarget::Stderr => Box::new(io::stderr()),
            LogTarget::Discard => Box::new(io::sink()),
            LogTarget::Writer(writer) => writer,
        };
        Self { writer, format, pending: Vec::new() }
    }

    fn push(&mut self, lines: &[u8]) {
        match self.format {
            LogFormat::Json => self.pending.extend_from_slice(lines),
            LogFormat::Text { color } => {
                for line in lines.split_inclusive(|byte| *byte == b'\n') {
                    spindle_log_text::push_line(&mut self.pending, line, color);
                }
            }
        }
    }

    fn write_pending(&mut self) {
        // An output that nothing reads any more (a closed pipe) must not stop the application.
        let _ = self.writer.write_all(&self.pending).and_then(|()| self.writer.flush());
        self.pending.clear();
    }
}

fn write_lines(
    messages: &Receiver<Message>,
    dropped: &AtomicU64,
    mut stdout: Output,
    mut stderr: Output,
    mut observer: Option<Observer>,
) {
    let mut flushed = Vec::new();
    while let Ok(first) = messages.recv() {
        for message in std::iter::once(first).chain(messages.try_iter()) {
            match message {
                Message::Lines(component, Channel::Stdout, lines) => {
                    if let Some(observer) = &mut observer {
                        lines.split(|byte| *byte == b'\n').for_each(|line| observer.observe(&component, line));
                    }
                    stdout.push(&lines);
                }
                Message::Lines(_, Channel::Stderr, lines) => stderr.push(&lines),
                Message::Flush(done) => flushed.push(done),
            }
            if stdout.pending.len() + stderr.pending.len() > MAX_LINE {
                break;
            }
        }
        let lost = dropped.swap(0, Ordering::Relaxed);
        if lost > 0 {
            tracing::warn!(lines = lost, "components print faster than their output is read; lines were dropped");
        }
        stdout.write_pending();
        stderr.write_pending();
        if flushed.is_empty() {
            thread::sleep(GATHER);
        }
        for done in flushed.drain(..) {
            let _ = done.send(());
        }
    }
}

/// One instance's stdout or stderr. Clones share the unfinished line, as WASI asks of a stream's handles.
#[derive(Clone, Debug)]
pub(crate) struct LineStream(Arc<LineBuffer>);

#[derive(Debug)]
struct LineBuffer {
    sink: LogSink,
    component: Arc<str>,
    channel: Channel,
    partial: Mutex<Vec<u8>>,
}

impl LineBuffer {
    fn partial(&self) -> MutexGuard<'_, Vec<u8>> {
        // A writer that panicked leaves at worst an unfinished line.
        self.partial.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, bytes: &[u8]) {
        let mut partial = self.partial();
        partial.extend_from_slice(bytes);
        let complete = match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => partial.len() - bytes.len() + end + 1,
            None if partial.len() > MAX_LINE => partial.len(),
            None => return,
        };
        let rest = partial.split_off(complete);
        let lines = std::mem::replace(&mut *partial, rest);
        self.sink.send(Arc::clone(&self.component), self.channel, lines);
    }
}

impl Drop for LineBuffer {
    fn drop(&mut self) {
        let mut rest = std::mem::take(&mut *self.partial());
        if !rest.is_empty() {
            // The instance has ended, so its line ends here: the next one belongs to another instance.
            rest.push(b'\n');
            self.sink.send(Arc::clone(&self.component), self.channel, rest);
        }
    }
}

impl IsTerminal for LineStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LineStream {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

#[async_trait::async_trait]
impl Pollable for LineStream {
    async fn ready(&mut self) {}
}

impl OutputStream for LineStream {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.0.write(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(MAX_LINE)
    }
}

impl AsyncWrite for LineStream {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.0.write(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
