//! On the native backend: recording and listing entries, and detecting every change.

mod appending;
mod person;
mod pseudonyms;
mod slices;
mod tampering;

use super::{Entry, Error, Filter, Key, Record, SliceLimit, Verification, list, record, verify};
use crate::migrate::Migration;
use crate::sql::{Connection, Transaction, Value};
use crate::trace::TraceContext;
use crate::{Context, Platform, Scope};
use futures::executor::block_on;
use serde_json::json;
use spindle_contracts::{CreatedRange, Timestamp};
use std::path::Path;
use std::{fs, iter};

const SCHEMAS: [(&str, &str); 3] = [
    ("0001_create_audit_log.sql", include_str!("schema.sql")),
    ("0002_create_pseudonym_keys.sql", include_str!("pseudonym_keys.sql")),
    ("0003_append_at_commit.sql", include_str!("append.sql")),
];
const SECRET: &str = "0123456789abcdef0123456789abcdef";
const TRIGGERS: [&str; 2] = ["audit_log_is_never_updated", "audit_log_is_never_deleted"];

/// Returns the migrations that a build embeds for a folder with the schemas alone.
fn migrations() -> &'static [Migration] {
    let folder = tempfile::tempdir().unwrap();
    for (file, schema) in SCHEMAS {
        fs::write(folder.path().join(file), schema).unwrap();
    }
    let embedded = |migration: spindle_migrations::Migration| Migration {
        version: migration.version,
        name: migration.name.leak(),
        checksum: migration.checksum.leak(),
        fingerprint: migration.fingerprint.leak(),
        statements: migration.statements.into_iter().map(|text| &*text.leak()).collect::<Vec<&str>>().leak(),
    };
    spindle_migrations::load(folder.path()).unwrap().into_iter().map(embedded).collect::<Vec<_>>().leak()
}

fn platform(secret: &str) -> Platform {
    Platform::native().at(Timestamp::from_millis(1_700_000_000_000)).with_variable("audit_secret", secret).build()
}

fn context(platform: &Platform) -> Context {
    let scope = Scope { service: "things", migrations: migrations() };
    let trace = TraceContext::start(platform.random());
    Context::new(platform.clone(), scope, "r-1".to_owned(), trace).with_source("192.0.2.7".parse().ok())
}

fn entry(action: &'static str, subject: &str) -> Entry {
    Entry {
        actor: Some("ada".to_owned()),
        action,
        subject: Some(subject.to_owned()),
        detail: json!({ "from": "a", "to": "b" }),
    }
}

async fn commit(db: &Connection, context: &Context, entries: impl IntoIterator<Item = Entry>) {
    let transaction = db.transaction().await.unwrap();
    for entry in entries {
        record(&transaction, context, &entry).await.unwrap();
    }
    transaction.commit().await.unwrap();
}

/// Makes a log of `rows` rows whose triggers have been dropped.
async fn log_without_triggers(rows: usize) -> (Context, Connection) {
    let context = context(&platform(SECRET));
    let db = context.sql().await.unwrap();
    commit(&db, &context, (1..=rows).map(|number| entry("thing.changed", &number.to_string()))).await;
    for trigger in TRIGGERS {
        db.execute(&format!("DROP TRIGGER {trigger}"), &[]).await.unwrap();
    }
    assert_eq!(check(&db, &context).await.violation, None);
    (context, db)
}

async fn check(db: &Connection, context: &Context) -> Verification {
    verify(db, &Key::for_service(context).unwrap(), None, SliceLimit::NONE).await.unwrap()
}

async fn run(transaction: &Transaction<'_>, statements: &[&str]) {
    for statement in statements {
        transaction.execute(statement, &[]).await.unwrap();
    }
}

