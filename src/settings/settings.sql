-- read rows settings_all () -> scope int, scope_id int, path text, value text
SELECT scope, scope_id, path, value FROM setting_value ORDER BY path, scope, scope_id;

-- write exec settings_put (scope int, scope_id int, path text, value text)
INSERT INTO setting_value (scope, scope_id, path, value) VALUES (:scope, :scope_id, :path, :value)
ON CONFLICT (scope, scope_id, path) DO UPDATE SET value = excluded.value;

-- write exec settings_drop (scope int, scope_id int, path text)
DELETE FROM setting_value WHERE scope = :scope AND scope_id = :scope_id AND path = :path;
