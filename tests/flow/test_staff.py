"""Staff users, roles and customers as they are made, changed and removed: in the Admin and on the command line."""
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ADMIN_PASSWORD, BINARY, ShopTest, sanitizer_env  # noqa: E402
from people import assist  # noqa: E402

PASSWORD = "a-Long-enough-1"


class StaffTest(ShopTest):
    def setUp(self):
        self.admin = self.server.admin()

    def make_role(self, name, resources):
        self.admin.get("/admin/roles/new")
        form = self.admin.page.form(button="Save Role")
        data = [(k, v) for k, v in form.data() if k not in ("name", "access", "resources")]
        reply = self.admin.post(form.action, [*data, ("name", name), ("access", "custom"), *(("resources", r) for r in resources)])
        self.assertEqual(reply.status, 200, repr(reply))
        return self.server.value("SELECT id FROM staff_role WHERE name = ?", name)

    def make_user(self, username, role_id):
        self.admin.get("/admin/users/new")
        reply = self.admin.press("Save User", {
            "username": username, "firstname": "Nora", "lastname": "Nieuw", "email": f"{username}@example.com", "role": str(role_id),
            "password": PASSWORD, "password2": PASSWORD, "current": ADMIN_PASSWORD})
        self.assertEqual(reply.status, 200, repr(reply))
        return self.server.value("SELECT id FROM staff_user WHERE username = ?", username)

    def last(self, action):
        entry = self.server.audit(full_action=action)[-1]
        self.assertEqual((entry["result"], entry["username"]), ("success", "admin"))
        return entry

    def test_a_role_and_a_user_from_beginning_to_end(self):
        role = self.make_role("Helpers", ["assist.login", "customer.view"])
        self.assertEqual({r["resource"] for r in self.server.query("SELECT resource FROM staff_role_resource WHERE role_id = ?", role)}
                         >= {"assist.login", "assist", "customers", "customer.view"}, True, "ancestors come along")
        self.assertIn("assist.login", self.last("admin_role_create")["after_json"])
        user = self.make_user("nora", role)
        self.assertNotIn(PASSWORD, str(self.server.audit(full_action="admin_user_create")))
        nora = self.server.admin("nora", PASSWORD)
        self.assertEqual(nora.get("/admin/customers").status, 200)
        self.assertEqual(nora.get("/admin/users").status, 403)
        self.admin.get(f"/admin/roles/{role}")
        self.admin.press("Delete Role")
        self.assertIsNotNone(self.server.value("SELECT id FROM staff_role WHERE id = ?", role), "a role in use was deleted")
        self.admin.get(f"/admin/users/{user}")
        self.admin.press("Delete User")
        self.assertIsNone(self.server.value("SELECT id FROM staff_user WHERE id = ?", user))
        self.last("admin_user_delete")
        self.assertNotEqual(nora.get("/admin/customers", follow=False).status, 200, "a deleted user goes on")
        self.admin.get(f"/admin/roles/{role}")
        self.admin.press("Delete Role")
        self.assertIsNone(self.server.value("SELECT id FROM staff_role WHERE id = ?", role))
        self.last("admin_role_delete")

    def test_a_new_password_ends_the_sessions(self):
        role = self.server.value("SELECT id FROM staff_role WHERE name = 'Viewers'")
        user = self.make_user("piet", role)
        piet = self.server.admin("piet", PASSWORD)
        self.admin.get(f"/admin/users/{user}")
        reply = self.admin.press("Save User", {"password": PASSWORD + "2", "password2": PASSWORD + "2", "current": ADMIN_PASSWORD})
        self.assertEqual(reply.status, 200, repr(reply))
        self.assertNotEqual(piet.get("/admin", follow=False).status, 200)
        self.server.admin("piet", PASSWORD + "2")

    def test_without_the_own_password_nobody_gets_another(self):
        user = self.server.value("SELECT id FROM staff_user WHERE username = 'viewer'")
        before = self.server.value("SELECT password_hash FROM staff_user WHERE id = ?", user)
        self.admin.get(f"/admin/users/{user}")
        reply = self.admin.press("Save User", {"password": PASSWORD, "password2": PASSWORD, "current": "wrong"})
        self.assertEqual(reply.status, 422, repr(reply))
        self.assertEqual(self.server.value("SELECT password_hash FROM staff_user WHERE id = ?", user), before)

    def test_somebody_who_may_do_everything_is_left(self):
        """The last one is neither switched off nor deleted, and the role does not lose what it includes."""
        admin, role = self.server.query("SELECT id, role_id FROM staff_user WHERE username = 'admin'")[0].values()
        self.admin.get(f"/admin/users/{admin}")
        reply = self.admin.press("Save User", {"Active": False})
        self.assertIn(reply.status, (409, 422), repr(reply))
        self.admin.get(f"/admin/roles/{role}")
        form = self.admin.page.form(button="Save Role")
        data = [(k, v) for k, v in form.data() if k not in ("access", "resources")]
        reply = self.admin.post(form.action, [*data, ("access", "custom"), ("resources", "customer.view")])
        self.assertIn(reply.status, (409, 422), repr(reply))
        self.assertEqual(self.server.query("SELECT u.active, r.all_resources FROM staff_user u JOIN staff_role r ON r.id = u.role_id"
                                           " WHERE u.id = ?", admin), [{"active": 1, "all_resources": 1}])
        second = self.make_user("tweede", role)
        self.admin.get(f"/admin/users/{second}")
        self.admin.press("Delete User")
        self.assertIsNone(self.server.value("SELECT id FROM staff_user WHERE username = 'tweede'"))

    def test_a_locked_user_is_unlocked(self):
        role = self.server.value("SELECT id FROM staff_role WHERE name = 'Viewers'")
        user = self.make_user("lotte", role)
        for _ in range(7):
            c = self.server.client()
            c.get("/admin/login")
            c.press("Sign in", {"Username": "lotte", "Password": "wrong"})
        self.assertIsNotNone(self.server.value("SELECT locked_until_us FROM staff_user WHERE id = ?", user))
        self.admin.get(f"/admin/users/{user}")
        self.admin.press("Unlock")
        self.assertIsNone(self.server.value("SELECT locked_until_us FROM staff_user WHERE id = ?", user))
        self.server.admin("lotte", PASSWORD)


