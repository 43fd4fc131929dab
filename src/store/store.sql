-- read rows store_websites () -> id int, code text, name text
SELECT id, code, name FROM website ORDER BY position, id;

-- read rows store_stores () -> id int, website_id int, code text, name text
SELECT s.id, s.website_id, s.code, s.name
  FROM store s JOIN website w ON w.id = s.website_id
 ORDER BY w.position, w.id, s.position, s.id;

-- read rows store_views () -> id int, store_id int, website_id int, code text, path text, name text, locale text, active bool
SELECT v.id, v.store_id, s.website_id, v.code, v.path, v.name, v.locale, v.active
  FROM store_view v JOIN store s ON s.id = v.store_id JOIN website w ON w.id = s.website_id
 ORDER BY w.position, w.id, s.position, s.id, v.position, v.id;
