-- What the price adjuster took off or put on top: a JSON array, as the items. Orders from before there was one have none.
ALTER TABLE orders ADD COLUMN adjustments TEXT NOT NULL DEFAULT '[]';
