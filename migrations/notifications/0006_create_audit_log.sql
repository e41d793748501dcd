-- The audit log, the same in every service: who did what to what, when and from where. `mac` covers its row and the head to which the
-- row was appended, so that no row can be changed, removed or put in between unnoticed (crates/platform/src/audit.rs).
CREATE TABLE audit_log (
    -- 1, 2, 3, ... without gaps.
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    -- Milliseconds since the Unix epoch.
    at INTEGER NOT NULL,
    actor TEXT,
    action TEXT NOT NULL,
    subject TEXT,
    request_id TEXT NOT NULL,
    source TEXT,
    -- A JSON object.
    detail TEXT NOT NULL,
    mac BLOB NOT NULL
) STRICT;

-- Where the log ends. `mac` covers `seq` and the last row's mac, and takes the key to make, so that a tail cannot be cut unnoticed.
CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL,
    mac BLOB NOT NULL
) STRICT;

INSERT INTO audit_head (id, seq, mac) VALUES (1, 0, x'');

-- Row and head in one statement.
CREATE VIEW audit_append AS
SELECT l.seq, l.id, l.at, l.actor, l.action, l.subject, l.request_id, l.source, l.detail, l.mac, h.mac AS head_mac
FROM audit_log AS l, audit_head AS h;

CREATE TRIGGER audit_append_to_log INSTEAD OF INSERT ON audit_append BEGIN
    INSERT INTO audit_log (seq, id, at, actor, action, subject, request_id, source, detail, mac)
    VALUES (new.seq, new.id, new.at, new.actor, new.action, new.subject, new.request_id, new.source, new.detail, new.mac);
    UPDATE audit_head SET seq = new.seq, mac = new.head_mac WHERE id = 1;
END;

-- The macs find what was done to the log; these keep it from being done by mistake. An insert may not replace a row either.
CREATE TRIGGER audit_log_grows_at_its_end BEFORE INSERT ON audit_log
WHEN new.seq <> coalesce((SELECT seq + 1 FROM audit_head), 0) BEGIN
    SELECT RAISE(ABORT, 'the audit log grows at its end only');
END;

CREATE TRIGGER audit_log_is_never_updated BEFORE UPDATE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'a row of the audit log is never changed');
END;

CREATE TRIGGER audit_log_is_never_deleted BEFORE DELETE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'a row of the audit log is never removed');
END;

CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head BEGIN
    SELECT RAISE(ABORT, 'the audit log has one head');
END;

CREATE TRIGGER audit_head_only_moves_on BEFORE UPDATE ON audit_head
WHEN new.id <> old.id OR new.seq <> old.seq + 1 BEGIN
    SELECT RAISE(ABORT, 'the head of the audit log moves on with each row');
END;

CREATE TRIGGER audit_head_is_never_deleted BEFORE DELETE ON audit_head BEGIN
    SELECT RAISE(ABORT, 'the head of the audit log is never removed');
END;
