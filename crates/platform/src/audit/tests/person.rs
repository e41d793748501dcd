//! The rows of one person.

use super::super::list_of_person;
use super::super::store::SELECT_OF_PERSON;
use super::{Entry, commit, context, platform};
use crate::sql::{Connection, Value};
use crate::{Context, params};
use futures::executor::block_on;
use serde_json::json;

const INDEXES: &str = include_str!("../index.sql");

fn entry(actor: Option<&str>, subject: Option<&str>) -> Entry {
    let text = |text: Option<&str>| text.map(str::to_owned);
    Entry { actor: text(actor), action: "thing.done", subject: text(subject), detail: json!({}) }
}

async fn indexed_log(context: &Context) -> Connection {
    let db = context.sql().await.unwrap();
    for statement in INDEXES.lines().filter(|line| line.starts_with("CREATE INDEX")) {
        db.execute(statement, &[]).await.unwrap();
    }
    db
}

#[test]
fn the_rows_of_a_person_come_once_each_and_in_their_order() {
    block_on(async {
        let context = context(&platform(super::SECRET));
        let db = indexed_log(&context).await;
        let entries = [
            entry(None, Some("ada")),
            entry(Some("eve"), Some("eve")),
            entry(Some("ada"), Some("thing")),
            entry(Some("eve"), Some("ada")),
            entry(Some("ada"), Some("ada")),
            entry(Some("ada"), None),
        ];
        commit(&db, &context, entries).await;
        let page = async |after: i64| -> Vec<i64> {
            let rows = list_of_person(&db, "ada", after, 3).await.unwrap();
            rows.into_iter().map(|row| row.seq).collect()
        };
        assert_eq!((page(0).await, page(4).await, page(6).await), (vec![1, 3, 4], vec![5, 6], vec![]));
    });
}

#[test]
fn they_are_found_by_an_index_and_not_sorted() {
    block_on(async {
        let db = indexed_log(&context(&platform(super::SECRET))).await;
        let explained = format!("EXPLAIN QUERY PLAN {SELECT_OF_PERSON}");
        let plan: Vec<(Value, Value, Value, String)> =
            db.query_all(&explained, params!["ada", 0_i64, 101_i64]).await.unwrap();
        let plan: Vec<String> = plan.into_iter().map(|(_, _, _, step)| step).collect();
        let searches =
            plan.iter().filter(|step| step.starts_with("SEARCH audit_log USING INDEX audit_log_by_")).count();
        assert_eq!(searches, 2, "{plan:?}");
        assert!(!plan.iter().any(|step| step.contains("SCAN") || step.contains("TEMP B-TREE")), "{plan:?}");
    });
}
