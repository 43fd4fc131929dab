-- The shop: websites and store views, customers, catalogue, carts, mail.

-- A website is the widest border: prices, customers (unless shared) and staff rights stop at it. Ids stay under 63, because
-- a role's websites are one bit set (see @scope in docs/tables.md).
CREATE TABLE website (
  id @id,
  code @text NOT NULL UNIQUE,
  name @text NOT NULL,
  position @int NOT NULL,
  CHECK (id < 63)
);
CREATE TABLE store (
  id @id,
  website_id @int NOT NULL REFERENCES website(id),
  code @text NOT NULL UNIQUE,
  name @text NOT NULL,
  position @int NOT NULL
);
CREATE INDEX store_website ON store(website_id);
-- path is '' for the one default view, else the first part of its addresses ("nl" for /nl/…).
CREATE TABLE store_view (
  id @id,
  store_id @int NOT NULL REFERENCES store(id),
  code @text NOT NULL UNIQUE,
  path @text NOT NULL UNIQUE,
  name @text NOT NULL,
  locale @text NOT NULL,
  active @bool NOT NULL,
  position @int NOT NULL
);
CREATE INDEX store_view_store ON store_view(store_id);

-- A value that was saved for a setting; scope 0 default, 1 website, 2 store view. No row: inherited.
CREATE TABLE setting_value (
  scope @int NOT NULL CHECK (scope IN (0, 1, 2)),
  scope_id @int NOT NULL,
  path @text NOT NULL,
  value @text NOT NULL,
  PRIMARY KEY (scope, scope_id, path)
);

CREATE TABLE customer_group (
  id @id,
  name @text NOT NULL UNIQUE
);

CREATE TABLE customer (
  id @id,
  website_id @int NOT NULL REFERENCES website(id),
  view_id @int NOT NULL REFERENCES store_view(id),  -- where the account was made
  group_id @int NOT NULL REFERENCES customer_group(id),
  email @text NOT NULL,
  email_fold @text NOT NULL,
  firstname @text NOT NULL,
  lastname @text NOT NULL,
  search_fold @text NOT NULL,                       -- name, e-mail, telephone and postcodes, folded: for the grid's search
  telephone @text NOT NULL,
  password_hash @text,                              -- NULL: none set yet (made by staff)
  active @bool NOT NULL,
  failed_logins @int NOT NULL,
  locked_until_us @time,
  created_us @time NOT NULL,
  updated_us @time NOT NULL,
  last_login_us @time,                              -- the customer's own; an assisted session never touches it
  default_billing_id @int,
  default_shipping_id @int,
  consent_id @int                                   -- the row of assist_consent that stands; NULL: never asked
);
CREATE UNIQUE INDEX customer_email ON customer(email_fold, website_id);
CREATE INDEX customer_website ON customer(website_id, id);
CREATE INDEX customer_lastname ON customer(lastname, id);
CREATE INDEX customer_created ON customer(created_us, id);
CREATE INDEX customer_group_ix ON customer(group_id, id);

CREATE TABLE address (
  id @id,
  customer_id @int NOT NULL REFERENCES customer(id) ON DELETE CASCADE,
  firstname @text NOT NULL,
  lastname @text NOT NULL,
  company @text NOT NULL,
  street1 @text NOT NULL,
  street2 @text NOT NULL,
  postcode @text NOT NULL,
  city @text NOT NULL,
  region @text NOT NULL,
  country @text NOT NULL,                           -- ISO 3166-1 alpha-2
  telephone @text NOT NULL
);
CREATE INDEX address_customer ON address(customer_id, id);

-- Only the hash of what was mailed.
CREATE TABLE password_reset (
  token_hash @blob NOT NULL PRIMARY KEY,
  customer_id @int NOT NULL REFERENCES customer(id) ON DELETE CASCADE,
  created_us @time NOT NULL,
  expires_us @time NOT NULL,
  used_us @time
);
CREATE INDEX password_reset_customer ON password_reset(customer_id);

-- A visitor of one website: a guest with a cart, or a signed-in customer. Only the hash of the cookie is kept.
CREATE TABLE shop_session (
  id @id,
  token_hash @blob NOT NULL UNIQUE,
  website_id @int NOT NULL REFERENCES website(id),
  customer_id @int REFERENCES customer(id) ON DELETE CASCADE,
  created_us @time NOT NULL,
  seen_us @time NOT NULL,
  ip @text NOT NULL
);
CREATE INDEX shop_session_customer ON shop_session(customer_id);
CREATE INDEX shop_session_seen ON shop_session(seen_us);

