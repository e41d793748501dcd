-- The users who were erased: nothing of them is stored any more, also not by a delivery or a request that began before.
CREATE TABLE erased_users (
    user_id TEXT PRIMARY KEY,
    -- Milliseconds since the Unix epoch.
    erased_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
