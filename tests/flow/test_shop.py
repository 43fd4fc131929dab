"""The shop as shoppers use it: looking, the cart, accounts, passwords, languages."""
import os
import re
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import CUSTOMER_PASSWORD, MailServer, Server, ShopTest  # noqa: E402
from people import CONSENT, add_to_cart, assist, cart_lines, root_of  # noqa: E402
from smtpd import body  # noqa: E402

EMAIL = "consents@example.com"


def products(server, limit=50, extra=""):
    return server.query("SELECT p.*, t.name FROM product p JOIN product_text t ON t.product_id = p.id AND t.lang = 'en'"
                             " JOIN product_website w ON w.product_id = p.id AND w.website_id = 1"
                             f" WHERE p.active = 1 {extra} ORDER BY p.id LIMIT ?", limit)


class LookingTest(ShopTest):
    """Home, category, product, search, store views."""

    def test_home_leads_to_categories_and_products(self):
        c = self.server.client()
        self.assert_status(c.get("/"), 200)
        nav = c.page.root.first("nav", cls="shop-nav")
        category = nav.first("a")
        self.assert_status(c.get(category.get("href")), 200)
        self.assertEqual(c.page.heading, category.text)
        product = next(h for _, h in c.page.links if h.startswith("/product/"))
        self.assert_status(c.get(product), 200)
        self.assertTrue(c.page.has_form(button="Add to Cart"))
        image = next(n for n in c.page.main.all("img"))
        self.assertTrue(image.get("alt"))
        picture = c.get(image.get("src"))
        self.assertEqual((picture.status, picture.header("content-type").split(";")[0]), (200, "image/svg+xml"))
        self.assertEqual(picture.header("x-content-type-options"), "nosniff")

    def test_every_category_pages_through_all_its_products_once(self):
        rows = self.server.query("SELECT c.id, c.url_key, (SELECT count(*) FROM product_category pc JOIN product p ON p.id = pc.product_id"
                                 " JOIN product_website w ON w.product_id = p.id AND w.website_id = c.website_id"
                                 " WHERE pc.category_id = c.id AND p.active = 1) AS n FROM category c WHERE c.active = 1 AND c.website_id = 1")
        largest = max(rows, key=lambda r: r["n"])
        for sort in ("", "name", "price", "price_down", "newest"):
            with self.subTest(sort):
                c, seen = self.server.client(), []
                c.get(f"/category/{largest['url_key']}" + (f"?sort={sort}" if sort else ""))
                for _ in range(40):
                    self.assert_status(c.reply, 200)
                    seen += list(dict.fromkeys(h for _, h in c.page.links if h.startswith("/product/") and c.page.main))
                    following = [h for t, h in c.page.links if re.search(r"[?&]after=", h or "")]
                    if not following:
                        break
                    c.get(following[0])
                self.assertEqual(len(seen), len(set(seen)), "a product stands twice")
                self.assertGreaterEqual(len(seen), largest["n"])

    def shown(self, c):
        return list(dict.fromkeys(h for _, h in c.page.links if h.startswith("/product/")))

    def there_and_back(self, address):
        """Forward to the end and back to the beginning: the same pages in both directions."""
        c, pages = self.server.client(), []
        c.get(address)
        while True:
            self.assert_status(c.reply, 200)
            pages.append(self.shown(c))
            following = [h for _, h in c.page.links if re.search(r"[?&]after=", h or "")]
            if not following:
                break
            c.get(following[0])
        self.assertGreater(len(pages), 1, f"{address} has one page only")
        for expected in reversed(pages[:-1]):
            c.get(next(h for _, h in c.page.links if re.search(r"[?&]before=", h or "")))
            self.assertEqual(self.shown(c), expected)
        self.assertEqual([h for _, h in c.page.links if re.search(r"[?&]before=", h or "")], [], "before the first page there is none")

    def test_the_way_back_through_a_category_and_a_search(self):
        largest = self.server.value("SELECT c.url_key FROM category c JOIN product_category pc ON pc.category_id = c.id"
                                    " WHERE c.website_id = 1 AND c.active = 1 GROUP BY c.url_key ORDER BY count(*) DESC LIMIT 1")
        for sort in ("", "name", "price_down"):
            for address in (f"/category/{largest}", "/search?q=the"):
                with self.subTest(f"{address} {sort}"):
                    self.there_and_back(address + (("&" if "?" in address else "?") + f"sort={sort}" if sort else ""))

    def test_search_finds_by_name_without_accents_and_case(self):
        product = products(self.server, 1)[0]
        c = self.server.client()
        for q in (product["name"], product["name"].upper(), product["name"].split()[0]):
            c.get("/")
            form = c.page.form(field="q")
            c.submit(form, {"q": q})
            self.assertIn(f"/product/{product['url_key']}", [h for _, h in c.page.links])
        c.submit(form, {"q": "zzzz no such thing <b>"})
        self.assert_status(c.reply, 200)
        self.assertEqual(c.page.main.all("b"), [])

    def test_what_is_not_there(self):
        c = self.server.client()
        for path in ("/product/no-such-thing", "/category/no-such-thing", "/nothing", "/picture/no-such-thing", "/xx/"):
            reply = c.get(path)
            self.assertEqual(reply.status, 404, path)
        self.assertTrue(c.get("/nothing").is_html)
        self.assertNotEqual(c.page.heading, "")

    def test_dutch_all_over(self):
        c = self.server.client()
        for path in ("/nl/", "/nl/cart", "/nl/customer/account/login", "/nl/customer/account/create", "/nl/nothing"):
            page = c.get(path).page
            self.assertEqual(page.root.first("html").get("lang"), "nl", path)
            for english in ("Add to Cart", "Sign In", "Your cart is empty", "Create an Account", "What are you looking for"):
                self.assertNotIn(english, page.text, path)
            links = [h for t, h in page.links if h and h.startswith("/") and not h.startswith("/nl")]
            self.assertLessEqual(len([h for h in links if "/assets/" not in h]), 3, f"{path}: only other store views are outside: {links}")

    def test_the_switch_of_store_views_leads_to_the_same_page_or_home(self):
        c = self.server.client()
        c.get("/")
        c.click("Nederlands")
        self.assertTrue(c.reply.path.startswith("/nl"))
        c.click("English")
        self.assertFalse(c.reply.path.startswith("/nl"))

    def test_the_outlet_is_another_website(self):
        paths = self.server.query("SELECT v.path, v.name FROM store_view v JOIN store s ON s.id = v.store_id WHERE s.website_id <> 1")
        c = self.server.client()
        self.assert_status(c.get(paths[0]["path"] + "/"), 200)
        only_main = self.server.value("SELECT p.url_key FROM product p WHERE p.active = 1 AND NOT EXISTS (SELECT 1 FROM product_website w"
                                      " WHERE w.product_id = p.id AND w.website_id <> 1) LIMIT 1")
        if only_main:
            self.assertEqual(c.get(f"{paths[0]['path']}/product/{only_main}").status, 404)

    def test_prices_of_a_customer_group(self):
        row = self.server.query("SELECT c.email, p.url_key, g.price_minor AS group_price, p.price_minor FROM product_group_price g"
                                " JOIN product p ON p.id = g.product_id JOIN customer c ON c.group_id = g.group_id AND c.active = 1 AND c.website_id = 1"
                                " JOIN product_website w ON w.product_id = p.id AND w.website_id = 1"
                                " WHERE p.active = 1 AND g.price_minor <> p.price_minor AND c.view_id = 1 LIMIT 1")[0]
        special, regular = (f"{row[k] // 100:,}.{row[k] % 100:02d}" for k in ("group_price", "price_minor"))
        guest = self.server.client()
        for _ in range(2):
            self.assertIn(regular, guest.get(f"/product/{row['url_key']}").text)
            self.assertNotIn(special, guest.page.root.first("p", cls="price-big").text)
        customer = self.server.customer(row["email"])
        for _ in range(2):
            self.assertIn(special, customer.get(f"/product/{row['url_key']}").page.root.first("p", cls="price-big").text)
        self.assertNotIn(special, guest.get(f"/product/{row['url_key']}").page.root.first("p", cls="price-big").text)


