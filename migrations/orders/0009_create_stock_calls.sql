-- The calls to the catalog that change no phase of their order, such as the one that ships its stock. A row is written in the transaction of the
-- event that needs the call, and deleted once the catalog has confirmed it.
CREATE TABLE stock_calls (
    order_id TEXT PRIMARY KEY,
    call TEXT NOT NULL CHECK (call IN ('commit', 'ship'))
) STRICT, WITHOUT ROWID;

-- Until now the catalog took the stock out of `on_hand` when the order was paid. Committing it once more puts it back until it is shipped.
INSERT INTO stock_calls (order_id, call) SELECT id, 'commit' FROM orders WHERE status = 'paid';
