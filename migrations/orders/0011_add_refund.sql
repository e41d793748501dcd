-- The request for a refund that cancelled the order, so that its repetition is recognised.
ALTER TABLE orders ADD COLUMN refund_id TEXT;
