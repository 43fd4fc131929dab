-- What stands on the ground when the orders begin.

-- A product once for each website that sells it.
-- read rows demo_goods (wholesale int, vip int) -> id int, website_id int, sku text, name_en text, name_nl text, price int,
--      wholesale int, vip int, weight_g int, tax_class text
SELECT p.id, w.website_id, p.sku, e.name, n.name, p.price_minor, COALESCE(g.price_minor, p.price_minor),
       COALESCE(v.price_minor, p.price_minor), p.weight_g, p.tax_class
  FROM product p
  JOIN product_website w ON w.product_id = p.id
  JOIN product_text e ON e.product_id = p.id AND e.lang = 'en'
  JOIN product_text n ON n.product_id = p.id AND n.lang = 'nl'
  LEFT JOIN product_group_price g ON g.product_id = p.id AND g.group_id = :wholesale
  LEFT JOIN product_group_price v ON v.product_id = p.id AND v.group_id = :vip
 ORDER BY w.website_id, p.id;

-- read rows demo_tax_rates () -> tax_class text, country text, rate_bp int
SELECT tax_class, country, rate_bp FROM tax_rate ORDER BY id;

-- The heaviest first, so that the first that is not too heavy holds.
-- read rows demo_shipping_rates () -> website_id int, country text, from_weight_g int, price int
SELECT website_id, country, from_weight_g, price_minor FROM shipping_rate ORDER BY from_weight_g DESC, id;

-- Those that everybody may use as often as they like.
-- read rows demo_coupons () -> id int, code text, website_id int?, kind text, value int, minimum int, from_us int?, until_us int?
SELECT id, code, website_id, kind, value, minimum_minor, from_us, until_us FROM coupon
 WHERE active = 1 AND uses_max IS NULL AND uses_per_customer IS NULL ORDER BY id;

-- ---- orders ----
-- Very many rows. What others name has an id that is known before it is written.

-- write load demo_add_order (id int, number int, website_id int, view_id int, customer_id int?, guest bool, group_id int, email text,
--      firstname text, lastname text, search_fold text, state text, held_state text, locale text, prices_incl bool,
--      subtotal int, discount int, shipping int, shipping_tax int, tax int, total int, invoiced int, paid int, refunded int,
--      canceled int, shipping_invoiced bool, shipping_canceled bool, shipping_refunded int, shipping_tax_refunded int,
--      shipping_method text, shipping_title text, payment_method text, payment_title text, purchase_order text, weight_g int,
--      coupon_code text, checkout_key text, staff_id int?, staff_name text, ip text, created_us int, updated_us int)
INSERT INTO sales_order (id, number, website_id, view_id, customer_id, guest, group_id, email, firstname, lastname, search_fold, state,
  held_state, currency, locale, prices_include_tax, subtotal_minor, discount_minor, shipping_minor, shipping_tax_minor, tax_minor,
  total_minor, invoiced_minor, paid_minor, refunded_minor, canceled_minor, shipping_invoiced, shipping_canceled,
  shipping_refunded_minor, shipping_tax_refunded_minor, shipping_method, shipping_title, payment_method, payment_title,
  purchase_order, weight_g, coupon_code, checkout_key, checkout_part, staff_id, staff_name,
  ip, created_us, updated_us)
VALUES (:id, :number, :website_id, :view_id, :customer_id, :guest, :group_id, :email, :firstname, :lastname, :search_fold, :state,
  :held_state, 'EUR', :locale, :prices_incl, :subtotal, :discount, :shipping, :shipping_tax, :tax,
  :total, :invoiced, :paid, :refunded, :canceled, :shipping_invoiced, :shipping_canceled,
  :shipping_refunded, :shipping_tax_refunded, :shipping_method, :shipping_title, :payment_method, :payment_title,
  :purchase_order, :weight_g, :coupon_code, :checkout_key, 1, :staff_id, :staff_name,
  :ip, :created_us, :updated_us);

-- write load demo_add_order_address (order_id int, role text, firstname text, lastname text, company text, street1 text,
--      street2 text, postcode text, city text, region text, country text, telephone text)
INSERT INTO sales_address (order_id, role, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone)
VALUES (:order_id, :role, :firstname, :lastname, :company, :street1, :street2, :postcode,
  :city, :region, :country, :telephone);

-- write load demo_add_order_item (id int, order_id int, position int, product_id int, sku text, name text, weight_g int, tax_bp int,
--      price int, row int, discount int, tax int, discount_invoiced int, tax_invoiced int, discount_refunded int,
--      tax_refunded int, discount_canceled int, tax_canceled int, ordered int, invoiced int, shipped int, refunded int,
--      canceled int, withdrawn int)
INSERT INTO sales_item (id, order_id, position, product_id, sku, name, weight_g, tax_bp, price_minor, row_minor, discount_minor, tax_minor,
  discount_invoiced_minor, tax_invoiced_minor, discount_refunded_minor, tax_refunded_minor, discount_canceled_minor,
  tax_canceled_minor, ordered, invoiced, shipped, refunded, canceled, withdrawn)
