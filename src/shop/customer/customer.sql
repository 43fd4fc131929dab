-- Customers and their addresses. @self is the customer for whom the request acts, in person or by staff.

-- ---- signing in ----

-- The account behind an e-mail on a website; where accounts are shared, of any website, the own one first.
-- read one customer_for_sign_in (email_fold text, website_id int, shared bool) -> id int, website_id int, email text,
--      firstname text, lastname text, password_hash text?, active bool, failed_logins int, locked_until_us int?
SELECT id, website_id, email, firstname, lastname, password_hash, active, failed_logins, locked_until_us
  FROM customer
 WHERE email_fold = :email_fold AND (website_id = :website_id OR :shared = 1)
 ORDER BY CASE WHEN website_id = :website_id THEN 0 ELSE 1 END, id LIMIT 1;

-- read one customer_by_id (id int) -> id int, website_id int, view_id int, email text, firstname text, lastname text,
--      telephone text, password_hash text?, active bool, failed_logins int, locked_until_us int?
SELECT id, website_id, view_id, email, firstname, lastname, telephone, password_hash, active, failed_logins, locked_until_us
  FROM customer WHERE id = :id;

-- write exec customer_count_failure (id int, failed_logins int, locked_until_us int?)
UPDATE customer SET failed_logins = :failed_logins, locked_until_us = :locked_until_us WHERE id = :id;

-- write exec customer_signed_in (id int, now_us int)
UPDATE customer SET failed_logins = 0, locked_until_us = NULL, last_login_us = :now_us WHERE id = :id;

-- ---- the account ----

-- read one customer_self () -> id int, website_id int, view_id int, email text, firstname text, lastname text, telephone text,
--      password_hash text?, active bool, failed_logins int, locked_until_us int?, default_billing_id int?, default_shipping_id int?
-- watch customer by id=@self
SELECT id, website_id, view_id, email, firstname, lastname, telephone, password_hash, active, failed_logins, locked_until_us,
       default_billing_id, default_shipping_id
  FROM customer WHERE id = @self;

-- write one customer_insert (website_id int, view_id int, email text, email_fold text, firstname text, lastname text,
--       telephone text, search_fold text, password_hash text?, now_us int, last_login_us int?) -> id int
INSERT INTO customer (website_id, view_id, group_id, email, email_fold, firstname, lastname, search_fold, telephone,
                      password_hash, active, failed_logins, created_us, updated_us, last_login_us)
SELECT :website_id, :view_id, min(id), :email, :email_fold, :firstname, :lastname, :search_fold, :telephone, :password_hash, 1, 0,
       :now_us, :now_us, :last_login_us
  FROM customer_group
RETURNING id;

-- How many other accounts have this e-mail where it must be unique.
-- read one customer_email_count (email_fold text, website_id int, shared bool, except_id int) -> n int
SELECT count(*) FROM customer
 WHERE email_fold = :email_fold AND (website_id = :website_id OR :shared = 1) AND id <> :except_id;

-- write exec customer_self_rename (firstname text, lastname text, telephone text, search_fold text, now_us int)
UPDATE customer SET firstname = :firstname, lastname = :lastname, telephone = :telephone, search_fold = :search_fold, updated_us = :now_us
 WHERE id = @self;

-- write exec customer_set_email (id int, email text, email_fold text, now_us int)
UPDATE customer SET email = :email, email_fold = :email_fold, updated_us = :now_us WHERE id = :id;

-- write exec customer_set_password (id int, password_hash text, now_us int)
UPDATE customer SET password_hash = :password_hash, failed_logins = 0, locked_until_us = NULL, updated_us = :now_us WHERE id = :id;

-- read rows customer_postcodes (id int) -> postcode text
SELECT DISTINCT postcode FROM address WHERE customer_id = :id ORDER BY postcode LIMIT 60;

-- write exec customer_set_search (id int, search_fold text)
UPDATE customer SET search_fold = :search_fold WHERE id = :id;

