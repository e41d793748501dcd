-- When auth had forgotten the credentials of an erased user; until then auth is asked again (components/users/src/erasure.rs).
ALTER TABLE users ADD COLUMN credentials_erased_at INTEGER;

CREATE INDEX users_with_credentials_to_erase ON users (erased_at) WHERE erased_at IS NOT NULL AND credentials_erased_at IS NULL;
