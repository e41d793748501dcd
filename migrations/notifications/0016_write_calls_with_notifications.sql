-- A notification is written together with its first call of a provider, or with the end of a call: one statement instead of two, each of which is a call of
-- the host. The column has the call for as long as that statement runs, and is NULL otherwise: a JSON object.
ALTER TABLE notifications ADD COLUMN call_to_write TEXT;

CREATE TRIGGER notifications_begin_first_call AFTER INSERT ON notifications WHEN new.call_to_write IS NOT NULL BEGIN
    INSERT INTO provider_calls (notification_id, number, began_at) VALUES (new.id, 1, new.call_to_write ->> 'began_at');
    UPDATE notifications SET call_to_write = NULL WHERE id = new.id;
END;

CREATE TRIGGER notifications_end_call AFTER UPDATE OF call_to_write ON notifications WHEN new.call_to_write IS NOT NULL BEGIN
    UPDATE provider_calls SET ended_at = new.call_to_write ->> 'ended_at', outcome = new.call_to_write ->> 'outcome',
        detail = new.call_to_write ->> 'detail'
    WHERE notification_id = new.id AND number = new.call_to_write ->> 'number';
    UPDATE notifications SET call_to_write = NULL WHERE id = new.id;
END;
