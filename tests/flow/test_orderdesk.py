"""Staff create an order for a customer: from the grid, from the customer's page, and an order once more."""
import os
import re
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ShopTest  # noqa: E402
from people import add_to_cart, cart_lines, find_customer  # noqa: E402

EMAIL = "consents@example.com"
UPDATE, SUBMIT = "Update Items and Quantities", "Submit Order"
TYPED = {"firstname": "Nóra", "lastname": "O'Brien", "street1": "Kade 1", "postcode": "1012ab", "city": "Amsterdam", "country": "NL"}


class DeskTest(ShopTest):
    """What the tests of this file do again and again."""

    def product(self, n=0, stock=40):
        return self.server.query("SELECT p.*, t.name FROM product p JOIN product_text t ON t.product_id = p.id AND t.lang = 'en'"
                                 " JOIN product_website w ON w.product_id = p.id AND w.website_id = 1"
                                 " WHERE p.active = 1 AND p.stock >= ? ORDER BY p.id LIMIT 1 OFFSET ?", stock, n)[0]

    def desk(self, email=EMAIL, username="support"):
        staff = self.server.admin(username)
        self.assert_status(staff.get(f"/admin/orders/new?customer={self.server.customer_id(email)}"), 200)
        return staff

    def add(self, staff, product, qty=1):
        staff.press(UPDATE, {"sku": product["sku"], "sku_qty": qty})
        self.assertIn(product["name"], staff.page.main.text)

    def submit(self, staff, values=None):
        """Submit Order stands beside the form, so it is no button inside of it."""
        self.assertIn(SUBMIT, staff.page.main.text)
        return staff.submit(staff.page.form(field="sku"), {"payment=bank_transfer": True, **(values or {})})

    def ready(self, n=0, qty=1, email=EMAIL):
        staff, product = self.desk(email), self.product(n)
        self.add(staff, product, qty)
        return staff, product

    def error(self, staff, name):
        self.assert_status(staff.reply, 422)
        return staff.page.form(field="sku").control(name).error

    def last_order(self):
        return self.server.query("SELECT * FROM sales_order ORDER BY id DESC LIMIT 1")[0]

    def stock(self, product):
        return self.server.value("SELECT stock FROM product WHERE id = ?", product["id"])


