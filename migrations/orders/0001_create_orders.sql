-- One row per order. Prices and names are the catalog's when it was placed.
CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    -- What people call it.
    number TEXT NOT NULL,
    user_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending_payment', 'paid', 'fulfilled', 'cancelled')),
    cancel_reason TEXT CHECK (cancel_reason IN ('requested', 'payment_declined', 'payment_timeout', 'stock_gone', 'payment_refunded')),
    -- A JSON array; items are only ever read and written with their order.
    items TEXT NOT NULL,
    -- Minor units.
    total INTEGER NOT NULL CHECK (total >= 0),
    currency TEXT NOT NULL,
    -- A JSON object.
    shipping_address TEXT NOT NULL,
    -- Milliseconds since the Unix epoch, as all times here. Until when an answer for the payment is waited for.
    payment_due_at INTEGER NOT NULL,
    -- When this service learned that the payment was authorised, captured, and that nothing is left of it: declined, voided or refunded.
    authorized_at INTEGER,
    captured_at INTEGER,
    returned_at INTEGER,
    -- When the catalog confirmed that a cancelled order's stock was given back.
    stock_released_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((status = 'cancelled') = (cancel_reason IS NOT NULL)),
    CHECK (status = 'cancelled' OR stock_released_at IS NULL)
) STRICT;

CREATE UNIQUE INDEX orders_number ON orders (number);
CREATE INDEX orders_by_user ON orders (user_id, id);
CREATE INDEX orders_by_status ON orders (status, id);

-- What the tick looks for: payments that nobody answered for, paid stock that is still to be taken, stock that is still to be given back.
CREATE INDEX orders_overdue ON orders (payment_due_at) WHERE status = 'pending_payment' AND authorized_at IS NULL;
CREATE INDEX orders_to_take_stock ON orders (authorized_at) WHERE status = 'pending_payment' AND authorized_at IS NOT NULL;
CREATE INDEX orders_to_release_stock ON orders (updated_at) WHERE status = 'cancelled' AND stock_released_at IS NULL;
