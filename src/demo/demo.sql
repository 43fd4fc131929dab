-- read one demo_counts () -> websites int, staff int, customers int, products int
SELECT (SELECT count(*) FROM website), (SELECT count(*) FROM staff_user), (SELECT count(*) FROM customer),
       (SELECT count(*) FROM product);

-- write one demo_add_website (code text, name text, position int) -> id int
INSERT INTO website (code, name, position) VALUES (:code, :name, :position) RETURNING id;

-- write one demo_add_store (website_id int, code text, name text, position int) -> id int
INSERT INTO store (website_id, code, name, position) VALUES (:website_id, :code, :name, :position) RETURNING id;

-- write one demo_add_view (store_id int, code text, path text, name text, locale text, position int) -> id int
INSERT INTO store_view (store_id, code, path, name, locale, active, position)
VALUES (:store_id, :code, :path, :name, :locale, 1, :position) RETURNING id;

-- write one demo_add_group (name text) -> id int
INSERT INTO customer_group (name) VALUES (:name) RETURNING id;

-- write one demo_add_role (name text, all_resources bool) -> id int
INSERT INTO staff_role (name, all_resources, scope) VALUES (:name, :all_resources, -1) RETURNING id;

-- write exec demo_add_role_resource (role_id int, resource text)
INSERT INTO staff_role_resource (role_id, resource) VALUES (:role_id, :resource);

-- write one demo_add_staff (username text, firstname text, lastname text, email text, search_fold text, role_id int, locale text, password_hash text, created_us int) -> id int
INSERT INTO staff_user (username, username_fold, firstname, lastname, email, search_fold, role_id, locale, password_hash, active,
  failed_logins, created_us)
VALUES (:username, :username, :firstname, :lastname, :email, :search_fold, :role_id, :locale, :password_hash, 1, 0, :created_us)
RETURNING id;

-- write one demo_add_category (parent_id int?, website_id int, url_key text, position int) -> id int
INSERT INTO category (parent_id, website_id, url_key, position, active)
VALUES (:parent_id, :website_id, :url_key, :position, 1) RETURNING id;

-- write exec demo_add_category_text (category_id int, lang text, name text, description text)
INSERT INTO category_text (category_id, lang, name, description) VALUES (:category_id, :lang, :name, :description);

-- write one demo_add_product (sku text, url_key text, price_minor int, stock int, picture text, weight_g int, tax_class text, created_us int) -> id int
INSERT INTO product (sku, url_key, price_minor, stock, active, picture, weight_g, tax_class, created_us)
VALUES (:sku, :url_key, :price_minor, :stock, 1, :picture, :weight_g, :tax_class, :created_us) RETURNING id;

-- write exec demo_add_product_text (product_id int, lang text, name text, summary text, description text, search_fold text)
INSERT INTO product_text (product_id, lang, name, summary, description, search_fold)
VALUES (:product_id, :lang, :name, :summary, :description, :search_fold);

-- write exec demo_add_product_website (product_id int, website_id int)
INSERT INTO product_website (product_id, website_id) VALUES (:product_id, :website_id);

-- write exec demo_add_product_category (category_id int, product_id int, position int)
INSERT INTO product_category (category_id, product_id, position) VALUES (:category_id, :product_id, :position);

-- write exec demo_add_group_price (product_id int, group_id int, price_minor int)
INSERT INTO product_group_price (product_id, group_id, price_minor) VALUES (:product_id, :group_id, :price_minor);

-- ---- customers ----
-- Very many rows, with ids that are known before they are written.

-- write load demo_add_customer (id int, website_id int, view_id int, group_id int, email text, firstname text, lastname text,
--      search_fold text, telephone text, password_hash text, active bool, created_us int, updated_us int, last_login_us int?,
--      billing_id int, shipping_id int, consent_id int?)
INSERT INTO customer (id, website_id, view_id, group_id, email, email_fold, firstname, lastname, search_fold, telephone,
  password_hash, active, failed_logins, created_us, updated_us, last_login_us, default_billing_id, default_shipping_id, consent_id)
VALUES (:id, :website_id, :view_id, :group_id, :email, :email, :firstname, :lastname, :search_fold, :telephone,
  :password_hash, :active, 0, :created_us, :updated_us, :last_login_us, :billing_id, :shipping_id, :consent_id);

