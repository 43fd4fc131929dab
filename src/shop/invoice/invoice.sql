-- Invoices. Their order is read by the order's own statements, which look at @scope and @self.

-- read one invoice_row (id int) -> id int, number int, order_id int, state text, subtotal int, discount int, shipping int,
--      shipping_tax int, tax int, total int, staff_id int?, staff_name text, created_us int, paid_us int?
SELECT id, number, order_id, state, subtotal_minor, discount_minor, shipping_minor, shipping_tax_minor, tax_minor, total_minor,
       staff_id, staff_name, created_us, paid_us
  FROM sales_invoice WHERE id = :id;

-- read rows invoice_items (invoice_id int) -> item_id int, qty int, row int, discount int, tax int
SELECT item_id, qty, row_minor, discount_minor, tax_minor FROM sales_invoice_item WHERE invoice_id = :invoice_id ORDER BY id;

-- write one invoice_insert (number int, order_id int, website_id int, search_fold text, state text, subtotal int, discount int,
--      shipping int, shipping_tax int, tax int, total int, staff_id int?, staff_name text, now_us int, paid_us int?) -> id int
INSERT INTO sales_invoice (number, order_id, website_id, search_fold, state, subtotal_minor, discount_minor, shipping_minor,
       shipping_tax_minor, tax_minor, total_minor, staff_id, staff_name, created_us, paid_us)
VALUES (:number, :order_id, :website_id, :search_fold, :state, :subtotal, :discount, :shipping,
       :shipping_tax, :tax, :total, :staff_id, :staff_name, :now_us, :paid_us)
RETURNING id;

-- write exec invoice_item_insert (invoice_id int, item_id int, qty int, row int, discount int, tax int)
INSERT INTO sales_invoice_item (invoice_id, item_id, qty, row_minor, discount_minor, tax_minor)
VALUES (:invoice_id, :item_id, :qty, :row, :discount, :tax);

-- write exec invoice_set_paid (id int, now_us int)
UPDATE sales_invoice SET state = 'paid', paid_us = :now_us WHERE id = :id AND state = 'open';

-- write exec invoice_set_canceled (id int)
UPDATE sales_invoice SET state = 'canceled' WHERE id = :id AND state = 'open';
