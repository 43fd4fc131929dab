-- An assisted session for the log; of customers of other websites it is not found.
-- read one assistance_log_session (id int) -> id int, staff_id int, staff_name text, customer_id int, customer_name text, customer_email text, website_id int, view_id int, origin_label text, origin_path text, started_us int, seen_us int, ends_us int, ended_us int?, end_cause text?, changes int, ip text
SELECT id, staff_id, staff_name, customer_id, customer_name, customer_email, website_id, view_id, origin_label, origin_path,
  started_us, seen_us, ends_us, ended_us, end_cause, changes, ip
  FROM assist_session
 WHERE id = :id AND ((CAST(@scope AS BIGINT) >> CAST(website_id AS INTEGER)) & 1) = 1;

-- What was done in it, oldest first.
-- read rows assistance_log_actions (session_id int) -> id int, at_us int, action text, full_action text, result text, reason text, details text
SELECT id, at_us, action, full_action, result, reason, details
  FROM audit_entry WHERE session_id = :session_id ORDER BY id LIMIT 500;
