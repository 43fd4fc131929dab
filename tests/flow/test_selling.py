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


def said(values):
    """What the record says of one side, without what there was not."""
    return {k: v for k, v in values.items() if v is not None}


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

    def shipping(self, client):
        """The line of the cart about shipping: its words, and the amount in cents."""
        name, = [n.text for n in client.page.root.all("dt") if n.text.startswith("Shipping to ")]
        text = dict(zip([n.text for n in client.page.root.all("dt")], [n.text for n in client.page.root.all("dd")]))[name]
        return name, 0 if text == "free" else int("".join(ch for ch in text if ch.isdigit()))

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
        _, ship = self.shipping(c)
        self.assertIn(amount(tax + half_up(ship * 2100, 12100)), totals["of which tax, estimated"])
        self.assertEqual(self.apply(c, " welcome10 ").status, 303)
        totals = self.totals(c)
        discount = half_up(sum(rows), 10)
        self.assertIn(amount(discount), totals["Discount (WELCOME10)"])
        _, ship = self.shipping(c)
        self.assertIn(amount(sum(rows) - discount + ship), totals["Total, estimated"])
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


class AdminSelling(Selling):
    """Forms of the Admin that make, change and delete one row each."""

    def setUp(self):
        self.admin = self.server.admin()

    def save(self, path, button, values, status=200, client=None):
        """Fills in the form at `path`; returns the page that follows."""
        c = client or self.admin
        c.get(path)
        c.press(button, values, follow=status == 200)
        self.assertEqual(c.reply.status, status, repr(c.reply))
        return c

    def wrong(self, path, button, field, cases, good):
        """Each case is refused with a message at the field, and nothing changes."""
        with self.unchanged():
            for value in cases:
                with self.subTest(f"{field}={value!r}"):
                    c = self.save(path, button, {**good, field: value}, 422)
                    self.assertIn(field, c.page.form(button=button).errors)

    def refused(self, reply):
        """Because the role does not reach far enough, and for nothing else."""
        self.assertEqual(reply.status, 403, repr(reply))
        self.assertIn("does not reach every website", reply.page.text)

    def only_outlet(self):
        """The support role gets these pages, and the Outlet only. Gives the Outlet's id."""
        outlet = self.server.value("SELECT id FROM website WHERE code = 'outlet'")
        with self.server.at_rest() as db:
            role = "(SELECT role_id FROM staff_user WHERE username = 'support')"
            db.execute(f"UPDATE staff_role SET scope = ? WHERE id = {role}", (1 << outlet,))
            for r in ("marketing.coupons", "stores.tax", "stores.shipping"):
                db.execute(f"INSERT INTO staff_role_resource (role_id, resource) SELECT {role}, '{r}' WHERE NOT EXISTS"
                           f" (SELECT 1 FROM staff_role_resource WHERE role_id = {role} AND resource = '{r}')")
        return outlet