class PlaceTest(DeskTest):
    def test_from_the_grid_to_the_order(self):
        staff, product, head = self.server.admin("support"), self.product(), self.server.audit_head()
        stock = self.stock(product)
        customer = self.server.customer(EMAIL)
        add_to_cart(customer, self.product(5)["url_key"], 2)
        cart = cart_lines(customer)
        staff.get("/admin/orders")
        staff.click("Create New Order")
        search = next(f for f in staff.page.forms if any(c.name == "q" for c in f.controls))
        staff.submit(search, {"q": EMAIL})
        row, = [r for r in staff.page.rows if EMAIL in r["_node"].text]
        staff.get(next(n.get("href") for n in row["_node"].all("a") if (n.get("aria-label") or n.text).startswith("Select")))
        self.assertIn("No product yet", staff.page.main.text)
        self.add(staff, product, 2)
        staff.press(UPDATE, {f"qty[{product['id']}]": 3})
        self.assert_status(staff.reply, 200)
        self.assertEqual(self.server.audit(head, action_group="orders"), [], "computing again is no event")
        self.submit(staff, {"comment": "Ordered by telephone", "visible": True})
        order = self.last_order()
        self.assertEqual((staff.reply.status, staff.reply.path), (200, f"/admin/orders/{order['id']}"))
        self.assertIn(f"Order {order['number']} was placed for", staff.page.text)
        me = self.server.query("SELECT * FROM staff_user WHERE username = 'support'")[0]
        self.assertEqual((order["customer_id"], order["staff_id"], order["assist_session_id"], order["state"], order["guest"]),
                         (self.server.customer_id(EMAIL), me["id"], None, "pending", 0))
        self.assertEqual((order["subtotal_minor"], order["payment_method"]), (3 * product["price_minor"], "bank_transfer"))
        self.assertEqual(self.stock(product), stock - 3)
        comments = self.server.query("SELECT body, visible, staff_id FROM sales_comment WHERE order_id = ? ORDER BY id", order["id"])
        self.assertEqual([(c["body"], c["visible"], c["staff_id"]) for c in comments],
                         [("This order was placed by the store's staff.", 1, me["id"]),
                          (f"Order placed by {order['staff_name']} in the Admin", 0, me["id"]), ("Ordered by telephone", 1, me["id"])])
        entry, = self.server.audit(head, action_group="orders")
        self.assertEqual((entry["action"], entry["result"], entry["username"], entry["customer_id"], entry["subject_id"]),
                         ("Order Placed", "success", "support", order["customer_id"], str(order["id"])))
        self.assertEqual(self.server.value("SELECT count(*) FROM mail WHERE to_email = ? AND subject LIKE ?", EMAIL, f"%{order['number']}%"), 1)
        self.assertEqual(cart_lines(customer), cart, "the customer's cart is theirs")

    def test_from_the_customers_page_with_typed_addresses(self):
        staff, product = self.server.admin("support"), self.product(1)
        find_customer(staff, EMAIL)
        staff.click("Create New Order")
        self.add(staff, product)
        typed = {f"{who}_{k}": v for who in ("bill", "ship") for k, v in TYPED.items()}
        self.submit(staff, {**typed, "bill_to": "new", "ship_to": "new", "ship_postcode": "3811 CD", "ship_city": "Amersfoort"})
        self.assertRegex(staff.reply.path, r"^/admin/orders/\d+$")
        rows = self.server.query("SELECT role, firstname, postcode, city FROM sales_address WHERE order_id = ? ORDER BY role", self.last_order()["id"])
        self.assertEqual([tuple(r.values()) for r in rows], [("billing", "Nóra", "1012 AB", "Amsterdam"), ("shipping", "Nóra", "3811 CD", "Amersfoort")])
        self.assertEqual(self.server.value("SELECT count(*) FROM address WHERE street1 = 'Kade 1'"), 0, "the address book is the customer's")

    def test_pressed_twice_makes_one_order(self):
        staff, product = self.ready(2)
        form, before, stock = staff.page.form(field="sku"), self.last_order()["id"], self.stock(product)
        tabs = [staff.clone() for _ in range(4)]
        for tab in tabs:
            tab.reply = staff.reply
        threads = [threading.Thread(target=t.submit, args=(form, {"payment=bank_transfer": True})) for t in tabs]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        order = self.last_order()
        self.assertEqual(self.server.value("SELECT count(*) FROM sales_order WHERE id > ?", before), 1)
        self.assertEqual({t.reply.path for t in tabs}, {f"/admin/orders/{order['id']}"})
        self.assertEqual(self.stock(product), stock - 1)

    def test_removed_and_added_again(self):
        staff, product = self.ready()
        other = self.product(3)
        self.add(staff, other, 2)
        self.add(staff, other)
        self.assertEqual(staff.page.form(field="sku").control(f"qty[{other['id']}]").value, "3")
        staff.press(UPDATE, {f"remove={product['id']}": True})
        self.assertNotIn(product["name"], staff.page.main.text)
        self.assertIn(other["name"], staff.page.main.text)

    def test_a_purchase_order_and_a_coupon(self):
        staff, _ = self.ready()
        code = self.server.value("SELECT code FROM coupon WHERE active = 1 AND kind = 'percent' AND minimum_minor = 0 AND website_id IS NULL"
                                 " AND uses_max IS NULL AND from_us IS NULL AND until_us IS NULL ORDER BY id LIMIT 1")
        staff.press(UPDATE, {"coupon": code.lower(), "payment=purchase_order": True})
        self.assertIn(f"Discount ({code})", staff.page.main.text)
        staff.submit(staff.page.form(field="sku"))
        self.assertEqual(self.error(staff, "purchase_order"), "Please enter the number of the purchase order.")
        staff.submit(staff.page.form(field="sku"), {"purchase_order": "PO-77"})
        order = self.last_order()
        self.assertEqual((order["purchase_order"], order["coupon_code"]), ("PO-77", code))
        self.assertGreater(order["discount_minor"], 0)


