//! The table of budgets, and the comparison of an operation with its budget.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use xtask::suite::UPDATE;
use xtask::workspace::Workspace;

use crate::work::{Counts, Kind, Work};

/// `budgets.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    above_limit: BTreeSet<String>,
    counted: BTreeMap<String, Counts>,
    limits: BTreeMap<String, BTreeMap<String, usize>>,
}

impl Table {
    fn read() -> Self {
        toml::from_str(&fs::read_to_string(file()).expect("a table of budgets")).expect("it has the form of a table")
    }
}

fn file() -> PathBuf {
    Workspace::locate().root().join("tests/budget/budgets.toml")
}

/// Checks that each of `operations` costs exactly its budget: a budget that is too high would let the next change waste the rest. With
/// `SPINDLE_UPDATE=1` the table gets the counts.
///
/// # Panics
///
/// If one does not; with the counts that differ, and the work that was counted.
pub(crate) fn check(operations: &[(&str, &Work)]) {
    if std::env::var_os(UPDATE).is_some() {
        return operations.iter().for_each(|(operation, work)| update(operation, work.counts()));
    }
    let counted = Table::read().counted;
    let differences: Vec<_> = operations
        .iter()
        .filter_map(|(operation, work)| difference(operation, counted.get(*operation), work))
        .collect();
    assert!(differences.is_empty(), "{}", differences.concat());
}

/// Returns the difference of the `work` of an operation from its budget.
fn difference(operation: &str, budget: Option<&Counts>, work: &Work) -> Option<String> {
    let counts = work.counts();
    let Some(budget) = budget else { return Some(format!("{operation} has no budget; it costs {counts:?}\n")) };
    let differ = Kind::ALL.into_iter().filter(|kind| !is_met(*kind, budget, counts));
    let line = |kind: Kind| {
        let (budget, found) = (budget.of(kind), counts.of(kind));
        let advice = if found > budget { "" } else { ": lower the budget (SPINDLE_UPDATE=1 writes it)" };
        format!("{operation}: {found} {kind} instead of {budget}{advice}\n{}", work.list(kind))
    };
    let lines: String = differ.map(line).collect();
    (!lines.is_empty()).then_some(lines)
}

/// The host calls that a request may cost more than another time: on a busy machine a guest polls once more for what is not there yet, and reads again.
const CALLS_OF_A_POLL: usize = 3;

/// The host calls by which a budget may be too high, beside those of polls.
const TOLERANCE: usize = 5;

/// Returns whether `found` is what `budget` says of `kind`. The number of host calls depends a little on timing.
fn is_met(kind: Kind, budget: &Counts, found: Counts) -> bool {
    let (limit, count) = (budget.of(kind), found.of(kind));
    match kind {
        Kind::HostCalls => count <= limit && limit <= count + CALLS_OF_A_POLL * budget.requests + TOLERANCE,
        Kind::Requests | Kind::Statements | Kind::Commits => count == limit,
    }
}

/// Replaces the counts of `operation` in the table, with a margin for the host calls of polls.
fn update(operation: &str, Counts { requests, statements, commits, host_calls }: Counts) {
    static WRITING: Mutex<()> = Mutex::new(());
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let text = fs::read_to_string(file()).expect("a table of budgets");
    let (before, counted) = text.split_once("[counted]\n").expect("a table of counts");
    let (counted, limits) = counted.split_once("\n[limits]\n").expect("a table of limits");
    let name = |row: &str| row.split_once("\" = ").map(|(name, _)| name.to_owned() + "\" = ");
    let mut rows: BTreeMap<String, &str> = counted.lines().filter_map(|row| Some((name(row)?, row))).collect();
    let name = format!("\"{operation}\" = ");
    let host_calls = host_calls + CALLS_OF_A_POLL * requests;
    let row = format!(
        "{name}{{ requests = {requests}, statements = {statements}, commits = {commits}, host_calls = {host_calls} }}"
    );
    rows.insert(name, &row);
    let rows: Vec<&str> = rows.into_values().collect();
    let text = format!("{before}[counted]\n{}\n\n[limits]\n{limits}", rows.join("\n"));
    fs::write(file(), text).expect("the table can be written");
}

#[test]
fn every_operation_is_within_its_limit_except_those_that_are_listed() {
    let Table { above_limit, counted, limits } = Table::read();
    let is_above = |(operation, limits): &(&String, &BTreeMap<String, usize>)| {
        let counts = counted.get(*operation).unwrap_or_else(|| panic!("{operation} has a limit and no budget"));
        let counts = toml::Table::try_from(counts).expect("counts are a table");
        limits.iter().any(|(kind, limit)| {
            let count = counts.get(kind).unwrap_or_else(|| panic!("{operation} has a limit of {kind}"));
            count.as_integer().is_some_and(|count| count > limit.cast_signed() as i64)
        })
    };
    let above: BTreeSet<String> = limits.iter().filter(is_above).map(|(operation, _)| operation.clone()).collect();
    assert_eq!(above, above_limit);
}
