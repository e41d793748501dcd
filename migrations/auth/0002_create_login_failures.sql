-- The latest failed log-ins of a user, or under an e-mail address that nobody has.
CREATE TABLE login_failures (
    -- A keyed hash of the user's id or of the address: who reads this table learns nobody's.
    account BLOB PRIMARY KEY,
    -- A JSON array of up to five times, in milliseconds since the Unix epoch, oldest first.
    failed_at TEXT NOT NULL,
    -- The last of them.
    last_failed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX login_failures_last ON login_failures (last_failed_at);
