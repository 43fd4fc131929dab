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


if __name__ == "__main__":
    unittest.main()
