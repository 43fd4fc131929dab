-- What creating an order for a customer asks. Customers only of websites in @scope.

-- read one orderdesk_customer (id int) -> id int, website_id int, view_id int, group_id int, group_name text, email text,
--      firstname text, lastname text, default_billing_id int?, default_shipping_id int?
SELECT c.id, c.website_id, c.view_id, c.group_id, g.name, c.email, c.firstname, c.lastname,
       c.default_billing_id, c.default_shipping_id
  FROM customer c JOIN customer_group g ON g.id = c.group_id
 WHERE c.id = :id AND ((CAST(@scope AS BIGINT) >> CAST(c.website_id AS INTEGER)) & 1) = 1;

-- read rows orderdesk_book (customer_id int) -> id int, firstname text, lastname text, company text, street1 text, street2 text,
--      postcode text, city text, region text, country text, telephone text
SELECT id, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone
  FROM address WHERE customer_id = :customer_id ORDER BY id LIMIT 200;

-- read one orderdesk_product (sku text, website_id int) -> id int, sold bool
SELECT p.id, CASE WHEN p.active = 1 AND w.product_id IS NOT NULL THEN 1 ELSE 0 END
  FROM product p LEFT JOIN product_website w ON w.product_id = p.id AND w.website_id = :website_id
 WHERE p.sku = :sku;
