"""Attacks that must fail: the hand-over secret, planted and stolen sessions, rights taken away, forged requests."""
import concurrent.futures
import contextlib
import json
import os
import sys
import threading
import time
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from client import Cookie  # noqa: E402
from harness import ShopTest, raw  # noqa: E402
from people import BUTTON, account_information, add_to_cart, assist, banner, enter, find_customer, open_dialog, root_of, secret_of, set_consent, start  # noqa: E402

EMAIL = "consents@example.com"
ENDED = (403, 404, 410)


def reached(reply):
    """The request got into an assisted session."""
    return reply.status == 200 and banner(reply) is not None


class SecretTest(ShopTest):
    """The one-time secret of the hand-over."""

    def setUp(self):
        self.staff = self.server.admin()

    def redeem(self, tab, client=None, **changed):
        """Posts the hand-over form of `tab` from a client (the same browser unless said)."""
        form, _ = secret_of(tab)
        client = client or tab.tab()
        client.reply = tab.reply
        return client.post(form.action, [(k, changed.get(k, v)) for k, v in form.data()], follow=False)

    def is_refused(self, reply):
        self.assertIn(reply.status, ENDED, repr(reply))
        self.assertEqual([c for c in reply.headers_all("set-cookie") if "/as/" in c], [])
        self.assertNotIn("consents@example.com", reply.source)

    def sessions(self):
        return self.server.value("SELECT count(*) FROM assist_session")

    def test_200_clients_at_the_same_moment_log_in_exactly_one(self):
        tab = start(self.staff, EMAIL)
        before, barrier = self.sessions(), threading.Barrier(200)

        def one(_):
            client = tab.clone()
            barrier.wait(30)
            return self.redeem(tab, client)
        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            replies = list(pool.map(one, range(200)))
        got_in = [r for r in replies if r.status == 303 and r.header("location").startswith("/as/")]
        self.assertEqual(len(got_in), 1, sorted({r.status for r in replies}))
        self.assertEqual(self.sessions(), before + 1)
        for r in replies:
            if r is not got_in[0]:
                self.assertIn(r.status, (*ENDED, 429, 503), repr(r))
        # … and none afterwards.
        self.is_refused(self.redeem(tab))
        self.assertEqual(self.sessions(), before + 1)

    def test_a_second_use(self):
        tab = start(self.staff, EMAIL)
        first = self.redeem(tab)
        self.assertEqual(first.status, 303)
        before = self.sessions()
        self.is_refused(self.redeem(tab))
        self.assertEqual(self.sessions(), before)

    def test_after_its_time(self):
        tab = start(self.staff, EMAIL)
        with self.server.at_rest() as db:
            db.execute("UPDATE assist_secret SET expires_us = expires_us - 61000000, created_us = created_us - 61000000 WHERE spent_us IS NULL")
        self.is_refused(self.redeem(tab))

    def test_for_another_store_view(self):
        tab = start(self.staff, EMAIL)
        form, control = secret_of(tab)
        before = self.sessions()
        other = tab.tab()
        other.reply = tab.reply
        for path in ("/nl" + form.action, "/nl/assist/enter", "/outlet" + form.action):
            self.assertIn(other.post(path, form.data(), follow=False).status, ENDED)
        for extra in ("view", "view_id", "store_view", "customer_id"):
            reply = other.post(form.action, [*form.data(), (extra, "2")], follow=False)
            self.assertIn(reply.status, (400, *ENDED, 422), repr(reply))
        self.assertEqual(self.sessions(), before)

    def test_after_consent_was_withdrawn_in_between(self):
        customer = self.server.customer(EMAIL)
        tab = start(self.staff, EMAIL)
        set_consent(customer, False)
        try:
            self.is_refused(self.redeem(tab))
        finally:
            set_consent(customer, True)
        # Giving it again does not bring the secret back: it was spent by the attempt.
        self.is_refused(self.redeem(tab))

    def test_after_the_staff_user_signed_out(self):
        tab = start(self.staff, EMAIL)
        keep = tab.clone()
        self.staff.get("/admin")
        self.staff.press("Sign Out")
        self.is_refused(self.redeem(tab, keep))

    def test_from_another_browser(self):
        """The secret alone is not enough: it belongs to the staff session that asked for it, and that one must be alive."""
        tab = start(self.staff, EMAIL)
        stranger = self.server.client()
        reply = self.redeem(tab, stranger)
        if reply.status == 303:  # a new tab may have no Admin cookie; then the session is still the staff user's, and recorded so
            row = self.server.query("SELECT staff_name FROM assist_session ORDER BY id DESC LIMIT 1")[0]
            self.assertTrue(row["staff_name"])
        else:
            self.is_refused(reply)

    def test_from_another_site(self):
        tab = start(self.staff, EMAIL)
        form, _ = secret_of(tab)
        other = tab.tab()
        reply = other.post(form.action, form.data(), headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, follow=False)
        self.is_refused(reply)

    def test_in_an_address(self):
        tab = start(self.staff, EMAIL)
        form, control = secret_of(tab)
        reply = tab.tab().get(f"{form.action}?{control.name}={control.value}", follow=False)
        self.assertIn(reply.status, (404, 405))
        # It was not spent by that: GET changes nothing.
        self.assertEqual(self.redeem(tab).status, 303)

    def test_guessed(self):
        tab = start(self.staff, EMAIL)
        form, control = secret_of(tab)
        for guess in ("A" * 43, control.value[:-1] + ("A" if control.value[-1] != "A" else "B"), control.value.swapcase()):
            self.is_refused(self.redeem(tab, **{control.name: guess}))


