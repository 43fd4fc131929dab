"""Refunds through the provider that took the money, which is another process: given back, refused and asked again, not answered, its own."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import provider  # noqa: E402
from people import wait_for  # noqa: E402
from test_payment import SECRET, ProviderTest  # noqa: E402


class RefundTest(ProviderTest):
    """A credit memo of an order that was paid at the provider."""

    def paid(self, payment):
        """An order that the provider says was paid under this name."""
        _, order, _ = self.place()
        self.assertEqual(self.message(order, payment=payment), 200)
        return self.order(order)

    def refund(self, order, button="Refund", staff=None, **fields):
        """The credit memo of everything that is left; the client stands on the order's page."""
        staff = staff or self.server.admin()
        staff.get(f"/admin/orders/{order['id']}/creditmemo/new")
        staff.press(button, fields)
        self.assertEqual(staff.reply.path, f"/admin/orders/{order['id']}", staff.reply)
        memo = self.server.query("SELECT * FROM sales_creditmemo WHERE order_id = ? ORDER BY id DESC LIMIT 1", order["id"])[0]
        return staff, memo

    def row(self, memo):
        rows = self.server.query("SELECT * FROM payment_refund WHERE creditmemo_id = ?", memo["id"])
        return rows[0] if rows else None

    def told(self, order, key="", event="refunded", amount=None, refund="re_own", signature=None, **fields):
        values = {"method": "sandbox", "refund": refund, "payment": "pay_x", "order": order["checkout_key"], "key": key, "event": event,
                  "amount": order["total_minor"] if amount is None else amount, "currency": order["currency"], **fields}
        return provider.refund_message(f"http://127.0.0.1:{self.server.port}", SECRET, values, signature)

    def test_the_provider_gives_the_money_back(self):
        order = self.paid("pay_back")
        staff, memo = self.refund(order)
        self.assertEqual((self.row(memo)["amount_minor"], self.row(memo)["payment"], self.row(memo)["currency"]),
                         (memo["total_minor"], "pay_back", order["currency"]))
        wait_for(lambda: self.row(memo)["state"] == "done")
        row = self.row(memo)
        self.assertTrue(row["reference"].startswith("re_"))
        self.assertIsNotNone(row["settled_us"])
        self.assertEqual(self.order(order)["refunded_minor"], order["total_minor"])
        told = [c for c in self.comments(order) if c.startswith("The payment provider has given back €")]
        self.assertEqual(len(told), 1)
        staff.get(f"/admin/creditmemos/{memo['id']}")
        self.assertIn("Refunded", staff.page.main.text)
        self.assertIn(told[0], staff.page.main.text)
        self.assertFalse(staff.page.has_form(button="Ask Again"))
        entry = self.server.audit(full_action="creditmemo_webhook")[-1]
        self.assertEqual((entry["result"], entry["action_group"]), ("success", "payments"))
        self.assertEqual(self.server.audit(full_action="jobs_refund_asked")[-1]["subject_id"], str(row["id"]))
        # The same message again changes nothing, nor does a refusal behind it.
        with self.unchanged():
            self.assertEqual(self.told(order, row["refund_key"], refund=row["reference"]), 200)
            self.assertEqual(self.told(order, row["refund_key"], "refused", refund=row["reference"]), 200)

    def test_refused_and_asked_again(self):
        order = self.paid("pay_never")
        staff, memo = self.refund(order)
        wait_for(lambda: self.row(memo)["state"] == "refused")
        staff.get(f"/admin/creditmemos/{memo['id']}")
        self.assertIn("refused to give the money back: The card was closed", staff.page.main.text)
        self.assertIn("Refund Refused", staff.page.main.text)
        staff.get(f"/admin/orders/{order['id']}?tab=creditmemos")
        self.assertEqual([r["_node"].text.count("Refund Refused") for r in staff.page.rows], [1], "the order says so too")
        staff.get(f"/admin/creditmemos/{memo['id']}")
        self.assertTrue([c for c in self.comments(order) if "refused to give back €" in c and "The card was closed" in c])
        self.assertFalse(self.server.value("SELECT count(*) FROM sales_comment WHERE order_id = ? AND visible = 1 AND body LIKE '%refused%'", order["id"]))
        old = self.row(memo)["refund_key"]
        again = staff.page.form(button="Ask Again")
        with self.server.at_rest() as db:  # the card works again
            db.execute("UPDATE payment_refund SET payment = 'pay_works' WHERE creditmemo_id = ?", (memo["id"],))
        staff.submit(again)
        self.assertIn("The payment provider is asked again.", staff.page.root.text)
        wait_for(lambda: self.row(memo)["state"] == "done")
        self.assertNotEqual(self.row(memo)["refund_key"], old, "under another key, because the old one stays refused")
        with self.unchanged(but=("audit_entry",)):
            self.assert_status(staff.submit(again), 409)

    def test_asked_again_until_it_answers(self):
        order = self.paid("pay_silent")
        staff, memo = self.refund(order)
        wait_for(lambda: self.row(memo)["tries"] == 1)
        staff.get(f"/admin/creditmemos/{memo['id']}")
        self.assertIn("the answer appears here. Asked so far: 1.", staff.page.main.text)
        self.assertIn("Refund Requested", staff.page.main.text)
        key = self.row(memo)["refund_key"]
        wait_for(lambda: self.row(memo)["state"] == "done")
        self.assertEqual((self.row(memo)["refund_key"], self.row(memo)["tries"]), (key, 2), "under the same key")

    def test_nobody_is_there(self):
        order = self.paid("pay_away")
        self.set("url", "http://127.0.0.1:9")
        _, memo = self.refund(order)
        wait_for(lambda: self.row(memo)["tries"] == 1)
        self.set("url", self.url)
        wait_for(lambda: self.row(memo)["state"] == "done")

    def test_offline_and_in_parts(self):
        order = self.paid("pay_parts")
        items = self.server.query("SELECT * FROM sales_item WHERE order_id = ? ORDER BY position", order["id"])
        staff, first = self.refund(order, "Refund Offline", **{f"qty[{items[0]['id']}]": 1, "Refund Shipping": ""})
        self.assertIsNone(self.row(first))
        staff.get(f"/admin/creditmemos/{first['id']}")
        self.assertNotIn("asked to give", staff.page.main.text)
        _, second = self.refund(order, staff=staff)
        wait_for(lambda: self.row(second)["state"] == "done")
        self.assertEqual(first["total_minor"] + second["total_minor"], order["total_minor"])
        self.assertEqual(self.row(second)["amount_minor"], second["total_minor"])

    def test_only_where_the_provider_took_the_money(self):
        since = self.last_order()
        c, _ = self.to_review(email="offline@example.com")
        c.press("Place Order")
        order, = self.orders(since)
        staff = self.server.admin()
        staff.get(f"/admin/orders/{order['id']}/invoice/new")
        staff.press("Submit Invoice", {"paid": True} if any(x.name == "paid" for x in staff.page.form(button="Submit Invoice").controls) else {})
        staff.get(f"/admin/orders/{order['id']}/creditmemo/new")
        form = staff.page.form(button="Refund Offline")
        self.assertNotIn("Refund", form.button_names)
        with self.unchanged(but=("audit_entry",)):
            data = dict(form.data(None, "Refund Offline")) | {"online": "1"}
            self.assert_status(staff.post(form.action, data, follow=False), 409)
        paid = self.paid("pay_gone")
        staff.get(f"/admin/orders/{paid['id']}/creditmemo/new")
        form = staff.page.form(button="Refund")
        self.set("url", "")
        self.addCleanup(self.set, "url", self.url)
        with self.unchanged(but=("audit_entry",)):
            reply = staff.submit(form, None, "Refund", follow=False)
        self.assert_status(reply, 409)
        self.assertIn("cannot be refunded through the payment provider", reply.page.text)

    def test_what_is_not_the_providers(self):
        order = self.paid("pay_safe")
        with self.unchanged(but=("audit_entry",)):
            self.assertEqual(self.told(order, signature="A" * 43), 403)
            self.assertEqual(self.told({**order, "checkout_key": "nobody"}), 403)
        self.set("url", "http://127.0.0.1:9")
        self.addCleanup(self.set, "url", self.url)
        _, memo = self.refund(order)
        key = self.row(memo)["refund_key"]
        self.assertEqual(self.told(order, key, signature="A" * 43), 403)
        self.assertEqual(self.told(order, key, amount=memo["total_minor"] - 1), 409)
        self.assertEqual(self.told(order, key, amount=memo["total_minor"], currency="USD"), 409)
        self.assertEqual(self.row(memo)["state"], "waiting")
        self.assertEqual(len([c for c in self.comments(order) if "another amount or currency" in c]), 1)
        self.assertEqual(self.told(order, key, amount=memo["total_minor"]), 200)
        self.assertEqual(self.row(memo)["state"], "done")

    def memos(self, order):
        return self.server.query("SELECT * FROM sales_creditmemo WHERE order_id = ? ORDER BY id", order["id"])

    def gave(self, order):
        return [c for c in self.comments(order) if c.startswith("The payment provider has given back ")]

    def test_a_part_on_its_own(self):
        """What was given back in the provider's own pages gets its credit memo, once."""
        order = self.paid("pay_own")
        for _ in range(2):
            self.assertEqual(self.told(order, amount=500, refund="re_desk"), 200)
        memo, = self.memos(order)
        self.assertEqual((memo["total_minor"], memo["adjustment_minor"], memo["subtotal_minor"], memo["staff_name"]), (500, 500, 0, ""))
        row = self.row(memo)
        self.assertEqual((row["reference"], row["amount_minor"], row["state"]), ("re_desk", 500, "done"))
        self.assertEqual(self.order(order)["refunded_minor"], 500)
        self.assertEqual(self.gave(order), ["The payment provider has given back €5.00."])
        made = self.server.audit(full_action="creditmemo_webhook", action_group="creditmemos")[-1]
        self.assertEqual((made["subject_kind"], made["subject_id"], made["actor"]), ("creditmemo", str(memo["id"]), "guest"))
        told = self.server.audit(full_action="creditmemo_webhook", action_group="payments", result="success")[-1]
        self.assertEqual((told["before"]["refunded"], told["after"]["refunded"]), ("€0.00", "€5.00"))
        staff = self.server.admin()
        staff.get(f"/admin/creditmemos/{memo['id']}")
        self.assertIn("Refunded", staff.page.main.text)
        self.assertIn("€5.00", staff.page.main.text)
        with self.unchanged():
            self.assertEqual(self.told(order, event="refused", refund="re_other"), 200)

    def test_everything_on_its_own(self):
        """All that is left is a credit memo of all pieces; those that were never sent go back into the stock."""
        order = self.paid("pay_own_all")
        item, = self.server.query("SELECT * FROM sales_item WHERE order_id = ?", order["id"])
        stock = self.server.value("SELECT stock FROM product WHERE id = ?", item["product_id"])
        self.assertEqual(self.told(order, refund="re_all"), 200)
        memo, = self.memos(order)
        self.assertEqual((memo["total_minor"], memo["adjustment_minor"]), (order["total_minor"], 0))
        after = self.order(order)
        self.assertEqual((after["state"], after["refunded_minor"]), ("closed", order["total_minor"]))
        self.assertEqual(self.server.value("SELECT stock FROM product WHERE id = ?", item["product_id"]), stock + item["ordered"])

    def test_on_its_own_behind_a_credit_memo(self):
        """A credit memo that staff made for it is not made again, nor when the provider had refused it at first."""
        offline = self.paid("pay_own_offline")
        _, memo = self.refund(offline, "Refund Offline")
        self.assertEqual(self.told(offline, refund="re_behind"), 200)
        self.assertEqual([m["id"] for m in self.memos(offline)], [memo["id"]])
        self.assertEqual((self.row(memo)["state"], self.row(memo)["reference"]), ("done", "re_behind"))
        self.assertEqual(len(self.gave(offline)), 1)
        refused = self.paid("pay_own_never")
        _, memo = self.refund(refused)
        wait_for(lambda: self.row(memo)["state"] == "refused")
        self.assertEqual(self.told(refused, refund="re_by_hand"), 200)
        self.assertEqual([m["id"] for m in self.memos(refused)], [memo["id"]])
        self.assertEqual((self.row(memo)["state"], self.row(memo)["reference"]), ("done", "re_by_hand"))

    def test_on_its_own_and_nobody_can_tell_what_for(self):
        """More than is left, another currency, or either of two orders: staff are told at each of them."""
        order, other = self.paid("pay_own_odd"), self.paid("pay_own_odd_too")
        self.assertEqual(self.told(order, amount=order["total_minor"] + 1, refund="re_much"), 200)
        self.assertEqual(self.told(order, amount=500, currency="USD", refund="re_usd"), 200)
        with self.server.at_rest() as db:
            db.execute("UPDATE sales_order SET checkout_key = ?, checkout_part = 2 WHERE id = ?", (order["checkout_key"], other["id"]))
        for _ in range(2):
            self.assertEqual(self.told(order, amount=500, refund="re_either"), 200)
        self.assertEqual(self.memos(order) + self.memos(other), [])
        self.assertEqual([len([c for c in self.comments(o) if "No credit memo could be made for it" in c]) for o in (order, other)], [3, 1])
        self.assertEqual([r["reference"] for r in self.server.query(
            "SELECT reference FROM payment_refund WHERE order_id = ? AND creditmemo_id IS NULL ORDER BY id", order["id"])],
            ["re_much", "re_usd", "re_either"])
        # Only one of them has so much: it is that one's.
        self.refund(self.order(order), "Refund Offline")
        self.assertEqual(self.told(order, amount=501, refund="re_other"), 200)
        memo, = self.memos(other)
        self.assertEqual(memo["adjustment_minor"], 501)

    def test_dutch(self):
        order = self.paid("pay_nl_never")
        staff, memo = self.refund(order)
        wait_for(lambda: self.row(memo)["state"] == "refused")
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_user SET locale = 'nl_NL' WHERE username = 'admin'")
        staff.get(f"/admin/creditmemos/{memo['id']}")
        self.assertIn("weigerde het geld terug te geven", staff.page.main.text)
        staff.get(f"/admin/orders/{self.paid('pay_nl')['id']}/creditmemo/new")
        self.assertIn("Offline terugbetalen", staff.page.main.text)
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_user SET locale = 'en_US' WHERE username = 'admin'")


if __name__ == "__main__":
    unittest.main()
