-- The calls of providers without a result: their number is bounded (components/notifications/src/store/calls.rs).
CREATE INDEX provider_calls_in_progress ON provider_calls (began_at) WHERE ended_at IS NULL;
