"""From the cart to the confirmation: guests, customers, several addresses, and everything that may change on the way."""
import contextlib
import os
import re
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import CUSTOMER_PASSWORD, ShopTest  # noqa: E402
from people import add_to_cart, assist, cart_lines, root_of  # noqa: E402

EMAIL = "consents@example.com"
ADDRESS = {"First Name": "Nóra", "Last Name": "O'Brien", "Street Address": "Kade 1", "Zip/Postal Code": "1012 AB", "City": "Amsterdam",
           "Country": "NL", "Phone Number": "+31 20 555 0101"}
PLACE = "Place Order"


class CheckoutTest(ShopTest):
    """What the tests of this file do again and again."""

    def product(self, n=0, stock=50):
        """A product of the main website with at least so many pieces; another one for each n."""
        return self.server.query("SELECT p.*, t.name FROM product p JOIN product_text t ON t.product_id = p.id AND t.lang = 'en'"
                                 " JOIN product_website w ON w.product_id = p.id AND w.website_id = 1"
                                 " WHERE p.active = 1 AND p.stock >= ? ORDER BY p.id LIMIT 1 OFFSET ?", stock, n)[0]

    def fill_cart(self, c, n=0, qty=1, root=""):
        p = self.product(n)
        self.assert_status(add_to_cart(c, p["url_key"], qty, root), 200)
        return p

    def empty_cart(self, c, root=""):
        c.get(f"{root}/cart")
        while c.page.has_form(action="/cart/remove"):
            c.submit(c.page.form(action="/cart/remove"))

    def guest(self, qty=1, email="nora@example.com", view=""):
        """A guest with a cart who has given the address: stands at the second step."""
        c = self.server.client()
        p = self.fill_cart(c, qty=qty, root=view)
        c.get(f"{view}/checkout")
        c.submit(c.page.form(action="/checkout/address"), {"email": email, **{k: v for k, v in ADDRESS.items()}} if not view else
                 {"email": email, "firstname": "Nóra", "lastname": "O'Brien", "street1": "Kade 1", "postcode": "1012 AB",
                  "city": "Amsterdam", "country": "NL"})
        self.assertEqual(c.reply.path, f"{view}/checkout/payment")
        return c, p

    def pay(self, c, method="bank_transfer", **values):
        return c.submit(c.page.form(action="/checkout/payment"), {f"payment={method}": True, **values}, "Continue")

    def to_review(self, qty=1, email="nora@example.com"):
        c, p = self.guest(qty, email)
        self.pay(c)
        self.assertEqual(c.reply.path, "/checkout/review")
        return c, p

    def customer_to_review(self, email=EMAIL, qty=1):
        c = self.server.customer(email)
        self.empty_cart(c)
        p = self.fill_cart(c, qty=qty)
        c.get("/checkout")
        c.press("Continue")
        self.pay(c)
        self.assertEqual(c.reply.path, "/checkout/review", c.reply)
        return c, p

    def orders(self, since=0):
        return self.server.query("SELECT * FROM sales_order WHERE id > ? ORDER BY id", since)

    def last_order(self):
        return self.server.value("SELECT coalesce(max(id), 0) FROM sales_order")

    def stock(self, p):
        return self.server.value("SELECT stock FROM product WHERE id = ?", p["id"])


class GuestTest(CheckoutTest):
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


if __name__ == "__main__":
    unittest.main()
