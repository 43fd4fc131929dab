"""Paying at a provider, which is another process: paid, failed, canceled, twice, before the way back, badly signed, by a kept means."""
import os
import subprocess
import sys
import unittest
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import provider  # noqa: E402
from buying import EMAIL, PLACE, BuyingTest  # noqa: E402
from harness import CUSTOMER_PASSWORD, die_with_parent  # noqa: E402
from people import assist, root_of, wait_for  # noqa: E402
from test_several import DividingTest  # noqa: E402

SECRET = "a secret that both know"


class ProviderTest(BuyingTest):
    """A shop with a provider beside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.secrets.add(SECRET)
        shop = f"http://127.0.0.1:{cls.server.port}"
        cls.provider = subprocess.Popen([sys.executable, provider.__file__, "0", SECRET, shop], stdout=subprocess.PIPE, text=True,
                                        preexec_fn=die_with_parent)
        cls.url = "http://127.0.0.1:" + cls.provider.stdout.readline().split()[1]
        cls.set(cls, "enabled", "1")
        cls.set(cls, "url", cls.url)
        cls.set(cls, "secret", SECRET)

    @classmethod
    def tearDownClass(cls):
        cls.provider.terminate()
        cls.provider.wait()
        cls.provider.stdout.close()
        super().tearDownClass()

    def set(self, name, value):
        done = self.server.command("config", "set", "--db", self.server.db, f"payment/sandbox/{name}", value)
        assert done.returncode == 0, done

    def place(self, email=EMAIL):
        """Places an order that is to be paid at the provider. The client ends on the page that leads there."""
        since = self.last_order()
        c = self.server.customer(email)
        self.empty_cart(c)
        p = self.fill_cart(c, qty=2)
        c.get("/checkout")
        c.press("Continue")
        self.pay(c, "sandbox")
        c.press(PLACE)
        order, = self.orders(since)
        self.assertEqual(order["state"], "pending_payment")
        self.assertEqual(c.reply.path, f"/checkout/pay/sandbox/{order['checkout_key']}")
        return c, order, p

    def at_provider(self, c, event, kept=False):
        """Follows the link and presses a button there. Returns where the provider sends the browser back to."""
        link = next(a.get("href") for a in c.page.main.all("a") if (a.get("href") or "").startswith(self.url))
        page = urllib.request.urlopen(link, timeout=10).read().decode()
        fields = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(link).query)) | {"event": event}
        if kept:
            self.assertIn('name="kept"', page)
            fields["kept"] = "1"

        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *args):
                return None
        try:
            urllib.request.build_opener(Stay).open(self.url + "/act", urllib.parse.urlencode(fields).encode(), timeout=30)
        except urllib.error.HTTPError as e:
            self.assertEqual(e.code, 303)
            return e.headers["Location"]
        raise AssertionError("the provider does not send the browser back")

    def order(self, order):
        return self.server.query("SELECT * FROM sales_order WHERE id = ?", order["id"])[0]

    def message(self, order, event="paid", signature=None, **fields):
        values = {"method": "sandbox", "payment": "pay_1", "order": order["checkout_key"], "event": event, "amount": order["total_minor"],
                  "currency": order["currency"], **fields}
        return provider.message(f"http://127.0.0.1:{self.server.port}", SECRET, values, signature)

    def comments(self, order):
        return [c["body"] for c in self.server.query("SELECT body FROM sales_comment WHERE order_id = ? ORDER BY id", order["id"])]

    def mails(self, order):
        return self.server.value("SELECT count(*) FROM mail WHERE subject LIKE ?", f"%{order['number']}%")


class PaidTest(ProviderTest):
    def test_paid(self):
        c, order, p = self.place()
        self.assertEqual(self.mails(order), 0, "no confirmation before the payment")
        stock = self.stock(p)
        back = self.at_provider(c, "paid")
        c.get(urllib.parse.urlsplit(back).path)
        self.assertEqual(c.reply.path, "/checkout/success")
        self.assertIn(str(order["number"]), c.page.main.text)
        after = self.order(order)
        self.assertEqual((after["state"], after["invoiced_minor"], after["paid_minor"]), ("processing", order["total_minor"], order["total_minor"]))
        invoice, = self.server.query("SELECT * FROM sales_invoice WHERE order_id = ?", order["id"])
        self.assertEqual((invoice["state"], invoice["total_minor"]), ("paid", order["total_minor"]))
        self.assertEqual(self.mails(order), 1)
        self.assertEqual(self.stock(p), stock)
        self.assertIn("The payment has arrived.", self.comments(order))
        entry = self.server.audit(full_action="payment_webhook")[-1]
        self.assertEqual((entry["result"], entry["action_group"]), ("success", "payments"))

    def test_the_message_comes_before_the_way_back_and_twice(self):
        c, order, _ = self.place()
        for _ in range(2):
            self.assertEqual(self.message(order, payment="pay_early"), 200)
        self.assertEqual(self.order(order)["state"], "processing")
        self.assertEqual(self.server.value("SELECT count(*) FROM sales_invoice WHERE order_id = ?", order["id"]), 1)
        self.assertEqual(self.server.value("SELECT count(*) FROM sales_payment WHERE order_id = ?", order["id"]), 1)
        self.assertEqual(c.get(f"/checkout/pay/sandbox/{order['checkout_key']}").path, "/checkout/success")

    def test_paid_twice_with_two_payments(self):
        _, order, _ = self.place()
        self.assertEqual(self.message(order, payment="pay_a"), 200)
        self.assertEqual(self.message(order, payment="pay_b"), 200)
        after = self.order(order)
        self.assertEqual(after["paid_minor"], order["total_minor"], "the second payment is not booked on the order")
        self.assertTrue([c for c in self.comments(order) if "give it back" in c and "pay_b" in c])

    def test_failed_and_tried_again(self):
        c, order, _ = self.place()
        c.get(urllib.parse.urlsplit(self.at_provider(c, "failed")).path)
        self.assertIn("The payment failed", c.page.main.text)
        self.assertEqual(self.order(order)["state"], "pending_payment")
        c.get(urllib.parse.urlsplit(self.at_provider(c, "paid")).path)
        self.assertEqual(c.reply.path, "/checkout/success")
        self.assertEqual(self.order(order)["state"], "processing")

    def test_canceled_gives_the_pieces_back(self):
        c, order, p = self.place()
        stock = self.stock(p)
        c.get(urllib.parse.urlsplit(self.at_provider(c, "canceled")).path)
        self.assertIn("The payment was canceled", c.page.main.text)
        self.assertEqual(self.order(order)["state"], "canceled")
        self.assertEqual(self.stock(p), stock + 2)
        self.assertEqual(self.message(order, payment="pay_late"), 200)
        self.assertEqual(self.order(order)["state"], "canceled")
        self.assertTrue([x for x in self.comments(order) if "give it back" in x])

    def test_what_is_not_the_providers(self):
        c, order, _ = self.place()
        with self.unchanged(but=("audit_entry",)):
            self.assertEqual(self.message(order, signature="A" * 43), 403)
            self.assertEqual(self.message({**order, "checkout_key": "nobody"}), 403)
            other = provider.sign("another secret", ["sandbox", "pay_1", order["checkout_key"], "paid", str(order["total_minor"]), "EUR", "", ""])
            self.assertEqual(self.message(order, signature=other), 403)
            self.assert_status(c.get("/payment/webhook"), 404, 405)
        entry = self.server.audit(full_action="payment_webhook")[-1]
        self.assertEqual((entry["result"], entry["reason"]), ("failure", "the signature is wrong"))

    def test_another_amount_or_currency_pays_nothing(self):
        _, order, _ = self.place()
        self.assertEqual(self.message(order, payment="pay_less", amount=order["total_minor"] - 1), 409)
        self.assertEqual(self.message(order, payment="pay_usd", currency="USD"), 409)
        after = self.order(order)
        self.assertEqual((after["state"], after["paid_minor"]), ("pending_payment", 0))
        self.assertEqual(len([c for c in self.comments(order) if "not that of the order" in c]), 2)

    def test_nothing_to_pay(self):
        """A coupon that takes everything off: nobody is led to the provider, and the order counts at once."""
        self.server.stop()
        self.server.preset("carriers/flat/price", "0.00")
        with self.server.connect() as db:
            db.execute("UPDATE coupon SET value = 10000 WHERE code = 'WELCOME10'")
            db.commit()
        db.close()
        self.server.start()
        since, c = self.last_order(), self.server.customer(EMAIL)
        self.empty_cart(c)
        self.fill_cart(c)
        c.get("/checkout")
        c.press("Continue")
        self.pay(c, "sandbox", **{"shipping[1]=flat": True})
        c.press("Apply Coupon", {"Coupon Code": "WELCOME10"})
        self.assertNotIn("You pay on the next page", c.page.main.text)
        c.press(PLACE)
        self.assertEqual(c.reply.path, "/checkout/success")
        order, = self.orders(since)
        self.assertEqual((order["state"], order["total_minor"]), ("pending", 0))
        self.assertEqual(self.mails(order), 1)
        self.server.stop()
        self.server.preset("carriers/flat/price", "4.95")
        self.server.start()

    def test_found_again_under_my_orders(self):
        """Whoever left before paying, or has had staff place the order."""
        _, order, _ = self.place()
        c, root = self.server.customer(EMAIL), f"/checkout/pay/sandbox/{order['checkout_key']}"
        tab = assist(self.server.admin("support"), EMAIL)
        for visitor, before in ((c, ""), (tab, root_of(tab))):
            visitor.get(f"{before}/customer/orders/{order['id']}")
            visitor.click("Pay Now")
            self.assertEqual(visitor.reply.path, before + root)
        self.at_provider(c, "paid")
        wait_for(lambda: self.order(order)["state"] == "processing")
        c.get(f"/customer/orders/{order['id']}")
        self.assertFalse(c.page.has_link("Pay Now"))

    def test_a_message_that_is_refused_is_noted_once(self):
        _, order, _ = self.place()
        for _ in range(3):
            self.assertEqual(self.message(order, payment="pay_again", amount=7), 409)
        self.assertEqual(len([c for c in self.comments(order) if "pay_again" in c]), 1)

    def test_the_page_is_for_those_who_ordered(self):
        _, order, _ = self.place()
        path = f"/checkout/pay/sandbox/{order['checkout_key']}"
        self.assert_status(self.server.client().get(path), 404)
        self.assert_status(self.server.customer("refuses@example.com").get(path), 404)


class SeveralTest(DividingTest, ProviderTest):
    """One payment for the orders of a checkout with several addresses."""

    def place_two(self):
        before = self.last_order()
        c, p, _ = self.begin()
        self.divide(c, p)
        self.pay(c, "sandbox")
        c.press(PLACE)
        first, second = self.orders(before)
        self.assertEqual((first["state"], second["state"]), ("pending_payment", "pending_payment"))
        return c, first, second

    def cancel(self, order):
        staff = self.server.admin()
        staff.get(f"/admin/orders/{order['id']}")
        staff.press("Cancel")
        self.assertEqual(self.order(order)["state"], "canceled")

    def test_both(self):
        c, first, second = self.place_two()
        c.get(urllib.parse.urlsplit(self.at_provider(c, "paid")).path)
        self.assertEqual(c.reply.path, "/checkout/success")
        for o in (first, second):
            after = self.order(o)
            self.assertEqual((after["state"], after["paid_minor"]), ("processing", o["total_minor"]))

    def test_the_one_that_staff_left_is_still_to_be_paid(self):
        c, first, second = self.place_two()
        self.cancel(first)
        c.get(f"/checkout/pay/sandbox/{first['checkout_key']}")
        self.assertIn(f"€{second['total_minor'] / 100:.2f} at the provider", c.page.main.text)
        self.assertNotIn(str(first["number"]), c.page.main.text)
        c.get("/checkout/success")
        self.assertIn("waiting for your payment", c.page.main.text)
        c.get(f"/checkout/pay/sandbox/{first['checkout_key']}")
        c.get(urllib.parse.urlsplit(self.at_provider(c, "paid")).path)
        self.assertEqual(c.reply.path, "/checkout/success")
        self.assertEqual((self.order(first)["state"], self.order(first)["paid_minor"]), ("canceled", 0))
        self.assertEqual((self.order(second)["state"], self.order(second)["paid_minor"]), ("processing", second["total_minor"]))
        self.assertFalse([x for x in self.comments(first) if "give it back" in x])

    def test_one_is_canceled_while_the_customer_pays_for_both(self):
        c, first, second = self.place_two()
        self.cancel(first)
        self.assertEqual(self.message(second, payment="pay_both", amount=first["total_minor"] + second["total_minor"]), 200)
        self.assertEqual((self.order(first)["state"], self.order(second)["state"]), ("canceled", "processing"))
        self.assertTrue([x for x in self.comments(first) if "give it back" in x and "pay_both" in x])
        self.assertFalse([x for x in self.comments(second) if "give it back" in x])


class KeptTest(ProviderTest):
    """Means of payment that the provider keeps."""

    def test_kept_used_and_removed(self):
        c, order, _ = self.place()
        self.at_provider(c, "paid", kept=True)
        wait_for(lambda: self.order(order)["state"] == "processing")
        c, order, _ = self.place()
        c.press("Visa •••• 4242")
        self.assertIn("wait for the answer", c.page.main.text)
        wait_for(lambda: self.order(order)["state"] == "processing")
        self.assertEqual(self.server.value("SELECT count(*) FROM payment_charge"), 0)
        # Staff see that one is kept, and can neither use nor remove it.
        tab = assist(self.server.admin("support"), EMAIL)
        root = root_of(tab)
        tab.get(root + "/customer/payment-methods")
        self.assertIn("Visa •••• 4242", tab.page.main.text)
        self.assertFalse(tab.page.has_form(action="/customer/payment-methods/remove"))
        csrf = next(f.value for form in tab.page.forms for f in form.controls if f.name == "csrf")
        token = self.server.value("SELECT id FROM payment_token WHERE label LIKE 'Visa%'")
        with self.unchanged(but=("audit_entry",)):
            self.assert_status(tab.post(root + "/customer/payment-methods/remove", {"csrf": csrf, "id": token}), 403)
        c.get("/customer/payment-methods")
        c.press("Remove Visa •••• 4242")
        self.assertNotIn("Visa", c.page.main.text)
        self.assertEqual(self.server.value("SELECT count(*) FROM payment_token WHERE id = ?", token), 0)

    def test_a_kept_means_that_is_empty(self):
        me = self.server.customer_id(EMAIL)
        with self.server.at_rest() as db:
            db.execute("INSERT INTO payment_token (customer_id, method, token, label, created_us) VALUES (?, 'sandbox', 'tok_empty', 'An empty card', 1)", (me,))
        c, order, _ = self.place()
        c.press("An empty card")
        wait_for(lambda: self.server.value("SELECT count(*) FROM sales_payment WHERE order_id = ? AND event = 'failed'", order["id"]) == 1)
        c.get(f"/checkout/pay/sandbox/{order['checkout_key']}")
        self.assertIn("The payment failed", c.page.main.text)
        self.assertEqual(self.order(order)["state"], "pending_payment")

    def test_not_in_an_assisted_session(self):
        me = self.server.customer_id(EMAIL)
        with self.server.at_rest() as db:
            db.execute("INSERT INTO payment_token (customer_id, method, token, label, created_us) VALUES (?, 'sandbox', 'tok_x', 'Kept card', 2)", (me,))
        _, order, _ = self.place()
        tab = assist(self.server.admin("support"), EMAIL)
        root = root_of(tab)
        tab.get(f"{root}/checkout/pay/sandbox/{order['checkout_key']}")
        self.assertIn("Only the customer in person", tab.page.main.text)
        link = next(a.get("href") for a in tab.page.main.all("a") if (a.get("href") or "").startswith(self.url))
        self.assertIn("keep=0", link)
        csrf = next(f.value for form in tab.page.forms for f in form.controls if f.name == "csrf")
        token = self.server.value("SELECT id FROM payment_token WHERE token = 'tok_x'")
        with self.unchanged(but=("audit_entry",)):
            reply = tab.post(root + "/checkout/pay/stored", {"csrf": csrf, "method": "sandbox", "key": order["checkout_key"], "token_id": token})
        self.assert_status(reply, 403)
        self.assertIn("the customer", reply.text.lower())
        self.assertEqual(self.server.audit(full_action="payment_stored")[-1]["result"], "failure")


class SilenceTest(ProviderTest):
    """A provider that does not answer, and one that nobody paid at."""

    def test_nobody_is_there(self):
        me = self.server.customer_id(EMAIL)
        with self.server.at_rest() as db:
            db.execute("INSERT INTO payment_token (customer_id, method, token, label, created_us) VALUES (?, 'sandbox', 'tok_y', 'Kept card', 2)", (me,))
        c, order, _ = self.place()
        self.set("url", "http://127.0.0.1:9")
        self.addCleanup(self.set, "url", self.url)
        c.press("Kept card")
        wait_for(lambda: self.server.audit(full_action="jobs_charge_failed"))
        with self.server.at_rest() as db:  # five tries later
            db.execute("UPDATE payment_charge SET tries = 5, next_try_us = 1")
        wait_for(lambda: self.server.value("SELECT count(*) FROM payment_charge") == 0)
        c.get(f"/checkout/pay/sandbox/{order['checkout_key']}")
        self.assertIn("The payment failed", c.page.main.text)

    def test_an_order_that_is_not_paid_is_canceled(self):
        _, order, p = self.place()
        stock = self.stock(p)
        with self.server.at_rest() as db:
            db.execute("UPDATE sales_order SET created_us = created_us - 86400000000 WHERE id = ?", (order["id"],))
        wait_for(lambda: self.order(order)["state"] == "canceled")
        self.assertEqual(self.stock(p), stock + 2)
        self.assertIn("The order was canceled because it was not paid in time.", self.comments(order))


class SecretTest(ProviderTest):
    """The provider's secret is never shown and never stands in the record."""

    def test_never_shown(self):
        staff = self.server.admin()
        staff.get("/admin/config/payment")
        self.assertNotIn(SECRET, staff.reply.text)
        self.assertIn("leave this empty to keep it", staff.page.main.text)
        staff.press("Save Config", {"Payment Provider Title": "Card or bank"})
        self.assert_status(staff.reply, 200)
        for command in ("get", "list"):
            words = ["payment/sandbox/secret"] if command == "get" else []
            done = self.server.command("config", command, "--db", self.server.db, *words)
            self.assertNotIn(SECRET, str(done.stdout))
        self.assertFalse([e for e in self.server.audit() if SECRET in str(e)])
        c, order, _ = self.place()
        self.assertIn("Card or bank", order["payment_title"])
        self.assertEqual(self.message(order), 200, "the secret that was kept still signs")


