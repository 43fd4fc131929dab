"""Invoices, shipments and credit memos: made over HTTP from orders, in parts and all at once, and what the database says then."""
import os
import random
import sys
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from documents import EMAIL, KINDS, DocumentTest  # noqa: E402
from people import BUTTON  # noqa: E402

WRONG = ("", "   ", "-1", "1.5", "4", "9" * 20, "-" + "9" * 20, "three", "0x1", "1e1")


class SequenceTest(DocumentTest):
    """From an order to its documents, step by step."""
    orders = {
        "parts": {"lines": [(1999, 3), (999, 2)], "email": EMAIL, "discount": 500},
        "before tax": {"lines": [(1999, 3), (333, 7)], "email": EMAIL, "included": False, "discount": 100},
        "together": {"lines": [(1000, 2), (500, 1)], "email": EMAIL},
        "bill": {"lines": [(2500, 2)], "payment": "purchase_order", "email": EMAIL},
        "dollars": {"lines": [(1050, 2)], "currency": "USD", "email": EMAIL},
        "unsent": {"lines": [(1000, 3)], "email": EMAIL},
        **{f"random {n}": {"lines": [(random.Random(n * 7 + i).randrange(1, 5000), random.Random(n + i).randrange(1, 5)) for i in range(1 + n % 3)],
                           "discount": 137 * (n % 2), "included": n % 3 > 0, "email": EMAIL if n % 2 else None} for n in range(4)},
    }

    def test_an_order_in_parts(self):
        stock = self.stock("parts")
        first = self.made("invoice", "parts", 1, 2)
        # 19.99 + 19.98 - their share of 5.00 + shipping, which goes on the first invoice as a whole.
        self.assertEqual((first["subtotal_minor"], first["discount_minor"], first["shipping_minor"], first["total_minor"]), (3997, 250, 495, 4242))
        self.assertEqual((first["state"], self.order("parts")["paid_minor"], self.order("parts")["state"]), ("paid", 4242, "processing"))
        parcel = self.made("shipment", "parts", 2, 0, **{"carrier[1]": "postnl", "track_number[1]": "3SABC 1", "carrier[3]": "other",
                                                        "track_title[3]": "By bike", "track_number[3]": "42"})
        self.assertEqual((parcel["pieces"], len(self.server.query("SELECT id FROM sales_track WHERE shipment_id = ?", parcel["id"]))), (2, 2))
        second = self.made("invoice", "parts", 2, 0)
        order = self.order("parts")
        self.assertEqual((second["shipping_minor"], order["invoiced_minor"], order["paid_minor"]), (0, order["total_minor"], order["total_minor"]))
        self.made("shipment", "parts", 1, 2)
        self.assertEqual(self.order("parts")["state"], "complete")
        self.assertEqual(self.stock("parts"), stock, "invoices and shipments are no business of the stock")
        item = self.items("parts")[0]["id"]
        memo = self.made("creditmemo", "parts", 2, 0, **{f"restock={item}": True, "Refund Shipping": "2.00", "Adjustment Refund": "1.5", "Adjustment Fee": "0,50"})
        self.assertEqual((memo["shipping_minor"], memo["adjustment_minor"], memo["fee_minor"]), (200, 150, 50))
        self.assertEqual(self.stock("parts"), [stock[0] + 2, stock[1]])
        self.assertEqual(self.server.value("SELECT restocked FROM sales_creditmemo_item WHERE creditmemo_id = ?", memo["id"]), 2)
        # What is left is given back to the last cent, which closes the order.
        left = self.order("parts")["paid_minor"] - memo["total_minor"]
        rest = self.order("parts")["shipping_minor"] - 200
        last = self.made("creditmemo", "parts", 1, 2, **{"Refund Shipping": f"{rest // 100}.{rest % 100:02}", "Adjustment Fee": "1.00"})
        self.assertEqual(last["total_minor"], left)
        self.assertEqual(self.order("parts")["state"], "closed")

    def test_prices_before_tax(self):
        self.made("invoice", "before tax", 1, 3)
        self.made("invoice", "before tax", 1, 1)
        last = self.made("invoice", "before tax", 1, 3)
        order = self.order("before tax")
        self.assertEqual((order["invoiced_minor"], order["paid_minor"]), (order["total_minor"], order["total_minor"]))
        self.admin.get(f"/admin/invoices/{last['id']}")
        self.assertNotIn("of which tax", self.admin.page.text)

    def test_invoice_and_shipment_at_once(self):
        head = self.server.audit_head()
        self.made("invoice", "together", 2, 0, **{"Create Shipment": True, "carrier[1]": "dhl", "track_number[1]": "JD0001"})
        invoice, = self.documents("invoice", "together")
        shipment, = self.documents("shipment", "together")
        parts = self.server.query("SELECT i.qty FROM sales_shipment_item i WHERE shipment_id = ?", shipment["id"])
        self.assertEqual((shipment["pieces"], [p["qty"] for p in parts]), (2, [2]))
        entries = {e["action_group"]: e for e in self.recorded(head)}
        self.assertEqual(sorted(entries), ["invoices", "shipments"])
        self.assertEqual((entries["invoices"]["subject_kind"], entries["invoices"]["subject_id"]), ("invoice", str(invoice["id"])))
        self.assertEqual((entries["shipments"]["subject_kind"], entries["shipments"]["subject_id"]), ("shipment", str(shipment["id"])))
        customer = self.server.customer_id(EMAIL)
        self.assertEqual([e["customer_id"] for e in entries.values()], [customer, customer])
        # These pieces are on their way: the rest can be invoiced, but not shipped with them once more.
        self.made("shipment", "together", 0, 1)
        with self.unchanged():
            reply = self.make("invoice", "together", 0, 1, ship="1")
        self.assertEqual(reply.status, 422)

    def test_a_purchase_order_is_paid_later(self):
        self.open("invoice", "bill")
        self.assertEqual({c.value: c.checked for c in self.admin.page.form(button="Submit Invoice").controls if c.name == "paid"}, {"paid": False, "open": True})
        invoice = self.made("invoice", "bill", 1)
        self.assertEqual((invoice["state"], self.order("bill")["paid_minor"]), ("open", 0))
        self.admin.get(f"/admin/invoices/{invoice['id']}")
        self.assertFalse(self.admin.page.has_link("Credit Memo"), "nothing was paid")
        tab = self.admin.tab()
        tab.get(self.admin.reply.path)
        self.admin.press("Mark as Paid")
        self.assertEqual(self.order("bill")["paid_minor"], invoice["total_minor"])
        self.assertTrue(self.server.value("SELECT paid_us FROM sales_invoice WHERE id = ?", invoice["id"]))
        self.assert_agrees("bill")
        for button in ("Mark as Paid", "Cancel"):
            with self.unchanged():
                self.assert_status(tab.submit(tab.page.form(button=button)), 409)
            tab.get(f"/admin/invoices/{invoice['id']}")
            self.assertFalse(tab.page.has_form(button=button))
            tab.reply = self.old_page(invoice["id"])
        second = self.made("invoice", "bill", 1)
        self.admin.get(f"/admin/invoices/{second['id']}")
        self.admin.press("Cancel")
        self.assertEqual(self.documents("invoice", "bill")[1]["state"], "canceled")
        self.assert_agrees("bill")
        self.assertFalse(self.admin.page.has_form(button="Send Email"), "a canceled invoice is not mailed")
        with self.unchanged():
            self.assert_status(self.admin.post(f"/admin/invoices/{second['id']}/email", [self.admin.csrf()]), 409)
        self.assertEqual(self.items("bill")[0]["invoiced"], 1, "its piece is free again")
        self.made("invoice", "bill", 1)

    def old_page(self, invoice):
        """The page of an invoice as it was while it was open: with the buttons."""
        c = self.server.admin()
        c.get(f"/admin/invoices/{invoice}")
        token = c.csrf()
        html = "".join(f'<form method="post" action="/admin/invoices/{invoice}/{what}"><input type="hidden" name="{token[0]}" value="{self.admin.csrf()[1]}">'
                       f"<button>{label}</button></form>" for what, label in (("pay", "Mark as Paid"), ("cancel", "Cancel")))
        return type(c.reply)(200, c.reply.headers, html.encode(), "GET", c.reply.path)

    def test_an_open_invoice_whose_pieces_were_refunded_stays(self):
        self.made("invoice", "unsent", 1)
        opened = self.made("invoice", "unsent", 2, **{"paid=paid": False, "paid=open": True})
        self.made("creditmemo", "unsent", 1)
        self.admin.get(f"/admin/invoices/{opened['id']}")
        with self.unchanged():
            self.assert_status(self.admin.press("Cancel"), 409)
        self.assertIn("cannot be canceled any more", " ".join(self.admin.page.alerts))

    def test_amounts_are_in_the_order_s_currency(self):
        invoice = self.made("invoice", "dollars", 1)
        for path in (f"/admin/invoices/{invoice['id']}", f"/admin/invoices?q={invoice['number']}"):
            text = self.admin.get(path).page.main.text
            self.assertIn(f"${invoice['total_minor'] / 100:.2f}", text, path)
            self.assertNotIn("€", text.replace("Outgoing", ""), path)
        memo = self.made("creditmemo", "dollars", 1)
        self.assertIn("$10.50", self.admin.get(f"/admin/creditmemos/{memo['id']}").page.main.text)
        self.assertIn(f"{memo['total_minor'] / 100:.2f}", self.admin.get("/admin/creditmemos/export").source)

    def test_any_sequence_leaves_order_documents_and_stock_in_agreement(self):
        for n in range(4):
            self.wander(f"random {n}", random.Random(n))

    def wander(self, name, dice):
        """Documents of random quantities, right and wrong, one after another."""
        begin, put_back = self.stock(name), [0] * len(self.items(name))
        for _ in range(14):
            kind = dice.choice(("invoice", "invoice", "shipment", "creditmemo", "creditmemo"))
            items = self.items(name)
            self.open(kind, name)
            if not self.admin.page.has_form(button=KINDS[kind]):
                continue
            numbers = [dice.choice((0, 1, dice.randrange(-1, i["ordered"] + 2))) for i in items]
            fields, ticked = {}, [kind == "creditmemo" and dice.random() < 0.5 for _ in items]
            if kind == "creditmemo":
                fields = {f"restock={i['id']}": t for i, t in zip(items, ticked)}
                fields |= {"adjustment": dice.choice(("", "0.10", "1")), "fee": dice.choice(("", "0.25"))}
                if any(c.name == "shipping" for c in self.admin.page.form(button=KINDS[kind]).controls):
                    fields["shipping"] = dice.choice(("0", "1.23", "4.95"))
            elif kind == "invoice":
                later = dice.random() < 0.5
                fields = {"paid=paid": not later, "paid=open": later}
            before, count = self.facts(name), len(self.documents(kind, name))
            reply = self.admin.press(KINDS[kind], {**{f"qty[{i['id']}]": q for i, q in zip(items, numbers)}, **fields})
            if reply.status == 200:
                self.assertEqual(len(self.documents(kind, name)), count + 1)
                put_back = [p + (q if t else 0) for p, q, t in zip(put_back, numbers, ticked)]
            else:
                self.assert_status(reply, 422)
                self.assertEqual(self.facts(name), before, f"{kind} {numbers} {fields} was refused and changed something")
            with self.subTest(f"{name}: {kind} {numbers} {fields}"):
                self.assert_agrees(name)
                self.assertEqual(self.stock(name), [b + p for b, p in zip(begin, put_back)])
            invoices = [i for i in self.documents("invoice", name) if i["state"] == "open"]
            if invoices and dice.random() < 0.6:
                self.admin.get(f"/admin/invoices/{invoices[0]['id']}")
                self.admin.press(dice.choice(("Mark as Paid", "Mark as Paid", "Cancel")))
                self.assert_agrees(name)

    def test_numbers_have_no_gaps(self):
        for kind, first in (("invoice", 200000001), ("shipment", 300000001), ("creditmemo", 400000001)):
            numbers = [r["number"] for r in self.server.query(f"SELECT number FROM sales_{kind} ORDER BY number")]
            self.assertEqual(numbers, list(range(first, first + len(numbers))), kind)


