//! The round trips of the operations on libSQL: a statement is one request to the server of its database.

use crate::fixture::Fixture;
use crate::{accounts, catalog, notifications, orders};

/// A transaction is its statements, BEGIN and COMMIT, and no more. What is beyond the statements is one request for each connection, which closes it
/// and which nothing waits for. On one instance, since its start is most of the time of a test.
#[test]
fn each_statement_is_one_round_trip() {
    let fixture = Fixture::on_libsql();
    for measure in [accounts::measure, catalog::measure, notifications::measure, orders::order, orders::cancellation] {
        measure(&fixture);
    }
}
