-- The categories that products name, with how many active products each has. Triggers keep the counts: every statement that writes a
-- product, now or later, counts it in the same transaction and cannot forget to.
CREATE TABLE categories (
    slug TEXT PRIMARY KEY,
    -- Made of the slug: "Garden tools" of garden-tools.
    name TEXT NOT NULL,
    products INTEGER NOT NULL CHECK (products >= 0)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER products_count_in AFTER INSERT ON products WHEN new.status = 'active' BEGIN
    INSERT INTO categories (slug, name, products)
    VALUES (new.category, upper(substr(new.category, 1, 1)) || replace(substr(new.category, 2), '-', ' '), 1)
    ON CONFLICT (slug) DO UPDATE SET products = products + 1;
END;

CREATE TRIGGER products_count_over AFTER UPDATE OF category, status ON products
WHEN old.category <> new.category OR old.status <> new.status BEGIN
    UPDATE categories SET products = products - 1 WHERE slug = old.category AND old.status = 'active';
    INSERT INTO categories (slug, name, products)
    SELECT new.category, upper(substr(new.category, 1, 1)) || replace(substr(new.category, 2), '-', ' '), 1
    WHERE new.status = 'active'
    ON CONFLICT (slug) DO UPDATE SET products = products + 1;
END;
