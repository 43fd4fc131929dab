"""The page cache: kept until something a page shows changes, never a private byte in it, and the setting for staff."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ShopTest  # noqa: E402
from people import add_to_cart, assist, banner, root_of  # noqa: E402

EMAIL = "consents@example.com"
SETTING = "login_as_customer/general/disable_page_cache"


class CacheTest(ShopTest):
    def how(self, client, path):
        """Asks for the page and says what the cache did: hit, miss or bypass."""
        reply = client.get(path)
        self.assertEqual(reply.status, 200, repr(reply))
        return reply.header("x-page-cache")

    def key(self):
        return self.server.value("SELECT p.url_key FROM product p JOIN product_website w ON w.product_id = p.id AND w.website_id = 1"
                                 " WHERE p.active = 1 AND p.stock > 20 ORDER BY p.id LIMIT 1")

    def test_the_second_guest_gets_the_kept_page(self):
        path = f"/product/{self.key()}"
        self.assertIn(self.how(self.server.client(), path), ("miss", "hit"))
        self.assertEqual(self.how(self.server.client(), path), "hit")
        self.assertEqual(self.how(self.server.client(), f"/nl{path}"), "miss", "another store view is another page")

    def test_what_a_page_shows_changes_and_it_is_made_anew(self):
        guest, admin = self.server.client(), self.server.admin()
        for path in ("/", f"/product/{self.key()}"):
            self.how(guest, path)
            self.assertEqual(self.how(guest, path), "hit")
        admin.get("/admin")
        admin.click("Configuration")
        form = admin.page.form(button="Save Config")
        if not any(c.label.startswith("Store Name") for c in form.controls):
            admin.click("General")
            form = admin.page.form(button="Save Config")
        admin.submit(form, {"Store Name": "Another Name 4711"}, "Save Config")
        self.assertEqual(admin.reply.status, 200, repr(admin.reply))
        for path in ("/", f"/product/{self.key()}"):
            self.assertIn("Another Name 4711", guest.get(path).text, path)

    def test_no_private_byte_gets_into_it(self):
        customer = self.server.customer(EMAIL)
        name = self.server.query("SELECT firstname, lastname FROM customer WHERE email = ?", EMAIL)[0]
        # The customer is the first to see a page that nobody saw before.
        keys = [r["url_key"] for r in self.server.query("SELECT p.url_key FROM product p JOIN product_website w ON w.product_id = p.id"
                                                        " AND w.website_id = 1 WHERE p.active = 1 ORDER BY p.id DESC LIMIT 5")]
        add_to_cart(customer, self.key())
        for key in keys:
            own = customer.get(f"/product/{key}").source
            self.assertIn(name["firstname"], own)
            guest = self.server.client()
            other = guest.get(f"/product/{key}")
            self.assertNotIn(name["firstname"] + " " + name["lastname"], other.source)
            self.assertNotIn(EMAIL, other.source)
            self.assertFalse(other.page.has_form(button="Sign Out"))
            self.assertIsNone(other.page.root.first("span", cls="count"), "somebody's cart is shown")

    def test_every_reader_gets_a_token_of_their_own(self):
        path = f"/product/{self.key()}"
        tokens = set()
        for client in (self.server.client(), self.server.client(), self.server.customer(EMAIL)):
            client.get(path)
            tokens.add(client.csrf()[1])
        self.assertEqual(len(tokens), 3)

    def test_a_message_for_one_is_not_kept_for_all(self):
        customer = self.server.client()
        add_to_cart(customer, self.key())
        self.assertTrue(customer.page.alerts)
        self.assertEqual(self.server.client().get(customer.reply.path).page.alerts, [])

    def test_assisted_sessions_get_fresh_pages_where_the_setting_says_so(self):
        for value, wanted in (("1", "bypass"), ("0", "hit")):
            with self.subTest(value):
                with self.server.at_rest() as db:
                    db.execute("INSERT INTO setting_value (scope, scope_id, path, value) VALUES (0, 0, ?, ?)"
                               " ON CONFLICT (scope, scope_id, path) DO UPDATE SET value = excluded.value", (SETTING, value))
                path = f"/product/{self.key()}"
                owner = self.server.customer(EMAIL)
                self.how(owner, path)
                self.assertEqual(self.how(owner, path), "hit")
                tab = assist(self.server.admin(), EMAIL)
                self.assertEqual(self.how(tab, root_of(tab) + path), wanted)
                # Whatever the cache did: the banner is there, links stay inside, and nothing may be stored on the way.
                self.assertIsNotNone(banner(tab.reply))
                self.assertTrue(tab.page.form(button="Add to Cart").action.startswith(root_of(tab)))
                inside = [h for _, h in tab.page.links if h.startswith("/") and not h.startswith((root_of(tab), "/admin", "/assets", "#"))]
                self.assertEqual(inside, [])
                self.assertIn("no-store", tab.reply.header("cache-control"))
                # … and the customer's own pages carry no trace of the assisted session.
                self.assertIsNone(banner(owner.get(path)))
                self.assertNotIn("/as/", owner.reply.source)
                self.assertNotIn("/as/", self.server.client().get(path).source)

    def test_assets_may_be_kept_for_ever_and_pages_may_not(self):
        c = self.server.client()
        c.get("/")
        self.assertRegex(c.reply.header("cache-control"), "no-cache|no-store|private|max-age=0")
        sheet = next(n.get("href") for n in c.page.root.all("link") if n.get("rel") == "stylesheet")
        reply = c.get(sheet)
        self.assertEqual(reply.status, 200)
        self.assertIn("immutable", reply.header("cache-control"))
        self.assertIn("text/css", reply.header("content-type"))


if __name__ == "__main__":
    unittest.main()
