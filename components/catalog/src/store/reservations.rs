//! Reservations, and the changes of the stock by them.

use crate::product::Stock;
use crate::reservation::{Line, ProductStock, Reservation, ReservationRequest, ReservationState, StockDelta};
use const_format::formatcp;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use spindle_contracts::{Currency, Money, OrderId, ProductId, Timestamp};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, NOW, Row, Transaction};

/// A reservation: a row for each line, or a single row without a line if it has none.
const SELECT: &str = "
    SELECT r.state, r.expires_at, l.product_id, l.quantity, l.sku, l.name, l.price_amount, l.currency
    FROM reservations AS r LEFT JOIN reservation_lines AS l ON l.order_id = r.order_id
    WHERE r.order_id = ?1 ORDER BY l.position";

/// A reservation without lines, which ends at once.
const INSERT_RELEASED: &str = formatcp!(
    "INSERT INTO reservations (order_id, state, expires_at, created_at, updated_at) VALUES (?1, ?2, {NOW}, ?3, ?3) RETURNING expires_at"
);

/// Reserves the lines ?3, a JSON array, for ?4, if the order has no reservation, and all lines are in stock, for sale and of one currency. Their stock
/// changes by their quantities times ?6, ?7 and ?8. A constraint of the table refuses negative stock. The version stays: an operator's edit does not
/// depend on the stock.
const RESERVE: &str = formatcp!(
    "INSERT INTO reservations (order_id, state, expires_at, created_at, updated_at, lines_to_write)
    SELECT ?1, ?2, {NOW} + ?4, ?5, ?5, r.lines
    FROM (
        SELECT count(*) AS count, min(p.currency) AS first_currency, max(p.currency) AS last_currency, json_group_array(json_object(
            'position', l.key, 'product_id', p.id, 'quantity', l.value ->> 'quantity',
            'sku', p.sku, 'name', p.name, 'price_amount', p.price_amount, 'currency', p.currency,
            'on_hand', p.on_hand + (l.value ->> 'quantity') * ?6, 'reserved', p.reserved + (l.value ->> 'quantity') * ?7,
            'allocated', p.allocated + (l.value ->> 'quantity') * ?8)) AS lines
        FROM json_each(?3) AS l CROSS JOIN products AS p ON p.id = l.value ->> 'product_id'
        WHERE p.status = 'active' AND p.on_hand - p.reserved - p.allocated >= l.value ->> 'quantity'
    ) AS r
    WHERE r.count = json_array_length(?3) AND r.first_currency = r.last_currency
    ON CONFLICT (order_id) DO NOTHING
    RETURNING expires_at, lines_to_write"
);

/// Changes the state of a reservation to ?2, and the stock as the transition from its state says: ?4 is a JSON array of the transitions to ?2. The stock
/// changes as in [`RESERVE`].
const SET_STATE: &str = "
    UPDATE reservations SET state = ?2, updated_at = ?3, lines_to_write = (
        SELECT json_group_array(json_object('position', l.position, 'product_id', l.product_id, 'quantity', l.quantity,
            'sku', l.sku, 'name', l.name, 'price_amount', l.price_amount, 'currency', l.currency,
            'on_hand', p.on_hand + l.quantity * (t.value ->> 'on_hand'), 'reserved', p.reserved + l.quantity * (t.value ->> 'reserved'),
            'allocated', p.allocated + l.quantity * (t.value ->> 'allocated')))
        FROM json_each(?4) AS t CROSS JOIN reservation_lines AS l CROSS JOIN products AS p ON p.id = l.product_id
        WHERE t.value ->> 'state' = reservations.state AND l.order_id = ?1)
    WHERE order_id = ?1 AND state IN (SELECT value ->> 'state' FROM json_each(?4))
    RETURNING expires_at, lines_to_write";

const SELECT_EXPIRED: &str = formatcp!(
    "SELECT order_id FROM reservations WHERE state = 'held' AND expires_at <= {NOW} ORDER BY expires_at LIMIT ?1"
);

/// Returns the reservation of the order, if there is one.
pub(crate) async fn find(db: &Connection, order_id: OrderId) -> Result<Option<Reservation>, sql::Error> {
    let rows: Vec<StoredLine> = db.query_all(SELECT, params![order_id]).await?;
    let Some(StoredLine { state, expires_at, .. }) = rows.first() else { return Ok(None) };
    let (state, expires_at) = (*state, *expires_at);
    let lines = rows.into_iter().filter_map(|row| row.line).collect();
    Ok(Some(Reservation { order_id, state, expires_at, lines }))
}

