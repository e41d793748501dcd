-- What the provider was asked, each call written down before it is made. One without an end is under way until its lease is over; after
-- that nobody knows what came of it, and it is made again under the same idempotency key. The payer's token is not here.
CREATE TABLE provider_calls (
    payment_id TEXT NOT NULL REFERENCES payments (id),
    -- 1, 2, 3, ... for each payment.
    number INTEGER NOT NULL,
    operation TEXT NOT NULL CHECK (operation IN ('authorize', 'capture', 'void', 'refund')),
    -- How often this operation of the payment was asked for.
    attempt INTEGER NOT NULL,
    -- Milliseconds since the Unix epoch, as all times here.
    began_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    ended_at INTEGER,
    -- What the provider said: authorized, pending, done, declined, retryable, permanent or other, and in which words.
    outcome TEXT,
    detail TEXT,
    PRIMARY KEY (payment_id, number)
) STRICT, WITHOUT ROWID;
