-- Buying: tax, shipping, coupons, the checkout, orders and the documents that follow them.
-- Amounts are on the order's price basis: with tax in them when prices_include_tax is 1, else without (docs/money.md).

ALTER TABLE product ADD COLUMN weight_g @int NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN tax_class @text NOT NULL DEFAULT 'standard';

-- Basis points: 2100 is 21 %. country '*' holds where the country has no row of its own.
CREATE TABLE tax_rate (
  id @id,
  tax_class @text NOT NULL CHECK (tax_class IN ('standard', 'reduced', 'zero')),
  country @text NOT NULL,
  name @text NOT NULL,
  rate_bp @int NOT NULL CHECK (rate_bp BETWEEN 0 AND 10000)
);
CREATE UNIQUE INDEX tax_rate_place ON tax_rate(country, tax_class);

-- The table of "by weight and country": the row with the greatest weight that is not over the parcel's holds.
CREATE TABLE shipping_rate (
  id @id,
  website_id @int NOT NULL REFERENCES website(id),
  country @text NOT NULL,
  from_weight_g @int NOT NULL CHECK (from_weight_g >= 0),
  price_minor @money NOT NULL CHECK (price_minor >= 0)
);
CREATE UNIQUE INDEX shipping_rate_place ON shipping_rate(website_id, country, from_weight_g);

-- value: basis points of a percentage, or minor units. website_id NULL: on every website.
CREATE TABLE coupon (
  id @id,
  code @text NOT NULL,
  code_fold @text NOT NULL UNIQUE,
  name @text NOT NULL,
  website_id @int REFERENCES website(id),
  kind @text NOT NULL CHECK (kind IN ('percent', 'fixed', 'free_shipping')),
  value @int NOT NULL CHECK (value >= 0),
  minimum_minor @money NOT NULL CHECK (minimum_minor >= 0),
  from_us @time,
  until_us @time,
  uses_max @int,
  uses_per_customer @int,
  uses @int NOT NULL CHECK (uses >= 0),
  active @bool NOT NULL,
  created_us @time NOT NULL
);
CREATE INDEX coupon_website ON coupon(website_id, id);

-- One checkout of a cart. checkout_key makes placing it idempotent: orders keep it, and it is unique there.
CREATE TABLE checkout (
  id @id,
  cart_id @int NOT NULL UNIQUE REFERENCES cart(id) ON DELETE CASCADE,
  checkout_key @text NOT NULL UNIQUE,
  email @text NOT NULL,
  several @bool NOT NULL,                           -- to several addresses
  same_address @bool NOT NULL,                      -- billing is the shipping address
  coupon_code @text NOT NULL,
  payment_method @text NOT NULL,
  purchase_order @text NOT NULL,
  updated_us @time NOT NULL
);
-- role 'billing' once; 'shipping' once, or at position 1, 2, 3 … when there are several.
CREATE TABLE checkout_address (
  id @id,
  checkout_id @int NOT NULL REFERENCES checkout(id) ON DELETE CASCADE,
  role @text NOT NULL CHECK (role IN ('billing', 'shipping')),
  position @int NOT NULL,
  address_id @int,                                  -- the row of the address book that it was taken from
  firstname @text NOT NULL,
  lastname @text NOT NULL,
  company @text NOT NULL,
  street1 @text NOT NULL,
  street2 @text NOT NULL,
  postcode @text NOT NULL,
  city @text NOT NULL,
  region @text NOT NULL,
  country @text NOT NULL,
  telephone @text NOT NULL,
  shipping_method @text NOT NULL
);
CREATE UNIQUE INDEX checkout_address_place ON checkout_address(checkout_id, role, position);
-- Which pieces go to which address, when there are several.
CREATE TABLE checkout_item (
  id @id,
  checkout_address_id @int NOT NULL REFERENCES checkout_address(id) ON DELETE CASCADE,
  product_id @int NOT NULL REFERENCES product(id),
  qty @int NOT NULL CHECK (qty BETWEEN 1 AND 9999)
);
CREATE UNIQUE INDEX checkout_item_product ON checkout_item(checkout_address_id, product_id);