CREATE TABLE category (
  id @id,
  parent_id @int REFERENCES category(id),
  website_id @int NOT NULL REFERENCES website(id),
  url_key @text NOT NULL,
  position @int NOT NULL,
  active @bool NOT NULL
);
CREATE UNIQUE INDEX category_key ON category(url_key, website_id);
CREATE INDEX category_website ON category(website_id, position);
-- Texts by language of the store view; 'en' is there for every category and product.
CREATE TABLE category_text (
  category_id @int NOT NULL REFERENCES category(id) ON DELETE CASCADE,
  lang @text NOT NULL,
  name @text NOT NULL,
  description @text NOT NULL,
  PRIMARY KEY (category_id, lang)
);

CREATE TABLE product (
  id @id,
  sku @text NOT NULL UNIQUE,
  url_key @text NOT NULL UNIQUE,
  price_minor @money NOT NULL CHECK (price_minor >= 0),
  stock @int NOT NULL,
  active @bool NOT NULL,
  picture @text NOT NULL,                           -- SVG, drawn by the program
  created_us @time NOT NULL
);
CREATE TABLE product_text (
  product_id @int NOT NULL REFERENCES product(id) ON DELETE CASCADE,
  lang @text NOT NULL,
  name @text NOT NULL,
  summary @text NOT NULL,
  description @text NOT NULL,
  search_fold @text NOT NULL,
  PRIMARY KEY (product_id, lang)
);
CREATE TABLE product_website (
  product_id @int NOT NULL REFERENCES product(id) ON DELETE CASCADE,
  website_id @int NOT NULL REFERENCES website(id),
  PRIMARY KEY (product_id, website_id)
);
CREATE INDEX product_website_ix ON product_website(website_id, product_id);
CREATE TABLE product_category (
  category_id @int NOT NULL REFERENCES category(id) ON DELETE CASCADE,
  product_id @int NOT NULL REFERENCES product(id) ON DELETE CASCADE,
  position @int NOT NULL,
  PRIMARY KEY (category_id, product_id)
);
CREATE INDEX product_category_product ON product_category(product_id);
CREATE TABLE product_group_price (
  product_id @int NOT NULL REFERENCES product(id) ON DELETE CASCADE,
  group_id @int NOT NULL REFERENCES customer_group(id),
  price_minor @money NOT NULL CHECK (price_minor >= 0),
  PRIMARY KEY (product_id, group_id)
);

-- One cart per customer and website, or per guest session. Prices are asked when shown: a cart keeps no price.
CREATE TABLE cart (
  id @id,
  website_id @int NOT NULL REFERENCES website(id),
  customer_id @int REFERENCES customer(id) ON DELETE CASCADE,
  session_id @int REFERENCES shop_session(id) ON DELETE CASCADE,
  updated_us @time NOT NULL,
  CHECK ((customer_id IS NULL) <> (session_id IS NULL))
);
CREATE UNIQUE INDEX cart_customer ON cart(customer_id, website_id);
CREATE UNIQUE INDEX cart_session ON cart(session_id);
CREATE TABLE cart_item (
  id @id,
  cart_id @int NOT NULL REFERENCES cart(id) ON DELETE CASCADE,
  product_id @int NOT NULL REFERENCES product(id),
  qty @int NOT NULL CHECK (qty BETWEEN 1 AND 9999),
  added_us @time NOT NULL
);
CREATE UNIQUE INDEX cart_item_product ON cart_item(cart_id, product_id);

-- Mail is written in the transaction of what it tells of, and sent by a job.
CREATE TABLE mail (
  id @id,
  kind @text NOT NULL,
  to_name @text NOT NULL,
  to_email @text NOT NULL,
  subject @text NOT NULL,
  body @text NOT NULL,
  customer_id @int,
  created_us @time NOT NULL,
  next_try_us @time NOT NULL,
  tries @int NOT NULL,
  sent_us @time,
  failure @text
);
CREATE INDEX mail_due ON mail(sent_us, next_try_us);
