#!/usr/bin/env python3
"""tools/sqlgen.py: what it makes compiles and does what it says; what is wrong is told with file and line."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

SCHEMA = """-- Items.
-- append-only: log
CREATE TABLE item (
  id @id,              -- its number; not 'quoted
  owner_id @int NOT NULL,
  name @text NOT NULL DEFAULT 'a -- b',
  name_fold @text NOT NULL,
  active @bool NOT NULL,
  data @blob
);
CREATE TABLE part (
  id @id,
  item_id @int NOT NULL REFERENCES item(id) ON DELETE CASCADE
);
CREATE TABLE log (id @int NOT NULL PRIMARY KEY, at_us @time NOT NULL, cost @money NOT NULL);
"""

GOOD = """-- A file's own words.

-- What one owner has.
-- read rows item_list (owner_id int, after int?)
--   -> id int, name text, active bool, data blob?
-- watch item by owner_id=:owner_id
SELECT id, name, active, data -- a remark; with a semicolon
  FROM item WHERE owner_id = :owner_id AND id > :after AND name <> ':no -- text' ORDER BY id;

-- read one item_own (id int) -> id int, parts int
-- watch item by owner_id=@self
SELECT i.id, (SELECT count(*) FROM part p WHERE p.item_id = i.id)
  FROM item i WHERE i.id = :id AND owner_id = @self AND (@scope = -1 OR @scope > 0);

-- read rows item_search (q text) -> id int
SELECT id FROM item WHERE name_fold LIKE '%' || :q || '%';

-- write one item_insert (owner_id int, name text, active bool, data blob?) -> id int
-- watch item by owner_id=:owner_id
INSERT INTO item (data, owner_id, name, name_fold, active) VALUES (:data, :owner_id, :name, :name, :active) RETURNING id;

-- write exec item_rename (id int, name text)
-- watch item by id=:id
UPDATE item SET name = :name WHERE id = :id;

-- write exec item_delete (id int)
DELETE FROM item WHERE id = :id;

-- Every item, one after the other.
-- read each item_all () -> like item_list
SELECT id, name, active, data FROM item ORDER BY id;

-- write load item_load (id int, owner_id int?, name text, data blob?)
INSERT INTO item (id, owner_id, name, name_fold, active, data)
VALUES (:id, :owner_id, :name, :name, -1, :data);