-- The next number of each kind of document: without gaps, because it is taken in the document's own transaction.
CREATE TABLE sales_sequence (
  kind @text NOT NULL PRIMARY KEY,
  next_number @int NOT NULL
);
INSERT INTO sales_sequence (kind, next_number) VALUES ('order', 100000001);
INSERT INTO sales_sequence (kind, next_number) VALUES ('invoice', 200000001);
INSERT INTO sales_sequence (kind, next_number) VALUES ('shipment', 300000001);
INSERT INTO sales_sequence (kind, next_number) VALUES ('creditmemo', 400000001);

-- customer_id is NULL for a guest, and when the account was deleted.
CREATE TABLE sales_order (
  id @id,
  number @int NOT NULL UNIQUE,
  website_id @int NOT NULL REFERENCES website(id),
  view_id @int NOT NULL REFERENCES store_view(id),
  customer_id @int REFERENCES customer(id) ON DELETE SET NULL,
  guest @bool NOT NULL,
  group_id @int NOT NULL,
  email @text NOT NULL,
  firstname @text NOT NULL,
  lastname @text NOT NULL,
  search_fold @text NOT NULL,                       -- number, name and e-mail, folded: for the grids' search
  state @text NOT NULL CHECK (state IN ('pending_payment', 'pending', 'processing', 'complete', 'closed', 'canceled', 'holded')),
  held_state @text NOT NULL,                        -- what it was before it was put on hold; else ''
  currency @text NOT NULL,
  locale @text NOT NULL,
  prices_include_tax @bool NOT NULL,
  subtotal_minor @money NOT NULL CHECK (subtotal_minor >= 0),
  discount_minor @money NOT NULL CHECK (discount_minor BETWEEN 0 AND subtotal_minor),
  shipping_minor @money NOT NULL CHECK (shipping_minor >= 0),
  shipping_tax_minor @money NOT NULL CHECK (shipping_tax_minor >= 0),
  tax_minor @money NOT NULL CHECK (tax_minor >= shipping_tax_minor),   -- of items and shipping
  total_minor @money NOT NULL CHECK (total_minor >= 0),
  invoiced_minor @money NOT NULL,
  paid_minor @money NOT NULL,
  refunded_minor @money NOT NULL,
  canceled_minor @money NOT NULL,
  shipping_invoiced @bool NOT NULL,                 -- shipping goes on one invoice as a whole
  shipping_canceled @bool NOT NULL,
  shipping_refunded_minor @money NOT NULL,
  shipping_tax_refunded_minor @money NOT NULL,
  shipping_method @text NOT NULL,
  shipping_title @text NOT NULL,
  payment_method @text NOT NULL,
  payment_title @text NOT NULL,
  purchase_order @text NOT NULL,
  weight_g @int NOT NULL,
  coupon_code @text NOT NULL,
  checkout_key @text NOT NULL,
  checkout_part @int NOT NULL,                      -- 1, or 1, 2, 3 … of a checkout with several addresses
  shop_session_id @int,                             -- the visitor who placed it: shows a guest the confirmation
  staff_id @int,                                    -- who placed it for the customer; NULL: the customer did
  staff_name @text NOT NULL,
  assist_session_id @int,                           -- NULL with staff_id: made in the Admin
  ip @text NOT NULL,
  created_us @time NOT NULL,
  updated_us @time NOT NULL,
  CHECK (invoiced_minor BETWEEN 0 AND total_minor AND canceled_minor BETWEEN 0 AND total_minor - invoiced_minor),
  CHECK (paid_minor BETWEEN 0 AND invoiced_minor AND refunded_minor BETWEEN 0 AND paid_minor),
  CHECK (shipping_refunded_minor BETWEEN 0 AND shipping_minor AND shipping_tax_refunded_minor BETWEEN 0 AND shipping_tax_minor)
);
CREATE UNIQUE INDEX sales_order_checkout ON sales_order(checkout_key, checkout_part);
CREATE INDEX sales_order_customer ON sales_order(customer_id, id);
CREATE INDEX sales_order_state ON sales_order(state, id);
CREATE INDEX sales_order_state_created ON sales_order(state, created_us, id);
CREATE INDEX sales_order_website ON sales_order(website_id, id);
CREATE INDEX sales_order_view ON sales_order(view_id, id);
CREATE INDEX sales_order_view_created ON sales_order(view_id, created_us, id);
CREATE INDEX sales_order_view_state ON sales_order(view_id, state, id);
CREATE INDEX sales_order_created ON sales_order(created_us, id);
CREATE INDEX sales_order_total ON sales_order(total_minor, id);
CREATE INDEX sales_order_lastname ON sales_order(lastname, id);
CREATE INDEX sales_order_group ON sales_order(group_id, id);
CREATE INDEX sales_order_by_staff ON sales_order((CASE WHEN staff_id IS NULL THEN 0 ELSE 1 END), id);
CREATE INDEX sales_order_session ON sales_order(shop_session_id, id);

