-- read one app_first_seal () -> public_key blob
SELECT public_key FROM audit_seal ORDER BY id LIMIT 1;

-- A page of the record for `audit export`.
-- read rows app_entries (after_id int, up_to int) -> id int, at_us int, action_group text, action text, full_action text, result text, reason text, actor text, staff_id int?, username text, customer_id int?, customer text, session_id int?, website_id int?, view text, origin text, subject_kind text, subject_id text, details text, before_json text, after_json text, ip text, prev_hash blob, hash blob
SELECT id, at_us, action_group, action, full_action, result, reason, actor, staff_id, username,
  customer_id, customer, session_id, website_id, view, origin, subject_kind, subject_id, details, before_json, after_json,
  ip, prev_hash, hash
FROM audit_entry WHERE id > :after_id ORDER BY id LIMIT :up_to;

-- read rows app_users () -> username text, firstname text, lastname text, email text, role text, active bool, locked_until_us int?, last_login_us int?
SELECT u.username, u.firstname, u.lastname, u.email, r.name, u.active, u.locked_until_us, u.last_login_us
  FROM staff_user u JOIN staff_role r ON r.id = u.role_id ORDER BY u.username_fold;

-- read one app_user (username_fold text) -> id int, username text, firstname text, lastname text, active bool, failed_logins int, locked_until_us int?
SELECT id, username, firstname, lastname, active, failed_logins, locked_until_us FROM staff_user
 WHERE username_fold = :username_fold;

-- read one app_role (name text) -> id int
SELECT id FROM staff_role WHERE name = :name;

-- write one app_user_insert (username text, username_fold text, firstname text, lastname text, email text, search_fold text, role_id int, locale text, password_hash text, now_us int) -> id int
INSERT INTO staff_user (username, username_fold, firstname, lastname, email, search_fold, role_id, locale, password_hash, active,
  failed_logins, created_us)
VALUES (:username, :username_fold, :firstname, :lastname, :email, :search_fold, :role_id, :locale, :password_hash, 1, 0, :now_us)
RETURNING id;

-- write exec app_user_set_password (id int, password_hash text)
UPDATE staff_user SET password_hash = :password_hash, failed_logins = 0, locked_until_us = NULL WHERE id = :id;

-- write exec app_user_set_unlocked (id int)
UPDATE staff_user SET failed_logins = 0, locked_until_us = NULL WHERE id = :id;

-- write exec app_user_set_active (id int, active bool)
UPDATE staff_user SET active = :active WHERE id = :id;

-- Others who can still manage users and roles: the last one may not be switched off.
-- read one app_other_administrators (id int) -> n int
SELECT count(*) FROM staff_user u JOIN staff_role r ON r.id = u.role_id
 WHERE u.active = 1 AND u.id <> :id AND r.all_resources = 1;
