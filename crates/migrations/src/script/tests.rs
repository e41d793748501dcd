//! Tables of statements that are split, accepted and refused.

use super::statements;

/// Returns the error for a file, as `line:column: detail`.
fn refusal(content: &str) -> String {
    let refusal = statements(content).unwrap_err();
    format!("{}:{}: {}", refusal.at.line, refusal.at.column, refusal.detail)
}

#[test]
fn a_semicolon_ends_a_statement_only_where_sqlite_says_so() {
    let cases: &[(&str, &[&str])] = &[
        ("DELETE FROM a", &["DELETE FROM a"]),
        ("DELETE FROM a;DELETE FROM b;", &["DELETE FROM a", "DELETE FROM b"]),
        (";;\n; DELETE FROM a ;;", &["DELETE FROM a"]),
        ("-- one; two\nDELETE FROM a; -- three;", &["DELETE FROM a"]),
        ("/* a;\n b */ DELETE FROM a /* c; */;", &["DELETE FROM a"]),
        ("DELETE FROM a -- why; \nWHERE b = 1;", &["DELETE FROM a -- why; \nWHERE b = 1"]),
        ("INSERT INTO a VALUES ('x;y', 'it''s;');", &["INSERT INTO a VALUES ('x;y', 'it''s;')"]),
        (
            "DELETE FROM \"a;b\"; DELETE FROM [c;d]; DELETE FROM `e;f`;",
            &["DELETE FROM \"a;b\"", "DELETE FROM [c;d]", "DELETE FROM `e;f`"],
        ),
        ("INSERT INTO a VALUES ('é😀;');\tDELETE FROM b;", &["INSERT INTO a VALUES ('é😀;')", "DELETE FROM b"]),
        ("INSERT INTO a VALUES ('\\'); DELETE FROM b;", &["INSERT INTO a VALUES ('\\')", "DELETE FROM b"]),
        ("", &[]),
    ];
    for (content, expected) in cases {
        assert_eq!(statements(content).unwrap(), *expected, "{content}");
    }
}

#[test]
fn a_triggers_body_belongs_to_it() {
    let trigger = "CREATE TRIGGER t AFTER UPDATE OF b ON a FOR EACH ROW WHEN CASE new.b WHEN 1 THEN 0 ELSE 1 END = 1 BEGIN\n  \
                   UPDATE a SET c = CASE WHEN new.b > 0 THEN 'end;' ELSE \"begin\" END WHERE id = new.id;\n  \
                   INSERT INTO p (p, rowid, name) VALUES ('delete', old.rowid, old.name);\nEND";
    let content = format!("DELETE FROM a;\n{trigger};\nDELETE FROM b;");
    assert_eq!(statements(&content).unwrap(), ["DELETE FROM a", trigger, "DELETE FROM b"]);
}