CREATE TABLE sales_address (
  id @id,
  order_id @int NOT NULL REFERENCES sales_order(id),
  role @text NOT NULL CHECK (role IN ('billing', 'shipping')),
  firstname @text NOT NULL,
  lastname @text NOT NULL,
  company @text NOT NULL,
  street1 @text NOT NULL,
  street2 @text NOT NULL,
  postcode @text NOT NULL,
  city @text NOT NULL,
  region @text NOT NULL,
  country @text NOT NULL,
  telephone @text NOT NULL
);
CREATE UNIQUE INDEX sales_address_order ON sales_address(order_id, role);

-- row_minor is price × ordered. What was invoiced, refunded and canceled of discount and
-- tax is kept, so that parts always add up.
CREATE TABLE sales_item (
  id @id,
  order_id @int NOT NULL REFERENCES sales_order(id),
  position @int NOT NULL,
  product_id @int NOT NULL REFERENCES product(id),
  sku @text NOT NULL,
  name @text NOT NULL,                              -- in the order's language
  weight_g @int NOT NULL,
  tax_bp @int NOT NULL,
  price_minor @money NOT NULL CHECK (price_minor >= 0),
  row_minor @money NOT NULL,
  discount_minor @money NOT NULL CHECK (discount_minor BETWEEN 0 AND row_minor),
  tax_minor @money NOT NULL CHECK (tax_minor >= 0),
  discount_invoiced_minor @money NOT NULL CHECK (discount_invoiced_minor BETWEEN 0 AND discount_minor),
  tax_invoiced_minor @money NOT NULL CHECK (tax_invoiced_minor BETWEEN 0 AND tax_minor),
  discount_refunded_minor @money NOT NULL CHECK (discount_refunded_minor BETWEEN 0 AND discount_invoiced_minor),
  tax_refunded_minor @money NOT NULL CHECK (tax_refunded_minor BETWEEN 0 AND tax_invoiced_minor),
  discount_canceled_minor @money NOT NULL CHECK (discount_canceled_minor BETWEEN 0 AND discount_minor - discount_invoiced_minor),
  tax_canceled_minor @money NOT NULL CHECK (tax_canceled_minor BETWEEN 0 AND tax_minor - tax_invoiced_minor),
  ordered @int NOT NULL CHECK (ordered BETWEEN 1 AND 9999),
  invoiced @int NOT NULL CHECK (invoiced >= 0),
  shipped @int NOT NULL CHECK (shipped >= 0),
  refunded @int NOT NULL CHECK (refunded BETWEEN 0 AND invoiced),
  canceled @int NOT NULL CHECK (canceled >= 0),
  withdrawn @int NOT NULL CHECK (withdrawn BETWEEN 0 AND refunded),    -- refunded before they were sent
  CHECK (invoiced + canceled <= ordered),
  CHECK (shipped + canceled + withdrawn <= ordered),
  CHECK (row_minor = price_minor * ordered)
);
CREATE UNIQUE INDEX sales_item_order ON sales_item(order_id, position);
CREATE INDEX sales_item_product ON sales_item(product_id);

