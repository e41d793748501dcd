-- What happened to each order, in plain words and in its order.
CREATE TABLE order_timeline (
    order_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    -- Milliseconds since the Unix epoch.
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;