class DeletedAccountTest(ProviderTest):
    def test_the_customer_deletes_the_account(self):
        me = self.server.customer_id("refuses@example.com")
        orders = self.server.value("SELECT count(*) FROM sales_order WHERE customer_id = ?", me)
        self.assertGreater(orders, 0)
        c = self.server.customer("refuses@example.com")
        c.get("/customer/account/delete")
        with self.unchanged(but=("audit_entry", "customer")):
            self.assert_status(c.press("Delete Account", {"Current Password": "wrong"}), 422)
        c.press("Delete Account", {"Current Password": CUSTOMER_PASSWORD})
        self.assertIn("Your account was deleted.", c.reply.page.root.text)
        self.assertEqual(self.server.value("SELECT count(*) FROM customer WHERE id = ?", me), 0)
        self.assertEqual(self.server.value("SELECT count(*) FROM sales_order WHERE customer_id IS NULL AND guest = 0"), orders)
        self.assertEqual(c.get("/customer/account").path.split("?")[0], "/customer/account/login")
        self.assertEqual(self.server.value("SELECT count(*) FROM mail WHERE kind = 'account_deleted' AND to_email = 'refuses@example.com'"), 1)

    def test_not_in_an_assisted_session(self):
        tab = assist(self.server.admin("support"), EMAIL)
        root = root_of(tab)
        tab.get(root + "/customer/account/delete")
        self.assertIn("in person", tab.page.main.text)
        csrf = next(f.value for form in tab.page.forms for f in form.controls if f.name == "csrf")
        with self.unchanged(but=("audit_entry",)):
            self.assert_status(tab.post(root + "/customer/account/delete", {"csrf": csrf, "password": CUSTOMER_PASSWORD}), 403)


if __name__ == "__main__":
    unittest.main()
