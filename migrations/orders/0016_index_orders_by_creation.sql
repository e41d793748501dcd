-- Lists of orders are sorted by the time of creation, and limited to a range of it.
CREATE INDEX orders_by_creation ON orders (created_at, id);
CREATE INDEX orders_by_user_and_creation ON orders (user_id, created_at, id);
CREATE INDEX orders_by_status_and_creation ON orders (status, created_at, id);

-- The last one replaces it.
DROP INDEX orders_by_status;
