"""Behind nginx with the configuration of docs/operate.md, over TLS: the main job, cookies, addresses."""
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import SecureClient  # noqa: E402
from harness import ADMIN_PASSWORD, ROOT, Client, Server, die_with_parent  # noqa: E402
from people import add_to_cart, assist, banner, root_of  # noqa: E402

EMAIL = "consents@example.com"
NGINX = next((p for p in (shutil.which("nginx"), "/usr/sbin/nginx", os.path.join(ROOT, "out/tools/nginx/usr/sbin/nginx")) if p and os.path.exists(p)), None)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def documented():
    """The server block of docs/operate.md."""
    with open(os.path.join(ROOT, "docs/operate.md"), encoding="utf-8") as f:
        return re.search(r"^    server \{\n.*?^    \}\n", f.read(), re.M | re.S).group(0)


class Proxy:
    """nginx in front of a server; what a client needs to know of where it connects to."""

    def __init__(self, server, port):
        self.server, self.port, self.secrets = server, port, server.secrets
        self.folder = tempfile.mkdtemp(prefix="proxy-test-")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-keyout",
                        f"{self.folder}/key.pem", "-out", f"{self.folder}/cert.pem"], check=True, capture_output=True, timeout=60)
        block = documented()
        for old, new in (("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"), ("/etc/ssl/shop.example.pem", f"{self.folder}/cert.pem"),
                         ("/etc/ssl/private/shop.example.key", f"{self.folder}/key.pem"), ("127.0.0.1:8080", f"127.0.0.1:{server.port}")):
            assert old in block, f"docs/operate.md does not hold: {old}"
            block = block.replace(old, new)
        temp = "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(f"{self.folder}/nginx.conf", "w", encoding="utf-8") as f:
            f.write(f"daemon off; master_process off; pid {self.folder}/pid; error_log {self.folder}/error.log;\nevents {{}}\n"
                    f"http {{\naccess_log off;\n{temp}{block}}}\n")
        self.process = subprocess.Popen([NGINX, "-c", f"{self.folder}/nginx.conf", "-p", self.folder], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=die_with_parent)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    raise AssertionError("nginx does not take it: " + self.process.stderr.read().decode()) from None
                time.sleep(0.05)
        raise AssertionError("nginx does not listen")

    def crashed(self):
        return self.server.crashed()

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class ProxyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        assert NGINX, "nginx is not there: tools/install.sh test brings it"
        port = free_port()
        cls.server = Server("--url", f"https://127.0.0.1:{port}", "--trusted-proxy", "127.0.0.1")
        cls.addClassCleanup(cls.server.remove)
        cls.addClassCleanup(cls.server.kill)
        cls.server.start()
        cls.proxy = Proxy(cls.server, port)
        cls.addClassCleanup(cls.proxy.stop)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def admin(self, **extra):
        c = SecureClient(self.proxy)
        c.extra = extra
        c.get("/admin")
        c.press("Sign in", {"Username": "admin", "Password": ADMIN_PASSWORD})
        self.assertFalse(c.page.has_form(button="Sign in"), repr(c.reply))
        return c

    def test_the_main_job_over_tls(self):
        staff = self.admin()
        tab = assist(staff, EMAIL)
        self.assertIsNotNone(banner(tab.reply))
        key = self.server.value("SELECT p.url_key FROM product p JOIN product_website w ON w.product_id = p.id AND w.website_id = 1"
                                " WHERE p.active = 1 AND p.stock > 20 ORDER BY p.id LIMIT 1")
        add_to_cart(tab, key, root=root_of(tab))
        self.assertEqual(tab.reply.status, 200)
        tab.press("Close Session")
        self.assertTrue(tab.reply.path.startswith("/admin/customers/"))
        self.assertEqual([c.name for c in tab.jar.cookies if not c.secure], [], "cookies without Secure")

    def test_a_form_from_elsewhere_is_refused_here_too(self):
        staff = self.admin()
        staff.get("/admin")
        form = staff.page.form(button="Sign Out")
        for origin in ("https://evil.example", f"http://127.0.0.1:{self.proxy.port}x", "null"):
            reply = staff.post(form.action, form.data(), headers={"Origin": origin, "Sec-Fetch-Site": None}, follow=False)
            self.assertEqual(reply.status, 403, origin)

    def test_the_address_in_the_record_is_what_the_proxy_says(self):
        head = self.server.audit_head()
        self.admin(**{"X-Forwarded-For": "203.0.113.9"})
        self.assertEqual({r["ip"] for r in self.server.audit(head)}, {"127.0.0.1"}, "the client chose its own address")
        # The proxy itself is believed …
        head = self.server.audit_head()
        c = Client(self.server)
        c.extra = {"X-Forwarded-For": "203.0.113.9"}
        c.get("/admin")
        c.press("Sign in", {"Username": "admin", "Password": "wrong"})
        self.assertEqual({r["ip"] for r in self.server.audit(head)}, {"203.0.113.9"})

    def test_nobody_else_is_believed(self):
        with Server() as server:
            head = server.audit_head()
            c = Client(server)
            c.extra = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X-Real-IP": "203.0.113.9"}
            c.get("/admin")
            c.press("Sign in", {"Username": "admin", "Password": "wrong"})
            self.assertEqual({r["ip"] for r in server.audit(head)}, {"127.0.0.1"})

    def test_errors_and_large_bodies(self):
        c = SecureClient(self.proxy)
        self.assertEqual(c.get("/nothing").status, 404)
        self.assertIn("Hearth", c.reply.text)
        self.assertEqual(c.post("/cart/add", b"x=" + b"y" * (2 << 20), follow=False).status, 413)


if __name__ == "__main__":
    unittest.main()
