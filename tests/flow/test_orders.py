"""Orders: the grid and the order's page in the Admin, what may be done in which state, My Orders, reorder."""
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ShopTest  # noqa: E402
from people import BUTTON, add_to_cart, assist, cart_lines, root_of  # noqa: E402

EMAIL = "consents@example.com"
OWN = "customer_id = (SELECT id FROM customer WHERE email = 'consents@example.com' ORDER BY id LIMIT 1)"


class OrdersTest(ShopTest):
    """What the tests of this file do again and again."""

    def order(self, where, *args):
        rows = self.server.query(f"SELECT * FROM sales_order WHERE {where} ORDER BY id DESC LIMIT 1", *args)
        self.assertTrue(rows, f"no order where {where}")
        return rows[0]

    def again(self, order):
        return self.order("id = ?", order["id"])

    def see(self, staff, order, tab=""):
        self.assert_status(staff.get(f"/admin/orders/{order['id']}" + (f"?tab={tab}" if tab else "")), 200)
        return staff.page

    def outlet_viewer(self, username="viewer"):
        """That staff user may do everything, in Outlet only."""
        with self.server.at_rest() as db:
            site = db.execute("SELECT id FROM website WHERE code = 'outlet'").fetchone()[0]
            role = db.execute("INSERT INTO staff_role (name, all_resources, scope) VALUES ('Outlet orders', 1, ?) RETURNING id", (1 << site,)).fetchone()[0]
            db.execute("UPDATE staff_user SET role_id = ? WHERE username = ?", (role, username))
        return self.server.admin(username)

    def mails(self, since):
        return self.server.query("SELECT * FROM mail WHERE id > ? ORDER BY id", since)

    def last_mail(self):
        return self.server.value("SELECT coalesce(max(id), 0) FROM mail")

    def stocks(self, order):
        return {r["sku"]: r["stock"] for r in self.server.query(
            "SELECT p.sku, p.stock FROM sales_item i JOIN product p ON p.id = i.product_id WHERE i.order_id = ?", order["id"])}

    def comments(self, order):
        return self.server.query("SELECT * FROM sales_comment WHERE order_id = ? ORDER BY id", order["id"])


