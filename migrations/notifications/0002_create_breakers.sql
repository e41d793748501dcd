-- The providers that have failed of late (components/notifications/src/breaker.rs). One that has not has no row.
CREATE TABLE breakers (
    channel TEXT PRIMARY KEY,
    -- How often in a row.
    failures INTEGER NOT NULL,
    -- Until when it is not asked, and until when somebody tries whether it is back. Milliseconds since the Unix epoch.
    open_until INTEGER,
    probing_until INTEGER
) STRICT, WITHOUT ROWID;
