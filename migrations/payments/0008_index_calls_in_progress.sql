-- The calls of the provider without a result: their number is bounded (components/payments/src/store/calls.rs).
CREATE INDEX provider_calls_in_progress ON provider_calls (lease_until) WHERE ended_at IS NULL;
