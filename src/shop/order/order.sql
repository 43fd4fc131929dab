-- Orders as every part of the program reads and writes them. What only the Admin's or the shop's pages ask is in
-- order_admin.sql and order_shop.sql.

-- reader 0: anybody who is entitled to it by other means; 1: staff of @scope; 2: the customer @self.
-- read one order_row (id int, reader int) -> id int, number int, website_id int, view_id int, customer_id int?,
--      customer_website_id int?, guest bool, group_id int,
--      email text, firstname text, lastname text, state text, held_state text, currency text, locale text, prices_incl bool,
--      subtotal int, discount int, shipping int, shipping_tax int, tax int, total int, invoiced int, paid int, refunded int, canceled int,
--      shipping_invoiced bool, shipping_canceled bool, shipping_refunded int, shipping_tax_refunded int,
--      shipping_method text, shipping_title text, payment_method text, payment_title text, purchase_order text, weight_g int,
--      coupon_code text, checkout_key text, checkout_part int, staff_id int?, staff_name text, assist_session_id int?, ip text,
--      created_us int, updated_us int
SELECT o.id, o.number, o.website_id, o.view_id, o.customer_id, c.website_id, o.guest, o.group_id,
       o.email, o.firstname, o.lastname, o.state, o.held_state, o.currency, o.locale, o.prices_include_tax,
       o.subtotal_minor, o.discount_minor, o.shipping_minor, o.shipping_tax_minor, o.tax_minor, o.total_minor,
       o.invoiced_minor, o.paid_minor, o.refunded_minor, o.canceled_minor,
       o.shipping_invoiced, o.shipping_canceled, o.shipping_refunded_minor, o.shipping_tax_refunded_minor,
       o.shipping_method, o.shipping_title, o.payment_method, o.payment_title, o.purchase_order, o.weight_g,
       o.coupon_code, o.checkout_key, o.checkout_part, o.staff_id, o.staff_name, o.assist_session_id, o.ip,
       o.created_us, o.updated_us
  FROM sales_order o LEFT JOIN customer c ON c.id = o.customer_id
 WHERE o.id = :id
   AND (:reader = 0
        OR (:reader = 1 AND ((CAST(@scope AS BIGINT) >> CAST(o.website_id AS INTEGER)) & 1) = 1)
        OR (:reader = 2 AND o.customer_id = @self));

-- read rows order_items (order_id int) -> id int, product_id int, sku text, name text, weight_g int, tax_bp int, price int, row int,
--      discount int, tax int, discount_invoiced int, tax_invoiced int, discount_refunded int, tax_refunded int,
--      discount_canceled int, tax_canceled int, ordered int, invoiced int, shipped int, refunded int, canceled int, withdrawn int
SELECT id, product_id, sku, name, weight_g, tax_bp, price_minor, row_minor,
       discount_minor, tax_minor, discount_invoiced_minor, tax_invoiced_minor, discount_refunded_minor, tax_refunded_minor,
       discount_canceled_minor, tax_canceled_minor, ordered, invoiced, shipped, refunded, canceled, withdrawn
  FROM sales_item WHERE order_id = :order_id ORDER BY position;

-- read rows order_addresses (order_id int) -> role text, firstname text, lastname text, company text, street1 text, street2 text,
--      postcode text, city text, region text, country text, telephone text
SELECT role, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone
  FROM sales_address WHERE order_id = :order_id ORDER BY role;

-- read rows order_of_checkout (checkout_key text) -> id int
SELECT id FROM sales_order WHERE checkout_key = :checkout_key ORDER BY checkout_part;

-- ---- its documents, as its own pages list them ----

-- read rows order_invoices (order_id int) -> id int, number int, state text, total int, staff_name text, created_us int
SELECT id, number, state, total_minor, staff_name, created_us FROM sales_invoice WHERE order_id = :order_id ORDER BY id;

-- refund: 'waiting' and 'refused' when the money goes back through the provider, else 'done'.
-- read rows order_creditmemos (order_id int) -> id int, number int, refund text, total int, staff_name text, created_us int
SELECT m.id, m.number, COALESCE(r.state, 'done'), m.total_minor, m.staff_name, m.created_us
  FROM sales_creditmemo m LEFT JOIN payment_refund r ON r.creditmemo_id = m.id
 WHERE m.order_id = :order_id ORDER BY m.id;

