-- There is always an admin: whoever takes the role from one looks for another.
CREATE INDEX users_admins ON users (id) WHERE role = 'admin' AND erased_at IS NULL;
