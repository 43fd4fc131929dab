"""What `-- words: TABLE(COLUMN)` in a migration makes: the table TABLE_word (part, word, id) of the words of a search text
(i18n_search_text), which triggers keep to the text. So who writes a row need not think of its words.

A text is " one two = three = four": a space before each word, " = " between its parts.

SQLite: while word_pause has a row, nothing is kept; when that row goes, all that is missing is made at once, in the order in
which it is stored. Filling a large table so takes a tenth of the time. PostgreSQL needs it only for `countersign copy`, and there
takes the trigger away in the transaction of the copy. A program that fills the tables and is killed leaves the row behind; who
opens the database next removes it, before anybody searches.

`-- words again: TABLE(COLUMN)` in a later migration makes the triggers of a change anew, where a database still has them as they
were made by an earlier version of the program."""

LEFT_PAUSED, RESUME = "SELECT count(*) FROM word_pause", "DELETE FROM word_pause"


def plain(column):
    """The text without the space at its beginning, and without what would end a word in JSON."""
    return f"replace(replace(CASE WHEN substr({column}, 1, 1) = ' ' THEN substr({column}, 2) ELSE {column} END, '\"', ' '), '\\', ' ')"


def array(column):
    """The text as JSON: an array of parts, each an array of words."""
    return f"'[[\"' || replace(replace({plain(column)}, ' = ', '\"],[\"'), ' ', '\",\"') || '\"]]'"


def split(column):
    """The parts and words of a text, as a table expression of SQLite."""
    return f"json_each({array(column)}) p, json_each(p.value) w WHERE w.value <> ''"


def parts(column):
    """The text as JSON: an array of its parts."""
    return f"'[\"' || replace({plain(column)}, ' = ', '\",\"') || '\"]'"


def words_of(part):
    """The words of one part, as a table expression of SQLite; no rows when it is NULL."""
    return f"json_each('[\"' || replace({part}, ' ', '\",\"') || '\"]') w WHERE w.value <> ''"


GOING = "NOT EXISTS (SELECT 1 FROM word_pause)"


def sqlite(table, column, append_only):
    words, old, new = f"{table}_word", "OLD." + column, "NEW." + column
    put = f"INSERT INTO {words} (part, word, id)"
    fill = f"{put} SELECT p.key, w.value, t.id FROM {table} t, {split('t.' + column)} ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING;"
    out = [
        f"CREATE TABLE {words} (part INTEGER NOT NULL, word TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (part, word, id)) "
        "STRICT, WITHOUT ROWID;",
        fill,
        f"CREATE TRIGGER {words}_add AFTER INSERT ON {table} WHEN {GOING} BEGIN "
        f"{put} SELECT p.key, w.value, NEW.id FROM {split(new)} ON CONFLICT DO NOTHING; END;",
        f"CREATE TRIGGER {words}_fill AFTER DELETE ON word_pause BEGIN {fill} END;",
    ]
    if not append_only:
        # One IN for each column: (part, word, id) IN (…) reads the whole table.
        out.append(f"CREATE TRIGGER {words}_drop AFTER DELETE ON {table} BEGIN DELETE FROM {words} WHERE id = OLD.id "
                   f"AND part IN (SELECT p.key FROM json_each({array(old)}) p) AND word IN (SELECT w.value FROM {split(old)}); END;")
    return "".join("\n" + line for line in out) + ("" if append_only else sqlite_follow(table, column))


def sqlite_follow(table, column):
    """What a changed text does: only parts that are others are taken apart. A view stands between, so that what changed is found once
    and each part is then a row with its words of before and of now."""
    words, old, new = f"{table}_word", "OLD." + column, "NEW." + column
    return "".join("\n" + line for line in [
        f"DROP TRIGGER IF EXISTS {words}_set;",
        f"DROP VIEW IF EXISTS {words}_change;",
        f"CREATE VIEW {words}_change (part, was, now, id) AS SELECT 0, '', '', 0 WHERE 0;",
        f"CREATE TRIGGER {words}_apply INSTEAD OF INSERT ON {words}_change BEGIN "
        f"DELETE FROM {words} WHERE part = NEW.part AND word IN (SELECT w.value FROM {words_of('NEW.was')}) AND id = NEW.id; "
        f"INSERT INTO {words} (part, word, id) SELECT NEW.part, w.value, NEW.id FROM {words_of('NEW.now')} ON CONFLICT DO NOTHING; END;",
        f"CREATE TRIGGER {words}_set AFTER UPDATE OF {column} ON {table} WHEN OLD.{column} <> NEW.{column} AND {GOING} BEGIN "
        f"INSERT INTO {words}_change (part, was, now, id) SELECT COALESCE(o.key, n.key), o.value, n.value, NEW.id "
        f"FROM json_each({parts(old)}) o FULL JOIN json_each({parts(new)}) n ON n.key = o.key WHERE o.value IS NOT n.value; END;",
    ])