#[test]
fn a_row_has_actor_action_subject_time_request_and_source() {
    block_on(async {
        let context = context(&platform(SECRET));
        let db = context.sql().await.unwrap();
        let anonymous = Entry { actor: None, action: "login.failed", subject: None, detail: json!({}) };
        commit(&db, &context, [entry("user.role_changed", "u-1"), anonymous]).await;

        let [second, first]: [Record; 2] = list(&db, &Filter::default(), None, 10).await.unwrap().try_into().unwrap();
        assert_eq!(
            serde_json::to_value(&first).unwrap(),
            json!({
                "seq": 1, "id": first.id, "created_at": "2023-11-14T22:13:20.000Z", "actor": "ada", "action": "user.role_changed",
                "subject": "u-1", "request_id": "r-1", "source": first.source, "detail": { "from": "a", "to": "b" },
            })
        );
        assert!(first.source.as_deref().is_some_and(|source| source.starts_with("2023-11:")), "{:?}", first.source);
        assert_eq!((second.seq, second.actor, second.subject), (2, None, None));
        assert_ne!(first.id, second.id);
        let found = check(&db, &context).await;
        assert_eq!((found.rows, found.head.unwrap().seq, found.violation), (2, 2, None));
    });
}

#[test]
fn an_entry_that_is_rolled_back_is_not_in_the_log() {
    block_on(async {
        let context = context(&platform(SECRET));
        let db = context.sql().await.unwrap();
        commit(&db, &context, [entry("thing.made", "1")]).await;
        let transaction = db.transaction().await.unwrap();
        record(&transaction, &context, &entry("thing.made", "2")).await.unwrap();
        drop(transaction);
        commit(&db, &context, [entry("thing.made", "3")]).await;
        let subjects: Vec<_> = list(&db, &Filter::default(), None, 10).await.unwrap();
        assert_eq!(subjects.iter().map(|row| row.subject.as_deref().unwrap()).collect::<Vec<_>>(), ["3", "1"]);
        assert_eq!(check(&db, &context).await.violation, None);
    });
}

#[test]
fn a_log_is_listed_newest_first_with_filters_and_pages() {
    block_on(async {
        let platform = platform(SECRET);
        let context = context(&platform);
        let db = context.sql().await.unwrap();
        for (second, (action, subject)) in (0..).zip([("a", "x"), ("b", "x"), ("a", "y"), ("a", "x")]) {
            platform.set_now(Timestamp::from_millis(second * 1000));
            commit(&db, &context, [entry(action, subject)]).await;
        }
        let seqs = async |filter: Filter, before_seq, limit| {
            let rows = list(&db, &filter, before_seq, limit).await.unwrap();
            rows.into_iter().map(|row| row.seq).collect::<Vec<_>>()
        };
        let text = |text: &str| Some(text.to_owned());
        let at = |second: i64| Some(Timestamp::from_millis(second * 1000));
        assert_eq!(seqs(Filter::default(), None, 3).await, [4, 3, 2]);
        assert_eq!(seqs(Filter::default(), Some(2), 3).await, [1]);
        assert_eq!(seqs(Filter { action: text("a"), ..Filter::default() }, None, 9).await, [4, 3, 1]);
        assert_eq!(seqs(Filter { subject: text("x"), ..Filter::default() }, Some(4), 1).await, [2]);
        assert_eq!(seqs(Filter { actor: text("eve"), ..Filter::default() }, None, 9).await, [0; 0]);
        let created = CreatedRange { after: at(0), before: at(3) };
        assert_eq!(seqs(Filter { created, ..Filter::default() }, None, 9).await, [3, 2], "neither end is included");
    });
}

#[test]
fn the_database_refuses_to_change_the_log() {
    block_on(async {
        let context = context(&platform(SECRET));
        let db = context.sql().await.unwrap();
        commit(&db, &context, iter::repeat_n(entry("thing.made", "1"), 3)).await;
        for (statement, refusal) in [
            ("UPDATE audit_log SET actor = 'eve' WHERE seq = 2", "a row of the audit log is never changed"),
            ("UPDATE OR REPLACE audit_log SET seq = 1 WHERE seq = 2", "a row of the audit log is never changed"),
            ("DELETE FROM audit_log WHERE seq = 3", "a row of the audit log is never removed"),
            ("INSERT INTO audit_head (id, seq, mac) VALUES (2, 0, x'')", "CHECK constraint failed: id = 1"),
            ("INSERT INTO audit_head (id, seq, mac) VALUES (1, 0, x'')", "UNIQUE constraint failed: audit_head.id"),
        ] {
            let error = db.execute(statement, &[]).await.unwrap_err();
            assert!(error.to_string().contains(refusal), "{statement}: {error}");
        }
        assert_eq!(check(&db, &context).await.violation, None);
    });
}

