-- The events of this service, the same table in every service: each is written in the transaction of the fact that it tells
-- (crates/events/src/outbox.rs). The columns are the attributes of CloudEvents 1.0 that differ from event to event.
CREATE TABLE outbox (
    -- Where a subscriber has got to. Never given twice, also not after rows were removed.
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- Milliseconds since the Unix epoch.
    time INTEGER NOT NULL,
    -- The trace and the request in which it happened.
    traceparent TEXT NOT NULL,
    request_id TEXT NOT NULL,
    -- A JSON object.
    data TEXT NOT NULL
) STRICT;