class GridTest(OrdersTest):
    """Sales › Orders."""

    def numbers(self, c):
        return [int(r["Order Number"]) for r in c.page.rows]

    def test_from_the_menu_newest_first(self):
        staff = self.server.admin()
        staff.click("Orders")
        self.assertEqual((staff.reply.status, staff.reply.path, staff.page.heading), (200, "/admin/orders", "Orders"))
        newest = self.server.query("SELECT * FROM sales_order ORDER BY id DESC LIMIT 20")
        self.assertEqual(self.numbers(staff), [o["number"] for o in newest])
        for column in ("Purchase Point", "Purchase Date", "Bill-to Name", "Grand Total", "Status"):
            self.assertIn(column, staff.page.rows[0])
        staff.get("/admin/orders?cols=number,bill,ship")
        to = self.server.query("SELECT firstname, lastname FROM sales_address WHERE role = 'shipping' AND order_id = ?", newest[0]["id"])[0]
        self.assertEqual(staff.page.rows[0]["Ship-to Name"], f"{to['firstname']} {to['lastname']}")

    def test_found_by_number_name_and_email(self):
        staff = self.server.admin()
        o = self.order(OWN)
        for q in (o["number"], f"{o['firstname']} {o['lastname']}", o["email"]):
            staff.get("/admin/orders")
            staff.press("Search", {"q": str(q)})
            self.assertIn(o["number"], self.numbers(staff), q)
        staff.press("Search", {"q": "zzz-nobody"})
        self.assertEqual(staff.page.rows, [])
        self.assert_status(staff.reply, 200)

    def test_the_purchase_point_is_the_view_and_tells_namesakes_apart(self):
        order = self.order("view_id = 2")
        staff = self.server.admin()
        for name, says in (("Nederlands", "Nederlands"), ("English", "English (Main Website)")):
            with self.server.at_rest() as db:
                db.execute("UPDATE store_view SET name = 'English' WHERE code = 'outlet'")
                db.execute("UPDATE store_view SET name = ? WHERE id = 2", (name,))
            staff.get(f"/admin/orders?q={order['number']}")
            row, = staff.page.rows
            self.assertEqual(row["Purchase Point"], says)
            self.assertEqual([n.get("title") for n in row["_node"].all("span") if n.get("title")], [f"Main Website / Main Store / {name}"])
        with self.server.at_rest() as db:
            db.execute("UPDATE store_view SET name = 'Nederlands' WHERE id = 2")
            db.execute("UPDATE store_view SET name = 'Outlet View' WHERE code = 'outlet'")

    def test_filters(self):
        staff = self.server.admin()
        o = self.order("state = 'holded'")
        staff.get("/admin/orders?f.status=holded")
        self.assertEqual({r["Status"] for r in staff.page.rows}, {"On Hold"})
        self.assertIn(o["number"], self.numbers(staff))
        for f in (f"f.number={o['number']}", f"f.customer={o['customer_id']}" if o["customer_id"] else f"f.number={o['number']}",
                  f"f.view={o['view_id']}&f.status=holded", f"f.group={o['group_id']}&f.number={o['number']}",
                  f"f.name={o['lastname'].split()[-1]}&f.status=holded", f"f.email={o['email']}&f.number={o['number']}",
                  f"f.by_staff={1 if o['staff_id'] else 0}&f.status=holded", "f.date.from=2020-01-01&f.status=holded",
                  f"f.total.from={o['total_minor'] / 100:.2f}&f.total.to={o['total_minor'] / 100:.2f}&f.status=holded"):
            self.assert_status(staff.get("/admin/orders?" + f), 200)
            self.assertIn(o["number"], self.numbers(staff), f)
        self.assert_status(staff.get("/admin/orders?f.status=nonsense"), 422)

    def test_every_column_can_be_sorted_by_and_paged(self):
        staff = self.server.admin()
        staff.get("/admin/orders?cols=number,view,date,total,status,name,group")
        for sort in ("number", "view", "date", "total", "status", "name", "group"):
            for direction in ("asc", "desc"):
                self.assert_status(staff.get(f"/admin/orders?sort={sort}&dir={direction}"), 200)
                first = self.numbers(staff)
                staff.click("Next")
                self.assertEqual(set(first) & set(self.numbers(staff)), set(), sort)

    def test_login_as_customer_never_for_guests(self):
        staff = self.server.admin()
        o = self.order(OWN)
        staff.get(f"/admin/orders?f.number={o['number']}")
        link = staff.page.link(BUTTON)
        self.assertEqual(link, f"/admin/customers/{o['customer_id']}/login-as-customer?from=orders&document={o['id']}")
        self.assert_status(staff.get(link), 200)
        self.assertIn("Sophie", staff.page.main.text)
        guest = self.order("guest = 1")
        staff.get(f"/admin/orders?f.number={guest['number']}")
        self.assertEqual(self.numbers(staff), [guest["number"]])
        self.assertFalse(staff.page.has_link(BUTTON))
        staff.click("View")
        self.assertEqual(staff.reply.path, f"/admin/orders/{guest['id']}")
        self.assertFalse(staff.page.has_form(button=BUTTON))

    def test_export(self):
        staff = self.server.admin()
        o = self.order(OWN)
        reply = staff.get(f"/admin/orders/export?f.number={o['number']}")
        head, line = reply.source.strip().splitlines()
        self.assertIn("Order Number", head)
        self.assertIn(str(o["number"]), line)
        self.assertIn(f",{o['total_minor'] // 100}.{o['total_minor'] % 100:02},", line)
        self.assertIn(o["currency"], line)
        self.assertIn('"total":', staff.get(f"/admin/orders/export?format=jsonl&f.number={o['number']}").source)

    def test_amounts_in_the_order_s_own_currency(self):
        o = self.order("state = 'complete'")
        with self.server.at_rest() as db:
            db.execute("UPDATE sales_order SET currency = 'JPY' WHERE id = ?", (o["id"],))
        staff = self.server.admin()
        staff.get(f"/admin/orders?f.number={o['number']}")
        self.assertIn(f"¥{o['total_minor']:,}", staff.page.rows[0]["Grand Total"])
        self.assertIn(f"¥{o['total_minor']:,}", self.see(staff, o).main.text)


