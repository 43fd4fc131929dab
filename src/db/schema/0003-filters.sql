-- Indexes for the filters and orders of the grids that had none: (what is asked for, id) gives the newest rows at once, however
-- many there are.

DROP INDEX audit_entry_username;
CREATE INDEX audit_entry_username ON audit_entry(lower(username), id);
CREATE INDEX audit_entry_title ON audit_entry(action, id);
CREATE INDEX audit_entry_actor ON audit_entry(actor, id);
CREATE INDEX audit_entry_view ON audit_entry(view, id);

CREATE INDEX customer_view ON customer(view_id, id);
CREATE INDEX customer_login ON customer(last_login_us, id);