class MistakeTest(DocumentTest):
    """What is typed wrongly, twice, or too late."""
    orders = {
        "typed": {"lines": [(1000, 3), (500, 2)], "email": EMAIL},
        "two tabs": {"lines": [(1000, 2)], "email": EMAIL},
        "refunds": {"lines": [(1000, 3), (500, 2)], "email": EMAIL},
        "from invoice": {"lines": [(1000, 3)], "email": EMAIL},
        "other": {"lines": [(700, 1)]},
        "held": {"lines": [(700, 1)], "state": "holded"},
        "waiting": {"lines": [(700, 1)], "state": "pending_payment"},
        "pressed twice": {"lines": [(1000, 6)], "email": EMAIL},
        "tracks": {"lines": [(700, 2)], "email": EMAIL},
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls()
        test.made("invoice", "refunds", 3, 2)
        test.made("invoice", "from invoice", 1)
        test.made("invoice", "from invoice", 2)

    def runTest(self):
        """unittest wants one, for an instance of setUpClass."""

    def test_wrong_quantities(self):
        for kind, name in (("invoice", "typed"), ("shipment", "typed"), ("creditmemo", "refunds")):
            field = f"qty[{self.items(name)[0]['id']}]"
            for value in WRONG:
                with self.subTest(f"{kind} {value!r}"), self.standing(name):
                    comment = "This stays where it is."
                    reply = self.make(kind, name, value, 1, **{"comment": comment})
                    self.assertEqual(reply.status, 422, repr(reply))
                    form = reply.page.form(button=KINDS[kind])
                    self.assertIn(field, form.errors)
                    self.assertEqual(form.control(field).value, value)
                    self.assertEqual(form.control("comment").value.strip(), comment)

    def test_nothing_at_all(self):
        for kind, name in (("invoice", "typed"), ("shipment", "typed"), ("creditmemo", "refunds")):
            with self.subTest(kind), self.unchanged():
                reply = self.make(kind, name, 0, 0, **({"shipping": "0"} if kind == "creditmemo" else {}))
                self.assertEqual(reply.status, 422)
                self.assertIn("at least one", " ".join(reply.page.form(button=KINDS[kind]).errors.values()))
                path = f"/admin/orders/{self.order_id[name]}/{kind}/new"
                self.assert_status(self.admin.post(path, [self.admin.csrf(), ("paid", "paid")]), 422)

    def test_items_that_are_not_of_this_order(self):
        other = self.items("other")[0]["id"]
        for kind, name in (("invoice", "typed"), ("shipment", "typed"), ("creditmemo", "refunds")):
            for key in (other, "x", 0, -1, 10**17, "1 OR 1"):
                with self.subTest(f"{kind} {key}"), self.standing(name):
                    self.open(kind, name)
                    data = [self.admin.csrf(), (f"qty[{key}]", "1"), ("paid", "paid")]
                    self.assert_status(self.admin.post(f"/admin/orders/{self.order_id[name]}/{kind}/new", data), 422)

    def test_update_qty_s_shows_amounts_and_changes_nothing(self):
        head = self.server.audit_head()
        with self.unchanged():
            self.open("invoice", "typed")
            self.assertIn("€44.95", self.admin.page.text)
            reply = self.admin.press("Update Qty's", {**self.qty("typed", 1, 0), "comment": "typed already", "Create Shipment": True})
            self.assertEqual(reply.status, 200)
            self.assertIn("€14.95", reply.page.text)
            form = reply.page.form(button="Submit Invoice")
            self.assertEqual((form.control("comment").value.strip(), form.control("Create Shipment").checked), ("typed already", True))
            self.assertEqual([c.value for c in form.controls if c.name.startswith("qty[")], ["1", "0"])
            self.assertEqual(reply.page.alerts, [])
            self.open("creditmemo", "refunds")
            reply = self.admin.press("Update Qty's", {**self.qty("refunds", 1, 0), "Refund Shipping": "0", "Adjustment Refund": "2.5", "Adjustment Fee": "1"})
            self.assertEqual(reply.status, 200)
            self.assertIn("€11.50", reply.page.text)
            self.open("creditmemo", "refunds")
            reply = self.admin.press("Update Qty's", {**self.qty("refunds", 1, 9)})
            self.assertEqual(reply.status, 422)
        self.assertEqual(self.recorded(head), [], "looking is no event")

    def test_more_than_was_paid(self):
        for fields, field in (({"adjustment": "0.01"}, "adjustment"), ({"shipping": "4.96"}, "shipping"), ({"fee": "100"}, "fee"), ({"adjustment": "9" * 12}, "adjustment"),
                              ({"adjustment": "-1"}, "adjustment"), ({"fee": "-0.01"}, "fee"), ({"shipping": "-1"}, "shipping"), ({"fee": "x"}, "fee"),
                              ({"adjustment": "1.005"}, "adjustment"), ({"fee": "9" * 40}, "fee")):
            with self.subTest(fields), self.standing("refunds"):
                reply = self.make("creditmemo", "refunds", 3, 2, **fields)
                self.assertEqual(reply.status, 422, repr(reply))
                form = reply.page.form(button="Refund Offline")
                self.assertIn(field, form.errors)
                self.assertEqual(form.control(field).value, fields[field])

    def test_from_an_invoice_at_most_its_pieces(self):
        first, second = (i["id"] for i in self.documents("invoice", "from invoice"))
        self.admin.get(f"/admin/invoices/{first}")
        self.admin.click("Credit Memo")
        form = self.admin.page.form(button="Refund Offline")
        self.assertEqual([c.value for c in form.controls if c.name.startswith("qty[")], ["1"])
        with self.unchanged():
            reply = self.admin.press("Refund Offline", self.qty("from invoice", 2))
            self.assertEqual(reply.status, 422)
            self.assertTrue(any(c.name == "invoice" and c.value == str(first) for c in reply.page.form(button="Refund Offline").controls))
            # The shipping went on the first invoice; the adjustment would be more than the second one was.
            self.assert_status(self.make("creditmemo", "from invoice", 0, query=f"?invoice={second}", shipping="1"), 422)
            self.assert_status(self.make("creditmemo", "from invoice", 2, query=f"?invoice={second}", adjustment="1"), 422)
        memo = self.made("creditmemo", "from invoice", 1, query=f"?invoice={first}")
        self.assertEqual((memo["invoice_id"], memo["shipping_minor"]), (first, 495))
        self.admin.get(f"/admin/creditmemos/{memo['id']}")
        self.assertTrue(any(h == f"/admin/invoices/{first}" for _, h in self.admin.page.links))
        with self.unchanged():
            self.assert_status(self.make("creditmemo", "from invoice", 1, query=f"?invoice={first}"), 422)
        other = self.order_id["refunds"]
        self.assertEqual(self.admin.get(f"/admin/orders/{other}/creditmemo/new?invoice={first}").status, 404)
        with self.unchanged():
            self.open("creditmemo", "refunds")
            data = [self.admin.csrf(), ("invoice", first), *self.qty("refunds", 1, 0).items()]
            self.assert_status(self.admin.post(f"/admin/orders/{other}/creditmemo/new", data), 404)

    def test_two_tabs(self):
        for kind in ("invoice", "shipment"):
            one, two = self.server.admin(), self.server.admin()
            self.open(kind, "two tabs", one)
            self.open(kind, "two tabs", two)
            self.assertEqual(one.press(KINDS[kind], self.qty("two tabs", 1)).path, f"/admin/orders/{self.order_id['two tabs']}")
            with self.unchanged():
                reply = two.press(KINDS[kind], self.qty("two tabs", 2))
                self.assertEqual(reply.status, 422)
                self.assertEqual(list(reply.page.form(button=KINDS[kind]).errors.values()), ["Please enter 1 or less."])
            late = two.tab()
            late.get(f"/admin/orders/{self.order_id['two tabs']}/{kind}/new")
            self.assertEqual(two.press(KINDS[kind], self.qty("two tabs", 1)).status, 200)
            with self.unchanged():
                reply = late.press(KINDS[kind], self.qty("two tabs", 1))
                self.assertEqual(reply.status, 409)
                self.assertFalse(reply.page.has_form(button=KINDS[kind]))
                self.assertTrue(reply.page.alerts)
        self.assert_agrees("two tabs")

    def test_pressed_twice(self):
        """Part of an order, so that there would be enough left to do it once more."""
        for kind, fields in (("invoice", {}), ("shipment", {}), ("creditmemo", {"adjustment": "1.00", "shipping": "1.00"})):
            with self.subTest(kind):
                c = self.open(kind, "pressed twice")
                form, data = c.page.form(button=KINDS[kind]), {**self.qty("pressed twice", 2 if kind == "invoice" else 1), **fields}
                second = c.tab()
                second.reply = c.reply
                self.assertEqual(c.submit(form, data, KINDS[kind]).path, f"/admin/orders/{self.order_id['pressed twice']}")
                with self.unchanged():
                    reply = second.submit(form, data, KINDS[kind])
                self.assertEqual(reply.status, 409)
                self.assertIn("pressing the button twice", " ".join(reply.page.alerts))
                self.assertEqual(len(self.documents(kind, "pressed twice")), 1)
                # Whoever looked again and means it goes on from there.
                self.assertEqual(second.press(KINDS[kind], data).path, f"/admin/orders/{self.order_id['pressed twice']}")
                self.assertEqual(len(self.documents(kind, "pressed twice")), 2)
        self.assert_agrees("pressed twice")

    def test_orders_that_are_in_no_state_for_it(self):
        for name in ("held", "waiting"):
            for kind, button in KINDS.items():
                with self.subTest(f"{name} {kind}"), self.standing(name):
                    self.open(kind, name)
                    self.assertEqual(self.admin.reply.status, 200)
                    self.assertFalse(self.admin.page.has_form(button=button))
                    self.assertTrue(self.admin.page.has_link("Back to the order"))
                    self.admin.get("/admin/orders")
                    data = [self.admin.csrf(), ("paid", "paid"), *self.qty(name, 1).items()]
                    self.assert_status(self.admin.post(f"/admin/orders/{self.order_id[name]}/{kind}/new", data), 409)

    def test_documents_that_do_not_exist(self):
        self.admin.get("/admin/invoices")
        token = self.admin.csrf()
        with self.unchanged():
            for kind in ("invoices", "shipments", "creditmemos"):
                self.assertEqual(self.admin.get(f"/admin/{kind}/999999").status, 404)
                for what, data in (("email", []), ("comment", [("comment", "x")]), ("pay", []), ("cancel", []),
                                   ("tracks", [("carrier", "ups"), ("track_title", ""), ("track_number", "1")]), ("tracks/1/remove", [])):
                    self.assert_status(self.admin.post(f"/admin/{kind}/999999/{what}", [token, *data]), 404)
            for kind in KINDS:
                self.assertEqual(self.admin.get(f"/admin/orders/999999/{kind}/new").status, 404)
                self.assert_status(self.admin.post(f"/admin/orders/999999/{kind}/new", [token, ("paid", "paid")]), 404)

    def test_tracking_numbers(self):
        with self.unchanged():
            for fields, field in (({"carrier[1]": "ups"}, "track_number[1]"), ({"track_number[2]": "1Z"}, "carrier[2]"),
                                  ({"carrier[3]": "other", "track_number[3]": "1Z"}, "track_title[3]"), ({"carrier[1]": "dpd", "track_number[1]": "<b>"}, "track_number[1]"),
                                  ({"carrier[1]": "gls", "track_number[1]": "9" * 61}, "track_number[1]"), ({"carrier[1]": "owl", "track_number[1]": "1"}, "carrier[1]")):
                reply = self.make("shipment", "tracks", 1, **fields)
                self.assertEqual(reply.status, 422, fields)
                self.assertIn(field, reply.page.form(button="Submit Shipment").errors)
            reply = self.make("invoice", "tracks", 1, **{"carrier[1]": "ups", "track_number[1]": "1Z"})
            self.assertIn("ship", reply.page.form(button="Submit Invoice").errors, "the number would be lost")
        shipment = self.made("shipment", "tracks", 1)
        page = f"/admin/shipments/{shipment['id']}"
        self.admin.get(page)
        for fields in ({}, {"Carrier": "ups"}, {"Tracking Number": "1Z"}, {"Carrier": "other", "Tracking Number": "1Z"}, {"Carrier": "ups", "Tracking Number": "javascript:1"}):
            with self.subTest(fields), self.unchanged():
                self.assertEqual(self.admin.press("Add Tracking Number", fields).status, 422)
            self.admin.get(page)
        head = self.server.audit_head()
        self.admin.press("Add Tracking Number", {"Carrier": "ups", "Tracking Number": "1Z 9/9"})
        self.admin.press("Add Tracking Number", {"Carrier": "other", "Title": "<i>Bike & co", "Tracking Number": "7"})
        self.assertIn(("1Z 9/9", "https://www.ups.com/track?loc=en&tracknum=1Z9%2F9"), self.admin.page.links)
        self.assertIn("<i>Bike & co", self.admin.page.text)
        remove = next(f for f in self.admin.page.forms if "/remove" in f.action)
        tab = self.admin.tab()
        tab.get(page)
        self.admin.submit(remove)
        self.assertEqual(self.admin.reply.status, 200)
        self.assertNotIn("1Z 9/9", self.admin.page.text)
        with self.unchanged():
            self.assert_status(tab.submit(remove), 404)
        self.assertEqual([(e["action"], e["action_group"]) for e in self.recorded(head)],
                         [("Tracking Number Added", "shipments")] * 2 + [("Tracking Number Removed", "shipments")])

    def test_comments(self):
        invoice = self.documents("invoice", "refunds")[0]
        page = f"/admin/invoices/{invoice['id']}"
        for text in ("", "  \n ", "x" * 2001):
            self.admin.get(page)
            with self.subTest(text[:5]), self.unchanged():
                self.assertEqual(self.admin.press("Submit Comment", {"comment": text}).status, 422)
        self.admin.get(page)
        self.admin.press("Submit Comment", {"comment": "Only <b>among</b> us\nsecond line"})
        self.admin.press("Submit Comment", {"comment": "For the customer", "Visible on Storefront": True})
        self.admin.press("Submit Comment", {"comment": "By mail", "Notify Customer by Email": True})
        rows = self.server.query("SELECT document, document_id, body, visible, mailed, author FROM sales_comment WHERE document_id = ? AND document = 'invoice' ORDER BY id", invoice["id"])
        self.assertEqual([(r["visible"], r["mailed"], r["author"]) for r in rows], [(0, 0, "staff"), (1, 0, "staff"), (1, 1, "staff")])
        self.assertIn("Only <b>among</b> us", self.admin.page.text)
        self.assertEqual(self.server.value("SELECT count(*) FROM mail WHERE body LIKE '%By mail%'"), 1)


class RightsTest(DocumentTest):
    """Who may see and do what."""
    orders = {
        "main": {"lines": [(1000, 4)], "email": EMAIL},
        "outlet": {"lines": [(1000, 4)], "email": "outlet@example.com", "view": "outlet"},
        "guest": {"lines": [(1000, 4)], "guest_email": "nobody-known@example.com", "name": ("Ünal", "O'Brien")},
        "elsewhere": {"lines": [(1000, 4)], "email": EMAIL, "view": "outlet"},
    }
    users = {
        "looker": (("sales.operations", "order.view", "invoice.view", "shipment.view", "creditmemo.view"), None),
        "biller": (("order.view", "invoice.view", "invoice.create"), None),
        "outletter": (("order.view", "order.mail", "order.comment", "invoice.view", "invoice.create", "shipment.view", "shipment.create", "creditmemo.view",
                       "creditmemo.create"), "outlet"),
        "outlethelp": (("order.view", "order.create", "invoice.view", "customer.view", "assist.login"), "outlet"),
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls()
        for name in cls.orders:
            test.made("invoice", name, 2, **{"Create Shipment": True})
            test.made("creditmemo", name, 1)

    def runTest(self):
        """unittest wants one, for an instance of setUpClass."""

    def pages(self, name):
        return [f"/admin/{k}s/{self.documents(k, name)[0]['id']}" for k in KINDS]

    def test_without_any_right(self):
        viewer = self.server.admin("viewer")
        viewer.get("/admin")
        for text in ("Invoices", "Shipments", "Credit Memos"):
            self.assertFalse(viewer.page.has_link(text))
        for page in self.pages("main") + ["/admin/invoices", "/admin/shipments", "/admin/creditmemos", "/admin/invoices/export"] + \
                [f"/admin/orders/{self.order_id['main']}/{k}/new" for k in KINDS]:
            self.assert_status(viewer.get(page), 403)
        viewer.get("/admin/orders")
        with self.unchanged():
            for kind in KINDS:
                self.assert_status(viewer.post(f"/admin/orders/{self.order_id['main']}/{kind}/new", [viewer.csrf(), *self.qty("main", 1).items()]), 403)

    def test_looking_is_not_doing(self):
        c = self.server.admin("looker")
        for page in self.pages("main"):
            self.assertEqual(c.get(page).status, 200)
            for button in ("Mark as Paid", "Cancel", "Send Email", "Submit Comment", "Add Tracking Number", BUTTON):
                self.assertFalse(c.page.has_form(button=button), f"{button} on {page}")
            self.assertFalse(c.page.has_link("Credit Memo"))
            head = self.server.audit_head()
            with self.unchanged():
                for what, data in (("email", []), ("comment", [("comment", "x")])):
                    self.assert_status(c.post(f"{page}/{what}", [c.csrf(), *data]), 403)
            self.assertEqual({e["result"] for e in self.recorded(head)}, {"failure"})

    def test_an_invoice_with_a_shipment_needs_both_rights(self):
        c = self.server.admin("biller")
        self.open("invoice", "main", c)
        form = c.page.form(button="Submit Invoice")
        self.assertFalse(any(x.name == "ship" for x in form.controls))
        head = self.server.audit_head()
        with self.unchanged():
            reply = c.press("Submit Invoice", {**self.qty("main", 1), "ship": "1"})
            self.assert_status(reply, 403)
        entry, = self.recorded(head)
        self.assertEqual((entry["result"], entry["full_action"]), ("failure", "admin_invoice_create"))

    def test_an_account_of_another_website_is_not_led_to(self):
        """Where accounts are good on every website, people order elsewhere than where their account is."""
        c = self.server.admin("outlethelp")
        invoice = self.documents("invoice", "elsewhere")[0]
        path = f"/admin/customers/{self.server.customer_id(EMAIL)}"
        for page in (f"/admin/orders/{self.order_id['elsewhere']}", f"/admin/invoices/{invoice['id']}", f"/admin/orders?q={self.order('elsewhere')['number']}"):
            for who, led in ((c, False), (self.admin, True)):
                self.assertEqual(who.get(page).status, 200, page)
                leads = who.page.has_form(button=BUTTON) or any(h.startswith(path + "/login") for _, h in who.page.links)
                self.assertEqual(leads, led, page)
        c.get(f"/admin/orders/{self.order_id['elsewhere']}")
        self.assertFalse(any(h.startswith(path) for _, h in c.page.links))
        self.assertFalse(c.page.has_link("Reorder"))
        own = self.server.value("SELECT o.id FROM sales_order o WHERE o.email = 'outlet@example.com' AND o.website_id = 2 ORDER BY o.id LIMIT 1")
        c.get(f"/admin/orders/{own}")
        self.assertTrue(c.page.has_form(button=BUTTON) and c.page.has_link("Reorder"))

    def test_documents_of_another_website_are_not_there(self):
        c = self.server.admin("outletter")
        for page in self.pages("outlet"):
            self.assertEqual(c.get(page).status, 200, page)
        c.get("/admin/invoices")
        token = c.csrf()
        with self.unchanged():
            for page in self.pages("main") + self.pages("guest"):
                self.assertEqual(c.get(page).status, 404, page)
                for what, data in (("email", []), ("comment", [("comment", "x")])):
                    self.assert_status(c.post(f"{page}/{what}", [token, *data]), 404)
            for kind in KINDS:
                path = f"/admin/orders/{self.order_id['main']}/{kind}/new"
                self.assertEqual(c.get(path).status, 404)
                self.assert_status(c.post(path, [token, ("paid", "paid"), *self.qty("main", 1).items()]), 404)
            shipment = self.documents("shipment", "main")[0]["id"]
            data = [token, ("carrier", "ups"), ("track_title", ""), ("track_number", "1")]
            self.assert_status(c.post(f"/admin/shipments/{shipment}/tracks", data), 404)
        number = str(self.order("main")["number"])
        for grid in ("invoices", "shipments", "creditmemos"):
            self.assertEqual(c.get(f"/admin/{grid}?q={number}").page.rows, [])
            self.assertNotIn(number, c.get(f"/admin/{grid}/export").source)
            self.assertIn(str(self.order("outlet")["number"]), c.get(f"/admin/{grid}/export").source)

    def test_what_is_ticked_in_a_grid_is_printed(self):
        for grid in ("orders", "invoices", "shipments", "creditmemos"):
            self.admin.get(f"/admin/{grid}?q={self.order('main')['number']}")
            ticked = [c for c in self.admin.page.form(button="Print").controls if c.name == "ids"]
            self.assertEqual(len(ticked), 1)
            back = self.admin.reply.path
            nothing = self.admin.get(f"/admin/{grid}/print?back={urllib.parse.quote(back, safe='')}", follow=False)
            self.assertEqual((nothing.status, nothing.header("location")), (303, back))
            reply = self.admin.get(f"/admin/{grid}/print?ids={ticked[0].value}")
            self.assertEqual((reply.status, reply.header("content-type")), (200, "application/pdf"))
            self.assertTrue(reply.body.startswith(b"%PDF"))

    def test_login_as_customer_is_never_offered_for_a_guest(self):
        for page in self.pages("guest"):
            self.assertFalse(self.admin.get(page).page.has_form(button=BUTTON), page)
        for kind, page in zip(KINDS, self.pages("main")):
            self.admin.get(page)
            reply = self.admin.press(BUTTON)
            self.assertEqual(reply.status, 200)
            self.assertIn(f"from={kind}", reply.path)
            self.assertIn(EMAIL, reply.page.text)

    def test_the_grids_find_a_document(self):
        order = self.order("guest")
        for kind, grid in (("invoice", "invoices"), ("shipment", "shipments"), ("creditmemo", "creditmemos")):
            number = str(self.documents(kind, "guest")[0]["number"])
            for needle in (number, str(order["number"]), "unal", "O'Brien", "NOBODY-KNOWN@example.com"):
                reply = self.admin.get(f"/admin/{grid}?q={needle}")
                self.assertTrue(any(number in r["_node"].text for r in reply.page.rows), f"{grid} {needle}")
            row = next(r for r in self.admin.get(f"/admin/{grid}?q={number}").page.rows)
            self.assertIn("Ünal O'Brien", row["_node"].text)
            self.admin.get(next(n.get("href") for n in row["_node"].all("a") if (n.get("aria-label") or n.text).startswith("View")))
            self.assertIn(number, self.admin.page.heading)
            self.assertEqual(self.admin.get(f"/admin/{grid}?q=zzzz-none").page.rows, [])
            self.assertEqual(len(self.admin.get(f"/admin/{grid}?f.order.from={order['number']}&f.order.to={order['number']}").page.rows), 1)
        rows = self.admin.get("/admin/invoices?f.status=open&size=200").page.rows
        self.assertEqual({r["Status"] for r in rows}, {"Open"})


if __name__ == "__main__":
    unittest.main()
