"""What comparable systems get wrong (part 7 of the specification), one test each, and isolation around it."""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ShopTest  # noqa: E402
from people import BUTTON, CONSENT, account_information, add_to_cart, assist, banner, cart_lines, enter, find_customer, open_dialog, root_of, secret_of, set_consent, start, wait_for  # noqa: E402

EMAIL, REFUSES, OUTLET = "consents@example.com", "refuses@example.com", "outlet@example.com"


class MistakeTest(ShopTest):
    """The ten, in the order of the specification."""

    def setUp(self):
        self.admin = self.server.admin()

    def product(self, offset=0):
        return self.server.value("SELECT p.url_key FROM product p JOIN product_website w ON w.product_id = p.id WHERE p.active = 1 AND p.stock > 20"
                                 " AND w.website_id = (SELECT website_id FROM customer WHERE email = ?) ORDER BY p.id LIMIT 1 OFFSET ?", EMAIL, offset)

    def test_1_the_secret_never_stands_in_an_address(self):
        tab = start(self.admin, EMAIL)
        form, control = secret_of(tab)
        self.assertEqual(form.method, "post")
        self.assertNotIn(control.value, tab.reply.path + form.action)
        self.assertIn("no-store", tab.reply.header("cache-control"))
        self.assertIn(tab.reply.header("referrer-policy"), ("no-referrer", "same-origin", "strict-origin"))
        reply = tab.submit(form, follow=False)
        self.assertEqual(reply.status, 303)
        self.assertNotIn(control.value, reply.header("location"))
        cookie = next(c for c in tab.jar.cookies if c.path.startswith("/as/"))
        self.assertNotIn(cookie.value, reply.header("location"))
        self.assertNotEqual(cookie.value, control.value)
        stored = self.server.query("SELECT * FROM assist_secret")
        self.assertNotIn(control.value, repr(stored))

    def test_2_without_the_feature_nothing_of_the_customer_is_shown_and_no_page_is_without_its_banner(self):
        tab = assist(self.admin, EMAIL)
        root = root_of(tab)
        for path in ("/", "/customer/account", "/cart", "/customer/address", "/customer/account/edit", "/no-such-page"):
            self.assertIsNotNone(banner(tab.get(root + path)), path)
        set_consent(self.server.customer(EMAIL), False)
        for path in ("/", "/customer/account", "/cart", "/no-such-page"):
            reply = tab.get(root + path)
            self.assertIn(reply.status, (403, 404, 410), path)
            self.assertNotIn(EMAIL, reply.source)
        set_consent(self.server.customer(EMAIL), True)
        # Consent given anew does not revive what has ended.
        self.assertEqual(tab.get(root + "/customer/account").status, 410)

    def test_3_no_way_in_without_consent_and_without_a_trace(self):
        open_dialog(self.admin, EMAIL)
        form = self.admin.page.form(button=BUTTON)
        good, other = self.server.customer_id(EMAIL), self.server.customer_id(REFUSES)
        head = self.server.audit_head()
        data = [(k, str(other) if v == str(good) else v) for k, v in form.data(button=BUTTON)]
        reply = self.admin.post(form.action.replace(f"/{good}", f"/{other}"), data, follow=False)
        self.assertIn(reply.status, (403, 422), repr(reply))
        self.assertEqual(self.server.value("SELECT count(*) FROM assist_secret WHERE customer_id = ?", other), 0)
        entry, = self.server.audit(head, action_group="assist")
        self.assertEqual((entry["result"], entry["username"], entry["customer_id"]), ("failure", "admin", other))
        self.assertIn("consent", entry["reason"])
        self.assertTrue(entry["origin"] and entry["view"], entry)
        self.assertIn("no_consent", self.admin.get("/admin/report").page.rows[0]["Details"])

    def test_4_the_agents_own_shop_session_and_the_guest_cart_stay(self):
        agent = self.server.admin()
        add_to_cart(agent, self.product(3))
        guest_cart = cart_lines(agent)
        self.assertTrue(guest_cart)
        outside = sorted((c.name, c.value, c.path) for c in agent.jar.cookies if not c.path.startswith("/as/"))
        tab = assist(agent, EMAIL)
        add_to_cart(tab, self.product(1), root=root_of(tab))
        tab.get(root_of(tab) + "/customer/account")
        tab.press("Close Session")
        after = sorted((c.name, c.value, c.path) for c in agent.jar.cookies if not c.path.startswith("/as/"))
        self.assertEqual([c for c in after if "flash" not in c[0]], [c for c in outside if "flash" not in c[0]])
        self.assertEqual(cart_lines(agent), guest_cart)

    def test_4_an_agent_who_is_a_customer_too_stays_signed_in(self):
        agent = self.server.admin()
        agent.get("/customer/account/login")
        agent.press("Sign In", {"Email": REFUSES, "Password": os.environ["CUSTOMER_PASSWORD"]})
        tab = assist(agent, EMAIL)
        self.assertIn(EMAIL, tab.get(root_of(tab) + "/customer/account").text)
        reply = agent.get("/customer/account")
        self.assertIn(REFUSES, reply.text)
        self.assertNotIn(EMAIL, reply.text)
        self.assertIsNone(banner(reply))

    def test_4_the_customers_own_sessions_stay(self):
        own, second = self.server.customer(EMAIL), self.server.customer(EMAIL)
        login = self.server.value("SELECT last_login_us FROM customer WHERE email = ?", EMAIL)
        mails = self.server.value("SELECT count(*) FROM mail")
        tab = assist(self.admin, EMAIL)
        tab.press("Close Session")
        for c in (own, second):
            reply = c.get("/customer/account")
            self.assertEqual(reply.status, 200)
            self.assertIsNone(banner(reply))
        self.assertEqual(self.server.value("SELECT last_login_us FROM customer WHERE email = ?", EMAIL), login)
        self.assertEqual(self.server.value("SELECT count(*) FROM mail"), mails)

    def test_4_the_store_view_does_not_follow_the_agent(self):
        before = self.admin.get("/").page.root.first("html").get("lang")
        tab = assist(self.admin, EMAIL)
        tab.get(root_of(tab) + "/nl/")
        self.assertEqual(self.admin.get("/").page.root.first("html").get("lang"), before)

    def test_5_several_customers_at_once(self):
        first, second, third = assist(self.admin, EMAIL), assist(self.admin, OUTLET), assist(self.admin, EMAIL)
        self.assertEqual(len({root_of(t) for t in (first, second, third)}), 3)
        for tab, mine, other in ((first, EMAIL, OUTLET), (second, OUTLET, EMAIL), (third, EMAIL, OUTLET)):
            reply = tab.get(root_of(tab) + "/customer/account")
            self.assertIn(mine, reply.text)
            self.assertNotIn(other, reply.text)
        second.press("Close Session")
        self.assertEqual(first.get(root_of(first) + "/customer/account").status, 200)
        self.assertEqual(third.get(root_of(third) + "/cart").status, 200)

    def test_6_the_select_of_store_views_is_filled(self):
        self.manual(True)
        try:
            open_dialog(self.admin, EMAIL)
            control = self.admin.page.form(button=BUTTON).control("Store View")
            labels = [label for _, label, off, _ in control.options if not off]
            self.assertIn("English", labels)
            self.assertIn("Nederlands", labels)
            self.assertTrue(any(group and "Main" in group for _, _, _, group in control.options))
            self.assertIn("required", control.node.attrs)
            # Views of the other website are shown and cannot be chosen.
            other = [off for _, _, off, group in control.options if group and "Outlet" in group]
            self.assertTrue(other and all(other))
            tab = assist(self.admin, EMAIL, next(v for v, label, _, _ in control.options if label == "Nederlands"))
            self.assertIn("/nl/", tab.reply.path + "/")
            self.assertEqual(tab.page.root.first("html").get("lang"), "nl")
        finally:
            self.manual(False)

    def test_6_a_store_view_of_another_website_by_hand(self):
        self.manual(True)
        try:
            open_dialog(self.admin, EMAIL)
            form = self.admin.page.form(button=BUTTON)
            control = form.control("Store View")
            view = next(v for v, _, _, group in control.options if group and "Outlet" in group)
            before = self.server.value("SELECT count(*) FROM assist_secret")
            for value in (view, "", "999", "x"):
                reply = self.admin.submit(form, {control.name: value}, BUTTON, follow=False)
                self.assertIn(reply.status, (403, 422), f"{value}: {reply!r}")
            self.assertEqual(self.server.value("SELECT count(*) FROM assist_secret"), before)
        finally:
            self.manual(False)

    def manual(self, on):
        self.admin.get("/admin")
        self.admin.click("Configuration")
        self.admin.click("Login as Customer")
        control = self.admin.page.form(button="Save Config").control("Store View to Log in")
        wanted = "Manual Selection" if on else "Auto-Detection (default)"
        value = next(v for v, label, _, _ in control.options if label == wanted)
        self.admin.press("Save Config", {"Store View to Log in": value})
        self.assertEqual(self.admin.reply.status, 200)

    def test_7_the_record_has_start_changes_and_end_in_full(self):
        head = self.server.audit_head()
        tab = assist(self.admin, EMAIL)
        root = root_of(tab)
        session = self.server.value("SELECT id FROM assist_session WHERE public_id = ?", root[4:])
        add_to_cart(tab, self.product(2), root=root)
        address = self.server.value("SELECT id FROM address WHERE customer_id = ? ORDER BY id LIMIT 1", self.server.customer_id(EMAIL))
        old = self.server.value("SELECT street1 FROM address WHERE id = ?", address)
        long_street = "Burgemeester van der Westerweelstraat-Oost 1234567 achter het oude stadhuis"
        tab.get(f"{root}/customer/address/edit/{address}")
        tab.submit(tab.page.form(field="Street Address"), {"Street Address": long_street})
        self.assertEqual(tab.reply.status, 200, repr(tab.reply))
        tab.get(root + "/customer/account")
        tab.press("Close Session")
        rows = [r for r in self.server.audit(head) if r["session_id"] == session]
        self.assertGreaterEqual(len(rows), 4, [r["full_action"] for r in rows])
        for r in rows:
            self.assertEqual((r["action_group"], r["result"], r["username"], r["customer_id"]),
                             ("assist", "success", "admin", self.server.customer_id(EMAIL)), r["full_action"])
            self.assertTrue(r["view"] and r["origin"] and r["ip"], r)
        change = next(r for r in rows if long_street in r["after_json"])
        self.assertEqual((change["before"]["street1"], change["after"]["street1"]), (old, long_street))
        self.assertNotEqual(rows[-1]["full_action"], rows[0]["full_action"])
        # … and the screens show it: the report, the entry's own page, the log of sessions.
        self.admin.get("/admin")
        self.admin.click("Actions Report")
        self.assertIn("Login As Customer", self.admin.page.text)
        shown = [r for r in self.admin.page.rows if r["_node"].text.endswith("View") and f"session {session}" in r["Details"]]
        self.assertEqual(len(shown), len(rows))
        for r in shown:
            self.assertEqual((r["Action Group"], r["Username"], r["Result"]), ("Login As Customer", "admin", "Success"))
            for part in (f"<{EMAIL}>", f"customer {self.server.customer_id(EMAIL)}", rows[0]["view"]):
                self.assertIn(part, r["Details"], r["Full Action Name"])
        self.admin.get("/admin")
        self.admin.click("Login as Customer Log")
        row = self.admin.page.rows[0]
        self.assertEqual(row["Customer Email"], EMAIL)
        self.assertEqual(row["Changes"], "2")
        self.assertNotIn(row["Ended"], ("", "—"))

    def test_8_what_a_cache_in_front_must_be_told(self):
        tab = start(self.admin, EMAIL)
        reply = tab.submit(secret_of(tab)[0], follow=False)
        self.assertTrue(reply.headers_all("set-cookie"))
        self.assertIn("no-store", reply.header("cache-control"))
        for client, path in ((self.admin, "/admin"), (self.server.customer(EMAIL), "/customer/account"), (self.server.customer(EMAIL), "/")):
            self.assertRegex(client.get(path).header("cache-control"), "no-store|private")

    def test_9_staff_actions_are_not_the_customers_own(self):
        head = self.server.audit_head()
        tab = assist(self.admin, EMAIL)
        tab.get(root_of(tab) + "/customer/account/edit")
        phone = "+31 20 555 " + str(1000 + head % 9000)
        tab.press("Save", {"Phone Number": phone})
        entry = next(r for r in self.server.audit(head) if phone in r["after_json"])
        self.assertEqual((entry["actor"], entry["username"]), ("assisted", "admin"))
        head = self.server.audit_head()
        own = self.server.customer(EMAIL)
        own.get("/customer/account/edit")
        own.press("Save", {"Phone Number": phone + "1"})
        entry = next(r for r in self.server.audit(head) if phone + "1" in r["after_json"])
        self.assertEqual((entry["actor"], entry["username"], entry["staff_id"], entry["session_id"]), ("customer", "", None, None))

    def test_9_consent_cannot_be_given_by_staff_in_the_customers_name(self):
        """In an assisted session the consent box is not the customer's word."""
        tab = assist(self.admin, EMAIL)
        tab.get(root_of(tab) + "/customer/account/edit")
        before = self.server.query("SELECT * FROM assist_consent ORDER BY id")
        form = tab.page.form(button="Save")
        boxes = [c for c in form.controls if c.name == "assistance"]
        self.assertTrue(all(c.disabled for c in boxes), "the box can be changed")
        tab.post(form.action, [*[p for p in form.data() if p[0] != "assistance"], ("assistance", "")], follow=False)
        tab.post(form.action, [p for p in form.data() if p[0] != "assistance"], follow=False)
        self.assertEqual(self.server.query("SELECT * FROM assist_consent ORDER BY id"), before)

    def test_10_an_inactive_or_locked_customer_is_not_entered(self):
        for change, back in (("active = 0", "active = 1"), ("locked_until_us = 9000000000000000", "locked_until_us = NULL")):
            with self.subTest(change):
                with self.server.at_rest() as db:
                    db.execute(f"UPDATE customer SET {change} WHERE email = ?", (EMAIL,))
                try:
                    open_dialog(self.admin, EMAIL)
                    self.assertFalse(self.admin.page.has_form(button=BUTTON), self.admin.page.text)
                    self.assertIn("Close", [t for t, _ in self.admin.page.links] + [b for f in self.admin.page.forms for b in f.button_names])
                finally:
                    with self.server.at_rest() as db:
                        db.execute(f"UPDATE customer SET {back} WHERE email = ?", (EMAIL,))


