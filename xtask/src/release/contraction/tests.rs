//! Each rule with a migration that breaks it, and the migrations that expand.

use semver::Version;

use super::{Script, Sources, check};

const RELEASED: &str = "
    CREATE TABLE orders (id TEXT PRIMARY KEY, number TEXT NOT NULL, total INTEGER NOT NULL, note TEXT) STRICT;
    CREATE UNIQUE INDEX orders_number ON orders (number);
    CREATE INDEX orders_by_total ON orders (total);
    CREATE INDEX orders_by_note ON orders (note);
    CREATE VIEW large_orders AS SELECT id FROM orders WHERE total > 1000;
    CREATE TABLE log (at INTEGER NOT NULL, number TEXT NOT NULL) STRICT;
    CREATE TRIGGER orders_log AFTER INSERT ON orders BEGIN INSERT INTO log VALUES (new.total, new.number); END;";

/// The code of the release, as far as the rules read it.
const CODE: &str = r#"const LIST: &str = "SELECT id FROM orders INDEXED BY
    orders_by_total WHERE total > ?1";"#;

fn script(place: &str, sql: &str) -> Script {
    Script { name: "0001_script".to_owned(), place: place.to_owned(), sql: sql.to_owned() }
}

/// Returns the faults of a migration, without its place.
fn faults(sql: &str) -> Vec<String> {
    let mut sources = Sources::default();
    sources.add_text(CODE);
    let found = check(&[script("old.sql", RELEASED)], &[script("new.sql", sql)], &sources, &Version::new(0, 2, 0));
    let faults = found.unwrap_or_else(|error| panic!("{sql}: {error:#}"));
    faults.into_iter().map(|fault| fault.strip_prefix("new.sql:").expect("it has its place").to_owned()).collect()
}

#[test]
fn a_migration_that_expands_passes() {
    for sql in [
        "ALTER TABLE orders ADD COLUMN gift TEXT;",
        "ALTER TABLE orders ADD COLUMN gift INTEGER NOT NULL DEFAULT 0;",
        "ALTER TABLE orders ADD COLUMN gross INTEGER GENERATED ALWAYS AS (total + 1);",
        "CREATE TABLE gifts (id TEXT PRIMARY KEY, kind TEXT UNIQUE CHECK (kind <> '')) STRICT; CREATE UNIQUE INDEX gifts_kind ON gifts (kind, id);",
        "CREATE TABLE gifts (order_id TEXT REFERENCES orders (id) ON DELETE CASCADE) STRICT;",
        "CREATE TABLE gifts (id TEXT PRIMARY KEY, parent TEXT REFERENCES gifts (id)) STRICT;",
        "CREATE INDEX orders_by_number ON orders (number, total);",
        "CREATE TRIGGER orders_count AFTER INSERT ON orders BEGIN UPDATE log SET at = at + 1; END;",
        "DROP TRIGGER orders_log; CREATE TRIGGER orders_log AFTER INSERT ON orders BEGIN DELETE FROM log; END;",
        // Which no statement of the release names, and which refuses nothing.
        "DROP INDEX orders_by_note;",
        "INSERT INTO log SELECT total, number FROM orders; UPDATE orders SET note = NULL;",
        // Of a table that the release does not have.
        "CREATE TABLE gifts (id TEXT); ALTER TABLE gifts RENAME COLUMN id TO gift_id; CREATE UNIQUE INDEX g ON gifts (gift_id); DROP TABLE gifts;",
        "CREATE TABLE gifts (id TEXT); CREATE TRIGGER g BEFORE INSERT ON gifts BEGIN SELECT RAISE(ABORT, 'no'); END;",
    ] {
        assert_eq!(faults(sql), [""; 0], "{sql}");
    }
}

