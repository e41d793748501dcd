-- The users that were erased: the tick removes what their payments say about the person, and nothing is added to it. The id stays, and names no
-- person.
CREATE TABLE erased_users (
    user_id TEXT PRIMARY KEY,
    -- Milliseconds since the Unix epoch, as all times here.
    erased_at INTEGER NOT NULL,
    -- When nothing was left to be removed; NULL until then.
    cleaned_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX erased_users_to_clean ON erased_users (erased_at) WHERE cleaned_at IS NULL;

-- The events with a reason of the provider.
CREATE INDEX outbox_declines ON outbox (subject) WHERE type = 'PaymentDeclined';

-- Once the provider has decided, or does so later under its own reference, nothing needs the means of payment any more. Triggers, so that it is gone
-- in the transaction of the decision, with no statement of its own (docs/adr/0041).
CREATE INDEX inbox_payment_requests ON inbox (subject) WHERE type = 'PaymentRequested' AND state IN ('pending', 'dead');

CREATE TRIGGER payments_remove_payment_token AFTER UPDATE OF status, provider_reference ON payments
WHEN old.status = 'requested' AND old.provider_reference IS NULL AND (new.status <> 'requested' OR new.provider_reference IS NOT NULL)
BEGIN
    UPDATE inbox SET data = json_set(data, '$.payment_token', '')
    WHERE type = 'PaymentRequested' AND state IN ('pending', 'dead') AND subject = new.order_id AND json_valid(data);
END;

CREATE TRIGGER payments_remove_unused_payment_token AFTER INSERT ON payments WHEN new.status <> 'requested'
BEGIN
    UPDATE inbox SET data = json_set(data, '$.payment_token', '')
    WHERE type = 'PaymentRequested' AND state IN ('pending', 'dead') AND subject = new.order_id AND json_valid(data);
END;

UPDATE inbox SET data = json_set(data, '$.payment_token', '')
WHERE type = 'PaymentRequested' AND state IN ('pending', 'dead') AND json_valid(data)
    AND EXISTS (SELECT 1 FROM payments WHERE order_id = inbox.subject AND (status <> 'requested' OR provider_reference IS NOT NULL));

-- An event that is done is only kept so that a duplicate is recognised.
UPDATE inbox SET data = '{}', failures = '[]' WHERE state IN ('done', 'discarded');