class CouponAdminTest(AdminSelling):
    """Marketing › Coupons."""
    GOOD = {"code": "Spring-26", "name": "Spring", "website": "0", "kind": "fixed", "amount": "7.50", "minimum": "20", "from": "2020-03-01",
            "until": "2030-10-27", "uses_max": "3", "uses_per_customer": "1"}

    def test_made_found_used_changed_and_deleted(self):
        head = self.server.audit_head()
        c = self.save("/admin/coupons/new", "Save Coupon", self.GOOD)
        self.assertIn("You saved the coupon.", c.page.text)
        row = self.server.query("SELECT * FROM coupon WHERE code_fold = 'spring-26'")[0]
        self.assertEqual((row["code"], row["kind"], row["value"], row["minimum_minor"], row["uses_max"], row["uses_per_customer"], row["active"]),
                         ("Spring-26", "fixed", 750, 2000, 3, 1, 1))
        # Amsterdam's 27 October 2030 begins at 22:00 UTC of the day before and has 25 hours.
        self.assertEqual(row["until_us"] // 1_000_000, 1919372400)
        entry, = self.server.audit(head)
        self.assertEqual((entry["action_group"], entry["subject_kind"], entry["subject_id"], said(entry["before"])), ("selling", "coupon", str(row["id"]), {}))
        self.assertEqual((entry["after"]["discount"], entry["after"]["website"], entry["after"]["uses_max"]), ("fixed 7.50", "All", "3"))

        form = c.page.form(button="Search")
        c.submit(form, {next(x.name for x in form.controls if x.kind == "search"): "spring"})
        self.assertEqual(len(c.page.rows), 1)
        self.assertIn("7.50", c.page.rows[0]["_node"].text)
        self.assertIn("27 Oct 2030", c.page.rows[0]["_node"].text)

        shopper = self.server.client()
        add_to_cart(shopper, self.product()["url_key"], 2)
        self.assertEqual(self.apply(shopper, "SPRING-26").status, 303)
        self.assertIn("7.50", self.totals(shopper)["Discount (Spring-26)"])

        path, head = f"/admin/coupons/{row['id']}", self.server.audit_head()
        self.save(path, "Save Coupon", {"kind": "percent", "percent": "12.5", "active": False, "until": ""})
        entry, = self.server.audit(head)
        self.assertEqual(entry["before"], {"discount": "fixed 7.50", "until": "2030-10-27T23:00:00.000000Z", "active": "yes"})
        self.assertEqual(said(entry["after"]), {"discount": "percent 12.50", "active": "no"})
        self.assertIn("not valid", shopper.get("/cart").page.text)

        head = self.server.audit_head()
        self.save(path, "Save Coupon", {})
        self.assertEqual(self.server.audit(head), [], "nothing changed")
        self.admin.get(path)
        self.admin.press("Delete Coupon")
        self.assertIsNone(self.server.value("SELECT id FROM coupon WHERE id = ?", row["id"]))
        self.assertEqual(self.server.audit(head)[0]["before"]["code"], "Spring-26")
        self.assertEqual(self.admin.get(path).status, 404)

    def test_what_cannot_be_saved(self):
        good, path = {**self.GOOD, "code": "WRONG"}, "/admin/coupons/new"
        for field, cases in {"code": ("", "WELCOME10", "welcome10", "with space", "x" * 41, "<b>"), "name": ("", "x" * 81),
                             "amount": ("0", "", "-1", "ten", "1.234", "999999999999"), "minimum": ("-1", "999999999999", "many"),
                             "until": ("2020-02-29", "2030-02-30", "soon"), "uses_max": ("-1", "1.5", "x"), "website": ("99", "62", "x"),
                             "kind": ("free", "")}.items():
            self.wrong(path, "Save Coupon", field, cases, good)
        self.wrong(path, "Save Coupon", "percent", ("0", "100.01", "-5", ""), {**good, "kind": "percent"})

    def test_a_role_of_one_website(self):
        outlet = self.only_outlet()
        support = self.server.admin("support")
        codes = [r["_node"].text for r in support.get("/admin/coupons").page.rows]
        self.assertTrue(any("OUTLET20" in x for x in codes) and any("WELCOME10" in x for x in codes))
        self.assertFalse(any("FIRST100" in x for x in codes))
        ids = {r["code"]: r["id"] for r in self.server.query("SELECT code, id FROM coupon")}
        self.assertEqual(support.get(f"/admin/coupons/{ids['FIRST100']}").status, 404)
        self.assertFalse(support.get(f"/admin/coupons/{ids['WELCOME10']}").page.has_form(button="Save Coupon"))
        form = self.admin.get(f"/admin/coupons/{ids['WELCOME10']}").page.form(button="Save Coupon")
        support.get("/admin/coupons/new")
        values = [v for v, *_ in support.page.form(button="Save Coupon").control("website").options]
        self.assertEqual(values, [str(outlet)])
        with self.unchanged():
            csrf = dict([support.csrf()])
            for path in (f"/admin/coupons/{ids['WELCOME10']}", f"/admin/coupons/{ids['WELCOME10']}/delete"):
                self.refused(support.post(path, {**dict(form.data({"name": "Mine"})), **csrf}, follow=False))
            for website in ("0", "1"):
                self.refused(support.post("/admin/coupons/new", {**self.GOOD, "active": "1", "website": website, **csrf}, follow=False))
            self.assertEqual(support.post(f"/admin/coupons/{ids['FIRST100']}/delete", csrf, follow=False).status, 404)
        self.save(f"/admin/coupons/{ids['OUTLET20']}", "Save Coupon", {"name": "Outlet, still 20"}, client=support)
        self.assertEqual(self.server.value("SELECT name FROM coupon WHERE code = 'OUTLET20'"), "Outlet, still 20")

    def test_without_the_right(self):
        viewer = self.server.admin("viewer")
        for path in ("/admin/coupons", "/admin/coupons/new", "/admin/coupons/1", "/admin/coupons/export", "/admin/tax-rates", "/admin/tax-rates/new",
                     "/admin/tax-rates/1", "/admin/shipping-rates", "/admin/shipping-rates/new", "/admin/shipping-rates/1"):
            self.assertEqual(viewer.get(path).status, 403, path)
        for words in ("Coupons", "Tax Rates", "Shipping Rates"):
            self.assertFalse(viewer.get("/admin").page.has_link(words))
            self.assertTrue(self.admin.get("/admin").page.has_link(words))

    def test_export_and_dutch(self):
        self.assertIn("WELCOME10", self.admin.get("/admin/coupons/export").source)
        with self.server.at_rest() as db:
            db.execute("UPDATE staff_user SET locale = 'nl_NL' WHERE username = 'admin'")
        try:
            admin = self.server.admin()
            for path, words in (("/admin/coupons", "Kortingscodes"), ("/admin/coupons/new", "Minimaal subtotaal"), ("/admin/tax-rates", "Btw-tarieven"),
                                ("/admin/tax-rates/new", "Alle andere landen"), ("/admin/shipping-rates", "Verzendtarieven"),
                                ("/admin/shipping-rates/new", "Gewicht vanaf (g)"), ("/admin/config/tax", "Catalogusprijzen zijn inclusief btw")):
                self.assertIn(words, admin.get(path).page.text, path)
        finally:
            with self.server.at_rest() as db:
                db.execute("UPDATE staff_user SET locale = 'en_US' WHERE username = 'admin'")


class RatesAdminTest(AdminSelling):
    """Stores › Tax Rates and Stores › Shipping Rates."""
    TAX = {"country": "IT", "tax_class": "standard", "rate": "22", "name": "Italy"}
    PARCEL = {"website": "1", "country": "IT", "weight": "1500", "price": "12.95"}

    def test_a_tax_rate_made_changed_and_deleted(self):
        head = self.server.audit_head()
        self.save("/admin/tax-rates/new", "Save Tax Rate", self.TAX)
        row = self.server.query("SELECT * FROM tax_rate WHERE country = 'IT'")[0]
        self.assertEqual((row["tax_class"], row["rate_bp"], row["name"]), ("standard", 2200, "Italy"))
        path = f"/admin/tax-rates/{row['id']}"
        self.save(path, "Save Tax Rate", {"rate": "5,5"})
        self.admin.get(path)
        self.assertEqual(self.admin.page.form(button="Save Tax Rate").control("rate").value, "5.50")
        self.save(path, "Save Tax Rate", {})
        self.admin.get(path)
        self.admin.press("Delete Tax Rate")
        made, changed, deleted = self.server.audit(head)
        self.assertEqual((made["after"]["rate"], changed["before"], changed["after"]), ("22.00 %", {"rate": "22.00 %"}, {"rate": "5.50 %"}))
        self.assertEqual((deleted["before"]["country"], deleted["action_group"]), ("IT", "selling"))
        self.assertEqual(self.admin.get(path).status, 404)
        self.assertIsNone(self.server.value("SELECT id FROM tax_rate WHERE country = 'IT'"))

    def test_tax_rates_that_are_none(self):
        for field, cases in {"rate": ("", "-1", "100.01", "x", "5.555"), "country": ("", "XX", "it", "ITA", "**"), "name": ("x" * 81,),
                             "tax_class": ("luxury", "")}.items():
            self.wrong("/admin/tax-rates/new", "Save Tax Rate", field, cases, self.TAX)
        self.wrong("/admin/tax-rates/new", "Save Tax Rate", "tax_class", ("standard",), {**self.TAX, "country": "NL"})

    def test_a_shipping_rate_made_changed_and_deleted(self):
        head = self.server.audit_head()
        self.save("/admin/shipping-rates/new", "Save Shipping Rate", self.PARCEL)
        row = self.server.query("SELECT * FROM shipping_rate WHERE country = 'IT'")[0]
        self.assertEqual((row["website_id"], row["from_weight_g"], row["price_minor"]), (1, 1500, 1295))
        path = f"/admin/shipping-rates/{row['id']}"
        self.save(path, "Save Shipping Rate", {"price": "13", "weight": "2000"})
        self.save(path, "Save Shipping Rate", {})
        self.admin.get(path)
        self.admin.press("Delete Shipping Rate")
        made, changed, deleted = self.server.audit(head)
        self.assertEqual(made["after"], {"website": "Main Website", "country": "IT", "from_weight_g": "1500", "price": "12.95"})
        self.assertEqual((changed["before"], changed["after"]), ({"from_weight_g": "1500", "price": "12.95"}, {"from_weight_g": "2000", "price": "13.00"}))
        self.assertEqual(deleted["before"]["price"], "13.00")
        self.assertEqual(self.admin.get(path).status, 404)

    def test_shipping_rates_that_are_none(self):
        for field, cases in {"weight": ("", "-1", "1.5", "1000000001"), "price": ("", "-1", "x", "999999999999"), "country": ("", "XX", "it"),
                             "website": ("99", "", "63", "9999999999")}.items():
            self.wrong("/admin/shipping-rates/new", "Save Shipping Rate", field, cases, self.PARCEL)
        self.wrong("/admin/shipping-rates/new", "Save Shipping Rate", "weight", ("0",), {**self.PARCEL, "country": "NL"})

    def test_a_role_of_one_website(self):
        outlet = self.only_outlet()
        support = self.server.admin("support")
        support.get("/admin/tax-rates/new")
        tax, parcel = (self.server.value(f"SELECT min(id) FROM {t}") for t in ("tax_rate", "shipping_rate"))
        self.assertFalse(support.get("/admin/tax-rates").page.has_link("Add New Tax Rate"))
        self.assertFalse(support.get(f"/admin/tax-rates/{tax}").page.has_form(button="Save Tax Rate"))
        self.assertEqual(support.get(f"/admin/shipping-rates/{parcel}").status, 404)
        self.assertFalse(any("Main Website" in r["_node"].text for r in support.get("/admin/shipping-rates").page.rows))
        with self.unchanged():
            csrf = dict([support.csrf()])
            for path, data in (("/admin/tax-rates/new", self.TAX), (f"/admin/tax-rates/{tax}", self.TAX), (f"/admin/tax-rates/{tax}/delete", {})):
                self.refused(support.post(path, {**data, **csrf}, follow=False))
            self.assertEqual(support.post("/admin/shipping-rates/new", {**self.PARCEL, **csrf}, follow=False).status, 422)
            for path in (f"/admin/shipping-rates/{parcel}", f"/admin/shipping-rates/{parcel}/delete"):
                self.assertEqual(support.post(path, {**self.PARCEL, **csrf}, follow=False).status, 404, path)
        self.save("/admin/shipping-rates/new", "Save Shipping Rate", {**self.PARCEL, "country": "PT", "website": str(outlet)}, client=support)

    def test_exports(self):
        self.assertIn("5.50 %", self.admin.get("/admin/tax-rates/export").source)
        self.assertIn("3.95", self.admin.get("/admin/shipping-rates/export").source)


class SalesSettingsTest(AdminSelling):
    """Stores › Configuration › Sales."""

    def set(self, section, label, value, status=200):
        self.admin.get(f"/admin/config/{section}")
        form = self.admin.page.form(button="Save Config")
        return self.admin.submit(form, {label: value}, "Save Config", follow=status == 200)

    def test_prices_without_tax(self):
        c, p = self.server.client(), self.product()
        add_to_cart(c, p["url_key"], 3)
        self.assertEqual(self.set("tax", "Catalog Prices Include Tax", "0").status, 200)
        try:
            row = 3 * p["price_minor"]
            totals = self.totals(c)
            _, ship = self.shipping(c)
            tax = half_up(row * 2100, 10000) + half_up(ship * 2100, 10000)
            self.assertIn(amount(tax), totals["Tax, estimated"])
            self.assertIn(amount(row + ship + tax), totals["Total, estimated"])
            self.set("tax", "Default Country", "DE")
            totals = self.totals(c)
            _, ship = self.shipping(c)
            self.assertIn(amount(half_up(row * 1900, 10000) + half_up(ship * 1900, 10000)), totals["Tax, estimated"])
        finally:
            self.set("tax", "Catalog Prices Include Tax", "1")
            self.set("tax", "Default Country", "NL")
        totals = self.totals(c)
        _, ship = self.shipping(c)
        self.assertIn(amount(half_up(row * 2100, 12100) + half_up(ship * 2100, 12100)), totals["of which tax, estimated"])

    def test_what_shipping_will_cost(self):
        """The cheapest way to the shop's own country, from which amount on it is free, and that nothing is sent there."""
        c = self.server.client()
        p = self.server.query("SELECT p.* FROM product p JOIN product_website w ON w.product_id = p.id AND w.website_id = 1"
                              " WHERE p.active = 1 AND p.stock >= 20 AND p.price_minor BETWEEN 400 AND 2000 ORDER BY p.id LIMIT 1")[0]
        table = self.server.value("SELECT price_minor FROM shipping_rate WHERE website_id = 1 AND country = 'NL' AND from_weight_g <= ?"
                                  " ORDER BY from_weight_g DESC LIMIT 1", p["weight_g"])
        add_to_cart(c, p["url_key"], 1)
        self.totals(c)
        name, ship = self.shipping(c)
        self.assertEqual((name, ship), ("Shipping to Netherlands" + (", from" if table != 495 else ""), min(495, table)))
        self.assertIn(f"Free shipping from €75.00: €{amount(7500 - p['price_minor'])} to go.", c.page.main.text)
        try:
            self.set("carriers", "Enable Flat Rate", "0")
            self.set("carriers", "Enable Table Rates", "0")
            totals = self.totals(c)
            self.assertIn(amount(p["price_minor"]), totals["Total, estimated"])
            self.assertIn("We do not ship to Netherlands.", c.page.main.text)
        finally:
            self.set("carriers", "Enable Flat Rate", "1")
            self.set("carriers", "Enable Table Rates", "1")
        self.totals(c)
        c.press("Update", {"Quantity": 20})
        self.totals(c)
        self.assertEqual(self.shipping(c)[1], 0)
        self.assertNotIn("to go.", c.page.main.text)

    def test_amounts_and_countries_that_are_none(self):
        with self.unchanged():
            for section, label, cases in (("carriers", "Flat Rate Price", ("", "-1", "x", "1.234", "1000000.01")),
                                          ("tax", "Default Country", ("XX", "nl", "", "NLD", "*")),
                                          ("tax", "Tax Class for Shipping", ("luxury",)), ("sales", "Pending Payment Order Lifetime (minutes)", ("4", "x"))):
                for value in cases:
                    reply = self.set(section, label, value, 422)
                    self.assertEqual(reply.status, 422, f"{label}={value!r}")
                    self.assertIsNotNone(reply.page.form(button="Save Config").control(label).error, f"{label}={value!r}")

    def test_a_price_is_saved_as_it_was_typed(self):
        self.set("carriers", "Flat Rate Price", "6,5")
        self.assertEqual(self.server.value("SELECT value FROM setting_value WHERE path = 'carriers/flat/price'"), "6,5")
        self.admin.get("/admin/config/carriers")
        self.assertEqual(self.admin.page.form(button="Save Config").control("Flat Rate Price").value, "6,5")


if __name__ == "__main__":
    unittest.main()