-- read rows order_shipments (order_id int) -> id int, number int, pieces int, staff_name text, created_us int
SELECT id, number, pieces, staff_name, created_us FROM sales_shipment WHERE order_id = :order_id ORDER BY id;

-- read rows order_tracks (order_id int) -> shipment_id int, title text, track_number text
SELECT t.shipment_id, t.title, t.track_number
  FROM sales_shipment s JOIN sales_track t ON t.shipment_id = s.id
 WHERE s.order_id = :order_id ORDER BY t.id;

-- How many of which items stand on each.
-- read rows order_document_items (order_id int) -> document text, document_id int, item_id int, qty int
SELECT 'invoice', d.id, i.item_id, i.qty FROM sales_invoice d JOIN sales_invoice_item i ON i.invoice_id = d.id WHERE d.order_id = :order_id
UNION ALL
SELECT 'shipment', d.id, i.item_id, i.qty FROM sales_shipment d JOIN sales_shipment_item i ON i.shipment_id = d.id WHERE d.order_id = :order_id
UNION ALL
SELECT 'creditmemo', d.id, i.item_id, i.qty FROM sales_creditmemo d JOIN sales_creditmemo_item i ON i.creditmemo_id = d.id WHERE d.order_id = :order_id
 ORDER BY 1, 2, 3;

-- ---- placing ----

-- write one order_number (kind text) -> number int
UPDATE sales_sequence SET next_number = next_number + 1 WHERE kind = :kind RETURNING next_number - 1;

-- Takes the pieces, or nothing when there are not so many.
-- write exec order_stock_take (product_id int, qty int)
UPDATE product SET stock = stock - :qty WHERE id = :product_id AND active = 1 AND stock >= :qty;

-- write exec order_stock_return (product_id int, qty int)
UPDATE product SET stock = stock + :qty WHERE id = :product_id;

-- write one order_insert (number int, website_id int, view_id int, customer_id int?, guest bool, group_id int, email text,
--      firstname text, lastname text, search_fold text, state text, currency text, locale text, prices_incl bool,
--      subtotal int, discount int, shipping int, shipping_tax int, tax int, total int,
--      shipping_method text, shipping_title text, payment_method text, payment_title text, purchase_order text, weight_g int,
--      coupon_code text, checkout_key text, checkout_part int, shop_session_id int?, staff_id int?, staff_name text,
--      assist_session_id int?, ip text, now_us int) -> id int
INSERT INTO sales_order (number, website_id, view_id, customer_id, guest, group_id, email, firstname, lastname, search_fold, state,
       held_state, currency, locale, prices_include_tax, subtotal_minor, discount_minor, shipping_minor, shipping_tax_minor, tax_minor,
       total_minor, invoiced_minor, paid_minor, refunded_minor, canceled_minor, shipping_invoiced, shipping_canceled,
       shipping_refunded_minor, shipping_tax_refunded_minor, shipping_method, shipping_title, payment_method, payment_title,
       purchase_order, weight_g, coupon_code, checkout_key, checkout_part, shop_session_id, staff_id, staff_name, assist_session_id,
       ip, created_us, updated_us)
VALUES (:number, :website_id, :view_id, :customer_id, :guest, :group_id, :email, :firstname, :lastname, :search_fold, :state,
       '', :currency, :locale, :prices_incl, :subtotal, :discount, :shipping, :shipping_tax, :tax,
       :total, 0, 0, 0, 0, 0, 0,
       0, 0, :shipping_method, :shipping_title, :payment_method, :payment_title,
       :purchase_order, :weight_g, :coupon_code, :checkout_key, :checkout_part, :shop_session_id, :staff_id, :staff_name,
       :assist_session_id, :ip, :now_us, :now_us)
RETURNING id;

-- write exec order_item_insert (order_id int, position int, product_id int, sku text, name text, weight_g int, tax_bp int, price int,
--      row int, discount int, tax int, ordered int)
INSERT INTO sales_item (order_id, position, product_id, sku, name, weight_g, tax_bp, price_minor, row_minor, discount_minor, tax_minor,
       discount_invoiced_minor, tax_invoiced_minor, discount_refunded_minor, tax_refunded_minor, discount_canceled_minor,
       tax_canceled_minor, ordered, invoiced, shipped, refunded, canceled, withdrawn)
VALUES (:order_id, :position, :product_id, :sku, :name, :weight_g, :tax_bp, :price, :row, :discount, :tax,
       0, 0, 0, 0, 0, 0, :ordered, 0, 0, 0, 0, 0);

