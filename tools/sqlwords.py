"""What `-- words: TABLE(COLUMN)` in a migration makes: the table TABLE_word (part, word, id) of the words of a search text
(i18n_search_text), which triggers keep to the text. So who writes a row need not think of its words.

A text is " one two = three = four": a space before each word, " = " between its parts.

SQLite: while word_pause has a row, nothing is kept; when that row goes, all that is missing is made at once, in the order in
which it is stored. Filling a large table so takes a tenth of the time. PostgreSQL needs it only for `countersign copy`, and there
takes the trigger away in the transaction of the copy."""


def plain(column):
    """The text without the space at its beginning, and without what would end a word in JSON."""
    return f"replace(replace(CASE WHEN substr({column}, 1, 1) = ' ' THEN substr({column}, 2) ELSE {column} END, '\"', ' '), '\\', ' ')"


def array(column):
    """The text as JSON: an array of parts, each an array of words."""
    return f"'[[\"' || replace(replace({plain(column)}, ' = ', '\"],[\"'), ' ', '\",\"') || '\"]]'"


def split(column):
    """The parts and words of a text, as a table expression of SQLite."""
    return f"json_each({array(column)}) p, json_each(p.value) w WHERE w.value <> ''"


def sqlite(table, column, append_only):
    words, going = f"{table}_word", "NOT EXISTS (SELECT 1 FROM word_pause)"
    old, new = "OLD." + column, "NEW." + column
    put = f"INSERT INTO {words} (part, word, id)"
    put_new = f"{put} SELECT p.key, w.value, NEW.id FROM {split(new)} ON CONFLICT DO NOTHING;"
    fill = f"{put} SELECT p.key, w.value, t.id FROM {table} t, {split('t.' + column)} ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;"
    # One IN for each column: (part, word, id) IN (…) reads the whole table.
    drop_old = (f"DELETE FROM {words} WHERE id = OLD.id AND part IN (SELECT p.key FROM json_each({array(old)}) p) "
                f"AND word IN (SELECT w.value FROM {split(old)})")
    out = [
        f"CREATE TABLE {words} (part INTEGER NOT NULL, word TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (part, word, id)) "
        "STRICT, WITHOUT ROWID;",
        fill,
        f"CREATE TRIGGER {words}_add AFTER INSERT ON {table} WHEN {going} BEGIN {put_new} END;",
        f"CREATE TRIGGER {words}_fill AFTER DELETE ON word_pause BEGIN {fill} END;",
    ]
    if not append_only:
        stays = f"EXISTS (SELECT 1 FROM {split(new)} AND p.key = part AND w.value = word)"
        out += [
            f"CREATE TRIGGER {words}_set AFTER UPDATE OF {column} ON {table} WHEN OLD.{column} <> NEW.{column} AND {going} BEGIN "
            f"{drop_old} AND NOT {stays}; {put_new} END;",
            f"CREATE TRIGGER {words}_drop AFTER DELETE ON {table} BEGIN {drop_old}; END;",
        ]
    return "".join("\n" + line for line in out)


def postgres(table, column):
    words = f"{table}_word"
    take_apart = (f"CREATE FUNCTION {words}s(fold TEXT) RETURNS TABLE (part BIGINT, word TEXT) LANGUAGE sql IMMUTABLE AS $f$"
                  "SELECT DISTINCT p.n - 1, w.word FROM unnest(string_to_array(CASE WHEN starts_with(fold, ' ') THEN substr(fold, 2) "
                  "ELSE fold END, ' = ')) WITH ORDINALITY AS p (words, n), unnest(string_to_array(p.words, ' ')) AS w (word) "
                  "WHERE w.word <> ''$f$;")
    follow = (f"CREATE FUNCTION {words}_follow() RETURNS trigger LANGUAGE plpgsql AS $f$BEGIN "
              f"IF TG_OP <> 'INSERT' THEN DELETE FROM {words} d USING {words}s(OLD.{column}) o "
              f"WHERE d.part = o.part AND d.word = o.word AND d.id = OLD.id; END IF; "
              f"IF TG_OP <> 'DELETE' THEN INSERT INTO {words} (part, word, id) SELECT n.part, n.word, NEW.id FROM {words}s(NEW.{column}) n "
              f"ON CONFLICT DO NOTHING; END IF; RETURN NULL; END$f$;")
    return "".join("\n" + line for line in [
        f'CREATE TABLE {words} (part BIGINT NOT NULL, word TEXT COLLATE "C" NOT NULL, id BIGINT NOT NULL);',
        take_apart,
        f"INSERT INTO {words} (part, word, id) SELECT s.part, s.word, t.id FROM {table} t, {words}s(t.{column}) s;",
        f"ALTER TABLE {words} ADD PRIMARY KEY (part, word, id);",
        follow,
        f"CREATE TRIGGER {words}_add AFTER INSERT OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {words}_follow();",
        f"CREATE TRIGGER {words}_set AFTER UPDATE OF {column} ON {table} FOR EACH ROW WHEN (OLD.{column} <> NEW.{column}) "
        f"EXECUTE FUNCTION {words}_follow();",
    ])


def postgres_pause(table, column):
    """What a copy runs before it fills the table, and after it."""
    words = f"{table}_word"
    return (f"ALTER TABLE {table} DISABLE TRIGGER {words}_add;ALTER TABLE {words} DROP CONSTRAINT {words}_pkey;",
            f"INSERT INTO {words} (part, word, id) SELECT s.part, s.word, t.id FROM {table} t, {words}s(t.{column}) s;"
            f"ALTER TABLE {words} ADD PRIMARY KEY (part, word, id);ALTER TABLE {table} ENABLE TRIGGER {words}_add;")


def sqlite_pause():
    return "INSERT INTO word_pause (id, reason) VALUES (1, 'copy');", "DELETE FROM word_pause WHERE id = 1;"