class DutchTest(DeskTest):
    def test_dutch(self):
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_user SET locale = 'nl_NL' WHERE username = 'support'")
        staff, head = self.desk(), self.server.audit_head()
        view = next(v for v, label, *_ in staff.page.form(field="sku").control("view").options if label.endswith("Nederlands"))
        staff.press("Artikelen en aantallen bijwerken", {"sku": self.product()["sku"], "view": view})
        self.assertIn("Bestelling plaatsen", staff.page.main.text)
        staff.submit(staff.page.form(field="sku"), {"payment=bank_transfer": True})
        order = self.last_order()
        self.assertEqual(order["locale"], "nl_NL")
        self.assertIn(f"Bestelling {order['number']} is geplaatst", staff.page.text)
        entry, = self.server.audit(head, action_group="orders")
        self.assertEqual((set(entry["after"]), entry["subject_kind"]), ({"total", "payment method"}, "order"), "the record has one language")
        staff.get(f"/admin/report/{entry['id']}")
        self.assertIn(f"bestelling {order['id']}", staff.page.main.text)
        self.assertEqual([n.text for n in staff.page.main.all("th", scope="row")], ["totaal", "betaalmethode"])

    def test_a_refusal_in_dutch(self):
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_user SET locale = 'nl_NL' WHERE username = 'support'")
        entry = self.server.value("SELECT max(id) FROM audit_entry WHERE reason = 'no_consent'")
        staff = self.server.admin("support")
        staff.get(f"/admin/report/{entry}")
        self.assertIn("geen toestemming", staff.page.main.text)
        self.assertNotIn("no_consent", staff.page.main.text)


