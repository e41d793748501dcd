//! Against the native backend: values, rows, constraints and transactions as Spin's local database has them.

use futures::executor::block_on;
use spindle_contracts::{Timestamp, UserId};
use uuid::Uuid;

use super::{Connection, Error, FromRow, Row, Value};
use crate::backend::native::sql::Database;

/// One more connection to `database`.
fn open(database: &Database) -> Connection {
    Connection::new(database.open().unwrap())
}

/// A database with these statements run, and a connection to it.
async fn database(statements: &[&str]) -> (Database, Connection) {
    let database = Database::temporary().unwrap();
    let connection = open(&database);
    for statement in statements {
        connection.execute(statement, &[]).await.unwrap();
    }
    (database, connection)
}

async fn count(connection: &Connection) -> u32 {
    connection.query_one::<(u32,)>("SELECT count(*) FROM t", &[]).await.unwrap().0
}

#[test]
fn a_value_comes_back_as_it_was_bound() {
    block_on(async {
        let (_database, connection) = database(&[]).await;
        let id = Uuid::from_u128(0x0192_3F5E_7C00_7ABC_8DEF_0123_4567_89AB);
        let values = params![None::<i64>, i64::MIN, 1.5, "é\0", b"\x00\xff", true, id];
        let rows = connection.execute("SELECT ?, ?, ?, ?, ?, ?, ?", values).await.unwrap();
        let expected = [
            Value::Null,
            Value::Integer(i64::MIN),
            Value::Real(1.5),
            Value::Text("é\0".to_owned()),
            Value::Blob(vec![0, 255]),
            Value::Integer(1),
            Value::Text("01923f5e-7c00-7abc-8def-0123456789ab".to_owned()),
        ];
        let row = rows.iter().next().unwrap();
        for (index, expected) in expected.into_iter().enumerate() {
            assert_eq!(row.at::<Value>(index).unwrap(), expected);
        }
        let read = rows.one::<(Option<i64>, i64, f64, String, Vec<u8>, bool, Uuid)>().unwrap();
        assert_eq!(read, (None, i64::MIN, 1.5, "é\0".to_owned(), vec![0, 255], true, id));
    });
}

#[test]
fn ids_and_times_are_stored_as_their_contract_says() {
    block_on(async {
        let (_database, connection) = database(&[]).await;
        let (id, time) = (UserId(Uuid::from_u128(7)), Timestamp::from_millis(1_763_803_800_120));
        let rows = connection.execute("SELECT ?1, ?2", params![id, Some(time)]).await.unwrap();
        let stored = rows.one::<(String, i64)>().unwrap();
        assert_eq!(stored, ("00000000-0000-0000-0000-000000000007".to_owned(), 1_763_803_800_120));
        assert_eq!(rows.one::<(UserId, Option<Timestamp>)>().unwrap(), (id, Some(time)));
    });
}

#[test]
fn a_value_of_another_type_is_an_error_that_names_the_column() {
    block_on(async {
        let (_database, connection) = database(&[]).await;
        let rows = connection.execute("SELECT 'x' AS name, 300 AS size, NULL AS email, 2 AS done", &[]).await.unwrap();
        let row = rows.iter().next().unwrap();
        let unexpected =
            |column: &str, expected, found| Error::Unexpected { column: column.to_owned(), expected, found };
        assert_eq!(row.at::<i64>(0).unwrap_err(), unexpected("name", "integer (i64)", "text"));
        assert_eq!(row.at::<Uuid>(0).unwrap_err(), unexpected("name", "text (uuid)", "text"));
        assert_eq!(row.at::<u8>(1).unwrap_err(), unexpected("size", "integer (u8)", "integer"));
        assert_eq!(row.at::<String>(2).unwrap_err(), unexpected("email", "text", "null"));
        assert_eq!(row.at::<bool>(3).unwrap_err(), unexpected("done", "integer (0 or 1)", "integer"));
        assert_eq!(row.at::<i64>(4).unwrap_err(), unexpected("#4", "integer (i64)", "no such column"));
        let message = row.at::<String>(2).unwrap_err().to_string();
        assert_eq!(message, "column email holds null where text was expected");
    });
}

#[test]
fn a_type_of_its_own_reads_rows_by_position() {
    #[derive(Debug, PartialEq)]
    struct Item {
        name: String,
        quantity: u32,
    }
    impl FromRow for Item {
        fn from_row(row: &Row<'_>) -> Result<Self, Error> {
            Ok(Self { name: row.at(0)?, quantity: row.at(1)? })
        }
    }
    block_on(async {
        let (_database, connection) = database(&["CREATE TABLE t (name TEXT, quantity INTEGER) STRICT"]).await;
        let insert = "INSERT INTO t VALUES ('a', 1), ('b', 2) RETURNING name, quantity";
        let items: Vec<Item> = connection.query_all(insert, &[]).await.unwrap();
        assert_eq!(items, [Item { name: "a".into(), quantity: 1 }, Item { name: "b".into(), quantity: 2 }]);
        let item =
            connection.query_optional("SELECT name, quantity FROM t WHERE name = ?1", params!["c"]).await.unwrap();
        assert_eq!(item, None::<Item>);
    });
}

