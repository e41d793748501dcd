-- How often the rights of the user have changed: what was read of users before a change is not written to the sessions after it
-- (components/auth/src/session_rights.rs).
ALTER TABLE credentials ADD COLUMN rights_changes INTEGER NOT NULL DEFAULT 0;