-- The order's history, with the comments on its documents. visible: the customer sees it.
CREATE TABLE sales_comment (
  id @id,
  order_id @int NOT NULL REFERENCES sales_order(id),
  document @text NOT NULL CHECK (document IN ('order', 'invoice', 'shipment', 'creditmemo')),
  document_id @int NOT NULL,
  state @text NOT NULL,                             -- of the order, when it was written
  body @text NOT NULL,
  visible @bool NOT NULL,
  mailed @bool NOT NULL,
  author @text NOT NULL CHECK (author IN ('customer', 'staff', 'assisted', 'system')),
  staff_id @int,
  staff_name @text NOT NULL,                        -- never shown to the customer
  created_us @time NOT NULL
);
CREATE INDEX sales_comment_order ON sales_comment(order_id, id);

CREATE TABLE sales_invoice (
  id @id,
  number @int NOT NULL UNIQUE,
  order_id @int NOT NULL REFERENCES sales_order(id),
  website_id @int NOT NULL REFERENCES website(id),
  search_fold @text NOT NULL,                       -- its number and the order's, name and e-mail, folded
  state @text NOT NULL CHECK (state IN ('open', 'paid', 'canceled')),
  subtotal_minor @money NOT NULL,
  discount_minor @money NOT NULL,
  shipping_minor @money NOT NULL,
  shipping_tax_minor @money NOT NULL,
  tax_minor @money NOT NULL,
  total_minor @money NOT NULL CHECK (total_minor >= 0),
  staff_id @int,
  staff_name @text NOT NULL,
  created_us @time NOT NULL,
  paid_us @time
);
CREATE INDEX sales_invoice_order ON sales_invoice(order_id, id);
CREATE INDEX sales_invoice_state ON sales_invoice(state, id);
CREATE INDEX sales_invoice_state_created ON sales_invoice(state, created_us, id);
CREATE INDEX sales_invoice_website ON sales_invoice(website_id, id);
CREATE INDEX sales_invoice_created ON sales_invoice(created_us, id);
CREATE INDEX sales_invoice_total ON sales_invoice(total_minor, id);
CREATE TABLE sales_invoice_item (
  id @id,
  invoice_id @int NOT NULL REFERENCES sales_invoice(id),
  item_id @int NOT NULL REFERENCES sales_item(id),
  qty @int NOT NULL CHECK (qty >= 1),
  row_minor @money NOT NULL,
  discount_minor @money NOT NULL,
  tax_minor @money NOT NULL
);
CREATE UNIQUE INDEX sales_invoice_item_once ON sales_invoice_item(invoice_id, item_id);
CREATE INDEX sales_invoice_item_item ON sales_invoice_item(item_id);

CREATE TABLE sales_shipment (
  id @id,
  number @int NOT NULL UNIQUE,
  order_id @int NOT NULL REFERENCES sales_order(id),
  website_id @int NOT NULL REFERENCES website(id),
  search_fold @text NOT NULL,
  pieces @int NOT NULL CHECK (pieces >= 1),
  weight_g @int NOT NULL,
  staff_id @int,
  staff_name @text NOT NULL,
  created_us @time NOT NULL
);
CREATE INDEX sales_shipment_order ON sales_shipment(order_id, id);
CREATE INDEX sales_shipment_website ON sales_shipment(website_id, id);
CREATE INDEX sales_shipment_created ON sales_shipment(created_us, id);
CREATE INDEX sales_shipment_pieces ON sales_shipment(pieces, id);
CREATE TABLE sales_shipment_item (
  id @id,
  shipment_id @int NOT NULL REFERENCES sales_shipment(id),
  item_id @int NOT NULL REFERENCES sales_item(id),
  qty @int NOT NULL CHECK (qty >= 1)
);
CREATE UNIQUE INDEX sales_shipment_item_once ON sales_shipment_item(shipment_id, item_id);
CREATE INDEX sales_shipment_item_item ON sales_shipment_item(item_id);
CREATE TABLE sales_track (
  id @id,
  shipment_id @int NOT NULL REFERENCES sales_shipment(id),
  carrier @text NOT NULL,                           -- a word of the carriers' table, or 'other'
  title @text NOT NULL,
  track_number @text NOT NULL,
  created_us @time NOT NULL
);
CREATE INDEX sales_track_shipment ON sales_track(shipment_id, id);

