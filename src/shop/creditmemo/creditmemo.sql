-- Credit memos. Their order is read by the order's own statements, which look at @scope and @self.

-- read one creditmemo_row (id int) -> id int, number int, order_id int, invoice_id int?, subtotal int, discount int, shipping int,
--      shipping_tax int, tax int, adjustment int, fee int, total int, staff_id int?, staff_name text, created_us int
SELECT id, number, order_id, invoice_id, subtotal_minor, discount_minor, shipping_minor, shipping_tax_minor, tax_minor,
       adjustment_minor, fee_minor, total_minor, staff_id, staff_name, created_us
  FROM sales_creditmemo WHERE id = :id;

-- read rows creditmemo_items (creditmemo_id int) -> item_id int, qty int, row int, discount int, tax int
SELECT item_id, qty, row_minor, discount_minor, tax_minor
  FROM sales_creditmemo_item WHERE creditmemo_id = :creditmemo_id ORDER BY id;

-- What the credit memos made from one invoice gave back so far.
-- read rows creditmemo_of_invoice_items (order_id int, invoice_id int) -> item_id int, qty int
SELECT k.item_id, CAST(sum(k.qty) AS BIGINT)
  FROM sales_creditmemo m JOIN sales_creditmemo_item k ON k.creditmemo_id = m.id
 WHERE m.order_id = :order_id AND m.invoice_id = :invoice_id
 GROUP BY k.item_id;

-- read one creditmemo_of_invoice (order_id int, invoice_id int) -> shipping int, total int
SELECT CAST(COALESCE(sum(shipping_minor), 0) AS BIGINT), CAST(COALESCE(sum(total_minor), 0) AS BIGINT)
  FROM sales_creditmemo WHERE order_id = :order_id AND invoice_id = :invoice_id;

-- write one creditmemo_insert (number int, order_id int, invoice_id int?, website_id int, search_fold text, subtotal int,
--      discount int, shipping int, shipping_tax int, tax int, adjustment int, fee int, total int, staff_id int?, staff_name text,
--      now_us int) -> id int
INSERT INTO sales_creditmemo (number, order_id, invoice_id, website_id, search_fold, state, subtotal_minor, discount_minor,
       shipping_minor, shipping_tax_minor, tax_minor, adjustment_minor, fee_minor, total_minor, staff_id, staff_name, created_us)
VALUES (:number, :order_id, :invoice_id, :website_id, :search_fold, 'refunded', :subtotal, :discount,
       :shipping, :shipping_tax, :tax, :adjustment, :fee, :total, :staff_id, :staff_name, :now_us)
RETURNING id;

-- write exec creditmemo_item_insert (creditmemo_id int, item_id int, qty int, restocked int, row int, discount int, tax int)
INSERT INTO sales_creditmemo_item (creditmemo_id, item_id, qty, restocked, row_minor, discount_minor, tax_minor)
VALUES (:creditmemo_id, :item_id, :qty, :restocked, :row, :discount, :tax);

-- The first credit memo of this amount whose money did not go back through the provider, as far as anybody knows: staff gave it back
-- themselves, or the provider refused.
-- read one creditmemo_offline (order_id int, total int) -> id int
SELECT m.id FROM sales_creditmemo m
 WHERE m.order_id = :order_id AND m.total_minor = :total
   AND NOT EXISTS (SELECT 1 FROM payment_refund r WHERE r.creditmemo_id = m.id AND r.state <> 'refused')
 ORDER BY m.id LIMIT 1;
