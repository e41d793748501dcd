-- The keys of the pseudonyms in the audit log, a random one for each month (crates/platform/src/audit/pseudonym.rs). Three months after the end of its
-- month a key is deleted: from then on a pseudonym of that month belongs to no address.
CREATE TABLE audit_pseudonym_keys (
    -- 2026-11
    month TEXT PRIMARY KEY,
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT, WITHOUT ROWID;