#[test]
fn the_number_of_rows_is_checked() {
    block_on(async {
        let (_database, connection) = database(&[]).await;
        let none = connection.query_one::<(i64,)>("SELECT 1 WHERE 0", &[]).await;
        assert_eq!(none, Err(Error::RowCount { expected: "one row", found: 0 }));
        let two = connection.query_optional::<(i64,)>("VALUES (1), (2)", &[]).await;
        assert_eq!(two, Err(Error::RowCount { expected: "at most one row", found: 2 }));
    });
}

#[test]
fn only_the_first_statement_of_a_text_runs() {
    block_on(async {
        let (_database, connection) = database(&["CREATE TABLE t (a)"]).await;
        connection
            .execute("/* ; */ INSERT INTO t VALUES (';'); INSERT INTO t VALUES (2); nonsense", &[])
            .await
            .unwrap();
        assert_eq!(count(&connection).await, 1);
    });
}

#[test]
fn each_broken_constraint_has_its_error() {
    block_on(async {
        let (_database, connection) = database(&[
            "CREATE TABLE t (id TEXT PRIMARY KEY, email TEXT NOT NULL COLLATE NOCASE UNIQUE, amount INTEGER CHECK (amount > 0),
                parent TEXT REFERENCES t (id), CONSTRAINT sane CHECK (length(id) < 9)) STRICT",
            "CREATE TABLE lines (a INTEGER, b INTEGER, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID",
            "CREATE TABLE words (word TEXT) STRICT",
            "CREATE UNIQUE INDEX words_prefix ON words (substr(word, 1, 3))",
            "INSERT INTO t (id, email) VALUES ('1', 'a@x')",
            "INSERT INTO words VALUES ('spindle')",
            "INSERT INTO lines VALUES (1, 2)",
        ])
        .await;
        let unique = |columns: &str| Error::UniqueViolation { columns: columns.to_owned() };
        let check = |constraint: &str| Error::CheckViolation { constraint: constraint.to_owned() };
        for (statement, expected) in [
            ("INSERT INTO t (id, email) VALUES ('2', 'A@X')", unique("t.email")),
            ("INSERT INTO t (id, email) VALUES ('1', 'c@x')", unique("t.id")),
            ("INSERT INTO lines VALUES (1, 2)", unique("lines.a, lines.b")),
            ("INSERT INTO words VALUES ('spin')", unique("index 'words_prefix'")),
            ("INSERT INTO t (id, email, parent) VALUES ('2', 'c@x', '9')", Error::ForeignKeyViolation),
            ("INSERT INTO t (id, email, amount) VALUES ('2', 'c@x', 0)", check("amount > 0")),
            ("INSERT INTO t (id, email) VALUES ('0123456789', 'c@x')", check("sane")),
            ("INSERT INTO t (id) VALUES ('2')", Error::NotNullViolation { column: "t.email".to_owned() }),
            ("SELECT 1 FROM missing", Error::NoSuchTable { table: "missing".to_owned() }),
        ] {
            assert_eq!(connection.execute(statement, &[]).await.unwrap_err(), expected, "{statement}");
        }
    });
}

#[test]
fn other_errors_keep_the_databases_words() {
    block_on(async {
        let (_database, connection) = database(&["CREATE TABLE t (a INTEGER) STRICT"]).await;
        for (statement, words) in [
            ("SELEC 1", "near \"SELEC\": syntax error"),
            ("INSERT INTO t VALUES ('x')", "cannot store TEXT value in INTEGER column t.a"),
            ("SELECT ?1", "Wrong number of parameters"),
            ("SELECT CAST(x'ff' AS TEXT)", "not UTF-8"),
        ] {
            match connection.execute(statement, &[]).await {
                Err(Error::Other(text)) => assert!(text.contains(words), "{text}"),
                other => panic!("{statement}: {other:?}"),
            }
        }
    });
}

#[test]
fn a_transaction_is_seen_by_others_once_it_commits() {
    block_on(async {
        let (database, connection) = database(&["PRAGMA journal_mode = WAL", "CREATE TABLE t (a)"]).await;
        let other = open(&database);
        let transaction = connection.transaction().await.unwrap();
        transaction.execute("INSERT INTO t VALUES (1)", &[]).await.unwrap();
        assert_eq!((count(&transaction).await, count(&other).await), (1, 0));
        transaction.commit().await.unwrap();
        assert_eq!(count(&other).await, 1);
    });
}