-- ---- a forgotten password ----

-- How many codes were asked for this account lately.
-- read one customer_reset_asked (customer_id int, kind text, since_us int) -> n int
SELECT count(*) FROM mail WHERE customer_id = :customer_id AND kind = :kind AND created_us > :since_us;

-- read one customer_reset_find (token_hash blob, now_us int) -> customer_id int, email text, firstname text, lastname text
SELECT r.customer_id, c.email, c.firstname, c.lastname
  FROM password_reset r JOIN customer c ON c.id = r.customer_id
 WHERE r.token_hash = :token_hash AND r.used_us IS NULL AND r.expires_us > :now_us AND c.active = 1;

-- Spends every code of the customer: one that worked ends the others too.
-- write exec customer_reset_spend (customer_id int, now_us int)
UPDATE password_reset SET used_us = :now_us WHERE customer_id = :customer_id AND used_us IS NULL;

-- ---- addresses ----

-- read rows customer_addresses () -> id int, firstname text, lastname text, company text, street1 text, street2 text,
--      postcode text, city text, region text, country text, telephone text
-- watch address by customer_id=@self
SELECT id, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone
  FROM address WHERE customer_id = @self ORDER BY id;

-- read one customer_address_get (id int) -> id int, firstname text, lastname text, company text, street1 text, street2 text,
--      postcode text, city text, region text, country text, telephone text
SELECT id, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone
  FROM address WHERE id = :id AND customer_id = @self;

-- Of the address that is used where no other one is chosen.
-- read one customer_home_country (customer_id int) -> country text
-- watch customer by id=:customer_id
-- watch address by customer_id=:customer_id
SELECT a.country
  FROM customer c JOIN address a ON a.id = coalesce(c.default_billing_id, c.default_shipping_id) AND a.customer_id = c.id
 WHERE c.id = :customer_id;

-- read one customer_address_count () -> n int
SELECT count(*) FROM address WHERE customer_id = @self;

-- write one customer_address_insert (firstname text, lastname text, company text, street1 text, street2 text, postcode text,
--       city text, region text, country text, telephone text) -> id int
INSERT INTO address (customer_id, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone)
VALUES (@self, :firstname, :lastname, :company, :street1, :street2, :postcode, :city, :region, :country, :telephone)
RETURNING id;

-- write exec customer_address_update (id int, firstname text, lastname text, company text, street1 text, street2 text,
--       postcode text, city text, region text, country text, telephone text)
UPDATE address SET firstname = :firstname, lastname = :lastname, company = :company, street1 = :street1, street2 = :street2,
       postcode = :postcode, city = :city, region = :region, country = :country, telephone = :telephone
 WHERE id = :id AND customer_id = @self;

-- write exec customer_address_drop (id int)
DELETE FROM address WHERE id = :id AND customer_id = @self;

-- write exec customer_set_defaults (billing_id int?, shipping_id int?, now_us int)
UPDATE customer SET default_billing_id = :billing_id, default_shipping_id = :shipping_id, updated_us = :now_us WHERE id = @self;

-- ---- what staff did ----

-- read rows customer_assist_sessions () -> id int, started_us int, ended_us int?, ends_us int, changes int
SELECT id, started_us, ended_us, ends_us, changes FROM assist_session WHERE customer_id = @self ORDER BY id DESC LIMIT 50;

-- What was changed in those sessions, without who did it.
-- read rows customer_assist_actions (first_session int) -> session_id int, at_us int, action text
SELECT session_id, at_us, action FROM audit_entry
 WHERE session_id IN (SELECT id FROM assist_session WHERE customer_id = @self AND id >= :first_session)
   AND customer_id = @self AND actor = 'assisted' AND result = 'success'
 ORDER BY id LIMIT 1000;

