//! Addresses of clients: the log has pseudonyms of them, whose keys are deleted.

use super::{SECRET, check, commit, context, entry, platform};
use crate::audit::{Filter, delete_expired_keys, list, pseudonym_of};
use crate::sql::Connection;
use futures::executor::block_on;
use spindle_contracts::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Returns the pseudonyms in the log, the oldest row first.
async fn sources(db: &Connection, filter: Filter) -> Vec<String> {
    let rows = list(db, &filter, None, 100).await.unwrap();
    rows.into_iter().rev().map(|row| row.source.unwrap()).collect()
}

async fn months(db: &Connection) -> Vec<String> {
    let rows: Vec<(String,)> =
        db.query_all("SELECT month FROM audit_pseudonym_keys ORDER BY month", &[]).await.unwrap();
    rows.into_iter().map(|(month,)| month).collect()
}

#[test]
fn the_same_address_has_the_same_pseudonym_until_the_end_of_the_month() {
    block_on(async {
        let platform = platform(SECRET);
        let ours = context(&platform);
        let other = context(&platform).with_source("2001:db8::1".parse().ok());
        let db = ours.sql().await.unwrap();
        platform.set_now(at("2026-10-01T00:00:00Z"));
        commit(&db, &ours, [entry("thing.made", "1"), entry("thing.made", "2")]).await;
        commit(&db, &other, [entry("thing.made", "3")]).await;
        platform.set_now(at("2026-11-01T00:00:00Z"));
        commit(&db, &ours, [entry("thing.made", "4")]).await;

        let [first, second, another, later]: [String; 4] = sources(&db, Filter::default()).await.try_into().unwrap();
        assert_eq!(first, second);
        assert!(first.starts_with("2026-10:") && later.starts_with("2026-11:"), "{first} {later}");
        assert_ne!(first, another);
        assert_ne!(first["2026-10".len()..], later["2026-11".len()..]);
        let from = |source: &str| Filter { source: Some(source.to_owned()), ..Filter::default() };
        assert_eq!(sources(&db, from("192.0.2.7")).await, [first.as_str(), &second, &later]);
        assert_eq!(sources(&db, from("::ffff:192.0.2.7")).await.len(), 3);
        assert_eq!(sources(&db, from(&another)).await, [another.as_str()]);
        assert_eq!(sources(&db, from("192.0.2.8")).await, [""; 0]);
        assert_eq!(check(&db, &ours).await.violation, None);
    });
}

#[test]
fn a_key_is_deleted_three_months_after_its_month_and_the_log_still_verifies() {
    block_on(async {
        let platform = platform(SECRET);
        let context = context(&platform);
        let db = context.sql().await.unwrap();
        for (month, kept) in [
            ("2026-08", vec!["2026-08"]),
            ("2026-11", vec!["2026-08", "2026-11"]),
            ("2026-12", vec!["2026-11", "2026-12"]),
        ] {
            platform.set_now(at(&format!("{month}-15T00:00:00Z")));
            commit(&db, &context, [entry("thing.made", "1")]).await;
            assert_eq!(months(&db).await, kept, "{month}");
        }
        delete_expired_keys(&db, at("2027-02-28T23:59:59Z")).await.unwrap();
        assert_eq!(months(&db).await, ["2026-11", "2026-12"]);
        delete_expired_keys(&db, at("2027-03-01T00:00:00Z")).await.unwrap();
        assert_eq!(months(&db).await, ["2026-12"]);
        let from = Filter { source: Some("192.0.2.7".to_owned()), ..Filter::default() };
        assert_eq!(sources(&db, from).await.len(), 1, "the others belong to no address any more");
        assert_eq!(check(&db, &context).await.violation, None);
    });
}

#[test]
fn rows_of_earlier_releases_are_found_by_their_address() {
    block_on(async {
        let context = context(&platform(SECRET));
        let db = context.sql().await.unwrap();
        commit(&db, &context, [entry("thing.made", "1")]).await;
        let old = "INSERT INTO audit_append (seq, id, at, action, request_id, source, detail, mac, head_mac)
            VALUES (2, 'i', 1, 'thing.made', 'r', '192.0.2.7', '{}', x'', x'')";
        db.execute(old, &[]).await.unwrap();
        let from = Filter { source: Some("192.0.2.7".to_owned()), ..Filter::default() };
        assert_eq!(sources(&db, from).await[1], "192.0.2.7");
    });
}

#[test]
fn a_detail_gets_the_pseudonym_of_a_text() {
    block_on(async {
        let context = context(&platform(SECRET));
        let db = context.sql().await.unwrap();
        let transaction = db.transaction().await.unwrap();
        let first = pseudonym_of(&transaction, &context, "ada@example.com").await.unwrap();
        assert_eq!(pseudonym_of(&transaction, &context, "ada@example.com").await.unwrap(), first);
        assert!(first.starts_with("2023-11:"), "{first}");
        assert_ne!(pseudonym_of(&transaction, &context, "eve@example.com").await.unwrap(), first);
    });
}
