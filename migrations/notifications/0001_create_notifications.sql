-- What is to be told to somebody on one channel, was told, or came to nothing. Neither an address nor a rendered text is here: users is
-- asked where to send it when it is sent (components/notifications/src/sending.rs).
CREATE TABLE notifications (
    id TEXT PRIMARY KEY,
    -- The event that it tells of; what an operator asked for has an id of its own here, and no type.
    event_id TEXT NOT NULL,
    event_type TEXT,
    user_id TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('email', 'sms', 'push')),
    template TEXT NOT NULL,
    -- As it was when this was queued: a newer one is for what is queued from then on.
    template_version INTEGER NOT NULL,
    -- What the template is filled with, a JSON object; {} once the user is erased.
    data TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'dead', 'cancelled')),
    -- What the provider calls it.
    provider_reference TEXT,
    -- Why it was not sent at last, or never will be: for operators.
    last_error TEXT,
    -- Milliseconds since the Unix epoch, as all times here.
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    sent_at INTEGER,
    -- Once for each event, user and channel.
    UNIQUE (event_id, user_id, channel)
) STRICT, WITHOUT ROWID;

CREATE INDEX notifications_by_user ON notifications (user_id, id);
CREATE INDEX notifications_by_status ON notifications (status, id);

-- Each call of a provider, written down before it is made. One without an end was cut off: nobody knows what came of it, and it is made
-- again under the same idempotency key.
CREATE TABLE provider_calls (
    notification_id TEXT NOT NULL REFERENCES notifications (id),
    -- 1, 2, 3, ... for each notification.
    number INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- sent, rejected, retryable, other, or silent where the provider gave no answer.
    outcome TEXT,
    detail TEXT,
    PRIMARY KEY (notification_id, number)
) STRICT, WITHOUT ROWID;
