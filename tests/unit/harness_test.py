"""The tests' own browser and runner: what the other tests lean on must not be wrong itself."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "tests", "flow"), os.path.join(ROOT, "tools")]
import statements  # noqa: E402
import testrun  # noqa: E402
from client import CookieJar  # noqa: E402
from htmlpage import HtmlPage  # noqa: E402
from smtpd import MailServer, body  # noqa: E402


class CookieTest(unittest.TestCase):
    """RFC 6265, as the assisted address space leans on it."""

    def setUp(self):
        self.jar = CookieJar()

    def test_a_path_covers_what_is_under_it_and_no_neighbour(self):
        self.jar.take("s=1; Path=/as/abc; HttpOnly", "/assist/enter")
        self.assertEqual(self.jar.header("/as/abc"), "s=1")
        self.assertEqual(self.jar.header("/as/abc/cart"), "s=1")
        for other in ("/as/abcd", "/as", "/", "/cart", "/as/ab", "/AS/abc"):
            self.assertEqual(self.jar.header(other), "", other)

    def test_the_default_path_is_the_folder_of_the_request(self):
        self.jar.take("s=1", "/customer/account/login")
        self.assertEqual(self.jar.header("/customer/account"), "s=1")
        self.assertEqual(self.jar.header("/customer"), "")

    def test_the_longest_path_comes_first_and_both_are_sent(self):
        self.jar.take("s=root; Path=/", "/")
        self.jar.take("s=deep; Path=/as/x", "/")
        self.assertEqual(self.jar.header("/as/x/cart"), "s=deep; s=root")

    def test_same_name_and_path_replaces(self):
        self.jar.take("s=1; Path=/", "/")
        self.jar.take("s=2; Path=/", "/")
        self.assertEqual(self.jar.header("/"), "s=2")

    def test_max_age_0_and_a_past_date_remove(self):
        self.jar.take("s=1; Path=/", "/")
        self.jar.take("s=; Path=/; Max-Age=0", "/")
        self.assertEqual(self.jar.header("/"), "")
        self.jar.take("s=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "/")
        self.assertEqual(self.jar.header("/"), "")

    def test_a_host_prefix_needs_secure(self):
        self.jar.take("__Host-s=1; Path=/", "/")
        self.assertEqual(self.jar.header("/"), "")

    def test_lax_cookies_stay_home_on_cross_site_posts(self):
        self.jar.take("s=1; Path=/; SameSite=Lax", "/")
        self.assertEqual(self.jar.header("/", cross_site=True), "")


class FormTest(unittest.TestCase):
    PAGE = """<!doctype html><title>A &amp; B</title><main><h1>Edit</h1><form method="post" action="/x">
      <input type="hidden" name="csrf" value="t&quot;1"><label for="n">First Name</label><input id="n" name="n" value="Ann"
      aria-invalid="true" aria-describedby="h e"><p id="h">Help</p><p id="e" class="invalid-feedback">Too long.</p>
      <label><input type="checkbox" name="c" value="1"> Allow</label><input name="off" value="9" disabled>
      <select name="s"><option value="a">A</option><optgroup label="G" disabled><option value="b" selected>B</option></optgroup></select>
      <textarea name="t">
