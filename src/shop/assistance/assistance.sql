-- The documents from which staff can log in as their customer. A guest's order has none, so it is never found here; nor is one of
-- a website that the role does not reach.
-- read one assistance_order (id int, customer_id int) -> number int
SELECT number FROM sales_order
 WHERE id = :id AND customer_id = :customer_id AND ((CAST(@scope AS BIGINT) >> CAST(website_id AS INTEGER)) & 1) = 1;

-- read one assistance_invoice (id int, customer_id int) -> number int
SELECT d.number FROM sales_invoice d JOIN sales_order o ON o.id = d.order_id
 WHERE d.id = :id AND o.customer_id = :customer_id AND ((CAST(@scope AS BIGINT) >> CAST(d.website_id AS INTEGER)) & 1) = 1;

-- read one assistance_shipment (id int, customer_id int) -> number int
SELECT d.number FROM sales_shipment d JOIN sales_order o ON o.id = d.order_id
 WHERE d.id = :id AND o.customer_id = :customer_id AND ((CAST(@scope AS BIGINT) >> CAST(d.website_id AS INTEGER)) & 1) = 1;

-- read one assistance_creditmemo (id int, customer_id int) -> number int
SELECT d.number FROM sales_creditmemo d JOIN sales_order o ON o.id = d.order_id
 WHERE d.id = :id AND o.customer_id = :customer_id AND ((CAST(@scope AS BIGINT) >> CAST(d.website_id AS INTEGER)) & 1) = 1;