class PlantedTest(ShopTest):
    """A session id planted before signing in or the hand-over is not used after it."""

    def plant(self, client, value, path="/"):
        names = {c.name for c in self.server.admin().jar.cookies} | {c.name for c in self.server.customer().jar.cookies}
        for name in names:
            client.jar.put(Cookie(name, value, path))
            client.jar.put(Cookie(name, value, "/admin"))
        return names

    def use(self, value, path, names):
        c = self.server.client()
        return c.request("GET", path, follow=False, cookies="; ".join(f"{n}={value}" for n in names))

    def test_before_the_customer_signs_in(self):
        value = "P" * 43
        c = self.server.client()
        names = self.plant(c, value)
        c.get("/customer/account/login")
        c.press("Sign In", {"Email": EMAIL, "Password": os.environ["CUSTOMER_PASSWORD"]})
        self.assertEqual(c.reply.status, 200)
        self.assertNotEqual(self.use(value, "/customer/account", names).status, 200)

    def test_a_guest_session_of_the_shops_own(self):
        """The guest's own token, made by the shop, is not the customer's after signing in."""
        c = self.server.client()
        product = self.server.value("SELECT url_key FROM product WHERE active = 1 AND stock > 0 ORDER BY id LIMIT 1")
        add_to_cart(c, product)
        before = c.jar.header("/")
        c.get("/customer/account/login")
        c.press("Sign In", {"Email": EMAIL, "Password": os.environ["CUSTOMER_PASSWORD"]})
        thief = self.server.client()
        self.assertNotEqual(thief.request("GET", "/customer/account", follow=False, cookies=before).status, 200)

    def test_before_staff_sign_in(self):
        value = "P" * 43
        c = self.server.client()
        names = self.plant(c, value, "/admin")
        c.get("/admin")
        c.press("Sign in", {"Username": "admin", "Password": os.environ["ADMIN_PASSWORD"]})
        self.assertNotEqual(self.use(value, "/admin/customers", names).status, 200)

    def test_before_the_hand_over(self):
        staff = self.server.admin()
        tab = assist(staff, EMAIL)
        names = {c.name for c in tab.jar.cookies if c.path.startswith("/as/")}
        value = "P" * 43
        for n in names:
            staff.jar.put(Cookie(n, value, "/"))
            staff.jar.put(Cookie(n, value, "/as"))
        second = assist(staff, EMAIL)
        reply = self.server.client().request("GET", root_of(second) + "/customer/account", follow=False,
                                             cookies="; ".join(f"{n}={value}" for n in names))
        self.assertFalse(reached(reply), repr(reply))


