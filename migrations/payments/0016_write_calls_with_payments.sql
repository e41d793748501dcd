-- A payment is written together with the call of the provider that begins or ends with the change: one statement instead of two, each of which is a call of
-- the host. The column has the call for as long as that statement runs, and is NULL otherwise: a JSON object, with the operation of a call that begins, or
-- with the end of one that ends.
ALTER TABLE payments ADD COLUMN call_to_write TEXT;

CREATE TRIGGER payments_begin_first_call AFTER INSERT ON payments WHEN new.call_to_write IS NOT NULL BEGIN
    INSERT INTO provider_calls (payment_id, number, operation, attempt, began_at, lease_until)
    VALUES (new.id, 1, new.call_to_write ->> 'operation', 1, new.call_to_write ->> 'began_at', new.call_to_write ->> 'lease_until');
    UPDATE payments SET call_to_write = NULL WHERE id = new.id;
END;

CREATE TRIGGER payments_write_call AFTER UPDATE OF call_to_write ON payments WHEN new.call_to_write IS NOT NULL BEGIN
    INSERT INTO provider_calls (payment_id, number, operation, attempt, began_at, lease_until)
    SELECT new.id, new.call_to_write ->> 'number', new.call_to_write ->> 'operation', new.call_to_write ->> 'attempt',
        new.call_to_write ->> 'began_at', new.call_to_write ->> 'lease_until'
    WHERE new.call_to_write ->> 'operation' IS NOT NULL;
    UPDATE provider_calls SET ended_at = new.call_to_write ->> 'ended_at', outcome = new.call_to_write ->> 'outcome',
        detail = new.call_to_write ->> 'detail'
    WHERE payment_id = new.id AND number = new.call_to_write ->> 'number' AND new.call_to_write ->> 'ended_at' IS NOT NULL;
    UPDATE payments SET call_to_write = NULL WHERE id = new.id;
END;
