-- The orders of a checkout, for those who placed it: the customer, or a guest in the same visit.
-- read rows payment_orders (checkout_key text, session_id int) -> id int, number int, state text, total int, currency text, payment_method text, website_id int, payment_title text
SELECT id, number, state, total_minor, currency, payment_method, website_id, payment_title FROM sales_order
 WHERE checkout_key = :checkout_key
   AND (customer_id = @self OR (guest = 1 AND shop_session_id = :session_id AND :session_id > 0))
 ORDER BY checkout_part;

-- What the provider said last of an order.
-- read one payment_last (order_id int) -> event text
SELECT event FROM sales_payment WHERE order_id = :order_id ORDER BY id DESC LIMIT 1;

-- read one payment_event (method text, reference text, event text) -> order_id int
SELECT order_id FROM sales_payment WHERE method = :method AND reference = :reference AND event = :event ORDER BY id LIMIT 1;

-- write exec payment_event_put (order_id int, method text, reference text, event text, amount int, currency text, now_us int)
INSERT INTO sales_payment (order_id, method, reference, event, amount_minor, currency, created_us)
VALUES (:order_id, :method, :reference, :event, :amount, :currency, :now_us);

-- read one payment_said (order_id int, body text) -> id int
SELECT id FROM sales_comment WHERE order_id = :order_id AND body = :body LIMIT 1;

-- ---- means of payment that the provider keeps ----

-- read rows payment_tokens () -> id int, method text, label text, created_us int
SELECT id, method, label, created_us FROM payment_token WHERE customer_id = @self ORDER BY id;

-- read one payment_token_own (id int) -> id int, method text, token text, label text
SELECT id, method, token, label FROM payment_token WHERE id = :id AND customer_id = @self;

-- write exec payment_token_put (customer_id int, method text, token text, label text, now_us int)
INSERT INTO payment_token (customer_id, method, token, label, created_us) VALUES (:customer_id, :method, :token, :label, :now_us)
ON CONFLICT (customer_id, method, token) DO UPDATE SET label = excluded.label;

-- write exec payment_token_drop (id int)
DELETE FROM payment_token WHERE id = :id;

-- ---- charges ----

-- read one payment_charge_open (checkout_key text) -> id int
SELECT id FROM payment_charge WHERE checkout_key = :checkout_key;

-- write exec payment_charge_put (checkout_key text, website_id int, method text, token text, amount int, currency text, now_us int)
INSERT INTO payment_charge (checkout_key, website_id, method, token, amount_minor, currency, created_us, next_try_us, tries)
VALUES (:checkout_key, :website_id, :method, :token, :amount, :currency, :now_us, :now_us, 0);

-- write exec payment_charge_drop (checkout_key text)
DELETE FROM payment_charge WHERE checkout_key = :checkout_key;

-- ---- refunds ----

-- The payment that an order was settled by: the first that arrived.
-- read one payment_paid_by (order_id int, method text) -> reference text
SELECT reference FROM sales_payment WHERE order_id = :order_id AND method = :method AND event = 'paid' ORDER BY id LIMIT 1;

-- write exec payment_refund_put (order_id int, creditmemo_id int?, website_id int, method text, payment text, refund_key text?,
--      reference text?, amount int, currency text, state text, now_us int, settled_us int?)
INSERT INTO payment_refund (order_id, creditmemo_id, website_id, method, payment, refund_key, reference, amount_minor, currency, state,
                            reason, created_us, next_try_us, tries, settled_us)
VALUES (:order_id, :creditmemo_id, :website_id, :method, :payment, :refund_key, :reference, :amount, :currency, :state,
        '', :now_us, :now_us, 0, :settled_us);

-- read one payment_refund_row (creditmemo_id int) -> id int, amount int, state text, reason text, tries int
SELECT id, amount_minor, state, reason, tries FROM payment_refund WHERE creditmemo_id = :creditmemo_id;

-- read one payment_refund_by_key (refund_key text, method text) -> id int, order_id int, creditmemo_id int, website_id int, amount int,
--      currency text, state text
SELECT id, order_id, creditmemo_id, website_id, amount_minor, currency, state FROM payment_refund
 WHERE refund_key = :refund_key AND method = :method AND creditmemo_id IS NOT NULL;

-- read one payment_refund_known (method text, reference text) -> id int
SELECT id FROM payment_refund WHERE method = :method AND reference = :reference;

-- write exec payment_refund_settle (id int, state text, reference text?, reason text, now_us int)
UPDATE payment_refund SET state = :state, reference = :reference, reason = :reason, settled_us = :now_us WHERE id = :id;

-- Another key: what was refused under the old one stays refused there.
-- write exec payment_refund_reopen (id int, refund_key text, now_us int)
UPDATE payment_refund SET state = 'waiting', refund_key = :refund_key, reference = NULL, reason = '', next_try_us = :now_us, tries = 0,
       settled_us = NULL
 WHERE id = :id AND state = 'refused';