class CartTest(ShopTest):
    """The cart of guests and customers."""

    def key(self, n=0):
        return products(self.server, n + 1, "AND p.stock > 20")[n]

    def test_add_change_remove(self):
        c, p = self.server.client(), self.key()
        add_to_cart(c, p["url_key"], 2)
        self.assert_status(c.reply, 200)
        lines = cart_lines(c)
        self.assertEqual(len(lines), 1)
        self.assertIn(p["name"], lines[0])
        c.press("Update", {"Quantity": 3})
        self.assertEqual(c.page.root.first("input", type="number").get("value"), "3")
        total = 3 * p["price_minor"]
        self.assertIn(f"{total // 100:,}.{total % 100:02d}", c.page.text)
        c.submit(next(f for f in c.page.forms if f.action.endswith("/cart/remove")))
        self.assertEqual(cart_lines(c), [])

    def test_what_was_removed_comes_back(self):
        c, p = self.server.client(), self.key(1)
        add_to_cart(c, p["url_key"], 3)
        c.submit(c.page.form(action="/cart/remove"))
        self.assertIn(f"You removed {p['name']} from your shopping cart.", c.page.main.text)
        undo = c.page.form(action="/cart/restore")
        c.submit(undo)
        self.assertIn(f"{p['name']} is in your shopping cart again.", c.page.root.text)
        self.assertEqual(c.page.root.first("input", type="number").get("value"), "3")
        self.assertFalse(c.page.has_form(action="/cart/restore"))
        with self.unchanged():
            c.submit(undo)
        self.assertEqual(c.page.root.first("input", type="number").get("value"), "3", "pressed twice")
        c.press("Update", {"Quantity": 0})
        c.submit(c.page.form(action="/cart/restore"))
        self.assertEqual(c.page.root.first("input", type="number").get("value"), "3", "a quantity of 0 can be undone too")

    def test_as_much_comes_back_as_there_is(self):
        c, p = self.server.client(), self.key(2)
        add_to_cart(c, p["url_key"], 4)
        c.submit(c.page.form(action="/cart/remove"))
        undo = c.page.form(action="/cart/restore")
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET stock = 3 WHERE id = ?", (p["id"],))
        c.submit(undo)
        self.assertEqual(c.page.root.first("input", type="number").get("value"), "3")
        self.assertIn(f"Only 3 of {p['name']} are in stock.", c.page.root.text)
        c.submit(c.page.form(action="/cart/remove"))
        undo = c.page.form(action="/cart/restore")
        for change, words in (("stock = 0", f"{p['name']} is out of stock."), ("active = 0", "This product is not sold any more.")):
            with self.server.at_rest() as db:
                db.execute(f"UPDATE product SET {change} WHERE id = ?", (p["id"],))
            with self.unchanged():
                c.submit(undo)
            self.assertIn(words, c.page.root.text)
        self.assertEqual(cart_lines(c), [])
        with self.server.at_rest() as db:
            db.execute("UPDATE product SET stock = ?, active = 1 WHERE id = ?", (p["stock"], p["id"]))

    def test_undo_needs_a_token_and_a_real_product(self):
        c = self.server.client()
        with self.unchanged():
            self.assert_status(c.post("/cart/restore", {"key": self.key(1)["url_key"], "pieces": "1"}), 403)
            self.assertFalse(c.get("/cart?removed=no-such-thing&qty=2").page.has_form(action="/cart/restore"))
            self.assert_status(c.get("/cart?removed=x&qty=0"), 400, 404, 422)

    def test_staff_undo_for_the_customer_and_it_is_recorded(self):
        tab = assist(self.server.admin("support"), EMAIL)
        root, p = root_of(tab), self.key(3)
        add_to_cart(tab, p["url_key"], 2, root)
        line, = [f for f in tab.page.forms if f.action.endswith("/cart/remove") and p["name"] in f.button_names[0]]
        tab.submit(line)
        tab.submit(tab.page.form(action="/cart/restore"))
        self.assertTrue(any(p["name"] in x for x in cart_lines(tab, root)))
        entry = self.server.audit(full_action="cart_restore")[-1]
        self.assertEqual((entry["actor"], entry["result"]), ("assisted", "success"))
        self.assertIn(p["sku"], entry["after_json"])

    def test_the_same_product_twice_is_one_line(self):
        c, p = self.server.client(), self.key()
        add_to_cart(c, p["url_key"], 1)
        add_to_cart(c, p["url_key"], 2)
        self.assertEqual(len(cart_lines(c)), 1)
        self.assertEqual(c.page.root.first("input", type="number").get("value"), "3")

    def test_quantities_that_are_none(self):
        c, p = self.server.client(), self.key()
        c.get(f"/product/{p['url_key']}")
        form = c.page.form(button="Add to Cart")
        with self.unchanged():
            for qty in ("0", "-1", "10000", "many", "1.5", "", "9" * 30):
                reply = c.submit(form, {"qty": qty}, follow=False)
                self.assertEqual(reply.status, 422, f"{qty}: {reply!r}")
                self.assertIn("qty", reply.page.form(button="Add to Cart").errors)
                self.assertEqual(reply.page.form(button="Add to Cart").control("qty").value, qty)

    def test_more_than_there_is(self):
        p = products(self.server, 1, "AND p.stock BETWEEN 1 AND 50")[0]
        c = self.server.client()
        c.get(f"/product/{p['url_key']}")
        with self.unchanged():
            reply = c.press("Add to Cart", {"qty": p["stock"] + 1}, follow=False)
            self.assertEqual(reply.status, 422)
            self.assertTrue(reply.page.alerts or reply.page.form(button="Add to Cart").errors)

    def test_a_guests_cart_goes_along_when_signing_in(self):
        c, p = self.server.client(), self.key(4)
        add_to_cart(c, p["url_key"], 1)
        c.get("/customer/account/login")
        c.press("Sign In", {"Email": "refuses@example.com", "Password": CUSTOMER_PASSWORD})
        self.assertTrue(any(p["name"] in x for x in cart_lines(c)))
        other = self.server.customer("refuses@example.com")
        self.assertTrue(any(p["name"] in x for x in cart_lines(other)))

    def test_the_cart_of_one_guest_is_nobody_elses(self):
        a, b, p = self.server.client(), self.server.client(), self.key()
        add_to_cart(a, p["url_key"], 1)
        self.assertEqual(cart_lines(b), [])
        item = self.server.value("SELECT max(id) FROM cart_item")
        add_to_cart(b, self.key(1)["url_key"], 1)
        b.get("/cart")
        form = next(f for f in b.page.forms if f.action.endswith("/cart/remove"))
        with self.unchanged():
            reply = b.submit(form, {"item": item}, follow=False)
            self.assertIn(reply.status, (303, 404, 422), repr(reply))


