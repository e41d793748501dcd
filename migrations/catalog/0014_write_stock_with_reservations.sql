-- A reservation is written together with its lines and the stock of their products: one statement instead of two or three, each of which is a call of the
-- host. The column has the lines for as long as that statement runs, and is NULL otherwise: a JSON array, each line with the stock that its product has from
-- then on. A constraint of `products` refuses negative stock.
ALTER TABLE reservations ADD COLUMN lines_to_write TEXT;

CREATE TRIGGER reservations_reserve_stock AFTER INSERT ON reservations WHEN new.lines_to_write IS NOT NULL BEGIN
    INSERT INTO reservation_lines (order_id, position, product_id, quantity, sku, name, price_amount, currency)
    SELECT new.order_id, e.value ->> 'position', e.value ->> 'product_id', e.value ->> 'quantity', e.value ->> 'sku', e.value ->> 'name',
        e.value ->> 'price_amount', e.value ->> 'currency'
    FROM json_each(new.lines_to_write) AS e;
    UPDATE products SET reserved = l.reserved
    FROM (SELECT e.value ->> 'product_id' AS product_id, e.value ->> 'reserved' AS reserved FROM json_each(new.lines_to_write) AS e) AS l
    WHERE products.id = l.product_id;
    UPDATE reservations SET lines_to_write = NULL WHERE order_id = new.order_id;
END;

CREATE TRIGGER reservations_move_stock AFTER UPDATE OF lines_to_write ON reservations WHEN new.lines_to_write IS NOT NULL BEGIN
    UPDATE products SET on_hand = l.on_hand, reserved = l.reserved, allocated = l.allocated
    FROM (SELECT e.value ->> 'product_id' AS product_id, e.value ->> 'on_hand' AS on_hand, e.value ->> 'reserved' AS reserved,
            e.value ->> 'allocated' AS allocated FROM json_each(new.lines_to_write) AS e) AS l
    WHERE products.id = l.product_id;
    UPDATE reservations SET lines_to_write = NULL WHERE order_id = new.order_id;
END;