class RefusedTest(DeskTest):
    def test_wrong_quantities(self):
        staff, product = self.ready()
        field = f"qty[{product['id']}]"
        for wrong in ("0", "-1", "1.5", "10000", "99999999999999999999", "abc", ""):
            for button in (UPDATE, None):
                with self.subTest(f"{wrong} {button}"), self.unchanged():
                    staff.submit(staff.page.form(field="sku"), {field: wrong, "payment=bank_transfer": True}, button)
                    self.assertEqual(self.error(staff, field), "Please enter a whole number from 1 to 9999.")
                    self.assertEqual(staff.page.form(field="sku").control(field).value, wrong)
        self.submit(staff, {field: "1"})
        self.assert_status(staff.reply, 409)
        self.assertIn("Nothing was ordered yet", staff.page.alerts[0])
        self.submit(staff)
        self.assertRegex(staff.reply.path, r"^/admin/orders/\d+$")

    def test_wrong_products(self):
        staff, product = self.ready()
        outlet = self.server.value("SELECT sku FROM product p WHERE NOT EXISTS (SELECT 1 FROM product_website w WHERE w.product_id = p.id AND"
                                   " w.website_id = 1) ORDER BY id LIMIT 1")
        for sku, qty, at, message in (("no-such-sku", 1, "sku", "There is no product with this SKU."),
                                      (outlet, 1, "sku", "This product is not sold in this website."),
                                      (product["sku"], 9999, "sku_qty", "Please enter a whole number from 1 to 9999."),
                                      (product["sku"], "0", "sku_qty", "Please enter a whole number from 1 to 9999.")):
            with self.subTest(sku):
                staff.press(UPDATE, {"sku": sku, "sku_qty": qty})
                self.assertEqual(self.error(staff, at), message)
        self.submit(staff, {"sku": product["sku"]})
        self.assertIn("not in the order yet", self.error(staff, "sku"))

    def test_what_is_missing_is_said_at_each_field(self):
        staff = self.desk()
        with self.unchanged():
            staff.submit(staff.page.form(field="sku"))
            self.assertIn("Please add a product first.", staff.page.alerts[0])
            self.add(staff, self.product())
            staff.submit(staff.page.form(field="sku"), {"bill_to": "new", "ship_to": "999999", "bill_country": "NL", "bill_postcode": "x",
                                                        "coupon": "NO-SUCH", "comment": "Stays"})
            form = staff.page.form(field="sku")
            for name in ("bill_firstname", "bill_lastname", "bill_street1", "bill_postcode", "bill_city", "ship_to", "coupon"):
                self.assertTrue(form.control(name).error, name)
            self.assertIn("Please choose a payment method.", staff.page.main.text)
            self.assertEqual(form.control("comment").value, "Stays")

    def test_too_much_for_one_order(self):
        (staff, product), dear = self.ready(), self.product(12)
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET price_minor = 10000000001 WHERE id = ?", (dear["id"],))
        staff.press(UPDATE, {"sku": dear["sku"]})
        self.assert_status(staff.reply, 422)
        self.assertIn("more than one order can hold", staff.page.main.text)
        self.assertIn(product["name"], staff.page.main.text)

    def test_the_last_piece_and_another_price(self):
        product = self.product(6)
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET stock = 1 WHERE id = ?", (product["id"],))
        one, two = self.desk(), self.desk("refuses@example.com")
        self.add(one, product)
        self.add(two, product)
        self.submit(one)
        self.assertRegex(one.reply.path, r"^/admin/orders/\d+$")
        with self.unchanged():
            self.submit(two)
            self.assertEqual(self.error(two, f"qty[{product['id']}]"), "Out of stock.")
        other = self.product(7)
        two.press(UPDATE, {f"remove={product['id']}": True, "sku": other["sku"]})
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET price_minor = price_minor + 100 WHERE id = ?", (other["id"],))
            db.execute("DELETE FROM product_group_price WHERE product_id = ?", (other["id"],))
        with self.unchanged():
            self.submit(two)
            self.assert_status(two.reply, 409)
            self.assertIn("The total is now", two.page.alerts[0])

    def test_another_currency(self):
        staff, _ = self.ready()
        currency = ("config", "set", "--db", self.server.db, "general/locale/currency")
        self.assertEqual(self.server.command(*currency, "USD").returncode, 0)
        self.addCleanup(self.server.command, *currency, "EUR")
        with self.unchanged():
            self.submit(staff)
        self.assert_status(staff.reply, 409)
        self.assertIn("All prices are in USD now; they were in EUR.", staff.page.alerts[0])
        self.submit(staff)
        self.assertEqual(self.last_order()["currency"], "USD")

    def test_without_the_right(self):
        viewer = self.server.admin("viewer")
        order = self.server.value("SELECT id FROM sales_order WHERE customer_id IS NOT NULL ORDER BY id LIMIT 1")
        for page in ("/admin/orders", f"/admin/orders/{order}", f"/admin/customers/{self.server.customer_id(EMAIL)}"):
            viewer.get(page)
            self.assert_status(viewer.reply, 200)
            self.assertFalse(viewer.page.has_link("Create New Order") or viewer.page.has_link("Reorder"))
        self.assert_status(viewer.get("/admin/orders/new"), 403)
        self.assert_status(viewer.get(f"/admin/orders/new?from={order}"), 403)
        staff, _ = self.ready()
        data = staff.page.form(field="sku").data({"payment=bank_transfer": True})
        viewer.get("/admin/orders")
        last = self.last_order()["id"]
        viewer.post("/admin/orders/new", [(k, viewer.csrf() if k == "csrf" else v) for k, v in data])
        self.assert_status(viewer.reply, 403)
        self.assertEqual(self.last_order()["id"], last)


