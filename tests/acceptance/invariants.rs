//! The databases of catalog, orders and payments, read while the services run or after they were killed; and the invariants of all three once
//! all work is settled.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::FromSql;
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use spindle_tests::payment_service::Ledger;

const DATABASES: [&str; 6] = ["auth", "catalog", "notifications", "orders", "payments", "users"];

/// The unsettled work, one sentence each. An event that is not handled is unsettled, also as a dead letter.
const UNSETTLED: &str = "
    SELECT 'order ' || id || ' is ' || status FROM orders
    WHERE status = 'pending_payment' OR (status = 'paid' AND captured_at IS NULL) OR (status = 'cancelled' AND stock_released_at IS NULL)
    UNION ALL SELECT 'the catalog is to ' || call || ' the stock of ' || order_id FROM stock_calls
    UNION ALL SELECT 'key ' || key || ' has no response' FROM idempotency_keys WHERE status IS NULL
    UNION ALL SELECT 'payment ' || id || ' is ' || status || ', to ' || goal FROM payments.payments
    WHERE (goal = 'return' AND status IN ('requested', 'authorized', 'captured')) OR (goal = 'capture' AND status = 'authorized')
        OR (status = 'requested' AND provider_reference IS NULL)
    UNION ALL SELECT sent.type || ' for payments is ' || coalesce(received.state, 'not there') || coalesce(received.failures, '')
    FROM outbox AS sent LEFT JOIN payments.inbox AS received ON received.id = sent.id AND received.source = 'orders'
    WHERE sent.type IN ('PaymentRequested', 'OrderPaid', 'OrderCancelled') AND received.state IS NOT 'done'
    UNION ALL SELECT sent.type || ' for orders is ' || coalesce(received.state, 'not there') || coalesce(received.failures, '')
    FROM payments.outbox AS sent LEFT JOIN inbox AS received ON received.id = sent.id AND received.source = 'payments'
    WHERE received.state IS NOT 'done'
    UNION ALL SELECT type || ' from ' || source || ' is ' || state FROM payments.inbox WHERE source <> 'orders' AND state <> 'done'";

/// Each order with its payment, its reservation and its timeline, and the numbers of its captures and refunds.
const ORDERS: &str = "
    SELECT json_object('id', o.id, 'status', o.status, 'reason', o.cancel_reason, 'total', o.total, 'payment', p.status, 'amount', p.amount,
        'captured', (SELECT count(*) FROM payments.outbox WHERE type = 'PaymentCaptured' AND data ->> 'order_id' = o.id),
        'refunded', (SELECT count(*) FROM payments.outbox WHERE type = 'PaymentRefunded' AND data ->> 'order_id' = o.id),
        'reservation', r.state,
        'timeline', json((SELECT json_group_array(kind ORDER BY position) FROM order_timeline WHERE order_id = o.id)))
    FROM orders AS o LEFT JOIN payments.payments AS p ON p.order_id = o.id LEFT JOIN catalog.reservations AS r ON r.order_id = o.id";

/// Each payment with the status of its order.
const PAYMENTS: &str = "
    SELECT json_object('id', p.id, 'status', p.status, 'reference', p.provider_reference, 'order', o.status)
    FROM payments.payments AS p LEFT JOIN orders AS o ON o.id = p.order_id";

/// Each product with its stock, and the quantities that are sold and that were shipped.
const PRODUCTS: &str = "
    SELECT json_object('id', p.id, 'on_hand', p.on_hand, 'reserved', p.reserved, 'allocated', p.allocated,
        'sold', (SELECT coalesce(sum(item.value ->> 'quantity'), 0) FROM orders AS o, json_each(o.items) AS item
            WHERE o.status = 'paid' AND item.value ->> 'product_id' = p.id),
        'shipped', (SELECT coalesce(sum(item.value ->> 'quantity'), 0) FROM orders AS o, json_each(o.items) AS item
            WHERE o.status = 'fulfilled' AND item.value ->> 'product_id' = p.id))
    FROM catalog.products AS p";

const PENDING_PAYMENT: &str = "
    SELECT json_object('id', id, 'reference', provider_reference) FROM payments.payments
    WHERE order_id = '{}' AND status = 'requested' AND provider_reference IS NOT NULL";

/// Reservations that are held, or whose stock is sold or shipped, without an order.
const STRAY_RESERVATIONS: &str = "
    SELECT r.order_id || ' is ' || r.state FROM catalog.reservations AS r
    WHERE r.state = 'held' OR (r.state IN ('allocated', 'shipped', 'committed') AND r.order_id NOT IN (SELECT id FROM orders))";

/// Orders without an idempotency key, and keys whose order does not exist.
const STRAY_KEYS: &str = "
    SELECT 'order ' || id FROM orders WHERE id NOT IN (SELECT resource_id FROM idempotency_keys WHERE status = 201)
    UNION ALL SELECT 'key ' || key FROM idempotency_keys WHERE status = 201 AND resource_id NOT IN (SELECT id FROM orders)";

/// The databases, opened for reading.
pub(crate) struct Databases(Connection);

impl Databases {
    /// Opens them for reading.
    pub(crate) fn open(state: &Path) -> Self {
        let uri = |name: &str| format!("file:{}?mode=ro", state.join(format!("{name}.db")).display());
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let connection = Connection::open_with_flags(uri("orders"), flags).expect("the orders");
        for name in ["catalog", "payments"] {
            connection.execute(&format!("ATTACH ?1 AS {name}"), [uri(name)]).expect("the others beside them");
        }
        Self(connection)
    }