class AccountTest(ShopTest):
    """Registering, signing in and out, account information, addresses."""

    def register(self, email, c=None, **changed):
        c = c or self.server.client()
        c.get("/customer/account/create")
        fields = {"First Name": "Nóra", "Last Name": "O'Brien", "Email": email, "Password": "a few words in a row 9",
                  "Confirm Password": "a few words in a row 9", **changed}
        c.press("Create an Account", fields, follow=False)
        return c

    def test_registering_with_consent(self):
        c = self.register("nora@example.net", **{CONSENT: True})
        self.assertEqual(c.reply.status, 303, repr(c.reply))
        reply = c.get("/customer/account")
        self.assertIn("Nóra O'Brien", reply.text)
        row = self.server.query("SELECT k.* FROM assist_consent k JOIN customer c ON c.consent_id = k.id WHERE c.email = 'nora@example.net'")[0]
        self.assertEqual((row["granted"], row["source"], row["by_staff_id"]), (1, "register", None))

    def test_the_box_is_off_by_default(self):
        c = self.server.client()
        c.get("/customer/account/create")
        self.assertFalse(c.page.form(button="Create an Account").control(CONSENT).checked)
        self.register("plain@example.net")
        self.assertIsNone(self.server.value("SELECT k.id FROM assist_consent k JOIN customer c ON c.consent_id = k.id"
                                            " WHERE c.email = 'plain@example.net' AND k.granted = 1"))

    def test_what_is_wrong_is_said_at_the_field_and_kept(self):
        for changed, field in (({"Email": "nobody"}, "email"), ({"First Name": "x" * 61}, "firstname"), ({"First Name": ""}, "firstname"),
                               ({"Password": "short", "Confirm Password": "short"}, "password"), ({"Confirm Password": "another one 5"}, "password2"),
                               ({"Email": EMAIL}, "email"), ({"Email": EMAIL.upper()}, "email")):
            with self.subTest(changed), self.unchanged():
                c = self.register("new@example.net", **changed)
                self.assertEqual(c.reply.status, 422, repr(c.reply))
                form = c.page.form(button="Create an Account")
                self.assertEqual(list(form.errors), [field])
                self.assertEqual(form.control("lastname").value, "O'Brien")
                self.assertEqual(form.control("password").value, "", "a password is never shown again")

    def test_the_same_email_on_another_website_is_another_account(self):
        self.register("twice@example.net")
        outlet = self.server.value("SELECT v.path FROM store_view v JOIN store s ON s.id = v.store_id WHERE s.website_id <> 1")
        c = self.server.client()
        c.get(f"{outlet}/customer/account/login")
        reply = c.press("Sign In", {"Email": "twice@example.net", "Password": "a few words in a row 9"}, follow=False)
        self.assertEqual(reply.status, 422)

    def test_signing_out_is_final(self):
        c = self.server.customer(EMAIL)
        stolen = c.clone()
        self.assertEqual(stolen.get("/customer/account").status, 200)
        c.press("Sign Out")
        for who in (c, stolen):
            reply = who.get("/customer/account", follow=False)
            self.assertEqual(reply.status, 303)
            self.assertIn("/customer/account/login", reply.header("location"))

    def test_after_signing_in_the_wanted_page_comes(self):
        c = self.server.client()
        c.get("/customer/address")
        self.assertTrue(c.page.has_form(button="Sign In"))
        c.press("Sign In", {"Email": EMAIL, "Password": CUSTOMER_PASSWORD})
        self.assertEqual(c.reply.path, "/customer/address")

    def test_wrong_passwords_lock_the_account_for_a_while(self):
        self.register("locked@example.net")
        c = self.server.client()
        answers = set()
        for _ in range(11):
            c.get("/customer/account/login")
            reply = c.press("Sign In", {"Email": "locked@example.net", "Password": "wrong password"}, follow=False)
            self.assertEqual(reply.status, 422)
            answers.add(tuple(reply.page.alerts))
        c.get("/customer/account/login")
        reply = c.press("Sign In", {"Email": "locked@example.net", "Password": "a few words in a row 9"}, follow=False)
        self.assertEqual(reply.status, 422, "the right password opened a locked account")
        c.get("/customer/account/login")
        reply = c.press("Sign In", {"Email": "unknown@example.net", "Password": "wrong password"}, follow=False)
        answers.add(tuple(reply.page.alerts))
        self.assertEqual(len(answers), 1, f"the answers differ: {answers}")

    def test_unknown_names_take_as_long(self):
        def median(email):
            times = []
            for _ in range(7):
                c = self.server.client()
                c.get("/customer/account/login")
                form = c.page.form(button="Sign In")
                begin = time.perf_counter()
                c.submit(form, {"Email": email, "Password": "wrong password"}, follow=False)
                times.append(time.perf_counter() - begin)
            return sorted(times)[3]
        known, unknown = median("outletx@example.com"), median(EMAIL)
        self.assertLess(max(known, unknown), 3 * min(known, unknown) + 0.02)
        self.assertGreater(min(known, unknown), 0.015, "no password was hashed")

    def test_account_information_and_consent_history(self):
        c = self.server.customer("refuses@example.com")
        for given in (True, False):
            c.get("/customer/account/edit")
            c.press("Save", {CONSENT: given})
            self.assert_status(c.reply, 200)
            c.get("/customer/account/edit")
            self.assertEqual(c.page.form(button="Save").control(CONSENT).checked, given)
        rows = self.server.query("SELECT k.* FROM assist_consent k JOIN customer c ON c.id = k.customer_id WHERE c.email = 'refuses@example.com' ORDER BY k.id")
        self.assertEqual([r["granted"] for r in rows[-2:]], [1, 0])
        self.assertEqual([(r["source"], r["by_staff_id"]) for r in rows[-2:]], [("account", None)] * 2)
        self.assertTrue(all(r["ip"] for r in rows[-2:]))

    def test_addresses(self):
        self.register("address@example.net")
        c = self.server.client()
        c.get("/customer/account/login")
        c.press("Sign In", {"Email": "address@example.net", "Password": "a few words in a row 9"})
        c.get("/customer/address/new")
        good = {"First Name": "N", "Last Name": "O", "Street Address": "Straat 1", "Zip/Postal Code": "1000 AA", "City": "Ede", "Country": "NL"}
        with self.unchanged():
            reply = c.submit(c.page.form(field="City"), {**good, "City": ""}, follow=False)
            self.assertEqual((reply.status, list(reply.page.form(field="City").errors)), (422, ["city"]))
            reply = c.submit(c.page.form(field="City"), {**good, "Country": "XX"}, follow=False)
            self.assertEqual(reply.status, 422)
        c.get("/customer/address/new")
        c.submit(c.page.form(field="City"), good)
        self.assert_status(c.reply, 200)
        self.assertIn("Straat 1", c.get("/customer/address").text)
        address = self.server.value("SELECT a.id FROM address a JOIN customer c ON c.id = a.customer_id WHERE c.email = 'address@example.net'")
        c.get(f"/customer/address/edit/{address}")
        c.submit(c.page.form(field="City"), {"Street Address": "Laan 2"})
        self.assertIn("Laan 2", c.get("/customer/address").text)
        form = next(f for f in c.page.forms if "/address/delete/" in f.action)
        c.submit(form)
        self.assertNotIn("Laan 2", c.get("/customer/address").text)

    def test_changing_the_password_ends_the_other_sessions(self):
        self.register("change@example.net")
        first, second = (self.server.customer("change@example.net", "a few words in a row 9") for _ in range(2))
        first.get("/customer/account/password")
        form = first.page.form(field="New Password")
        reply = first.submit(form, {"Current Password": "wrong", "New Password": "other words 77 now", "Confirm New Password": "other words 77 now"}, follow=False)
        self.assertEqual(reply.status, 422)
        first.submit(form, {"Current Password": "a few words in a row 9", "New Password": "other words 77 now", "Confirm New Password": "other words 77 now"})
        self.assert_status(first.reply, 200)
        self.assertEqual(first.get("/customer/account", follow=False).status, 200)
        self.assertNotEqual(second.get("/customer/account", follow=False).status, 200)
        self.server.customer("change@example.net", "other words 77 now")


