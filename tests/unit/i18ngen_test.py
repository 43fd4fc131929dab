"""The collector of messages: what it finds, and what it refuses."""
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Messages(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def run_tool(self, *args):
        at = self.folder.name
        return subprocess.run([sys.executable, os.path.join(ROOT, "tools/i18ngen.py"), "--src", f"{at}/src", "--locale", f"{at}/locale",
                               "--out", f"{at}/gen", *args], capture_output=True, text=True, check=False)

    def translate(self, *pairs, name="x"):
        self.write(f"locale/nl/{name}.po", "".join(f'msgid "{a}"\nmsgstr "{b}"\n\n' for a, b in pairs))

    def test_collects(self):
        self.write("src/a/a.c", 'x = T("In C\\n"\n   "two lines"); /* T("in a comment") */ FORMAT("not this");')
        self.write("src/a/a.def", 'RESOURCE(X, "key", T("A resource"))\n')
        self.write("src/a/a.gate", 'op x\n  title "A title"\n  audit cart "It happened" record staff\n  in q int 1..9 "A label"\n  page "no"\n')
        self.write("src/a/tpl/t.html", '<!-- {t "comment"} -->{t "In a template, {n}" n=n}{field q label="Field label" help="Help"\n'
                                       'choice_a="Choice"}{submit "Button"}<optgroup label="not this"></optgroup>{>c title=t"Passed on"}')
        listed = self.run_tool("--list-missing").stdout
        wanted = ["In C\\ntwo lines", "A resource", "A title", "It happened", "A label", "In a template, {n}", "Field label", "Help",
                  "Choice", "Button", "Passed on", "Yes", "No"]
        found = [line[7:-1] for line in listed.splitlines() if line.startswith("msgid")]
        self.assertCountEqual(found, wanted)

    def test_strict(self):
        self.write("src/a.c", 'T("One") T("Two")')
        self.translate(("Yes", "Ja"), ("No", "Nee"), ("One", "Een"))
        r = self.run_tool("--strict")
        self.assertEqual(r.returncode, 1)
        self.assertIn('"Two" has no Dutch', r.stderr)
        self.assertEqual(self.run_tool().returncode, 0)
        self.translate(("Two", "Twee"), ("Three", "Drie"), name="y")
        r = self.run_tool("--strict")
        self.assertEqual(r.returncode, 1)
        self.assertIn('"Three" is no message', r.stderr)

    def test_refused(self):
        self.write("src/a.c", 'T("Hi {a}")')
        self.translate(("Hi {a}", "Hoi {b}"))
        r = self.run_tool()
        self.assertEqual(r.returncode, 1)
        self.assertIn("x.po:1: the places", r.stderr)
        self.translate(("Hi {a}", "Hoi {a}"))
        self.translate(("Hi {a}", "Dag {a}"), name="y")
        self.assertIn("translated otherwise", self.run_tool().stderr)
        self.write("locale/nl/y.po", "nonsense\n")
        self.assertIn("y.po:1: cannot read", self.run_tool().stderr)


class TreeTest(unittest.TestCase):
    """The product itself: no message without Dutch, no Dutch that nobody asks for."""

    def test_every_message_has_its_dutch(self):
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        with tempfile.TemporaryDirectory() as out:
            r = subprocess.run([sys.executable, os.path.join(root, "tools", "i18ngen.py"), "--out", out, "--strict"], cwd=root,
                               capture_output=True, text=True, check=False)
        self.assertEqual(r.returncode, 0, r.stdout + r.stderr)


if __name__ == "__main__":
    unittest.main()
