"""Placing an order: once, only what was shown, and nothing half done."""
import contextlib
import os
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from buying import ADDRESS, PLACE, BuyingTest, cart_lines  # noqa: E402
from people import add_to_cart  # noqa: E402


class PlacingTest(BuyingTest):
    """Once, and only what was shown."""

    def place_form(self, c):
        return c.page.form(action="/checkout/place")

    def test_a_double_click_makes_one_order(self):
        before = self.last_order()
        c, p = self.to_review(email="double@example.com")
        stock = self.stock(p)
        form, replies = self.place_form(c), []
        tabs = [c.tab() for _ in range(6)]
        for t in tabs:
            t.reply = c.reply
        threads = [threading.Thread(target=lambda t=t: replies.append(t.submit(form, follow=False))) for t in tabs]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual([(r.status, r.header("location")) for r in replies], [(303, "/checkout/success")] * 6)
        self.assertEqual(len(self.orders(before)), 1)
        self.assertEqual(self.stock(p), stock - 1)
        self.assertEqual(len(self.server.query("SELECT id FROM mail WHERE to_email = 'double@example.com'")), 1)
        self.assertEqual(c.submit(form).path, "/checkout/success")
        self.assertEqual(len(self.orders(before)), 1)

    def test_the_old_form_again_leaves_a_new_cart_alone(self):
        c, _ = self.to_review()
        form = self.place_form(c)
        c.submit(form)
        before = self.last_order()
        p = self.fill_cart(c, n=2)
        with self.unchanged():
            c.submit(form)
            self.assertEqual(c.reply.path, "/checkout/success")
        self.assertEqual(self.last_order(), before)
        self.assertTrue(any(p["name"] in x for x in cart_lines(c)))
        c.get("/checkout")
        self.assertEqual(c.page.form(action="/checkout/address").control("street1").value, "", "a new checkout begins anew")

    def test_a_price_that_changed_is_told_before_anything_is_ordered(self):
        c, p = self.to_review()
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET price_minor = price_minor + 111 WHERE id = ?", (p["id"],))
        with self.unchanged():
            reply = c.press(PLACE, follow=False)
            self.assert_status(reply, 409)
        alert = " ".join(reply.page.alerts)
        new = p["price_minor"] + 111
        for text in ("Nothing was ordered yet", p["name"], f"{new // 100}.{new % 100:02d}", f"{p['price_minor'] // 100}.{p['price_minor'] % 100:02d}"):
            self.assertIn(text, alert)
        c.press(PLACE)
        self.assertEqual((c.reply.path, self.orders()[-1]["subtotal_minor"]), ("/checkout/success", new))

    def test_tax_and_shipping_that_changed(self):
        c, _ = self.to_review()
        with self.server.at_rest() as db:
            db.execute("UPDATE tax_rate SET rate_bp = rate_bp + 300 WHERE country = 'NL'")
        with self.unchanged():
            reply = c.press(PLACE, follow=False)
        self.assert_status(reply, 409)
        self.assertIn("The tax is now", " ".join(reply.page.alerts))
        self.server.stop()
        self.server.preset("carriers/flat/price", "7.77")
        self.server.preset("carriers/free/enabled", "0")
        self.server.start()
        c, _ = self.guest()
        self.pay(c, **{"shipping[1]=flat": True, "shipping[1]=table": False})
        self.server.stop()
        self.server.preset("carriers/flat/price", "8.88")
        self.server.start()
        reply = c.press(PLACE, follow=False)
        self.assert_status(reply, 409)
        for text in ("Shipping is now", "7.77", "8.88"):
            self.assertIn(text, " ".join(reply.page.alerts))
        self.assertIn("8.88", reply.page.main.text)

    def test_prices_in_another_currency(self):
        c, _ = self.to_review()
        currency = ("config", "set", "--db", self.server.db, "general/locale/currency")
        self.assertEqual(self.server.command(*currency, "USD").returncode, 0)
        self.addCleanup(self.server.command, *currency, "EUR")
        with self.unchanged():
            reply = c.press(PLACE, follow=False)
        self.assert_status(reply, 409)
        self.assertIn("All prices are in USD now; they were in EUR.", " ".join(reply.page.alerts))
        c.press(PLACE)
        self.assertEqual((c.reply.path, self.orders()[-1]["currency"]), ("/checkout/success", "USD"))

    def test_a_coupon_that_others_used_up(self):
        with self.server.at_rest() as db:
            db.execute("UPDATE coupon SET uses_max = uses + 1 WHERE code = 'WELCOME10'")
        before, buyers = self.last_order(), [self.to_review(email=f"{n}@example.com")[0] for n in ("first", "second")]
        for c in buyers:
            c.press("Apply Coupon", {"Coupon Code": "WELCOME10"})
            self.assertIn("WELCOME10", c.page.main.text)
        first, second = buyers
        first.press(PLACE)
        self.assertEqual([o["coupon_code"] for o in self.orders(before)], ["WELCOME10"])
        with self.unchanged():
            reply = second.press(PLACE, follow=False)
        self.assert_status(reply, 409)
        self.assertIn("The discount is now", " ".join(reply.page.alerts))
        second.press(PLACE)
        order = self.orders(before)[-1]
        self.assertEqual((second.reply.path, order["coupon_code"], order["discount_minor"]), ("/checkout/success", "", 0))

    def test_another_tab_changed_the_cart_or_the_address(self):
        c, p = self.to_review()
        tab = c.tab()
        self.fill_cart(tab, n=1)
        add_to_cart(tab, p["url_key"], 2)
        with self.unchanged():
            reply = c.press(PLACE, follow=False)
        self.assert_status(reply, 409)
        self.assertIn("There are now 3 of", " ".join(reply.page.alerts))
        self.assertIn(self.product(1)["name"], " ".join(reply.page.alerts))
        tab.get("/checkout")
        tab.press("Continue", {"Email": "nora@example.com", **ADDRESS, "Street Address": "Elsewhere 9"})
        with self.unchanged():
            reply = c.press(PLACE, follow=False)
        self.assert_status(reply, 409)
        self.assertIn("another window", " ".join(reply.page.alerts))
        self.assertIn("Elsewhere 9", reply.page.main.text)
        tab.get("/cart")
        tab.submit(tab.page.form(action="/cart/remove"))
        with self.unchanged():
            reply = c.press(PLACE, follow=False)
        self.assertIn("not in your order any more", " ".join(reply.page.alerts))
        c.press(PLACE)
        self.assertEqual(c.reply.path, "/checkout/success")

    def test_a_form_that_was_made_by_hand(self):
        c, _ = self.to_review()
        form = self.place_form(c)
        shown = form.control("shown").value
        with self.unchanged():
            for values in ({"shown": "x"}, {"shown": shown[:-1]}, {"shown": shown.replace("1", "9")}, {"shown": "/" * 2000}, {"shown": "." * 30000},
                           {"shown": shown + "/1.2.3"}, {"shown": "a/99999999999999999999.1:2:99999999999"}, {"key": "other"}):
                self.assert_status(c.submit(form, values, follow=False), 409)
            for values in ({"shown": ""}, {"key": ""}, {"key": None}, {"shown": None}, {"shown": "<b>"}, {"shown": "1" * 30001}):
                self.assert_status(c.submit(form, values, follow=False), 422)
        c.submit(form)
        self.assertEqual(c.reply.path, "/checkout/success")

    def test_what_ran_out_is_marked_and_mended(self):
        c, p = self.to_review(qty=3)
        q = self.fill_cart(c, n=1)
        gone = self.fill_cart(c, n=6)
        c.get("/checkout/review")
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET stock = 2 WHERE id = ?", (p["id"],))
            db.execute("UPDATE product SET active = 0 WHERE id = ?", (gone["id"],))
        with self.unchanged():
            reply = c.press(PLACE, follow=False)
        self.assert_status(reply, 409)
        lines = {x["name"]: next(n.text for n in reply.page.root.all("li", cls="cart-line") if x["name"] in n.text) for x in (p, q, gone)}
        self.assertEqual(reply.page.main.text.count("Not everything can be ordered"), 1, "said once")
        self.assertIn("Only 2 in stock.", lines[p["name"]])
        self.assertIn("not sold any more", lines[gone["name"]])
        self.assertNotIn("stock", lines[q["name"]])
        c.press("Order what there is")
        self.assertEqual(c.reply.path, "/checkout/review")
        self.assertNotIn(gone["name"], c.page.main.text)
        c.press(PLACE)
        self.assertEqual(c.reply.path, "/checkout/success")
        self.assertEqual(self.stock(p), 0)
        items = {i["product_id"]: i["ordered"] for i in self.server.query("SELECT * FROM sales_item WHERE order_id = ?", self.last_order())}
        self.assertEqual(items, {p["id"]: 2, q["id"]: 1})
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET stock = 500 WHERE id = ?", (p["id"],))
            db.execute("UPDATE product SET active = 1 WHERE id = ?", (gone["id"],))

    def test_nothing_of_it_is_left(self):
        c, p = self.to_review()
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET stock = 0 WHERE id = ?", (p["id"],))
        c.press(PLACE)
        c.press("Order what there is")
        self.assertEqual(c.reply.path, "/cart")
        self.assertEqual(cart_lines(c), [])
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET stock = 500 WHERE id = ?", (p["id"],))

    def test_the_last_piece_goes_to_one_buyer(self):
        p = self.product(8)
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET stock = 1 WHERE id = ?", (p["id"],))
        buyers = []
        for i in range(6):
            c = self.server.client()
            self.assert_status(add_to_cart(c, p["url_key"], 1), 200)
            c.get("/checkout")
            c.press("Continue", {"Email": f"buyer{i}@example.com", **ADDRESS})
            self.pay(c)
            buyers.append(c)
        before, replies = self.last_order(), []
        threads = [threading.Thread(target=lambda c=c: replies.append(c.press(PLACE, follow=False))) for c in buyers]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(sorted(r.status for r in replies), [303] + [409] * 5)
        self.assertEqual((len(self.orders(before)), self.stock(p)), (1, 0))
        for r in replies:
            if r.status == 409:
                self.assertIn("Only 0 in stock.", r.page.main.text)
                self.assertTrue(r.page.alerts)
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET stock = 500 WHERE id = ?", (p["id"],))

    def test_a_way_of_paying_that_is_not_offered_any_more(self):
        c, _ = self.guest()
        self.pay(c, "cash_on_delivery")
        self.server.stop()
        self.server.preset("payment/cash_on_delivery/enabled", "0")
        self.server.start()
        with self.unchanged():
            reply = c.press(PLACE, follow=False)
        self.assert_status(reply, 409)
        self.assertFalse(reply.page.has_form(button=PLACE))
        c.get("/checkout/review")
        self.assertEqual(c.reply.path, "/checkout/payment")
        self.assertIn("not offered any more", c.page.main.text)
        self.pay(c)
        c.press(PLACE)
        self.assertEqual(c.reply.path, "/checkout/success")

    def test_where_nothing_is_sent_to(self):
        self.server.stop()
        for path in ("carriers/flat/enabled", "carriers/free/enabled"):
            self.server.preset(path, "0")
        with contextlib.closing(self.server.connect()) as db:
            db.execute("DELETE FROM shipping_rate WHERE country IN ('*', 'NO')")
            db.commit()
        self.server.start()
        c = self.server.client()
        self.fill_cart(c)
        c.get("/checkout")
        c.press("Continue", {"Email": "far@example.com", **ADDRESS, "Country": "NO", "Zip/Postal Code": "0150"})
        self.assertIn("We cannot ship this to Norway", c.page.main.text)
        with self.unchanged():
            self.assert_status(self.pay(c), 422)
        self.server.stop()
        for path in ("carriers/flat/enabled", "carriers/free/enabled"):
            self.server.preset(path, "1")
        self.server.start()

if __name__ == "__main__":
    unittest.main()