class ScopeTest(DeskTest):
    def test_a_website_that_the_role_does_not_reach(self):
        with self.server.at_rest() as db:
            outlet = db.execute("SELECT id FROM website WHERE code = 'outlet'").fetchone()[0]
            role = db.execute("INSERT INTO staff_role (name, all_resources, scope) VALUES ('Outlet', 1, ?) RETURNING id", (1 << outlet,)).fetchone()[0]
            db.execute("UPDATE staff_user SET role_id = ? WHERE username = 'support'", (role,))
        theirs = self.server.value("SELECT id FROM customer WHERE website_id <> ? ORDER BY id LIMIT 1", outlet)
        own = self.server.value("SELECT id FROM customer WHERE website_id = ? ORDER BY id LIMIT 1", outlet)
        order = self.server.value("SELECT id FROM sales_order WHERE website_id <> ? AND customer_id IS NOT NULL ORDER BY id LIMIT 1", outlet)
        staff = self.server.admin("support")
        self.assert_status(staff.get(f"/admin/orders/new?customer={theirs}"), 404)
        self.assert_status(staff.get(f"/admin/orders/new?from={order}"), 404)
        staff.get("/admin/orders/new")
        self.assertNotIn(self.server.value("SELECT email FROM customer WHERE id = ?", theirs), staff.page.main.text)
        self.assert_status(staff.get(f"/admin/orders/new?customer={own}"), 200)
        form = staff.page.form(field="sku")
        self.assertEqual(len(form.control("view").options), self.server.value(
            "SELECT count(*) FROM store_view v JOIN store s ON s.id = v.store_id WHERE s.website_id = ? AND v.active = 1", outlet))
        self.assert_status(staff.submit(form, {"view": 1}, UPDATE), 422)
        self.assertTrue(staff.page.form(field="sku").control("view").error)
        data = [(k, str(theirs) if k == "customer" else v) for k, v in form.data()]
        self.assert_status(staff.post("/admin/orders/new", data), 404)


class ReorderTest(DeskTest):
    def earlier(self):
        """An order of two products, whose address is in no address book."""
        staff, product = self.ready(0, 2)
        other = self.product(8)
        self.add(staff, other)
        self.submit(staff, {"bill_to": "new", "ship_to": "same", **{f"bill_{k}": v for k, v in TYPED.items()}})
        return staff, product, other, self.last_order()

    def test_once_more(self):
        staff, product, other, first = self.earlier()
        staff.click("Reorder")
        self.assertEqual(staff.reply.path.partition("?")[0], "/admin/orders/new")
        form = staff.page.form(field="sku")
        self.assertEqual([form.control(f"qty[{p['id']}]").value for p in (product, other)], ["2", "1"])
        self.assertEqual((form.control("bill_to").value, form.control("bill_street1").value, form.control("ship_to").value), ("new", "Kade 1", "same"))
        staff.submit(form)
        second = self.last_order()
        self.assertEqual(second["id"], first["id"] + 1)
        for same in ("customer_id", "total_minor", "shipping_method", "payment_method", "view_id"):
            self.assertEqual(second[same], first[same], same)

    def test_what_is_not_sold_any_more_is_left_out(self):
        staff, product, other, first = self.earlier()
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET active = 0 WHERE id = ?", (other["id"],))
        staff.get(f"/admin/orders/new?from={first['id']}")
        self.assertIn(f"Not sold any more, and left out: {other['name']}", staff.page.main.text)
        self.assertEqual(re.findall(r'name="qty\[(\d+)\]', staff.reply.source), [str(product["id"])])

    def test_who_deleted_the_account_is_ordered_for_no_more(self):
        staff, _, _, first = self.earlier()
        with self.server.at_rest() as db:
            db.execute("UPDATE sales_order SET customer_id = NULL WHERE id = ?", (first["id"],))
        staff.get(f"/admin/orders/{first['id']}")
        self.assertFalse(staff.page.has_link("Reorder"))
        self.assert_status(staff.get(f"/admin/orders/new?from={first['id']}"), 404)


