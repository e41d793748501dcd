-- An order is written together with the entries that its timeline gets: one statement instead of two, each of which is a call of the host. The column has
-- them, a JSON array of {at, kind, detail}, for as long as that statement runs, and is NULL otherwise.
ALTER TABLE orders ADD COLUMN entries_to_append TEXT;

CREATE TRIGGER orders_append_first_entries AFTER INSERT ON orders WHEN new.entries_to_append IS NOT NULL BEGIN
    INSERT INTO order_timeline (order_id, position, at, kind, detail)
    SELECT new.id, e.key + 1, e.value ->> 'at', e.value ->> 'kind', e.value ->> 'detail' FROM json_each(new.entries_to_append) AS e;
    UPDATE orders SET entries_to_append = NULL WHERE id = new.id;
END;

CREATE TRIGGER orders_append_entries AFTER UPDATE OF entries_to_append ON orders WHEN new.entries_to_append IS NOT NULL BEGIN
    INSERT INTO order_timeline (order_id, position, at, kind, detail)
    SELECT new.id, e.key + 1 + (SELECT coalesce(max(position), 0) FROM order_timeline WHERE order_id = new.id),
        e.value ->> 'at', e.value ->> 'kind', e.value ->> 'detail'
    FROM json_each(new.entries_to_append) AS e;
    UPDATE orders SET entries_to_append = NULL WHERE id = new.id;
END;
