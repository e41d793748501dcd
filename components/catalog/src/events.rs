//! What the catalog tells other services of its products.

use crate::product::{Product, Status, Stock};
use serde_json::json;
use spindle_contracts::ProductId;
use spindle_events::Event;

/// What there is to tell when `before`, if there was a product, has become `after`.
pub(crate) fn of_change(before: Option<&Product>, after: &Product) -> Vec<Event> {
    let event = |kind, data| Event { kind, subject: after.id.to_string(), data };
    let Some(before) = before else { return vec![event("ProductCreated", json!(after))] };
    let mut events = Vec::new();
    if before.status != Status::Archived && after.status == Status::Archived {
        events.push(event("ProductArchived", json!({ "id": after.id, "sku": after.sku })));
    } else if !(Product { stock: before.stock, ..after.clone() }).says_the_same_as(before) {
        events.push(event("ProductUpdated", json!(after)));
    }
    if before.stock != after.stock {
        events.push(stock_changed(after.id, &after.sku, after.stock));
    }
    events
}

/// That a product's stock has become `stock`.
pub(crate) fn stock_changed(id: ProductId, sku: &str, stock: Stock) -> Event {
    let Stock { on_hand, reserved } = stock;
    let data =
        json!({ "id": id, "sku": sku, "on_hand": on_hand, "reserved": reserved, "available": stock.available() });
    Event { kind: "StockChanged", subject: id.to_string(), data }
}
