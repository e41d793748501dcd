//! On the native backend: values, rows, constraints and transactions behave as in Spin's local database.

mod server;

use futures::executor::block_on;
use spindle_contracts::{Timestamp, UserId};
use uuid::Uuid;

use super::{Connection, Error, FromRow, Row, Session, Value};
use crate::backend::native::sql::Database;

/// Opens a connection to `database`.
fn open(database: &Database) -> Connection {
    Connection::new(Session::new(database.open().unwrap()), &[])
}

/// Makes a database, opens a connection to it and runs these statements.
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
fn a_value_is_read_as_it_was_bound() {
    block_on(async {
        let (_database, connection) = database(&[]).await;
        let id = Uuid::from_u128(0x0192_3F5E_7C00_7ABC_8DEF_0123_4567_89AB);
        let values = params![None::<i64>, i64::MIN, 1.5, "é\0", b"\x00\xff", true, id];
        let rows =
            connection.execute("SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e, ? AS f, ? AS g", values).await.unwrap();
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
        for (column, expected) in ["a", "b", "c", "d", "e", "f", "g"].into_iter().zip(expected) {
            assert_eq!(row.get::<Value>(column).unwrap(), expected);
        }
        let read = rows.one::<(Option<i64>, i64, f64, String, Vec<u8>, bool, Uuid)>().unwrap();
        assert_eq!(read, (None, i64::MIN, 1.5, "é\0".to_owned(), vec![0, 255], true, id));
    });
}

#[test]
fn ids_are_stored_as_text_and_times_as_milliseconds() {
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
        assert_eq!(row.get::<i64>("name").unwrap_err(), unexpected("name", "integer (i64)", "text"));
        assert_eq!(row.get::<Uuid>("name").unwrap_err(), unexpected("name", "text (uuid)", "text"));
        assert_eq!(row.get::<u8>("size").unwrap_err(), unexpected("size", "integer (u8)", "integer"));
        assert_eq!(row.get::<String>("email").unwrap_err(), unexpected("email", "text", "null"));
        assert_eq!(row.get::<bool>("done").unwrap_err(), unexpected("done", "integer (0 or 1)", "integer"));
        let message = row.get::<String>("email").unwrap_err().to_string();
        assert_eq!(message, "column email holds null where text was expected");
        let too_short = rows.one::<(String, i64, Option<i64>, i64, i64)>();
        assert_eq!(too_short.unwrap_err(), unexpected("#4", "integer (i64)", "no such column"));
    });
}

#[test]
fn a_column_is_read_by_name_in_any_order() {
    block_on(async {
        let (_database, connection) = database(&[]).await;
        let rows = connection.execute("SELECT 1 AS a, 2 AS b, 3 AS c UNION ALL SELECT 4, 5, 6", &[]).await.unwrap();
        let read = |names: [&'static str; 3]| {
            let read = |row: Row<'_>| names.map(|name| row.get::<i64>(name).unwrap());
            rows.iter().map(read).collect::<Vec<_>>()
        };
        assert_eq!(read(["a", "b", "c"]), [[1, 2, 3], [4, 5, 6]]);
        assert_eq!(read(["c", "a", "b"]), [[3, 1, 2], [6, 4, 5]]);
        assert_eq!(read(["b", "b", "c"]), [[2, 2, 3], [5, 5, 6]]);

        let row = rows.iter().next().unwrap();
        let unknown = |column: &str| Error::Unexpected {
            column: column.to_owned(),
            expected: "integer (i64)",
            found: "no such column",
        };
        for column in ["d", ""] {
            assert_eq!(row.get::<i64>(column), Err(unknown(column)));
        }
        assert_eq!((row.get::<i64>("B"), row.get::<i64>("a")), (Ok(2), Ok(1)), "names in SQL have no case");
        assert_eq!(
            row.get::<i64>("d").unwrap_err().to_string(),
            "column d holds no such column where integer (i64) was expected"
        );
        assert_eq!(row.get::<i64>("a"), Ok(1), "an error does not affect the next column");
    });
}

#[test]
fn a_type_reads_rows_by_column_name() {
    #[derive(Debug, PartialEq)]
    struct Item {
        name: String,
        quantity: u32,
    }
    impl FromRow for Item {
        fn from_row(row: &Row<'_>) -> Result<Self, Error> {
            Ok(Self { name: row.get("name")?, quantity: row.get("quantity")? })
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
fn other_errors_have_the_databases_message() {
    block_on(async {
        let (_database, connection) = database(&["CREATE TABLE t (a INTEGER) STRICT"]).await;
        for (statement, message) in [
            ("SELEC 1", "near \"SELEC\": syntax error"),
            ("INSERT INTO t VALUES ('x')", "cannot store TEXT value in INTEGER column t.a"),
            ("SELECT ?1", "Wrong number of parameters"),
            ("SELECT CAST(x'ff' AS TEXT)", "not UTF-8"),
        ] {
            match connection.execute(statement, &[]).await {
                Err(Error::Other(text)) => assert!(text.contains(message), "{text}"),
                other => panic!("{statement}: {other:?}"),
            }
        }
    });
}

#[test]
fn a_transaction_is_visible_to_others_after_it_commits() {
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
fn a_failed_statement_keeps_the_rest_of_its_transaction() {
    block_on(async {
        let (_database, connection) = database(&["CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT"]).await;
        let transaction = connection.transaction().await.unwrap();
        transaction.execute("INSERT INTO t VALUES (1)", &[]).await.unwrap();
        transaction.execute("INSERT INTO t VALUES (2), (1)", &[]).await.unwrap_err();
        transaction.execute("INSERT INTO t VALUES (3)", &[]).await.unwrap();
        transaction.commit().await.unwrap();
        let rows: Vec<(i64,)> = connection.query_all("SELECT a FROM t ORDER BY a", &[]).await.unwrap();
        assert_eq!(rows, [(1,), (3,)]);
    });
}

#[test]
fn transactions_of_two_connections_are_serialised() {
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
fn a_deadlock_is_busy() {
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
fn sqlite_syncs_commits_and_checks_foreign_keys_by_default() {
    // The platform sends no PRAGMA per request: it relies on how SQLite is compiled, by the same crate as Spin's.
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
    // 2 is FULL.
    assert_eq!((pragma("synchronous"), pragma("foreign_keys")), (2, 1));
}
