-- read one audit_last () -> id int, hash blob
SELECT id, hash FROM audit_entry ORDER BY id DESC LIMIT 1;

-- write exec audit_insert (id int, at_us int, action_group text, action text, full_action text, result text, reason text, actor text, staff_id int?, username text, customer_id int?, customer text, session_id int?, website_id int?, view text, origin text, subject_kind text, subject_id text, details text, before_json text, after_json text, ip text, search_fold text, prev_hash blob, hash blob)
INSERT INTO audit_entry (id, at_us, action_group, action, full_action, result, reason, actor, staff_id, username,
  customer_id, customer, session_id, website_id, view, origin, subject_kind, subject_id, details, before_json, after_json,
  ip, search_fold, prev_hash, hash)
VALUES (:id, :at_us, :action_group, :action, :full_action, :result, :reason, :actor, :staff_id, :username,
  :customer_id, :customer, :session_id, :website_id, :view, :origin, :subject_kind, :subject_id, :details, :before_json, :after_json,
  :ip, :search_fold, :prev_hash, :hash);

-- read rows audit_walk (after_id int, up_to int) -> id int, at_us int, action_group text, action text, full_action text, result text, reason text, actor text, staff_id int?, username text, customer_id int?, customer text, session_id int?, website_id int?, view text, origin text, subject_kind text, subject_id text, details text, before_json text, after_json text, ip text, search_fold text, prev_hash blob, hash blob
SELECT id, at_us, action_group, action, full_action, result, reason, actor, staff_id, username,
  customer_id, customer, session_id, website_id, view, origin, subject_kind, subject_id, details, before_json, after_json,
  ip, search_fold, prev_hash, hash
FROM audit_entry WHERE id > :after_id ORDER BY id LIMIT :up_to;

-- read each audit_all () -> like audit_walk
SELECT id, at_us, action_group, action, full_action, result, reason, actor, staff_id, username,
  customer_id, customer, session_id, website_id, view, origin, subject_kind, subject_id, details, before_json, after_json,
  ip, search_fold, prev_hash, hash
FROM audit_entry ORDER BY id;

-- read rows audit_seals () -> id int, at_us int, entries int, head_hash blob, public_key blob, signature blob
SELECT id, at_us, entries, head_hash, public_key, signature FROM audit_seal ORDER BY id;

-- read one audit_seal_last () -> id int, entries int
SELECT id, entries FROM audit_seal ORDER BY id DESC LIMIT 1;

-- write exec audit_seal_insert (id int, at_us int, entries int, head_hash blob, public_key blob, signature blob)
INSERT INTO audit_seal (id, at_us, entries, head_hash, public_key, signature)
VALUES (:id, :at_us, :entries, :head_hash, :public_key, :signature);

-- The first block that is not in the index yet.
-- read one audit_block_next () -> id int
SELECT COALESCE(max(id) + 1, 0) FROM audit_block;

-- write exec audit_block_insert (id int, low_us int, high_us int, search_fold text)
INSERT INTO audit_block (id, low_us, high_us, search_fold) VALUES (:id, :low_us, :high_us, :search_fold);
