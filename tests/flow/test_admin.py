"""The Admin: its door, its grids, users, roles and configuration."""
import csv
import io
import json
import os
import re
import sys
import time
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ADMIN_PASSWORD, Server, ShopTest  # noqa: E402
from people import account_information, assist  # noqa: E402

EMAIL = "consents@example.com"


class DoorTest(ShopTest):
    """Signing in and out of the Admin."""

    def attempt(self, username, password, c=None):
        c = c or self.server.client()
        c.get("/admin")
        return c.press("Sign in", {"Username": username, "Password": password}, follow=False)

    def test_signing_in_leads_to_the_wanted_page(self):
        c = self.server.client()
        c.get("/admin/customers?q=consents")
        self.assertTrue(c.page.has_form(button="Sign in"))
        c.press("Sign in", {"Username": "admin", "Password": ADMIN_PASSWORD})
        self.assertEqual(c.reply.path.split("?")[0], "/admin/customers")

    def test_names_are_not_told_apart(self):
        answers = {tuple(self.attempt(u, p).page.alerts) for u, p in (("nobody", "x"), ("viewer", "x"), ("nobody", ADMIN_PASSWORD), ("admin ", "y"))}
        self.assertEqual(len(answers), 1, answers)

    def test_unknown_names_take_as_long(self):
        def median(name):
            times = []
            for _ in range(7):
                c = self.server.client()
                c.get("/admin")
                form = c.page.form(button="Sign in")
                begin = time.perf_counter()
                c.submit(form, {"Username": name, "Password": "wrong"}, follow=False)
                times.append(time.perf_counter() - begin)
            return sorted(times)[3]
        unknown, known = median("nobody-here"), median("outsider")
        self.assertGreater(min(known, unknown), 0.015, "no password was hashed")
        self.assertLess(max(known, unknown), 3 * min(known, unknown) + 0.02)

    def test_six_failures_lock_the_account_and_the_record_says_why(self):
        for _ in range(6):
            self.assertEqual(self.attempt("support", "wrong").status, 422)
        head = self.server.audit_head()
        reply = self.attempt("support", ADMIN_PASSWORD)
        self.assertEqual(reply.status, 422, "the right password opened a locked account")
        entry, = self.server.audit(head)
        self.assertEqual((entry["action_group"], entry["result"], entry["username"]), ("sign_in", "failure", "support"))
        self.assertIn("locked", entry["reason"])
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_user SET locked_until_us = 1 WHERE username = 'support'")
        self.assertEqual(self.attempt("support", ADMIN_PASSWORD).status, 303)

    def test_signing_out_is_final(self):
        c = self.server.admin()
        stolen = c.clone()
        c.get("/admin")
        c.press("Sign Out")
        for who in (c, stolen):
            self.assertNotEqual(who.get("/admin/customers", follow=False).status, 200)

    def test_the_session_times_out(self):
        c = self.server.admin()
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_session SET seen_us = seen_us - 3660000000")
        self.assertNotEqual(c.get("/admin/customers", follow=False).status, 200)

    def test_the_cookie_is_for_the_admin_only(self):
        c = self.server.admin()
        cookie = max((x for x in c.jar.cookies if x.path.startswith("/admin")), key=lambda x: len(x.value))
        self.assertTrue(cookie.http_only)
        self.assertIn(cookie.same_site, ("lax", "strict"))
        self.assertEqual([x for x in c.jar.cookies if x.value == cookie.value and not x.path.startswith("/admin")], [])

    def test_headers_of_every_page(self):
        for path in ("/", "/admin", "/admin/login", "/nothing"):
            reply = self.server.client().get(path)
            self.assertEqual(reply.header("x-content-type-options"), "nosniff", path)
            self.assertIsNotNone(reply.header("referrer-policy"), path)
            self.assertIn("text/html; charset=utf-8", reply.header("content-type").lower(), path)