class AddressTest(ShopTest):
    """The assisted address space and its cookie."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.staff = cls.server.admin()
        cls.tab = assist(cls.staff, EMAIL)
        cls.root = root_of(cls.tab)
        cls.cookie = next(c for c in cls.tab.jar.cookies if c.path.startswith("/as/"))

    def test_the_cookie_is_for_its_path_only(self):
        self.assertEqual(self.cookie.path, self.root)
        self.assertTrue(self.cookie.http_only)
        self.assertIn(self.cookie.same_site, ("lax", "strict"))

    def test_another_agents_session_address(self):
        for who in (self.server.admin("support"), self.server.admin()):
            reply = who.get(self.root + "/customer/account", follow=False)
            self.assertIn(reply.status, ENDED, repr(reply))
            self.assertNotIn(EMAIL, reply.source)

    def test_a_customers_cookie_on_an_assisted_address(self):
        for who in (self.server.customer(EMAIL), self.server.customer("refuses@example.com")):
            for path in ("/customer/account", "/cart", "/"):
                reply = who.get(self.root + path, follow=False)
                self.assertIn(reply.status, ENDED, repr(reply))
                self.assertNotIn(EMAIL, reply.source)

    def test_a_guest_on_an_assisted_address(self):
        reply = self.server.client().get(self.root + "/customer/account", follow=False)
        self.assertIn(reply.status, ENDED)

    def test_an_assisted_cookie_outside_its_address(self):
        """As if a browser sent it everywhere: under its name and under the names of the other cookies."""
        names = {self.cookie.name} | {c.name for c in self.server.admin().jar.cookies} | {c.name for c in self.server.customer().jar.cookies}
        cookies = "; ".join(f"{n}={self.cookie.value}" for n in names)
        for path in ("/customer/account", "/admin", "/admin/customers", "/as/aaaaaaaaaaaa/customer/account"):
            reply = self.server.client().request("GET", path, follow=False, cookies=cookies)
            self.assertFalse(reply.status == 200 and EMAIL in reply.source, repr(reply))
            self.assertFalse(reached(reply))
            if path != "/admin":
                self.assertNotEqual(reply.status, 200, path)
        reply = self.server.client().request("GET", "/", follow=False, cookies=cookies)
        self.assertIsNone(banner(reply))

    def test_the_cookie_of_one_assisted_session_on_another(self):
        other = assist(self.staff, "outlet@example.com")
        reply = self.server.client().request("GET", root_of(other) + "/customer/account", follow=False,
                                             cookies=f"{self.cookie.name}={self.cookie.value}")
        self.assertIn(reply.status, ENDED)

    def test_admin_pages_under_an_assisted_address(self):
        for path in ("/admin", "/admin/customers", "/assist/enter", "/healthz", "/as/x/cart"):
            reply = self.tab.get(self.root + path, follow=False)
            self.assertIn(reply.status, (403, 404, 405), f"{path}: {reply!r}")

    def test_an_address_that_climbs_out(self):
        for path in ("/../../admin/customers", "/%2e%2e/admin", "/..%2fadmin", "//admin", "/./cart/../../../admin"):
            cookies = self.tab.jar.header(self.root + "/x")
            reply = raw(self.server.port, f"GET {self.root}{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nCookie: {cookies}\r\n"
                        "Connection: close\r\n\r\n".encode())
            self.assertRegex(reply, rb"^HTTP/1.1 (303|400|403|404) ", path)
            self.assertNotIn(b"All Customers", reply, path)

    def test_every_answer_is_private_and_not_stored(self):
        for path in ("/", "/customer/account", "/cart", "/customer/account/edit", "/no-such-page"):
            reply = self.tab.get(self.root + path, follow=False)
            self.assertIn("no-store", reply.header("cache-control"), path)
            self.assertIn("private", reply.header("cache-control"), path)


class TakenAwayTest(ShopTest):
    """What is taken away counts from the next request."""

    def setUp(self):
        self.admin = self.server.admin()

    def next_request_is_refused(self, tab, word):
        reply = tab.get(root_of(tab) + "/customer/account/edit", follow=False)
        self.assertIn(reply.status, ENDED, repr(reply))
        self.assertNotIn(EMAIL, reply.source)
        self.assertIn(word, reply.text.lower())
        # … nor does a change get through.
        before = self.server.state()
        self.assertIn(tab.post(root_of(tab) + "/cart/add", [("key", "x"), ("qty", "1")], follow=False).status, ENDED)
        self.assertEqual(self.server.state(), before)
        ended = self.server.query("SELECT ended_us, end_cause FROM assist_session WHERE public_id = ?", root_of(tab)[4:])[0]
        self.assertIsNotNone(ended["ended_us"])
        return ended["end_cause"]

    @contextlib.contextmanager
    def role_without(self, *resources):
        """The role of `support` without these, set in the Admin."""
        self.admin.get("/admin")
        self.admin.click("User Roles")
        row = next(r for r in self.admin.page.rows if "upport" in r["_node"].text)
        self.admin.get(row["_node"].first("a").get("href"))
        edit = self.admin.reply.path
        form = self.admin.page.form(button="Save Role")
        self.admin.submit(form, {r: False for r in resources}, "Save Role")
        self.assertEqual(self.admin.reply.status, 200, repr(self.admin.reply))
        try:
            yield
        finally:
            self.admin.get(edit)
            self.admin.press("Save Role", {r: True for r in resources})

    def test_a_right_taken_away(self):
        support = self.server.admin("support")
        tab = assist(support, EMAIL)
        with self.role_without("Allow Login as Customer"):
            self.next_request_is_refused(tab, "no longer")
            find_customer(support, EMAIL)
            self.assertFalse(support.page.has_link(BUTTON))

    def test_a_deactivated_staff_user(self):
        support = self.server.admin("support")
        tab = assist(support, EMAIL)
        self.switch_user("support", False)
        try:
            self.next_request_is_refused(tab, "")
            self.assertNotEqual(support.get("/admin/customers", follow=False).status, 200)
        finally:
            self.switch_user("support", True)

    def switch_user(self, username, active):
        self.admin.get("/admin")
        self.admin.click("All Users")
        form = next(f for f in self.admin.page.forms if any(c.kind == "search" for c in f.controls))
        self.admin.submit(form, {next(c for c in form.controls if c.kind == "search").name: username})
        row = next(r for r in self.admin.page.rows if username in r["_node"].text)
        self.admin.get(row["_node"].first("a").get("href"))
        form = next(f for f in self.admin.page.forms if any("ctive" in c.label for c in f.controls))
        self.admin.submit(form, {next(c for c in form.controls if "ctive" in c.label).name: active}, form.button_names[0])
        self.assertEqual(self.admin.reply.status, 200, repr(self.admin.reply))

    def test_a_deactivated_customer(self):
        tab = assist(self.admin, EMAIL)
        own = self.server.customer(EMAIL)
        self.switch_customer(EMAIL, False)
        try:
            self.next_request_is_refused(tab, "")
            self.assertNotEqual(own.get("/customer/account", follow=False).status, 200)
            open_dialog(self.admin, EMAIL)
            self.assertFalse(self.admin.page.has_form(button=BUTTON))
        finally:
            self.switch_customer(EMAIL, True)

    def switch_customer(self, email, active):
        account_information(self.admin, email)
        self.admin.submit(self.admin.page.form(field="First Name"), {"Active": active}, "Save")
        self.assertEqual(self.admin.reply.status, 200, repr(self.admin.reply))

    def test_consent_withdrawn(self):
        tab = assist(self.admin, EMAIL)
        customer = self.server.customer(EMAIL)
        set_consent(customer, False)
        try:
            self.assertEqual(self.next_request_is_refused(tab, "permission"), "consent_withdrawn")
        finally:
            set_consent(customer, True)

    def test_signing_out_of_the_admin(self):
        staff = self.server.admin()
        tab = assist(staff, EMAIL)
        staff.get("/admin")
        staff.press("Sign Out")
        self.next_request_is_refused(tab, "")

    def test_the_feature_switched_off(self):
        tab = assist(self.admin, EMAIL)
        self.feature(False)
        try:
            self.next_request_is_refused(tab, "")
        finally:
            self.feature(True)

    def feature(self, on):
        self.admin.get("/admin")
        self.admin.click("Configuration")
        self.admin.click("Login as Customer")
        form = self.admin.page.form(button="Save Config")
        self.admin.submit(form, {"Enable Login as Customer": "1" if on else "0"}, "Save Config")
        self.assertEqual(self.admin.reply.status, 200, repr(self.admin.reply))


class ForgedTest(ShopTest):
    """Forged requests, addresses that lead away, and hostile text."""

    def setUp(self):
        self.admin = self.server.admin()

    def test_a_get_that_should_start_or_end_something(self):
        tab = assist(self.admin, EMAIL)
        form = tab.page.form(button="Close Session")
        before = self.server.state()
        self.assertIn(tab.get(form.action, follow=False).status, (404, 405))
        open_dialog(self.admin, EMAIL)
        action = self.admin.page.form(button=BUTTON).action
        reply = self.admin.get(action, follow=False)
        self.assertFalse(reply.is_html and any(len(c.value) == 43 for f in reply.page.forms for c in f.controls if c.name == "secret"))
        self.assertEqual(self.server.state(), before)
        self.assertTrue(reached(tab.get(root_of(tab) + "/customer/account")))

    def test_a_cross_site_form_in_an_assisted_session(self):
        tab = assist(self.admin, EMAIL)
        root = root_of(tab)
        tab.get(root + "/customer/account/edit")
        form = tab.page.form(button="Save")
        with self.unchanged():
            for headers in ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}):
                self.assertEqual(tab.post(form.action, form.data(), headers=headers, follow=False).status, 403)

    def test_the_token_of_the_agents_own_shop_session_in_an_assisted_one(self):
        own = self.server.customer("refuses@example.com")
        own.get("/customer/account/edit")
        name, value = own.csrf()
        tab = assist(self.admin, EMAIL)
        root = root_of(tab)
        tab.get(root + "/customer/account/edit")
        form = tab.page.form(button="Save")
        with self.unchanged():
            data = [(k, value if k == name else v) for k, v in form.data()]
            self.assertEqual(tab.post(form.action, data, follow=False).status, 403)

    def test_a_return_address_that_leads_off_the_site(self):
        for back in ("https://evil.example/", "//evil.example/", "/\\evil.example", "/%09/evil.example", "\\\\evil.example", "javascript:alert(1)",
                     "/\t/evil.example", "http:evil.example"):
            c = self.server.client()
            c.get("/customer/account/login?back=" + urllib.parse.quote(back, safe=""), follow=False)
            if c.reply.status == 200 and c.page.has_form(button="Sign In"):
                form = c.page.form(button="Sign In")
                self.assertNotIn("evil.example", "".join(h or "" for _, h in c.page.links))
                reply = c.submit(form, {"Email": EMAIL, "Password": os.environ["CUSTOMER_PASSWORD"]}, follow=False)
                if reply.status == 303:
                    where = urllib.parse.urljoin(c.origin + "/customer/account/login", reply.header("location").replace("\\", "/"))
                    self.assertTrue(where.startswith(c.origin + "/"), f"{back!r} leads to {where}")

    def test_a_host_that_is_not_the_shop(self):
        c = self.server.client()
        c.get("/customer/account/forgotpassword", headers={"Host": "evil.example"}, follow=False)
        self.assertNotIn("evil.example", c.reply.source)
        self.assertNotIn("evil.example", str(c.reply.headers))

    def test_script_in_a_customers_name_and_address_as_staff_see_it(self):
        evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
        customer = self.server.customer(EMAIL)
        customer.get("/customer/account/edit")
        customer.press("Save", {"First Name": evil[:60]})
        customer.get("/customer/address/new")
        fields = {"First Name": evil[:60], "Last Name": "X", "Street Address": evil, "City": "\"><svg/onload=alert(3)>", "Country": "NL",
                  "Zip/Postal Code": "1000AA"}
        customer.submit(customer.page.form(field="Street Address"), fields, "Save Address")
        pages = [find_customer(self.admin, EMAIL), open_dialog(self.admin, EMAIL), assist(self.admin, EMAIL).reply]
        for path in ("/customer/address", "/cart", "/"):
            tab = assist(self.admin, EMAIL)
            pages.append(tab.get(root_of(tab) + path))
        self.admin.get("/admin")
        pages.append(self.admin.click("Actions Report"))
        for _, href in [x for x in self.admin.page.links if x[1] and x[0].startswith("View")][:5]:
            pages.append(self.admin.get(href))
        pages.append(self.admin.get("/admin/customers"))
        for reply in pages:
            self.assertEqual(reply.status, 200, repr(reply))
            self.assertEqual([n for n in reply.page.root.all("img") if n.get("src") == "x"], [])
            self.assertEqual([n for n in reply.page.root.all("script") if not n.get("src")], [], reply.path)
            for n in reply.page.root.walk():
                self.assertEqual([a for a in n.attrs if a.startswith("on")], [], reply.path)
            self.assertNotIn("<script>alert", reply.source)

    def test_every_page_forbids_inline_script(self):
        for path in ("/", "/admin", "/customer/account/login", "/no-such-page"):
            policy = self.server.client().get(path).header("content-security-policy")
            self.assertIsNotNone(policy, path)
            self.assertNotIn("unsafe-inline", policy)
            self.assertNotIn("unsafe-eval", policy)
            self.assertIn("frame-ancestors", policy)

    def test_a_log_line_with_line_breaks_in_it(self):
        forged = '\n{"t_us":1,"level":"info","event":"forged","x":1}\r\n'
        c = self.server.client()
        c.get("/" + urllib.parse.quote(forged, safe=""), follow=False)
        c.get("/?q=" + urllib.parse.quote(forged, safe=""), follow=False)
        c.get("/customer/account/login")
        c.press("Sign In", {"Email": "x" + forged.strip(), "Password": forged})
        a = self.server.client()
        a.get("/admin")
        a.press("Sign in", {"Username": "admin" + forged, "Password": "x"})
        c.request("GET", "/", headers={"User-Agent": "x\\n{\"event\":\"forged\"}"}, follow=False)
        time.sleep(0.3)
        for line in self.server.lines:
            self.assertNotEqual(json.loads(line).get("event"), "forged", line)
        for row in self.server.query("SELECT details, username, customer FROM audit_entry"):
            for v in row.values():
                self.assertNotRegex(v or "", r"[\r\n]")

    def test_a_customer_of_another_website(self):
        """A role for Main Website alone does not see, find, open, change or enter a customer of Outlet."""
        outlet = self.server.customer_id("outlet@example.com")
        main = self.server.value("SELECT website_id FROM customer WHERE email = ?", EMAIL)
        own = self.server.customer_id(EMAIL)
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_role SET scope = ? WHERE id = (SELECT role_id FROM staff_user WHERE username = 'support')", (1 << main,))
        support, admin = self.server.admin("support"), self.server.admin()
        find_customer(support, EMAIL)
        address = support.reply.path
        self.assertIn(str(own), address)
        self.assertIn(support.get(address.replace(str(own), str(outlet)), follow=False).status, (403, 404))
        with self.assertRaises((StopIteration, LookupError)):
            find_customer(support, "outlet@example.com")
        open_dialog(support, EMAIL)
        form = support.page.form(button=BUTTON)
        before = self.server.value("SELECT count(*) FROM assist_secret")
        data = [(k, str(outlet) if v == str(own) else v) for k, v in form.data(button=BUTTON)]
        reply = support.post(form.action.replace(str(own), str(outlet)), data, follow=False)
        self.assertIn(reply.status, (403, 404), repr(reply))
        self.assertEqual(self.server.value("SELECT count(*) FROM assist_secret"), before)
        self.assertEqual(find_customer(admin, "outlet@example.com").status, 200)
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_role SET scope = -1 WHERE id = (SELECT role_id FROM staff_user WHERE username = 'support')")

    def test_addresses_of_another_customer(self):
        """Ids of somebody else's rows are not found, for a customer and in an assisted session."""
        mine, theirs = self.server.customer_id(EMAIL), self.server.customer_id("refuses@example.com")
        address = self.server.value("SELECT id FROM address WHERE customer_id = ? ORDER BY id LIMIT 1", theirs)
        tab = assist(self.admin, EMAIL)
        for client, root in ((self.server.customer(EMAIL), ""), (tab, root_of(tab))):
            self.assertIn(client.get(f"{root}/customer/address/edit/{address}", follow=False).status, (403, 404))
            own = self.server.value("SELECT id FROM address WHERE customer_id = ? ORDER BY id LIMIT 1", mine)
            client.get(f"{root}/customer/address/edit/{own}")
            form = client.page.form(field="Street Address")
            with self.unchanged():
                for path in (f"{root}/customer/address/edit/{address}", f"{root}/customer/address/delete/{address}"):
                    reply = client.post(path, form.data() if "edit" in path else [client.csrf()], follow=False)
                    self.assertIn(reply.status, (403, 404), repr(reply))


if __name__ == "__main__":
    unittest.main()
