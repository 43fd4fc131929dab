-- Outgoing mail. The sender's statements are in jobs.sql.

-- write exec mailbox_insert (kind text, to_name text, to_email text, subject text, body text, customer_id int?, now_us int)
INSERT INTO mail (kind, to_name, to_email, subject, body, customer_id, created_us, next_try_us, tries)
VALUES (:kind, :to_name, :to_email, :subject, :body, :customer_id, :now_us, :now_us, 0);
