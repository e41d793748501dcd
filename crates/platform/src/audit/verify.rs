//! The verification of a log: whether it is as it was written.

use super::chain::Key;
use super::store::{self, StoredRow};
use super::{ChainHead, Error};
use crate::sql::{Connection, FromRow as _};

/// The number of rows that are read at a time.
const BATCH: u32 = 500;

/// The result of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// The number of rows, from the first on, that are as they were written.
    pub rows: u64,
    /// The head of the log, as stored.
    pub head: Option<ChainHead>,
    /// The first violation; `None` if the log is intact.
    pub violation: Option<Violation>,
}

/// A row or head that is not as it was written. Nothing after it can be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The number of the row.
    pub seq: i64,
    /// A description, for an operator.
    pub detail: &'static str,
}

/// Verifies every row and the head of the log. Rows that are appended meanwhile are not part of this verification.
///
/// # Errors
///
/// [`Error::Sql`] if the database fails. A violation is not an error: the result has it.
pub async fn verify(connection: &Connection, key: &Key) -> Result<Verification, Error> {
    // The head is read first: rows appended during the verification come after it. Without a head, every row is verified.
    let (head, last) = store::head_and_last_seq(connection).await?;
    let end = head.as_ref().map_or(i64::MAX, |head| head.seq);
    let mut verifier = Verifier { key, seq: 0, mac: Vec::new() };
    let violation = match verifier.verify_rows(connection, end).await? {
        None => verifier.verify_end(head.as_ref(), last),
        violation => violation,
    };
    Ok(Verification { rows: verifier.seq.unsigned_abs(), head, violation })
}

/// The state of a verification: number and MAC of the last verified row.
struct Verifier<'k> {
    key: &'k Key,
    seq: i64,
    mac: Vec<u8>,
}

impl Verifier<'_> {
    /// Verifies the rows up to `end`, and stops at the first violation.
    async fn verify_rows(&mut self, connection: &Connection, end: i64) -> Result<Option<Violation>, Error> {
        // The range includes rows that were inserted before the first.
        let mut first = i64::MIN;
        loop {
            let rows = store::range(connection, first, end, BATCH).await?;
            for row in rows.iter() {
                let violation = match StoredRow::from_row(&row) {
                    Ok(row) => self.verify_row(row),
                    Err(_) => Some(self.violation_at_next("This row cannot be read.")),
                };
                if violation.is_some() {
                    return Ok(violation);
                }
            }
            if rows.len() < BATCH as usize {
                return Ok(None);
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
