-- All that the policy looks at, and who these two are. Both may be missing: then the row says so.
-- read one assist_facts_of (staff_id int, staff_session_id int, customer_id int, right_key text) -> open_sessions int,
--      customer_active int?, locked_until_us int?, customer_website int?, customer_view int?, group_id int?,
--      firstname text?, lastname text?, email text?, granted int?, until_us int?,
--      staff_active int?, username text?, staff_firstname text?, staff_lastname text?, locale text?, scope int?, has_right int,
--      session_ended_us int?, staff_seen_us int?
SELECT (SELECT count(*) FROM assist_session a WHERE a.staff_id = u.id AND a.ended_us IS NULL),
  c.active, c.locked_until_us, c.website_id, c.view_id, c.group_id, c.firstname, c.lastname, c.email, n.granted, n.until_us,
  u.active, u.username, u.firstname, u.lastname, u.locale, r.scope,
  CASE WHEN r.all_resources = 1 OR x.role_id IS NOT NULL THEN 1 ELSE 0 END,
  s.ended_us, s.seen_us
  FROM (SELECT 1 AS one) f
  LEFT JOIN customer c ON c.id = :customer_id
  LEFT JOIN assist_consent n ON n.id = c.consent_id
  LEFT JOIN staff_user u ON u.id = :staff_id
  LEFT JOIN staff_role r ON r.id = u.role_id
  LEFT JOIN staff_role_resource x ON x.role_id = r.id AND x.resource = :right_key
  LEFT JOIN staff_session s ON s.id = :staff_session_id AND s.staff_id = u.id;

-- read one assist_consent_standing (customer_id int) -> granted bool, until_us int?, at_us int, by_staff_id int?, by_name text, source text, ip text
SELECT n.granted, n.until_us, n.at_us, n.by_staff_id, n.by_name, n.source, n.ip
  FROM customer c JOIN assist_consent n ON n.id = c.consent_id WHERE c.id = :customer_id;

-- read rows assist_consent_rows (customer_id int) -> granted bool, until_us int?, at_us int, by_staff_id int?, by_name text, source text, ip text
SELECT granted, until_us, at_us, by_staff_id, by_name, source, ip
  FROM assist_consent WHERE customer_id = :customer_id ORDER BY id DESC LIMIT 200;

-- write one assist_consent_insert (customer_id int, granted bool, until_us int?, at_us int, by_staff_id int?, by_name text, source text, ip text, view_id int?) -> id int
INSERT INTO assist_consent (customer_id, granted, until_us, at_us, by_staff_id, by_name, source, ip, view_id)
VALUES (:customer_id, :granted, :until_us, :at_us, :by_staff_id, :by_name, :source, :ip, :view_id) RETURNING id;

-- It counts as a change of the customer: a form of the Admin that was made before it must not undo it unseen.
-- write exec assist_consent_point (customer_id int, consent_id int, now_us int)
UPDATE customer SET consent_id = :consent_id, updated_us = :now_us WHERE id = :customer_id;

-- write exec assist_secret_insert (token_hash blob, staff_id int, staff_session_id int, customer_id int, view_id int, origin_kind text, origin_id int, origin_label text, origin_path text, now_us int, expires_us int)
INSERT INTO assist_secret (token_hash, staff_id, staff_session_id, customer_id, view_id, origin_kind, origin_id, origin_label,
  origin_path, created_us, expires_us, spent_us)
VALUES (:token_hash, :staff_id, :staff_session_id, :customer_id, :view_id, :origin_kind, :origin_id, :origin_label,
  :origin_path, :now_us, :expires_us, NULL);

-- write one assist_secret_take (token_hash blob, now_us int) -> staff_id int, staff_session_id int, customer_id int, view_id int, origin_kind text, origin_id int, origin_label text, origin_path text
UPDATE assist_secret SET spent_us = :now_us
 WHERE token_hash = :token_hash AND spent_us IS NULL AND expires_us > :now_us
RETURNING staff_id, staff_session_id, customer_id, view_id, origin_kind, origin_id, origin_label, origin_path;

-- write one assist_session_insert (public_id text, token_hash blob, staff_id int, staff_session_id int, staff_name text, customer_id int, customer_name text, customer_email text, website_id int, view_id int, origin_kind text, origin_id int, origin_label text, origin_path text, now_us int, ends_us int, search_fold text, ip text) -> id int
INSERT INTO assist_session (public_id, token_hash, staff_id, staff_session_id, staff_name, customer_id, customer_name,
  customer_email, website_id, view_id, origin_kind, origin_id, origin_label, origin_path, started_us, seen_us, ends_us, ended_us,
  end_cause, changes, search_fold, ip)
VALUES (:public_id, :token_hash, :staff_id, :staff_session_id, :staff_name, :customer_id, :customer_name,
  :customer_email, :website_id, :view_id, :origin_kind, :origin_id, :origin_label, :origin_path, :now_us, :now_us, :ends_us, NULL,
  NULL, 0, :search_fold, :ip) RETURNING id;

