-- Staff users and roles, as All Users and User Roles change them.

-- read one staff_by_id (id int) -> id int, username text, firstname text, lastname text, email text, role_id int, role_name text,
--      locale text, password_hash text, active bool, failed_logins int, locked_until_us int?, created_us int, last_login_us int?
SELECT u.id, u.username, u.firstname, u.lastname, u.email, u.role_id, r.name, u.locale, u.password_hash, u.active,
       u.failed_logins, u.locked_until_us, u.created_us, u.last_login_us
  FROM staff_user u JOIN staff_role r ON r.id = u.role_id WHERE u.id = :id;

-- read one staff_username_count (username_fold text, except_id int) -> n int
SELECT count(*) FROM staff_user WHERE username_fold = :username_fold AND id <> :except_id;

-- write one staff_insert (username text, username_fold text, firstname text, lastname text, email text, search_fold text,
--       role_id int, locale text, password_hash text, active bool, now_us int) -> id int
INSERT INTO staff_user (username, username_fold, firstname, lastname, email, search_fold, role_id, locale, password_hash, active,
                        failed_logins, created_us)
VALUES (:username, :username_fold, :firstname, :lastname, :email, :search_fold, :role_id, :locale, :password_hash, :active, 0,
        :now_us)
RETURNING id;

-- write exec staff_update (id int, username text, username_fold text, firstname text, lastname text, email text,
--       search_fold text, role_id int, locale text, active bool)
UPDATE staff_user SET username = :username, username_fold = :username_fold, firstname = :firstname, lastname = :lastname,
       email = :email, search_fold = :search_fold, role_id = :role_id, locale = :locale, active = :active
 WHERE id = :id;

-- write exec staff_set_password (id int, password_hash text)
UPDATE staff_user SET password_hash = :password_hash, failed_logins = 0, locked_until_us = NULL WHERE id = :id;

-- write exec staff_unlock (id int)
UPDATE staff_user SET failed_logins = 0, locked_until_us = NULL WHERE id = :id;

-- write exec staff_delete (id int)
DELETE FROM staff_user WHERE id = :id;

-- Active users besides this one whose role includes everything on every website.
-- read one staff_administrators_but (staff_id int, role_id int) -> n int
SELECT count(*) FROM staff_user u JOIN staff_role r ON r.id = u.role_id
 WHERE u.active = 1 AND r.all_resources = 1 AND r.scope = -1 AND u.id <> :staff_id AND u.role_id <> :role_id;

-- ---- roles ----

-- read rows staff_roles () -> id int, name text
SELECT id, name FROM staff_role ORDER BY name;

-- read one staff_role_get (id int) -> id int, name text, all_resources bool, scope int
SELECT id, name, all_resources, scope FROM staff_role WHERE id = :id;

-- read rows staff_role_users (role_id int) -> id int, username text, firstname text, lastname text, active bool
SELECT id, username, firstname, lastname, active FROM staff_user WHERE role_id = :role_id ORDER BY username_fold LIMIT 200;

-- read one staff_role_name_count (name text, except_id int) -> n int
SELECT count(*) FROM staff_role WHERE lower(name) = lower(:name) AND id <> :except_id;

-- write one staff_role_insert (name text, all_resources bool, scope int) -> id int
INSERT INTO staff_role (name, all_resources, scope) VALUES (:name, :all_resources, :scope) RETURNING id;

-- write exec staff_role_update (id int, name text, all_resources bool, scope int)
UPDATE staff_role SET name = :name, all_resources = :all_resources, scope = :scope WHERE id = :id;

-- write exec staff_role_clear (role_id int)
DELETE FROM staff_role_resource WHERE role_id = :role_id;

-- write exec staff_role_give (role_id int, resource text)
INSERT INTO staff_role_resource (role_id, resource) VALUES (:role_id, :resource);

-- write exec staff_role_delete (id int)
DELETE FROM staff_role WHERE id = :id;
