-- A customer's unpaid orders, and their requests for an order that have no response yet: both are counted when the customer places another one.
CREATE INDEX orders_unpaid_by_user ON orders (user_id) WHERE status = 'pending_payment';
CREATE INDEX idempotency_keys_unanswered_by_user ON idempotency_keys (user_id, operation) WHERE status IS NULL;
