//! Reservations, and the changes of the stock by them.

use crate::reservation::{Line, ProductStock, Reservation, ReservationState, StockDelta};
use crate::store::products::read_stock;
use const_format::formatcp;
use serde_json::{Value as Json, json};
use spindle_contracts::{Money, OrderId, Timestamp};
use spindle_platform::params;
use spindle_platform::sql::{self, Connection, FromRow, NOW, Row, Transaction};

/// A reservation: a row for each line, or a single row without a line if it has none.
const SELECT: &str = "
    SELECT r.state, r.expires_at, l.product_id, l.quantity, l.sku, l.name, l.price_amount, l.currency
    FROM reservations AS r LEFT JOIN reservation_lines AS l ON l.order_id = r.order_id
    WHERE r.order_id = ?1 ORDER BY l.position";

/// The reservation lives for ?3.
const INSERT: &str = formatcp!(
    "INSERT INTO reservations (order_id, state, expires_at, created_at, updated_at) VALUES (?1, ?2, {NOW} + ?3, ?4, ?4)
    RETURNING expires_at"
);

const INSERT_LINES: &str = "
    INSERT INTO reservation_lines (order_id, position, product_id, quantity, sku, name, price_amount, currency)
    SELECT ?1, e.key, e.value ->> 'product_id', e.value ->> 'quantity', e.value ->> 'sku', e.value ->> 'name',
        e.value ->> '$.unit_price.amount', e.value ->> '$.unit_price.currency'
    FROM json_each(?2) AS e";

const SET_STATE: &str = "UPDATE reservations SET state = ?2, updated_at = ?3 WHERE order_id = ?1";

/// Changes the stock of the products on the lines, each by its quantity times ?2, ?3 and ?4. A constraint of the table refuses negative stock. The
/// version stays: an operator's edit does not depend on the stock.
const CHANGE_STOCK: &str = "
    UPDATE products SET on_hand = on_hand + l.quantity * ?2, reserved = reserved + l.quantity * ?3, allocated = allocated + l.quantity * ?4
    FROM (SELECT e.value ->> 'product_id' AS product_id, e.value ->> 'quantity' AS quantity FROM json_each(?1) AS e) AS l
    WHERE products.id = l.product_id
    RETURNING id, sku, on_hand, reserved, allocated";

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

/// Inserts `reservation`, which is made at `now` by the clock of this instance, and returns it with its end by the clock of the database: it
/// lives as long, and every replica expires it at the same time. The stock is changed by [`change_stock`].
pub(crate) async fn insert(
    transaction: &Transaction<'_>,
    reservation: Reservation,
    now: Timestamp,
) -> Result<Reservation, sql::Error> {
    let Reservation { order_id, state, expires_at, ref lines } = reservation;
    let lifetime = expires_at.as_millis() - now.as_millis();
    let (expires_at,) = transaction.query_one(INSERT, params![order_id, state.name(), lifetime, now]).await?;
    if !lines.is_empty() {
        transaction.execute(INSERT_LINES, params![order_id, json!(lines).to_string()]).await?;
    }
    Ok(Reservation { expires_at, ..reservation })
}

/// Updates the state of a reservation.
pub(crate) async fn set_state(
    transaction: &Transaction<'_>,
    order_id: OrderId,
    state: ReservationState,
    now: Timestamp,
) -> Result<(), sql::Error> {
    transaction.execute(SET_STATE, params![order_id, state.name(), now]).await?;
    Ok(())
}

/// Changes the stock of the products on `lines` by `delta` for each unit, and returns their new stock.
pub(crate) async fn change_stock(
    transaction: &Transaction<'_>,
    lines: &[Line],
    delta: StockDelta,
) -> Result<Vec<ProductStock>, sql::Error> {
    let quantities: Json =
        lines.iter().map(|line| json!({ "product_id": line.product_id, "quantity": line.quantity })).collect();
    let StockDelta { on_hand, reserved, allocated } = delta;
    transaction.query_all(CHANGE_STOCK, params![quantities.to_string(), on_hand, reserved, allocated]).await
}

/// Returns up to `limit` orders whose reservations have expired, the oldest first.
pub(crate) async fn expired(db: &Connection, limit: i64) -> Result<Vec<OrderId>, sql::Error> {
    let rows: Vec<(OrderId,)> = db.query_all(SELECT_EXPIRED, params![limit]).await?;
    Ok(rows.into_iter().map(|(order_id,)| order_id).collect())
}

impl FromRow for ProductStock {
    fn from_row(row: &Row<'_>) -> Result<Self, sql::Error> {
        Ok(Self { product_id: row.get("id")?, sku: row.get("sku")?, stock: read_stock(row)? })
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
