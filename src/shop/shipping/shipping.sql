-- read one shipping_get (id int) -> id int, website_id int, country text, from_weight_g int, price_minor int
SELECT id, website_id, country, from_weight_g, price_minor FROM shipping_rate
 WHERE id = :id AND ((CAST(@scope AS BIGINT) >> CAST(website_id AS INTEGER)) & 1) = 1;

-- read one shipping_taken (website_id int, country text, from_weight_g int, except_id int) -> n int
SELECT count(*) FROM shipping_rate
 WHERE website_id = :website_id AND country = :country AND from_weight_g = :from_weight_g AND id <> :except_id;

-- write one shipping_insert (website_id int, country text, from_weight_g int, price_minor int) -> id int
INSERT INTO shipping_rate (website_id, country, from_weight_g, price_minor)
VALUES (:website_id, :country, :from_weight_g, :price_minor) RETURNING id;

-- write exec shipping_update (id int, website_id int, country text, from_weight_g int, price_minor int)
UPDATE shipping_rate SET website_id = :website_id, country = :country, from_weight_g = :from_weight_g, price_minor = :price_minor
 WHERE id = :id;

-- write exec shipping_delete (id int)
DELETE FROM shipping_rate WHERE id = :id;
