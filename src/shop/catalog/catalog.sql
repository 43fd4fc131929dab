-- read rows catalog_nav_rows (website_id int, lang text) -> id int, url_key text, name text, description text
SELECT c.id, c.url_key, COALESCE(t.name, e.name), COALESCE(t.description, e.description)
  FROM category c JOIN category_text e ON e.category_id = c.id AND e.lang = 'en'
  LEFT JOIN category_text t ON t.category_id = c.id AND t.lang = :lang
 WHERE c.website_id = :website_id AND c.active = 1 AND c.parent_id IS NULL ORDER BY c.position, c.id LIMIT 100;

-- read rows catalog_children (parent_id int, lang text) -> url_key text, name text
SELECT c.url_key, COALESCE(t.name, e.name)
  FROM category c JOIN category_text e ON e.category_id = c.id AND e.lang = 'en'
  LEFT JOIN category_text t ON t.category_id = c.id AND t.lang = :lang
 WHERE c.parent_id = :parent_id AND c.active = 1 ORDER BY c.position, c.id LIMIT 100;

-- read one catalog_category (website_id int, url_key text, lang text) -> id int, name text, description text, parent_key text?, parent_name text?
SELECT c.id, COALESCE(t.name, e.name), COALESCE(t.description, e.description), m.url_key, COALESCE(mt.name, me.name)
  FROM category c JOIN category_text e ON e.category_id = c.id AND e.lang = 'en'
  LEFT JOIN category_text t ON t.category_id = c.id AND t.lang = :lang
  LEFT JOIN category m ON m.id = c.parent_id AND m.active = 1
  LEFT JOIN category_text me ON me.category_id = m.id AND me.lang = 'en'
  LEFT JOIN category_text mt ON mt.category_id = m.id AND mt.lang = :lang
 WHERE c.website_id = :website_id AND c.url_key = :url_key AND c.active = 1;

-- read one catalog_category_size (category_id int, website_id int) -> products int
SELECT count(*) FROM product_category pc JOIN product p ON p.id = pc.product_id
  JOIN product_website pw ON pw.product_id = p.id AND pw.website_id = :website_id
 WHERE pc.category_id = :category_id AND p.active = 1;

-- The narrowest category of a product: where its breadcrumb leads through.
-- read rows catalog_product_home (product_id int, website_id int) -> category_id int, url_key text
SELECT c.id, c.url_key FROM product_category pc JOIN category c ON c.id = pc.category_id
 WHERE pc.product_id = :product_id AND c.website_id = :website_id AND c.active = 1
 ORDER BY CASE WHEN c.parent_id IS NULL THEN 1 ELSE 0 END, c.position, c.id LIMIT 1;

-- read one catalog_product (website_id int, url_key text, lang text, group_id int) -> id int, sku text, name text, summary text, description text, price_minor int, list_minor int, stock int
SELECT p.id, p.sku, COALESCE(t.name, e.name), COALESCE(t.summary, e.summary), COALESCE(t.description, e.description),
       COALESCE(g.price_minor, p.price_minor), p.price_minor, p.stock
  FROM product p JOIN product_website pw ON pw.product_id = p.id AND pw.website_id = :website_id
  JOIN product_text e ON e.product_id = p.id AND e.lang = 'en'
  LEFT JOIN product_text t ON t.product_id = p.id AND t.lang = :lang
  LEFT JOIN product_group_price g ON g.product_id = p.id AND g.group_id = :group_id
 WHERE p.url_key = :url_key AND p.active = 1;

-- read one catalog_picture (website_id int, url_key text) -> picture text
SELECT p.picture FROM product p JOIN product_website pw ON pw.product_id = p.id AND pw.website_id = :website_id
 WHERE p.url_key = :url_key AND p.active = 1;

