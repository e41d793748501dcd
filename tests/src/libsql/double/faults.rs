//! The faults that a test arms: each acts once, on the first request or statement that it fits.

use super::connection::StatementFault;

/// A fault of the server or of the network before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The stream of the request has expired.
    ExpiredStream,
    /// Another writer has taken the write lock before the statement: its transaction is rolled back, and the one after runs in autocommit.
    StolenLock,
    /// The statement is interrupted.
    Interrupted,
    /// The connection is closed after the statement was executed, without an answer.
    LostAnswer,
    /// The connection is closed before the statement is executed.
    LostRequest,
    /// The connection is closed in the middle of the answer.
    CutAnswer,
    /// The request is refused with this status (429, 503), and nothing of it is executed.
    Status(u16),
}

/// The faults that have not acted yet.
#[derive(Debug, Default)]
pub(super) struct Faults {
    armed: Vec<(Fault, String)>,
}

impl Faults {
    /// Arms a fault for the next statement that contains `sql`.
    pub(super) fn arm(&mut self, fault: Fault, sql: &str) {
        self.armed.push((fault, sql.to_owned()));
    }

    /// Returns the number of those that have not acted yet.
    pub(super) fn len(&self) -> usize {
        self.armed.len()
    }

    /// Takes the first fault of a request with these statements, one that acts on the request as a whole.
    pub(super) fn of_request(&mut self, statements: &[&str], has_baton: bool) -> Option<Fault> {
        self.take(|fault, sql| match fault {
            Fault::StolenLock | Fault::Interrupted => false,
            Fault::ExpiredStream if !has_baton => false,
            _ => statements.iter().any(|statement| statement.contains(sql)),
        })
    }

    /// Takes the first fault of a statement, which is one of a transaction or not.
    pub(super) fn of_statement(&mut self, statement: &str, in_transaction: bool) -> Option<StatementFault> {
        let fits = |fault, sql: &str| match fault {
            Fault::StolenLock => in_transaction && statement.contains(sql),
            Fault::Interrupted => statement.contains(sql),
            _ => false,
        };
        match self.take(fits)? {
            Fault::StolenLock => Some(StatementFault::StolenLock),
            _ => Some(StatementFault::Interrupted),
        }
    }

    fn take(&mut self, fits: impl Fn(Fault, &str) -> bool) -> Option<Fault> {
        let index = self.armed.iter().position(|(fault, sql)| fits(*fault, sql))?;
        Some(self.armed.remove(index).0)
    }
}
