//! Merges several logs, each newest first, into one.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use spindle_contracts::Timestamp;
use spindle_platform::audit::Record;
use std::collections::BTreeMap;

/// The position in each service's log: the next page begins before the row with this number. A service without a position has no more rows.
///
/// Numbers of rows, not times: rows that are appended later have higher numbers than every position, so that they shift no page.
pub(super) type Positions = BTreeMap<String, i64>;

/// Rows of one service, newest first.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) service: &'static str,
    pub(super) rows: Vec<Record>,
}

/// A sensitive action, as a service has recorded it.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "AuditRow")]
pub(crate) struct Item {
    /// The id of the row.
    id: String,
    /// The service.
    service: &'static str,
    /// The time of the action.
    created_at: Timestamp,
    /// Who acted: the id of a user or the name of a service; null if that is not known.
    actor: Option<String>,
    /// The action, such as `user.role_changed`.
    action: String,
    /// What it was done to, usually an id.
    subject: Option<String>,
    /// The id of the request.
    request_id: String,
    /// A pseudonym of the address that the request came from, such as `2026-11:9f86d081884c7d65`; in a row of an earlier release, the address.
    source: Option<String>,
    /// Further details, which depend on the action.
    detail: Value,
}

/// A page of the merged list, and the position of the next.
#[derive(Debug)]
pub(super) struct Merged {
    /// Up to `limit` rows.
    pub(super) items: Vec<Item>,
    /// The positions after them; none if there are no more rows.
    pub(super) positions: Positions,
}

/// Merges the newest rows of all `logs`, by time, service and number. Each log has its newest `limit + 1` rows, or all if it has fewer.
///
/// The order within a log is kept, also where a clock was set back.
pub(super) fn merge(mut logs: Vec<Log>, limit: usize) -> Merged {
    // Oldest first, so that removing the newest is cheap.
    logs.iter_mut().for_each(|log| log.rows.reverse());
    let mut items = Vec::with_capacity(limit);
    while items.len() < limit
        && let Some(item) = take_newest(&mut logs)
    {
        items.push(item);
    }
    let positions = logs.iter().filter_map(|log| Some((log.service.to_owned(), log.rows.last()?.seq + 1))).collect();
    Merged { items, positions }
}

/// Removes and returns the newest of the next rows of all logs.
fn take_newest(logs: &mut [Log]) -> Option<Item> {
    let next = logs.iter_mut().filter(|log| !log.rows.is_empty());
    let log = next.max_by_key(|log| log.rows.last().map(|row| (row.at, log.service, row.seq)))?;
    let Record { seq: _, id, at, actor, action, subject, request_id, source, detail } = log.rows.pop()?;
    Some(Item { id, service: log.service, created_at: at, actor, action, subject, request_id, source, detail })
}

#[cfg(test)]
mod tests {
    use super::{Log, Positions, merge};
    use serde_json::json;
    use spindle_contracts::Timestamp;
    use spindle_platform::audit::Record;

    /// Returns row `seq` of a service, written at `at`.
    fn row(seq: i64, at: i64) -> Record {
        Record {
            seq,
            id: String::new(),
            at: Timestamp::from_millis(at),
            actor: None,
            action: String::new(),
            subject: Some(seq.to_string()),
            request_id: String::new(),
            source: None,
            detail: json!({}),
        }
    }

    /// The logs of services, to which rows are appended, and which are read as the services read them.
    #[derive(Default)]
    struct Logs(Vec<(&'static str, Vec<Record>)>);

    impl Logs {
        /// Adds a service whose rows were written at these times.
        fn with(mut self, service: &'static str, times: &[i64]) -> Self {
            self.0.push((service, times.iter().zip(1..).map(|(at, seq)| row(seq, *at)).collect()));
            self
        }

        fn append(&mut self, service: &str, at: i64) {
            let (_, rows) = self.0.iter_mut().find(|(name, _)| *name == service).unwrap();
            rows.push(row(rows.len() as i64 + 1, at));
        }

        /// Returns a page as `service seq`, and the positions of the next if there is one.
        fn page(&self, positions: Option<&Positions>, limit: usize) -> (Vec<String>, Option<Positions>) {
            let read = |(service, rows): &(&'static str, Vec<Record>)| {
                let before = positions.map_or(Some(i64::MAX), |positions| positions.get(*service).copied())?;
                let rows = rows.iter().rev().filter(|row| row.seq < before).take(limit + 1).cloned().collect();
                Some(Log { service, rows })
            };
            let merged = merge(self.0.iter().filter_map(read).collect(), limit);
            let text = |item: &super::Item| format!("{} {}", item.service, item.subject.as_deref().unwrap());
            let more = !merged.positions.is_empty();
            (merged.items.iter().map(text).collect(), more.then_some(merged.positions))
        }
    }

    #[test]
    fn rows_are_sorted_newest_first_and_then_by_service_and_number() {
        let logs = Logs::default().with("auth", &[10, 30, 30]).with("users", &[20, 30]).with("orders", &[]);
        let (page, next) = logs.page(None, 10);
        assert_eq!(page, ["users 2", "auth 3", "auth 2", "users 1", "auth 1"]);
        assert_eq!(next, None);
    }

    #[test]
    fn the_last_page_has_no_positions_for_a_next() {
        let logs = Logs::default().with("auth", &[10]).with("users", &[20]);
        let (page, next) = logs.page(None, 2);
        assert_eq!((page.len(), next), (2, None));
        let (page, next) = logs.page(None, 1);
        assert_eq!(page, ["users 1"]);
        let next = next.unwrap();
        assert_eq!(next, Positions::from([("auth".to_owned(), 2)]));
        assert_eq!(logs.page(Some(&next), 1), (vec!["auth 1".to_owned()], None));
    }

    #[test]
    fn every_row_is_listed_once_in_pages_of_any_size_while_rows_are_appended() {
        let few: Vec<i64> = (0..3).collect();
        let (even, odd): (Vec<i64>, Vec<i64>) = (0..40).partition(|at| at % 2 == 0);
        for limit in 1..=60 {
            let mut logs =
                Logs::default().with("auth", &even).with("users", &odd).with("orders", &few).with("payments", &[]);
            let (all, _) = logs.page(None, 100);
            assert_eq!(all.len(), 43);
            let mut seen = Vec::new();
            let mut positions = None;
            loop {
                let (page, next) = logs.page(positions.as_ref(), limit);
                seen.extend(page);
                // Also to logs that no page has had a row of yet, and with a time before that of their rows.
                for service in ["auth", "users", "orders", "payments"] {
                    logs.append(service, 5);
                }
                match next {
                    Some(next) => positions = Some(next),
                    None => break,
                }
            }
            assert_eq!(seen, all, "pages of {limit}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_hides_nothing() {
        let logs = Logs::default().with("auth", &[50, 10, 20]).with("users", &[30, 40]);
        let (mut seen, mut positions) = (Vec::new(), None);
        loop {
            let (page, next) = logs.page(positions.as_ref(), 1);
            seen.extend(page);
            if next.is_none() {
                break;
            }
            positions = next;
        }
        assert_eq!(seen, ["users 2", "users 1", "auth 3", "auth 2", "auth 1"]);
    }
}