-- write load demo_add_address (id int, customer_id int, firstname text, lastname text, company text, street1 text, street2 text, postcode text, city text, region text, country text, telephone text)
INSERT INTO address (id, customer_id, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone)
VALUES (:id, :customer_id, :firstname, :lastname, :company, :street1, :street2, :postcode, :city, :region, :country, :telephone);

-- write load demo_add_consent (id int, customer_id int, granted bool, at_us int, by_staff_id int?, by_name text, source text, ip text, view_id int?)
INSERT INTO assist_consent (id, customer_id, granted, at_us, by_staff_id, by_name, source, ip, view_id)
VALUES (:id, :customer_id, :granted, :at_us, :by_staff_id, :by_name, :source, :ip, :view_id);

-- write load demo_add_cart (id int, website_id int, customer_id int, updated_us int)
INSERT INTO cart (id, website_id, customer_id, updated_us) VALUES (:id, :website_id, :customer_id, :updated_us);

-- write load demo_add_cart_item (cart_id int, product_id int, qty int, added_us int)
INSERT INTO cart_item (cart_id, product_id, qty, added_us) VALUES (:cart_id, :product_id, :qty, :added_us);

-- Customers whose consent stands since before then, those who gave it last first; the three named ones are left alone.
-- read rows demo_consenting (before_us int, n int) -> id int, website_id int, view_id int, view text, firstname text, lastname text, email text, consented_us int
SELECT c.id, c.website_id, c.view_id, v.name, c.firstname, c.lastname, c.email, s.at_us
  FROM customer c JOIN assist_consent s ON s.id = c.consent_id JOIN store_view v ON v.id = c.view_id
 WHERE s.granted = 1 AND s.at_us < :before_us AND c.active = 1 AND c.id NOT IN (SELECT id FROM customer ORDER BY id LIMIT 3)
 ORDER BY s.at_us DESC, c.id DESC LIMIT :n;

-- read rows demo_never_asked (n int) -> id int, website_id int, firstname text, lastname text, email text
SELECT id, website_id, firstname, lastname, email FROM customer
 WHERE consent_id IS NULL AND active = 1 AND id NOT IN (SELECT id FROM customer ORDER BY id LIMIT 3)
 ORDER BY id DESC LIMIT :n;

-- What those of demo_consenting have in their carts, cart by cart.
-- read rows demo_in_carts (before_us int, n int, lang text) -> customer_id int, cart_id int, sku text, product text, qty int
SELECT k.customer_id, k.id, p.sku, t.name, i.qty
  FROM cart k JOIN cart_item i ON i.cart_id = k.id
  JOIN product p ON p.id = i.product_id
  JOIN product_text t ON t.product_id = i.product_id AND t.lang = :lang
 WHERE k.customer_id IN (SELECT c.id FROM customer c JOIN assist_consent s ON s.id = c.consent_id
   WHERE s.granted = 1 AND s.at_us < :before_us AND c.active = 1 AND c.id NOT IN (SELECT id FROM customer ORDER BY id LIMIT 3)
   ORDER BY s.at_us DESC, c.id DESC LIMIT :n)
 ORDER BY k.customer_id, i.id;

-- write one demo_add_session (public_id text, token_hash blob, staff_id int, staff_name text, customer_id int, customer_name text, customer_email text, website_id int, view_id int, origin_kind text, origin_label text, origin_path text, started_us int, ended_us int, end_cause text, changes int, search_fold text, ip text) -> id int
INSERT INTO assist_session (public_id, token_hash, staff_id, staff_session_id, staff_name, customer_id, customer_name,
  customer_email, website_id, view_id, origin_kind, origin_id, origin_label, origin_path, started_us, seen_us, ends_us, ended_us,
  end_cause, changes, search_fold, ip)
VALUES (:public_id, :token_hash, :staff_id, 0, :staff_name, :customer_id, :customer_name, :customer_email, :website_id, :view_id,
  :origin_kind, :customer_id, :origin_label, :origin_path, :started_us, :ended_us, :ended_us, :ended_us, :end_cause, :changes,
  :search_fold, :ip) RETURNING id;
