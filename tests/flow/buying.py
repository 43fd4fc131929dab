"""Buying, in the words of the screens: what the tests of checkout and orders do again and again."""
from harness import ShopTest
from people import cart_lines  # noqa: F401  (tests take it from here)

EMAIL = "consents@example.com"
ADDRESS = {"First Name": "Nóra", "Last Name": "O'Brien", "Street Address": "Kade 1", "Zip/Postal Code": "1012 AB", "City": "Amsterdam",
           "Country": "NL", "Phone Number": "+31 20 555 0101"}
PLACE = "Place Order"


class BuyingTest(ShopTest):
    """What people do on the way from the cart to the order."""

    def product(self, n=0, stock=50):
        """A product of the main website with at least so many pieces; another one for each n."""
        return self.server.query("SELECT p.*, t.name FROM product p JOIN product_text t ON t.product_id = p.id AND t.lang = 'en'"
                                 " JOIN product_website w ON w.product_id = p.id AND w.website_id = 1"
                                 " WHERE p.active = 1 AND p.stock >= ? ORDER BY p.id LIMIT 1 OFFSET ?", stock, n)[0]

    def fill_cart(self, c, n=0, qty=1, root=""):
        p = self.product(n)
        c.get(f"{root}/product/{p['url_key']}")
        self.assert_status(c.submit(c.page.form(action="/cart/add"), {"qty": qty}), 200)
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