class CustomerTest(ShopTest):
    def setUp(self):
        self.admin = self.server.admin()

    def test_a_customer_from_beginning_to_end(self):
        self.admin.get("/admin/customers/new")
        self.assertEqual(self.admin.press("Save Customer", {"First Name": "Nieuwe", "Last Name": "Klant", "Email": "nieuw@example.com"}).status, 200)
        customer = self.server.customer_id("nieuw@example.com")
        address = {"First Name": "Nieuwe", "Last Name": "Klant", "Street Address": "Kade 1", "Zip/Postal Code": "1011 AB", "City": "Amsterdam",
                   "Country": "NL", "Phone Number": "020 555 0100", "Default billing address": True}
        self.admin.get(f"/admin/customers/{customer}/addresses/new")
        self.assertEqual(self.admin.press("Save Address", address).status, 200)
        row = self.server.query("SELECT id, city FROM address WHERE customer_id = ?", customer)[0]
        self.assertEqual(self.server.value("SELECT default_billing_id FROM customer WHERE id = ?", customer), row["id"])
        self.admin.get(f"/admin/customers/{customer}/addresses/{row['id']}")
        self.assertEqual(self.admin.press("Save Address", {"City": "Utrecht"}).status, 200)
        entry = self.server.audit(full_action="admin_address_save")[-1]
        self.assertIn("Amsterdam", entry["before_json"])
        self.assertIn("Utrecht", entry["after_json"])
        self.admin.get(f"/admin/customers/{customer}?tab=addresses")
        form = next(f for f in self.admin.page.forms if f.action.endswith(f"/addresses/{row['id']}/delete"))
        self.admin.submit(form)
        self.assertEqual(self.server.query("SELECT id FROM address WHERE customer_id = ?", customer), [])
        self.admin.get(f"/admin/customers/{customer}")
        self.admin.press("Delete Customer")
        self.assertIsNone(self.server.customer_id("nieuw@example.com"))

    def test_the_customers_page_tells_of_assistance(self):
        tab = assist(self.admin, "consents@example.com")
        customer = self.server.customer_id("consents@example.com")
        text = self.admin.get(f"/admin/customers/{customer}?tab=assistance").text
        name = self.server.value("SELECT staff_name FROM assist_session WHERE customer_id = ?", customer)
        self.assertIn(name, text)
        tab.press("Close Session")

    def test_a_locked_customer_is_unlocked(self):
        with self.server.at_rest() as db:
            db.execute("UPDATE customer SET locked_until_us = 9000000000000000, failed_logins = 10 WHERE email = 'refuses@example.com'")
        customer = self.server.customer_id("refuses@example.com")
        self.admin = self.server.admin()
        self.admin.get(f"/admin/customers/{customer}?tab=account")
        form = next(f for f in self.admin.page.forms if f.action.endswith("/unlock"))
        self.admin.submit(form)
        self.assertIsNone(self.server.value("SELECT locked_until_us FROM customer WHERE id = ?", customer))
        self.server.customer("refuses@example.com")


class CommandTest(ShopTest):
    """`countersign user` beside the running server."""

    def user(self, *args, password=None, status=0):
        env = {**os.environ, **sanitizer_env()}
        if password:
            env["COUNTERSIGN_PASSWORD"] = password
        r = subprocess.run([BINARY, "user", *args, "--db", self.server.db], capture_output=True, text=True, timeout=60, env=env,
                           cwd=self.server.folder, stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(r.returncode, status, r.stdout + r.stderr)
        return r.stdout

    def test_a_user_by_command(self):
        self.server.secrets.add(PASSWORD)
        usage = self.user("create", "--help")
        self.assertIn("--role", usage)
        self.user("create", "cli", "--firstname", "Cor", "--lastname", "Lijn", "--email", "cli@example.com",
                  "--role", "Viewers", password=PASSWORD)
        self.assertIn("cli", self.user("list"))
        c = self.server.admin("cli", PASSWORD)
        self.user("deactivate", "cli")
        self.assertNotEqual(c.get("/admin", follow=False).status, 200)
        self.user("activate", "cli")
        self.user("password", "cli", password=PASSWORD + "2")
        self.server.admin("cli", PASSWORD + "2")
        for _ in range(7):
            c = self.server.client()
            c.get("/admin/login")
            c.press("Sign in", {"Username": "cli", "Password": "wrong"})
        self.assertIsNotNone(self.server.value("SELECT locked_until_us FROM staff_user WHERE username = 'cli'"))
        self.user("unlock", "cli")
        self.assertIsNone(self.server.value("SELECT locked_until_us FROM staff_user WHERE username = 'cli'"))
        self.server.admin("cli", PASSWORD + "2")
        self.assertEqual({e["actor"] for e in self.server.audit(full_action="user_add")}, {"system"})


if __name__ == "__main__":
    unittest.main()
