"""What must not be possible to write does not build: declarations without a right or an audit action, a page that
writes, a form without its CSRF field, text as HTML. Each is tried on a small source tree of its own, next to the same
thing done right, which must build."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOLS = os.path.join(ROOT, "tools")
PAGE = """page thing_show
  get     /thing/{key}
  right   anyone
  cache   public
  in      key slug
"""
OP = """op thing_rename
  title   "Rename Thing"
  post    /thing/rename
  page    thing_show
  right   customer
  assisted allowed
  audit   customers "Thing renamed" record always
  in      key slug
  in      name text 1..40 "Name"
"""


class Tree(unittest.TestCase):
    """A small source tree with the rooms that the generators look at."""

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="refusals-")
        self.addCleanup(shutil.rmtree, self.root)
        for path in ("src/access/resources.def", "src/audit/groups.def"):
            self.write(path, open(os.path.join(ROOT, path), encoding="utf-8").read())
        os.makedirs(os.path.join(self.root, "out/gen"))

    def write(self, path, text):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def tool(self, name, *args):
        return subprocess.run([sys.executable, os.path.join(TOOLS, name), "--out", "out/gen", *args], cwd=self.root,
                              capture_output=True, text=True, check=False, timeout=60)

    def refused(self, r, *parts):
        self.assertNotEqual(r.returncode, 0, "it was built")
        self.assertRegex(r.stderr, r"^src/\S+:\d+: ", "no place is named")
        for part in parts:
            self.assertIn(part, r.stderr)


class DeclarationTest(Tree):
    def gate(self, text):
        self.write("src/shop/thing/thing.gate", text)
        return self.tool("gategen.py")

    def without(self, text, word):
        return "".join(x for x in text.splitlines(True) if x.split()[0] != word)

    def test_the_same_done_right_builds(self):
        r = self.gate(PAGE + OP)
        self.assertEqual((r.returncode, r.stderr), (0, ""))

    def test_an_operation_without_a_right(self):
        self.refused(self.gate(PAGE + self.without(OP, "right")), "op thing_rename has no `right` line")

    def test_an_operation_without_an_audit_action(self):
        self.refused(self.gate(PAGE + self.without(OP, "audit")), "op thing_rename has no `audit` line")

    def test_an_operation_with_an_audit_group_that_does_not_exist(self):
        self.refused(self.gate(PAGE + OP.replace("customers", "nowhere")), "groups.def")

    def test_an_operation_without_a_word_on_assisted_sessions(self):
        self.refused(self.gate(PAGE + self.without(OP, "assisted")), "no `assisted` line")

    def test_a_right_that_does_not_exist(self):
        self.refused(self.gate(PAGE + OP.replace("right   customer", "right   everybody")), "right everybody")

    def test_an_admin_operation_open_to_anyone(self):
        self.refused(self.gate(PAGE + OP.replace("/thing/rename", "/admin/thing").replace("right   customer", "right   anyone")),
                     "right anyone")

    def test_a_page_without_a_right(self):
        self.refused(self.gate(self.without(PAGE, "right") + OP), "page thing_show has no `right` line")

    def test_a_page_without_a_cache_class(self):
        self.refused(self.gate(self.without(PAGE, "cache") + OP), "page thing_show has no `cache` line")

    def test_a_private_page_in_the_public_cache(self):
        self.refused(self.gate(PAGE.replace("right   anyone", "right   customer") + OP), "only a shop page for anyone can be public")

    def test_an_input_without_bounds(self):
        self.refused(self.gate(PAGE + OP.replace("text 1..40", "text")), "needs bounds")

    def test_an_input_of_an_unknown_type(self):
        self.refused(self.gate(PAGE + OP.replace("text 1..40", "anything")), "unknown type")

    def test_a_path_part_that_is_no_input(self):
        self.refused(self.gate(PAGE.replace("in      key slug", "in      other slug") + OP), "{key}")

    def test_two_pages_at_one_address(self):
        self.refused(self.gate(PAGE + OP + PAGE.replace("thing_show", "thing_other")), "same address")


SQL = """-- read one thing_by_key (url_key text) -> id int
SELECT id FROM product WHERE url_key = :url_key;

