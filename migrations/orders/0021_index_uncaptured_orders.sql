-- The paid orders whose payment is not captured yet: how many there are, and since when the oldest waits. Those that wait to be shipped are paid as well,
-- and can be many.
CREATE INDEX orders_to_capture ON orders (updated_at) WHERE status = 'paid' AND captured_at IS NULL;