class MassTest(OrdersTest):
    """Several orders at once."""

    def pick(self, staff, orders, action):
        """Ticks these in the grid and presses the button; ends at the question."""
        staff.get("/admin/orders?size=200")
        form = staff.page.form(button=action)
        staff.submit(form, {f"ids={o['id']}": True for o in orders}, action)

    def orders(self, state, n=2):
        rows = self.server.query("SELECT * FROM sales_order WHERE state = ? ORDER BY id DESC LIMIT ?", state, n)
        self.assertEqual(len(rows), n)
        return rows

    def test_held_and_released_with_what_could_not_be(self):
        staff = self.server.admin()
        good, bad = self.orders("pending"), self.orders("canceled", 1)
        before = self.server.audit_head()
        self.pick(staff, good + bad, "Hold")
        self.assertEqual(staff.reply.path.split("?")[0], "/admin/orders/hold")
        for o in good + bad:
            self.assertIn(str(o["number"]), staff.page.main.text)
        self.assertIn("These orders cannot be put on hold", staff.page.main.text)
        form = staff.page.form(action="/admin/orders/hold")
        token = {"csrf": form.control("csrf").value}
        back = form.control("back").value
        staff.post("/admin/orders/hold", [*token.items(), ("back", back)] + [("ids", o["id"]) for o in good + bad])
        self.assertEqual((staff.reply.status, staff.reply.path), (200, "/admin/orders?size=200"))
        told = " ".join(staff.page.alerts)
        self.assertIn("2 orders were put on hold.", told)
        self.assertIn(f"1 order could not be changed, because of its status: {bad[0]['number']} (Canceled).", told)
        self.assertEqual([self.again(o)["state"] for o in good + bad], ["holded", "holded", "canceled"])
        entry = self.server.audit(before)[-1]
        self.assertEqual((entry["action_group"], entry["full_action"], entry["result"]), ("orders", "orders_hold", "success"))
        for o in good:
            self.assertIn(str(o["number"]), entry["details"])
            self.assertIn(str(o["number"]), entry["after_json"])
        self.pick(staff, good, "Unhold")
        staff.press("Unhold")
        self.assertIn("2 orders were released from hold.", " ".join(staff.page.alerts))
        self.assertEqual([self.again(o)["state"] for o in good], ["pending", "pending"])

    def test_canceled_pieces_go_back_to_stock(self):
        staff = self.server.admin()
        o, = self.orders("pending", 1)
        items = self.server.query("SELECT p.sku, i.ordered FROM sales_item i JOIN product p ON p.id = i.product_id WHERE order_id = ?", o["id"])
        stocks = self.stocks(o)
        self.pick(staff, [o], "Cancel")
        staff.press("Cancel Orders")
        self.assertIn("1 order was canceled.", " ".join(staff.page.alerts))
        self.assertEqual(self.again(o)["state"], "canceled")
        for sku, n in ((i["sku"], i["ordered"]) for i in items):
            stocks[sku] += n
        self.assertEqual(self.stocks(o), stocks)

    def test_none_of_them(self):
        staff = self.server.admin()
        o, = self.orders("complete", 1)
        self.pick(staff, [o], "Cancel")
        self.assertIn("These orders cannot be canceled", staff.page.main.text)
        self.assertFalse(staff.page.has_form(button="Cancel Orders"))
        self.pick(staff, self.orders("canceled", 1), "Hold")
        token = self.csrf(staff)
        with self.unchanged():
            staff.post("/admin/orders/cancel", [token, ("ids", o["id"])])
        self.assert_status(staff.reply, 409)
        self.assertIn(f"{o['number']}", staff.page.main.text)
        self.assertIn("These orders cannot be canceled", staff.page.main.text)

    def csrf(self, staff):
        staff.get("/admin/orders/" + str(self.orders("pending", 1)[0]["id"]))
        return staff.csrf()

    def test_nothing_ticked(self):
        staff = self.server.admin()
        self.pick(staff, [], "Cancel")
        self.assertIn("No order is selected", staff.page.main.text)
        token = self.csrf(staff)
        with self.unchanged():
            self.assert_status(staff.post("/admin/orders/cancel", [token]), 422)
            self.assert_status(staff.post("/admin/orders/cancel", [token, ("ids", "x")]), 422)
            self.assert_status(staff.post("/admin/orders/cancel", [token] + [("ids", n) for n in range(1, 300)]), 422)
            self.assert_status(staff.post("/admin/orders/cancel", [token, ("ids", 999_999_999)]), 404)
            self.assert_status(staff.post("/admin/orders/hold", [token, ("ids", 1), ("back", "//elsewhere.example")]), 422)

    def test_all_of_the_page_without_script(self):
        staff = self.server.admin()
        staff.get("/admin/orders?f.status=pending")
        staff.click("Select all on this page")
        form = staff.page.form(button="Hold")
        boxes = [c for c in form.controls if c.name == "ids"]
        self.assertTrue(boxes and all(c.checked for c in boxes))
        self.assertEqual(len(boxes), len(staff.page.rows))
        staff.click("Select none")
        self.assertFalse(any(c.checked for c in staff.page.form(button="Hold").controls if c.name == "ids"))

    def test_only_for_those_who_may(self):
        viewer = self.server.admin("viewer")
        viewer.get("/admin/orders")
        for button in ("Cancel", "Hold", "Unhold"):
            self.assertFalse(viewer.page.has_form(button=button), button)
        o, = self.orders("pending", 1)
        self.assert_status(viewer.get(f"/admin/orders/cancel?ids={o['id']}"), 403)
        viewer.get("/admin/orders")
        with self.unchanged():
            self.assert_status(viewer.post("/admin/orders/cancel", [viewer.csrf(), ("ids", o["id"])]), 403)