-- read rows catalog_newest (website_id int, lang text, group_id int, n int) -> id int, url_key text, name text, price_minor int, list_minor int, stock int
SELECT p.id, p.url_key, COALESCE(t.name, e.name), COALESCE(g.price_minor, p.price_minor), p.price_minor, p.stock
  FROM product p JOIN product_website pw ON pw.product_id = p.id AND pw.website_id = :website_id
  JOIN product_text e ON e.product_id = p.id AND e.lang = 'en'
  LEFT JOIN product_text t ON t.product_id = p.id AND t.lang = :lang
  LEFT JOIN product_group_price g ON g.product_id = p.id AND g.group_id = :group_id
 WHERE p.active = 1 ORDER BY p.created_us DESC, p.id DESC LIMIT :n;

-- Lists: sort 0 is the shop's own order (of the category, or how well it fits the words), 1 name, 2 and 3 price up and down,
-- 4 newest. A page begins behind the product `after`, or ends before the product `before` (then the rows come last first).

-- read rows catalog_category_page (website_id int, lang text, group_id int, category_id int, sort int, after int, n int) -> id int, url_key text, name text, price_minor int, list_minor int, stock int
WITH shown AS (
  SELECT p.id AS id, p.url_key AS url_key, COALESCE(t.name, e.name) AS name,
         COALESCE(g.price_minor, p.price_minor) AS price_minor, p.price_minor AS list_minor, p.stock AS stock,
         CASE WHEN :sort = 1 THEN COALESCE(t.search_fold, e.search_fold) ELSE '' END AS words,
         CASE :sort WHEN 2 THEN COALESCE(g.price_minor, p.price_minor) WHEN 3 THEN 0 - COALESCE(g.price_minor, p.price_minor)
                    WHEN 4 THEN 0 - p.created_us ELSE pc.position END AS number
    FROM product_category pc JOIN product p ON p.id = pc.product_id
    JOIN product_website pw ON pw.product_id = p.id AND pw.website_id = :website_id
    JOIN product_text e ON e.product_id = p.id AND e.lang = 'en'
    LEFT JOIN product_text t ON t.product_id = p.id AND t.lang = :lang
    LEFT JOIN product_group_price g ON g.product_id = p.id AND g.group_id = :group_id
   WHERE pc.category_id = :category_id AND p.active = 1)
SELECT id, url_key, name, price_minor, list_minor, stock FROM shown
 WHERE :after = 0 OR (words, number, id) > (SELECT words, number, id FROM shown WHERE id = :after)
 ORDER BY words, number, id LIMIT :n;

-- read rows catalog_category_back (website_id int, lang text, group_id int, category_id int, sort int, before int, n int) -> id int, url_key text, name text, price_minor int, list_minor int, stock int
WITH shown AS (
  SELECT p.id AS id, p.url_key AS url_key, COALESCE(t.name, e.name) AS name,
         COALESCE(g.price_minor, p.price_minor) AS price_minor, p.price_minor AS list_minor, p.stock AS stock,
         CASE WHEN :sort = 1 THEN COALESCE(t.search_fold, e.search_fold) ELSE '' END AS words,
         CASE :sort WHEN 2 THEN COALESCE(g.price_minor, p.price_minor) WHEN 3 THEN 0 - COALESCE(g.price_minor, p.price_minor)
                    WHEN 4 THEN 0 - p.created_us ELSE pc.position END AS number
    FROM product_category pc JOIN product p ON p.id = pc.product_id
    JOIN product_website pw ON pw.product_id = p.id AND pw.website_id = :website_id
    JOIN product_text e ON e.product_id = p.id AND e.lang = 'en'
    LEFT JOIN product_text t ON t.product_id = p.id AND t.lang = :lang
    LEFT JOIN product_group_price g ON g.product_id = p.id AND g.group_id = :group_id
   WHERE pc.category_id = :category_id AND p.active = 1)
SELECT id, url_key, name, price_minor, list_minor, stock FROM shown
 WHERE (words, number, id) < (SELECT words, number, id FROM shown WHERE id = :before)
 ORDER BY words DESC, number DESC, id DESC LIMIT :n;