-- write exec order_address_insert (order_id int, role text, firstname text, lastname text, company text, street1 text, street2 text,
--      postcode text, city text, region text, country text, telephone text)
INSERT INTO sales_address (order_id, role, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone)
VALUES (:order_id, :role, :firstname, :lastname, :company, :street1, :street2, :postcode, :city, :region, :country, :telephone);

-- ---- coupons: one checkout uses one once, however many orders it makes ----

-- read one order_coupon (id int) -> uses int, uses_max int?, uses_per_customer int?
SELECT uses, uses_max, uses_per_customer FROM coupon WHERE id = :id AND active = 1;

-- read one order_coupon_counted (coupon_id int, checkout_key text) -> id int
SELECT u.id FROM coupon_use u JOIN sales_order o ON o.id = u.order_id
 WHERE o.checkout_key = :checkout_key AND u.coupon_id = :coupon_id;

-- How often this customer used it: by the account, or by the e-mail of a guest.
-- read one order_coupon_used_by (coupon_id int, customer_id int?, email_fold text) -> n int
SELECT count(*) FROM coupon_use WHERE coupon_id = :coupon_id AND (customer_id = :customer_id OR email_fold = :email_fold);

-- write exec order_coupon_take (id int)
UPDATE coupon SET uses = uses + 1 WHERE id = :id AND active = 1 AND (uses_max IS NULL OR uses < uses_max);

-- write exec order_coupon_use_insert (coupon_id int, order_id int, customer_id int?, email_fold text)
INSERT INTO coupon_use (coupon_id, order_id, customer_id, email_fold) VALUES (:coupon_id, :order_id, :customer_id, :email_fold);

-- read one order_coupon_use (order_id int) -> id int, coupon_id int
SELECT id, coupon_id FROM coupon_use WHERE order_id = :order_id;

-- Another order of the same checkout that stands, and keeps the use of the coupon when this one is canceled.
-- read one order_coupon_heir (checkout_key text, order_id int) -> id int
SELECT id FROM sales_order
 WHERE checkout_key = :checkout_key AND id <> :order_id AND state <> 'canceled' AND coupon_code <> ''
 ORDER BY checkout_part LIMIT 1;

-- write exec order_coupon_use_move (id int, order_id int)
UPDATE coupon_use SET order_id = :order_id WHERE id = :id;

-- write exec order_coupon_use_drop (id int)
DELETE FROM coupon_use WHERE id = :id;

-- write exec order_coupon_return (id int)
UPDATE coupon SET uses = uses - 1 WHERE id = :id AND uses > 0;

-- ---- changing ----

-- write exec order_update (id int, state text, held_state text, invoiced int, paid int, refunded int, canceled int,
--      shipping_invoiced bool, shipping_canceled bool, shipping_refunded int, shipping_tax_refunded int, now_us int)
UPDATE sales_order
   SET state = :state, held_state = :held_state, invoiced_minor = :invoiced, paid_minor = :paid, refunded_minor = :refunded,
       canceled_minor = :canceled, shipping_invoiced = :shipping_invoiced, shipping_canceled = :shipping_canceled,
       shipping_refunded_minor = :shipping_refunded, shipping_tax_refunded_minor = :shipping_tax_refunded, updated_us = :now_us
 WHERE id = :id;

-- write exec order_item_update (id int, discount_invoiced int, tax_invoiced int, discount_refunded int, tax_refunded int,
--      discount_canceled int, tax_canceled int, invoiced int, shipped int, refunded int, canceled int, withdrawn int)
UPDATE sales_item
   SET discount_invoiced_minor = :discount_invoiced, tax_invoiced_minor = :tax_invoiced,
       discount_refunded_minor = :discount_refunded, tax_refunded_minor = :tax_refunded,
       discount_canceled_minor = :discount_canceled, tax_canceled_minor = :tax_canceled,
       invoiced = :invoiced, shipped = :shipped, refunded = :refunded, canceled = :canceled, withdrawn = :withdrawn
 WHERE id = :id;

-- write exec order_comment_insert (order_id int, document text, document_id int, state text, body text, visible bool, mailed bool,
--      author text, staff_id int?, staff_name text, now_us int)
INSERT INTO sales_comment (order_id, document, document_id, state, body, visible, mailed, author, staff_id, staff_name, created_us)
VALUES (:order_id, :document, :document_id, :state, :body, :visible, :mailed, :author, :staff_id, :staff_name, :now_us);