class OrderPageTest(OrdersTest):
    """The order's page in the Admin."""

    def test_everything_about_it(self):
        staff = self.server.admin()
        o = self.order(f"{OWN} AND state = 'closed'")
        text = self.see(staff, o).main.text
        self.assertEqual(staff.page.heading, f"Order {o['number']}")
        for word in (o["email"], "Closed", "Order Information", "Account Information", "Billing Address", "Shipping Address",
                     "Payment Information", o["payment_title"], o["shipping_title"], "Items Ordered", "Subtotal", "Grand Total", "Total Paid",
                     "Total Refunded", "Total Due", "Placed from IP", "Purchased From", "Main Website / Main Store"):
            self.assertIn(word, text)
        for i in self.server.query("SELECT * FROM sales_item WHERE order_id = ?", o["id"]):
            for word in (i["name"], i["sku"], f"Ordered {i['ordered']}", f"Invoiced {i['invoiced']}", f"Shipped {i['shipped']}"):
                self.assertIn(word, text)
        self.assertEqual(staff.page.link(f"{o['firstname']} {o['lastname']}"), f"/admin/customers/{o['customer_id']}")
        for tab, table in (("Invoices", "sales_invoice"), ("Shipments", "sales_shipment"), ("Credit Memos", "sales_creditmemo")):
            # The menu has links of the same names.
            href = next(h for t, h in staff.page.links if t == tab and "tab=" in h)
            staff.get(href)
            numbers = [str(r["number"]) for r in self.server.query(f"SELECT number FROM {table} WHERE order_id = ?", o["id"])]
            self.assertEqual([r["Number"] for r in staff.page.rows], numbers)
            self.assertTrue(all(staff.page.has_link(f"View {n}") for n in numbers))
        staff.click("Comments History")
        self.assertIn("Order placed", staff.page.main.text)
        for c in self.comments(o):
            self.assertIn(c["body"], staff.page.main.text)
        self.assertRegex(staff.page.main.text, r"Credit Memo \d+ created")

    def test_buttons_by_state(self):
        staff = self.server.admin()
        expected = {
            "pending": {"Cancel", "Hold", "Invoice", "Ship", "Send Email"},
            "holded": {"Unhold", "Send Email"},
            "canceled": {"Send Email"},
            "closed": {"Send Email"},
            "complete": {"Credit Memo", "Send Email"},
        }
        every = set().union(*expected.values())
        for state, buttons in expected.items():
            paid = " AND paid_minor > refunded_minor" if state == "complete" else ""
            page = self.see(staff, self.order(f"state = ?{paid}", state))
            there = {n.text for n in page.root.walk() if n.tag in ("button", "a")}
            # The menu has Invoices and Shipments; the words here are others.
            self.assertEqual(there & every, buttons, state)
            self.assertIn("Back", there)

    def test_who_may_not_sees_no_buttons_and_no_tabs(self):
        viewer = self.server.admin("viewer")
        o = self.order(f"{OWN} AND state = 'pending'")
        page = self.see(viewer, o)
        for button in ("Cancel", "Hold", "Send Email", "Submit Comment", BUTTON):
            self.assertFalse(page.has_form(button=button), button)
        for link in ("Invoices", "Credit Memos", "Shipments", "Invoice", "Ship"):
            self.assertFalse(page.has_link(link), link)
        for tab in ("invoices", "shipments", "creditmemos"):
            self.assert_status(viewer.get(f"/admin/orders/{o['id']}?tab={tab}"), 404)
        self.see(viewer, o)
        with self.unchanged():
            for rest in ("cancel", "hold", "unhold", "comment", "send-email"):
                self.assert_status(viewer.post(f"/admin/orders/{o['id']}/{rest}", [viewer.csrf(), ("body", "x")]), 403)

    def test_the_customer_s_page_lists_them(self):
        staff = self.server.admin()
        o = self.order(OWN)
        staff.get(f"/admin/customers/{o['customer_id']}?tab=orders")
        self.assertEqual(staff.page.rows[0]["Order Number"], str(o["number"]))
        staff.click("View All Orders")
        self.assertEqual(staff.reply.path, f"/admin/orders?f.customer={o['customer_id']}")
        self.assertEqual(len(staff.page.rows), min(20, self.server.value(f"SELECT count(*) FROM sales_order WHERE {OWN}")))
        none = self.server.value("SELECT min(id) FROM customer WHERE id NOT IN (SELECT customer_id FROM sales_order WHERE customer_id IS NOT NULL)")
        staff.get(f"/admin/customers/{none}?tab=orders")
        self.assertIn("This customer has placed no orders.", staff.page.main.text)

    def test_in_dutch(self):
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_user SET locale = 'nl_NL' WHERE username = 'support'")
        staff = self.server.admin("support")
        o = self.order(f"{OWN} AND state = 'pending'")
        text = self.see(staff, o).main.text
        for word in (f"Bestelling {o['number']}", "Bestelde artikelen", "Verzendadres", "Totaalbedrag"):
            self.assertIn(word, text)
        staff.get("/admin/orders")
        self.assertIn("Bestelnummer", staff.page.rows[0])