VALUES (:id, :order_id, :position, :product_id, :sku, :name, :weight_g, :tax_bp, :price, :row,
  :discount, :tax, :discount_invoiced, :tax_invoiced, :discount_refunded, :tax_refunded, :discount_canceled, :tax_canceled,
  :ordered, :invoiced, :shipped, :refunded, :canceled, :withdrawn);

-- write load demo_add_coupon_use (coupon_id int, order_id int, customer_id int?, email_fold text)
INSERT INTO coupon_use (coupon_id, order_id, customer_id, email_fold)
VALUES (:coupon_id, :order_id, :customer_id, :email_fold);

-- write load demo_add_payment (order_id int, reference text, amount int, created_us int)
INSERT INTO sales_payment (order_id, method, reference, event, amount_minor, currency, created_us)
VALUES (:order_id, 'sandbox', :reference, 'paid', :amount, 'EUR', :created_us);

-- write load demo_add_comment (order_id int, document text, document_id int, state text, body text, visible bool, mailed bool,
--      author text, staff_id int?, staff_name text, created_us int)
INSERT INTO sales_comment (order_id, document, document_id, state, body, visible, mailed, author, staff_id, staff_name, created_us)
VALUES (:order_id, :document, :document_id, :state, :body, :visible, :mailed, :author, :staff_id, :staff_name, :created_us);

-- ---- documents ----

-- write load demo_add_invoice (id int, number int, order_id int, website_id int, search_fold text, state text, subtotal int,
--      discount int, shipping int, shipping_tax int, tax int, total int, staff_id int?, staff_name text, created_us int,
--      paid_us int?)
INSERT INTO sales_invoice (id, number, order_id, website_id, search_fold, state, subtotal_minor, discount_minor, shipping_minor,
  shipping_tax_minor, tax_minor, total_minor, staff_id, staff_name, created_us, paid_us)
VALUES (:id, :number, :order_id, :website_id, :search_fold, :state, :subtotal, :discount,
  :shipping, :shipping_tax, :tax, :total, :staff_id, :staff_name, :created_us, :paid_us);

-- write load demo_add_invoice_item (invoice_id int, item_id int, qty int, row int, discount int, tax int)
INSERT INTO sales_invoice_item (invoice_id, item_id, qty, row_minor, discount_minor, tax_minor)
VALUES (:invoice_id, :item_id, :qty, :row, :discount, :tax);

-- write load demo_add_shipment (id int, number int, order_id int, website_id int, search_fold text, pieces int, weight_g int,
--      staff_id int?, staff_name text, created_us int)
INSERT INTO sales_shipment (id, number, order_id, website_id, search_fold, pieces, weight_g, staff_id, staff_name, created_us)
VALUES (:id, :number, :order_id, :website_id, :search_fold, :pieces, :weight_g,
  :staff_id, :staff_name, :created_us);

-- write load demo_add_shipment_item (shipment_id int, item_id int, qty int)
INSERT INTO sales_shipment_item (shipment_id, item_id, qty)
VALUES (:shipment_id, :item_id, :qty);

-- write load demo_add_track (shipment_id int, carrier text, title text, track_number text, created_us int)
INSERT INTO sales_track (shipment_id, carrier, title, track_number, created_us)
VALUES (:shipment_id, :carrier, :title, :track_number, :created_us);

-- write load demo_add_creditmemo (id int, number int, order_id int, invoice_id int, website_id int, search_fold text, subtotal int,
--      discount int, shipping int, shipping_tax int, tax int, adjustment int, fee int, total int, staff_id int?, staff_name text,
--      created_us int)
INSERT INTO sales_creditmemo (id, number, order_id, invoice_id, website_id, search_fold, state, subtotal_minor, discount_minor,
  shipping_minor, shipping_tax_minor, tax_minor, adjustment_minor, fee_minor, total_minor, staff_id, staff_name, created_us)
VALUES (:id, :number, :order_id,
  :invoice_id, :website_id, :search_fold, 'refunded', :subtotal, :discount,
  :shipping, :shipping_tax, :tax, :adjustment, :fee, :total, :staff_id, :staff_name, :created_us);

-- write load demo_add_creditmemo_item (creditmemo_id int, item_id int, qty int, restocked int, row int, discount int,
--      tax int)
INSERT INTO sales_creditmemo_item (creditmemo_id, item_id, qty, restocked, row_minor, discount_minor, tax_minor)
VALUES (:creditmemo_id, :item_id, :qty, :restocked, :row, :discount, :tax);

-- ---- the end ----

-- write exec demo_order_in_session (id int, session_id int)
UPDATE sales_order SET assist_session_id = :session_id WHERE id = :id;

-- write exec demo_set_sequence (kind text, next_number int)
UPDATE sales_sequence SET next_number = :next_number WHERE kind = :kind;

-- write exec demo_count_coupons ()
UPDATE coupon SET uses = (SELECT count(*) FROM coupon_use u WHERE u.coupon_id = coupon.id);
