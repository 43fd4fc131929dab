"""What an adversary found once: each test failed before its defect was mended."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import CUSTOMER_PASSWORD, ShopTest  # noqa: E402
from people import CONSENT, account_information, assist, banner, find_customer, root_of, set_consent, wait_for  # noqa: E402

EMAIL, OTHER = "consents@example.com", "outlet@example.com"
SHARE = "customer/account_share/scope"


def csrf(client):
    """The token on the client's page."""
    return next(c.value for f in client.page.forms for c in f.controls if c.name == "csrf")


class RefusedTest(ShopTest):
    """An operation that somebody may not run, sent with inputs that cannot be read."""

    def test_staff_without_the_right(self):
        staff = self.server.admin("support")
        with self.unchanged():
            reply = staff.post("/admin/users/new", {"csrf": csrf(staff), "username": ""})
        self.assert_status(reply, 403)
        self.assertEqual(self.server.audit(full_action="admin_user_create")[-1]["result"], "failure")

    def test_what_only_the_customer_may_do(self):
        tab = assist(self.server.admin(), EMAIL)
        token = csrf(tab)
        for page in ("password", "email"):
            with self.unchanged():
                reply = tab.post(f"{root_of(tab)}/customer/account/{page}", {"csrf": token})
            self.assert_status(reply, 403)


class WebsiteTest(ShopTest):
    """Accounts are per website: an assisted session reaches no store view that the customer could not."""

    def test_another_website_under_the_address_of_the_session(self):
        tab = assist(self.server.admin(), EMAIL)
        root, token = root_of(tab), csrf(tab)
        for path in ("/", "/cart", "/customer/account", "/customer/address?x=1"):
            reply = tab.get(f"{root}/outlet{path}")
            self.assertEqual(reply.path, root + path)
            self.assertIn("Main Website", banner(reply))
        key = self.server.value("SELECT p.url_key FROM product p JOIN product_website w ON w.product_id = p.id WHERE w.website_id = 2"
                                " AND p.stock > 0 AND p.active = 1")
        with self.unchanged():
            self.assert_status(tab.post(f"{root}/outlet/cart/add", {"csrf": token, "key": key, "qty": "1"}), 404)
        self.assert_status(tab.get(root + "/nl/customer/account"), 200)
        self.assert_status(tab.get(root + "/second/customer/account"), 200)

    def test_accounts_that_are_shared_no_longer(self):
        self.server.stop()
        self.server.preset(SHARE, "global")
        self.server.start()
        customer = self.server.customer(OTHER)  # of the Outlet, on the Main Website
        self.assert_status(customer.get("/customer/account"), 200)
        with self.server.at_rest() as db:
            db.execute("DELETE FROM setting_value WHERE path = ?", (SHARE,))
        customer.get("/customer/account")
        self.assertEqual(customer.reply.path.split("?")[0], "/customer/account/login")
        self.assert_status(self.server.customer(OTHER, view="/outlet").get("/outlet/customer/account"), 200)


class ScopeTest(ShopTest):
    """A role for some websites."""

    def test_the_configuration_of_the_others_stays(self):
        with self.server.at_rest() as db:
            outlet, = db.execute("SELECT id FROM website ORDER BY id DESC LIMIT 1").fetchone()
            role = db.execute("INSERT INTO staff_role (name, all_resources, scope) VALUES ('Outlet only', 1, ?) RETURNING id", (1 << outlet,)).fetchone()[0]
            db.execute("UPDATE staff_user SET role_id = ? WHERE username = 'viewer'", (role,))
        staff = self.server.admin("viewer")
        fields = {"csrf": csrf(staff), "value[general/store/name]": "Taken over"}
        for scope in ("default", "website:1", "view:1"):
            with self.unchanged():
                self.assert_status(staff.post("/admin/config/general", {**fields, "scope": scope}), 403)
        self.assert_status(staff.post("/admin/config/general", {**fields, "scope": f"website:{outlet}"}), 200)


class ConsentTest(ShopTest):
    """Consent that was withdrawn while a form of the Admin lay open."""

    def test_an_old_form_does_not_give_it_again(self):
        staff = self.server.admin()
        account_information(staff, EMAIL)
        form = staff.page.form(button="Save Customer")
        set_consent(self.server.customer(EMAIL), False)
        staff.submit(form, {"Phone Number": "+31 20 555 0199"}, "Save Customer")
        self.assert_status(staff.reply, 409)
        self.assertEqual(self.server.value("SELECT n.granted FROM customer c JOIN assist_consent n ON n.id = c.consent_id WHERE c.email = ?",
                                           EMAIL), 0)

    def test_staff_who_change_it_are_recorded_whatever_is_switched_off(self):
        self.server.stop()
        self.server.preset("admin/logging/customers", 0)
        self.server.start()
        staff, since = self.server.admin(), self.server.audit_head()
        account_information(staff, "outlet@example.com")
        staff.press("Save Customer", {CONSENT: False})
        entries = self.server.audit(since, action_group="assist")
        self.assertEqual([x["full_action"] for x in entries], ["admin_consent_withdraw"])
        self.assertEqual(self.server.audit(since, action_group="customers"), [])


class SignsOfLifeTest(ShopTest):
    """A session's last sign of life is noted, at most twice a minute: what ends after a time depends on it."""
    TABLES = ("staff_session", "shop_session", "assist_session")

    def seen(self):
        return {t: self.server.value(f"SELECT max(seen_us) FROM {t}") for t in self.TABLES}

    def test_of_every_kind_of_session(self):
        staff, customer = self.server.admin(), self.server.customer(OTHER, view="/outlet")
        tab = assist(staff, EMAIL)
        first = self.seen()
        staff.get("/admin")
        customer.get("/outlet/customer/account")
        tab.get(root_of(tab) + "/cart")
        self.assertEqual(self.seen(), first, "noted again within half a minute")
        with self.server.at_rest() as db:
            for t in self.TABLES:
                db.execute(f"UPDATE {t} SET seen_us = seen_us - 60000000")
        before = self.seen()
        staff.get("/admin")
        customer.get("/outlet/customer/account")
        tab.get(root_of(tab) + "/cart")
        wait_for(lambda: all(now > before[t] + 50_000_000 for t, now in self.seen().items()), 5)


class IdentityTest(ShopTest):
    """An id is a person's for ever: the record and the sessions name people by it."""

    def register(self, email):
        c = self.server.client()
        c.get("/customer/account/create")
        c.press("Create an Account", {"First Name": "Nieuw", "Last Name": "Iemand", "Email": email, "Password": CUSTOMER_PASSWORD,
                                      "Confirm Password": CUSTOMER_PASSWORD})
        self.assertEqual(c.reply.path, "/customer/account", repr(c.reply))
        return c, self.server.customer_id(email)

    def test_a_new_customer_does_not_get_the_id_of_a_deleted_one(self):
        _, old = self.register("first@example.com")
        staff = self.server.admin()
        find_customer(staff, "first@example.com")
        self.assert_status(staff.post(f"/admin/customers/{old}/delete", {"csrf": csrf(staff)}), 200)
        self.assertIsNone(self.server.customer_id("first@example.com"))
        _, new = self.register("second@example.com")
        self.assertGreater(new, old)


if __name__ == "__main__":
    unittest.main()