    /// Returns the first column of a query.
    pub(crate) fn all<T: FromSql>(&self, sql: &str) -> Vec<T> {
        let mut statement = self.0.prepare(sql).expect("a query that fits the schema");
        let rows = statement.query_map([], |row| row.get(0)).expect("the database can be read");
        rows.collect::<Result<_, _>>().expect("rows of that type")
    }

    /// Returns the number that a query counts.
    pub(crate) fn count(&self, sql: &str) -> usize {
        let counted: Vec<i64> = self.all(sql);
        usize::try_from(counted[0]).expect("counts are not negative")
    }

    /// Returns the unsettled work.
    pub(crate) fn unsettled(&self) -> Vec<String> {
        self.all(UNSETTLED)
    }

    /// Returns the id and the provider's reference of the payment of an order, if the provider left it pending.
    pub(crate) fn pending_payment(&self, order_id: &str) -> Option<Value> {
        self.json(&PENDING_PAYMENT.replace("{}", order_id)).pop()
    }

    /// Returns the number of the latest event of `producer`.
    pub(crate) fn last_event(&self, producer: &str) -> usize {
        let schema = if producer == "payments" { "payments" } else { "main" };
        self.count(&format!("SELECT coalesce(max(seq), 0) FROM {schema}.outbox"))
    }

    /// Checks the invariants of money, stock, keys and timelines. `stocked` has the initial stock of each product; all work must be settled.
    pub(crate) fn check_invariants(&self, stocked: &BTreeMap<String, i64>) {
        assert_eq!(self.all::<String>(STRAY_RESERVATIONS), [""; 0]);
        assert_eq!(self.all::<String>(STRAY_KEYS), [""; 0]);
        self.json(ORDERS).iter().for_each(check_order);
        for product in self.json(PRODUCTS) {
            let of = |name: &str| product[name].as_i64().expect("a number");
            let initial = stocked[product["id"].as_str().expect("an id")];
            assert_eq!((of("on_hand") + of("shipped"), of("reserved")), (initial, 0), "{product}");
            assert_eq!(of("allocated"), of("sold"), "{product}");
        }
    }

    /// Checks that the payment service has the money of exactly the orders that are sold, and holds none back for the others. The payments of
    /// other providers are not in `ledgers`.
    pub(crate) fn check_money(&self, ledgers: &BTreeMap<String, Ledger>) {
        for payment in self.json(PAYMENTS) {
            let id = payment["id"].as_str().expect("an id");
            let is_sold = matches!(payment["order"].as_str(), Some("paid" | "fulfilled"));
            match ledgers.get(id) {
                Some(ledger) => {
                    assert_eq!(
                        (ledger.is_with_the_shop(), ledger.is_open()),
                        (is_sold, false),
                        "{payment}: {ledger:?}"
                    );
                }
                // Voided before the provider was called, or of the sandbox.
                None => assert!(!payment["reference"].as_str().unwrap_or_default().starts_with("ref_"), "{payment}"),
            }
        }
    }

    fn json(&self, sql: &str) -> Vec<Value> {
        let rows: Vec<String> = self.all(sql);
        rows.iter().map(|row| serde_json::from_str(row).expect("SQLite makes JSON")).collect()
    }
}

/// Checks one order: its payment, its reservation and its timeline agree with its status.
fn check_order(order: &Value) {
    let is_sold = matches!(order["status"].as_str(), Some("paid" | "fulfilled"));
    let (captured, refunded) = (order["captured"].as_i64(), order["refunded"].as_i64());
    assert_eq!(
        captured.zip(refunded).map(|(captured, refunded)| captured - refunded),
        Some(i64::from(is_sold)),
        "{order}"
    );
    assert_eq!(order["amount"], order["total"], "{order}");
    let payment = order["payment"].as_str().unwrap_or("nowhere");
    let ends: &[&str] = if is_sold { &["captured"] } else { &["declined", "voided", "refunded"] };
    assert!(ends.contains(&payment), "{order}");
    let held: &[&str] = match order["status"].as_str() {
        Some("paid") => &["allocated"],
        Some("fulfilled") => &["shipped"],
        _ => &["released", "expired"],
    };
    assert!(held.contains(&order["reservation"].as_str().unwrap_or("nowhere")), "{order}");

    let timeline: Vec<&str> = order["timeline"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut kinds = BTreeMap::new();
    for kind in &timeline {
        assert_eq!(kinds.insert(*kind, ()), None, "{kind} twice: {order}");
    }
    let mut expected = vec!["placed", "payment_requested"];
    match order["status"].as_str() {
        Some("paid") => expected.extend(["payment_authorized", "paid", "payment_captured"]),
        Some("fulfilled") => expected.extend(["payment_authorized", "paid", "payment_captured", "fulfilled"]),
        _ => expected.extend(["cancelled", "stock_released"]),
    }
    match payment {
        "refunded" => expected.extend(["payment_captured", "payment_refunded"]),
        "voided" => expected.push("payment_voided"),
        // A decline after the cancellation adds no entry.
        "declined" if order["reason"] == "payment_declined" => expected.push("payment_declined"),
        _ => {}
    }
    for kind in &expected {
        assert!(kinds.contains_key(kind), "{kind} is missing: {order}");
    }
    assert_eq!(timeline[..2], expected[..2], "{order}");
    if is_sold {
        assert_eq!(json!(timeline), json!(expected), "{order}");
    }
}

/// Checks every database file of an instance that was killed.
pub(crate) fn assert_intact(state: &Path) {
    for name in DATABASES {
        let path = state.join(format!("{name}.db"));
        let connection = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("a database");
        let result: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a check");
        assert_eq!(result, "ok", "{name}");
    }
}
