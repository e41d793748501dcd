-- One payment for each order, and how far it has got (components/payments/src/payment.rs).
CREATE TABLE payments (
    id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    -- In minor units of the currency.
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('requested', 'authorized', 'captured', 'declined', 'refunded', 'voided')),
    -- What is to become of the money. It only ever moves on, in this order.
    goal TEXT NOT NULL CHECK (goal IN ('authorize', 'capture', 'return')),
    provider TEXT NOT NULL,
    -- What the provider calls it, once it has said so.
    provider_reference TEXT,
    decline_reason TEXT,
    version INTEGER NOT NULL,
    -- Milliseconds since the Unix epoch, as all times here.
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX payments_by_user ON payments (user_id, id);