-- write rows item_take (n int) -> id int
UPDATE item SET active = 0 WHERE id IN (SELECT id FROM item WHERE active = 1 ORDER BY id LIMIT :n) RETURNING id;
"""



class Sqlgen(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="sqlgen_test.")
        self.addCleanup(shutil.rmtree, self.dir)
        self.put("schema/0001-items.sql", SCHEMA)

    def put(self, path, text):
        path = os.path.join(self.dir, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def get(self, path):
        with open(os.path.join(self.dir, path), encoding="utf-8") as f:
            return f.read()

    def run_it(self):
        return subprocess.run([sys.executable, f"{ROOT}/tools/sqlgen.py", "--src", f"{self.dir}/src", "--schema",
                               f"{self.dir}/schema", "--out", f"{self.dir}/gen", "--prefix", "t"],
                              capture_output=True, text=True, check=False)

    def made(self):
        r = self.run_it()
        self.assertEqual(r.stderr, "")
        self.assertEqual(r.returncode, 0)

    def refused(self, statements, line, words):
        self.put("src/bad.sql", statements)
        r = self.run_it()
        self.assertEqual(r.returncode, 1, statements)
        self.assertIn(f"{self.dir}/src/bad.sql:{line}: ", r.stderr, statements)
        self.assertIn(words, r.stderr, statements)
        self.assertFalse(os.path.exists(f"{self.dir}/gen/bad_sql.c"))

    def deps(self, name):
        for line in self.get("gen/item_sql.c").split("\n"):
            if line.startswith(f"static const struct db_dep deps_{name}[]"):
                return line.split("= {", 1)[1]
        return ""

    # ---- what comes out ----

    def test_compiles_without_a_warning(self):
        self.put("src/shop/item/item.sql", GOOD)
        self.made()
        for name in sorted(os.listdir(f"{self.dir}/gen")):
            if name.endswith(".c"):
                r = subprocess.run(["gcc", "-std=gnu17", "-fsyntax-only", "-Wall", "-Wextra", "-Wshadow", "-Wconversion",
                                    "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wvla", "-Wformat=2", "-Wundef", "-Werror",
                                    f"-I{ROOT}/src", f"-I{self.dir}", f"{self.dir}/gen/{name}"],
                                   capture_output=True, text=True, check=False)
                self.assertEqual(r.stderr, "", name)

    def test_types_and_prototypes(self):
        self.put("src/item.sql", GOOD)
        self.made()
        h = self.get("gen/item_sql.h")
        self.assertIn("/* What one owner has. */\nstruct item_list {\n    i64 id;\n    str name;\n    bool active;\n    str data;\n};\n"
                      "enum err item_list(struct db_r *r, i64 owner_id, opt_i64 after, struct item_list **ret, size_t *ret_n) MUST_CHECK;", h)
        self.assertIn("enum err item_rename(struct db_w *w, i64 id, str name, i64 *ret_changes) MUST_CHECK;", h)
        self.assertIn("enum err item_insert(struct db_w *w, i64 owner_id, str name, bool active, str data, struct item_insert *ret)", h)
        self.assertNotIn("A file's own words", h)

    def test_many_rows(self):
        self.put("src/item.sql", GOOD)
        self.made()
        h, c = self.get("gen/item_sql.h"), self.get("gen/item_sql.c")
        self.assertIn("enum err item_all(struct db_r *r, bool (*each)(void *arg, const struct item_list *row), void *arg) MUST_CHECK;", h)
        self.assertNotIn("struct item_all", h)
        self.assertIn("db_see_str(c_, 1)", c)
        self.assertIn("enum err item_load(struct db_w *w, i64 id, opt_i64 owner_id, str name, str data) MUST_CHECK;", h)
        self.assertIn('.into = "item (id, owner_id, name, name_fold, active, data)"', c)
        self.assertIn('VALUES ($1, $2, $3, $4, $5, $6)"', c)
        self.assertIn("{.kind = DB_INT, .i = -1},", c)

    def test_parameters_are_numbered_by_first_use(self):
        self.put("src/item.sql", GOOD)
        self.made()
        c = self.get("gen/item_sql.c")
        self.assertIn('VALUES ($1, $2, $3, $3, $4) RETURNING id"', c)
        self.assertIn("owner_id = $1 AND id > $2 AND name <> ':no -- text'", c)
        self.assertIn("i.id = $1 AND owner_id = $2 AND ($3 = -1 OR $3 > 0)", c)
        self.assertNotIn("a remark", c)

    def test_tables_are_found(self):
        self.put("src/item.sql", GOOD)
        self.made()
        item, part = "{.table = 0 /* item */, .key = %d}", "{.table = 2 /* part */, .key = %d}"
        self.assertEqual(self.deps("item_list"), item % 0 + "};")
        self.assertEqual(self.deps("item_own"), item % 1 + ", " + part % -1 + "};")
        self.assertEqual(self.deps("item_insert"), item % 1 + "};")
        # Readers name their rows by owner_id: a change by id may be anybody's.
        self.assertEqual(self.deps("item_rename"), item % -1 + "};")
        # ON DELETE CASCADE changes part too.
        self.assertEqual(self.deps("item_delete"), item % -1 + ", " + part % -1 + "};")

    def test_migrations_are_expanded(self):
        self.made()
        c = self.get("gen/t_schema.c")
        self.assertIn("id INTEGER PRIMARY KEY AUTOINCREMENT,", c)
        self.assertIn("active INTEGER CHECK (active IN (0, 1)) NOT NULL", c)
        self.assertIn("DEFAULT 'a -- b'", c)
        self.assertNotIn("its number", c)
        self.assertEqual(c.count(") STRICT;"), 3)
        self.assertIn("CREATE TRIGGER log_no_delete BEFORE DELETE ON log", c)
        self.assertIn('t_append_only[] = {\n    "log",', c)

    def test_writes_only_what_changed_and_drops_what_is_gone(self):
        self.put("src/item.sql", GOOD)
        self.put("src/other.sql", "-- read one other (id int) -> id int\nSELECT id FROM part WHERE id = :id;\n")
        self.put("gen/mine_sql.c", "by hand")
        self.made()
        before = os.stat(f"{self.dir}/gen/item_sql.h").st_mtime_ns
        os.remove(f"{self.dir}/src/other.sql")
        self.made()
        self.assertEqual(os.stat(f"{self.dir}/gen/item_sql.h").st_mtime_ns, before)
        self.assertFalse(os.path.exists(f"{self.dir}/gen/other_sql.c"))
        self.assertTrue(os.path.exists(f"{self.dir}/gen/mine_sql.c"))

    # ---- what is refused ----

    def test_headings(self):
        head = "-- read one bad_x (id int) -> id int\n"
        for text, line, words in [
            ("SELECT 1;", 1, "without a heading"),
            ("\n-- read many bad_x () -> id int\nSELECT id FROM item;", 2, "want one, rows, each, exec or load"),
            ("-- read exec bad_x ()\nSELECT id FROM item;", 1, "exec is for writing"),
            ("-- read one bad_x ()\nSELECT id FROM item;", 1, "needs columns"),
            ("-- read each bad_x (id int) -> id int\nSELECT id FROM item WHERE id = :id;", 1, "without parameters"),
            ("-- read rows bad_x () -> like bad_y\nSELECT id FROM item;", 1, "no statement 'bad_y'"),
            ("-- read load bad_x ()\nSELECT id FROM item;", 1, "load is for writing"),
            ("-- write load bad_x (id int)\nUPDATE item SET name = '' WHERE id = :id;", 1, "load wants INSERT INTO"),
            ("-- write load bad_x (id int)\nINSERT INTO part (id, item_id) VALUES (:id, (SELECT 1));", 1, "load wants INSERT INTO"),
            ("-- write load bad_x (id int, n int)\nINSERT INTO part (id, item_id) VALUES (:id, 1);", 1, "'n' is not used"),
            ("-- write load bad_x (id int)\nINSERT INTO part (id, item_id) VALUES (:id, :n);", 1, "':n' is no declared parameter"),
            ("-- read one bad_x (id integer) -> id int\nSELECT id FROM item;", 1, "'id integer'"),
            ("-- read one bad_x (int int) -> id int\nSELECT id FROM item;", 1, "cannot be used in C"),
            ("-- read one bad_x (ret int) -> id int\nSELECT id FROM item;", 1, "cannot be used in C"),
            ("-- read one bad_x (a int, a int) -> id int\nSELECT id FROM item;", 1, "twice"),
            (head + "SELECT id FROM item;", 1, "'id' is not used"),
            (head + "SELECT id FROM item\n WHERE id = :id AND owner_id = :owner;", 3, "':owner' is no declared parameter"),
            (head + "SELECT id FROM item WHERE id = :id AND owner_id = @staff;", 2, "only @self and @scope"),
            (head + "SELECT id FROM item WHERE id = :id", 1, "must end with ;"),
            (head + "SELECT id FROM item WHERE id = :id; DELETE FROM item;", 2, "one statement"),
            (head + "SELECT id, name FROM item WHERE id = :id;", 1, "1 columns declared, 2 selected"),
            (head + "SELECT id FROM itme WHERE id = :id;", 1, "no such table: itme"),
            (head + "DELETE FROM item WHERE id = :id RETURNING id;", 1, "declared to read, and changes item, part"),
            ("-- write exec bad_x (id int)\nSELECT id FROM item WHERE id = :id;", 1, "only reads"),
            ("-- write one bad_x (id int) -> id int\nDELETE FROM item WHERE id = :id;", 1, "RETURNING"),
            (head + "-- watch part by id=:id\nSELECT id FROM item WHERE id = :id;", 2, "does not touch"),
            (head + "-- watch item by nr=:id\nSELECT id FROM item WHERE id = :id;", 2, "no column 'nr'"),
            (head + "-- watch item by id=:nr\nSELECT id FROM item WHERE id = :id;", 2, "no parameter"),
            (head + "SELECT id FROM item WHERE id = :id;\n\n" + head + "SELECT id FROM item WHERE id = :id;", 4, "is taken"),
        ]:
            with self.subTest(words):
                self.refused(text, line, words)

    def test_the_record_is_only_appended_to(self):
        for sql in ("UPDATE log SET cost = 0;", "DELETE FROM log;",
                    "INSERT INTO log (id, at_us, cost) VALUES (1, 2, 3) ON CONFLICT (id) DO UPDATE SET cost = 4;"):
            self.refused("-- write exec bad_x ()\n" + sql, 1, "append-only")

    def test_dialect(self):
        for sql, words in [
            ("name ILIKE 'a'", "ILIKE"), ("id = '1'::int", "CAST"), ("id = iif(active = 1, 1, 2)", "iif"),
            ("name ->> 'a' = 'b'", "JSON"), ("name LIKE 'a%'", "_fold"), ("name = datetime('now')", "date"),
            ("name = CURRENT_TIMESTAMP", "clock"), ("name GLOB 'a*'", "GLOB"), ('"name" = 1', "quoted"),
            ("id = ?", "name the parameter"), ("id = $1", "name the parameter"), ("id = %d", "constant"),
            ("name = {x}", "constant"), ("id == 1", "no =="), ("active = TRUE", "0 or 1"), ("active IS TRUE", "0 or 1"),
            (":id IS NULL", "CAST(:x AS TEXT)"), ("name IS 'x'", "IS NOT DISTINCT"), ("ifnull(data, '') = ''", "COALESCE"),
            ("id = (SELECT sum(id) FROM item)", "BIGINT"), ("rowid = 1", "own"), ("id = max(1, 2)", "max"),
            ("random() = 1", "both engines"), ("CAST(id AS INTEGER) = 1", "BIGINT"),
        ]:
            with self.subTest(sql):
                self.refused(f"-- read one bad_x (id int) -> id int\nSELECT id FROM item WHERE id = :id\n AND {sql};", 3, words)
        for sql, words in [("REPLACE INTO item (id) VALUES (:id);", "want SELECT"), ("PRAGMA user_version;", "want SELECT"),
                           ("INSERT OR IGNORE INTO item (id) VALUES (:id);", "ON CONFLICT")]:
            self.refused(f"-- write exec bad_x (id int)\n{sql}", 2, words)

    def test_good_dialect_passes(self):
        self.put("src/good.sql", """-- read one good_a (q text?) -> n int, m int