CREATE TABLE sales_creditmemo (
  id @id,
  number @int NOT NULL UNIQUE,
  order_id @int NOT NULL REFERENCES sales_order(id),
  invoice_id @int REFERENCES sales_invoice(id),
  website_id @int NOT NULL REFERENCES website(id),
  search_fold @text NOT NULL,
  state @text NOT NULL CHECK (state IN ('refunded')),
  subtotal_minor @money NOT NULL,
  discount_minor @money NOT NULL,
  shipping_minor @money NOT NULL,
  shipping_tax_minor @money NOT NULL,
  tax_minor @money NOT NULL,
  adjustment_minor @money NOT NULL CHECK (adjustment_minor >= 0),      -- refunded on top
  fee_minor @money NOT NULL CHECK (fee_minor >= 0),                    -- kept back
  total_minor @money NOT NULL CHECK (total_minor >= 0),
  staff_id @int,
  staff_name @text NOT NULL,
  created_us @time NOT NULL
);
CREATE INDEX sales_creditmemo_order ON sales_creditmemo(order_id, id);
CREATE INDEX sales_creditmemo_website ON sales_creditmemo(website_id, id);
CREATE INDEX sales_creditmemo_created ON sales_creditmemo(created_us, id);
CREATE INDEX sales_creditmemo_total ON sales_creditmemo(total_minor, id);
CREATE TABLE sales_creditmemo_item (
  id @id,
  creditmemo_id @int NOT NULL REFERENCES sales_creditmemo(id),
  item_id @int NOT NULL REFERENCES sales_item(id),
  qty @int NOT NULL CHECK (qty >= 1),
  restocked @int NOT NULL CHECK (restocked BETWEEN 0 AND qty),
  row_minor @money NOT NULL,
  discount_minor @money NOT NULL,
  tax_minor @money NOT NULL
);
CREATE UNIQUE INDEX sales_creditmemo_item_once ON sales_creditmemo_item(creditmemo_id, item_id);
CREATE INDEX sales_creditmemo_item_item ON sales_creditmemo_item(item_id);

CREATE TABLE coupon_use (
  id @id,
  coupon_id @int NOT NULL REFERENCES coupon(id) ON DELETE CASCADE,
  order_id @int NOT NULL UNIQUE REFERENCES sales_order(id),
  customer_id @int,
  email_fold @text NOT NULL
);
CREATE INDEX coupon_use_customer ON coupon_use(coupon_id, customer_id);
CREATE INDEX coupon_use_email ON coupon_use(coupon_id, email_fold);

-- What a payment provider told us, once for each order: (method, reference) is the provider's own name of the payment.
CREATE TABLE sales_payment (
  id @id,
  order_id @int NOT NULL REFERENCES sales_order(id),
  method @text NOT NULL,
  reference @text NOT NULL,
  event @text NOT NULL CHECK (event IN ('paid', 'failed', 'canceled')),
  amount_minor @money NOT NULL,
  currency @text NOT NULL,
  created_us @time NOT NULL
);
CREATE UNIQUE INDEX sales_payment_once ON sales_payment(method, reference, event, order_id);
CREATE INDEX sales_payment_order ON sales_payment(order_id, id);

-- A means of payment that the provider keeps for the customer; the token is worth nothing to anybody else.
CREATE TABLE payment_token (
  id @id,
  customer_id @int NOT NULL REFERENCES customer(id) ON DELETE CASCADE,
  method @text NOT NULL,
  token @text NOT NULL,
  label @text NOT NULL,
  created_us @time NOT NULL
);
CREATE UNIQUE INDEX payment_token_once ON payment_token(customer_id, method, token);

-- The store view in whose name a mail is sent; NULL: the one where the customer's account was made.
ALTER TABLE mail ADD COLUMN view_id @int;

-- The provider is to be asked to take the money by a means of payment that it keeps; one at a time for a checkout.
CREATE TABLE payment_charge (
  id @id,
  checkout_key @text NOT NULL UNIQUE,
  website_id @int NOT NULL REFERENCES website(id),
  method @text NOT NULL,
  token @text NOT NULL,
  amount_minor @money NOT NULL,
  currency @text NOT NULL,
  created_us @time NOT NULL,
  next_try_us @time NOT NULL,
  tries @int NOT NULL,
  sent_us @time
);
CREATE INDEX payment_charge_due ON payment_charge(sent_us, next_try_us);
