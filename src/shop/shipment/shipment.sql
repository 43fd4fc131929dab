-- Shipments. Their order is read by the order's own statements, which look at @scope and @self.

-- read one shipment_row (id int) -> id int, number int, order_id int, pieces int, weight_g int, staff_id int?, staff_name text,
--      created_us int
SELECT id, number, order_id, pieces, weight_g, staff_id, staff_name, created_us FROM sales_shipment WHERE id = :id;

-- read rows shipment_items (shipment_id int) -> item_id int, qty int
SELECT item_id, qty FROM sales_shipment_item WHERE shipment_id = :shipment_id ORDER BY id;

-- read rows shipment_tracks (shipment_id int) -> id int, carrier text, title text, number text, created_us int
SELECT id, carrier, title, track_number, created_us FROM sales_track WHERE shipment_id = :shipment_id ORDER BY id LIMIT 100;

-- write one shipment_insert (number int, order_id int, website_id int, search_fold text, pieces int, weight_g int, staff_id int?,
--      staff_name text, now_us int) -> id int
INSERT INTO sales_shipment (number, order_id, website_id, search_fold, pieces, weight_g, staff_id, staff_name, created_us)
VALUES (:number, :order_id, :website_id, :search_fold, :pieces, :weight_g, :staff_id, :staff_name, :now_us)
RETURNING id;

-- write exec shipment_item_insert (shipment_id int, item_id int, qty int)
INSERT INTO sales_shipment_item (shipment_id, item_id, qty) VALUES (:shipment_id, :item_id, :qty);

-- write exec shipment_track_insert (shipment_id int, carrier text, title text, number text, now_us int)
INSERT INTO sales_track (shipment_id, carrier, title, track_number, created_us) VALUES (:shipment_id, :carrier, :title, :number, :now_us);

-- write exec shipment_track_drop (id int, shipment_id int)
DELETE FROM sales_track WHERE id = :id AND shipment_id = :shipment_id;
