-- Everything of one entry. Those who may not see assisted sessions have `with_assist` 0; entries about customers of other websites are not found.
-- read one report_entry (id int, with_assist int) -> id int, at_us int, action_group text, action text, full_action text, result text, reason text, actor text, staff_id int?, username text, customer_id int?, customer text, session_id int?, website_id int?, view text, origin text, subject_kind text, subject_id text, details text, before_json text, after_json text, ip text, prev_hash blob, hash blob
SELECT id, at_us, action_group, action, full_action, result, reason, actor, staff_id, username, customer_id, customer, session_id,
  website_id, view, origin, subject_kind, subject_id, details, before_json, after_json, ip, prev_hash, hash
  FROM audit_entry
 WHERE id = :id AND (action_group <> 'assist' OR :with_assist = 1)
   AND (website_id IS NULL OR ((CAST(@scope AS BIGINT) >> CAST(website_id AS INTEGER)) & 1) = 1);

-- read one report_staff_name (id int) -> firstname text, lastname text
SELECT firstname, lastname FROM staff_user WHERE id = :id;