-- All of the account that its overview shows but the orders, at once: it is the page that is opened most.
-- read one customer_overview () -> email text, firstname text, lastname text, telephone text, granted int?, until_us int?,
--      billing_id int?, shipping_id int?,
--      billing_firstname text?, billing_lastname text?, billing_company text?, billing_street1 text?, billing_street2 text?,
--      billing_postcode text?, billing_city text?, billing_region text?, billing_country text?, billing_telephone text?,
--      shipping_firstname text?, shipping_lastname text?, shipping_company text?, shipping_street1 text?, shipping_street2
--      text?, shipping_postcode text?, shipping_city text?, shipping_region text?, shipping_country text?, shipping_telephone
--      text?
-- watch customer by id=@self
-- watch assist_consent
-- watch address by customer_id=@self
SELECT c.email, c.firstname, c.lastname, c.telephone, n.granted, n.until_us, b.id, s.id,
       b.firstname, b.lastname, b.company, b.street1, b.street2, b.postcode, b.city, b.region, b.country, b.telephone,
       s.firstname, s.lastname, s.company, s.street1, s.street2, s.postcode, s.city, s.region, s.country, s.telephone
  FROM customer c
  LEFT JOIN assist_consent n ON n.id = c.consent_id
  LEFT JOIN address b ON b.id = c.default_billing_id AND b.customer_id = c.id
  LEFT JOIN address s ON s.id = c.default_shipping_id AND s.customer_id = c.id
 WHERE c.id = @self;

-- The latest orders, for the overview of the account.
-- read rows customer_latest_orders () -> id int, number int, created_us int, total int, currency text, state text
SELECT id, number, created_us, total_minor, currency, state FROM sales_order WHERE customer_id = @self ORDER BY id DESC LIMIT 3;

-- ---- what a guest ordered, who then makes an account or signs in ----

-- The orders of this very visit, the newest first. Whose e-mail stands on them proves nothing: anybody may type it.
-- read rows customer_visit_orders (session_id int, website_id int) -> id int, number int, email text, firstname text, lastname text
SELECT id, number, email, firstname, lastname FROM sales_order
 WHERE shop_session_id = :session_id AND website_id = :website_id AND guest = 1 AND customer_id IS NULL
 ORDER BY id DESC LIMIT 10;

-- write exec customer_order_take (id int, customer_id int, now_us int)
UPDATE sales_order SET customer_id = :customer_id, guest = 0, updated_us = :now_us
 WHERE id = :id AND guest = 1 AND customer_id IS NULL;

-- write exec customer_coupon_take (order_id int, customer_id int)
UPDATE coupon_use SET customer_id = :customer_id WHERE order_id = :order_id;

-- Its address into the address book; the one for the bill only when it is another one.
-- write one customer_address_take (customer_id int, order_id int, role text) -> id int
INSERT INTO address (customer_id, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone)
SELECT :customer_id, a.firstname, a.lastname, a.company, a.street1, a.street2, a.postcode, a.city, a.region, a.country, a.telephone
  FROM sales_address a
 WHERE a.order_id = :order_id AND a.role = :role
   AND NOT EXISTS (SELECT 1 FROM sales_address s
                    WHERE s.order_id = a.order_id AND s.role < a.role AND s.firstname = a.firstname AND s.lastname = a.lastname
                      AND s.company = a.company AND s.street1 = a.street1 AND s.street2 = a.street2 AND s.postcode = a.postcode
                      AND s.city = a.city AND s.region = a.region AND s.country = a.country AND s.telephone = a.telephone)
RETURNING id;

-- write exec customer_defaults_take (customer_id int, billing_id int, shipping_id int, now_us int)
UPDATE customer SET default_billing_id = :billing_id, default_shipping_id = :shipping_id, updated_us = :now_us WHERE id = :customer_id;

-- Addresses, cart, sessions and consents go with it; orders stay and forget whose they were.
-- write exec customer_delete_row ()
DELETE FROM customer WHERE id = @self;
