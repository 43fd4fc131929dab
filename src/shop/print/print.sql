-- Documents to be printed. reader 1: staff of @scope; 2: the customer @self.

-- read one print_invoice_row (id int, reader int) -> order_id int, number int, state text, subtotal int, discount int, shipping int, shipping_tax int, tax int, total int, created_us int
SELECT d.order_id, d.number, d.state, d.subtotal_minor, d.discount_minor, d.shipping_minor, d.shipping_tax_minor, d.tax_minor,
       d.total_minor, d.created_us
  FROM sales_invoice d JOIN sales_order o ON o.id = d.order_id
 WHERE d.id = :id AND ((:reader = 1 AND ((CAST(@scope AS BIGINT) >> CAST(d.website_id AS INTEGER)) & 1) = 1)
                       OR (:reader = 2 AND o.customer_id = @self));

-- read rows print_invoice_items (invoice_id int) -> item_id int, qty int, row int, discount int, tax int
SELECT item_id, qty, row_minor, discount_minor, tax_minor FROM sales_invoice_item WHERE invoice_id = :invoice_id ORDER BY id;

-- read one print_shipment_row (id int) -> order_id int, number int, weight_g int, created_us int
SELECT order_id, number, weight_g, created_us FROM sales_shipment
 WHERE id = :id AND ((CAST(@scope AS BIGINT) >> CAST(website_id AS INTEGER)) & 1) = 1;

-- read rows print_shipment_items (shipment_id int) -> item_id int, qty int
SELECT item_id, qty FROM sales_shipment_item WHERE shipment_id = :shipment_id ORDER BY id;

-- read rows print_tracks (shipment_id int) -> title text, track_number text
SELECT title, track_number FROM sales_track WHERE shipment_id = :shipment_id ORDER BY id LIMIT 20;

-- read one print_creditmemo_row (id int, reader int) -> order_id int, number int, subtotal int, discount int, shipping int, shipping_tax int, tax int, adjustment int, fee int, total int, created_us int
SELECT d.order_id, d.number, d.subtotal_minor, d.discount_minor, d.shipping_minor, d.shipping_tax_minor, d.tax_minor,
       d.adjustment_minor, d.fee_minor, d.total_minor, d.created_us
  FROM sales_creditmemo d JOIN sales_order o ON o.id = d.order_id
 WHERE d.id = :id AND ((:reader = 1 AND ((CAST(@scope AS BIGINT) >> CAST(d.website_id AS INTEGER)) & 1) = 1)
                       OR (:reader = 2 AND o.customer_id = @self));

-- read rows print_creditmemo_items (creditmemo_id int) -> item_id int, qty int, row int, discount int, tax int
SELECT item_id, qty, row_minor, discount_minor, tax_minor FROM sales_creditmemo_item WHERE creditmemo_id = :creditmemo_id ORDER BY id;
