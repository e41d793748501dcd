-- The key by which two addresses are the same (crates/contracts/src/email.rs), where it differs from email_key, the address in small letters: that is the
-- key of an address in ASCII, of one whose key is still to be computed, and of one that collides (email_collisions).
ALTER TABLE users ADD COLUMN canonical_key TEXT;
-- The version in which a release that computes the key wrote the address.
ALTER TABLE users ADD COLUMN keyed_version INTEGER;

CREATE UNIQUE INDEX users_canonical_key ON users (coalesce(canonical_key, email_key));

-- The users whose key is still to be computed. The tick does, for some at a time. In ASCII both keys are the same.
CREATE TABLE users_to_key (user_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

INSERT INTO users_to_key (user_id) SELECT id FROM users WHERE length(email) <> length(CAST(email AS BLOB));

-- The users whose address is another user's by its canonical key: accounts from before the key. They keep email_key as their only key, until one of them
-- has another address.
CREATE TABLE email_collisions (
    user_id TEXT PRIMARY KEY,
    canonical_key TEXT NOT NULL,
    -- Milliseconds since the Unix epoch.
    found_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX email_collisions_by_key ON email_collisions (canonical_key, user_id);

-- A user whose address changes or is erased ends the own collision, and leaves the canonical key to the first user who waits for it.
CREATE TRIGGER users_leave_key AFTER UPDATE OF email_key, canonical_key ON users
WHEN coalesce(new.canonical_key, new.email_key) IS DISTINCT FROM coalesce(old.canonical_key, old.email_key) BEGIN
    DELETE FROM email_collisions WHERE user_id = old.id;
    UPDATE users SET canonical_key = coalesce(old.canonical_key, old.email_key)
    WHERE id = (
        SELECT user_id FROM email_collisions WHERE canonical_key = coalesce(old.canonical_key, old.email_key)
        ORDER BY user_id LIMIT 1
    );
    DELETE FROM email_collisions
    WHERE canonical_key = coalesce(old.canonical_key, old.email_key)
        AND canonical_key = (SELECT u.canonical_key FROM users AS u WHERE u.id = user_id);
END;

-- During the rollout of this release, instances of the one before write addresses without the key: the tick computes it for those as well.
CREATE TRIGGER users_key_created AFTER INSERT ON users
WHEN coalesce(new.keyed_version, 0) <> new.version AND length(new.email) <> length(CAST(new.email AS BLOB)) BEGIN
    INSERT OR IGNORE INTO users_to_key (user_id) VALUES (new.id);
END;

CREATE TRIGGER users_key_changed AFTER UPDATE OF email ON users
WHEN coalesce(new.keyed_version, 0) <> new.version AND new.email IS DISTINCT FROM old.email BEGIN
    UPDATE users SET canonical_key = NULL WHERE id = new.id AND canonical_key IS NOT NULL;
    INSERT OR IGNORE INTO users_to_key (user_id)
    SELECT new.id WHERE length(new.email) <> length(CAST(new.email AS BLOB));
END;
