-- Customers as staff see them: only those of websites in @scope.

-- read one customer_admin_get (id int) -> id int, website_id int, view_id int, group_id int, group_name text, email text,
--      firstname text, lastname text, telephone text, has_password bool, active bool, failed_logins int, locked_until_us int?,
--      created_us int, updated_us int, last_login_us int?, default_billing_id int?, default_shipping_id int?
SELECT c.id, c.website_id, c.view_id, c.group_id, g.name, c.email, c.firstname, c.lastname, c.telephone,
       CASE WHEN c.password_hash IS NULL THEN 0 ELSE 1 END, c.active, c.failed_logins, c.locked_until_us,
       c.created_us, c.updated_us, c.last_login_us, c.default_billing_id, c.default_shipping_id
  FROM customer c JOIN customer_group g ON g.id = c.group_id
 WHERE c.id = :id AND ((CAST(@scope AS BIGINT) >> CAST(c.website_id AS INTEGER)) & 1) = 1;

-- read rows customer_admin_groups () -> id int, name text
SELECT id, name FROM customer_group ORDER BY id LIMIT 1000;

-- read one customer_admin_group (id int) -> name text
SELECT name FROM customer_group WHERE id = :id;

-- read rows customer_admin_addresses (customer_id int) -> id int, firstname text, lastname text, company text, street1 text,
--      street2 text, postcode text, city text, region text, country text, telephone text
SELECT id, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone
  FROM address WHERE customer_id = :customer_id ORDER BY id LIMIT 200;

-- read one customer_admin_address (customer_id int, id int) -> id int, firstname text, lastname text, company text, street1 text,
--      street2 text, postcode text, city text, region text, country text, telephone text
SELECT id, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone
  FROM address WHERE id = :id AND customer_id = :customer_id;

-- The carts of the customer, one a website, with the prices that the customer pays now.
-- read rows customer_admin_cart (customer_id int, group_id int, lang text) -> website_id int, product_id int, sku text, name text,
--      qty int, price_minor int, sold bool
SELECT k.website_id, i.product_id, p.sku, COALESCE(t.name, e.name), i.qty, COALESCE(g.price_minor, p.price_minor),
       CASE WHEN p.active = 1 AND w.product_id IS NOT NULL AND p.stock > 0 THEN 1 ELSE 0 END
  FROM cart k
  JOIN cart_item i ON i.cart_id = k.id
  JOIN product p ON p.id = i.product_id
  JOIN product_text e ON e.product_id = p.id AND e.lang = 'en'
  LEFT JOIN product_text t ON t.product_id = p.id AND t.lang = :lang
  LEFT JOIN product_group_price g ON g.product_id = p.id AND g.group_id = :group_id
  LEFT JOIN product_website w ON w.product_id = p.id AND w.website_id = k.website_id
 WHERE k.customer_id = :customer_id ORDER BY k.website_id, i.id LIMIT 500;

-- read rows customer_admin_sessions (customer_id int) -> id int, staff_name text, origin_label text, view_id int, started_us int,
--      ends_us int, ended_us int?, end_cause text?, changes int
SELECT id, staff_name, origin_label, view_id, started_us, ends_us, ended_us, end_cause, changes
  FROM assist_session WHERE customer_id = :customer_id ORDER BY id DESC LIMIT 50;

-- write one customer_admin_insert (website_id int, view_id int, group_id int, email text, email_fold text, firstname text,
--       lastname text, search_fold text, telephone text, active bool, now_us int) -> id int
INSERT INTO customer (website_id, view_id, group_id, email, email_fold, firstname, lastname, search_fold, telephone, active,
                      failed_logins, created_us, updated_us)
VALUES (:website_id, :view_id, :group_id, :email, :email_fold, :firstname, :lastname, :search_fold, :telephone, :active, 0,
        :now_us, :now_us)
RETURNING id;

-- Changes nothing when somebody else saved since `version`.
-- write exec customer_admin_update (id int, version int, group_id int, email text, email_fold text, firstname text, lastname text,
--       telephone text, active bool, now_us int)
UPDATE customer SET group_id = :group_id, email = :email, email_fold = :email_fold, firstname = :firstname, lastname = :lastname,
       telephone = :telephone, active = :active, updated_us = :now_us
 WHERE id = :id AND updated_us = :version;

-- write exec customer_admin_delete (id int)
DELETE FROM customer WHERE id = :id;

-- write exec customer_admin_unlock (id int)
UPDATE customer SET failed_logins = 0, locked_until_us = NULL WHERE id = :id;

-- write one customer_admin_address_insert (customer_id int, firstname text, lastname text, company text, street1 text, street2 text,
--       postcode text, city text, region text, country text, telephone text) -> id int
INSERT INTO address (customer_id, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone)
VALUES (:customer_id, :firstname, :lastname, :company, :street1, :street2, :postcode, :city, :region, :country, :telephone)
RETURNING id;

-- write exec customer_admin_address_update (customer_id int, id int, firstname text, lastname text, company text, street1 text,
--       street2 text, postcode text, city text, region text, country text, telephone text)
UPDATE address SET firstname = :firstname, lastname = :lastname, company = :company, street1 = :street1, street2 = :street2,
       postcode = :postcode, city = :city, region = :region, country = :country, telephone = :telephone
 WHERE id = :id AND customer_id = :customer_id;

-- write exec customer_admin_address_drop (customer_id int, id int)
DELETE FROM address WHERE id = :id AND customer_id = :customer_id;

-- write exec customer_admin_set_defaults (id int, billing_id int?, shipping_id int?, now_us int)
UPDATE customer SET default_billing_id = :billing_id, default_shipping_id = :shipping_id, updated_us = :now_us WHERE id = :id;

-- The customer's latest orders, of websites that the role reaches.
-- read rows customer_admin_orders (customer_id int) -> id int, number int, created_us int, total int, currency text, state text
SELECT id, number, created_us, total_minor, currency, state FROM sales_order
 WHERE customer_id = :customer_id AND ((CAST(@scope AS BIGINT) >> CAST(website_id AS INTEGER)) & 1) = 1
 ORDER BY id DESC LIMIT 20;