class RateTest(unittest.TestCase):
    def test_too_many_attempts_from_one_address_must_wait(self):
        # Five a minute: one more every twelve seconds, which no sign-in takes, however busy the machine is. With many a minute the
        # allowance grows back as fast as a slow machine uses it up.
        with Server(login_rate=5) as server:
            c = server.client()
            statuses = []
            while 429 not in statuses and len(statuses) < 20:
                c.get("/admin")
                statuses.append(c.press("Sign in", {"Username": "nobody", "Password": "x"}, follow=False).status)
            self.assertEqual(set(statuses[:-1]), {422})
            self.assertEqual(statuses[-1], 429)
            self.assertGreaterEqual(len(statuses), 6)
            self.assertTrue(c.reply.is_html)
            self.assertIsNotNone(c.reply.header("retry-after"))
            self.assertEqual(c.get("/").status, 200, "others are slowed as well")


def grids(client):
    """The addresses of all pages of the sidebar that hold a grid."""
    client.get("/admin")
    nav = client.page.root.first("nav", cls="admin-nav")
    found = []
    for link in nav.all("a"):
        reply = client.get(link.get("href"))
        if reply.page.root.first("section", cls="datagrid"):
            found.append(link.get("href"))
    return found


class GridTest(ShopTest):
    """One mechanism for every grid: each of them is tried."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.server.admin()
        cls.grids = grids(cls.admin)

    def test_there_are_grids(self):
        self.assertGreaterEqual(len(self.grids), 5, self.grids)

    def pages(self, address, most=60):
        """The rows of all pages, by their links."""
        rows, c = [], self.admin
        c.get(address)
        for _ in range(most):
            self.assert_status(c.reply, 200)
            rows += [(tuple(x.text for x in r["_node"].all("td")), next((a.get("href") for a in r["_node"].all("a") if a.text in ("Edit", "View")), None)) for r in c.page.rows]
            following = c.page.root.first("a", rel="next")
            if following is None:
                return rows
            c.get(following.get("href"))
        self.fail(f"{address}: more than {most} pages")

    def test_every_order_shows_every_row_once(self):
        for address in self.grids:
            self.admin.get(address)
            heads = [n for n in self.admin.page.root.all("th") if n.first("a")]
            # Reading the report makes entries of its own: those grids are held still by looking at what is older.
            everything = None
            for head in heads:
                name = head.text
                self.admin.get(head.first("a").get("href"))
                turned = next(n for n in self.admin.page.root.all("th") if n.text == name)
                for href in (self.admin.reply.path, turned.first("a").get("href")):
                    with self.subTest(f"{address} by {name}: {href}"):
                        rows = self.pages(href + ("&" if "?" in href else "?") + "size=200")
                        links = [x for _, x in rows if x]
                        self.assertEqual(len(links), len(set(links)), "a row stands twice")
                        everything = everything or len(rows)
                        self.assertEqual(len(rows), everything)

    def test_pages_go_forward_and_back(self):
        for address in self.grids:
            self.admin.get(address)
            following = self.admin.page.root.first("a", rel="next")
            if following is None:
                continue
            with self.subTest(address):
                first = [r["_node"].text for r in self.admin.page.rows]
                self.admin.get(following.get("href"))
                second = [r["_node"].text for r in self.admin.page.rows]
                self.assertEqual(set(first) & set(second), set())
                self.admin.get(self.admin.page.root.first("a", rel="prev").get("href"))
                self.assertEqual([r["_node"].text for r in self.admin.page.rows], first)

    def test_searching_for_what_stands_in_a_row_finds_it(self):
        address = next(g for g in self.grids if g.endswith("/customers"))
        for needle in (EMAIL, EMAIL.upper(), "consents@", self.server.value("SELECT lastname FROM customer WHERE email = ?", EMAIL)):
            self.admin.get(f"{address}?q={urllib.parse.quote(needle)}")
            self.assertTrue(any(EMAIL in r["_node"].text for r in self.admin.page.rows), needle)
        self.admin.get(f"{address}?q=zzzzzz-nobody")
        self.assertEqual(self.admin.page.rows, [])

    def test_hostile_states_in_the_address(self):
        for address in self.grids:
            for query in ("q=%27%22%3Cscript%3E%25_", "sort=nothing&dir=up", "after=i9~9", "after=x", "after=t" + "a" * 2000, "size=100000000", "size=-1",
                          "cols=" + ",".join("abc" * 100), "f.id.from=x", "f.id=x&f.x.y.z=1", "q=" + "a" * 500, "q=a&q=b", "=&&=", "q=%00", "q=%ff",
                          "sort=id%3Bdrop%20table%20customer", "f.=1", "f.name=" + "%F0%9F%92%A9" * 100):
                with self.subTest(f"{address}?{query[:40]}"):
                    reply = self.admin.get(f"{address}?{query}", follow=False)
                    self.assertIn(reply.status, (200, 303, 400, 422), repr(reply))
                    self.assertNotIn("<script>", reply.source.split("</head>")[1])

    def test_the_state_is_in_the_address(self):
        address = next(g for g in self.grids if g.endswith("/customers"))
        self.admin.get(f"{address}?q=consents")
        self.admin.get(next(n for n in self.admin.page.root.all("th") if n.first("a")).first("a").get("href"))
        self.assertIn("q=consents", self.admin.reply.path)
        state = self.admin.reply.path
        again = self.server.admin().get(state)
        self.assertEqual([r["_node"].text for r in again.page.rows], [r["_node"].text for r in self.admin.get(state).page.rows])

    def test_exports_hold_every_row_and_nothing_that_runs_in_a_spreadsheet(self):
        for address in self.grids:
            self.admin.get(address)
            exports = [h for t, h in self.admin.page.links if t in ("CSV", "JSON Lines")]
            for href in exports:
                with self.subTest(href):
                    total = len(self.pages(address + "?size=200"))
                    reply = self.admin.get(href)
                    self.assertEqual(reply.status, 200)
                    self.assertIn("attachment", reply.header("content-disposition"))
                    if "jsonl" in href:
                        rows = [json.loads(x) for x in reply.source.splitlines()]
                        cells = []
                    else:
                        self.assertTrue(reply.source.startswith("\ufeff"))
                        rows = list(csv.DictReader(io.StringIO(reply.source.removeprefix("\ufeff"))))
                        cells = [v for r in rows for v in r.values() if isinstance(v, str)]
                    self.assertGreaterEqual(len(rows), total)
                    self.assertLessEqual(len(rows), total + 20)
                    for cell in cells:
                        self.assertNotRegex(cell, r"^[=@\t\r]|^[+-](?![\d., ()-]+$)")

    def test_an_export_of_a_search_holds_only_that(self):
        address = next(g for g in self.grids if g.endswith("/customers"))
        self.admin.get(f"{address}?q=consents")
        href = next(h for t, h in self.admin.page.links if t == "CSV")
        rows = list(csv.DictReader(io.StringIO(self.admin.get(href).source.removeprefix("\ufeff"))))
        self.assertEqual(len(rows), 1)
        self.assertIn(EMAIL, rows[0].values())

    def test_a_role_for_one_website_sees_only_its_customers(self):
        main = self.server.value("SELECT website_id FROM customer WHERE email = ?", EMAIL)
        role = "(SELECT role_id FROM staff_user WHERE username = 'viewer')"
        with self.server.at_rest() as db:
            db.execute(f"UPDATE staff_role SET scope = ? WHERE id = {role}", (1 << main,))
        viewer = self.server.admin("viewer")
        viewer.get("/admin/customers?q=outlet@example.com")
        self.assertEqual(viewer.page.rows, [])
        export = next((h for t, h in viewer.get("/admin/customers").page.links if t == "CSV"), None)
        if export:
            self.assertNotIn("outlet@example.com", viewer.get(export).source)
        with self.server.at_rest() as db:
            db.execute(f"UPDATE staff_role SET scope = -1 WHERE id = {role}")


class ConfigurationTest(ShopTest):
    """Scopes, inheritance, bounds, and who sees which section."""

    def setUp(self):
        self.admin = self.server.admin()

    def section(self, name, client=None):
        c = client or self.admin
        c.get("/admin")
        c.click("Configuration")
        if c.page.heading != name:
            c.click(name)
        return c.page.form(button="Save Config")

    def value_of(self, path, scope=0, scope_id=0):
        return self.server.value("SELECT value FROM setting_value WHERE path = ? AND scope = ? AND scope_id = ?", path, scope, scope_id)

    def test_bounds_are_said_at_the_field_and_nothing_is_saved(self):
        form = self.section("Login as Customer")
        with self.unchanged():
            for value in ("0", "301", "soon", "", "1.5"):
                reply = self.admin.submit(form, {"Hand-over Lifetime (seconds)": value}, "Save Config", follow=False)
                self.assertEqual(reply.status, 422, f"{value}: {reply!r}")
                control = reply.page.form(button="Save Config").control("Hand-over Lifetime (seconds)")
                self.assertIsNotNone(control.error)
                self.assertEqual(control.value, value)

    def test_a_store_view_has_its_own_value_until_it_inherits_again(self):
        title = "Sta hulp op afstand toe 4711"
        path = "login_as_customer/general/title"
        nl = self.server.value("SELECT id FROM store_view WHERE path LIKE '%nl%'")
        form = self.scope("Main Store / Nederlands")
        inherit, value = f"inherit={path}", f"value[{path}]"
        self.assertTrue(form.control("Title for Login as Customer opt-in checkbox").name == value)
        self.assertTrue(next(c for c in form.controls if c.name == "inherit" and c.value == path).checked)
        # Settings of the default scope alone are not offered here.
        self.assertNotIn("Hand-over Lifetime (seconds)", [c.label for c in form.controls])
        self.admin.submit(form, {inherit: False, value: title}, "Save Config")
        self.assertEqual(self.admin.reply.status, 200, repr(self.admin.reply))
        self.assertEqual(self.value_of(path, 2, nl), title)
        self.assertIn(title, self.server.client().get("/nl/customer/account/create").text)
        self.assertNotIn(title, self.server.client().get("/customer/account/create").text)
        # A website's value reaches the views that have none of their own; inheriting again removes the view's.
        form = self.scope("Main Website (website)")
        self.admin.submit(form, {inherit: False, value: "Everywhere 4712"}, "Save Config")
        self.assertIn("Everywhere 4712", self.server.client().get("/customer/account/create").text)
        self.assertIn(title, self.server.client().get("/nl/customer/account/create").text)
        form = self.scope("Main Store / Nederlands")
        self.admin.submit(form, {inherit: True}, "Save Config")
        self.assertIsNone(self.value_of(path, 2, nl))
        self.assertIn("Everywhere 4712", self.server.client().get("/nl/customer/account/create").text)

    def scope(self, label):
        self.section("Login as Customer")
        form = self.admin.page.form(field="scope")
        self.admin.submit(form, {"scope": next(v for v, text, _, _ in form.control("scope").options if text.endswith(label))})
        return self.admin.page.form(button="Save Config")

    def test_accounts_are_shared_only_while_no_address_has_two(self):
        path, share = "customer/account_share/scope", "Share Customer Accounts"
        with self.server.at_rest() as db:
            db.execute("UPDATE customer SET email_fold = 'consents@example.com' WHERE email = 'outlet@example.com'")
        self.admin = self.server.admin()
        reply = self.admin.submit(self.section("Customer Configuration"), {share: "global"}, "Save Config")
        self.assertEqual(reply.status, 422, repr(reply))
        self.assertIsNotNone(reply.page.form(button="Save Config").control(share).error)
        self.assertIsNone(self.value_of(path))
        with self.server.at_rest() as db:
            db.execute("UPDATE customer SET email_fold = 'outlet@example.com' WHERE email = 'outlet@example.com'")
        self.admin = self.server.admin()
        self.assertEqual(self.admin.submit(self.section("Customer Configuration"), {share: "global"}, "Save Config").status, 200)
        self.assertEqual(self.value_of(path), "global")
        self.admin.submit(self.section("Customer Configuration"), {share: "website"}, "Save Config")

    def test_yes_and_no_of_every_switch(self):
        form = self.section("Login as Customer")
        control = form.control("Enable Login as Customer")
        self.assertEqual([label for _, label, _, _ in control.options], ["Yes", "No"])
        control = form.control("Store View to Log in")
        self.assertEqual([label for _, label, _, _ in control.options], ["Auto-Detection (default)", "Manual Selection"])

    def test_a_change_is_recorded_with_before_and_after(self):
        head = self.server.audit_head()
        form = self.section("Login as Customer")
        self.admin.submit(form, {"Session Idle Limit (minutes)": "20"}, "Save Config")
        entry = next(r for r in self.server.audit(head) if r["action_group"] == "config")
        path = "login_as_customer/session/idle_minutes"
        self.assertEqual((entry["before"][path], entry["after"][path]), ("15", "20"))
        form = self.section("Login as Customer")
        self.admin.submit(form, {"Session Idle Limit (minutes)": "25"}, "Save Config")
        entry = self.server.audit(head, action_group="config")[-1]
        self.assertEqual((entry["before"][path], entry["after"][path]), ("20", "25"))
        self.assertEqual(entry["username"], "admin")
        head = self.server.audit_head()
        form = self.section("Login as Customer")
        self.admin.submit(form, {}, "Save Config")
        self.assertEqual([r for r in self.server.audit(head) if r["action_group"] == "config" and r["result"] == "success" and r["after"]], [])

    def test_a_section_that_the_role_does_not_include(self):
        with self.server.at_rest() as db:
            role = db.execute("SELECT role_id FROM staff_user WHERE username = 'viewer'").fetchone()[0]
            db.executemany("INSERT INTO staff_role_resource (role_id, resource) VALUES (?, ?) ON CONFLICT DO NOTHING",
                           [(role, r) for r in ("stores", "stores.settings", "config", "config.general")])
        viewer = self.server.admin("viewer")
        viewer.get("/admin")
        viewer.click("Configuration")
        self.assertFalse(viewer.page.has_link("Login as Customer"))
        self.section("Login as Customer")
        address = self.admin.reply.path
        reply = viewer.get(address)
        self.assertEqual(reply.status, 200)
        self.assertFalse(any(c.label == "Enable Login as Customer" for f in reply.page.forms for c in f.controls))
        form = self.admin.page.form(button="Save Config")
        viewer.get("/admin")
        name, value = viewer.csrf()
        with self.unchanged():
            data = [(k, value if k == name else v) for k, v in form.data({"Enable Login as Customer": "0"})]
            self.assertEqual(viewer.post(form.action, data, follow=False).status, 403)

    def test_a_role_for_some_websites_only_looks_at_what_is_for_all(self):
        with self.server.at_rest() as db:
            outlet = db.execute("SELECT id FROM website WHERE code = 'outlet'").fetchone()[0]
            role = db.execute("INSERT INTO staff_role (name, all_resources, scope) VALUES ('Settings of the Outlet', 1, ?) RETURNING id",
                              (1 << outlet,)).fetchone()[0]
            before = db.execute("SELECT role_id FROM staff_user WHERE username = 'viewer'").fetchone()[0]
            db.execute("UPDATE staff_user SET role_id = ? WHERE username = 'viewer'", (role,))
        viewer = self.server.admin("viewer")
        for scope, may in (("default", False), (f"website-{outlet}", True)):
            with self.subTest(scope):
                viewer.get("/admin/config/general")
                choice = viewer.page.form(button="Switch scope").control("Scope")
                word = next(v for v, label, *_ in choice.options if (label == "Default Config") is (scope == "default") and
                            (scope == "default" or label.startswith("Outlet")))
                viewer.get(f"/admin/config/general?scope={word}")
                form = viewer.page.form(button="Save Config")
                self.assertEqual("disabled" not in form.buttons[0].attrs, may)
                self.assertEqual(any(c.disabled for c in form.controls), not may)
                self.assertEqual("Your role does not reach every website" in viewer.page.main.text, not may)
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_user SET role_id = ? WHERE username = 'viewer'", (before,))

    def test_the_record_of_login_as_customer_cannot_be_switched_off(self):
        form = self.section("Admin")
        control = next(c for c in form.controls if c.label == "Login As Customer")
        if not control.disabled:
            with self.unchanged():
                reply = self.admin.submit(form, {control.name: "0"}, "Save Config", follow=False)
                self.assertEqual(reply.status, 422, repr(reply))
        else:
            with self.unchanged():
                self.admin.post(form.action, [*form.data(), (control.name, "0")], follow=False)


class RoleTest(ShopTest):
    """Users and roles."""

    def setUp(self):
        self.admin = self.server.admin()

    def open(self, menu, needle):
        self.admin.get("/admin")
        self.admin.click(menu)
        row = next(r for r in self.admin.page.rows if needle in r["_node"].text)
        return self.admin.get(next(a.get("href") for a in row["_node"].all("a")))

    def test_the_tree_has_the_words_of_the_specification(self):
        self.open("User Roles", "upport")
        labels = [c.label for c in self.admin.page.form(button="Save Role").controls]
        for word in ("Allow Login as Customer", "View Login as Customer Log", "Remote shopping assistance opt-in", "All Customers",
                     "Login as Customer Section", "All Users", "User Roles", "Report"):
            self.assertIn(word, labels)

    def test_without_the_log_right_there_is_no_log(self):
        with self.server.at_rest() as db:
            role = db.execute("SELECT role_id FROM staff_user WHERE username = 'support'").fetchone()[0]
            db.execute("INSERT INTO staff_role_resource (role_id, resource) VALUES (?, 'report.view'), (?, 'system'), (?, 'system.logs') ON CONFLICT DO NOTHING", (role,) * 3)
            db.execute("DELETE FROM staff_role_resource WHERE role_id = ? AND resource = 'assist.log'", (role,))
        self.admin.get("/admin")
        log = self.admin.page.link("Login as Customer Log")
        support = self.server.admin("support")
        self.assertFalse(support.get("/admin").page.has_link("Login as Customer Log"))
        self.assertEqual(support.get(log, follow=False).status, 404)
        reply = support.get(self.admin.page.link("Actions Report"))
        self.assertEqual(reply.status, 200)
        self.assertEqual([r for r in reply.page.rows if "Login As Customer" in r["_node"].text], [])

    def test_one_cannot_lock_oneself_out(self):
        reply = self.open("All Users", "admin")
        form = next(f for f in self.admin.page.forms if any("ctive" in c.label for c in f.controls))
        active = next(c for c in form.controls if "ctive" in c.label)
        if not active.disabled:
            self.admin.submit(form, {active.name: False}, form.button_names[0], follow=False)
        self.assertEqual(self.server.value("SELECT active FROM staff_user WHERE username = 'admin'"), 1, repr(reply))

    def test_a_customer_is_edited(self):
        """A wrong field is said at the field and changes nothing; a right one is recorded; who comes second is told."""
        account_information(self.admin, EMAIL)
        form = self.admin.page.form(field="First Name")
        with self.unchanged():
            reply = self.admin.submit(form, {"First Name": "x" * 61}, form.button_names[0], follow=False)
            self.assertEqual(reply.status, 422)
            self.assertIn("firstname", reply.page.form(field="First Name").errors)
        head = self.server.audit_head()
        account_information(self.admin, EMAIL)
        form = self.admin.page.form(field="First Name")
        old = form.control("First Name").value
        second = self.server.admin()
        account_information(second, EMAIL)
        late = second.page.form(field="First Name")
        self.admin.submit(form, {"First Name": old + "é"}, "Save")
        entry = next(r for r in self.server.audit(head) if r["action_group"] == "customers")
        self.assertEqual((entry["before"].get("firstname"), entry["after"].get("firstname")), (old, old + "é"))
        self.assertTrue(re.match(r"[\d.:a-f]+$", entry["ip"]))
        reply = second.submit(late, {"Last Name": "Overwritten"}, "Save", follow=False)
        self.assertIn(reply.status, (409, 422), repr(reply))
        self.assertNotEqual(self.server.value("SELECT lastname FROM customer WHERE email = ?", EMAIL), "Overwritten")


class ReaderTest(ShopTest):
    """What the record says is shown in the language of who reads it; what it holds is the same for all."""

    def test_details_in_dutch(self):
        admin = self.server.admin()
        assist(admin, EMAIL).press("Close Session")
        entry, = self.server.query("SELECT id, session_id, details FROM audit_entry ORDER BY id DESC LIMIT 1")
        self.assertRegex(entry["details"], r": closed, 0 changes$")
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_user SET locale = 'nl_NL' WHERE username = 'admin'")
        admin = self.server.admin()
        row = next(r for r in admin.get("/admin/report").page.rows if r["_node"].text.count("Sessie beëindigd"))
        self.assertRegex(row["_node"].text, rf": gesloten, 0 wijzigingen · .* · sessie {entry['session_id']} · klant \d+ · ")
        page = admin.get(f"/admin/report/{entry['id']}").page.main.text
        self.assertIn(": gesloten, 0 wijzigingen", page)
        self.assertIn(": gesloten, 0 wijzigingen", admin.get(f"/admin/assist/log/{entry['session_id']}").page.main.text)
        self.assertIn(": gesloten, 0 wijzigingen", admin.get("/admin/report/export?format=csv").source)
        self.assertIn(": closed, 0 changes", admin.get("/admin/report/export?format=jsonl").source)


if __name__ == "__main__":
    unittest.main()
