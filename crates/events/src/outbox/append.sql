-- The events of a transaction, a JSON array in their order, are written at its end with the audit row (crates/platform/src/audit/append.sql).
CREATE TRIGGER outbox_append INSTEAD OF INSERT ON audit_append WHEN new.events IS NOT NULL BEGIN
    INSERT INTO outbox (id, type, subject, time, traceparent, request_id, data)
    SELECT value ->> 'id', value ->> 'type', value ->> 'subject', value ->> 'time', value ->> 'traceparent', value ->> 'request_id', value -> 'data'
    FROM json_each(new.events) ORDER BY key;
END;
