"""What is sold by: coupons in the cart, and the coupons, tax rates, shipping rates and sales settings of the Admin."""
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import CUSTOMER_PASSWORD, ShopTest  # noqa: E402
from people import add_to_cart, assist  # noqa: E402


def amount(minor):
    return f"{minor // 100:,}.{minor % 100:02d}"


def half_up(a, b):
    return (2 * a + b) // (2 * b)


class Selling(ShopTest):
    """What these tests look for and do again and again."""

    def product(self, tax_class="standard", offset=0):
        return self.server.query("SELECT p.* FROM product p JOIN product_website w ON w.product_id = p.id AND w.website_id = 1"
                                 " WHERE p.active = 1 AND p.stock > 20 AND p.tax_class = ? ORDER BY p.id LIMIT 1 OFFSET ?", tax_class, offset)[0]

    def totals(self, client, root=""):
        """The summary of the cart: label -> text."""
        client.get(f"{root}/cart")
        names = [n.text for n in client.page.root.all("dt")]
        return dict(zip(names, [n.text for n in client.page.root.all("dd")]))

    def apply(self, client, code, root=""):
        client.get(f"{root}/cart")
        return client.press("Apply Coupon", {"Coupon Code": code}, follow=False)


class CartCouponTest(Selling):
    """The coupon box and the totals of the cart."""

    def test_totals_of_a_cart_with_a_percentage(self):
        c, goods, food = self.server.client(), self.product(), self.product("reduced")
        add_to_cart(c, goods["url_key"], 2)
        add_to_cart(c, food["url_key"], 1)
        rows = [2 * goods["price_minor"], food["price_minor"]]
        totals = self.totals(c)
        self.assertIn(amount(sum(rows)), totals["Subtotal"])
        tax = half_up(rows[0] * 2100, 12100) + half_up(rows[1] * 900, 10900)
        self.assertIn(amount(tax), totals["of which tax, estimated"])
        self.assertEqual(self.apply(c, " welcome10 ").status, 303)
        totals = self.totals(c)
        discount = half_up(sum(rows), 10)
        self.assertIn(amount(discount), totals["Discount (WELCOME10)"])
        self.assertIn(amount(sum(rows) - discount), totals["Total"])
        self.assertEqual(c.page.link("Proceed to Checkout"), "/checkout")
        c.press("Remove Coupon")
        self.assertNotIn("Discount (WELCOME10)", self.totals(c))
        self.assertTrue(c.page.has_form(button="Apply Coupon"))

    def test_codes_that_are_not_good(self):
        c, p = self.server.client(), self.product()
        add_to_cart(c, p["url_key"], 1)
        with self.unchanged():
            for code in ("EXPIRED", "OUTLET20", "NOSUCHCODE", "<b>x</b>", "x" * 41, " "):
                reply = self.apply(c, code)
                self.assertEqual(reply.status, 422, code)
                form = reply.page.form(button="Apply Coupon")
                self.assertIn("coupon", form.errors, code)
                self.assertEqual(form.control("coupon").value.strip(), code.strip())
        self.assertEqual(reply.page.main.all("b"), [])

    def test_below_the_minimum_and_later_again(self):
        c, p = self.server.client(), self.product()
        few, many = 1, 5100 // p["price_minor"] + 1
        if few * p["price_minor"] < 5000:
            add_to_cart(c, p["url_key"], few)
            self.assertEqual(self.apply(c, "SAVE5").status, 422)
            self.assertIn("minimum", " ".join(c.page.form(button="Apply Coupon").errors.values()))
        add_to_cart(c, p["url_key"], many)
        self.assertEqual(self.apply(c, "SAVE5").status, 303)
        self.assertIn("5.00", self.totals(c)["Discount (SAVE5)"])
        if p["price_minor"] < 5000:
            c.press("Update", {"Quantity": 1})
            self.assertNotIn("Discount (SAVE5)", self.totals(c))
            self.assertIn("below the minimum", c.page.text)

    def test_free_shipping_is_said(self):
        c = self.server.client()
        add_to_cart(c, self.product()["url_key"], 1)
        self.apply(c, "freeship")
        self.assertEqual(self.totals(c)["Shipping (FREESHIP)"], "free")

    def test_an_empty_cart_has_no_coupon(self):
        c = self.server.client()
        add_to_cart(c, self.product()["url_key"], 1)
        c.get("/cart")
        form = c.page.form(button="Apply Coupon")
        c.submit(next(f for f in c.page.forms if f.action.endswith("/cart/remove")))
        with self.unchanged():
            self.assertEqual(c.submit(form, {"Coupon Code": "WELCOME10"}, follow=False).status, 422)

    def test_taking_off_what_is_not_there(self):
        c = self.server.client()
        add_to_cart(c, self.product()["url_key"], 1)
        self.apply(c, "WELCOME10")
        c.get("/cart")
        form = c.page.form(button="Remove Coupon")
        for _ in range(2):
            self.assertEqual(c.submit(form, follow=False).status, 303)
        self.assertEqual(self.server.client().get("/cart").status, 200)

    def test_a_guests_coupon_goes_along_when_signing_in(self):
        c = self.server.client()
        add_to_cart(c, self.product()["url_key"], 1)
        self.apply(c, "WELCOME10")
        c.get("/customer/account/login")
        c.press("Sign In", {"Email": "refuses@example.com", "Password": CUSTOMER_PASSWORD})
        self.assertIn("Discount (WELCOME10)", self.totals(c))
        key = self.server.value("SELECT k.checkout_key FROM checkout k JOIN cart c ON c.id = k.cart_id WHERE c.customer_id = ?",
                                self.server.customer_id("refuses@example.com"))
        self.assertRegex(key, r"^[A-Za-z0-9_-]{43}$")

    def test_staff_use_a_coupon_for_the_customer_and_it_is_recorded(self):
        tab = assist(self.server.admin("support"), "consents@example.com")
        root = re.match(r"/as/[^/]+", tab.reply.path).group(0)
        add_to_cart(tab, self.product()["url_key"], 1, root)
        head = self.server.audit_head()
        self.assertEqual(self.apply(tab, "ONCE", root).status, 303)
        entry, = self.server.audit(head)
        self.assertEqual((entry["action_group"], entry["username"], entry["after"]), ("assist", "support", {"coupon": "ONCE"}))
        self.assertIn("Discount (ONCE)", self.totals(tab, root))
        self.assertEqual(tab.page.link("Proceed to Checkout"), f"{root}/checkout")

    def test_dutch(self):
        c = self.server.client()
        c.get(f"/nl/product/{self.product()['url_key']}")
        c.press("In winkelwagen")
        c.get("/nl/cart")
        c.press("Kortingscode gebruiken", {"Kortingscode": "WELCOME10"})
        self.assertIn("Korting (WELCOME10)", c.page.text)
        self.assertIn("Verder naar afrekenen", c.page.text)
        self.assertIn("waarvan btw, geschat", c.page.text)


if __name__ == "__main__":
    unittest.main()
