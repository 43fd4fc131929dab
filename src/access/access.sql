-- One row without a resource for a role that has none.
-- read rows access_role_resources (role_id int) -> all_resources bool, resource text?
SELECT r.all_resources, x.resource FROM staff_role r LEFT JOIN staff_role_resource x ON x.role_id = r.id WHERE r.id = :role_id;

-- read one access_session (token_hash blob) -> session_id int, staff_id int, seen_us int, username text, firstname text, lastname text, locale text, role_id int, scope int, all_resources bool
SELECT s.id, u.id, s.seen_us, u.username, u.firstname, u.lastname, u.locale, u.role_id, r.scope, r.all_resources
  FROM staff_session s JOIN staff_user u ON u.id = s.staff_id JOIN staff_role r ON r.id = u.role_id
 WHERE s.token_hash = :token_hash AND s.ended_us IS NULL AND u.active = 1;

-- write exec access_session_insert (token_hash blob, staff_id int, now_us int, ip text)
INSERT INTO staff_session (token_hash, staff_id, created_us, seen_us, ended_us, ip)
VALUES (:token_hash, :staff_id, :now_us, :now_us, NULL, :ip);

-- write exec access_session_set_ended (id int, now_us int)
UPDATE staff_session SET ended_us = :now_us WHERE id = :id AND ended_us IS NULL;

-- write exec access_session_set_all_ended (staff_id int, keep int, now_us int)
UPDATE staff_session SET ended_us = :now_us WHERE staff_id = :staff_id AND id <> :keep AND ended_us IS NULL;

-- write exec access_session_set_seen (id int, now_us int)
UPDATE staff_session SET seen_us = :now_us WHERE id = :id AND ended_us IS NULL;
