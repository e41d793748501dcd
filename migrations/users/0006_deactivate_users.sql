-- A deactivated user keeps profile and orders, and cannot use the account until it is activated again.
ALTER TABLE users ADD COLUMN status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'deactivated'));

-- When role or status changed, until auth has ended the access tokens with the former one (components/users/src/rights.rs).
ALTER TABLE users ADD COLUMN rights_changed_at INTEGER;

CREATE INDEX users_with_rights_to_end ON users (rights_changed_at) WHERE rights_changed_at IS NOT NULL;

DROP INDEX users_admins;

-- There is always an active admin: a change that takes one away looks for another.
CREATE INDEX users_admins ON users (id) WHERE role = 'admin' AND status = 'active' AND erased_at IS NULL;
