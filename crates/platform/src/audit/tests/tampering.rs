//! An attacker who can write to the database and has no key, after the triggers are dropped.

use super::{check, entry, log_without_triggers, run};
use crate::audit::{Violation, record};
use crate::params;
use futures::executor::block_on;

#[test]
fn every_one_of_a_hundred_random_alterations_is_detected() {
    const ROWS: u16 = 40;
    const COLUMNS: [(&str, &[&str]); 10] = [
        ("seq", &["seq + 100", "-seq"]),
        ("id", &["upper(id) || ' '", "''"]),
        ("at", &["at + 1", "at - 1000", "0"]),
        ("actor", &["NULL", "'eve'", "actor || char(0)", "''"]),
        ("action", &["'thing.read'", "CAST(x'ff' AS TEXT)", "upper(action)"]),
        ("subject", &["NULL", "subject || '1'", "''"]),
        ("request_id", &["'r-2'", "request_id || ' '"]),
        ("source", &["NULL", "'192.0.2.8'"]),
        ("detail", &["'{}'", "replace(detail, '\"', '''')", "json_set(detail, '$.to', 'c')"]),
        (
            "mac",
            &[
                "zeroblob(32)",
                "x''",
                "(SELECT l.mac FROM audit_log AS l WHERE l.seq = 1 + audit_log.seq % 40)",
                "substr(mac, 1, 31)",
            ],
        ),
    ];
    block_on(async {
        let (context, db) = log_without_triggers(ROWS.into()).await;
        for round in 0..100 {
            let random: [u8; 3] = context.random();
            let seq = i64::from(u16::from(random[0]) % ROWS + 1);
            let (column, changes) = COLUMNS[usize::from(random[1]) % COLUMNS.len()];
            let change = changes[usize::from(random[2]) % changes.len()];

            let transaction = db.transaction().await.unwrap();
            let statement = format!("UPDATE audit_log SET {column} = {change} WHERE seq = ?1 RETURNING seq");
            let (moved_to,): (i64,) = transaction.query_one(&statement, params![seq]).await.unwrap();
            let found = check(&transaction, &context).await.violation;
            let message = format!("round {round}: {column} = {change} of row {seq}: {found:?}");
            assert_eq!(found.expect(&message).seq, moved_to.min(seq), "{message}");
        }
        assert_eq!(check(&db, &context).await.violation, None, "every alteration was rolled back");
    });
}