class GuestTest(DeskTest):
    TO = {f"bill_{k}": v for k, v in TYPED.items()}

    def guest(self):
        staff = self.server.admin("support")
        staff.get("/admin/orders/new")
        staff.click("Order for a Guest")
        self.assertIn("Guest", staff.page.main.text)
        return staff

    def test_a_guest(self):
        staff, product = self.guest(), self.product(3)
        self.add(staff, product, 2)
        with self.unchanged():
            self.submit(staff, self.TO)
            self.assertEqual(self.error(staff, "email"), "Please enter the guest's email address.")
            self.submit(staff, {"email": "nora"})
            self.assertIn("name@example.com", self.error(staff, "email"))
        head = self.server.audit_head()
        view = self.server.value("SELECT id FROM store_view WHERE code = 'nl'")
        self.submit(staff, {"email": "Nora@Example.com", "view": str(view)})
        order = self.last_order()
        self.assertEqual(staff.reply.path, f"/admin/orders/{order['id']}")
        self.assertEqual((order["guest"], order["customer_id"], order["firstname"], order["lastname"], order["view_id"], order["subtotal_minor"]),
                         (1, None, "Nóra", "O'Brien", view, 2 * product["price_minor"]))
        self.assertEqual(order["email"].lower(), "nora@example.com")
        entry, = self.server.audit(head, action_group="orders")
        self.assertEqual((entry["action"], entry["customer_id"], entry["subject_id"]), ("Order Placed", None, str(order["id"])))
        self.assertIn(str(order["number"]), self.server.value("SELECT subject FROM mail WHERE to_email = ? ORDER BY id DESC LIMIT 1", order["email"]))

    def test_pressed_twice_makes_one_order(self):
        staff = self.guest()
        self.add(staff, self.product(4))
        form = staff.page.form(field="sku")
        values = {**self.TO, "email": "guest@example.org", "payment=bank_transfer": True}
        first = staff.submit(form, values).path
        before = self.last_order()["id"]
        self.assertEqual((staff.submit(form, values).path, self.last_order()["id"]), (first, before))
        self.assertIn("was placed already", staff.page.text)
        customers = {**values, "customer": str(self.server.customer_id(EMAIL)), "guest": "0"}
        self.assert_status(staff.submit(form, customers), 409)
        self.assertEqual(self.last_order()["id"], before, "a key is one order's")

    def test_once_more(self):
        staff = self.server.admin("support")
        first = self.server.query("SELECT * FROM sales_order o WHERE guest = 1 AND NOT EXISTS (SELECT 1 FROM sales_item i JOIN product p"
                                  " ON p.id = i.product_id WHERE i.order_id = o.id AND p.stock < i.ordered + 5) ORDER BY id LIMIT 1")[0]
        staff.get(f"/admin/orders/{first['id']}")
        staff.click("Reorder")
        self.submit(staff)
        second = self.last_order()
        self.assertGreater(second["id"], first["id"])
        for same in ("guest", "customer_id", "email", "firstname", "lastname", "view_id", "shipping_method"):
            self.assertEqual(second[same], first[same], same)
        role = "SELECT street1, postcode, city, country FROM sales_address WHERE order_id = ? ORDER BY role"
        self.assertEqual(self.server.query(role, second["id"]), self.server.query(role, first["id"]))

    def test_only_in_views_of_the_roles_websites(self):
        with self.server.at_rest() as db:
            outlet = db.execute("SELECT id FROM website WHERE code = 'outlet'").fetchone()[0]
            role = db.execute("INSERT INTO staff_role (name, all_resources, scope) VALUES ('Outlet only', 1, ?) RETURNING id", (1 << outlet,)).fetchone()[0]
            before = db.execute("SELECT role_id FROM staff_user WHERE username = 'support'").fetchone()[0]
            db.execute("UPDATE staff_user SET role_id = ? WHERE username = 'support'", (role,))
        staff = self.server.admin("support")
        self.assert_status(staff.get("/admin/orders/new?guest=1"), 200)
        form = staff.page.form(field="sku")
        self.assertEqual(len(form.control("view").options), self.server.value(
            "SELECT count(*) FROM store_view v JOIN store s ON s.id = v.store_id WHERE s.website_id = ? AND v.active = 1", outlet))
        with self.unchanged():
            self.assert_status(staff.submit(form, {"view": 1, "sku": self.product()["sku"]}, UPDATE), 404)
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_user SET role_id = ? WHERE username = 'support'", (before,))


