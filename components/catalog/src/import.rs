//! An import: creates and changes products by their SKU, in batches of lines. Pure: the existing products come from the caller.

use crate::change::ProductChange;
use crate::product::{Product, ProductLine, sku_key};
use schemars::JsonSchema;
use serde::Serialize;
use spindle_contracts::{FieldError, Problem, ProductId, Timestamp};
use spindle_platform::http::Line;
use std::collections::{BTreeMap, BTreeSet};

/// The maximum number of lines of an import.
pub(crate) const MAX_LINES: usize = 10_000;
/// The maximum number of lines in one transaction: with fewer, an import would wait for the disk more often; with more, other writers would
/// wait for the lock longer than the tenth of a second that this takes.
const BATCH_LINES: usize = 500;
/// The number of bytes of lines after which a batch is written.
const BATCH_BYTES: usize = 1024 * 1024;

/// The result of an import, or of its lines until it ended early.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct ImportReport {
    /// The number of lines that created a product.
    #[schemars(with = "u64")]
    pub(crate) created: usize,
    /// The number of lines with an existing product, changed by them or not.
    #[schemars(with = "u64")]
    pub(crate) updated: usize,
    /// The lines that were refused. They changed nothing.
    pub(crate) failed: Vec<FailedLine>,
    /// The products that were created or changed.
    #[serde(skip)]
    pub(crate) written: BTreeSet<ProductId>,
}

/// A line that was refused.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct FailedLine {
    /// The number of the line, counted from 1.
    #[schemars(with = "u64", range(min = 1))]
    line: usize,
    /// What is wrong with the line.
    detail: String,
    /// The rules that the line breaks, with pointers into the line; absent if it is no JSON.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

/// Lines to be written together.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// The lines, each with its number.
    lines: Vec<(usize, ProductLine)>,
    bytes: usize,
}

impl ImportReport {
    fn fail(&mut self, line: usize, problem: Problem) {
        let Problem { detail, errors, .. } = problem;
        self.failed.push(FailedLine { line, detail, errors });
    }
}

impl Batch {
    /// Adds `line` to the batch, or to the failed lines of `report` if it cannot be read. Skips a blank line.
    pub(crate) fn push(&mut self, line: &Line, report: &mut ImportReport) {
        if line.is_empty() {
            return;
        }
        match line.json() {
            Ok(product) => {
                self.bytes += line.len();
                self.lines.push((line.number, product));
            }
            Err(problem) => report.fail(line.number, problem),
        }
    }

    /// Returns whether the batch has to be written before more lines are added.
    pub(crate) fn is_full(&self) -> bool {
        self.lines.len() >= BATCH_LINES || self.bytes >= BATCH_BYTES
    }

    /// Returns the numbers of the first and the last line.
    pub(crate) fn line_range(&self) -> Option<(usize, usize)> {
        Some((self.lines.first()?.0, self.lines.last()?.0))
    }

    /// Returns the keys of all SKUs in the batch.
    pub(crate) fn sku_keys(&self) -> impl Iterator<Item = String> {
        self.lines.iter().map(|(_, line)| sku_key(line.sku.as_str()))
    }

    /// Returns the changes of `existing`, the stored products with these SKUs. A line with the SKU of an earlier line changes the result of that
    /// line. A line that names nothing else than the product has makes no change.
    pub(crate) fn apply(
        self,
        existing: Vec<Product>,
        now: Timestamp,
        mut new_id: impl FnMut() -> ProductId,
        report: &mut ImportReport,
    ) -> Vec<ProductChange> {
        let existing = existing.into_iter().map(|product| (sku_key(&product.sku), product)).collect::<BTreeMap<_, _>>();
        let mut changes: Vec<ProductChange> = Vec::new();
        // The index in `changes` of each SKU.
        let mut indexes: BTreeMap<String, usize> = BTreeMap::new();
        for (number, line) in self.lines {
            let key = sku_key(line.sku.as_str());
            let (before, index) = (existing.get(&key), indexes.get(&key).copied());
            let current = index.map(|index| &changes[index].after).or(before);
            let after = match current {
                None => Product::create_from_line(new_id(), line, now),
                Some(product) => product.changed_by_line(line, now),
            };
            let mut after = match after {
                Ok(after) => after,
                Err(error) => {
                    report.fail(number, error.into());
                    continue;
                }
            };
            let counter = if current.is_none() { &mut report.created } else { &mut report.updated };
            *counter += 1;
            if current.is_some_and(|current| current.has_fields_of(&after) && current.stock == after.stock) {
                continue;
            }
            // A product with several lines in the batch is written once.
            match before {
                None => after.version = 1,
                Some(before) if after.has_fields_of(before) => after = Product { stock: after.stock, ..before.clone() },
                Some(before) => after.version = before.version + 1,
            }
            match index {
                Some(index) => changes[index].after = after,
                None => {
                    indexes.insert(key, changes.len());
                    changes.push(ProductChange { before: before.cloned(), after });
                }
            }
        }
        changes
    }
}