-- With all that the policy looks at; every page of an assisted session asks this first.
-- read one assist_session_by_public (public_id text, right_key text) -> id int, public_id text, staff_id int, staff_session_id int,
--      staff_name text, customer_id int, customer_name text, customer_email text, website_id int, view_id int, origin_kind text,
--      origin_id int, origin_label text, origin_path text, started_us int, seen_us int, ends_us int, ended_us int?, end_cause text?,
--      changes int, token_hash blob,
--      customer_active int?, locked_until_us int?, customer_website int?, customer_view int?, group_id int?,
--      firstname text?, lastname text?, email text?, granted int?, until_us int?,
--      staff_active int?, username text?, staff_firstname text?, staff_lastname text?, locale text?, scope int?, has_right int,
--      session_ended_us int?, staff_seen_us int?
SELECT a.id, a.public_id, a.staff_id, a.staff_session_id, a.staff_name, a.customer_id, a.customer_name, a.customer_email,
  a.website_id, a.view_id, a.origin_kind, a.origin_id, a.origin_label, a.origin_path, a.started_us, a.seen_us, a.ends_us,
  a.ended_us, a.end_cause, a.changes, a.token_hash,
  c.active, c.locked_until_us, c.website_id, c.view_id, c.group_id, c.firstname, c.lastname, c.email, n.granted, n.until_us,
  u.active, u.username, u.firstname, u.lastname, u.locale, r.scope,
  CASE WHEN r.all_resources = 1 OR x.role_id IS NOT NULL THEN 1 ELSE 0 END,
  s.ended_us, s.seen_us
  FROM assist_session a
  LEFT JOIN customer c ON c.id = a.customer_id
  LEFT JOIN assist_consent n ON n.id = c.consent_id
  LEFT JOIN staff_user u ON u.id = a.staff_id
  LEFT JOIN staff_role r ON r.id = u.role_id
  LEFT JOIN staff_role_resource x ON x.role_id = r.id AND x.resource = :right_key
  LEFT JOIN staff_session s ON s.id = a.staff_session_id AND s.staff_id = a.staff_id
 WHERE a.public_id = :public_id;

-- read one assist_session_by_id (id int) -> id int, public_id text, staff_id int, staff_session_id int, staff_name text, customer_id int, customer_name text, customer_email text, website_id int, view_id int, origin_kind text, origin_id int, origin_label text, origin_path text, started_us int, seen_us int, ends_us int, ended_us int?, end_cause text?, changes int
SELECT id, public_id, staff_id, staff_session_id, staff_name, customer_id, customer_name, customer_email, website_id, view_id,
  origin_kind, origin_id, origin_label, origin_path, started_us, seen_us, ends_us, ended_us, end_cause, changes
  FROM assist_session WHERE id = :id;

-- Running sessions behind a place in the order of their latest ends, each with all that the policy looks at: NULL where the customer,
-- the staff user or the staff session is gone.
-- read rows assist_session_running (after_us int, after_id int, right_key text) -> id int, view_id int, seen_us int, ends_us int,
--      customer_active int?, locked_until_us int?, customer_website int?, granted int?, until_us int?,
--      staff_active int?, scope int?, has_right int, session_ended_us int?, staff_seen_us int?
SELECT a.id, a.view_id, a.seen_us, a.ends_us, c.active, c.locked_until_us, c.website_id, n.granted, n.until_us, u.active, r.scope,
  CASE WHEN r.all_resources = 1 OR x.role_id IS NOT NULL THEN 1 ELSE 0 END,
  s.ended_us, s.seen_us
  FROM assist_session a
  LEFT JOIN customer c ON c.id = a.customer_id
  LEFT JOIN assist_consent n ON n.id = c.consent_id
  LEFT JOIN staff_user u ON u.id = a.staff_id
  LEFT JOIN staff_role r ON r.id = u.role_id
  LEFT JOIN staff_role_resource x ON x.role_id = r.id AND x.resource = :right_key
  LEFT JOIN staff_session s ON s.id = a.staff_session_id AND s.staff_id = a.staff_id
 WHERE a.ended_us IS NULL AND (a.ends_us, a.id) > (:after_us, :after_id)
 ORDER BY a.ends_us, a.id LIMIT 256;

-- write exec assist_session_set_ended (id int, cause text, now_us int)
UPDATE assist_session SET ended_us = :now_us, end_cause = :cause WHERE id = :id AND ended_us IS NULL;

-- write exec assist_session_set_seen (id int, now_us int)
UPDATE assist_session SET seen_us = :now_us WHERE id = :id AND ended_us IS NULL;

-- The end itself is no change.
-- write exec assist_session_add_change (id int)
UPDATE assist_session SET changes = changes + 1 WHERE id = :id AND ended_us IS NULL;
