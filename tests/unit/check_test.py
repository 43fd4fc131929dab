"""Each violation that tools/check.py is for, made in a small tree: it must be found, and a clean tree must pass."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools"))
import check  # noqa: E402

ROOMS = """
level base
level crypto http
level db
level shop
level app
beside http: crypto
slice cart: catalog
header sqlite3.h: db
memory src/db/pool.c: lives as long as the program
"""
CLEAN = {
    "tools/rooms.txt": ROOMS,
    "src/base/base.h": "/* Words. */\n/* One. */\nint base_one(void);\nint base_two(void);\n\n/* ---- more ---- */\n\nint base_three(void);\n",
    "src/crypto/crypto.h": "/* Hashes. */\n/* Done. */\nint crypto_done(void);\n",
    "src/http/http.c": '#include "base/base.h"\n#include "crypto/crypto.h"\n',
    "src/db/pool.c": '#include <sqlite3.h>\n#include "base/base.h"\n#include <stdlib.h>\n\nvoid *pool_make(void) {\n    return malloc(1);\n}\n',
    "src/shop/catalog/catalog.h": "/* The catalogue. */\n",
    "src/shop/cart/cart.c": '#include "shop/catalog/catalog.h"\n#include "gen/cart_sql.h"\n',
    "src/app/main.c": '#include <stdio.h>\n\nint main(void) {\n    return printf("strcpy( is only named here\\n"); /* system() too */\n}\n',
}


class CheckTest(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="check-test-")
        self.addCleanup(shutil.rmtree, self.root)
        for path, text in CLEAN.items():
            self.write(path, text)

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def found(self, rule):
        return [f"{p}:{n}: {m}" for p, n, m in rule(check.Tree(self.root))]

    def expect(self, rule, *parts):
        found = self.found(rule)
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])

    def test_a_clean_tree_passes_every_rule(self):
        for rule in check.RULES:
            if rule is not check.rule_format:
                self.assertEqual(self.found(rule), [], rule.__doc__)

    def test_an_import_upwards(self):
        self.write("src/base/x.c", '\n#include "db/db.h"\n')
        self.expect(check.rule_imports, "src/base/x.c:2", "base/ may not import db/")

    def test_an_import_beside_that_the_table_does_not_name(self):
        self.write("src/crypto/x.c", '#include "http/http.h"\n')
        self.expect(check.rule_imports, "crypto/ may not import http/")

    def test_an_import_in_a_comment_is_none(self):
        self.write("src/base/x.c", '/*\n#include "db/db.h"\n*/\n')
        self.assertEqual(self.found(check.rule_imports), [])

    def test_a_room_that_is_not_in_the_table(self):
        self.write("src/attic/x.c", "\n")
        self.expect(check.rule_imports, "the room 'attic'")

    def test_a_slice_that_is_not_listed(self):
        self.write("src/shop/order/order.h", "/* Orders. */\n")
        self.write("src/shop/order/order.c", '#include "shop/catalog/catalog.h"\n')
        self.expect(check.rule_imports, "slice order may not import slice catalog")

    def test_another_header_of_a_listed_slice(self):
        self.write("src/shop/cart/more.c", '#include "shop/catalog/inside.h"\n')
        self.expect(check.rule_imports, "only shop/catalog/catalog.h")

    def test_statements_of_another_slice(self):
        self.write("src/shop/cart/more.c", '#include "gen/catalog_sql.h"\n')
        self.expect(check.rule_imports, "gen/catalog_sql.h belongs to catalog")

    def test_slices_in_a_circle(self):
        self.write("tools/rooms.txt", ROOMS + "slice catalog: cart\n")
        self.write("src/shop/cart/cart.h", "/* Carts. */\n")
        self.write("src/shop/catalog/catalog.c", '#include "shop/cart/cart.h"\n')
        self.assertTrue(any("circle" in f for f in self.found(check.rule_imports)))

    def test_a_line_of_the_table_that_nobody_needs(self):
        self.write("src/shop/cart/cart.c", "\n")
        self.expect(check.rule_imports, "slice cart: catalog is not needed")

    def test_a_third_party_header_outside_its_room(self):
        self.write("src/app/x.c", "#include <sqlite3.h>\n")
        self.expect(check.rule_imports, "sqlite3.h stays inside db/")

    def test_banned_functions(self):
        for name in check.BANNED:
            with self.subTest(name):
                self.write("src/app/x.c", f"void app_x(void) {{\n    {name}(0);\n}}\n")
                self.expect(check.rule_banned, "src/app/x.c:2", f"{name}() is banned")

    def test_banned_functions_in_tests_too(self):
        self.write("tests/unit/x_test.c", "int main(void) {\n    return atoi(0);\n}\n")
        self.expect(check.rule_banned, "atoi() is banned")

    def test_malloc_outside_base(self):
        self.write("src/http/x.c", "void *http_x(void) {\n    return calloc(1, 1);\n}\n")
        self.expect(check.rule_banned, "calloc() outside base/")

    def test_printf_outside_app(self):
        self.write("src/http/x.c", "void http_x(void) {\n    printf(0);\n}\n")
        self.expect(check.rule_banned, "printf() outside app/")

    def test_a_write_past_the_runner(self):
        self.write("src/app/x.c", "void app_x(void) {\n    db_submit_wait(0, 0);\n}\n")
        self.expect(check.rule_writers, "src/app/x.c:2", "a change is an operation")

    def test_names_that_only_end_alike(self):
        self.write("src/http/x.c", "void http_x(struct a *a) {\n    a->free(buf_printf(a), arena_free(a));\n}\n")
        self.assertEqual(self.found(check.rule_banned), [])

    def test_an_exported_function_without_a_comment(self):
        self.write("src/http/http.h", "/* One. */\nint http_one(void);\n\nstruct x *http_two(int a,\n                   int b);\n")
        self.expect(check.rule_comments, "src/http/http.h:4", "http_two has no comment")

    def test_a_long_file(self):
        self.write("src/http/x.c", "\n" * (check.MAX_FILE + 1))
        self.expect(check.rule_lengths, f"{check.MAX_FILE + 1} lines")

    def test_a_long_function(self):
        self.write("src/http/x.c", "static int x(int a,\n             int b) {\n" + "    a = b;\n" * check.MAX_FUNCTION + "}\n")
        self.expect(check.rule_lengths, "src/http/x.c:1", f"a function of {check.MAX_FUNCTION + 3} lines")

    def test_a_path_of_one_machine(self):
        folder = "/" + "home" + "/somebody"
        self.write("src/http/x.c", f'const char *http_x = "{folder}/x";\n')
        self.expect(check.rule_paths, "src/http/x.c:1")

    @unittest.skipUnless(shutil.which("clang-format"), "clang-format is installed by make test")
    def test_a_file_that_is_not_formatted(self):
        self.write(".clang-format", "BasedOnStyle: LLVM\n")
        self.write("src/http/x.c", "int   x  ;\n")
        self.assertTrue(any("src/http/x.c:1" in f for f in self.found(check.rule_format)))

    def test_a_generated_file_that_was_committed(self):
        self.write("out/gen/ids.h", "\n")
        self.write("src/shop/cart/cart_sql.c", "/* Made by tools/sqlgen.py from cart.sql. */\n")
        git = ["git", "-C", self.root]
        subprocess.run([*git, "init", "-q"], check=True)
        subprocess.run([*git, "add", "-f", "."], check=True)
        found = self.found(check.rule_generated)
        self.assertEqual(len(found), 2, found)

    def test_the_command_says_so_by_its_status(self):
        self.write("src/http/x.c", "void http_x(void) {\n    gets(0);\n}\n")
        r = subprocess.run([sys.executable, os.path.join(ROOT, "tools", "check.py"), "--root", self.root, "--tap"],
                           capture_output=True, text=True, check=False)
        self.assertEqual(r.returncode, 1)
        self.assertIn("not ok 2 - Banned functions are not called\n# src/http/x.c:2: gets() is banned", r.stdout)


if __name__ == "__main__":
    unittest.main()
