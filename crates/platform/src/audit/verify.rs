//! Whether a log is as it was written.

use super::chain::Key;
use super::store::{self, Stored};
use super::{Error, Head};
use crate::sql::{Connection, FromRow as _};

/// How many rows are held at a time.
const PAGE: u32 = 500;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How many rows, from the first on, are as they were written.
    pub rows: u64,
    /// Where the log ends by its own account.
    pub head: Option<Head>,
    /// The first thing that is wrong; none if the log is intact.
    pub fault: Option<Fault>,
}

/// Something that is wrong with a log. What comes after it says nothing any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The number of the row where it is.
    pub seq: i64,
    /// What it is.
    pub detail: &'static str,
}

/// Checks every row and the head of the log under `connection`. Rows that are appended meanwhile are left for the next time.
///
/// # Errors
///
/// [`Error::Sql`] if the database fails. What is wrong with the log is in the answer.
pub async fn verify(connection: &Connection, key: &Key) -> Result<Verification, Error> {
    // The head first: whatever comes to be during the walk comes after it. Without a head, every row there is.
    let (head, last) = store::end(connection).await?;
    let end = head.as_ref().map_or(i64::MAX, |head| head.seq);
    let mut walk = Walk { key, seq: 0, mac: Vec::new() };
    let fault = match walk.rows(connection, end).await? {
        None => walk.end(head.as_ref(), last),
        fault => fault,
    };
    Ok(Verification { rows: walk.seq.unsigned_abs(), head, fault })
}

/// The last row that was found to be sound.
struct Walk<'k> {
    key: &'k Key,
    seq: i64,
    mac: Vec<u8>,
}

impl Walk<'_> {
    /// Goes through the rows up to `end`, and stops at the first that is not sound.
    async fn rows(&mut self, connection: &Connection, end: i64) -> Result<Option<Fault>, Error> {
        // Also rows that somebody has put before the first.
        let mut first = i64::MIN;
        loop {
            let page = store::range(connection, first, end, PAGE).await?;
            for row in page.iter() {
                let fault = match Stored::from_row(&row) {
                    Ok(row) => self.step(row),
                    Err(_) => Some(self.fault_at_next("This row cannot be read.")),
                };
                if fault.is_some() {
                    return Ok(fault);
                }
            }
            if page.len() < PAGE as usize {
                return Ok(None);
            }
            first = self.seq + 1;
        }
    }

    /// Goes on to `row`.
    fn step(&mut self, row: Stored) -> Option<Fault> {
        let seq = row.content.seq;
        if seq <= self.seq {
            return Some(Fault { seq, detail: "This row was put before the first." });
        }
        if seq != self.seq + 1 {
            return Some(self.fault_at_next("This row is missing."));
        }
        if !self.key.row(&self.head_mac(), &row.content).is(&row.mac) {
            return Some(
                self.fault_at_next("This row was altered, or was appended to other rows than those before it."),
            );
        }
        (self.seq, self.mac) = (seq, row.mac);
        None
    }

    /// Compares the end of the rows with `head`; `last` is the number of the last row there is.
    fn end(&self, head: Option<&Head>, last: Option<i64>) -> Option<Fault> {
        let Some(head) = head else {
            return Some(self.fault_at_next("The head is missing: this and later rows may have been removed."));
        };
        if self.seq < head.seq {
            return Some(self.fault_at_next("This row is missing."));
        }
        if self.seq > head.seq || !self.is_head_mac(&head.mac) {
            let detail = "The head does not belong to this row: it was changed, or rows were removed.";
            return Some(Fault { seq: self.seq, detail });
        }
        (last > Some(head.seq)).then(|| self.fault_at_next("This row is behind the head."))
    }

    /// The MAC of the head that the next row was appended to.
    fn head_mac(&self) -> Vec<u8> {
        if self.seq == 0 { Vec::new() } else { self.key.head(self.seq, &self.mac).finish().to_vec() }
    }

    /// Whether `stored` is the MAC of the head behind the rows so far.
    fn is_head_mac(&self, stored: &[u8]) -> bool {
        if self.seq == 0 { stored.is_empty() } else { self.key.head(self.seq, &self.mac).is(stored) }
    }

    fn fault_at_next(&self, detail: &'static str) -> Fault {
        Fault { seq: self.seq + 1, detail }
    }
}
