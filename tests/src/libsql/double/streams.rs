//! The streams of the server: connections between requests, each found by the baton of the last response.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::{Duration, Instant};

use super::connection::Connection;

/// The streams that are known.
#[derive(Debug)]
pub(super) struct Streams {
    /// The time without a request after which a stream expires.
    expiry: Duration,
    /// Part of each baton, so that those from before a restart are invalid.
    key: u64,
    next: u64,
    handles: HashMap<u64, Handle>,
}

#[derive(Debug)]
enum Handle {
    Available { connection: Connection, sequence: u64, since: Instant },
    Acquired,
    Expired,
}

/// A stream in a request.
#[derive(Debug)]
pub(super) struct Stream {
    id: u64,
    sequence: u64,
    pub(super) connection: Connection,
}

impl Stream {
    /// Returns the new stream with an id that was reserved.
    pub(super) fn new(id: u64, connection: Connection) -> Self {
        Self { id, sequence: 0, connection }
    }
}

/// A stream that cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StreamError {
    Invalid,
    Reused,
    Expired,
}

impl Streams {
    /// Returns no streams, of which each expires after `expiry`.
    pub(super) fn new(expiry: Duration) -> Self {
        Self { expiry, key: RandomState::new().build_hasher().finish(), next: 1, handles: HashMap::new() }
    }

    /// Returns the id of the stream of a request without a baton; `None` if there are `limit` streams that have not expired.
    pub(super) fn reserve(&mut self, limit: usize) -> Option<u64> {
        self.expire();
        if self.handles.values().filter(|handle| !matches!(handle, Handle::Expired)).count() >= limit {
            return None;
        }
        let id = self.next;
        self.next += 1;
        self.handles.insert(id, Handle::Acquired);
        Some(id)
    }

    /// Takes the stream of `baton` for a request.
    ///
    /// # Errors
    ///
    /// If the baton is none of this server, it is not the last of its stream, or the stream has expired.
    pub(super) fn acquire(&mut self, baton: &str) -> Result<Stream, StreamError> {
        self.expire();
        let (id, sequence) = self.parse(baton).ok_or(StreamError::Invalid)?;
        match self.handles.get(&id) {
            None => return Err(StreamError::Invalid),
            Some(Handle::Acquired) => return Err(StreamError::Reused),
            Some(Handle::Expired) => return Err(StreamError::Expired),
            Some(Handle::Available { sequence: current, .. }) if *current != sequence => {
                return Err(StreamError::Reused);
            }
            Some(Handle::Available { .. }) => {}
        }
        match self.handles.insert(id, Handle::Acquired) {
            Some(Handle::Available { connection, .. }) => Ok(Stream { id, sequence: sequence + 1, connection }),
            _ => unreachable!("the stream is available"),
        }
    }

    /// Returns the baton of `stream` after this request.
    pub(super) fn baton(&self, stream: &Stream) -> String {
        format!("{:016x}{:016x}{:016x}", self.key, stream.id, stream.sequence)
    }

    /// Gives the stream back after its request.
    pub(super) fn release(&mut self, stream: Stream) {
        let Stream { id, sequence, connection } = stream;
        self.handles.insert(id, Handle::Available { connection, sequence, since: Instant::now() });
    }

    /// Forgets the stream, and closes its connection.
    pub(super) fn close(&mut self, stream: Stream) {
        self.handles.remove(&stream.id);
    }

    /// Lets the stream of `baton` expire, if it is one.
    pub(super) fn expire_now(&mut self, baton: &str) {
        if let Some((id, _)) = self.parse(baton)
            && let Some(handle @ Handle::Available { .. }) = self.handles.get_mut(&id)
        {
            *handle = Handle::Expired;
        }
    }

    /// Lets those expire whose time is over.
    fn expire(&mut self) {
        for handle in self.handles.values_mut() {
            if matches!(handle, Handle::Available { since, .. } if since.elapsed() >= self.expiry) {
                *handle = Handle::Expired;
            }
        }
    }

    /// Returns the id and the sequence number in a baton; `None` if it was not made by this server since its start.
    fn parse(&self, baton: &str) -> Option<(u64, u64)> {
        let number = |range| u64::from_str_radix(baton.get(range)?, 16).ok();
        let is_own = baton.len() == 48 && number(0..16) == Some(self.key);
        is_own.then(|| Some((number(16..32)?, number(32..48)?)))?
    }
}
