"""Tests made from the tables: every declared page and operation, tried by those who may not, without its token, from
another site, with input that was never declared. A new page or operation is tested here without a line being written."""
import contextlib
import os
import re
import sys
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ADMIN_PASSWORD, Server, ShopTest, tables  # noqa: E402
from people import assist, banner, root_of  # noqa: E402
from words import check_words  # noqa: E402

EMAIL = "consents@example.com"

TABLES = tables()
PAGES = TABLES["pages"]
OPS = {k: v for k, v in TABLES["ops"].items() if v["path"]}
ADMIN_PAGES = {k: v for k, v in PAGES.items() if v["area"] == "admin" and v["right"] != "guest_staff"}
ADMIN_OPS = {k: v for k, v in OPS.items() if v["area"] == "admin" and v["right"] != "guest_staff"}
SHOP_OPS = {k: v for k, v in OPS.items() if v["area"] == "shop"}
OPEN = ("anyone", "secret", "guest_staff")
PLAIN = {"id": "1", "email": "nobody@example.com", "bool": "1", "slug": "x", "secret": "A" * 43, "path": "/", "date": "2026-01-02",
         "money": "1.00", "password": "Some-password-1"}


def example(field):
    """A value that passes the declared type and bounds."""
    kind = field["type"]
    if kind == "enum":
        return field["choices"][0]
    if kind == "int":
        return str(max(field["lo"], 1) if field["hi"] >= 1 else field["lo"])
    if kind in ("text", "lines", "token"):
        return "a" * max(1, field["lo"])
    return PLAIN.get(kind, "")


def examples(entry):
    """Valid pairs for all mandatory single inputs."""
    return [(f["name"], example(f)) for f in entry["inputs"] if not f["optional"] and f["type"] not in ("list", "map", "bool")]


def address(entry, **given):
    """The declared path with its parts filled in."""
    by_name = {f["name"]: f for f in entry["inputs"]}
    return re.sub(r"\{(\w+)\}", lambda m: urllib.parse.quote(given.get(m.group(1)) or example(by_name[m.group(1)]), safe=""), entry["path"])


def wrong_values(field):
    """Values that the declared type or bounds refuse."""
    kind, lo, hi = field["type"], field["lo"], field["hi"]
    out = []
    if kind in ("id", "int"):
        out += ["x", "1x", "0x10", " 1 2", "9" * 30, "1.5", "-" * 3, "--1"]
        out += ["0", "-1"] if kind == "id" else [str(lo - 1), str(hi + 1)]
    elif kind in ("text", "lines"):
        out += ["x" * (hi + 1)] + (["", "   "] if lo > 0 and not field["optional"] else [])
        out += ["a\nb"] if kind == "text" else []
    elif kind == "token":
        out += ["x" * (hi + 1), "a b", "<b>", "é"]
    elif kind == "password":
        out += ["x" * (hi + 1)]
    elif kind == "slug":
        out += ["A B", "../x", "x" * 65, "é", "<script>"]
    elif kind == "email":
        out += ["nobody", "a@", "@b", "a b@c.de", "a@b\r\nBcc: x@y.z", "x" * 250 + "@example.com"]
    elif kind == "enum":
        out += ["none-of-these", "é", "0"]
    elif kind == "secret":
        out += ["short", "x" * 500, "é" * 43]
    elif kind == "path":
        out += ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "x"]
    elif kind == "date":
        out += ["yesterday", "2026-02-30", "2026-13-01", "99999999-01-01"]
    elif kind == "money":
        out += ["a lot", "1.2.3", "9" * 30, "1e9", "NaN"]
    elif kind == "list" and field["item"] == "id":
        out += ["x", "-1"]
    elif kind == "list":
        out += ["a b", "<b>"]
    return out