#[test]
fn a_dropped_transaction_is_rolled_back() {
    block_on(async {
        let (_database, connection) = database(&["CREATE TABLE t (a)"]).await;
        let transaction = connection.transaction().await.unwrap();
        transaction.execute("INSERT INTO t VALUES (1)", &[]).await.unwrap();
        drop(transaction);
        assert_eq!(count(&connection).await, 0);
        connection.transaction().await.unwrap().commit().await.unwrap();
    });
}

#[test]
fn an_error_rolls_the_transaction_back() {
    async fn insert_twice(connection: &Connection) -> Result<(), Error> {
        let transaction = connection.transaction().await?;
        transaction.execute("INSERT INTO t VALUES (1)", &[]).await?;
        transaction.execute("INSERT INTO t VALUES (1)", &[]).await?;
        transaction.commit().await
    }
    block_on(async {
        let (_database, connection) = database(&["CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT"]).await;
        let error = insert_twice(&connection).await.unwrap_err();
        assert_eq!(error, Error::UniqueViolation { columns: "t.a".to_owned() });
        assert_eq!(count(&connection).await, 0);
    });
}

#[test]
fn a_commit_that_fails_rolls_back() {
    block_on(async {
        let (_database, connection) =
            database(&["CREATE TABLE t (a INTEGER PRIMARY KEY, b REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED)"])
                .await;
        let transaction = connection.transaction().await.unwrap();
        transaction.execute("INSERT INTO t VALUES (1, 2)", &[]).await.unwrap();
        assert_eq!(transaction.commit().await, Err(Error::ForeignKeyViolation));
        assert_eq!(count(&connection).await, 0);
        connection.transaction().await.unwrap().commit().await.unwrap();
    });
}

#[test]
fn a_failed_statement_leaves_the_rest_of_its_transaction() {
    block_on(async {
        let (_database, connection) = database(&["CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT"]).await;
        let transaction = connection.transaction().await.unwrap();
        transaction.execute("INSERT INTO t VALUES (1)", &[]).await.unwrap();
        transaction.execute("INSERT INTO t VALUES (2), (1)", &[]).await.unwrap_err();
        transaction.execute("INSERT INTO t VALUES (3)", &[]).await.unwrap();
        transaction.commit().await.unwrap();
        let left: Vec<(i64,)> = connection.query_all("SELECT a FROM t ORDER BY a", &[]).await.unwrap();
        assert_eq!(left, [(1,), (3,)]);
    });
}

#[test]
fn transactions_of_two_connections_take_turns() {
    let database = Database::temporary().unwrap();
    let add = |connection: &Connection| {
        block_on(async {
            for _ in 0..10 {
                let transaction = connection.transaction().await.unwrap();
                let (sum,): (i64,) = transaction.query_one("SELECT a FROM t", &[]).await.unwrap();
                transaction.execute("UPDATE t SET a = ?1", params![sum + 1]).await.unwrap();
                transaction.commit().await.unwrap();
            }
        });
    };
    let connection = open(&database);
    block_on(async {
        for statement in ["PRAGMA journal_mode = WAL", "CREATE TABLE t (a)", "INSERT INTO t VALUES (0)"] {
            connection.execute(statement, &[]).await.unwrap();
        }
    });
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| add(&open(&database)));
        }
    });
    let (sum,): (i64,) = block_on(connection.query_one("SELECT a FROM t", &[])).unwrap();
    assert_eq!(sum, 20);
}

#[test]
fn a_lock_that_cannot_come_free_is_busy() {
    block_on(async {
        let (database, connection) = database(&["PRAGMA journal_mode = WAL", "CREATE TABLE t (a)"]).await;
        let other = open(&database);
        // A reader whose snapshot is out of date can never become a writer, so SQLite does not wait.
        connection.execute("BEGIN DEFERRED", &[]).await.unwrap();
        assert_eq!(count(&connection).await, 0);
        other.execute("INSERT INTO t VALUES (1)", &[]).await.unwrap();
        assert_eq!(connection.execute("INSERT INTO t VALUES (2)", &[]).await, Err(Error::Busy));
    });
}

#[test]
fn sqlite_syncs_commits_and_checks_foreign_keys_without_being_asked() {
    // The platform sends no PRAGMA per request: it relies on how SQLite is compiled, by the same crate as Spin's.
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
    // 2 is FULL.
    assert_eq!((pragma("synchronous"), pragma("foreign_keys")), (2, 1));
}