-- write exec thing_rename (id int, sku text)
UPDATE product SET sku = :sku WHERE id = :id;
"""


class StatementTest(Tree):
    def setUp(self):
        super().setUp()
        shutil.copytree(os.path.join(ROOT, "src/db/schema"), os.path.join(self.root, "src/db/schema"))

    def sql(self, text):
        self.write("src/shop/thing/thing.sql", text)
        return self.tool("sqlgen.py")

    def test_the_same_done_right_builds(self):
        self.assertEqual(self.sql(SQL).returncode, 0)

    def test_a_change_declared_as_reading(self):
        self.refused(self.sql(SQL.replace("write exec", "read exec")), "exec is for writing")
        self.refused(self.sql("-- read one thing_x (id int) -> id int\nUPDATE product SET sku = '' WHERE id = :id RETURNING id;\n"),
                     "declared to read, and changes product")

    def test_a_change_of_the_record(self):
        self.refused(self.sql("-- write exec thing_x (id int)\nUPDATE audit_entry SET details = '' WHERE id = :id;\n"), "append-only")
        self.refused(self.sql("-- write exec thing_x (id int)\nDELETE FROM audit_entry WHERE id = :id;\n"), "append-only")
        self.refused(self.sql("-- write exec thing_x ()\nDELETE FROM audit_seal;\n"), "append-only")


class CompilerTest(Tree):
    """What the C compiler refuses, with the flags of the build."""

    def setUp(self):
        super().setUp()
        shutil.copytree(os.path.join(ROOT, "src/db/schema"), os.path.join(self.root, "src/db/schema"))
        self.write("src/shop/thing/thing.gate", PAGE + OP)
        self.write("src/shop/thing/thing.sql", SQL)
        self.write("src/shop/thing/tpl/show.html", "{view\n  name text\n  body html\n}\n<p>{name}</p>{body}\n")
        self.write("out/gen/assets.json", "{}")
        for name in ("gategen.py", "sqlgen.py", "tplgen.py"):
            r = self.tool(name)
            self.assertEqual((r.returncode, r.stderr), (0, ""), name)

    def compile(self, body):
        self.write("src/shop/thing/thing_shop.c", '#include "gen/thing_gate.h"\n#include "gen/thing_sql.h"\n#include "gen/thing_tpl.h"\n' + body)
        flags = subprocess.run(["make", "-s", "-f", "-", "flags"], cwd=ROOT, text=True, capture_output=True, check=True,
                               input="include tools/config.mk\nflags:\n\t@echo $(CPPFLAGS) $(CFLAGS) $(INCS)\n", timeout=30).stdout.split()
        return subprocess.run(["gcc", "-c", "-o", "/dev/null", "-Isrc", "-I" + os.path.join(ROOT, "src"), *flags, "src/shop/thing/thing_shop.c"],
                              cwd=self.root, text=True, capture_output=True, check=False, timeout=60)

    def builds(self, body):
        r = self.compile(body)
        self.assertEqual((r.returncode, r.stderr), (0, ""))

    def fails(self, body, part):
        r = self.compile(body)
        self.assertNotEqual(r.returncode, 0, "it was built")
        self.assertIn(part, r.stderr)

    PAGE_HEAD = "enum err page_thing_show(struct pub *p, const struct thing_show_in *in) {\n    struct thing_by_key t;\n"
    OP_HEAD = "enum err op_thing_rename(struct op *op, const struct thing_rename_in *in) {\n    struct thing_by_key t;\n"

    def test_a_page_reads_and_an_operation_writes(self):
        self.builds(self.PAGE_HEAD + "    TRY(thing_by_key(p->db, in->key, &t));\n    return OK;\n}\n"
                    + self.OP_HEAD + "    TRY(thing_by_key(op->r, in->key, &t));\n    return thing_rename(op->w, t.id, in->name, NULL);\n}\n")

    def test_a_page_that_writes(self):
        self.fails(self.PAGE_HEAD + "    TRY(thing_by_key(p->db, in->key, &t));\n    return thing_rename(p->db, t.id, in->key, NULL);\n}\n",
                   "incompatible pointer type")

    def test_a_page_that_ignores_an_error(self):
        self.fails(self.PAGE_HEAD + "    thing_by_key(p->db, in->key, &t);\n    return OK;\n}\n", "warn_unused_result")

    def test_a_public_page_that_asks_who_reads_it(self):
        self.fails(self.PAGE_HEAD + "    (void)in;\n    (void)t;\n    return p->actor ? OK : ERR_NOT_FOUND;\n}\n", "no member named")

    def test_a_handler_with_the_wrong_input(self):
        self.fails("enum err page_thing_show(struct pub *p, const struct thing_rename_in *in) {\n    (void)p;\n    (void)in;\n    return OK;\n}\n",
                   "conflicting types")

    VIEW = "static void show(struct html *o, str s, html_t h) {\n    (void)s;\n    (void)h;\n    tpl_thing_show(o, &(struct tpl_thing_show){.name = s, .body = %s});\n}\nvoid thing_use(struct html *o);\nvoid thing_use(struct html *o) {\n    show(o, S(\"\"), html_take(o));\n}\n"

    def test_rendered_html_is_html(self):
        self.builds(self.VIEW % "h")

    def test_text_as_html(self):
        """A str in place of html_t: refused, whichever way the compiler says it."""
        self.fails(self.VIEW % "s", "show")

    def test_a_c_string_as_html(self):
        self.fails(self.VIEW % '"<b>"', "")

    def test_a_variable_as_a_literal(self):
        self.fails("void thing_use(const char *p);\nvoid thing_use(const char *p) {\n    (void)S(p);\n}\n", "expected")


class TemplateTest(Tree):
    def setUp(self):
        super().setUp()
        self.write("src/shop/thing/thing.gate", PAGE + OP)
        self.write("out/gen/assets.json", "{}")
        self.assertEqual(self.tool("gategen.py").returncode, 0)

    def template(self, html):
        self.write("src/shop/thing/tpl/show.html", "{view\n  name text\n  key text\n  where url\n}\n" + html + "\n")
        return self.tool("tplgen.py")

    def generated(self):
        with open(os.path.join(self.root, "out/gen/thing_tpl.c"), encoding="utf-8") as f:
            return f.read()

    def test_the_same_done_right_builds_and_brings_the_csrf_field(self):
        r = self.template('<p class="{name}">{name}</p>{form thing_rename key=key}{field name label="Name"}{submit "Save"}{/form}'
                          '<a href="{url thing_show key=key}">{name}</a>')
        self.assertEqual((r.returncode, r.stderr), (0, ""))
        self.assertIn("html_csrf(o)", self.generated())

    def test_a_form_without_its_csrf_field(self):
        for form in ('<form method="post" action="{url thing_show key=key}"><button>Go</button></form>',
                     '<FORM METHOD="POST"><button>Go</button></FORM>', '<form method="{name}"><button>Go</button></form>'):
            with self.subTest(form):
                self.refused(self.template(form))

    def test_a_button_that_turns_a_form_into_a_post(self):
        self.refused(self.template('<form method="get" action="{url thing_show key=key}"><button formmethod="post">Go</button></form>'))

    def test_scripts_styles_and_handlers(self):
        for html in ("<script>{name}</script>", "<script>1</script>", "<style>p{{}}</style>", '<p onclick="{name}">x</p>',
                     '<p onclick="x">x</p>', '<p style="color: {name}">x</p>', '<iframe srcdoc="{name}"></iframe>'):
            with self.subTest(html):
                self.refused(self.template(html))

    def test_text_in_an_address(self):
        for html in ('<a href="{name}">x</a>', '<img src="{name}" alt="">', '<a href="javascript:{name}">x</a>'):
            with self.subTest(html):
                self.refused(self.template(html))

    def test_attributes_without_double_quotes(self):
        for html in ("<p class={name}>x</p>", "<p class='{name}'>x</p>", "<p {name}>x</p>", "<{name}>x</p>"):
            with self.subTest(html):
                self.refused(self.template(html))

    def test_an_address_that_does_not_exist(self):
        self.refused(self.template('<a href="{url thing_gone}">x</a>'))

    def test_a_field_that_is_not_declared(self):
        self.refused(self.template("<p>{unknown}</p>"))
        self.refused(self.template('{form thing_rename key=key}{field unknown label="Name"}{/form}'))

    def test_raw_output_has_no_syntax(self):
        for html in ("{{{name}}}", "{!name}", "{raw name}", "{html name}", "{name|raw}", "{&name}"):
            with self.subTest(html):
                r = self.template(html)
                if r.returncode == 0:  # literal braces around an escaped value
                    self.assertNotRegex(self.generated(), r"html_lit\(o, v->|html_html")


if __name__ == "__main__":
    unittest.main()