class ChangeTest(OrdersTest):
    """Cancel, hold, unhold, comments, mail."""

    def test_hold_and_unhold(self):
        staff = self.server.admin()
        o = self.order("state = 'processing'")
        self.see(staff, o)
        staff.press("Hold")
        self.assertIn(f"Order {o['number']} was put on hold.", " ".join(staff.page.alerts))
        self.assertEqual((self.again(o)["state"], self.again(o)["held_state"]), ("holded", "processing"))
        self.assertFalse(staff.page.has_form(button="Hold"))
        staff.press("Unhold")
        self.assertEqual((self.again(o)["state"], self.again(o)["held_state"]), ("processing", ""))

    def test_cancel_in_two_tabs(self):
        staff, other = self.server.admin(), self.server.admin("support")
        o = self.order("state = 'pending'")
        before, stocks = self.server.audit_head(), self.stocks(o)
        self.see(staff, o)
        self.see(other, o)
        staff.press("Cancel")
        self.assertEqual(self.again(o)["state"], "canceled")
        self.assertEqual(self.again(o)["canceled_minor"], o["total_minor"])
        self.assertNotEqual(self.stocks(o), stocks)
        entry = self.server.audit(before)[-1]
        self.assertEqual((entry["action_group"], entry["full_action"], entry["subject_kind"]), ("orders", "order_cancel", "order"))
        self.assertIn("Pending", entry["before_json"])
        self.assertIn("Canceled", entry["after_json"])
        with self.unchanged():
            other.press("Cancel")
        self.assert_status(other.reply, 409)
        self.assertIn(f"This cannot be done with order {o['number']}: its status is Canceled.", other.page.text)
        token = other.csrf()
        with self.unchanged():
            self.assert_status(other.post(f"/admin/orders/{o['id']}/hold", [token]), 409)
            self.assert_status(other.post(f"/admin/orders/{o['id']}/unhold", [token]), 409)
            self.assert_status(other.post("/admin/orders/999999999/cancel", [token]), 404)

    def test_what_was_sent_stays(self):
        o = self.order("state = 'processing' AND EXISTS (SELECT 1 FROM sales_item i WHERE i.order_id = sales_order.id"
                       " AND i.invoiced < i.ordered AND i.shipped < i.ordered AND i.canceled = 0)"
                       " AND EXISTS (SELECT 1 FROM sales_item i WHERE i.order_id = sales_order.id AND i.invoiced + i.shipped > 0)")
        staff = self.server.admin()
        self.see(staff, o)
        staff.press("Cancel")
        after = self.again(o)
        self.assertNotEqual(after["state"], "canceled")
        for i in self.server.query("SELECT * FROM sales_item WHERE order_id = ?", o["id"]):
            self.assertEqual(i["canceled"], i["ordered"] - max(i["invoiced"], i["shipped"] + i["withdrawn"]))

    def test_the_coupon_of_a_canceled_order_can_be_used_again(self):
        first, second = self.server.query("SELECT * FROM sales_order WHERE state = 'pending' AND coupon_code = ''"
                                          " AND customer_id IS NOT NULL ORDER BY id LIMIT 2")
        with self.server.at_rest() as db:
            coupon = db.execute("SELECT id FROM coupon ORDER BY id LIMIT 1").fetchone()[0]
            db.execute("UPDATE coupon SET uses = 1 WHERE id = ?", (coupon,))
            for part, o in enumerate((first, second), 1):
                db.execute("UPDATE sales_order SET checkout_key = 'two-parts', checkout_part = ?, coupon_code = 'X' WHERE id = ?", (part, o["id"]))
            db.execute("INSERT INTO coupon_use (coupon_id, order_id, customer_id, email_fold) VALUES (?, ?, ?, ?)",
                       (coupon, first["id"], first["customer_id"], first["email"]))
        staff = self.server.admin()
        self.see(staff, first)
        staff.press("Cancel")
        self.assertEqual(self.server.value("SELECT order_id FROM coupon_use WHERE coupon_id = ? ORDER BY id DESC LIMIT 1", coupon), second["id"])
        self.assertEqual(self.server.value("SELECT uses FROM coupon WHERE id = ?", coupon), 1)
        self.see(staff, second)
        staff.press("Cancel")
        self.assertEqual(self.server.value("SELECT count(*) FROM coupon_use WHERE order_id IN (?, ?)", first["id"], second["id"]), 0)
        self.assertEqual(self.server.value("SELECT uses FROM coupon WHERE id = ?", coupon), 0)

    def test_comments(self):
        staff, o, mail = self.server.admin(), self.order(f"{OWN} AND state = 'processing'"), self.last_mail()
        self.see(staff, o)
        staff.press("Submit Comment", {"Comment": "Only <b>we</b> see this."})
        self.assertIn("The comment was added.", " ".join(staff.page.alerts))
        staff.press("Submit Comment", {"Comment": "On its way\nsoon.", "Visible on Storefront": True, "Notify Customer by Email": True})
        inside, told = self.comments(o)[-2:]
        self.assertEqual((inside["body"], inside["visible"], inside["mailed"], inside["author"]), ("Only <b>we</b> see this.", 0, 0, "staff"))
        self.assertEqual((told["visible"], told["mailed"], told["staff_name"]), (1, 1, "Eva Lindqvist"))
        self.assertIn("Only <b>we</b> see this.", staff.page.main.text)
        letter, = self.mails(mail)
        self.assertEqual((letter["kind"], letter["to_email"], letter["view_id"]), ("order_comment", o["email"], o["view_id"]))
        self.assertIn("On its way\nsoon.", letter["body"])
        self.assertIn(str(o["number"]), letter["subject"])
        customer = self.server.customer(EMAIL)
        customer.get(f"/customer/orders/{o['id']}")
        self.assertIn("On its way", customer.page.main.text)
        for hidden in ("Only", "Lindqvist"):
            self.assertNotIn(hidden, customer.page.main.text)

    def test_what_is_mailed_is_visible_too(self):
        staff, o, mail = self.server.admin(), self.order(f"{OWN} AND state = 'processing'"), self.last_mail()
        self.see(staff, o)
        staff.press("Submit Comment", {"Comment": "By mail only?", "Notify Customer by Email": True})
        told = self.comments(o)[-1]
        self.assertEqual((told["body"], told["visible"], told["mailed"]), ("By mail only?", 1, 1))
        self.assertEqual(len(self.mails(mail)), 1)
        customer = self.server.customer(EMAIL)
        self.assertIn("By mail only?", customer.get(f"/customer/orders/{o['id']}").page.main.text)

    def test_comments_that_are_none(self):
        staff, o = self.server.admin(), self.order("state = 'processing'")
        self.see(staff, o)
        for body in ("", "   \n ", "x" * 2001):
            with self.unchanged():
                staff.press("Submit Comment", {"Comment": body})
            self.assert_status(staff.reply, 422)
            self.assertTrue(staff.page.form(button="Submit Comment").errors)

    def test_the_mail_again_in_the_order_s_language(self):
        o = self.order("locale = 'nl_NL' AND state = 'pending' AND customer_id IS NOT NULL")
        staff, mail = self.server.admin(), self.last_mail()
        self.see(staff, o)
        staff.press("Send Email")
        self.assertIn(o["email"], " ".join(staff.page.alerts))
        letter, = self.mails(mail)
        self.assertEqual((letter["kind"], letter["to_email"], letter["view_id"]), ("order", o["email"], o["view_id"]))
        self.assertIn(f"Uw bestelling {o['number']}", letter["subject"])
        for word in ("Producten", "Subtotaal", "Totaalbedrag", "Factuuradres", "Verzendadres", o["payment_title"]):
            self.assertIn(word, letter["body"])
        item = self.server.query("SELECT * FROM sales_item WHERE order_id = ? ORDER BY position LIMIT 1", o["id"])[0]
        self.assertIn(f"{item['ordered']} × {item['name']} ({item['sku']})", letter["body"])


