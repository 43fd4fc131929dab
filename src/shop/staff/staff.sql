-- Signing in to the Admin, and its first page.

-- read one staff_for_sign_in (username_fold text) -> id int, username text, firstname text, lastname text, password_hash text,
--      active bool, failed_logins int, locked_until_us int?
SELECT id, username, firstname, lastname, password_hash, active, failed_logins, locked_until_us
  FROM staff_user WHERE username_fold = :username_fold;

-- write exec staff_count_failure (id int, failed_logins int, locked_until_us int?)
UPDATE staff_user SET failed_logins = :failed_logins, locked_until_us = :locked_until_us WHERE id = :id;

-- write exec staff_signed_in (id int, now_us int)
UPDATE staff_user SET failed_logins = 0, locked_until_us = NULL, last_login_us = :now_us WHERE id = :id;

-- read one staff_home (id int) -> role_name text, last_login_us int?
SELECT r.name, u.last_login_us FROM staff_user u JOIN staff_role r ON r.id = u.role_id WHERE u.id = :id;

-- The newest assisted sessions of all websites: the page shows those that the reader may see.
-- read rows staff_newest_sessions () -> id int, website_id int, customer_name text, staff_name text, started_us int,
--      ended_us int?, ends_us int, changes int
SELECT id, website_id, customer_name, staff_name, started_us, ended_us, ends_us, changes FROM assist_session
 ORDER BY id DESC LIMIT 60;
