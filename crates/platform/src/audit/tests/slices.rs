//! The verification of a long log in slices.

use super::{SECRET, check, commit, context, entry, log_without_triggers, platform};
use crate::Context;
use crate::audit::{ChainHead, Key, SliceLimit, Verification, verify};
use crate::sql::Connection;
use futures::executor::block_on;
use std::time::Duration;

/// Verifies up to `rows` rows after `from`.
async fn slice(db: &Connection, context: &Context, from: Option<&ChainHead>, rows: usize) -> Verification {
    let limit = SliceLimit { rows, ..SliceLimit::NONE };
    verify(db, &Key::for_service(context).unwrap(), from, limit).await.unwrap()
}

/// Verifies the log in slices of `rows` rows, and returns the last one and the numbers of rows after each.
async fn slices(db: &Connection, context: &Context, rows: usize) -> (Verification, Vec<u64>) {
    let (mut from, mut progress) = (None, Vec::new());
    loop {
        let found = slice(db, context, from.as_ref(), rows).await;
        progress.push(found.rows);
        match found.checkpoint {
            Some(checkpoint) => from = Some(checkpoint),
            None => return (found, progress),
        }
    }
}

#[test]
fn a_log_is_verified_in_slices_up_to_its_head() {
    block_on(async {
        let context = context(&platform(SECRET));
        let db = context.sql().await.unwrap();
        commit(&db, &context, (1..=1_203).map(|number| entry("thing.changed", &number.to_string()))).await;
        for (rows, progress) in
            [(500, vec![500, 1_000, 1_203]), (601, vec![601, 1_202, 1_203]), (1_203, vec![1_203]), (5_000, vec![1_203])]
        {
            assert_eq!(slices(&db, &context, rows).await, (check(&db, &context).await, progress), "{rows}");
        }
        let at_once = SliceLimit { time: Duration::ZERO, ..SliceLimit::NONE };
        let found = verify(&db, &Key::for_service(&context).unwrap(), None, at_once).await.unwrap();
        assert_eq!((found.rows, found.violation, found.checkpoint.map(|head| head.seq)), (500, None, Some(500)));
    });
}

#[test]
fn rows_that_are_appended_between_slices_are_verified_as_well() {
    block_on(async {
        let context = context(&platform(SECRET));
        let db = context.sql().await.unwrap();
        commit(&db, &context, (0..3).map(|_| entry("a", "x"))).await;
        let first = slice(&db, &context, None, 2).await;
        commit(&db, &context, [entry("b", "x")]).await;
        let second = slice(&db, &context, first.checkpoint.as_ref(), 5).await;
        assert_eq!((second.rows, second.violation, second.checkpoint), (4, None, None));
        // The head of a complete verification is a checkpoint, too.
        let third = slice(&db, &context, second.head.as_ref(), 5).await;
        assert_eq!((third.rows, third.violation, third.checkpoint), (4, None, None));
    });
}

#[test]
fn a_change_is_found_by_the_slice_that_has_its_row_and_by_every_full_verification() {
    block_on(async {
        for (bad, slice_of_two) in [(1, true), (2, true), (3, false), (4, false), (5, false)] {
            let (context, db) = log_without_triggers(5).await;
            let from = slice(&db, &context, None, 2).await.checkpoint.unwrap();
            db.execute("UPDATE audit_log SET actor = 'eve' WHERE seq = ?1", crate::params![bad]).await.unwrap();
            let found = |found: Verification| found.violation.map(|violation| violation.seq);
            let after = found(slice(&db, &context, Some(&from), 10).await);
            assert_eq!(after, (!slice_of_two).then_some(bad), "a checkpoint stands for the rows before it");
            assert_eq!(found(check(&db, &context).await), Some(bad), "without one they are all read");
            assert_eq!(found(slices(&db, &context, 2).await.0), Some(bad));
        }
    });
}

#[test]
fn a_checkpoint_of_rows_that_are_gone_or_of_another_key_is_a_violation() {
    block_on(async {
        let (context, db) = log_without_triggers(5).await;
        let from = slice(&db, &context, None, 4).await.checkpoint.unwrap();
        let violation = async |from: &ChainHead| slice(&db, &context, Some(from), 10).await.violation.unwrap();

        let forged = ChainHead { seq: 3, ..from.clone() };
        assert_eq!(violation(&forged).await.detail, "This row or the checkpoint after it was altered.");
        let forged = ChainHead { mac: vec![0; 32], ..from.clone() };
        assert_eq!(violation(&forged).await.seq, 4);

        // The whole log as it once was: valid by itself, and too short for the checkpoint.
        let earlier = slice(&db, &context, None, 3).await.checkpoint.unwrap();
        db.execute("DELETE FROM audit_log WHERE seq > 3", &[]).await.unwrap();
        db.execute("UPDATE audit_head SET seq = 3, mac = ?1", crate::params![earlier.mac]).await.unwrap();
        assert_eq!(check(&db, &context).await.violation, None);
        let found = violation(&from).await;
        assert_eq!((found.seq, found.detail), (4, "This row is missing."));
    });
}