class FindTest(DeskTest):
    def found(self, staff):
        return re.findall(r'name="add" value="(\d+)"', staff.reply.source)

    def test_by_name_and_added(self):
        staff, head = self.desk(), self.server.audit_head()
        self.add(staff, self.product())
        product = self.product(7)
        staff.press("Search", {"find": product["name"].upper(), "comment": "Stays", f"qty[{self.product()['id']}]": "2"})
        self.assert_status(staff.reply, 200)
        self.assertIn(str(product["id"]), self.found(staff))
        form = staff.page.form(field="sku")
        self.assertEqual((form.control("comment").value, form.control(f"qty[{self.product()['id']}]").value), ("Stays", "2"))
        for times in (1, 2):
            staff.press(f"Add {product['name']}")
            form = staff.page.form(field="sku")
            self.assertEqual(form.control(f"qty[{product['id']}]").value, str(times))
        self.assertEqual(form.control("find").value, product["name"].upper())
        self.assertEqual(self.server.audit(head, action_group="orders"), [], "looking is no event")
        self.submit(staff)
        self.assertEqual(self.server.query("SELECT product_id, ordered FROM sales_item WHERE order_id = ? ORDER BY id", self.last_order()["id"]),
                         [{"product_id": self.product()["id"], "ordered": 2}, {"product_id": product["id"], "ordered": 2}])

    def test_by_sku_with_price_and_stock(self):
        staff, product = self.desk(), self.product(9)
        staff.press("Search", {"find": product["sku"].lower()})
        self.assertEqual(self.found(staff), [str(product["id"])])
        row, = [r for r in staff.page.main.all("tr") if product["sku"] in r.text]
        self.assertIn(f"{product['price_minor'] / 100:.2f}", row.text)
        self.assertIn(str(product["stock"]), row.text)

    def test_every_control_of_a_line_names_its_product(self):
        staff, product = self.ready(10)
        form = staff.page.form(field="sku")
        self.assertEqual(form.control(f"qty[{product['id']}]").label, f"Quantity {product['name']}")
        self.assertIn(f"Remove {product['name']}", [c.label for c in form.controls if c.name == "remove"])

    def test_nothing_too_short_and_too_many(self):
        staff = self.desk()
        for words, says in (("x", "at least two characters"), ("a b c d e f g", "at most six words"), ("nosuchproduct", "Nothing that is sold")):
            with self.subTest(words):
                staff.press("Search", {"find": words})
                self.assertIn(says, staff.page.main.text)
                self.assertEqual(self.found(staff), [])

    def test_what_is_out_of_stock_or_of_another_website(self):
        staff, product = self.desk(), self.product(11)
        outlet = self.server.query("SELECT p.sku FROM product p WHERE NOT EXISTS (SELECT 1 FROM product_website w WHERE w.product_id = p.id AND"
                                   " w.website_id = 1) ORDER BY id LIMIT 1")[0]
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET stock = 0 WHERE id = ?", (product["id"],))
        staff.press("Search", {"find": outlet["sku"]})
        self.assertEqual(self.found(staff), [])
        staff.press("Search", {"find": product["sku"]})
        self.assertEqual(self.found(staff), [])
        self.assertIn("Out of stock.", staff.page.main.text)

    def test_a_refused_order_keeps_what_was_found(self):
        staff, product = self.ready(13)
        staff.press("Search", {"find": product["sku"]})
        staff.submit(staff.page.form(field="sku"))
        self.assert_status(staff.reply, 422)
        self.assertEqual(self.found(staff), [str(product["id"])])


if __name__ == "__main__":
    unittest.main()
