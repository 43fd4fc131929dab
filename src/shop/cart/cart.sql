-- read one cart_of_customer (website_id int) -> id int
SELECT id FROM cart WHERE customer_id = @self AND website_id = :website_id;

-- read one cart_of_session (session_id int) -> id int
SELECT id FROM cart WHERE session_id = :session_id;

-- read one cart_by_customer (customer_id int, website_id int) -> id int
SELECT id FROM cart WHERE customer_id = :customer_id AND website_id = :website_id;

-- What every page counts for its top. Not summed here: PostgreSQL takes longer for that than for finding the few lines.
-- read rows cart_count_of_customer (website_id int) -> qty int
SELECT i.qty FROM cart c JOIN cart_item i ON i.cart_id = c.id WHERE c.customer_id = @self AND c.website_id = :website_id;

-- read rows cart_count_of_session (session_id int) -> qty int
SELECT i.qty FROM cart c JOIN cart_item i ON i.cart_id = c.id WHERE c.session_id = :session_id;

-- read one cart_pieces (cart_id int) -> pieces int, lines int
SELECT CAST(COALESCE(sum(qty), 0) AS BIGINT), count(*) FROM cart_item WHERE cart_id = :cart_id;

-- read rows cart_pieces_of (cart_id int) -> id int, product_id int, qty int
SELECT id, product_id, qty FROM cart_item WHERE cart_id = :cart_id ORDER BY id;

-- read one cart_checkout_of (cart_id int) -> id int, checkout_key text, coupon_code text
SELECT id, checkout_key, coupon_code FROM checkout WHERE cart_id = :cart_id;

-- The coupon, and where the parcel would go as far as that is known: of the checkout, else of the customer.
-- read one cart_standing (cart_id int) -> coupon_code text, country text
SELECT COALESCE((SELECT coupon_code FROM checkout WHERE cart_id = :cart_id), ''),
       COALESCE((SELECT a.country FROM checkout k JOIN checkout_address a ON a.checkout_id = k.id AND a.role = 'shipping'
                  WHERE k.cart_id = :cart_id ORDER BY a.position LIMIT 1),
                (SELECT a.country FROM customer c JOIN address a ON a.id = c.default_shipping_id WHERE c.id = @self), '');

-- write exec cart_coupon_set (checkout_id int, coupon_code text, now_us int)
UPDATE checkout SET coupon_code = :coupon_code, updated_us = :now_us WHERE id = :checkout_id;

-- write one cart_checkout_begin (cart_id int, checkout_key text, now_us int) -> id int
INSERT INTO checkout (cart_id, checkout_key, email, several, same_address, coupon_code, payment_method, purchase_order, updated_us)
VALUES (:cart_id, :checkout_key, '', 0, 1, '', '', '', :now_us) RETURNING id;

-- How many addresses were given in a checkout.
-- read one cart_checkout_places (checkout_id int) -> n int
SELECT count(*) FROM checkout_address WHERE checkout_id = :checkout_id;

-- write exec cart_checkout_drop (id int)
DELETE FROM checkout WHERE id = :id;

-- write exec cart_checkout_move (id int, cart_id int)
UPDATE checkout SET cart_id = :cart_id WHERE id = :id;

-- read one cart_product (key text, website_id int, lang text) -> id int, sku text, name text, stock int
SELECT p.id, p.sku, COALESCE(t.name, e.name), p.stock
  FROM product p
  JOIN product_text e ON e.product_id = p.id AND e.lang = 'en'
  LEFT JOIN product_text t ON t.product_id = p.id AND t.lang = :lang
  JOIN product_website w ON w.product_id = p.id AND w.website_id = :website_id
 WHERE p.url_key = :key AND p.active = 1;

-- read one cart_line (cart_id int, product_id int) -> id int, qty int
SELECT id, qty FROM cart_item WHERE cart_id = :cart_id AND product_id = :product_id;

-- read rows cart_items (cart_id int, lang text) -> id int, product_id int, qty int, sku text, url_key text, name text, stock int
SELECT i.id, i.product_id, i.qty, p.sku, p.url_key, COALESCE(t.name, e.name), p.stock
  FROM cart_item i JOIN product p ON p.id = i.product_id
  JOIN product_text e ON e.product_id = p.id AND e.lang = 'en'
  LEFT JOIN product_text t ON t.product_id = p.id AND t.lang = :lang
 WHERE i.cart_id = :cart_id ORDER BY i.id;

-- write one cart_insert (website_id int, customer_id int?, session_id int?, now_us int) -> id int
INSERT INTO cart (website_id, customer_id, session_id, updated_us)
VALUES (:website_id, :customer_id, :session_id, :now_us) RETURNING id;

-- write exec cart_touch (id int, now_us int)
UPDATE cart SET updated_us = :now_us WHERE id = :id;

-- write exec cart_item_put (cart_id int, product_id int, qty int, now_us int)
INSERT INTO cart_item (cart_id, product_id, qty, added_us) VALUES (:cart_id, :product_id, :qty, :now_us)
ON CONFLICT (cart_id, product_id) DO UPDATE SET qty = excluded.qty;

-- write exec cart_item_set (id int, qty int)
UPDATE cart_item SET qty = :qty WHERE id = :id;

-- write exec cart_item_drop (id int)
DELETE FROM cart_item WHERE id = :id;

-- write exec cart_drop (id int)
DELETE FROM cart WHERE id = :id;