class ScopeTest(OrdersTest):
    """A role for one website."""

    def test_orders_of_other_websites_are_not_there(self):
        main = self.order("website_id = 1 AND state = 'pending'")
        own = self.order("website_id <> 1")
        staff = self.outlet_viewer()
        self.see(staff, own)
        token = staff.csrf()
        for tab in ("", "?tab=invoices", "?tab=comments"):
            self.assert_status(staff.get(f"/admin/orders/{main['id']}{tab}"), 404)
        with self.unchanged():
            for rest in ("cancel", "hold", "unhold", "comment", "send-email"):
                self.assert_status(staff.post(f"/admin/orders/{main['id']}/{rest}", [token, ("body", "x")]), 404)
            self.assert_status(staff.post("/admin/orders/cancel", [token, ("ids", main["id"])]), 404)
        staff.get(f"/admin/orders/cancel?ids={main['id']}&ids={own['id']}")
        self.assertNotIn(str(main["number"]), staff.page.main.text)
        self.assertIn(str(own["number"]), staff.page.main.text)
        staff.get("/admin/orders?size=200")
        sites = {r["website_id"] for r in self.server.query("SELECT number, website_id FROM sales_order")
                 if str(r["number"]) in {x["Order Number"] for x in staff.page.rows}}
        self.assertEqual(sites, {own["website_id"]})
        staff.get(f"/admin/orders?q={main['number']}")
        self.assertEqual(staff.page.rows, [])


