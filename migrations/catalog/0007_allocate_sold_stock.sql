-- Units stay on hand until they are shipped. Those that are sold and not shipped yet are `allocated`.
ALTER TABLE products ADD COLUMN allocated INTEGER NOT NULL DEFAULT 0 CHECK (0 <= allocated AND reserved + allocated <= on_hand);

-- New states: `allocated` for units that are sold and on hand, `shipped` for those that have left. A `committed` row is of the release before,
-- which took the units out of `on_hand` when the order was paid; it becomes `allocated` when orders commits it again.
CREATE TABLE reservations_new (
    order_id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('held', 'allocated', 'shipped', 'released', 'expired', 'committed')),
    -- Milliseconds since the Unix epoch. The stock is held until then, unless the order commits or releases it before.
    expires_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO reservations_new (order_id, state, expires_at, created_at, updated_at)
SELECT order_id, state, expires_at, created_at, updated_at FROM reservations;

DROP TABLE reservations;

ALTER TABLE reservations_new RENAME TO reservations;

CREATE INDEX reservations_to_expire ON reservations (expires_at) WHERE state = 'held';
