-- The first administrator: once begun it is finished, and once finished it never happens again.
CREATE TABLE bootstrap (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    user_id TEXT NOT NULL,
    -- Milliseconds since the Unix epoch; null until users has the profile.
    done_at INTEGER
) STRICT;
