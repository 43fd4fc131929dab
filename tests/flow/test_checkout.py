"""From the cart to the confirmation, step by step: guests and customers."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from buying import ADDRESS, EMAIL, PLACE, BuyingTest, cart_lines  # noqa: E402
from harness import CUSTOMER_PASSWORD, MailServer  # noqa: E402
from people import add_to_cart, assist, root_of  # noqa: E402
from smtpd import body  # noqa: E402


class GuestTest(BuyingTest):
    """A guest buys."""

    def test_from_cart_to_confirmation(self):
        before = self.last_order()
        c = self.server.client()
        p = self.fill_cart(c, qty=2)
        stock = self.stock(p)
        c.get("/cart")
        c.click("Proceed to Checkout")
        self.assertEqual(c.reply.path, "/checkout")
        c.press("Continue", {"Email": "guest@example.com", **ADDRESS})
        self.assertEqual(c.reply.path, "/checkout/payment")
        self.pay(c)
        self.assertEqual(c.reply.path, "/checkout/review")
        for text in (p["name"], "Kade 1", "1012 AB Amsterdam", "guest@example.com", "Bank transfer"):
            self.assertIn(text, c.page.main.text)
        self.assertEqual(self.orders(before), [])
        c.press(PLACE)
        self.assertEqual((c.reply.status, c.reply.path), (200, "/checkout/success"))
        order, = self.orders(before)
        self.assertIn(str(order["number"]), c.page.main.text)
        self.assertIn("guest@example.com", c.page.main.text)
        self.assertTrue(c.page.has_link("Create an Account"))
        self.assertEqual((order["guest"], order["customer_id"], order["email"], order["state"], order["staff_id"]),
                         (1, None, "guest@example.com", "pending", None))
        self.assertEqual((order["firstname"], order["lastname"], order["payment_method"]), ("Nóra", "O'Brien", "bank_transfer"))
        self.assertEqual(order["subtotal_minor"], 2 * p["price_minor"])
        self.assertEqual(order["total_minor"], order["subtotal_minor"] + order["shipping_minor"])
        self.assertEqual(self.stock(p), stock - 2)
        self.assertEqual(cart_lines(c), [])
        addresses = self.server.query("SELECT role, street1, postcode, country FROM sales_address WHERE order_id = ? ORDER BY role", order["id"])
        self.assertEqual([(a["role"], a["street1"], a["postcode"], a["country"]) for a in addresses],
                         [("billing", "Kade 1", "1012 AB", "NL"), ("shipping", "Kade 1", "1012 AB", "NL")])
        mail = self.server.query("SELECT * FROM mail WHERE to_email = 'guest@example.com'")
        self.assertEqual(len(mail), 1)
        self.assertIn(str(order["number"]), mail[0]["subject"] + mail[0]["body"])
        c.get("/checkout/success")
        self.assertIn(str(order["number"]), c.page.main.text)


    def test_the_steps_come_one_after_another(self):
        c = self.server.client()
        for path in ("/checkout", "/checkout/payment", "/checkout/review", "/checkout/address"):
            self.assert_status(c.get(path), 200)
            self.assertIn("Your cart is empty.", c.page.main.text, path)
        self.fill_cart(c)
        for path in ("/checkout/payment", "/checkout/review"):
            c.get(path)
            self.assertEqual(c.reply.path, "/checkout", path)
        c, _ = self.guest()
        c.get("/checkout/review")
        self.assertEqual(c.reply.path, "/checkout/payment")
        self.assertEqual(self.server.client().get("/checkout/addresses", follow=False).status, 303, "several addresses are for customers")

    def test_a_wrong_address_is_told_at_its_fields(self):
        c = self.server.client()
        self.fill_cart(c)
        c.get("/checkout")
        good = {"Email": "guest@example.com", **ADDRESS}
        with self.unchanged():
            for field, name, value in (("Email", "email", ""), ("Email", "email", "nobody"), ("First Name", "firstname", "  "), ("City", "city", ""),
                                       ("Zip/Postal Code", "postcode", "12"), ("Country", "country", "XX"), ("Phone Number", "telephone", "call me"),
                                       ("Street Address", "street1", "x" * 101)):
                with self.subTest(field=field, value=value):
                    reply = c.press("Continue", {**good, field: value}, follow=False)
                    self.assert_status(reply, 422)
                    form = reply.page.form(action="/checkout/address")
                    self.assertIn(name, form.errors)
                    self.assertEqual(form.control("street2").value, "")
                    self.assertEqual(form.control("lastname").value, "O'Brien", "what was typed stays")

    def test_a_bill_to_another_address(self):
        c, _ = self.guest(email="bill@example.com")
        c.submit(c.page.form(action="/checkout/payment"), {"payment=cash_on_delivery": True}, "Use another billing address")
        self.assertEqual(c.reply.path, "/checkout/address?use=billing")
        self.assertFalse(any(x.name == "email" for x in c.page.form(action="/checkout/address").controls))
        c.press("Save Address", {**ADDRESS, "Company": "Bills & Co", "Street Address": "Elders 2"})
        self.assertEqual(c.reply.path, "/checkout/payment")
        form = c.page.form(action="/checkout/payment")
        self.assertEqual(form.control("billing").value, "typed")
        self.assertTrue(any(x.checked and x.value == "cash_on_delivery" for x in form.controls), "the choice was kept")
        c.submit(form, None, "Continue")
        self.assertIn("Bills & Co", c.page.main.text)
        c.press(PLACE)
        order = self.orders()[-1]
        self.assertEqual((order["email"], order["payment_method"]), ("bill@example.com", "cash_on_delivery"))
        streets = {a["role"]: a["street1"] for a in self.server.query("SELECT * FROM sales_address WHERE order_id = ?", order["id"])}
        self.assertEqual(streets, {"billing": "Elders 2", "shipping": "Kade 1"})

    def test_the_same_address_again_after_another_one(self):
        c, _ = self.guest()
        c.submit(c.page.form(action="/checkout/payment"), None, "Use another billing address")
        c.press("Save Address", {**ADDRESS, "Street Address": "Elders 2"})
        self.pay(c, billing="same")
        self.assertNotIn("Elders 2", c.page.main.text)

    def test_a_purchase_order_has_a_number(self):
        c, _ = self.guest(email="po@example.com")
        with self.unchanged():
            reply = self.pay(c, "purchase_order")
            self.assert_status(reply, 422)
            self.assertIn("purchase_order", reply.page.form(action="/checkout/payment").errors)
        self.pay(c, "purchase_order", purchase_order="PO-2026/17")
        self.assertIn("PO-2026/17", c.page.main.text)
        c.press(PLACE)
        self.assertIn("PO-2026/17", c.page.main.text)
        self.assertEqual(self.orders()[-1]["purchase_order"], "PO-2026/17")

    def test_choices_that_are_none(self):
        c, _ = self.guest()
        form = c.page.form(action="/checkout/payment")
        with self.unchanged():
            for values, field in (({}, "payment"), ({"payment=bank_transfer": False, "payment": "gold"}, "payment"),
                                  ({"payment=bank_transfer": True, "billing": "99999999"}, "billing"),
                                  ({"payment=bank_transfer": True, "billing": "typed"}, "billing")):
                with self.subTest(values):
                    reply = c.submit(form, values, "Continue", follow=False)
                    self.assert_status(reply, 422)
                    self.assertIn(field, reply.page.form(action="/checkout/payment").errors)
            pairs = [(k, v) for k, v in form.data({"payment=bank_transfer": True}) if not k.startswith("shipping")]
            for extra in ([], [("shipping[1]", "rocket")], [("shipping[2]", "flat")]):
                reply = c.post("/checkout/payment", pairs + extra, follow=False)
                self.assert_status(reply, 422)
                self.assertIn("shipping[1]", reply.page.form(action="/checkout/payment").errors)

    def test_the_confirmation_is_the_buyers_only(self):
        c, _ = self.to_review(email="private@example.com")
        c.press(PLACE)
        number = str(self.orders()[-1]["number"])
        self.assertIn(number, c.page.main.text)
        for other in (self.server.client(), self.server.customer("refuses@example.com")):
            self.assertNotIn(number, other.get("/checkout/success").text)
        stranger = self.server.client()
        stranger.get("/checkout/success")
        self.assertEqual(stranger.reply.path, "/cart")

    def test_signing_in_keeps_cart_and_address(self):
        customer = self.server.customer("refuses@example.com")
        self.empty_cart(customer)
        self.fill_cart(customer, n=3)
        customer.get("/checkout")
        customer.press("Continue")  # an older checkout of the customer's own
        c, p = self.guest(qty=2)
        c.get("/checkout")
        c.click("I have an account")
        c.press("Sign In", {"Email": "refuses@example.com", "Password": CUSTOMER_PASSWORD})
        self.assertEqual(c.reply.path, "/checkout")
        form = c.page.form(action="/checkout")
        chosen, = [x for x in form.controls if x.name == "address" and x.checked]
        self.assertEqual(chosen.value, "typed")
        self.assertIn("Kade 1", chosen.label)
        c.press("Continue")
        self.pay(c)
        self.assertIn("Kade 1", c.page.main.text)
        self.assertIn(p["name"], c.page.main.text)
        self.assertIn(self.product(3)["name"], c.page.main.text)
        c.press(PLACE)
        order = self.orders()[-1]
        self.assertEqual((order["guest"], order["customer_id"], order["email"]), (0, self.server.customer_id("refuses@example.com"), "refuses@example.com"))

    def test_a_coupon_of_the_guest_comes_along_beside_an_own_checkout(self):
        customer = self.server.customer("refuses@example.com")
        self.empty_cart(customer)
        self.fill_cart(customer, n=4)
        customer.get("/checkout")
        customer.press("Continue")
        c = self.server.client()
        self.fill_cart(c, n=5)
        c.get("/cart")
        c.press("Apply Coupon", {"Coupon Code": "welcome10"})
        c.get("/customer/account/login")
        c.press("Sign In", {"Email": "refuses@example.com", "Password": CUSTOMER_PASSWORD})
        c.get("/checkout/payment")
        self.pay(c)
        self.assertEqual(c.reply.path, "/checkout/review", "the own address is still there")
        self.assertIn("WELCOME10", c.page.main.text)

    def test_dutch(self):
        c, _ = self.guest(email="nl@example.com", view="/nl")
        for english in ("Shipping Method", "Payment Method", "Billing Address", "Continue", "Order Summary", "Steps"):
            self.assertNotIn(english, c.page.main.text)
        c.submit(c.page.form(action="/checkout/payment"), {"payment=bank_transfer": True})
        self.assertEqual(c.reply.path, "/nl/checkout/review")
        for english in ("Place Order", "Total", "Change", "Shipping Address", "Your Order", "coupon"):
            self.assertNotIn(english, c.page.main.text)
        c.press("Bestelling plaatsen")
        self.assertEqual(c.reply.path, "/nl/checkout/success")
        self.assertIn("Bedankt voor uw bestelling!", c.page.main.text)
        order = self.orders()[-1]
        self.assertEqual(order["locale"], "nl_NL")


class CustomerTest(BuyingTest):
    """A customer with an address book buys."""

    def test_two_presses_from_the_address_book_to_the_order(self):
        before = self.last_order()
        c, p = self.customer_to_review(qty=2)
        c.press(PLACE)
        order, = self.orders(before)
        self.assertEqual((order["customer_id"], order["guest"], order["email"]), (self.server.customer_id(EMAIL), 0, EMAIL))
        self.assertEqual((order["subtotal_minor"], order["staff_id"]), (2 * p["price_minor"], None))
        self.assertTrue(any(href == f"/customer/orders/{order['id']}" for _, href in c.page.links))
        self.assertFalse(c.page.has_link("Create an Account"))
        self.assertEqual(cart_lines(c), [])
        self.assertIn(str(order["number"]), self.server.customer(EMAIL).get("/checkout/success").text, "the latest, in every browser")

    def test_an_address_is_saved_when_asked(self):
        c = self.server.customer("refuses@example.com")
        owner = self.server.customer_id("refuses@example.com")
        count = lambda: self.server.value("SELECT count(*) FROM address WHERE customer_id = ?", owner)  # noqa: E731
        self.fill_cart(c)
        for save in (False, True):
            before = count()
            c.get("/checkout")
            c.click("New Address")
            c.press("Continue", {**ADDRESS, "Street Address": f"Saved {save}", "Save in address book": save})
            self.assertEqual(c.reply.path, "/checkout/payment")
            self.assertEqual(count() - before, int(save))
            self.assertIn(f"Saved {save}", c.page.main.text)
            c.get("/checkout")
            chosen, = [x for x in c.page.form(action="/checkout").controls if x.name == "address" and x.checked]
            self.assertIn(f"Saved {save}", chosen.label)
            self.assertEqual(chosen.value == "typed", not save)

    def test_an_address_of_another_customer(self):
        c = self.server.customer(EMAIL)
        self.fill_cart(c)
        other = self.server.value("SELECT id FROM address WHERE customer_id <> ? LIMIT 1", self.server.customer_id(EMAIL))
        c.get("/checkout")
        name, token = c.csrf()
        with self.unchanged():
            for address in (other, "99999999999999999999", "-1", "nowhere"):
                reply = c.post("/checkout", {name: token, "address": address}, follow=False)
                self.assert_status(reply, 422)
                self.assertIn("address", reply.page.form(action="/checkout").errors)

    def test_the_default_billing_address_is_used(self):
        owner = self.server.customer_id("refuses@example.com")
        with self.server.at_rest() as db:
            ids = [r[0] for r in db.execute("SELECT id FROM address WHERE customer_id = ? ORDER BY id LIMIT 2", (owner,)).fetchall()]
            db.execute("UPDATE customer SET default_billing_id = ?, default_shipping_id = ? WHERE id = ?", (ids[0], ids[1], owner))
            db.execute("DELETE FROM checkout WHERE cart_id IN (SELECT id FROM cart WHERE customer_id = ?)", (owner,))
            db.execute("UPDATE address SET street1 = 'Bill Street 1' WHERE id = ?", (ids[0],))
            db.execute("UPDATE address SET street1 = 'Ship Street 2' WHERE id = ?", (ids[1],))
        self.customer_to_review("refuses@example.com")[0].press(PLACE)
        streets = {a["role"]: a["street1"] for a in self.server.query("SELECT * FROM sales_address WHERE order_id = ?", self.last_order())}
        self.assertEqual(streets, {"billing": "Bill Street 1", "shipping": "Ship Street 2"})

    def test_a_bill_to_another_entry_of_the_book(self):
        c = self.server.customer(EMAIL)
        self.empty_cart(c)
        self.fill_cart(c)
        c.get("/checkout")
        c.press("Continue")
        form = c.page.form(action="/checkout/payment")
        entry = next(v for v, *_ in form.control("billing").options if v.isdigit())
        self.pay(c, billing=entry)
        c.press(PLACE)
        street = self.server.value("SELECT street1 FROM address WHERE id = ?", int(entry))
        self.assertEqual(self.server.value("SELECT street1 FROM sales_address WHERE order_id = ? AND role = 'billing'", self.last_order()), street)

    def test_coupons(self):
        c, p = self.customer_to_review(qty=2)
        with self.unchanged():
            for code in ("", "no such code", "EXPIRED", "OUTLET20", "x" * 41):
                reply = c.press("Apply Coupon", {"Coupon Code": code}, follow=False)
                self.assert_status(reply, 422)
                self.assertIn("code", reply.page.form(action="/checkout/coupon").errors, code)
        c.press("Apply Coupon", {"Coupon Code": "once"})
        self.assertEqual(c.reply.path, "/checkout/review")
        self.assertIn("ONCE", c.page.main.text)
        c.press("Remove Coupon")
        self.assertNotIn("ONCE", c.page.main.text)
        c.press("Apply Coupon", {"Coupon Code": "ONCE"})
        c.press(PLACE)
        order = self.orders()[-1]
        self.assertEqual(order["coupon_code"], "ONCE")
        self.assertEqual(order["discount_minor"], (2 * p["price_minor"] * 15 + 50) // 100)
        self.assertEqual(order["total_minor"], order["subtotal_minor"] - order["discount_minor"] + order["shipping_minor"])
        c, _ = self.customer_to_review()
        reply = c.press("Apply Coupon", {"Coupon Code": "ONCE"}, follow=False)
        self.assert_status(reply, 422)

    def test_group_prices_and_two_rates_of_tax(self):
        """The customer's own prices, in their own session and in an assisted one; each line with its class of tax."""
        me = self.server.customer_id(EMAIL)
        special, other = self.server.query(
            "SELECT p.*, g.group_id, g.price_minor AS own_price FROM product p JOIN product_group_price g ON g.product_id = p.id AND g.group_id = 2"
            " JOIN product_website w ON w.product_id = p.id AND w.website_id = 1 WHERE p.active = 1 AND p.stock > 20 AND p.tax_class = 'standard'"
            " AND g.price_minor <> p.price_minor ORDER BY p.id LIMIT 1") + self.server.query(
            "SELECT p.*, p.price_minor AS own_price FROM product p JOIN product_website w ON w.product_id = p.id AND w.website_id = 1"
            " WHERE p.active = 1 AND p.stock > 20 AND p.tax_class = 'reduced' AND NOT EXISTS (SELECT product_id FROM product_group_price g"
            " WHERE g.product_id = p.id) ORDER BY p.id LIMIT 1")
        with self.server.at_rest() as db:
            db.execute("UPDATE customer SET group_id = 2 WHERE id = ?", (me,))
        self.addCleanup(self.back_to_general, me)
        tab = assist(self.server.admin("support"), EMAIL)
        for c, root in ((self.server.customer(EMAIL), ""), (tab, root_of(tab))):
            self.empty_cart(c, root)
            for product, qty in ((special, 3), (other, 2)):
                add_to_cart(c, product["url_key"], qty, root)
            c.get(f"{root}/checkout")
            c.press("Continue")
            self.pay(c)
            c.press(PLACE)
            self.assertEqual(c.reply.path, f"{root}/checkout/success")
            order = self.orders()[-1]
            self.assertEqual((order["group_id"], order["prices_include_tax"]), (2, 1))
            lines = {i["product_id"]: i for i in self.server.query("SELECT * FROM sales_item WHERE order_id = ?", order["id"])}
            for product, qty, rate in ((special, 3, 2100), (other, 2, 900)):
                line, row = lines[product["id"]], product["own_price"] * qty
                self.assertEqual((line["price_minor"], line["row_minor"], line["tax_bp"]), (product["own_price"], row, rate))
                self.assertEqual(line["tax_minor"], (row * rate * 2 + 10000 + rate) // ((10000 + rate) * 2))
            self.assertEqual(order["tax_minor"], sum(x["tax_minor"] for x in lines.values()) + order["shipping_tax_minor"])

    def back_to_general(self, customer):
        with self.server.at_rest() as db:
            db.execute("UPDATE customer SET group_id = 1 WHERE id = ?", (customer,))


class MailTest(BuyingTest):
    """The confirmation, through a real mail server."""

    @classmethod
    def setUpClass(cls):
        cls.mails = MailServer()
        cls.addClassCleanup(lambda: cls.mails.__exit__())
        cls.options = ("--smtp", cls.mails.url)
        super().setUpClass()

    def test_the_confirmation_says_all_of_it(self):
        c, p = self.to_review(qty=2, email="letter@example.com")
        c.press(PLACE)
        order = self.orders()[-1]
        mail, = self.mails.wait("letter@example.com")
        self.assertEqual(mail["subject"], f"Your order {order['number']} at Hearth & Harbour")
        self.assertIn("O'Brien", mail["to"])
        total = f"{order['total_minor'] // 100:,}.{order['total_minor'] % 100:02d}"
        for words in (f"2 × {p['name']} ({p['sku']})", f"Grand Total: €{total}", "of which tax", "Kade 1", "1012 AB Amsterdam", "Netherlands",
                      f"Payment Method: {order['payment_title']}", f"Shipping Method: {order['shipping_title']}"):
            self.assertIn(words, body(mail))
        self.assertNotIn("Your order: http", body(mail), "a guest has no page of it")

    def test_of_a_customer_it_leads_to_the_order(self):
        c, _ = self.customer_to_review()
        c.press(PLACE)
        order = self.orders()[-1]
        mail = self.mails.wait(EMAIL)[-1]
        path = f"/customer/orders/{order['id']}"
        self.assertRegex(body(mail), rf"Your order: http\S+{path}\s")
        self.assertIn(str(order["number"]), c.get(path).page.heading)

if __name__ == "__main__":
    unittest.main()