/// Reserves the lines of `request` for the time from `now` to `expires_at` by the clock of this instance, which is as long by the clock of the database:
/// every replica expires the reservation at the same time. Returns the reservation and the new stock; `None` if the order has a reservation, or the
/// lines cannot be reserved: then nothing is written.
pub(crate) async fn reserve(
    transaction: &Transaction<'_>,
    request: &ReservationRequest,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<Option<(Reservation, Vec<ProductStock>)>, sql::Error> {
    let (order_id, state) = (request.order_id, ReservationState::Held);
    let lines: Json =
        request.quantities().map(|(id, quantity)| json!({ "product_id": id, "quantity": quantity })).collect();
    let lifetime = expires_at.as_millis() - now.as_millis();
    let StockDelta { on_hand, reserved, allocated } = StockDelta::RESERVE;
    let values = params![order_id, state.name(), lines.to_string(), lifetime, now, on_hand, reserved, allocated];
    let written: Option<WrittenReservation> = transaction.query_optional(RESERVE, values).await?;
    Ok(written.map(|written| written.split(order_id, state)))
}

/// Changes the state of the reservation of the order to `next`, if a transition leads there from its state, and the stock of its products with it.
/// Returns the reservation and the new stock.
pub(crate) async fn set_state(
    transaction: &Transaction<'_>,
    order_id: OrderId,
    next: ReservationState,
    now: Timestamp,
) -> Result<Option<(Reservation, Vec<ProductStock>)>, sql::Error> {
    let transition = |(state, delta): (ReservationState, StockDelta)| {
        let StockDelta { on_hand, reserved, allocated } = delta;
        json!({ "state": state.name(), "on_hand": on_hand, "reserved": reserved, "allocated": allocated })
    };
    let transitions: Json = next.transitions().map(transition).collect();
    let values = params![order_id, next.name(), now, transitions.to_string()];
    let written: Option<WrittenReservation> = transaction.query_optional(SET_STATE, values).await?;
    Ok(written.map(|written| written.split(order_id, next)))
}

/// Inserts the reservation of an order that is released before it was reserved: it makes a late request reserve nothing.
pub(crate) async fn insert_released(
    transaction: &Transaction<'_>,
    order_id: OrderId,
    now: Timestamp,
) -> Result<Reservation, sql::Error> {
    let state = ReservationState::Released;
    let (expires_at,) = transaction.query_one(INSERT_RELEASED, params![order_id, state.name(), now]).await?;
    Ok(Reservation { order_id, state, expires_at, lines: Vec::new() })
}

/// Returns up to `limit` orders whose reservations have expired, the oldest first.
pub(crate) async fn expired(db: &Connection, limit: i64) -> Result<Vec<OrderId>, sql::Error> {
    let rows: Vec<(OrderId,)> = db.query_all(SELECT_EXPIRED, params![limit]).await?;
    Ok(rows.into_iter().map(|(order_id,)| order_id).collect())
}

/// A reservation as it was just written: a row of [`RESERVE`] and [`SET_STATE`].
struct WrittenReservation {
    expires_at: Timestamp,
    lines: Vec<WrittenLine>,
}

/// A line with the stock that its product has now.
#[derive(Deserialize)]
struct WrittenLine {
    position: u32,
    product_id: ProductId,
    quantity: u32,
    sku: String,
    name: String,
    price_amount: i64,
    currency: Currency,
    on_hand: i64,
    reserved: i64,
    allocated: i64,
}

impl WrittenReservation {
    /// Returns the reservation, and the stock of its products.
    fn split(self, order_id: OrderId, state: ReservationState) -> (Reservation, Vec<ProductStock>) {
        let Self { expires_at, lines } = self;
        let line_and_stock = |line: WrittenLine| {
            let WrittenLine {
                product_id,
                quantity,
                sku,
                name,
                price_amount,
                currency,
                on_hand,
                reserved,
                allocated,
                ..
            } = line;
            let stock = Stock { on_hand, reserved, allocated };
            let stock = ProductStock { product_id, sku: sku.clone(), stock };
            (Line { product_id, quantity, sku, name, unit_price: Money::new(price_amount, currency) }, stock)
        };
        let (lines, stock) = lines.into_iter().map(line_and_stock).unzip();
        (Reservation { order_id, state, expires_at, lines }, stock)
    }
}

impl FromRow for WrittenReservation {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        let unreadable = |error| sql::Error::Other(format!("the lines of a reservation cannot be read: {error}"));
        let mut lines: Vec<WrittenLine> = serde_json::from_str(row.get("lines_to_write")?).map_err(unreadable)?;
        lines.sort_by_key(|line| line.position);
        Ok(Self { expires_at: row.get("expires_at")?, lines })
    }
}

/// A row of [`SELECT`].
struct StoredLine {
    state: ReservationState,
    expires_at: Timestamp,
    line: Option<Line>,
}

impl FromRow for StoredLine {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self {
            state: read_state(row.get("state")?)?,
            expires_at: row.get("expires_at")?,
            line: match row.get("product_id")? {
                None => None,
                Some(product_id) => Some(Line {
                    product_id,
                    quantity: row.get("quantity")?,
                    sku: row.get("sku")?,
                    name: row.get("name")?,
                    unit_price: Money::new(row.get("price_amount")?, row.get("currency")?),
                }),
            },
        })
    }
}

fn read_state(name: &str) -> Result<ReservationState, sql::Error> {
    let corrupt = || sql::Error::Other(format!("reservations.state has the value {name:?}"));
    ReservationState::from_name(name).ok_or_else(corrupt)
}