#[test]
fn every_kind_of_tampering_is_detected_at_its_row() {
    const SHIFT: &str = "UPDATE audit_log SET seq = -seq - 1 WHERE seq >= 5";
    const UNSHIFT: &str = "UPDATE audit_log SET seq = -seq WHERE seq < 0";
    const COPY: &str = "INSERT INTO audit_log SELECT ?, id, at, actor, action, subject, request_id, source, detail, mac FROM audit_log";
    let copy = |to: i64, from: i64| format!("{} WHERE seq = {from}", COPY.replace('?', &to.to_string()));
    let (copied_in, copied_on, before_first) = (copy(5, 4), copy(11, 10), copy(0, 1));
    let cases: &[(&str, &[&str], i64)] = &[
        ("the first row is removed", &["DELETE FROM audit_log WHERE seq = 1"], 1),
        ("a row is removed", &["DELETE FROM audit_log WHERE seq = 6"], 6),
        ("the last row is removed", &["DELETE FROM audit_log WHERE seq = 10"], 10),
        (
            "a row is removed and the gap closed",
            &[
                "DELETE FROM audit_log WHERE seq = 4",
                "UPDATE audit_log SET seq = -seq WHERE seq > 4",
                "UPDATE audit_log SET seq = -seq - 1 WHERE seq < 0",
            ],
            4,
        ),
        ("the log is truncated", &["DELETE FROM audit_log WHERE seq > 7"], 8),
        (
            "the log is truncated and the head set back",
            &["DELETE FROM audit_log WHERE seq > 7", "UPDATE audit_head SET seq = 7"],
            7,
        ),
        (
            "the log is truncated and the head given the row's mac",
            &[
                "DELETE FROM audit_log WHERE seq > 7",
                "UPDATE audit_head SET seq = 7, mac = (SELECT mac FROM audit_log WHERE seq = 7)",
            ],
            7,
        ),
        ("the log is emptied", &["DELETE FROM audit_log"], 1),
        ("the log is emptied and the head removed", &["DELETE FROM audit_log", "DELETE FROM audit_head"], 1),
        ("the log is emptied and the head numbered 0", &["DELETE FROM audit_log", "UPDATE audit_head SET seq = 0"], 0),
        (
            "two rows are swapped",
            &[
                "UPDATE audit_log SET seq = -3 WHERE seq = 3",
                "UPDATE audit_log SET seq = 3 WHERE seq = 4",
                "UPDATE audit_log SET seq = 4 WHERE seq = -3",
            ],
            3,
        ),
        ("a row is inserted", &[SHIFT, UNSHIFT, &copied_in, "UPDATE audit_head SET seq = 11"], 5),
        ("a row is appended after the last", &[&copied_on], 11),
        (
            "a row is appended after the last and the head incremented",
            &[&copied_on, "UPDATE audit_head SET seq = 11"],
            11,
        ),
        ("a row is inserted before the first", &[&before_first], 0),
        ("the head is removed", &["DELETE FROM audit_head"], 11),
        ("the head's number is lowered", &["UPDATE audit_head SET seq = 9"], 9),
        ("the head's number is raised", &["UPDATE audit_head SET seq = 12"], 11),
        ("the head's number is below every row", &["UPDATE audit_head SET seq = -1"], 0),
        ("the head's mac is changed", &["UPDATE audit_head SET mac = zeroblob(32)"], 10),
        ("the head's mac is emptied", &["UPDATE audit_head SET mac = x''"], 10),
    ];
    block_on(async {
        let (context, db) = log_without_triggers(10).await;
        for (case, statements, seq) in cases {
            let transaction = db.transaction().await.unwrap();
            run(&transaction, statements).await;
            let found = check(&transaction, &context).await.violation;
            assert_eq!(found.as_ref().map(|violation| violation.seq), Some(*seq), "{case}: {found:?}");
        }
        assert_eq!(check(&db, &context).await.violation, None, "every change was rolled back");
    });
}

#[test]
fn later_entries_do_not_repair_a_log() {
    block_on(async {
        let (context, db) = log_without_triggers(10).await;
        for (statement, seq) in [
            ("DELETE FROM audit_log WHERE seq = 10", 10),
            ("UPDATE audit_log SET actor = 'eve' WHERE seq = 10", 10),
            ("UPDATE audit_head SET mac = x''", 11),
            ("UPDATE audit_head SET seq = 11", 11),
        ] {
            let transaction = db.transaction().await.unwrap();
            run(&transaction, &[statement]).await;
            record(&transaction, &context, &entry("thing.changed", "11")).await.unwrap();
            record(&transaction, &context, &entry("thing.changed", "12")).await.unwrap();
            transaction.write_buffer().await.unwrap();
            let violation = check(&transaction, &context).await.violation;
            assert_eq!(violation.map(|violation| violation.seq), Some(seq), "{statement}");
        }
        // The log is truncated, and grows again from there.
        let transaction = db.transaction().await.unwrap();
        run(&transaction, &["DELETE FROM audit_log WHERE seq > 8", "UPDATE audit_head SET seq = 8"]).await;
        record(&transaction, &context, &entry("thing.changed", "9")).await.unwrap();
        transaction.write_buffer().await.unwrap();
        assert_eq!(check(&transaction, &context).await.violation.map(|violation| violation.seq), Some(9));
    });
}

#[test]
fn a_log_of_many_batches_is_verified_to_its_end() {
    block_on(async {
        let (context, db) = log_without_triggers(1500).await;
        assert_eq!(check(&db, &context).await.rows, 1500);
        for seq in [500, 501, 1000, 1001, 1500] {
            let transaction = db.transaction().await.unwrap();
            transaction.execute("DELETE FROM audit_log WHERE seq = ?1", params![seq]).await.unwrap();
            let found = check(&transaction, &context).await;
            assert_eq!(
                (found.rows, found.violation),
                ((seq - 1) as u64, Some(Violation { seq, detail: "This row is missing." }))
            );
        }
    });
}
