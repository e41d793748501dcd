-- A notification is delivered as an event in the inbox that has its id. What becomes of that event becomes of the notification, in the same
-- statement, whichever way it comes about: the last attempt fails, the provider rejects it, or no attempt comes to an end.
CREATE TRIGGER notification_dies AFTER UPDATE OF state ON inbox
WHEN new.source = 'notifications' AND new.state = 'dead' BEGIN
    UPDATE notifications
    SET status = 'dead', updated_at = new.settled_at, last_error = coalesce(last_error, new.failures ->> '$[#-1].error')
    WHERE id = new.id AND status = 'queued';
END;

CREATE TRIGGER notification_is_replayed AFTER UPDATE OF state ON inbox
WHEN new.source = 'notifications' AND old.state = 'dead' AND new.state = 'pending' BEGIN
    UPDATE notifications SET status = 'queued', updated_at = new.next_attempt_at WHERE id = new.id AND status = 'dead';
END;
