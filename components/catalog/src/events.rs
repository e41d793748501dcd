//! The events that the catalog publishes.

use crate::product::{Product, Status, Stock};
use spindle_contracts::ProductId;
use spindle_contracts::event::{
    Availability, ProductArchived, ProductCreated, ProductSnapshot, ProductStatus, ProductUpdated, StockChanged,
};
use spindle_events::Event;

/// Returns the events for the change of a product from `before` to `after`; without `before`, the change created it.
pub(crate) fn of_change(before: Option<&Product>, after: &Product) -> Vec<Event> {
    let Some(before) = before else { return vec![Event::new(after.id, &ProductCreated(snapshot(after)))] };
    let mut events = Vec::new();
    if before.status != Status::Archived && after.status == Status::Archived {
        events.push(Event::new(after.id, &ProductArchived { id: after.id, sku: after.sku.clone() }));
    } else if !after.has_fields_of(before) {
        events.push(Event::new(after.id, &ProductUpdated(snapshot(after))));
    }
    if before.stock != after.stock {
        events.push(stock_changed(after.id, &after.sku, after.stock));
    }
    events
}

/// Returns the event for the change of a product's stock to `stock`.
pub(crate) fn stock_changed(id: ProductId, sku: &str, stock: Stock) -> Event {
    let Stock { on_hand, reserved, allocated } = stock;
    let (sku, available) = (sku.to_owned(), stock.available());
    Event::new(id, &StockChanged { id, sku, on_hand, reserved, allocated, available })
}

fn snapshot(product: &Product) -> ProductSnapshot {
    let status = match product.status {
        Status::Active => ProductStatus::Active,
        Status::Archived => ProductStatus::Archived,
    };
    ProductSnapshot {
        id: product.id,
        sku: product.sku.clone(),
        name: product.name.clone(),
        description: product.description.clone(),
        price: product.price,
        category: product.category.clone(),
        attributes: product.attributes.clone(),
        stock: Availability { available: product.stock.available() },
        status,
        created_at: product.created_at,
        updated_at: product.updated_at,
    }
}