two
lines</textarea><button name="go" value="1">Save</button></form>
      <table><thead><tr><th>ID</th><th>Name</th></tr></thead><tbody><tr><td>7</td><td>Ann <b>Lee</b></td></tr></tbody></table>
      <script>hidden()</script></main>"""

    def setUp(self):
        self.page = HtmlPage(self.PAGE)
        self.form = self.page.form(button="Save")

    def test_what_a_browser_would_send(self):
        self.assertEqual(self.form.data(button="Save"), [("csrf", 't"1'), ("n", "Ann"), ("s", "b"), ("t", "two\nlines"), ("go", "1")])

    def test_filling_in_by_label_and_by_name(self):
        data = dict(self.form.data({"First Name": "Eve", "c": True, "extra": "5", "t": None}))
        self.assertEqual(data, {"csrf": 't"1', "n": "Eve", "c": "1", "s": "b", "extra": "5"})

    def test_the_error_at_a_field(self):
        self.assertEqual(self.form.errors, {"n": "Too long."})

    def test_text_title_rows(self):
        self.assertEqual((self.page.title, self.page.heading), ("A & B", "Edit"))
        self.assertNotIn("hidden()", self.page.text)
        self.assertEqual(self.page.rows[0]["Name"], "Ann Lee")

    def test_options(self):
        self.assertEqual(self.form.control("s").options, [("a", "A", False, None), ("b", "B", True, "G")])

    def test_a_form_that_is_not_there(self):
        with self.assertRaises(LookupError):
            self.page.form(button="Delete")


class MailTest(unittest.TestCase):
    def test_a_mail_is_kept(self):
        import smtplib
        with MailServer() as m:
            with smtplib.SMTP(*m.server_address) as s:
                s.sendmail("a@example.com", ["b@example.com"], "Subject: Hi\r\n\r\n.dot\r\n")
            mail, = m.wait("b@example.com")
            self.assertEqual((mail["subject"], body(mail).strip()), ("Hi", ".dot"))


class StatementsTest(unittest.TestCase):
    """A statement that was run on one engine only is a failure, which names both."""

    def setUp(self):
        self.before = statements.ROOT, statements.LOGS
        statements.ROOT = statements.LOGS = tempfile.mkdtemp(prefix="statements-test-")
        self.addCleanup(self.put_back)
        os.makedirs(os.path.join(statements.ROOT, "out", "gen"))
        self.write(os.path.join("out", "gen", "db_stmts.txt"), "cart.cart_lines", "cart.cart_add")
        statements.begin()

    def put_back(self):
        shutil.rmtree(statements.ROOT)
        statements.ROOT, statements.LOGS = self.before

    def write(self, name, *lines):
        with open(os.path.join(statements.ROOT, name), "a", encoding="utf-8") as f:
            f.write("".join(f"{x}\n" for x in lines))

    def test_the_missing_ones_are_named(self):
        self.write("statements-sqlite.txt", "cart.cart_lines", "cart.cart_add", "cart.cart_lines")
        self.write("statements-postgres.txt", "cart.cart_lines", "grid.removed_long_ago")
        m = testrun.Statements()
        self.assertEqual((m.failed, m.passed), (["cart.cart_add was never run on postgres"], 0))

    def test_all_run_is_one_test_passed(self):
        for engine in statements.ENGINES:
            self.write(f"statements-{engine}.txt", "cart.cart_lines", "cart.cart_add")
        m = testrun.Statements()
        self.assertEqual((m.failed, m.passed), ([], 1))


class RunnerTest(unittest.TestCase):
    """The runner must not call a broken module a good one."""

    def run_module(self, code, limit=20):
        folder = tempfile.mkdtemp(prefix="runner-test-")
        m = testrun.Module("unit", "x", [sys.executable, "-c", textwrap.dedent(code)])
        m.log = os.path.join(folder, "log")
        old, testrun.LIMITS["unit"] = testrun.LIMITS["unit"], limit
        try:
            return m.run()
        finally:
            testrun.LIMITS["unit"] = old

    def test_counts(self):
        m = self.run_module("print('ok 1 - a'); print('not ok 2 - b'); print('ok 3 - c # SKIP no'); print('1..3'); exit(1)")
        self.assertEqual((m.passed, m.failed, m.skipped), (1, ["b"], 1))

    def test_a_crash_counts_as_a_failure(self):
        m = self.run_module("import os; print('1..2'); print('ok 1 - a', flush=True); os.abort()")
        self.assertEqual((m.passed, m.failed), (1, ["the module was ended by SIGABRT"]))

    def test_tests_that_are_missing(self):
        self.assertEqual(self.run_module("print('1..2'); print('ok 1 - a')").failed, ["the module ran 1 of 2 tests"])

    def test_no_test_at_all(self):
        self.assertEqual(len(self.run_module("print('1..0')").failed), 1)
        self.assertEqual(len(self.run_module("pass").failed), 1)

    def test_a_module_that_hangs_is_ended_with_what_it_started(self):
        m = self.run_module("""
            import subprocess, sys, time
            p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
            print('child', p.pid, flush=True); time.sleep(60)""", limit=2)
        self.assertIn("still running", m.failed[0])
        with open(m.log, encoding="utf-8") as f:
            child = int(f.read().split()[1])
        self.assertTrue(gone(child))


def gone(pid, seconds=5):
    """True once the process does not run any more (a zombie does not)."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
                if f.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


class LingerTest(unittest.TestCase):
    def test_a_server_ends_with_the_test_that_was_killed(self):
        """A test that gets SIGKILL has no chance to stop its server: the kernel does."""
        code = f"""
            import sys, time
            sys.path.insert(0, {os.path.join(ROOT, "tests", "flow")!r})
            from harness import Server
            s = Server().start()
            print(s.process.pid, flush=True)
            time.sleep(60)"""
        p = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
        try:
            server = int(p.stdout.readline())
            self.assertFalse(gone(server, 0.2))
        finally:
            p.send_signal(signal.SIGKILL)
            p.wait()
            p.stdout.close()
        self.assertTrue(gone(server))


if __name__ == "__main__":
    unittest.main()
