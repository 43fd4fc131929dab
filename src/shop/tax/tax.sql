-- read one tax_get (id int) -> id int, tax_class text, country text, name text, rate_bp int
SELECT id, tax_class, country, name, rate_bp FROM tax_rate WHERE id = :id;

-- read one tax_taken (country text, tax_class text, except_id int) -> n int
SELECT count(*) FROM tax_rate WHERE country = :country AND tax_class = :tax_class AND id <> :except_id;

-- write one tax_insert (tax_class text, country text, name text, rate_bp int) -> id int
INSERT INTO tax_rate (tax_class, country, name, rate_bp) VALUES (:tax_class, :country, :name, :rate_bp) RETURNING id;

-- write exec tax_update (id int, tax_class text, country text, name text, rate_bp int)
UPDATE tax_rate SET tax_class = :tax_class, country = :country, name = :name, rate_bp = :rate_bp WHERE id = :id;

-- write exec tax_delete (id int)
DELETE FROM tax_rate WHERE id = :id;
