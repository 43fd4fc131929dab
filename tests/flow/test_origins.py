"""Login as Customer from the sales documents: the record names the page, Close Session leads back to it, and a guest's order has none."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ShopTest  # noqa: E402
from people import BUTTON, enter, root_of  # noqa: E402

EMAIL = "consents@example.com"
NEWEST = ("SELECT d.id, d.number FROM {table} d JOIN sales_order o ON o.id = d.order_id JOIN customer c ON c.id = o.customer_id"
          " WHERE c.email = ? ORDER BY d.id DESC LIMIT 1")
PAGES = {
    "order": ("SELECT o.id, o.number FROM sales_order o JOIN customer c ON c.id = o.customer_id WHERE c.email = ? ORDER BY o.id DESC LIMIT 1",
              "order ", "/admin/orders/{id}"),
    "orders": ("SELECT o.id, o.number FROM sales_order o JOIN customer c ON c.id = o.customer_id WHERE c.email = ? ORDER BY o.id DESC LIMIT 1",
               "orders grid, order ", "/admin/orders"),
    "invoice": (NEWEST.format(table="sales_invoice"), "invoice ", "/admin/invoices/{id}"),
    "shipment": (NEWEST.format(table="sales_shipment"), "shipment ", "/admin/shipments/{id}"),
    "creditmemo": (NEWEST.format(table="sales_creditmemo"), "credit memo ", "/admin/creditmemos/{id}"),
}


class OriginTest(ShopTest):
    def dialog(self, staff, customer, kind, document):
        return staff.get(f"/admin/customers/{customer}/login-as-customer?from={kind}&document={document}")

    def test_from_each_document_and_back(self):
        customer = self.server.customer_id(EMAIL)
        staff = self.server.admin("support")
        for kind, (sql, label, path) in PAGES.items():
            with self.subTest(kind):
                document, number = self.server.query(sql, EMAIL)[0].values()
                self.assert_status(self.dialog(staff, customer, kind, document), 200)
                form = staff.page.form(button=BUTTON)
                tab = staff.tab()
                tab.reply = staff.reply
                tab.submit(form, None, BUTTON)
                enter(tab)
                root_of(tab)
                session = self.server.query("SELECT origin_kind, origin_id, origin_label, origin_path FROM assist_session ORDER BY id DESC LIMIT 1")[0].values()
                back = path.format(id=document)
                self.assertEqual(tuple(session), (kind, document, f"{label}{number}", back))
                for action in ("assist_start", "assist_enter"):
                    entry = self.server.audit(full_action=action)[-1]
                    self.assertEqual(entry["origin"], f"{label}{number}")
                    self.assertIn(f"{label}{number}", entry["details"])
                reply = tab.press("Close Session", follow=False)
                self.assertEqual(reply.header("location").split("?")[0], back)

    def test_manual_selection_from_each_document(self):
        self.server.stop()
        self.server.preset("login_as_customer/general/store_view", "manual")
        self.server.start()
        self.addCleanup(self.reset)
        customer = self.server.customer_id(EMAIL)
        own = self.server.value("SELECT view_id FROM customer WHERE id = ?", customer)
        staff = self.server.admin("support")
        for kind, (sql, label, _) in PAGES.items():
            with self.subTest(kind):
                document, number = self.server.query(sql, EMAIL)[0].values()
                self.dialog(staff, customer, kind, document)
                form = staff.page.form(button=BUTTON)
                control = form.control("Store View")
                self.assertEqual(control.value, str(own))
                # A wrong choice is said in the dialog, which still knows where it was asked for.
                reply = staff.submit(form, {control.name: ""}, BUTTON)
                self.assert_status(reply, 403, 422)
                self.dialog(staff, customer, kind, document)
                dutch = next(v for v, text, _, _ in control.options if text == "Nederlands")
                tab = staff.tab()
                tab.reply = staff.reply
                tab.submit(staff.page.form(button=BUTTON), {control.name: dutch}, BUTTON)
                enter(tab)
                self.assertIn("/nl/", tab.reply.path)
                self.assertEqual(self.server.value("SELECT origin_label FROM assist_session ORDER BY id DESC LIMIT 1"), f"{label}{number}")

    def reset(self):
        with self.server.at_rest() as db:
            db.execute("DELETE FROM setting_value WHERE path = ?", ("login_as_customer/general/store_view",))

    def test_documents_of_others_and_of_guests(self):
        customer = self.server.customer_id(EMAIL)
        staff = self.server.admin("support")
        other = self.server.value("SELECT id FROM sales_order WHERE customer_id <> ? LIMIT 1", customer)
        guest = self.server.value("SELECT id FROM sales_order WHERE guest = 1 LIMIT 1")
        for document in (other, guest, 999999999):
            for kind in ("order", "orders"):
                self.assert_status(self.dialog(staff, customer, kind, document), 404)
        self.assert_status(staff.get(f"/admin/customers/{customer}/login-as-customer?from=order"), 404)
        mine = self.server.query(PAGES["order"][0], EMAIL)[0]["id"]
        self.dialog(staff, customer, "order", mine)
        form = staff.page.form(button=BUTTON)
        secrets = self.server.value("SELECT count(*) FROM assist_secret")
        for document in (other, guest):
            self.assert_status(staff.submit(form, {"document": document}, BUTTON), 404)
            entry = self.server.audit(full_action="assist_start")[-1]
            self.assertEqual((entry["result"], entry["reason"]), ("failure", "no such document of this customer"))
        self.assertEqual(self.server.value("SELECT count(*) FROM assist_secret"), secrets)

    def test_a_role_that_may_not_see_the_document(self):
        customer = self.server.customer_id(EMAIL)
        invoice = self.server.query(PAGES["invoice"][0], EMAIL)[0]["id"]
        order = self.server.query(PAGES["order"][0], EMAIL)[0]["id"]
        with self.server.at_rest() as db:
            role = db.execute("SELECT role_id FROM staff_user WHERE username = 'viewer'").fetchone()[0]
            db.execute("INSERT INTO staff_role_resource (role_id, resource) VALUES (?, 'assist.login')", (role,))
        staff = self.server.admin("viewer")
        self.assert_status(self.dialog(staff, customer, "invoice", invoice), 404)
        self.assert_status(self.dialog(staff, customer, "order", order), 200)


if __name__ == "__main__":
    unittest.main()
