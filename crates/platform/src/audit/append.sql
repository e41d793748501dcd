-- What a transaction leaves behind at its end is one statement: an insert into this view (crates/platform/src/sql/transaction.rs), with an audit row, and
-- with what crates/events gives triggers of its own. Code of the release before inserts the columns up to `head_mac`.
DROP VIEW audit_append;

CREATE VIEW audit_append AS
SELECT NULL AS seq, NULL AS id, NULL AS at, NULL AS actor, NULL AS action, NULL AS subject, NULL AS request_id, NULL AS source, NULL AS detail,
    NULL AS mac, NULL AS head_mac, NULL AS previous_mac, NULL AS events, NULL AS deliveries;

-- A row that was made for another head than the log has is not written.
CREATE TRIGGER audit_append_to_log INSTEAD OF INSERT ON audit_append
WHEN new.seq = (SELECT seq + 1 FROM audit_head WHERE mac = coalesce(new.previous_mac, mac)) BEGIN
    INSERT INTO audit_log (seq, id, at, actor, action, subject, request_id, source, detail, mac)
    VALUES (new.seq, new.id, new.at, new.actor, new.action, new.subject, new.request_id, new.source, new.detail, new.mac);
    UPDATE audit_head SET seq = new.seq, mac = new.head_mac;
END;

-- SQLite reads the whole schema with each connection. These guarded against mistakes that the trigger above does not make, and that the MACs find.
DROP TRIGGER audit_log_grows_at_its_end;

DROP TRIGGER audit_head_is_one;

DROP TRIGGER audit_head_only_moves_on;

DROP TRIGGER audit_head_is_never_deleted;