SELECT CAST(COALESCE(sum(owner_id), 0) AS BIGINT), max(id) FROM item
 WHERE (CAST(:q AS TEXT) IS NULL OR name_fold LIKE :q ESCAPE '!') AND data IS NOT NULL AND owner_id % 2 = 0
   AND name NOT IN ('::', '->>', 'ILIKE', '?', '{}') AND data IS NOT DISTINCT FROM data;

-- write exec good_b (id int)
INSERT INTO log (id, at_us, cost) SELECT :id, 0, 0 FROM item WHERE TRUE ON CONFLICT (id) DO NOTHING;
""")
        self.made()

    def test_migrations_refused(self):
        for text, line, words in [
            ("CREATE TABLE x (id INTEGER);", 1, "a type is one of"),
            ("CREATE TABLE x (\n  id @number\n);", 2, "@number"),
            ("CREATE TABLE x (id @id) WITHOUT ROWID;", 1, "the runner decides"),
            ("CREATE TABLE x (id @id, i @int REFERENCES item(id) DEFERRABLE INITIALLY DEFERRED);", 1, "deferred"),
            ("CREATE TABLE x (id @id)", 1, "must end with ;"),
            ("CREATE TABLE item (id @id);", 1, "already exists"),
            ("\nPRAGMA foreign_keys=0;", 2, "want CREATE"),
            ("CREATE TRIGGER t AFTER INSERT ON item BEGIN SELECT 1; END;", 1, "want CREATE"),
            ("-- append-only: other\nCREATE TABLE x (id @id);", 1, "makes no table 'other'"),
            ("-- append-only: x\nCREATE TABLE x (id @id, i @int REFERENCES item(id) ON DELETE CASCADE);", 1, "foreign key"),
        ]:
            with self.subTest(text):
                self.put("schema/0002-more.sql", text)
                r = self.run_it()
                self.assertEqual(r.returncode, 1)
                self.assertIn(f"0002-more.sql:{line}: ", r.stderr)
                self.assertIn(words, r.stderr)
        os.remove(f"{self.dir}/schema/0002-more.sql")
        self.put("schema/0003-gap.sql", "CREATE TABLE x (id @id);")
        self.assertIn("without a gap", self.run_it().stderr)

    def test_two_files_of_one_name(self):
        self.put("src/a/item.sql", GOOD)
        self.put("src/b/item.sql", GOOD)
        self.assertIn("a second item.sql", self.run_it().stderr)


if __name__ == "__main__":
    unittest.main()
