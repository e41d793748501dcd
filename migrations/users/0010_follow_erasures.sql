-- When users asks the other services whether an erasure is done, and repeats its event if it is not (components/users/src/erasure.rs); null once it is
-- done. Milliseconds since the Unix epoch.
ALTER TABLE users ADD COLUMN erasure_due_at INTEGER;

-- How often it has asked.
ALTER TABLE users ADD COLUMN erasure_checks INTEGER NOT NULL DEFAULT 0;

-- Services have learned since then to erase more of a user.
UPDATE users SET erasure_due_at = erased_at WHERE erased_at IS NOT NULL;

CREATE INDEX users_erasures_due ON users (erasure_due_at) WHERE erasure_due_at IS NOT NULL;
