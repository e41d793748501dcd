-- The archived products, which operators list newest first, as a whole and within a category; SQLite appends `number` to each index.
CREATE INDEX products_archived ON products (status) WHERE status = 'archived';
CREATE INDEX products_archived_by_category ON products (category) WHERE status = 'archived';