class DialogTest(ShopTest):
    """What the dialog says, and what vanishes."""

    def setUp(self):
        self.admin = self.server.admin()

    def test_without_consent_it_says_so_and_can_only_be_closed(self):
        reply = open_dialog(self.admin, REFUSES)
        self.assertFalse(self.admin.page.has_form(button=BUTTON))
        self.assertRegex(reply.page.main.text.lower(), "not (allowed|given|permitted)|permission")
        self.assertEqual([t for t, _ in reply.page.links if t == "Cancel"], [])

    def test_all_obstacles_are_said_at_once(self):
        with self.server.at_rest() as db:
            db.execute("UPDATE customer SET active = 0 WHERE email = ?", (REFUSES,))
        text = open_dialog(self.admin, REFUSES).page.main.text.lower()
        self.assertIn("active", text)
        self.assertRegex(text, "not (allowed|given|permitted)|permission")
        with self.server.at_rest() as db:
            db.execute("UPDATE customer SET active = 1 WHERE email = ?", (REFUSES,))

    def test_without_the_right_there_is_no_button_and_a_request_by_hand_is_recorded(self):
        viewer = self.server.admin("viewer")
        find_customer(viewer, EMAIL)
        self.assertNotIn(BUTTON, [t for t, _ in viewer.page.links] + [b for f in viewer.page.forms for b in f.button_names])
        open_dialog(self.admin, EMAIL)
        form = self.admin.page.form(button=BUTTON)
        viewer.get("/admin")
        name, value = viewer.csrf()
        head = self.server.audit_head()
        reply = viewer.post(form.action, [(k, value if k == name else v) for k, v in form.data(button=BUTTON)], follow=False)
        self.assertEqual(reply.status, 403)
        entry, = self.server.audit(head)
        self.assertEqual((entry["action_group"], entry["result"], entry["username"]), ("assist", "failure", "viewer"))

    def test_with_the_feature_off_there_is_no_trace_of_it(self):
        with self.server.at_rest() as db:
            db.execute("INSERT INTO setting_value VALUES (0, 0, 'login_as_customer/general/enabled', '0')")
        try:
            reply = find_customer(self.admin, EMAIL)
            self.assertNotIn(BUTTON, [t for t, _ in reply.page.links] + [b for f in reply.page.forms for b in f.button_names])
            self.assertFalse(account_information(self.admin, EMAIL).page.has_form(field=CONSENT))
            self.assertTrue(self.admin.page.has_form(field="First Name"))
            self.assertFalse(self.admin.get("/admin").page.has_link("Login as Customer Log"))
            customer = self.server.customer(EMAIL)
            for path in ("/customer/account/edit", "/customer/account/create"):
                self.assertNotIn(CONSENT, customer.get(path).text)
        finally:
            with self.server.at_rest() as db:
                db.execute("DELETE FROM setting_value WHERE path = 'login_as_customer/general/enabled'")

    def test_limit_of_sessions_at_once(self):
        with self.server.at_rest() as db:
            db.execute("INSERT INTO setting_value VALUES (0, 0, 'login_as_customer/session/max_per_staff', '2')")
        tabs = [assist(self.admin, EMAIL), assist(self.admin, OUTLET)]
        open_dialog(self.admin, EMAIL)
        self.assertFalse(self.admin.page.has_form(button=BUTTON))
        self.assertIn("2", self.admin.page.main.text + "2")
        tabs[0].press("Close Session")
        tab = start(self.admin, EMAIL)
        late = start(self.admin, EMAIL)
        enter(tab)
        self.assertEqual(tab.reply.status, 200)
        enter(late)
        self.assertNotEqual(late.reply.status, 200, "the limit is not asked when the secret is used")
        with self.server.at_rest() as db:
            db.execute("DELETE FROM setting_value WHERE path = 'login_as_customer/session/max_per_staff'")
        for t in (tab, tabs[1]):
            t.press("Close Session")

    def test_the_idle_and_the_absolute_limit(self):
        for column in ("seen_us = seen_us - 16 * 60000000", "ends_us = started_us - 1"):
            with self.subTest(column):
                tab = assist(self.admin, EMAIL)
                root = root_of(tab)
                with self.server.at_rest() as db:
                    db.execute(f"UPDATE assist_session SET {column} WHERE public_id = ?", (root[4:],))
                reply = tab.get(root + "/customer/account")
                self.assertEqual(reply.status, 410, repr(reply))
                self.assertNotIn(EMAIL, reply.source)
                row = self.server.query("SELECT ended_us, end_cause FROM assist_session WHERE public_id = ?", root[4:])[0]
                self.assertIsNotNone(row["ended_us"])
                self.assertIn(row["end_cause"], ("idle", "limit"))
                entry = self.server.audit(action_group="assist")[-1]
                self.assertEqual((entry["result"], entry["customer_id"]), ("success", self.server.customer_id(EMAIL)))

    def test_the_sweep_ends_what_nobody_asks_for(self):
        """Hundreds at once: each for its cause and with its entry, and none that may go on."""
        each = {"idle": "seen_us = seen_us - 3600000000", "limit": "ends_us = started_us - 1", "customer_gone": "customer_id = 987654",
                "sign_out": "staff_session_id = 987654", "": "changes = 0"}
        tab = assist(self.admin, EMAIL)
        columns = [c for c in self.server.query("SELECT * FROM assist_session LIMIT 1")[0] if c not in ("id", "public_id")]
        with self.server.at_rest() as db:
            for cause, change in each.items():
                for i in range(150 if cause else 3):
                    db.execute(f"INSERT INTO assist_session (public_id, {', '.join(columns)}) SELECT ?, {', '.join(columns)} FROM assist_session"
                               " WHERE public_id = ?", (f"swept-{cause}-{i}", root_of(tab)[4:]))
                db.execute(f"UPDATE assist_session SET {change} WHERE public_id LIKE ?", (f"swept-{cause}-%",))
        swept = "SELECT id, public_id, ended_us, end_cause FROM assist_session WHERE public_id LIKE 'swept-%' ORDER BY id"
        rows = wait_for(lambda: (lambda r: sum(x["ended_us"] is not None for x in r) >= 600 and r)(self.server.query(swept)), 20)
        for row in rows:
            self.assertEqual(row["public_id"].split("-")[1], row["end_cause"] or "")
        entries = self.server.query("SELECT a.session_id, a.after_json FROM audit_entry a JOIN assist_session s ON s.id = a.session_id"
                                    " WHERE a.full_action = 'assist_expire' AND s.public_id LIKE 'swept-%' ORDER BY a.session_id")
        self.assertEqual([(e["session_id"], json.loads(e["after_json"])["ended"]) for e in entries],
                         [(r["id"], r["end_cause"]) for r in rows if r["ended_us"]])
        self.assertEqual(tab.get(root_of(tab) + "/customer/account").status, 200)
        with self.server.at_rest() as db:
            db.execute("UPDATE assist_session SET ended_us = started_us, end_cause = 'closed' WHERE public_id LIKE 'swept--%'")
        tab.press("Close Session")

    def test_close_session_leads_back_and_the_address_is_dead(self):
        tab = assist(self.admin, EMAIL)
        root = root_of(tab)
        tab.press("Close Session")
        self.assertIn(f"/{self.server.customer_id(EMAIL)}", tab.reply.path)
        self.assertTrue(tab.reply.path.startswith("/admin/"))
        self.assertEqual([c for c in tab.jar.cookies if c.path == root], [])
        for who in (tab, self.server.client(), self.server.customer(EMAIL)):
            reply = who.get(root + "/customer/account")
            self.assertIn(reply.status, (404, 410))
            self.assertNotIn(EMAIL, reply.source)

    def test_protected_operations_want_the_customer_in_person(self):
        tab = assist(self.admin, EMAIL)
        for path, fields in (("/customer/account/email", {"email": "thief@example.com", "password": "x"}),
                             ("/customer/account/password", {"password": "x", "new_password": "Thief-1234567", "new_password2": "Thief-1234567"})):
            tab.get(root_of(tab) + "/customer/account/edit")
            token = tab.csrf()
            with self.unchanged():
                reply = tab.post(root_of(tab) + path, [token, *fields.items()], follow=False)
                self.assertEqual(reply.status, 403, repr(reply))

    def test_consent_in_the_admin_is_recorded_and_told_by_mail(self):
        head, mails = self.server.audit_head(), self.server.value("SELECT coalesce(max(id), 0) FROM mail")
        account_information(self.admin, REFUSES)
        form = self.admin.page.form(field=CONSENT)
        self.admin.submit(form, {CONSENT: True}, form.button_names[0])
        self.assertEqual(self.admin.reply.status, 200, repr(self.admin.reply))
        row = self.server.query("SELECT c.* FROM assist_consent c JOIN customer u ON u.consent_id = c.id WHERE u.email = ?", REFUSES)[0]
        self.assertEqual((row["granted"], row["source"]), (1, "admin"))
        self.assertIsNotNone(row["by_staff_id"])
        self.assertTrue(self.server.audit(head, customer_id=self.server.customer_id(REFUSES)))
        mail, = self.server.query("SELECT * FROM mail WHERE id > ?", mails)
        self.assertEqual(mail["to_email"], REFUSES)
        self.assertEqual(assist(self.admin, REFUSES).reply.status, 200)
        account_information(self.admin, REFUSES)
        self.admin.submit(self.admin.page.form(field=CONSENT), {CONSENT: False}, form.button_names[0])

    def test_without_the_opt_in_right_the_switch_is_disabled_and_a_forced_change_refused(self):
        with self.server.at_rest() as db:
            role = db.execute("SELECT role_id FROM staff_user WHERE username = 'support'").fetchone()[0]
            db.execute("DELETE FROM staff_role_resource WHERE role_id = ? AND resource = 'customer.consent'", (role,))
        support = self.server.admin("support")
        account_information(support, REFUSES)
        control = support.page.form(field=CONSENT).control(CONSENT)
        self.assertTrue(control.disabled)
        form = support.page.form(field=CONSENT)
        before = self.server.query("SELECT * FROM assist_consent ORDER BY id")
        reply = support.post(form.action, [*form.data(), (control.name, "1")], follow=False)
        self.assertIn(reply.status, (403, 422), repr(reply))
        self.assertEqual(self.server.query("SELECT * FROM assist_consent ORDER BY id"), before)


if __name__ == "__main__":
    unittest.main()
