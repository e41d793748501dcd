-- The events that a transaction stores, and the one whose attempt it ends, are written at its end (crates/platform/src/audit/append.sql): a JSON array of
-- objects with the columns of a row. A new event has a `lease`; the end of an attempt has its number as `attempt` instead. An event that is stored already, or that
-- belongs to another attempt by now, fails the transaction.
CREATE TRIGGER inbox_append INSTEAD OF INSERT ON audit_append WHEN new.deliveries IS NOT NULL BEGIN
    INSERT INTO inbox (id, source, type, subject, time, seq, traceparent, request_id, data, state, attempts, next_attempt_at, received_at, settled_at)
    SELECT d ->> 'id', d ->> 'source', d ->> 'type', d ->> 'subject', d ->> 'time', d ->> 'seq', d ->> 'traceparent', d ->> 'request_id',
        d ->> 'data', d ->> 'state', coalesce(d ->> 'attempt', 1), coalesce(now + (d ->> 'lease'), 0), now, d ->> 'settled_at'
    FROM (SELECT value AS d, CAST(round(unixepoch('subsec') * 1000) AS INTEGER) AS now FROM json_each(new.deliveries)) WHERE true
    ON CONFLICT (id, source) DO UPDATE SET state = CASE
        WHEN state = 'pending' AND excluded.next_attempt_at = 0 AND attempts = excluded.attempts THEN 'done'
        ELSE RAISE(ABORT, 'another attempt has the event') END,
        settled_at = excluded.settled_at, data = '{}', failures = '[]';
END;
