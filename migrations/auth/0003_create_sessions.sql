-- A session: what a log-in opens. Its refresh tokens are a family that ends with it.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    -- Milliseconds since the Unix epoch.
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    revoked_reason TEXT CHECK (revoked_reason IN ('logged_out', 'revoked', 'password_changed', 'token_reused')),
    -- Where the log-in came from, for the user to recognise it.
    user_agent TEXT,
    address TEXT,
    CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_user_id ON sessions (user_id, id);

CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- Every refresh token that a session has had: one that was replaced must be recognised when it comes again.
CREATE TABLE refresh_tokens (
    -- The SHA-256 of the token, which is random and long: nobody guesses it from this.
    hash BLOB PRIMARY KEY,
    session_id TEXT NOT NULL,
    -- Milliseconds since the Unix epoch.
    created_at INTEGER NOT NULL,
    rotated_at INTEGER,
    -- The token that came after, for the few seconds in which this one may ask for it again. Only this token opens it.
    sealed_successor BLOB,
    CHECK (rotated_at IS NOT NULL OR sealed_successor IS NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);

CREATE INDEX refresh_tokens_with_successor ON refresh_tokens (session_id) WHERE sealed_successor IS NOT NULL;
