"""Printed documents: PDF in the order's language and currency, for those who may see them, of one or of several."""
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ShopTest  # noqa: E402

EMAIL = "consents@example.com"
KINDS = {"orders": ("sales_order", "Order", "Bestelling"), "invoices": ("sales_invoice", "Invoice", "Factuur"),
         "shipments": ("sales_shipment", "Packing Slip", "Pakbon"), "creditmemos": ("sales_creditmemo", "Credit Memo", "Creditnota")}


def text_of(pdf):
    """What stands on the pages, as a reader would find it."""
    return subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True).stdout.decode()


def newest(server, table, where, *args):
    """Id and number of the newest document that this is true of."""
    order = "o.id = d.id" if table == "sales_order" else "o.id = d.order_id"
    return server.query(f"SELECT d.id, d.number FROM {table} d JOIN sales_order o ON {order} WHERE {where} ORDER BY d.id DESC LIMIT 1", *args)[0].values()


class PrintTest(ShopTest):
    def test_each_kind_in_the_orders_language(self):
        staff = self.server.admin("support")
        for kind, (table, english, dutch) in KINDS.items():
            for locale, title in (("en_US", english), ("nl_NL", dutch)):
                with self.subTest(f"{kind} {locale}"):
                    document, number = newest(self.server, table, "o.locale = ?", locale)
                    reply = staff.get(f"/admin/{kind}/{document}/print")
                    self.assert_status(reply, 200)
                    self.assertEqual(reply.header("content-type"), "application/pdf")
                    self.assertIn(str(number), reply.header("content-disposition"))
                    self.assertEqual(reply.header("cache-control"), "private, no-store")
                    text = text_of(reply.body)
                    self.assertIn(f"{title} {number}", text)
                    self.assertIn("Hearth & Harbour", text)
                    if kind != "shipments":
                        self.assertIn("€", text)
                        self.assertIn("NL001234567B01", text)

    def test_amounts_are_those_of_the_document(self):
        staff = self.server.admin("support")
        document, _ = newest(self.server, "sales_invoice", "o.locale = 'nl_NL' AND d.total_minor < 100000")
        total = self.server.value("SELECT total_minor FROM sales_invoice WHERE id = ?", document)
        text = text_of(staff.get(f"/admin/invoices/{document}/print").body).replace("\xa0", " ")
        self.assertIn(f"€ {total // 100},{total % 100:02}", text)

    def test_several_begin_on_pages_of_their_own(self):
        staff = self.server.admin("support")
        rows = [r.values() for r in self.server.query("SELECT id, number FROM sales_invoice ORDER BY id LIMIT 3")]
        reply = staff.get("/admin/invoices/print?" + "&".join(f"ids={i}" for i, _ in rows))
        self.assert_status(reply, 200)
        pages = text_of(reply.body).split("\f")
        for _, number in rows:
            self.assertTrue(any(page.lstrip().startswith("Hearth") and f"{number}" in page for page in pages))
        self.assert_status(staff.get("/admin/invoices/print?ids=1&ids=999999999"), 404)
        self.assert_status(staff.get("/admin/invoices/print?ids=x"), 400, 422)

    def test_only_for_those_who_may(self):
        viewer = self.server.admin("viewer")
        invoice, _ = newest(self.server, "sales_invoice", "1 = 1")
        order, _ = newest(self.server, "sales_order", "1 = 1")
        self.assert_status(viewer.get(f"/admin/invoices/{invoice}/print"), 403)
        self.assert_status(viewer.get(f"/admin/orders/{order}/print"), 200)
        self.assert_status(self.server.client().get(f"/customer/invoices/{invoice}/print", follow=False), 303)

    def test_the_customer_prints_their_own(self):
        customer = self.server.customer(EMAIL)
        me = self.server.customer_id(EMAIL)
        for kind, table in (("invoices", "sales_invoice"), ("creditmemos", "sales_creditmemo")):
            own, number = newest(self.server, table, "o.customer_id = ?", me)
            other, _ = newest(self.server, table, "o.customer_id <> ?", me)
            reply = customer.get(f"/customer/{kind}/{own}/print")
            self.assert_status(reply, 200)
            self.assertIn(str(number), text_of(reply.body))
            self.assert_status(customer.get(f"/customer/{kind}/{other}/print"), 404)


class WebsiteTest(ShopTest):
    def test_a_website_that_the_role_does_not_reach(self):
        with self.server.at_rest() as db:
            outlet = db.execute("SELECT id FROM website WHERE code = 'outlet'").fetchone()[0]
            role = db.execute("INSERT INTO staff_role (name, all_resources, scope) VALUES ('Outlet', 1, ?) RETURNING id", (1 << outlet,)).fetchone()[0]
            db.execute("UPDATE staff_user SET role_id = ? WHERE username = 'support'", (role,))
        staff = self.server.admin("support")
        for kind, (table, _, _) in KINDS.items():
            theirs, _ = newest(self.server, table, "o.website_id <> ?", outlet)
            self.assert_status(staff.get(f"/admin/{kind}/{theirs}/print"), 404)
        own, _ = newest(self.server, "sales_order", "o.website_id = ?", outlet)
        self.assert_status(staff.get(f"/admin/orders/{own}/print"), 200)


class ScriptTest(ShopTest):
    """Names and addresses in any script: no character is without a glyph."""

    def test_any_script(self):
        names = "山田太郎 Αθήνα Москва שלום مرحبا 한국어 ไทย हिन्दी"
        with self.server.at_rest() as db:
            order = db.execute("SELECT id FROM sales_order ORDER BY id DESC LIMIT 1").fetchone()[0]
            db.execute("UPDATE sales_address SET street1 = ? WHERE order_id = ?", (names, order))
        reply = self.server.admin().get(f"/admin/orders/{order}/print")
        self.assert_status(reply, 200)
        text = text_of(reply.body)
        for word in ("山田太郎", "Αθήνα", "Москва", "한국어"):
            self.assertIn(word, text)
        self.assertFalse([line for line in self.server.lines if "no glyph" in str(line)])

    def test_a_name_from_right_to_left_stands_above_its_street(self):
        with self.server.at_rest() as db:
            order = db.execute("SELECT id FROM sales_order WHERE locale = 'nl_NL' ORDER BY id DESC LIMIT 1").fetchone()[0]
            db.execute("UPDATE sales_address SET firstname = 'محمد', lastname = '王小明', company = '', street1 = 'Kade' WHERE order_id = ?", (order,))
        reply = self.server.admin().get(f"/admin/orders/{order}/print")
        boxes = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=reply.body, stdout=subprocess.PIPE, check=True).stdout.decode()
        left = {word: [float(x) for x in re.findall(rf'xMin="([0-9.]+)"[^>]*>{word}<', boxes)] for word in ("王小明", "Kade")}
        self.assertEqual(len(left["Kade"]), 2)
        for name, street in zip(left["王小明"], left["Kade"], strict=True):
            self.assertLess(name - street, 50, "behind the first name, not at the other edge")


if __name__ == "__main__":
    unittest.main()
