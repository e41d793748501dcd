-- The order that a notification is about, if it is about one: from the event that triggered it. Notifications from before have none.
ALTER TABLE notifications ADD COLUMN order_id TEXT;

CREATE INDEX notifications_by_order ON notifications (order_id, id) WHERE order_id IS NOT NULL;
