-- The Ed25519 keys that access tokens are signed with: one that signs, and those before it until what they signed has expired.
CREATE TABLE signing_keys (
    -- The key's thumbprint (RFC 7638).
    kid TEXT PRIMARY KEY,
    public_key BLOB NOT NULL CHECK (length(public_key) = 32),
    -- Encrypted under auth_key_secret, and gone once the key is retired.
    sealed_private BLOB,
    -- Milliseconds since the Unix epoch.
    created_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    retired_at INTEGER,
    -- Until when a retired key verifies.
    expires_at INTEGER,
    CHECK ((retired_at IS NULL) = (sealed_private IS NOT NULL)),
    CHECK ((retired_at IS NULL) = (expires_at IS NULL))
) STRICT, WITHOUT ROWID;

-- There is one key that signs.
CREATE UNIQUE INDEX signing_keys_current ON signing_keys (retired_at IS NULL) WHERE retired_at IS NULL;
