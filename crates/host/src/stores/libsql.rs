//! Databases on a libSQL server, behind `fermyon:spin/sqlite`. Spin's `libsql` databases are the reference: libsql 0.5 with its feature `remote`.
//!
//! As there, each statement is one request to the cursor of [Hrana 3], a session is one stream of the server, and nothing is repeated: a stream that
//! has ended stays so for its session, and what the server or the network did to a statement is a text, which the guest reads. A statement is parsed
//! and printed by the parser that Spin's client uses, so that this host refuses what Spin refuses.
//!
//! Three differences, all on the safe side: a response is read to its end, so that the server does not take its client for gone and interrupt the next
//! statement of the stream; a statement that exceeds the guest's time limit is given up; and the writers of a database take turns, as on files.
//!
//! [Hrana 3]: https://github.com/tursodatabase/libsql/blob/main/docs/HRANA_3_SPEC.md

mod client;
mod hrana;
mod session;
mod statement;
#[cfg(test)]
mod tests;

pub(crate) use client::Server;
pub(crate) use session::Session;