-- read rows catalog_search_page (website_id int, lang text, group_id int, begins text, w1 text, w2 text, w3 text, w4 text, w5 text, w6 text, sort int, after int, n int) -> id int, url_key text, name text, price_minor int, list_minor int, stock int
WITH every AS (
  SELECT p.id AS id, p.url_key AS url_key, COALESCE(t.name, e.name) AS name, COALESCE(t.search_fold, e.search_fold) AS words_fold,
         COALESCE(g.price_minor, p.price_minor) AS price_minor, p.price_minor AS list_minor, p.stock AS stock,
         p.created_us AS created_us
    FROM product p JOIN product_website pw ON pw.product_id = p.id AND pw.website_id = :website_id
    JOIN product_text e ON e.product_id = p.id AND e.lang = 'en'
    LEFT JOIN product_text t ON t.product_id = p.id AND t.lang = :lang
    LEFT JOIN product_group_price g ON g.product_id = p.id AND g.group_id = :group_id
   WHERE p.active = 1),
shown AS (
  SELECT id, url_key, name, price_minor, list_minor, stock, CASE WHEN :sort = 1 THEN words_fold ELSE '' END AS words,
         CASE :sort WHEN 2 THEN price_minor WHEN 3 THEN 0 - price_minor WHEN 4 THEN 0 - created_us
                    ELSE CASE WHEN words_fold LIKE :begins ESCAPE '!' THEN 0 ELSE 1 END END AS number
    FROM every
   WHERE words_fold LIKE :w1 ESCAPE '!' AND words_fold LIKE :w2 ESCAPE '!' AND words_fold LIKE :w3 ESCAPE '!'
     AND words_fold LIKE :w4 ESCAPE '!' AND words_fold LIKE :w5 ESCAPE '!' AND words_fold LIKE :w6 ESCAPE '!')
SELECT id, url_key, name, price_minor, list_minor, stock FROM shown
 WHERE :after = 0 OR (words, number, id) > (SELECT words, number, id FROM shown WHERE id = :after)
 ORDER BY words, number, id LIMIT :n;

-- read rows catalog_search_back (website_id int, lang text, group_id int, begins text, w1 text, w2 text, w3 text, w4 text, w5 text, w6 text, sort int, before int, n int) -> id int, url_key text, name text, price_minor int, list_minor int, stock int
WITH every AS (
  SELECT p.id AS id, p.url_key AS url_key, COALESCE(t.name, e.name) AS name, COALESCE(t.search_fold, e.search_fold) AS words_fold,
         COALESCE(g.price_minor, p.price_minor) AS price_minor, p.price_minor AS list_minor, p.stock AS stock,
         p.created_us AS created_us
    FROM product p JOIN product_website pw ON pw.product_id = p.id AND pw.website_id = :website_id
    JOIN product_text e ON e.product_id = p.id AND e.lang = 'en'
    LEFT JOIN product_text t ON t.product_id = p.id AND t.lang = :lang
    LEFT JOIN product_group_price g ON g.product_id = p.id AND g.group_id = :group_id
   WHERE p.active = 1),
shown AS (
  SELECT id, url_key, name, price_minor, list_minor, stock, CASE WHEN :sort = 1 THEN words_fold ELSE '' END AS words,
         CASE :sort WHEN 2 THEN price_minor WHEN 3 THEN 0 - price_minor WHEN 4 THEN 0 - created_us
                    ELSE CASE WHEN words_fold LIKE :begins ESCAPE '!' THEN 0 ELSE 1 END END AS number
    FROM every
   WHERE words_fold LIKE :w1 ESCAPE '!' AND words_fold LIKE :w2 ESCAPE '!' AND words_fold LIKE :w3 ESCAPE '!'
     AND words_fold LIKE :w4 ESCAPE '!' AND words_fold LIKE :w5 ESCAPE '!' AND words_fold LIKE :w6 ESCAPE '!')
SELECT id, url_key, name, price_minor, list_minor, stock FROM shown
 WHERE (words, number, id) < (SELECT words, number, id FROM shown WHERE id = :before)
 ORDER BY words DESC, number DESC, id DESC LIMIT :n;
