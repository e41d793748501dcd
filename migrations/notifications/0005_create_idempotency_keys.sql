-- What clients have asked for under an Idempotency-Key, the same table in every service that takes one (crates/idempotency).
CREATE TABLE idempotency_keys (
    user_id TEXT NOT NULL,
    -- What is asked for: `order.place`. The same key may be used for something else.
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    -- SHA-256 over what was asked for.
    request_hash BLOB NOT NULL,
    -- The id of what is made, chosen when the key was first seen.
    resource_id TEXT NOT NULL,
    -- Milliseconds since the Unix epoch, as all times here.
    created_at INTEGER NOT NULL,
    -- How often somebody has begun, and until when the last one may work on it before another one does.
    attempt INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    -- The answer, once there is one. The headers are a JSON array of pairs.
    status INTEGER,
    headers TEXT,
    body BLOB,
    PRIMARY KEY (user_id, operation, key),
    CHECK ((status IS NULL) = (headers IS NULL) AND (status IS NULL) = (body IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_answered ON idempotency_keys (created_at) WHERE status IS NOT NULL;
CREATE INDEX idempotency_keys_in_flight ON idempotency_keys (lease_until) WHERE status IS NULL;
