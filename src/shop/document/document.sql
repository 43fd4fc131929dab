-- What the pages of invoices, shipments and credit memos ask in common.

-- read rows document_comments_of (order_id int, document text, document_id int) -> body text, visible bool, mailed bool, author text,
--      staff_name text, created_us int
SELECT body, visible, mailed, author, staff_name, created_us
  FROM sales_comment
 WHERE order_id = :order_id AND document = :document AND document_id = :document_id
 ORDER BY id DESC LIMIT 200;
