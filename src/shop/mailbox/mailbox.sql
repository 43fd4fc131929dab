-- Outgoing mail. The sender's statements are in jobs.sql.

-- write exec mailbox_insert (kind text, to_name text, to_email text, subject text, body text, customer_id int?, view_id int?, now_us int)
INSERT INTO mail (kind, to_name, to_email, subject, body, customer_id, view_id, created_us, next_try_us, tries)
VALUES (:kind, :to_name, :to_email, :subject, :body, :customer_id, :view_id, :now_us, :now_us, 0);

-- One mail. Those that belong to no customer and no store view are for staff who reach every website.
-- read one mailbox_get (id int) -> id int, kind text, to_name text, to_email text, subject text, body text, customer_id int?,
--      created_us int, next_try_us int, tries int, sent_us int?, failure text?
SELECT m.id, m.kind, m.to_name, m.to_email, m.subject, m.body, m.customer_id, m.created_us, m.next_try_us, m.tries, m.sent_us, m.failure
  FROM mail m LEFT JOIN customer c ON c.id = m.customer_id LEFT JOIN store_view v ON v.id = m.view_id
       LEFT JOIN store s ON s.id = v.store_id
 WHERE m.id = :id AND ((CAST(@scope AS BIGINT) >> CAST(COALESCE(s.website_id, c.website_id, 63) AS INTEGER)) & 1) = 1;
