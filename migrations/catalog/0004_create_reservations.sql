-- What each order holds of the stock. A row stays when the order is done, so that a request that comes twice is known for what it is.
CREATE TABLE reservations (
    order_id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('held', 'committed', 'released', 'expired')),
    -- Milliseconds since the Unix epoch. Until when the stock is held if nobody commits or releases it.
    expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX reservations_to_expire ON reservations (expires_at) WHERE state = 'held';

-- A line of an order, with the product's name and price as they were when it was reserved: a repeated request gets the same answer.
CREATE TABLE reservation_lines (
    order_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    product_id TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    price_amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;
