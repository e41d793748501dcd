-- The rows of a person, as actor and as subject, for the export of what is kept about them. A rowid ends every entry, so that rows come in their order.
CREATE INDEX audit_log_by_actor ON audit_log (actor);
CREATE INDEX audit_log_by_subject ON audit_log (subject);
