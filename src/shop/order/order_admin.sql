-- What the Admin's pages of orders ask. The order itself was found in the role's websites before.

-- read one order_admin_group (id int) -> name text
SELECT name FROM customer_group WHERE id = :id;

-- The order's comments, and with `whole` those on its documents.
-- read rows order_admin_comments (order_id int, whole bool) -> id int, document text, state text, body text, visible bool, mailed bool, author text,
--      staff_name text, created_us int
SELECT id, document, state, body, visible, mailed, author, staff_name, created_us
  FROM sales_comment
 WHERE order_id = :order_id AND (:whole = 1 OR document = 'order') ORDER BY id DESC;

-- When its documents were made, for its history.
-- read rows order_admin_made (order_id int) -> document text, number int, staff_name text, created_us int
SELECT 'invoice', number, staff_name, created_us FROM sales_invoice WHERE order_id = :order_id
UNION ALL
SELECT 'shipment', number, staff_name, created_us FROM sales_shipment WHERE order_id = :order_id
UNION ALL
SELECT 'creditmemo', number, staff_name, created_us FROM sales_creditmemo WHERE order_id = :order_id
 ORDER BY 4 DESC, 2 DESC;

-- read rows order_admin_groups () -> id int, name text
SELECT id, name FROM customer_group ORDER BY id;

-- The orders of these ids: each written with 19 digits and a comma. cancelable: pieces that Cancel would take.
-- read rows order_admin_selected (ids text, n int) -> id int, number int, state text, firstname text, lastname text, cancelable int
WITH RECURSIVE place(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM place WHERE i + 1 < :n)
SELECT o.id, o.number, o.state, o.firstname, o.lastname,
       (SELECT CAST(COALESCE(sum(CASE WHEN s.invoiced > s.shipped + s.withdrawn THEN s.ordered - s.canceled - s.invoiced
                                      ELSE s.ordered - s.canceled - s.shipped - s.withdrawn END), 0) AS BIGINT)
          FROM sales_item s WHERE s.order_id = o.id)
  FROM place JOIN sales_order o ON o.id = CAST(substr(:ids, 1 + i * 20, 19) AS BIGINT)
 WHERE ((CAST(@scope AS BIGINT) >> CAST(o.website_id AS INTEGER)) & 1) = 1 ORDER BY o.id DESC;
