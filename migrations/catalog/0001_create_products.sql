-- One row per product, for good: an archived one is still what old orders speak of.
CREATE TABLE products (
    -- Counts up as products are created: the order "newest", what ends every sort order, and the row id of the text index.
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sku TEXT NOT NULL,
    -- The SKU in lower case: what is unique.
    sku_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- The name as it is sorted: lower case, without accents.
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    -- Minor units of the currency.
    price_amount INTEGER NOT NULL CHECK (price_amount >= 0),
    currency TEXT NOT NULL,
    category TEXT NOT NULL,
    -- A JSON object; attributes are only ever read and written with their product.
    attributes TEXT NOT NULL,
    -- What lies in the warehouse, and how much of it is promised to orders. The rest can be sold.
    on_hand INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'archived')),
    version INTEGER NOT NULL,
    -- Milliseconds since the Unix epoch.
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK (0 <= reserved AND reserved <= on_hand)
) STRICT;

-- One index for each order in which products are listed, as a whole and within a category; SQLite appends `number` to each. None holds
-- stock, so that a reservation writes to no index.
CREATE INDEX products_by_price ON products (price_amount) WHERE status = 'active';
CREATE INDEX products_by_name ON products (name_key) WHERE status = 'active';
CREATE INDEX products_by_category ON products (category) WHERE status = 'active';
CREATE INDEX products_by_category_and_price ON products (category, price_amount) WHERE status = 'active';
CREATE INDEX products_by_category_and_name ON products (category, name_key) WHERE status = 'active';

CREATE TRIGGER products_are_never_deleted BEFORE DELETE ON products BEGIN
    SELECT RAISE(ABORT, 'a product is archived, not deleted');
END;
