-- The circuit breakers of the providers that a service calls (crates/platform/src/breaker.rs): a row for each provider that has failed of late.
CREATE TABLE breakers (
    -- The provider: payment, pricing, or the channel of a notification.
    channel TEXT PRIMARY KEY,
    -- The number of failures in a row.
    failures INTEGER NOT NULL,
    -- The end of the time without calls, and the end of the lease of a probe call. Milliseconds since the Unix epoch.
    open_until INTEGER,
    probing_until INTEGER
) STRICT, WITHOUT ROWID;