#[test]
fn each_contraction_is_found() {
    for (sql, expected) in [
        ("DROP TABLE orders;", "drops the table orders"),
        ("DROP TABLE IF EXISTS \"Orders\";", "drops the table orders"),
        ("DROP VIEW large_orders;", "drops the view large_orders"),
        (
            "DROP INDEX orders_by_total;",
            "drops the index orders_by_total, which a released statement names by INDEXED BY",
        ),
        ("DROP INDEX orders_number;", "drops the index orders_number, whose refusals released code relies on"),
        ("DROP TRIGGER orders_log;", "drops the trigger orders_log, whose effect released code relies on"),
        ("ALTER TABLE orders DROP COLUMN note;", "drops the column note of orders"),
        ("ALTER TABLE orders RENAME TO purchases;", "renames the table orders to purchases"),
        ("ALTER TABLE orders RENAME COLUMN note TO remark;", "renames the column note of orders to remark"),
        // A form of libSQL.
        (
            "ALTER TABLE orders ALTER COLUMN total TO total TEXT;",
            "changes the type or the constraints of the column total of orders",
        ),
        (
            "ALTER TABLE orders ADD COLUMN gift INTEGER NOT NULL;",
            "adds the column gift to orders as NOT NULL without a default, and released code does not set it",
        ),
        (
            "ALTER TABLE orders ADD COLUMN gift INTEGER CHECK (gift > 0) DEFAULT 0;",
            "adds a CHECK to orders with the column gift: released code does not know it",
        ),
        (
            "ALTER TABLE orders ADD COLUMN gift TEXT UNIQUE;",
            "adds the column gift to orders as unique: rows of released code are all alike there",
        ),
        (
            "CREATE UNIQUE INDEX orders_note ON orders (note);",
            "adds the unique index orders_note to orders: released code may write what it refuses",
        ),
        (
            "CREATE TRIGGER orders_guard BEFORE UPDATE ON orders WHEN new.total < 0 BEGIN SELECT RAISE ( ABORT, 'negative'); END;",
            "adds the trigger orders_guard to orders, which refuses",
        ),
        (
            "CREATE TABLE gifts (order_id TEXT REFERENCES orders (id)) STRICT;",
            "has rows of gifts refuse the deletion of rows of orders: ON DELETE CASCADE or SET NULL would not",
        ),
        (
            "CREATE TABLE gifts (order_id TEXT, FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT) STRICT;",
            "has rows of gifts refuse the deletion of rows of orders: ON DELETE CASCADE or SET NULL would not",
        ),
    ] {
        let found = faults(sql);
        assert_eq!(found.len(), 1, "{sql}: {found:?}");
        let why = "; without a reason: `-- contract: no code reads it since 0.2.0` says why it may";
        assert_eq!(found[0], format!("1: {expected}{why}"), "{sql}");
    }
}

/// SQLite changes a column's type only by way of another table.
#[test]
fn a_table_that_is_built_again_is_found() {
    let sql = "
        CREATE TABLE orders_new (id TEXT PRIMARY KEY, number INTEGER NOT NULL, total INTEGER NOT NULL, note TEXT) STRICT;
        INSERT INTO orders_new SELECT id, CAST(number AS INTEGER), total, note FROM orders;
        DROP TABLE orders;
        ALTER TABLE orders_new RENAME TO orders;";
    let found = faults(sql);
    assert!(found.len() == 1 && found[0].starts_with("4: drops the table orders;"), "{found:?}");
}

#[test]
fn a_contraction_is_permitted_by_a_reason_with_a_released_version() {
    let drop = |comment: &str| faults(&format!("-- Notes are gone.\n{comment}\nALTER TABLE orders DROP COLUMN note;"));
    for comment in ["-- contract: no code reads it since 0.1.0", "-- contract: released code writes NULL since 0.2.0."]
    {
        assert_eq!(drop(comment), [""; 0], "{comment}");
    }
    assert_eq!(
        drop("-- contract: no code reads it since 0.3.0"),
        ["3: drops the column note of orders; too early: since 0.3.0, and the last release is 0.2.0"]
    );
    for comment in
        ["-- contract:", "-- contract: since 0.1.0", "-- contract: not needed", "-- contract: unused since May"]
    {
        let found = drop(comment);
        assert!(found.len() == 1 && found[0].contains("not of the form"), "{comment}: {found:?}");
    }
    // A reason is for the statement after it alone.
    let found = faults("-- contract: no code reads it since 0.1.0\nDROP VIEW large_orders;\n\nDROP TABLE log;");
    assert!(found.len() == 1 && found[0].starts_with("4: drops the table log; without"), "{found:?}");
}

#[test]
fn a_migration_that_cannot_be_parsed_is_an_error() {
    let found = check(
        &[script("old.sql", RELEASED)],
        &[script("new.sql", "ALTER orders")],
        &Sources::default(),
        &Version::new(0, 2, 0),
    );
    assert!(found.unwrap_err().to_string().starts_with("new.sql: "));
}
