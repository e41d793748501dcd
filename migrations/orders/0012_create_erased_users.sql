-- The users that were erased: no order of theirs is placed any more, and the tick removes what their orders say about the person. The id stays, and
-- names no person.
CREATE TABLE erased_users (
    user_id TEXT PRIMARY KEY,
    -- Milliseconds since the Unix epoch, as all times here.
    erased_at INTEGER NOT NULL,
    -- When the tick looks at the user's orders next; NULL once each of them is erased, or kept for a time.
    next_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX erased_users_due ON erased_users (next_at) WHERE next_at IS NOT NULL;

-- From when the time counts for which an order of an erased user keeps its address; 0 if it has no reason to keep it. NULL while it is open, and for
-- all other users.
ALTER TABLE orders ADD COLUMN erase_from INTEGER;
-- When the name and the address were removed.
ALTER TABLE orders ADD COLUMN erased_at INTEGER;
CREATE INDEX orders_to_erase ON orders (erase_from) WHERE erase_from IS NOT NULL AND erased_at IS NULL;

-- Payments has decided: nothing needs the means of payment any more. A trigger, so that it is gone in the transaction of the decision, with no
-- statement of its own (docs/adr/0041).
CREATE INDEX outbox_payment_requests ON outbox (subject) WHERE type = 'PaymentRequested';

CREATE TRIGGER orders_remove_payment_token AFTER UPDATE OF authorized_at, returned_at ON orders
WHEN old.authorized_at IS NULL AND old.returned_at IS NULL AND (new.authorized_at IS NOT NULL OR new.returned_at IS NOT NULL)
BEGIN
    UPDATE outbox SET data = json_set(data, '$.payment_token', '')
    WHERE type = 'PaymentRequested' AND subject = new.id AND json_valid(data);
END;

UPDATE outbox SET data = json_set(data, '$.payment_token', '')
WHERE type = 'PaymentRequested' AND json_valid(data)
    AND EXISTS (SELECT 1 FROM orders WHERE orders.id = outbox.subject AND (authorized_at IS NOT NULL OR returned_at IS NOT NULL));

-- An event that is done is only kept so that a duplicate is recognised.
UPDATE inbox SET data = '{}', failures = '[]' WHERE state IN ('done', 'discarded');
