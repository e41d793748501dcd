-- The invitation of a user who has no password yet: an admin has created the user, and passes the token on.
CREATE TABLE invitations (
    user_id TEXT PRIMARY KEY,
    -- The SHA-256 of the token, which is random and long: this gives no access.
    token_hash BLOB NOT NULL,
    -- Milliseconds since the Unix epoch.
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX invitations_token_hash ON invitations (token_hash);

CREATE INDEX invitations_expires_at ON invitations (expires_at);
