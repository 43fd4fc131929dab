"""One checkout to several addresses, and what staff order for the customer."""
import os
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from buying import ADDRESS, EMAIL, PLACE, BuyingTest, cart_lines  # noqa: E402
from people import add_to_cart, assist, root_of, set_consent  # noqa: E402


class DividingTest(BuyingTest):
    """A cart that is divided over addresses."""

    def begin(self, qty=3, more=1, c=None, root=""):
        """A customer's cart with qty of one product and one of each further product; the page that divides it."""
        c = c or self.server.customer(EMAIL)
        self.empty_cart(c, root)
        p = self.fill_cart(c, qty=qty, root=root)
        others = [self.fill_cart(c, n=i + 1, root=root) for i in range(more)]
        c.get(f"{root}/checkout")
        c.click("Ship to several addresses")
        self.assertEqual(c.reply.path, f"{root}/checkout/addresses")
        return c, p, others

    def book(self):
        return [str(r["id"]) for r in self.server.query("SELECT id FROM address WHERE customer_id = ? ORDER BY id", self.server.customer_id(EMAIL))]

    def divide(self, c, p, **kw):
        """Two pieces to one address, one to the other."""
        a, b = self.book()[:2]
        return c.press("Continue", {f"qty[{p['id']}.0]": 2, f"to[{p['id']}.0]": a, f"qty[{p['id']}.1]": 1, f"to[{p['id']}.1]": b}, **kw)

    def review(self, c, p):
        self.divide(c, p)
        self.assertTrue(c.reply.path.endswith("/checkout/payment"), c.reply)
        self.pay(c)
        self.assertTrue(c.reply.path.endswith("/checkout/review"), c.reply)


class SeveralTest(DividingTest):
    """One checkout, several addresses: an order for each."""

    def test_an_order_for_each_address(self):
        before = self.last_order()
        c, p, (q,) = self.begin()
        stock = self.stock(p)
        self.review(c, p)
        self.assertEqual(self.orders(before), [])
        c.press(PLACE)
        self.assertEqual(c.reply.path, "/checkout/success")
        first, second = self.orders(before)
        self.assertEqual((first["checkout_key"], first["checkout_part"], second["checkout_part"]), (second["checkout_key"], 1, 2))
        self.assertEqual(second["number"], first["number"] + 1)
        for o in (first, second):
            self.assertIn(str(o["number"]), c.page.main.text)
        items = [{i["product_id"]: i["ordered"] for i in self.server.query("SELECT * FROM sales_item WHERE order_id = ?", o["id"])} for o in (first, second)]
        self.assertEqual(sum(i.get(p["id"], 0) for i in items), 3)
        self.assertEqual(sum(i.get(q["id"], 0) for i in items), 1)
        self.assertEqual(self.stock(p), stock - 3)
        streets = [self.server.value("SELECT street1 FROM sales_address WHERE order_id = ? AND role = 'shipping'", o["id"]) for o in (first, second)]
        self.assertEqual(len(set(streets)), 2)
        bills = {self.server.value("SELECT street1 FROM sales_address WHERE order_id = ? AND role = 'billing'", o["id"]) for o in (first, second)}
        self.assertEqual(len(bills), 1, "one bill address")
        self.assertEqual(cart_lines(c), [])

    def test_a_fixed_discount_is_spread_to_the_cent(self):
        before = self.last_order()
        c, p, _ = self.begin()
        self.review(c, p)
        c.press("Apply Coupon", {"Coupon Code": "SAVE5"})
        c.press(PLACE)
        orders = self.orders(before)
        self.assertEqual([o["coupon_code"] for o in orders], ["SAVE5", "SAVE5"])
        self.assertEqual(sum(o["discount_minor"] for o in orders), 500)
        self.assertTrue(all(o["discount_minor"] > 0 for o in orders))

    def test_all_or_none(self):
        c, p, (q,) = self.begin()
        self.review(c, p)
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET stock = 0 WHERE id = ?", (q["id"],))
        with self.unchanged():
            self.assert_status(c.press(PLACE, follow=False), 409)
        c.press("Order what there is")
        self.assertEqual(c.reply.path, "/checkout/addresses")
        self.assertIn("Please say again where everything goes", c.page.main.text)
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET stock = 500 WHERE id = ?", (q["id"],))

    def test_a_cart_that_changed_is_divided_again(self):
        c, p, _ = self.begin()
        self.review(c, p)
        tab = c.tab()
        add_to_cart(tab, p["url_key"], 1)
        with self.unchanged():
            self.assert_status(c.press(PLACE, follow=False), 409)
        c.get("/checkout/review")
        self.assertEqual(c.reply.path, "/checkout/addresses")
        self.assertIn("Your cart was changed", c.page.main.text)

    def test_quantities_that_do_not_add_up(self):
        c, p, _ = self.begin()
        form, a = c.page.form(action="/checkout/addresses"), self.book()[0]
        first, second = f"qty[{p['id']}.0]", f"qty[{p['id']}.1]"
        with self.unchanged():
            for values in ({first: 2}, {first: 4}, {first: -3}, {first: "1.5"}, {first: "many"}, {first: "9" * 30}, {first: 0}, {second: 1},
                           {first: "", second: 3}, {f"to[{p['id']}.0]": "99999999"}, {f"to[{p['id']}.0]": "x"}, {f"to[{p['id']}.0]": None}):
                with self.subTest(values):
                    reply = c.submit(form, values, follow=False)
                    self.assert_status(reply, 422)
                    self.assertTrue(any(k.startswith(f"qty[{p['id']}") for k in reply.page.form(action="/checkout/addresses").errors), values)
            self.assert_status(c.submit(form, {"qty[99999999.0]": 1, "to[99999999.0]": a}, follow=False), 409)

    def test_dividing_further_and_one_address_after_all(self):
        c, p, _ = self.begin()
        c.click("New Address")
        self.assertEqual(c.reply.path, "/checkout/address?use=several")
        c.press("Save Address", {**ADDRESS, "Street Address": "Third 3"})
        self.assertEqual(c.reply.path, "/checkout/addresses")
        a, b, *rest = self.book()
        key = lambda n, what="qty": f"{what}[{p['id']}.{n}]"  # noqa: E731
        c.press("Update", {key(0): 2, key(0, "to"): a, key(1): 1, key(1, "to"): b})
        self.assertEqual(c.reply.path, "/checkout/addresses")
        c.press("Continue", {key(0): 1, key(2): 1, key(2, "to"): rest[-1]})
        self.assertEqual(c.reply.path, "/checkout/payment")
        self.assertEqual(len([x for x in c.page.root.all("fieldset") if "Shipping Method" in x.text]), 3)
        c.get("/checkout")
        self.assertIn("over 3 addresses", c.page.main.text)
        c.press("Continue")
        self.pay(c)
        before = self.last_order()
        c.press(PLACE)
        self.assertEqual(len(self.orders(before)), 1)
        self.assertEqual(self.server.value("SELECT count(*) FROM checkout_item"), 0)

    def test_everything_to_the_same_place_is_one_order(self):
        c, p, _ = self.begin()
        a = self.book()[0]
        form = c.page.form(action="/checkout/addresses")
        c.submit(form, {x.name: a for x in form.controls if x.name.startswith("to[")}, "Continue")
        self.pay(c)
        before = self.last_order()
        c.press(PLACE)
        self.assertEqual([o["checkout_part"] for o in self.orders(before)], [1])

    def test_a_double_click_makes_one_order_for_each(self):
        before = self.last_order()
        c, p, _ = self.begin()
        self.review(c, p)
        form, replies = c.page.form(action="/checkout/place"), []
        tabs = [c.tab() for _ in range(4)]
        for t in tabs:
            t.reply = c.reply
        threads = [threading.Thread(target=lambda t=t: replies.append(t.submit(form, follow=False))) for t in tabs]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual({(r.status, r.header("location")) for r in replies}, {(303, "/checkout/success")})
        self.assertEqual(len(self.orders(before)), 2)


