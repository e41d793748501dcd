-- The texts of a product as the text index has them, where its tokenizer alone would miss spellings of a word or parts of a run without spaces
-- (components/catalog/src/folding.rs); null where it would not. The index has coalesce(folded_name, name) and coalesce(folded_description, description):
-- FTS5's own commands that compare it with, or rebuild it from, `products` do not apply.
ALTER TABLE products ADD COLUMN folded_name TEXT;
ALTER TABLE products ADD COLUMN folded_description TEXT;
-- The version in which a release that folds wrote the texts.
ALTER TABLE products ADD COLUMN folded_version INTEGER;

-- The products whose texts were written by a release that does not fold. The tick folds them, some at a time. ASCII needs no folding.
CREATE TABLE products_to_fold (number INTEGER PRIMARY KEY) STRICT;

INSERT INTO products_to_fold (number)
SELECT number FROM products
WHERE length(name) <> length(CAST(name AS BLOB)) OR length(description) <> length(CAST(description AS BLOB));

-- During the rollout of this release, instances of the one before write texts: those are folded on the tick as well.
CREATE TRIGGER products_fold_created AFTER INSERT ON products WHEN coalesce(new.folded_version, 0) <> new.version BEGIN
    INSERT OR IGNORE INTO products_to_fold (number) VALUES (new.number);
END;

CREATE TRIGGER products_fold_changed AFTER UPDATE OF name, description ON products
WHEN coalesce(new.folded_version, 0) <> new.version AND (old.name <> new.name OR old.description <> new.description) BEGIN
    INSERT OR IGNORE INTO products_to_fold (number) VALUES (new.number);
END;

DROP TRIGGER products_index_text;
DROP TRIGGER products_reindex_text;

CREATE TRIGGER products_index_text AFTER INSERT ON products WHEN new.status = 'active' BEGIN
    INSERT INTO products_fts (rowid, name, sku, description, category)
    VALUES (new.number, coalesce(new.folded_name, new.name), new.sku, coalesce(new.folded_description, new.description), new.category);
END;

-- FTS5 removes a row from an external index only if it is given the text that the index has of it.
CREATE TRIGGER products_reindex_text
AFTER UPDATE OF name, sku, description, category, status, folded_name, folded_description ON products
WHEN coalesce(old.folded_name, old.name) <> coalesce(new.folded_name, new.name) OR old.sku <> new.sku
    OR coalesce(old.folded_description, old.description) <> coalesce(new.folded_description, new.description)
    OR old.category <> new.category OR old.status <> new.status
BEGIN
    INSERT INTO products_fts (products_fts, rowid, name, sku, description, category)
    SELECT 'delete', old.number, coalesce(old.folded_name, old.name), old.sku, coalesce(old.folded_description, old.description),
        old.category
    WHERE old.status = 'active';
    INSERT INTO products_fts (rowid, name, sku, description, category)
    SELECT new.number, coalesce(new.folded_name, new.name), new.sku, coalesce(new.folded_description, new.description), new.category
    WHERE new.status = 'active';
END;