#[test]
fn rows_appended_during_a_verification_do_not_affect_it() {
    block_on(async {
        let context = context(&platform(SECRET));
        let db = context.sql().await.unwrap();
        commit(&db, &context, [entry("thing.made", "1")]).await;
        let (head, last) = super::store::head_and_last_seq(&db).await.unwrap();
        assert_eq!((head.unwrap().seq, last), (1, Some(1)));
        // A verification that starts here covers row 1 only.
        commit(&db, &context, [entry("thing.made", "2")]).await;
        assert_eq!(super::store::range(&db, i64::MIN, 1, 500).await.unwrap().len(), 1);
        assert_eq!(check(&db, &context).await.rows, 2);
    });
}

#[test]
fn a_log_verifies_only_with_its_own_secret_and_service() {
    block_on(async {
        let context = context(&platform(SECRET));
        let db = context.sql().await.unwrap();
        commit(&db, &context, [entry("thing.made", "1")]).await;
        for (secret, service) in [(&*SECRET.replace('0', "1"), "things"), (SECRET, "users")] {
            let found = verify(&db, &Key::derive(secret, service).unwrap(), None, SliceLimit::NONE).await.unwrap();
            assert_eq!(found.violation.map(|violation| violation.seq), Some(1));
        }
    });
}

#[test]
fn nothing_is_recorded_without_a_proper_secret_or_a_head() {
    block_on(async {
        let short = context(&platform("short"));
        let db = short.sql().await.unwrap();
        let transaction = db.transaction().await.unwrap();
        let error = record(&transaction, &short, &entry("thing.made", "1")).await.unwrap_err();
        assert!(matches!(error, Error::WeakSecret), "{error}");
        drop(transaction);

        let (context, db) = log_without_triggers(1).await;
        let transaction = db.transaction().await.unwrap();
        run(&transaction, &["DELETE FROM audit_head"]).await;
        record(&transaction, &context, &entry("thing.made", "2")).await.unwrap();
        let error = transaction.commit().await.unwrap_err();
        assert_eq!(error.to_string(), "the head of the audit log is missing");
    });
}

#[test]
fn a_corrupted_row_is_still_listed() {
    block_on(async {
        let (_context, db) = log_without_triggers(1).await;
        db.execute("UPDATE audit_log SET action = CAST(x'61ff' AS TEXT), detail = 'no json'", &[]).await.unwrap();
        let rows = list(&db, &Filter::default(), None, 1).await.unwrap();
        assert_eq!((rows[0].action.as_str(), &rows[0].detail), ("a\u{fffd}", &json!("no json")));
    });
}

#[test]
fn every_service_with_a_database_has_these_schemas() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, schema) in [
        ("create_audit_log", "schema.sql"),
        ("create_pseudonym_keys", "pseudonym_keys.sql"),
        ("append_at_commit", "append.sql"),
    ] {
        let schema = fs::canonicalize(root.join("src/audit").join(schema)).unwrap();
        for service in fs::read_dir(root.join("../../migrations")).unwrap() {
            let folder = service.unwrap().path();
            let migrations = spindle_migrations::load(&folder).unwrap();
            let files = spindle_migrations::files(&folder).unwrap();
            let named = migrations.iter().zip(files).filter(|(migration, _)| migration.name == name);
            let [file] = named.map(|(_, file)| fs::canonicalize(file).unwrap()).collect::<Vec<_>>().try_into().unwrap();
            assert_eq!(file, schema, "{}", folder.display());
        }
    }
}

#[test]
fn the_macs_are_stored_as_bytes() {
    block_on(async {
        let context = context(&platform(SECRET));
        let db = context.sql().await.unwrap();
        commit(&db, &context, [entry("thing.made", "1")]).await;
        let (row, head): (Value, Value) =
            db.query_one("SELECT l.mac, h.mac FROM audit_log AS l, audit_head AS h", &[]).await.unwrap();
        let (Value::Blob(row), Value::Blob(head)) = (row, head) else { panic!("both are bytes") };
        assert_eq!((row.len(), head.len()), (32, 32));
        assert_ne!(row, head);
    });
}
