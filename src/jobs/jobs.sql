-- What the background work reads and changes.

-- ---- mail ----

-- The mails that are due, with whom they are about as the account stands now.
-- read rows jobs_mail_due (now_us int) -> id int, kind text, to_name text, to_email text, subject text, body text,
--      customer_id int?, created_us int, tries int, view_id int?, customer_email text?, customer_active int?
SELECT m.id, m.kind, m.to_name, m.to_email, m.subject, m.body, m.customer_id, m.created_us, m.tries, COALESCE(m.view_id, c.view_id), c.email, c.active
  FROM mail m LEFT JOIN customer c ON c.id = m.customer_id
 WHERE m.sent_us IS NULL AND m.next_try_us <= :now_us
 ORDER BY m.next_try_us, m.id LIMIT 20;

-- read one jobs_mail (id int) -> kind text, to_name text, to_email text, subject text, customer_id int?, tries int
SELECT kind, to_name, to_email, subject, customer_id, tries FROM mail WHERE id = :id;

-- write exec jobs_mail_set_sent (id int, now_us int)
UPDATE mail SET sent_us = :now_us, tries = tries + 1, failure = NULL WHERE id = :id;

-- write exec jobs_mail_set_failed (id int, next_try_us int, failure text)
UPDATE mail SET next_try_us = :next_try_us, tries = tries + 1, failure = :failure WHERE id = :id;

-- The code of a mail that is being sent. Only when the account may still have it: active, and under the address that the mail goes to.
-- write exec jobs_reset_insert (token_hash blob, customer_id int, to_email text, now_us int, expires_us int)
INSERT INTO password_reset (token_hash, customer_id, created_us, expires_us)
SELECT :token_hash, id, :now_us, :expires_us FROM customer WHERE id = :customer_id AND email = :to_email AND active = 1;

-- ---- clean-up, in batches ----

-- write exec jobs_drop_resets (before_us int)
DELETE FROM password_reset
 WHERE token_hash IN (SELECT token_hash FROM password_reset WHERE expires_us < :before_us ORDER BY expires_us LIMIT 200);

-- write exec jobs_drop_secrets (before_us int)
DELETE FROM assist_secret
 WHERE token_hash IN (SELECT token_hash FROM assist_secret WHERE expires_us < :before_us ORDER BY expires_us LIMIT 200);

-- A guest's cart goes with the session.
-- write exec jobs_drop_sessions (before_us int)
DELETE FROM shop_session WHERE id IN (SELECT id FROM shop_session WHERE seen_us < :before_us ORDER BY seen_us LIMIT 200);

-- ---- payments ----

-- Charges that the provider is to be asked for.
-- read rows jobs_charge_due (now_us int) -> id int, checkout_key text, website_id int, method text, token text, amount int, currency text, tries int
SELECT id, checkout_key, website_id, method, token, amount_minor, currency, tries FROM payment_charge
 WHERE sent_us IS NULL AND next_try_us <= :now_us ORDER BY next_try_us, id LIMIT 20;

-- read one jobs_charge (id int) -> checkout_key text, method text, amount int, currency text, tries int
SELECT checkout_key, method, amount_minor, currency, tries FROM payment_charge WHERE id = :id;

-- write exec jobs_charge_set_sent (id int, now_us int)
UPDATE payment_charge SET sent_us = :now_us, tries = tries + 1 WHERE id = :id;

-- write exec jobs_charge_set_failed (id int, next_try_us int)
UPDATE payment_charge SET next_try_us = :next_try_us, tries = tries + 1 WHERE id = :id;

-- write exec jobs_charge_drop (id int)
DELETE FROM payment_charge WHERE id = :id;

-- The orders of a checkout learn that nothing was taken.
-- write exec jobs_charge_note (checkout_key text, reference text, now_us int)
INSERT INTO sales_payment (order_id, method, reference, event, amount_minor, currency, created_us)
SELECT id, payment_method, :reference, 'failed', total_minor, currency, :now_us FROM sales_order WHERE checkout_key = :checkout_key;

-- Refunds that the provider is to be asked for, or about.
-- read rows jobs_refund_due (now_us int) -> id int, website_id int, method text, payment text, refund_key text, checkout_key text,
--      amount int, currency text, tries int
SELECT r.id, r.website_id, r.method, r.payment, COALESCE(r.refund_key, ''), o.checkout_key, r.amount_minor, r.currency, r.tries
  FROM payment_refund r JOIN sales_order o ON o.id = r.order_id
 WHERE r.state = 'waiting' AND r.next_try_us <= :now_us ORDER BY r.next_try_us, r.id LIMIT 20;

-- read one jobs_refund (id int) -> method text, payment text, amount int, currency text, state text, tries int
SELECT method, payment, amount_minor, currency, state, tries FROM payment_refund WHERE id = :id;

-- write exec jobs_refund_set_asked (id int, next_try_us int)
UPDATE payment_refund SET next_try_us = :next_try_us, tries = tries + 1 WHERE id = :id;

-- Orders that wait for their payment, the oldest first.
-- read rows jobs_unpaid (before_us int) -> id int, website_id int, payment_method text, created_us int
SELECT id, website_id, payment_method, created_us FROM sales_order
 WHERE state = 'pending_payment' AND created_us < :before_us ORDER BY id LIMIT 200;