def postgres(table, column):
    words = f"{table}_word"
    take_apart = (f"CREATE FUNCTION {words}s(fold TEXT) RETURNS TABLE (part BIGINT, word TEXT) LANGUAGE sql IMMUTABLE AS $f$"
                  "SELECT DISTINCT p.n - 1, w.word FROM unnest(string_to_array(CASE WHEN starts_with(fold, ' ') THEN substr(fold, 2) "
                  "ELSE fold END, ' = ')) WITH ORDINALITY AS p (words, n), unnest(string_to_array(p.words, ' ')) AS w (word) "
                  "WHERE w.word <> ''$f$;")
    return "".join("\n" + line for line in [
        f'CREATE TABLE {words} (part BIGINT NOT NULL, word TEXT COLLATE "C" NOT NULL, id BIGINT NOT NULL);',
        take_apart,
        f"INSERT INTO {words} (part, word, id) SELECT s.part, s.word, t.id FROM {table} t, {words}s(t.{column}) s;",
        f"ALTER TABLE {words} ADD PRIMARY KEY (part, word, id);",
    ]) + postgres_follow(table, column) + "".join("\n" + line for line in [
        f"CREATE TRIGGER {words}_add AFTER INSERT OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {words}_follow();",
        f"CREATE TRIGGER {words}_set AFTER UPDATE OF {column} ON {table} FOR EACH ROW WHEN (OLD.{column} <> NEW.{column}) "
        f"EXECUTE FUNCTION {words}_follow();",
    ])


def postgres_follow(table, column):
    """Only parts that are others are taken apart; OLD and NEW are NULL where there is none. Words go one by one: what is found by the
    whole key is planned alike whatever the table's size."""
    words = f"{table}_word"

    def parts_of(row):
        text = f"{row}.{column}"
        return f"string_to_array(CASE WHEN starts_with({text}, ' ') THEN substr({text}, 2) ELSE {text} END, ' = ')"

    return (f"\nCREATE OR REPLACE FUNCTION {words}_follow() RETURNS trigger LANGUAGE plpgsql AS $f$"
            f"DECLARE was TEXT[] := {parts_of('OLD')}; now TEXT[] := {parts_of('NEW')}; one TEXT; "
            "BEGIN FOR i IN 1 .. GREATEST(cardinality(was), cardinality(now)) LOOP "
            "CONTINUE WHEN was[i] IS NOT DISTINCT FROM now[i]; "
            "IF was[i] IS NOT NULL THEN FOREACH one IN ARRAY string_to_array(was[i], ' ') LOOP "
            f"DELETE FROM {words} WHERE part = i - 1 AND word = one AND id = OLD.id; END LOOP; END IF; "
            f"INSERT INTO {words} (part, word, id) SELECT i - 1, n.word, NEW.id FROM unnest(string_to_array(now[i], ' ')) n (word) "
            "WHERE n.word <> '' ON CONFLICT DO NOTHING; "
            "END LOOP; RETURN NULL; END$f$;")


def postgres_pause(table, column):
    """What a copy runs before it fills the table, and after it."""
    words = f"{table}_word"
    return (f"ALTER TABLE {table} DISABLE TRIGGER {words}_add;ALTER TABLE {words} DROP CONSTRAINT {words}_pkey;",
            f"INSERT INTO {words} (part, word, id) SELECT s.part, s.word, t.id FROM {table} t, {words}s(t.{column}) s;"
            f"ALTER TABLE {words} ADD PRIMARY KEY (part, word, id);ALTER TABLE {table} ENABLE TRIGGER {words}_add;")


def sqlite_pause():
    return "INSERT INTO word_pause (id, reason) VALUES (1, 'copy');", "DELETE FROM word_pause WHERE id = 1;"
