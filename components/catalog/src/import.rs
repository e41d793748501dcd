//! An import: products by their SKU, new or not, in batches of lines. Pure: what is there already comes from the caller.

use crate::change::Changed;
use crate::product::{Draft, Product, sku_key};
use serde::Serialize;
use spindle_contracts::{Problem, ProductId, Timestamp};
use spindle_platform::http::Line;
use std::collections::{BTreeMap, BTreeSet};

/// How many lines an import may have.
pub(crate) const MAX_LINES: usize = 10_000;
/// How many lines are written in one transaction: fewer would wait for the disk more often, more would keep others waiting for the lock
/// longer than the tenth of a second that this takes.
const BATCH_LINES: usize = 500;
/// How many bytes of lines are held before they are written.
const BATCH_BYTES: usize = 1024 * 1024;

/// What has come of the lines so far.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    /// How many were products that were not there.
    pub(crate) created: usize,
    /// How many were products that were there, the same or not.
    pub(crate) updated: usize,
    /// The lines that were not taken.
    pub(crate) failed: Vec<Failure>,
    /// The products that are not what they were.
    #[serde(skip)]
    pub(crate) written: BTreeSet<ProductId>,
}

/// A line that was not taken.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Failure {
    /// Counted from 1.
    line: usize,
    detail: String,
}

/// Lines to be written together.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    drafts: Vec<(usize, Draft)>,
    bytes: usize,
}

impl Report {
    fn fail(&mut self, line: usize, problem: Problem) {
        let told: Vec<String> = problem
            .errors
            .iter()
            .map(|error| format!("{} {}", error.pointer, error.detail).trim().to_owned())
            .collect();
        let detail = if told.is_empty() { problem.detail } else { told.join("; ") };
        self.failed.push(Failure { line, detail });
    }
}

impl Batch {
    /// Takes `line`, unless it is blank; one that is no product is told in `report`.
    pub(crate) fn push(&mut self, line: &Line, report: &mut Report) {
        if line.is_empty() {
            return;
        }
        match line.json() {
            Ok(draft) => {
                self.bytes += line.len();
                self.drafts.push((line.number, draft));
            }
            Err(problem) => report.fail(line.number, problem),
        }
    }

    /// Whether it is time to write it.
    pub(crate) fn is_full(&self) -> bool {
        self.drafts.len() >= BATCH_LINES || self.bytes >= BATCH_BYTES
    }

    /// Its first and its last line.
    pub(crate) fn lines(&self) -> Option<(usize, usize)> {
        Some((self.drafts.first()?.0, self.drafts.last()?.0))
    }

    /// The keys of its SKUs.
    pub(crate) fn sku_keys(&self) -> impl Iterator<Item = String> {
        self.drafts.iter().map(|(_, draft)| sku_key(&draft.sku))
    }

    /// What it makes of the products `there`, those of its SKUs that are there. A later line goes on from an earlier one, and what
    /// changes nothing is left as it is.
    pub(crate) fn apply(
        self,
        there: Vec<Product>,
        now: Timestamp,
        mut new_id: impl FnMut() -> ProductId,
        report: &mut Report,
    ) -> Vec<Changed> {
        let there = there.into_iter().map(|product| (sku_key(&product.sku), product)).collect::<BTreeMap<_, _>>();
        let mut changes: Vec<Changed> = Vec::new();
        // Where in `changes` a SKU is.
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (line, draft) in self.drafts {
            let key = sku_key(&draft.sku);
            let (before, place) = (there.get(&key), places.get(&key).copied());
            let current = place.map(|place| &changes[place].after).or(before);
            let after = match current {
                None => Product::create(new_id(), draft, now),
                Some(product) => product.replaced(draft, now),
            };
            let mut after = match after {
                Ok(after) => after,
                Err(error) => {
                    report.fail(line, error.into());
                    continue;
                }
            };
            let counter = if current.is_none() { &mut report.created } else { &mut report.updated };
            *counter += 1;
            if current.is_some_and(|current| current.says_the_same_as(&after)) {
                continue;
            }
            // However often it changes here, it is written once.
            after.version = before.map_or(1, |before| before.version + 1);
            match place {
                Some(place) => changes[place].after = after,
                None => {
                    places.insert(key, changes.len());
                    changes.push(Changed { before: before.cloned(), after });
                }
            }
        }
        changes
    }
}