#[test]
fn the_forms_that_services_need_are_read() {
    for statement in [
        "CREATE TABLE a (id TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 36), b INTEGER NOT NULL DEFAULT (unixepoch('subsec') * 1000)) STRICT",
        "CREATE TABLE a (b TEXT NOT NULL COLLATE NOCASE UNIQUE, c INTEGER PRIMARY KEY AUTOINCREMENT)",
        "CREATE TABLE a (b TEXT PRIMARY KEY) WITHOUT ROWID",
        "CREATE TABLE a (b TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
        "CREATE TABLE a (b TEXT PRIMARY KEY) WITHOUT ROWID, STRICT",
        "CREATE TABLE a (b TEXT, c ANY, d TEXT GENERATED ALWAYS AS (b ->> '$.d') STORED, PRIMARY KEY (b, c), CHECK (json_valid(b)), \
         FOREIGN KEY (c) REFERENCES z (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED) STRICT",
        "CREATE UNIQUE INDEX a_b ON a (lower(b), c DESC) WHERE d IS NOT NULL",
        "CREATE INDEX a_c ON a (json_extract(c, '$.x') COLLATE NOCASE)",
        "CREATE VIEW v AS WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n FROM r",
        "CREATE VIRTUAL TABLE p USING fts5(name, sku UNINDEXED, content='products', content_rowid='seq', tokenize = \"unicode61 remove_diacritics 2\", prefix='2 3')",
        "CREATE VIRTUAL TABLE IF NOT EXISTS p USING fts5(name)",
        "CREATE TRIGGER IF NOT EXISTS t BEFORE DELETE ON a BEGIN SELECT RAISE(ABORT, 'audit rows stay'); END",
        "CREATE TRIGGER t INSTEAD OF INSERT ON v WHEN new.n > 1 BEGIN INSERT INTO a (b) VALUES (new.n); END",
        "INSERT INTO a (b, c) VALUES (1, x'00ff') ON CONFLICT (b) DO UPDATE SET c = excluded.c WHERE excluded.c > c",
        "INSERT INTO p (p) VALUES ('rebuild')",
        "INSERT OR IGNORE INTO a (b) SELECT value ->> '$.b' FROM c, json_each(c.d)",
        "REPLACE INTO a (b) VALUES (1)",
        "WITH n AS (SELECT 1 AS b) UPDATE a SET c = (SELECT b FROM n) WHERE b GLOB 'x*'",
        "UPDATE a SET (b, c) = (SELECT 1, 2) FROM d WHERE d.id = a.id",
        "ALTER TABLE a ADD COLUMN e TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE a RENAME COLUMN b TO f",
        "ALTER TABLE a DROP COLUMN f",
        "DROP TRIGGER IF EXISTS t",
        "DROP INDEX a_b",
    ] {
        assert_eq!(statements(&format!("{statement};")), Ok(vec![statement.to_owned()]));
    }
}

#[test]
fn what_cannot_be_read_is_refused_where_it_goes_wrong() {
    for (content, expected) in [
        ("DELETE FROM a;\n  CREATE TABL b (c);", "2:10: Expected: an object type after CREATE, found: TABL"),
        ("CREATE TABLE a (\n  b TEXT,\n);", "3:1: Expected: column name or constraint definition, found: )"),
        ("CREATE TABLE a (b TEXT", "1:23: Expected: ',' or ')' after column definition, found: EOF"),
        ("CREATE TABLE a (b) STRICT, STRICT", "1:26: Expected: end of statement, found: ,"),
        (
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  INSERT INTO b VALUS (1);\nEND;",
            "2:17: Expected: SELECT, VALUES, or a subquery in the query body, found: VALUS",
        ),
        ("CREATE VIRTUAL TABLE p fts5(a)", "1:24: Expected: USING, found: fts5"),
        ("CREATE VIRTUAL TABLE p USING fts5(a", "1:36: Expected: ), found: EOF"),
        ("CREATE VIRTUAL TABLE p USING fts5(a) b", "1:38: Expected: end of statement, found: b"),
        ("INSERT INTO a VALUES ('x);", "1:23: Unterminated string literal"),
        ("WITH n AS (SELECT 1) DELETE a", "1:30: Expected: FROM, found: EOF"),
        ("SELEC 1", "1:1: Expected: an SQL statement, found: SELEC"),
    ] {
        assert_eq!(refusal(content), expected, "{content}");
    }
}

#[test]
fn what_has_no_place_in_a_migration_is_refused() {
    for (statement, word) in [
        ("BEGIN IMMEDIATE", "transaction"),
        ("COMMIT", "transaction"),
        ("ROLLBACK", "transaction"),
        ("SAVEPOINT s", "transaction"),
        ("RELEASE s", "transaction"),
        ("PRAGMA journal_mode = WAL", "connection"),
        ("ATTACH DATABASE 'x' AS y", "connection"),
        ("DETACH DATABASE y", "connection"),
        ("VACUUM", "connection"),
        ("CREATE TEMP TABLE a (b)", "temporary"),
        ("CREATE OR REPLACE VIEW v AS SELECT 1", "OR REPLACE"),
        ("SELECT 1", "changes the schema or the rows"),
        ("ANALYZE", "changes the schema or the rows"),
        ("TRUNCATE TABLE a", "changes the schema or the rows"),
        ("CREATE SCHEMA a", "only tables"),
        ("DROP SCHEMA a", "only tables"),
    ] {
        let content = format!("DELETE FROM a;\n{statement};");
        let refusal = refusal(&content);
        assert!(refusal.starts_with("2:1: ") && refusal.contains(word), "{statement}: {refusal}");
    }
}