class MailTest(unittest.TestCase):
    """Forgotten passwords, by a real mail server."""

    def test_a_forgotten_password(self):
        with MailServer() as mails, Server("--smtp", mails.url) as server:
            c = server.client()
            answers = []
            for email in (EMAIL, "nobody-at-all@example.com"):
                c.get("/customer/account/forgotpassword")
                c.press("Reset My Password", {"Email": email})
                self.assertEqual(c.reply.status, 200, repr(c.reply))
                answers.append((c.reply.path, re.sub(r"\S+@\S+", "", c.page.main.text)))
            self.assertEqual(answers[0], answers[1], "the answer tells who has an account")
            mail, = mails.wait(EMAIL)
            text = body(mail)
            code = max(re.findall(r"[A-Za-z0-9_-]{20,}", text), key=len)
            server.secrets.add(code)
            self.assertNotIn(code, repr(server.query("SELECT * FROM mail")))
            link = next((u for u in re.findall(r"https?://\S+", text) if "resetpassword" in u), None)
            self.assertIsNotNone(link, text)
            self.assertNotIn(code, link.split("#")[0], "only the fragment of an address stays out of logs")
            old = server.customer(EMAIL)
            new = {"New Password": "brand new words 31", "Confirm New Password": "brand new words 31"}
            c.get("/customer/account/resetpassword")
            reply = c.press("Set a New Password", {"Code": "A" * len(code), **new}, follow=False)
            self.assertEqual(reply.status, 422)
            c.get("/customer/account/resetpassword")
            reply = c.press("Set a New Password", {"Code": code, **new}, follow=False)
            self.assertEqual(reply.status, 303, repr(reply))
            c.get("/customer/account/resetpassword")
            reply = c.press("Set a New Password", {"Code": code, "New Password": "thief words 99 x", "Confirm New Password": "thief words 99 x"}, follow=False)
            self.assertEqual(reply.status, 422, "the code works twice")
            self.assertNotEqual(old.get("/customer/account", follow=False).status, 200)
            server.customer(EMAIL, "brand new words 31")
            self.assertEqual([r for r, _ in mails.mails if "nobody-at-all@example.com" in r], [])

    def test_mail_waits_for_a_server_that_refuses(self):
        with MailServer() as mails, Server("--smtp", mails.url) as server:
            mails.refuse = True
            c = server.client()
            c.get("/customer/account/forgotpassword")
            c.press("Reset My Password", {"Email": EMAIL})
            for _ in range(100):
                row = server.query("SELECT tries, sent_us, failure FROM mail ORDER BY id DESC LIMIT 1")[0]
                if row["tries"]:
                    break
                time.sleep(0.1)
            self.assertEqual(row["sent_us"], None)
            self.assertGreaterEqual(row["tries"], 1)
            self.assertEqual(c.get("/").status, 200)


if __name__ == "__main__":
    unittest.main()
