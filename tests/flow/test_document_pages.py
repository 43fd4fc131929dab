"""The pages of invoices, shipments and credit memos, and their mails."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from documents import EMAIL, KINDS, DocumentTest  # noqa: E402
from harness import MailServer  # noqa: E402
from people import BUTTON  # noqa: E402
from smtpd import body  # noqa: E402


class ViewTest(DocumentTest):
    """The page of each document."""
    orders = {"seen": {"lines": [(1999, 3), (999, 2)], "email": EMAIL, "discount": 500, "payment": "purchase_order"}}
    users = {"reader": (["order.view", "invoice.view", "shipment.view", "creditmemo.view"], None)}
    ABOUT = ("Order Information", "Account Information", "Billing Address", "Shipping Address", "Payment Information", "Shipping Information",
             "Sophie Janssen", EMAIL, "General", "Kade 1", "1012 AB Amsterdam", "Netherlands", "Purchase Order", "PO-7", "Flat Rate", "Main Website / Main Store / English")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls()
        test.made("invoice", "seen", 2, 1, comment="Seen by the invoice", **{"paid=paid": True, "paid=open": False})
        test.made("shipment", "seen", 2, 0, comment="Seen by the shipment", append=True, **{"carrier[1]": "postnl", "track_number[1]": "3SSEEN1"})
        test.made("creditmemo", "seen", 1, 0, comment="Seen by the memo", **{"adjustment": "1.00", "fee": "0.25", "shipping": "0"})

    def runTest(self):
        """unittest wants one, for an instance of setUpClass."""

    def see(self, kind, c=None):
        row = self.documents(kind, "seen")[0]
        c = c or self.admin
        self.assertEqual(c.get(f"/admin/{kind}s/{row['id']}").status, 200)
        self.assertIn(str(row["number"]), c.page.heading)
        return row, c.page.main.text

    def has(self, text, *words):
        self.assertEqual([w for w in (*self.ABOUT, str(self.order("seen")["number"]), "Eva Lindqvist", *words) if w not in text], [])

    def test_an_invoice(self):
        row, text = self.see("invoice")
        self.has(text, "Invoice Information", "Paid", "Items Invoiced", "Product 1", "€19.99", "€39.98", "Product 2", "€9.99", "Invoice Totals", "Subtotal",
                 "€49.97", "Discount", "Shipping & Handling", "€4.95", "Grand Total", f"€{row['total_minor'] / 100:.2f}", "of which tax", "Seen by the invoice")
        self.assertTrue(self.admin.page.has_link("Back") and self.admin.page.has_link("Print") and self.admin.page.has_link("Credit Memo"))
        self.assertTrue(self.admin.page.has_form(button="Send Email") and self.admin.page.has_form(button=BUTTON))

    def test_a_shipment(self):
        _, text = self.see("shipment")
        self.has(text, "Shipment Information", "Items Shipped", "Product 1", "3SSEEN1", "PostNL", "Seen by the shipment", "Visible on Storefront")
        self.assertNotIn("Product 2", text)
        self.assertTrue(self.admin.page.has_link("Back") and self.admin.page.has_link("Print"))
        self.assertTrue(self.admin.page.has_form(button="Send Email") and self.admin.page.has_form(button=BUTTON))

    def test_a_credit_memo(self):
        row, text = self.see("creditmemo")
        self.has(text, "Credit Memo Information", "Refunded", "Items Refunded", "Product 1", "€19.99", "Refund Totals", "Adjustment Refund", "€1.00",
                 "Adjustment Fee", "€0.25", f"€{row['total_minor'] / 100:.2f}", "Seen by the memo")
        self.assertNotIn("Product 2", text)
        self.assertTrue(self.admin.page.has_link("Back") and self.admin.page.has_link("Print"))
        self.assertTrue(self.admin.page.has_form(button="Send Email") and self.admin.page.has_form(button=BUTTON))

    def test_a_reader_can_do_nothing(self):
        c = self.server.admin("reader")
        for kind in KINDS:
            self.see(kind, c)
            self.assertTrue(c.page.has_link("Print"))
            for button in ("Send Email", "Submit Comment", BUTTON, "Cancel", "Mark as Paid"):
                self.assertFalse(c.page.has_form(button=button), f"{kind}: {button}")
            self.assertFalse(c.page.has_link("Credit Memo"))


class MailTest(DocumentTest):
    """Copies by mail, through a real server, in the order's language."""
    orders = {
        "english": {"lines": [(1000, 2)], "guest_email": "english@example.com"},
        "dutch": {"lines": [(1999, 2), (250, 1)], "guest_email": "dutch@example.com", "locale": "nl_NL", "view": "nl"},
    }

    @classmethod
    def setUpClass(cls):
        cls.mails = MailServer()
        cls.addClassCleanup(lambda: cls.mails.__exit__())
        cls.options = ("--smtp", cls.mails.url)
        super().setUpClass()

    def test_copies_are_sent_when_asked_for(self):
        self.made("invoice", "english", 1)
        self.made("invoice", "english", 1, **{"Email Copy of Invoice": True, "comment": "Only for us"})
        mail = self.mails.wait("english@example.com")[0]
        number = self.documents("invoice", "english")[1]["number"]
        self.assertIn(str(number), mail["subject"])
        self.assertIn("€10.00", body(mail))
        self.assertNotIn("Only for us", body(mail))
        self.assertEqual(len(self.mails.wait("english@example.com")), 1, "the first invoice was not to be mailed")

    def test_in_the_order_s_language_with_the_way_to_the_parcel(self):
        to = "dutch@example.com"
        self.made("invoice", "dutch", 1, 0, **{"mail": True, "append": True, "comment": "Bedankt & tot ziens <3"})
        self.made("shipment", "dutch", 1, 0, **{"mail": True, "carrier[1]": "postnl", "track_number[1]": "3SNL1"})
        self.made("creditmemo", "dutch", 1, 0, **{"mail": True, "adjustment": "1.00", "shipping": "0", "fee": "3"})
        invoice, shipment, memo = self.mails.wait(to, 3)
        self.assertIn("Factuur", invoice["subject"])
        self.assertIn("Bedankt & tot ziens <3", body(invoice))
        self.assertRegex(body(invoice), r"€\s?19,99")
        self.assertIn("verzonden", shipment["subject"])
        self.assertIn("https://jouw.postnl.nl/track-and-trace/3SNL1-NL-1012AB?language=nl", body(shipment))
        self.assertNotIn("€", body(shipment))
        self.assertIn("Terugbetaling", memo["subject"])
        self.assertIn("Extra terugbetaling", body(memo))
        for kind in KINDS:
            row = self.documents(kind, "dutch")[0]
            head = self.server.audit_head()
            self.admin.get(f"/admin/{kind}s/{row['id']}")
            self.admin.press("Send Email")
            self.assertIn(to, " ".join(self.admin.page.alerts))
            self.assertEqual([e["action_group"] for e in self.recorded(head)], [f"{kind}s"])
            self.admin.press("Submit Comment", {"comment": f"Over de {kind}", "Notify Customer by Email": True})
        self.assertEqual(len(self.mails.wait(to, 9)), 9)
        self.assertIn("Over de shipment", "".join(body(m) for m in self.mails.wait(to, 9)))

    def test_the_admin_in_dutch(self):
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_user SET locale = 'nl_NL' WHERE username = 'support'")
        c = self.server.admin("support")
        self.assertEqual(c.get("/admin/invoices").page.heading, "Facturen")
        c.get(f"/admin/orders/{self.order_id['dutch']}/invoice/new")
        self.assertEqual(c.page.heading, "Nieuwe factuur")
        self.assertTrue(c.page.has_form(button="Factuur maken"))
        with self.unchanged():
            reply = c.press("Factuur maken", self.qty("dutch", 9, 0))
        self.assertEqual(reply.status, 422)
        self.assertRegex(" ".join(reply.page.form(button="Factuur maken").errors.values()), r"\b[12]\b of minder")
        self.assertEqual(c.get(f"/admin/orders/{self.order_id['dutch']}/shipment/new").page.heading, "Nieuwe zending")


if __name__ == "__main__":
    unittest.main()