class TableTest(ShopTest):
    """People: admin may everything; `idle` is staff without a single right; a customer; an assisted session."""

    @classmethod
    def setUpClass(cls):
        cls.server = s = Server()
        cls.addClassCleanup(s.remove)
        cls.addClassCleanup(s.kill)
        with s.connect() as db:
            role = db.execute("INSERT INTO staff_role (name, all_resources, scope) VALUES ('Idle', 0, -1) RETURNING id").fetchone()[0]
            columns = [r[1] for r in db.execute("PRAGMA table_info(staff_user)")]
            row = dict(zip(columns, db.execute("SELECT * FROM staff_user WHERE username = 'admin'").fetchone()))
            del row["id"]
            row.update(username="idle", username_fold="idle", email="idle@example.com", role_id=role)
            db.execute(f"INSERT INTO staff_user ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
        db.close()
        s.start()

    @classmethod
    def tearDownClass(cls):
        with cls.server.looking_in() as db:
            check_words(cls("test_every_page_answers_without_a_500"), db)
        super().tearDownClass()

    def setUp(self):
        s = self.server
        self.admin, self.idle, self.customer = s.admin(), s.admin("idle", ADMIN_PASSWORD), s.customer()

    def token(self, client, path):
        client.get(path)
        return client.csrf()

    def not_shown(self, reply, who):
        """An answer that shows nothing: a refusal, or the way to a sign-in page."""
        if reply.status in (302, 303):
            self.assertRegex(reply.header("location"), r"^/admin(\?|$|/login|/sign)|/customer/account/login", who)
        else:
            self.assertIn(reply.status, (401, 403, 404), f"{who}: {reply!r}")

    # ---- pages ----

    def test_non_public_pages_without_a_session(self):
        for name, page in PAGES.items():
            if page["right"] not in OPEN:
                with self.subTest(name):
                    c = self.server.client()
                    reply = c.get(address(page), follow=False)
                    self.not_shown(reply, name)
                    self.assertEqual(reply.headers_all("set-cookie"), [] if reply.status != 303 else reply.headers_all("set-cookie"))

    def test_admin_pages_with_a_customer_session(self):
        for name, page in ADMIN_PAGES.items():
            with self.subTest(name):
                self.not_shown(self.customer.get(address(page), follow=False), name)

    def test_admin_pages_without_the_right(self):
        for name, page in ADMIN_PAGES.items():
            if page["right"] != "staff":
                with self.subTest(name):
                    self.assert_status(self.idle.get(address(page), follow=False), 403, 404)

    def test_every_page_answers_without_a_500(self):
        for name, page in PAGES.items():
            client = self.admin if page["area"] == "admin" else self.customer
            for given in ({}, {"id": "999999999"}, {"id": "1", "key": "no-such-key"}, {"id": "9" * 18}):
                with self.subTest(f"{name} {given}"):
                    reply = client.get(address(page, **given), follow=False)
                    self.assertIn(reply.status, (200, 302, 303, 403, 404, 410, 422), repr(reply))

    def test_pages_with_wrong_parameters(self):
        for name, page in PAGES.items():
            client = self.admin if page["area"] == "admin" else self.customer
            for field in page["inputs"]:
                for value in [*wrong_values(field), "%", "\0", "\udcff", "x" * 3000]:
                    query = urllib.parse.quote(value, safe="", errors="surrogateescape")
                    in_path = "{" + field["name"] + "}" in page["path"]
                    path = re.sub(r"\{(\w+)\}", lambda m: query if m.group(1) == field["name"] else "1", page["path"]) \
                        if in_path else f"{address(page)}?{field['name']}={query}"
                    with self.subTest(f"{name} {field['name']}={value[:40]!r}"):
                        reply = client.get(path, follow=False)
                        self.assertLess(reply.status, 500, repr(reply))
                        if in_path:
                            self.assertGreaterEqual(reply.status, 400, repr(reply))

    def test_pages_do_not_change_anything(self):
        with self.unchanged():
            for page in PAGES.values():
                (self.admin if page["area"] == "admin" else self.customer).get(address(page), follow=False)

    def test_wrong_methods(self):
        with self.unchanged():
            for name, page in PAGES.items():
                for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
                    with self.subTest(f"{method} {name}"):
                        reply = self.admin.request(method, address(page), follow=False)
                        self.assertIn(reply.status, (400, 405, 501), repr(reply))

    # ---- operations ----

    @contextlib.contextmanager
    def trying(self, name):
        with self.subTest(name), self.unchanged():
            yield

    def test_operations_do_not_answer_to_get(self):
        pages = {re.sub(r"\{\w+\}", "{}", p["path"]) for p in PAGES.values()}
        for name, op in OPS.items():
            with self.trying(name):
                if re.sub(r"\{\w+\}", "{}", op["path"]) in pages:
                    continue
                client = self.admin if op["area"] == "admin" else self.customer
                for method in ("GET", "HEAD"):
                    reply = client.request(method, address(op), follow=False)
                    self.assertIn(reply.status, (404, 405), f"{name}: {reply!r}")

    def test_admin_operations_without_a_session(self):
        for name, op in ADMIN_OPS.items():
            with self.trying(name):
                reply = self.server.client().post(address(op), examples(op), follow=False)
                self.not_shown(reply, name)

    def test_admin_operations_with_a_customer_session(self):
        name_value = self.token(self.customer, "/customer/account/edit")
        for name, op in ADMIN_OPS.items():
            with self.trying(name):
                self.not_shown(self.customer.post(address(op), [name_value, *examples(op)], follow=False), name)

    def test_operations_without_the_right(self):
        token = self.token(self.idle, "/admin")
        for name, op in ADMIN_OPS.items():
            with self.trying(name):
                if op["right"] != "staff":
                    before = self.server.audit_head()
                    self.assert_status(self.idle.post(address(op), [token, *examples(op)], follow=False), 403, 404)
                    refused = self.server.audit(before)
                    self.assertEqual([(r["full_action"], r["result"], r["username"]) for r in refused], [(name, "failure", "idle")])

    def test_operations_without_the_token(self):
        for name, op in OPS.items():
            with self.trying(name):
                if op["right"] in ("secret", "system"):
                    continue
                client = self.admin if op["area"] == "admin" else self.customer
                own_name, own = self.token(client, "/admin" if op["area"] == "admin" else "/customer/account/edit")
                for pairs in ([], [(own_name, "")], [(own_name, "x" * len(own))], [(own_name, own[:-1])], [(own_name, own + "A")]):
                    reply = client.post(address(op), [*pairs, *examples(op)], follow=False)
                    self.assertEqual(reply.status, 403, f"{name} with {pairs}: {reply!r}")

    def test_operations_with_somebody_elses_token(self):
        foreign = self.token(self.server.admin(), "/admin")
        for name, op in ADMIN_OPS.items():
            with self.trying(name):
                self.assert_status(self.admin.post(address(op), [foreign, *examples(op)], follow=False), 403)

    def test_operations_from_another_origin(self):
        for name, op in OPS.items():
            with self.trying(name):
                if op["right"] == "system":
                    continue
                client = self.admin if op["area"] == "admin" else self.customer
                token = self.token(client, "/admin" if op["area"] == "admin" else "/customer/account/edit")
                for headers in ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
                                {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
                                {"Origin": "https://evil.example", "Sec-Fetch-Site": None},
                                {"Origin": f"http://{client.host}:1", "Sec-Fetch-Site": "same-site"},
                                {"Origin": client.origin, "Sec-Fetch-Site": "cross-site"}):
                    reply = client.post(address(op), [token, *examples(op)], headers=headers, follow=False)
                    self.assertEqual(reply.status, 403, f"{name} with {headers}: {reply!r}")

    def test_customer_operations_without_a_session(self):
        for name, op in SHOP_OPS.items():
            with self.trying(name):
                if op["right"] == "customer":
                    c = self.server.client()
                    token = self.token(c, "/customer/account/login")
                    self.not_shown(c.post(address(op), [token, *examples(op)], follow=False), name)

    # ---- in an assisted session ----

    def shop_pages(self):
        return {k: v for k, v in PAGES.items() if v["area"] == "shop"}

    def test_every_page_in_an_assisted_session(self):
        tab = assist(self.admin, EMAIL)
        root = root_of(tab)
        for name, page in self.shop_pages().items():
            with self.subTest(name):
                reply = tab.get(root + address(page), follow=False)
                self.assertIn(reply.status, (200, 303, 403, 404, 410), repr(reply))
                self.assertIn("no-store", reply.header("cache-control"))
                if page["assisted"] == "refused":
                    self.assertIn(reply.status, (403, 404), repr(reply))
                if reply.status == 303:
                    self.assertTrue(reply.header("location").startswith(root + "/"), reply.header("location"))
                if reply.is_html:
                    self.assertIsNotNone(banner(reply), "a page without its banner")
                    out = [h for _, h in reply.page.links if h.startswith("/") and not h.startswith((root, "/assets"))]
                    self.assertEqual(out, [], "links lead out of the assisted session")

    def test_admin_pages_and_operations_under_an_assisted_address(self):
        tab = assist(self.admin, EMAIL)
        root, token = root_of(tab), self.token(tab, root_of(tab) + "/customer/account/edit")
        for name, page in ADMIN_PAGES.items():
            with self.subTest(name):
                self.assertEqual(tab.get(root + address(page), follow=False).status, 404)
        for name, op in ADMIN_OPS.items():
            with self.trying(name):
                self.assert_status(tab.post(root + address(op), [token, *examples(op)], follow=False), 403, 404)
                # The cookie and token of the assisted session are nothing on the Admin's own address.
                stranger = self.server.client()
                stranger.jar = tab.jar.copy()
                stranger.jar.cookies = [c for c in stranger.jar.cookies if c.path.startswith("/as/")]
                reply = stranger.request("POST", address(op), urllib.parse.urlencode([token, *examples(op)]).encode(), follow=False,
                                         headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": stranger.origin},
                                         cookies="; ".join(f"{c.name}={c.value}" for c in stranger.jar.cookies))
                self.not_shown(reply, name)

    def test_operations_that_the_customer_must_do_in_person(self):
        tab = assist(self.admin, EMAIL)
        root, token = root_of(tab), self.token(tab, root_of(tab) + "/customer/account/edit")
        kept = {k: v for k, v in SHOP_OPS.items() if v["assisted"] in ("protected", "refused")}
        self.assertGreaterEqual(len(kept), 5)
        for name, op in kept.items():
            with self.trying(name):
                head = self.server.audit_head()
                reply = tab.post(root + address(op), [token, *examples(op)], follow=False)
                self.assert_status(reply, 403, 404)
                if op["assisted"] == "protected":
                    entry, = self.server.audit(head)
                    self.assertEqual((entry["full_action"], entry["result"], entry["username"], entry["customer_id"]),
                                     (name, "failure", "admin", self.server.customer_id(EMAIL)))

    def test_operations_in_an_assisted_session_without_its_token_or_from_another_origin(self):
        tab = assist(self.admin, EMAIL)
        root, token = root_of(tab), self.token(tab, root_of(tab) + "/customer/account/edit")
        own = self.token(self.customer, "/customer/account/edit")
        evil = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        for name, op in SHOP_OPS.items():
            if op["right"] == "secret":
                continue
            with self.trying(name):
                for pairs, headers in (([], {}), ([own], {}), ([(token[0], token[1][:-2])], {}), ([token], evil)):
                    self.assertEqual(tab.post(root + address(op), [*pairs, *examples(op)], headers=headers, follow=False).status, 403)

    # ---- input ----

    def who(self, op):
        """Somebody who may run it, and their token."""
        if op["right"] == "guest_staff":
            client, path = self.server.client(), "/admin/login"
        elif op["area"] == "admin":
            client, path = self.admin, "/admin"
        elif op["right"] == "customer":
            client, path = self.customer, "/customer/account/edit"
        else:
            client, path = self.server.client(), "/customer/account/login"
        return client, self.token(client, path)

    def refused(self, client, op, pairs, what):
        reply = client.post(address(op), pairs, follow=False)
        self.assertTrue(400 <= reply.status < 500 and reply.status != 429, f"{what}: {reply!r}")

    def test_inputs_that_the_declaration_refuses(self):
        for name, op in OPS.items():
            with self.trying(name):
                if op["right"] == "system":
                    continue
                client, token = self.who(op)
                good = [token, *examples(op)]
                for field in op["inputs"]:
                    if "{" + field["name"] + "}" in op["path"]:
                        continue
                    rest = [p for p in good if p[0] != field["name"]]
                    if field["type"] not in ("list", "map"):
                        self.refused(client, op, [*rest, (field["name"], example(field)), (field["name"], example(field))],
                                     f"{name}: {field['name']} twice")
                    for value in wrong_values(field):
                        self.refused(client, op, [*rest, (field["name"], value)], f"{name}: {field['name']}={value[:60]!r}")

    def test_bodies_that_are_no_form(self):
        for name, op in OPS.items():
            with self.trying(name):
                if op["right"] == "system":
                    continue
                client, token = self.who(op)
                own = "=".join(token).encode()
                for body in (own + b"&x=%ff%fe", own + b"&x=%zz", own + b"&x=%00", own + b"&x=\xff\xfe", own + b"&%=1", own + b"&a=1" * 5000):
                    self.refused(client, op, body, f"{name}: {body[-20:]!r}")
                for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x", None):
                    reply = client.post(address(op), own, headers={"Content-Type": kind}, follow=False)
                    self.assertTrue(400 <= reply.status < 500, f"{name} as {kind}: {reply!r}")

    def test_bodies_that_are_too_large(self):
        for name, op in OPS.items():
            with self.trying(name):
                client = self.admin if op["area"] == "admin" else self.customer
                reply = client.post(address(op), b"x=" + b"y" * (4 << 20), follow=False)
                self.assertEqual(reply.status, 413, f"{name}: {reply!r}")


if __name__ == "__main__":
    unittest.main()
