-- The e-mail address that a user had before a change: its owner is notified there. A row is deleted with the user, and when the event about the change
-- is.
CREATE TABLE email_changes (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    previous_email TEXT NOT NULL,
    -- Milliseconds since the Unix epoch.
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX email_changes_user_id ON email_changes (user_id);

CREATE INDEX email_changes_changed_at ON email_changes (changed_at);
