"""What a guest ordered comes into the account that the same browser makes or opens, and nothing else does."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from buying import ADDRESS, PLACE, BuyingTest  # noqa: E402
from harness import CUSTOMER_PASSWORD  # noqa: E402

PASSWORD = "a few words in a row 9"


class GuestAccountTest(BuyingTest):
    """From the confirmation of a guest's order to My Orders."""

    def ordered(self, email, coupon=None):
        """A guest who stands on the confirmation, and the order."""
        since = self.last_order()
        c, _ = self.to_review(email=email)
        if coupon:
            c.press("Apply Coupon", {"Coupon Code": coupon})
        c.press(PLACE)
        self.assertEqual(c.reply.path, "/checkout/success")
        order, = self.orders(since)
        return c, order

    def register(self, c, **changed):
        return c.press("Create an Account", {"Password": PASSWORD, "Confirm Password": PASSWORD, **changed})

    def owner(self, order):
        return self.server.query("SELECT customer_id, guest FROM sales_order WHERE id = ?", order["id"])[0]

    def test_the_order_comes_into_the_new_account(self):
        c, order = self.ordered("Kind@Example.org", coupon="WELCOME10")
        c.click("Create an Account")
        form = c.page.form(button="Create an Account")
        self.assertEqual([form.control(n).value for n in ("firstname", "lastname", "email")], ["Nóra", "O'Brien", "Kind@Example.org"])
        self.assertIn(str(order["number"]), c.page.main.text)
        self.register(c, Email="kind@example.org")
        self.assertIn(f"Your order {order['number']} stands under My Orders now.", c.page.root.text)
        me = self.server.customer_id("kind@example.org")
        after = self.owner(order)
        self.assertEqual((after["customer_id"], after["guest"]), (me, 0))
        self.assertEqual(self.server.value("SELECT customer_id FROM coupon_use WHERE order_id = ?", order["id"]), me)
        c.get("/customer/orders")
        self.assertIn(str(order["number"]), c.page.main.text)
        self.assert_status(c.get(f"/customer/orders/{order['id']}"), 200)
        c.get("/checkout/success")
        self.assertIn(str(order["number"]), c.page.main.text)
        self.assertFalse(c.page.has_link("Create an Account"))
        entry = self.server.audit(full_action="customer_order_take")[-1]
        self.assertEqual((entry["result"], entry["subject_id"], entry["details"], entry["customer_id"]),
                         ("success", str(order["id"]), str(order["number"]), me))
        self.assertIn(str(order["number"]), self.server.audit(full_action="customer_create")[-1]["after_json"])
        # The address book begins with the order's address, once, and it is the default for everything.
        self.assertEqual(self.server.value("SELECT count(*) FROM address WHERE customer_id = ?", me), 1)
        row = self.server.query("SELECT a.id, a.street1, c.default_billing_id, c.default_shipping_id FROM customer c JOIN address a ON a.customer_id = c.id"
                                " WHERE c.id = ?", me)[0]
        self.assertEqual((row["street1"], row["default_billing_id"], row["default_shipping_id"]), ("Kade 1", row["id"], row["id"]))

    def test_two_addresses_come_into_the_address_book(self):
        since = self.last_order()
        c, _ = self.guest(email="two@example.org")
        c.submit(c.page.form(action="/checkout/payment"), {"payment=bank_transfer": True}, "Use another billing address")
        c.press("Save Address", {**ADDRESS, "Street Address": "Rekening 9"})
        self.pay(c)
        c.press(PLACE)
        order, = self.orders(since)
        c.click("Create an Account")
        self.register(c)
        rows = self.server.query("SELECT a.street1, CASE WHEN c.default_billing_id = a.id THEN 1 ELSE 0 END AS billing FROM customer c"
                                 " JOIN address a ON a.customer_id = c.id WHERE c.email = 'two@example.org' ORDER BY a.id")
        self.assertEqual([(r["street1"], r["billing"]) for r in rows], [("Rekening 9", 1), ("Kade 1", 0)])
        self.assertEqual(self.owner(order)["guest"], 0)

    def test_another_email_leaves_it_a_guests(self):
        c, order = self.ordered("first@example.org")
        c.click("Create an Account")
        self.register(c, Email="second@example.org")
        self.assertEqual(c.reply.path, "/customer/account")
        after = self.owner(order)
        self.assertEqual((after["customer_id"], after["guest"]), (None, 1))
        self.assert_status(c.get(f"/customer/orders/{order['id']}"), 404)

    def test_the_email_of_another_visits_order_gives_nothing(self):
        _, order = self.ordered("victim@example.org")
        thief = self.server.client()
        thief.get("/customer/account/create")
        self.assertEqual(thief.page.form(button="Create an Account").control("email").value, "", "nobody learns of another's order")
        self.register(thief, **{"First Name": "Nóra", "Last Name": "O'Brien", "Email": "victim@example.org"})
        self.assertEqual(thief.reply.path, "/customer/account")
        after = self.owner(order)
        self.assertEqual((after["customer_id"], after["guest"]), (None, 1))
        thief.get("/customer/orders")
        self.assertNotIn(str(order["number"]), thief.page.main.text)
        self.assert_status(thief.get(f"/customer/orders/{order['id']}"), 404)
        self.assertFalse([e for e in self.server.audit(full_action="customer_order_take") if e["subject_id"] == str(order["id"])])

    def test_an_own_order_and_anothers(self):
        _, other = self.ordered("both@example.org")
        c, own = self.ordered("both@example.org")
        c.click("Create an Account")
        self.register(c)
        self.assertEqual((self.owner(own)["guest"], self.owner(other)["guest"]), (0, 1))

    def test_signing_in_takes_it_along_too(self):
        c, order = self.ordered("refuses@example.com")
        addresses = self.server.value("SELECT count(*) FROM address")
        c.click("I have an account")
        c.press("Sign In", {"Email": "refuses@example.com", "Password": CUSTOMER_PASSWORD})
        self.assertEqual(c.reply.path, "/customer/orders")
        self.assertIn(str(order["number"]), c.page.main.text)
        self.assertEqual(self.owner(order)["customer_id"], self.server.customer_id("refuses@example.com"))
        self.assertEqual(self.server.value("SELECT count(*) FROM address"), addresses, "the address book is the customer's business")

    def test_a_refused_form_changes_nothing(self):
        c, order = self.ordered("late@example.org")
        c.click("Create an Account")
        with self.unchanged():
            self.assert_status(self.register(c, **{"Confirm Password": "another one 5"}), 422)
        self.assertEqual(c.page.form(button="Create an Account").control("email").value, "late@example.org")
        self.assertEqual(self.owner(order)["guest"], 1)

    def test_dutch(self):
        c, _ = self.guest(email="nl2@example.com", view="/nl")
        c.submit(c.page.form(action="/checkout/payment"), {"payment=bank_transfer": True})
        c.press("Bestelling plaatsen")
        c.click("Account aanmaken")
        self.assertIn("komt in dit account te staan", c.page.main.text)


if __name__ == "__main__":
    unittest.main()
