-- read one gate_alive () -> id int
SELECT id FROM website ORDER BY id LIMIT 1;

-- With the customer who is signed in; every page asks this first.
-- read one gate_shop_session (token_hash blob, website_id int) -> id int, seen_us int, customer_id int?, firstname text?, lastname text?, email text?, customer_website int?, group_id int?, active int?
SELECT s.id, s.seen_us, s.customer_id, c.firstname, c.lastname, c.email, c.website_id, c.group_id, c.active
  FROM shop_session s LEFT JOIN customer c ON c.id = s.customer_id
 WHERE s.token_hash = :token_hash AND s.website_id = :website_id;

-- write one gate_session_insert (token_hash blob, website_id int, customer_id int?, now_us int, ip text) -> id int
INSERT INTO shop_session (token_hash, website_id, customer_id, created_us, seen_us, ip)
VALUES (:token_hash, :website_id, :customer_id, :now_us, :now_us, :ip) RETURNING id;

-- write exec gate_session_delete (id int)
DELETE FROM shop_session WHERE id = :id;

-- write exec gate_session_delete_of_customer (customer_id int, keep int)
DELETE FROM shop_session WHERE customer_id = :customer_id AND id <> :keep;

-- write exec gate_session_seen (id int, now_us int)
UPDATE shop_session SET seen_us = :now_us WHERE id = :id;

-- read one gate_staff_name (id int) -> username text, firstname text, lastname text
SELECT username, firstname, lastname FROM staff_user WHERE id = :id;
