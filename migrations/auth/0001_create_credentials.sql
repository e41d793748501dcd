-- One row per account: what proves that someone is the user. Who the user is belongs to users.
CREATE TABLE credentials (
    user_id TEXT PRIMARY KEY,
    -- A PHC string: parameters, salt and hash.
    password_hash TEXT NOT NULL,
    -- Milliseconds since the Unix epoch.
    created_at INTEGER NOT NULL,
    password_changed_at INTEGER NOT NULL,
    -- Null until users is known to have the profile. Such a row of long ago is what a crash left of a registration.
    confirmed_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX credentials_unconfirmed ON credentials (created_at) WHERE confirmed_at IS NULL;
