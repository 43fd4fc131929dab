-- What the customer's own pages ask. An order was found to be the customer's before its parts are asked for.

-- One page of the customer's orders: those older than this one, the newest first; 0: from the newest.
-- read rows order_own_older (id int, n int) -> id int, number int, created_us int, firstname text, lastname text, total int, currency text, state text
SELECT o.id, o.number, o.created_us, a.firstname, a.lastname, o.total_minor, o.currency, o.state
  FROM sales_order o JOIN sales_address a ON a.order_id = o.id AND a.role = 'shipping'
 WHERE o.customer_id = @self AND o.id < CASE WHEN :id = 0 THEN 9223372036854775807 ELSE :id END ORDER BY o.id DESC LIMIT :n;

-- Those newer than this one, the oldest of them first.
-- read rows order_own_newer (id int, n int) -> id int, number int, created_us int, firstname text, lastname text, total int, currency text, state text
SELECT o.id, o.number, o.created_us, a.firstname, a.lastname, o.total_minor, o.currency, o.state
  FROM sales_order o JOIN sales_address a ON a.order_id = o.id AND a.role = 'shipping'
 WHERE o.customer_id = @self AND o.id > :id ORDER BY o.id LIMIT :n;

-- read rows order_own_comments (order_id int) -> body text, author text, created_us int
SELECT body, author, created_us FROM sales_comment WHERE order_id = :order_id AND visible = 1 ORDER BY id DESC;

-- The order's products as they are sold in this website now, with how many lie in the cart.
-- read rows order_products_now (order_id int, website_id int, cart_id int) -> product_id int, sku text, name text, ordered int, sold bool, stock int, in_cart int
SELECT p.id, p.sku, min(i.name), CAST(sum(i.ordered) AS BIGINT),
       CASE WHEN p.active = 1 AND max(w.product_id) IS NOT NULL THEN 1 ELSE 0 END, p.stock, COALESCE(max(c.qty), 0)
  FROM sales_item i
  JOIN product p ON p.id = i.product_id
  LEFT JOIN product_website w ON w.product_id = p.id AND w.website_id = :website_id
  LEFT JOIN cart_item c ON c.product_id = p.id AND c.cart_id = :cart_id
 WHERE i.order_id = :order_id GROUP BY p.id, p.sku, p.active, p.stock ORDER BY min(i.position);
