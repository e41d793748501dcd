//! The JSON columns of an order with sums: these have no currency, because the row has it once.

use crate::order::Item;
use serde::{Deserialize, Serialize};
use spindle_contracts::event::OrderAdjustment;
use spindle_contracts::provider::pricing::Adjustment;
use spindle_contracts::{Currency, Money, ProductId};

/// An item as it is stored.
#[derive(Deserialize, Serialize)]
struct StoredItem {
    product_id: ProductId,
    sku: String,
    name: String,
    unit_price: i64,
    quantity: u32,
    line_total: i64,
}

/// Returns the column `items`.
pub(super) fn write_items(items: &[Item]) -> String {
    let item = |Item { product_id, sku, name, unit_price, quantity, line_total }: &Item| StoredItem {
        product_id: *product_id,
        sku: sku.clone(),
        name: name.clone(),
        unit_price: unit_price.amount,
        quantity: *quantity,
        line_total: line_total.amount,
    };
    json_of(&items.iter().map(item).collect::<Vec<_>>())
}

/// Reads the column `items` of an order in `currency`.
pub(super) fn read_items(json: &str, currency: Currency) -> serde_json::Result<Vec<Item>> {
    let item = |StoredItem { product_id, sku, name, unit_price, quantity, line_total }| Item {
        product_id,
        sku,
        name,
        unit_price: Money::new(unit_price, currency),
        quantity,
        line_total: Money::new(line_total, currency),
    };
    Ok(serde_json::from_str::<Vec<StoredItem>>(json)?.into_iter().map(item).collect())
}

/// Returns the column `adjustments`.
pub(super) fn write_adjustments(adjustments: &[OrderAdjustment]) -> String {
    let adjustment = |OrderAdjustment { kind, label, amount }: &OrderAdjustment| Adjustment {
        kind: *kind,
        label: label.clone(),
        amount: amount.amount,
    };
    json_of(&adjustments.iter().map(adjustment).collect::<Vec<_>>())
}

/// Reads the column `adjustments` of an order in `currency`.
pub(super) fn read_adjustments(json: &str, currency: Currency) -> serde_json::Result<Vec<OrderAdjustment>> {
    let adjustments: Vec<Adjustment> = serde_json::from_str(json)?;
    Ok(adjustments.into_iter().map(|adjustment| OrderAdjustment::of(adjustment, currency)).collect())
}

fn json_of(column: &impl Serialize) -> String {
    serde_json::to_string(column).expect("text and numbers have a JSON form")
}