class MyOrdersTest(OrdersTest):
    """My Orders in the shop."""

    def own(self):
        return self.server.query(f"SELECT * FROM sales_order WHERE {OWN} ORDER BY id DESC")

    def test_all_of_them_newest_first(self):
        c, seen = self.server.customer(EMAIL), []
        c.get("/customer/account")
        self.assertIn("Recent Orders", c.page.main.text)
        c.click("My Orders")
        first = c.reply.path
        for _ in range(20):
            self.assert_status(c.reply, 200)
            seen += [int(r["Order"]) for r in c.page.rows]
            if not c.page.has_link("Older orders"):
                break
            c.click("Older orders")
        self.assertEqual(seen, [o["number"] for o in self.own()])
        while c.page.has_link("Newer orders"):
            c.click("Newer orders")
        self.assertEqual(int(c.page.rows[0]["Order"]), seen[0])
        self.assert_status(c.get(first + "?older=1"), 200)
        self.assertIn("There are no older orders.", c.page.main.text)
        self.assert_status(c.get(first + "?newer=999999999"), 200)
        self.assertEqual(int(c.page.rows[0]["Order"]), seen[0])

    def test_none_yet(self):
        none = self.server.query("SELECT c.email FROM customer c WHERE c.website_id = 1 AND c.active = 1 AND c.password_hash IS NOT NULL"
                                 " AND NOT EXISTS (SELECT 1 FROM sales_order o WHERE o.customer_id = c.id) ORDER BY id LIMIT 1")[0]["email"]
        c = self.server.customer(none)
        c.get("/customer/orders")
        self.assertIn("You have placed no orders.", c.page.main.text)

    def test_one_with_everything(self):
        o = self.order(f"{OWN} AND state = 'closed'")
        c = self.server.customer(EMAIL)
        c.get("/customer/orders")
        while not c.page.has_link(f"View Order {o['number']}"):
            c.click("Older orders")
        c.click(f"View Order {o['number']}")
        self.assertEqual(c.page.heading, f"Order {o['number']}")
        text = c.page.main.text
        for table in ("sales_invoice", "sales_shipment", "sales_creditmemo"):
            for d in self.server.query(f"SELECT number FROM {table} WHERE order_id = ?", o["id"]):
                self.assertIn(str(d["number"]), text)
        for t in self.server.query("SELECT t.* FROM sales_track t JOIN sales_shipment s ON s.id = t.shipment_id WHERE s.order_id = ?", o["id"]):
            self.assertIn(t["track_number"], text)
        for word in ("Shipping Address", "Billing Address", o["payment_title"], o["shipping_title"], "Refunds", "Closed"):
            self.assertIn(word, text)
        for name in self.server.query("SELECT firstname || ' ' || lastname AS n FROM staff_user"):
            self.assertNotIn(name["n"], text)
        c.click("Print Order")
        self.assertIn(str(o["number"]), c.page.heading)
        self.assertIn("Grand Total", c.page.main.text)

    def test_nobody_else_s(self):
        c, o = self.server.customer("refuses@example.com"), self.order(OWN)
        for rest in ("", "/print"):
            self.assert_status(c.get(f"/customer/orders/{o['id']}{rest}"), 404)
        c.get("/customer/orders")
        with self.unchanged():
            self.assert_status(c.post(f"/customer/orders/{o['id']}/reorder", [c.csrf()]), 404)
        guest = self.server.client()
        guest.get(f"/customer/orders/{o['id']}")
        self.assertEqual(guest.reply.path.split("?")[0], "/customer/account/login")

    def test_in_dutch(self):
        o = self.order(f"{OWN} AND state = 'closed'")
        c = self.server.customer(EMAIL)
        c.get("/nl/customer/orders")
        self.assertEqual(c.page.heading, "Mijn bestellingen")
        c.get(f"/nl/customer/orders/{o['id']}")
        for word in (f"Bestelling {o['number']}", "Bestelde artikelen", "Terugbetalingen", "Verzendadres", "Totaalbedrag"):
            self.assertIn(word, c.page.main.text)
        self.assertRegex(c.page.main.text, r"Totaalbedrag € [0-9.]+,[0-9]{2}")


