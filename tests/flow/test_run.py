"""`make run`: the demo shop in its folder, the passwords, and how it stops."""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import Client  # noqa: E402
from harness import ROOT, die_with_parent  # noqa: E402

ENGINES = ("sqlite",)


class MakeRunTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="run-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.demo = os.path.join(self.folder, "demo")
        self.secrets = set()
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]

    def env(self, **given):
        clean = {k: v for k, v in os.environ.items() if k not in ("ADMIN_PASSWORD", "CUSTOMER_PASSWORD", "MAKEFLAGS", "MAKELEVEL")}
        return {**clean, "DEMO_DIR": self.demo, "PORT": str(self.port), **given}

    def start(self, wait=True, **given):
        self.output = os.path.join(self.folder, "output")
        with open(self.output, "wb") as out:
            p = subprocess.Popen(["make", "run"], cwd=ROOT, env=self.env(**given), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                 start_new_session=True, preexec_fn=die_with_parent)
        self.addCleanup(self.end, p)
        if wait:
            self.wait_healthy(p)
        return p

    def crashed(self):
        """Asked by the client when nobody answers: here that is no crash yet."""

    def end(self, p):
        try:
            os.killpg(p.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        p.wait()

    def wait_healthy(self, p):
        for _ in range(600):
            try:
                if Client(self).get("/healthz").status == 200:
                    return
            except OSError:
                pass
            if p.poll() is not None:
                break
            time.sleep(0.1)
        self.fail("make run did not serve:\n" + self.said())

    def said(self):
        with open(self.output, encoding="utf-8") as f:
            return f.read()

    def wait_stopped(self, p):
        p.wait(20)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                return
            time.sleep(0.1)
        self.fail("the server is still there:\n" + self.said())

    def passwords(self):
        return re.findall(r"password +(\S+)", self.said())

    def test_serves_prints_and_keeps_random_passwords(self):
        p = self.start()
        first = self.passwords()
        self.assertEqual(len(first), 2, self.said())
        self.assertIn(f"http://127.0.0.1:{self.port}/admin", self.said())
        c = Client(self)
        c.get("/admin")
        c.press("Sign in", {"Username": "admin", "Password": first[0]})
        self.assertFalse(c.page.has_form(button="Sign in"), repr(c.reply))
        self.assertEqual(os.stat(os.path.join(self.demo, "passwords")).st_mode & 0o777, 0o600)
        os.killpg(p.pid, signal.SIGTERM)
        self.wait_stopped(p)
        p = self.start()
        self.assertEqual(self.passwords(), first)
        os.killpg(p.pid, signal.SIGINT)
        self.wait_stopped(p)

    def test_given_passwords_and_signals_to_make_alone(self):
        p = self.start(ADMIN_PASSWORD="Given-admin-1", CUSTOMER_PASSWORD="Given-customer-1")
        self.assertEqual(self.passwords(), ["Given-admin-1", "Given-customer-1"])
        c = Client(self)
        c.get("/customer/account/login")
        c.press("Sign In", {"Email": "consents@example.com", "Password": "Given-customer-1"})
        self.assertEqual(c.reply.path.split("?")[0], "/customer/account")
        p.send_signal(signal.SIGTERM)
        self.wait_stopped(p)
        p = self.start()
        p.send_signal(signal.SIGINT)
        self.wait_stopped(p)
        p = self.start()
        p.kill()
        self.wait_stopped(p)

    def test_an_interrupted_demo_leaves_nothing_half_made(self):
        p = self.start(wait=False)
        for _ in range(6000):
            if os.path.isdir(self.demo) and os.listdir(self.demo):
                break
            time.sleep(0.02)
        os.killpg(p.pid, signal.SIGTERM)
        p.wait(20)
        self.assertFalse(os.path.exists(os.path.join(self.demo, "shop.db")), "the demo was there before the interruption")
        for _ in range(50):
            if not os.listdir(self.demo):
                break
            time.sleep(0.1)
        self.assertEqual(os.listdir(self.demo), [])
        self.end(self.start())

    def test_a_port_that_is_none(self):
        for port in ("http", "", "-1", "999999"):
            r = subprocess.run([os.path.join(ROOT, "tools/run.sh")], env=self.env(PORT=port), capture_output=True, text=True, check=False,
                               stdin=subprocess.DEVNULL, timeout=60) if port else None
            if r:
                self.assertEqual(r.returncode, 2)
                self.assertIn("PORT", r.stderr)


if __name__ == "__main__":
    unittest.main()
