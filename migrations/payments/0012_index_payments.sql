-- Who declined a payment, beside the reason in the words of the provider: its bank or payment service, or the provider, which cannot carry the payment
-- out (components/payments/src/provider.rs).
ALTER TABLE payments ADD COLUMN decline_code TEXT CHECK (decline_code IN ('declined', 'provider_error'));

UPDATE payments
SET decline_code = CASE decline_reason WHEN 'the payment provider cannot carry this out' THEN 'provider_error' ELSE 'declined' END
WHERE status = 'declined';

-- The list of the payments with a status.
CREATE INDEX payments_by_status ON payments (status, id);
