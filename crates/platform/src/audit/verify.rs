//! The verification of a log: whether it is as it was written. A long log is verified in slices: each ends with a checkpoint, from which the
//! next one continues. A checkpoint is the head as it was after the last verified row: its MAC takes the key to make, and belongs to that row and,
//! over the chain, to all rows before it.

use super::chain::Key;
use super::store::{self, StoredRow};
use super::{ChainHead, Error};
use crate::sql::{Connection, FromRow as _};
use std::time::{Duration, Instant};

/// The number of rows that are read at a time.
const BATCH: usize = 500;

/// The size of a slice. It ends with the batch of rows in which one of the limits is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceLimit {
    /// The most rows.
    pub rows: usize,
    /// The longest time.
    pub time: Duration,
}

impl SliceLimit {
    /// No limit: the whole log.
    pub const NONE: Self = Self { rows: usize::MAX, time: Duration::MAX };
}

/// The result of the verification of a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The number of rows, from the first on, that are as they were written.
    pub rows: u64,
    /// The head of the log, as stored.
    pub head: Option<ChainHead>,
    /// The first violation; `None` if the log is intact as far as it is verified.
    pub violation: Option<Violation>,
    /// The checkpoint from which the next slice continues; `None` if the verification is complete, or has found a violation.
    pub checkpoint: Option<ChainHead>,
}

/// A row or head that is not as it was written. Nothing after it can be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The number of the row.
    pub seq: i64,
    /// A description, for an operator.
    pub detail: &'static str,
}

/// Verifies the rows of the log after the checkpoint `from`, or from the first row on, up to `limit`, and at the end of the log its head. Rows that
/// are appended meanwhile are not part of this verification. Rows before the checkpoint are not read again: a later change of them is found by a
/// verification without a checkpoint.
///
/// # Errors
///
/// [`Error::Sql`] if the database fails. A violation is not an error: the result has it.
pub async fn verify(
    connection: &Connection,
    key: &Key,
    from: Option<&ChainHead>,
    limit: SliceLimit,
) -> Result<Verification, Error> {
    // The head is read first: rows appended during the verification come after it. Without a head, every row is verified.
    let (head, last) = store::head_and_last_seq(connection).await?;
    let end = head.as_ref().map_or(i64::MAX, |head| head.seq);
    let mut verifier = Verifier { key, seq: 0, mac: Vec::new() };
    let gone = match from {
        None => None,
        Some(from) => verifier.resume(connection, from).await?,
    };
    let progress = match gone {
        None => verifier.verify_rows(connection, end, limit).await?,
        Some(violation) => Progress::Violation(violation),
    };
    let (violation, checkpoint) = match progress {
        Progress::Violation(violation) => (Some(violation), None),
        Progress::LimitReached => (None, Some(ChainHead { seq: verifier.seq, mac: verifier.head_mac() })),
        Progress::End => (verifier.verify_end(head.as_ref(), last), None),
    };
    Ok(Verification { rows: verifier.seq.unsigned_abs(), head, violation, checkpoint })
}

/// How far a slice has come.
enum Progress {
    /// To the last row.
    End,
    /// To the limit of the slice: there are more rows.
    LimitReached,
    Violation(Violation),
}

/// The state of a verification: number and MAC of the last verified row.
struct Verifier<'k> {
    key: &'k Key,
    seq: i64,
    mac: Vec<u8>,
}

impl Verifier<'_> {
    /// Continues after the row of the checkpoint `from`. Returns a violation if that row is not as it was.
    async fn resume(&mut self, connection: &Connection, from: &ChainHead) -> Result<Option<Violation>, Error> {
        let violation = |detail| Ok(Some(Violation { seq: from.seq, detail }));
        self.seq = from.seq - 1;
        let rows = store::range(connection, from.seq, from.seq, 1).await?;
        let Some(row) = rows.iter().next() else { return violation("This row is missing.") };
        let Ok(StoredRow { mac, .. }) = StoredRow::from_row(&row) else {
            return violation("This row cannot be read.");
        };
        if !self.key.head(from.seq, &mac).equals(&from.mac) {
            return violation("This row or the checkpoint after it was altered.");
        }
        (self.seq, self.mac) = (from.seq, mac);
        Ok(None)
    }

    /// Verifies the rows after the last verified one up to `end` or `limit`, and stops at the first violation.
    async fn verify_rows(&mut self, connection: &Connection, end: i64, limit: SliceLimit) -> Result<Progress, Error> {
        let (start, mut verified) = (Instant::now(), 0);
        // The range includes rows that were inserted before the first.
        let mut first = if self.seq == 0 { i64::MIN } else { self.seq + 1 };
        loop {
            let batch = BATCH.min(limit.rows - verified);
            let rows = store::range(connection, first, end, u32::try_from(batch).unwrap_or(u32::MAX)).await?;
            for row in rows.iter() {
                let violation = match StoredRow::from_row(&row) {
                    Ok(row) => self.verify_row(row),
                    Err(_) => Some(self.violation_at_next("This row cannot be read.")),
                };
                if let Some(violation) = violation {
                    return Ok(Progress::Violation(violation));
                }
            }
            if rows.len() < batch || self.seq == end {
                return Ok(Progress::End);
            }
            verified += rows.len();
            if verified >= limit.rows || start.elapsed() >= limit.time {
                return Ok(Progress::LimitReached);
            }
            first = self.seq + 1;
        }
    }

    /// Verifies `row` as the one after the last verified row.
    fn verify_row(&mut self, row: StoredRow) -> Option<Violation> {
        let seq = row.content.seq;
        if seq <= self.seq {
            return Some(Violation { seq, detail: "This row was inserted before the first." });
        }
        if seq != self.seq + 1 {
            return Some(self.violation_at_next("This row is missing."));
        }
        if !self.key.row(&self.head_mac(), &row.content).equals(&row.mac) {
            return Some(
                self.violation_at_next("This row was altered, or was appended to other rows than those before it."),
            );
        }
        (self.seq, self.mac) = (seq, row.mac);
        None
    }

    /// Compares the last verified row with `head`; `last` is the number of the last row in the table.
    fn verify_end(&self, head: Option<&ChainHead>, last: Option<i64>) -> Option<Violation> {
        let Some(head) = head else {
            return Some(self.violation_at_next("The head is missing: this and later rows may have been removed."));
        };
        if self.seq < head.seq {
            return Some(self.violation_at_next("This row is missing."));
        }
        if self.seq > head.seq || !self.is_head_mac(&head.mac) {
            let detail = "The head does not belong to this row: it was changed, or rows were removed.";
            return Some(Violation { seq: self.seq, detail });
        }
        (last > Some(head.seq)).then(|| self.violation_at_next("This row is after the head."))
    }

    /// Computes the MAC of the head that the next row was appended to.
    fn head_mac(&self) -> Vec<u8> {
        if self.seq == 0 { Vec::new() } else { self.key.head(self.seq, &self.mac).finish().to_vec() }
    }

    /// Returns whether `stored` is the MAC of the head after the rows verified so far.
    fn is_head_mac(&self, stored: &[u8]) -> bool {
        if self.seq == 0 { stored.is_empty() } else { self.key.head(self.seq, &self.mac).equals(stored) }
    }

    fn violation_at_next(&self, detail: &'static str) -> Violation {
        Violation { seq: self.seq + 1, detail }
    }
}