class AssistedTest(DividingTest):
    """Staff place the customer's order in an assisted session."""

    def check_orders(self, orders, head):
        staff = self.server.query("SELECT id, firstname, lastname FROM staff_user WHERE username = 'support'")[0]
        name = f"{staff['firstname']} {staff['lastname']}"
        placed = [e for e in self.server.audit(head) if e["full_action"] == "checkout_place"]
        self.assertEqual([e["subject_id"] for e in placed], [str(o["id"]) for o in orders])
        for o, e in zip(orders, placed):
            self.assertEqual((e["actor"], e["result"], e["username"], e["customer_id"]), ("assisted", "success", "support", o["customer_id"]))
            self.assertIn(str(o["number"]), e["details"])
            self.assertEqual((o["staff_id"], o["staff_name"], o["customer_id"]), (staff["id"], name, self.server.customer_id(EMAIL)))
            self.assertIsNotNone(o["assist_session_id"])
            comments = self.server.query("SELECT * FROM sales_comment WHERE order_id = ? ORDER BY id", o["id"])
            self.assertEqual([(x["visible"], name in x["body"]) for x in comments], [(1, False), (0, True)])

    def test_one_order(self):
        tab = assist(self.server.admin("support"), EMAIL)
        root, head, before = root_of(tab), self.server.audit_head(), self.last_order()
        self.empty_cart(tab, root)
        self.fill_cart(tab, root=root)
        tab.click("Proceed to Checkout")
        self.assertEqual(tab.reply.path, f"{root}/checkout")
        for press in ("Continue", None, PLACE):
            links = [h for _, h in tab.page.links if h.startswith("/") and not h.startswith(root) and not h.startswith("/assets/")]
            self.assertEqual(links, [], "a link leads out of the assisted session")
            self.assertTrue(all(f.action.startswith(root) for f in tab.page.forms if f.method == "post"))
            if press:
                tab.press(press)
            else:
                self.pay(tab)
        self.assertEqual(tab.reply.path, f"{root}/checkout/success")
        order, = self.orders(before)
        self.check_orders([order], head)
        actions = {e["full_action"] for e in self.server.audit(head)}
        self.assertLessEqual({"checkout_choose", "checkout_pay", "checkout_place"}, actions)

    def test_an_order_for_each_address_carries_the_staff_user(self):
        tab = assist(self.server.admin("support"), EMAIL)
        root, before = root_of(tab), self.last_order()
        c, p, _ = self.begin(c=tab, root=root)
        head = self.server.audit_head()
        self.review(c, p)
        c.press(PLACE)
        self.assertEqual(c.reply.path, f"{root}/checkout/success")
        orders = self.orders(before)
        self.assertEqual(len(orders), 2)
        self.check_orders(orders, head)

    def test_a_withdrawn_consent_stops_the_order(self):
        tab = assist(self.server.admin("support"), EMAIL)
        root = root_of(tab)
        self.empty_cart(tab, root)
        self.fill_cart(tab, root=root)
        tab.get(f"{root}/checkout")
        tab.press("Continue")
        self.pay(tab)
        before = self.last_order()
        customer = self.server.customer(EMAIL)
        set_consent(customer, False)
        tab.press(PLACE, follow=False)
        self.assertNotEqual(tab.reply.status, 303)
        self.assertEqual(self.last_order(), before)
        set_consent(customer, True)

if __name__ == "__main__":
    unittest.main()
