-- The events that this service was given, the same table in every service that listens: a second copy of an event is a row that is there
-- already (crates/events/src/inbox.rs).
CREATE TABLE inbox (
    -- The identity of an event: its id, and the service that tells it.
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- Milliseconds since the Unix epoch, as all times here.
    time INTEGER NOT NULL,
    -- Where it stands among the events of its source; 0 where they are not counted.
    seq INTEGER NOT NULL,
    traceparent TEXT NOT NULL,
    request_id TEXT NOT NULL,
    -- A JSON object.
    data TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'dead', 'discarded')),
    -- How often it was taken to be handled.
    attempts INTEGER NOT NULL DEFAULT 0,
    -- When it may be taken, if it is pending. Whoever takes it moves this ahead, so that nobody else does meanwhile.
    next_attempt_at INTEGER NOT NULL,
    -- A JSON array of {attempt, at, error, next_attempt_at}, one for each attempt that failed.
    failures TEXT NOT NULL DEFAULT '[]',
    received_at INTEGER NOT NULL,
    -- When it was done, died or was discarded.
    settled_at INTEGER,
    PRIMARY KEY (id, source)
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_due ON inbox (next_attempt_at) WHERE state = 'pending';
CREATE INDEX inbox_dead ON inbox (settled_at, id) WHERE state = 'dead';
CREATE INDEX inbox_settled ON inbox (settled_at) WHERE state IN ('done', 'discarded');

-- How far this service has asked for the events of each source: the last seq that it has looked at.
CREATE TABLE event_cursors (
    source TEXT PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