class ReorderTest(OrdersTest):
    """What is still sold goes into the cart."""

    def empty_cart(self, c, root=""):
        c.get(f"{root}/cart")
        while c.page.has_form(action="/cart/remove"):
            c.submit(c.page.form(action="/cart/remove"))

    def items(self, o):
        return self.server.query("SELECT i.name, i.ordered, i.product_id FROM sales_item i WHERE i.order_id = ? ORDER BY position", o["id"])

    def sellable(self, *items):
        """So that only the test decides what is sold."""
        with self.server.at_rest() as db:
            for i in items:
                db.execute("UPDATE product SET stock = 500, active = 1 WHERE id = ?", (i["product_id"],))

    def test_all_of_it(self):
        o = self.order(f"{OWN} AND state = 'complete'")
        items = self.items(o)
        self.sellable(*items)
        c = self.server.customer(EMAIL)
        self.empty_cart(c)
        c.get(f"/customer/orders/{o['id']}")
        c.press("Reorder")
        self.assertEqual((c.reply.status, c.reply.path), (200, "/cart"))
        self.assertIn(f"What is sold of order {o['number']} was put into your cart.", " ".join(c.page.alerts))
        lines = cart_lines(c)
        self.assertEqual(len(lines), len(items))
        for i in items:
            self.assertTrue(any(i["name"] in line for line in lines))

    def test_what_is_not_sold_any_more_is_said(self):
        o = self.order(f"{OWN} AND (SELECT count(*) FROM sales_item i WHERE i.order_id = sales_order.id) >= 3")
        gone, few, fine = self.items(o)[:3]
        self.sellable(*self.items(o))
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET active = 0 WHERE id = ?", (gone["product_id"],))
            db.execute("UPDATE product SET stock = 1 WHERE id = ?", (few["product_id"],))
            db.execute("UPDATE sales_item SET ordered = 2, row_minor = 2 * price_minor WHERE order_id = ? AND product_id = ? AND ordered = 1",
                       (o["id"], few["product_id"]))
        c = self.server.customer(EMAIL)
        self.empty_cart(c)
        c.get(f"/customer/orders/{o['id']}")
        c.press("Reorder")
        told = " ".join(c.page.alerts)
        self.assertIn(f"Not in stock or not sold any more: {gone['name']}.", told)
        self.assertIn(f"There are not so many in stock: {few['name']}.", told)
        lines = cart_lines(c)
        self.assertFalse(any(gone["name"] in line for line in lines))
        self.assertTrue(any(fine["name"] in line for line in lines))

    def test_nothing_of_it(self):
        o = self.order(f"{OWN} AND state = 'canceled'")
        with self.server.at_rest() as db:
            for item in self.items(o):
                db.execute("UPDATE product SET stock = 0 WHERE id = ?", (item["product_id"],))
        c = self.server.customer(EMAIL)
        c.get(f"/customer/orders/{o['id']}")
        with self.unchanged():
            c.press("Reorder")
        self.assert_status(c.reply, 409)
        self.assertIn(f"Nothing more of order {o['number']} can be put into the cart.", c.page.text)

    def test_staff_in_the_customer_s_place(self):
        o = self.order(f"{OWN} AND state = 'complete'")
        self.sellable(*self.items(o))
        before = self.server.audit_head()
        tab = assist(self.server.admin("support"), EMAIL)
        root = root_of(tab)
        self.empty_cart(tab, root)
        tab.get(f"{root}/customer/orders/{o['id']}")
        tab.press("Reorder")
        self.assertEqual((tab.reply.status, tab.reply.path), (200, f"{root}/cart"))
        entry = self.server.audit(before, full_action="order_reorder")[-1]
        self.assertEqual((entry["action_group"], entry["result"], entry["username"]), ("assist", "success", "support"))
        self.assertIn(str(o["number"]), entry["details"])
        self.place(tab, root)

    def place(self, tab, root):
        """An order placed from it carries the two comments."""
        tab.get(f"{root}/checkout")
        tab.press("Continue")
        tab.submit(tab.page.form(action="/checkout/payment"), {"payment=bank_transfer": True}, "Continue")
        tab.press("Place Order")
        self.assertEqual(tab.reply.path, f"{root}/checkout/success", tab.reply)
        placed = self.order(OWN)
        staff = self.server.query("SELECT firstname || ' ' || lastname AS name, id FROM staff_user WHERE username = 'support'")[0]
        self.assertEqual((placed["staff_id"], placed["staff_name"]), (staff["id"], staff["name"]))
        self.assertIsNotNone(placed["assist_session_id"])
        told, inside = self.comments(placed)
        self.assertEqual((told["visible"], inside["visible"]), (1, 0))
        self.assertIn("placed by the store's staff", told["body"])
        self.assertNotIn(staff["name"], told["body"])
        self.assertIn(staff["name"], inside["body"])
        self.assertIn("Login as Customer", inside["body"])
        page = self.see(self.server.admin(), placed)
        self.assertRegex(page.main.text, rf"Placed by staff\s*{re.escape(staff['name'])}")
        customer = self.server.customer(EMAIL)
        customer.get(f"/customer/orders/{placed['id']}")
        self.assertIn(told["body"], customer.page.main.text)
        self.assertNotIn(staff["name"], customer.page.main.text)


if __name__ == "__main__":
    unittest.main()
