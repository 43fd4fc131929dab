-- What a quote reads. Lists come as one text of equal pieces, because both engines can take that apart.

-- Products by id, each id as 19 digits.
-- read rows quote_products (ids text, lang text, group_id int, website_id int) -> id int, sku text, name text, url_key text,
--      price int, stock int, weight_g int, tax_class text, sold bool
WITH RECURSIVE want (id, rest) AS (
  SELECT CAST(substr(CAST(:ids AS TEXT), 1, 19) AS BIGINT), substr(CAST(:ids AS TEXT), 20)
  UNION ALL
  SELECT CAST(substr(rest, 1, 19) AS BIGINT), substr(rest, 20) FROM want WHERE rest <> ''
)
SELECT p.id, p.sku, COALESCE(t.name, e.name), p.url_key, COALESCE(g.price_minor, p.price_minor), p.stock, p.weight_g, p.tax_class,
       CASE WHEN p.active = 1 AND w.product_id IS NOT NULL THEN 1 ELSE 0 END
  FROM want
  JOIN product p ON p.id = want.id
  JOIN product_text e ON e.product_id = p.id AND e.lang = 'en'
  LEFT JOIN product_text t ON t.product_id = p.id AND t.lang = :lang
  LEFT JOIN product_group_price g ON g.product_id = p.id AND g.group_id = :group_id
  LEFT JOIN product_website w ON w.product_id = p.id AND w.website_id = :website_id
 ORDER BY p.id;

-- The rates of some countries (two letters each) and those of all others.
-- read rows quote_taxes (countries text) -> country text, tax_class text, rate_bp int
WITH RECURSIVE place (country, rest) AS (
  SELECT CAST('*' AS TEXT), CAST(:countries AS TEXT)
  UNION ALL
  SELECT substr(rest, 1, 2), substr(rest, 3) FROM place WHERE rest <> ''
)
SELECT t.country, t.tax_class, t.rate_bp FROM place JOIN tax_rate t ON t.country = place.country;

-- read rows quote_rates (website_id int, countries text) -> country text, from_weight_g int, price int
WITH RECURSIVE place (country, rest) AS (
  SELECT CAST('*' AS TEXT), CAST(:countries AS TEXT)
  UNION ALL
  SELECT substr(rest, 1, 2), substr(rest, 3) FROM place WHERE rest <> ''
)
SELECT r.country, r.from_weight_g, r.price_minor
  FROM place JOIN shipping_rate r ON r.website_id = :website_id AND r.country = place.country;

-- used_by: how often this customer, or this e-mail, has used it.
-- read one quote_coupon_row (code_fold text, customer_id int?, email_fold text) -> id int, code text, name text, website_id int?,
--      kind text, value int, minimum int, from_us int?, until_us int?, uses_max int?, uses_per_customer int?, uses int, active bool,
--      used_by int
SELECT c.id, c.code, c.name, c.website_id, c.kind, c.value, c.minimum_minor, c.from_us, c.until_us, c.uses_max, c.uses_per_customer,
       c.uses, c.active,
       (SELECT count(*) FROM coupon_use u
         WHERE u.coupon_id = c.id
           AND (u.customer_id = :customer_id OR (u.email_fold = :email_fold AND u.email_fold <> '')))
  FROM coupon c WHERE c.code_fold = :code_fold;
