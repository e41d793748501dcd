-- One row per user. An erased user keeps the row as a tombstone: id, role, times and version stay, everything personal is null.
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT,
    -- The address in lower case: what is unique.
    email_key TEXT,
    display_name TEXT,
    role TEXT NOT NULL CHECK (role IN ('customer', 'operator', 'admin')),
    locale TEXT NOT NULL,
    phone TEXT,
    -- A JSON array; addresses are only ever read and written with their user.
    addresses TEXT NOT NULL,
    notify_email INTEGER NOT NULL CHECK (notify_email IN (0, 1)),
    notify_sms INTEGER NOT NULL CHECK (notify_sms IN (0, 1)),
    notify_push INTEGER NOT NULL CHECK (notify_push IN (0, 1)),
    version INTEGER NOT NULL,
    -- Milliseconds since the Unix epoch.
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    erased_at INTEGER,
    CHECK ((erased_at IS NULL) = (email IS NOT NULL)),
    CHECK ((email IS NULL) = (email_key IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX users_email_key ON users (email_key);
