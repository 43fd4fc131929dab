"""Searching the large tables: what is found and what is not, and that the table of words follows every change."""
import os
import sys
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ShopTest  # noqa: E402

WORDED = ("customer", "sales_order", "sales_invoice", "sales_shipment", "sales_creditmemo")


def words_of(text):
    """What the database should have made of a search text."""
    text = text.removeprefix(" ")
    return {(part, word) for part, words in enumerate(text.split(" = ")) for word in words.split(" ") if word}


class SearchTest(ShopTest):
    def setUp(self):
        self.admin = self.server.admin()

    def found(self, **query):
        self.admin.get("/admin/customers?" + urllib.parse.urlencode({k.replace("_", "."): v for k, v in query.items()}))
        self.assertEqual(self.admin.reply.status, 200, query)
        return {r["Email"] for r in self.admin.page.rows}

    def save(self, **values):
        reply = self.admin.press("Save Customer", values)
        self.assertEqual(reply.status, 200, repr(reply))

    def make(self, first, last, email):
        self.admin.get("/admin/customers/new")
        self.save(**{"First Name": first, "Last Name": last, "Email": email})
        return self.server.customer_id(email)

    def add_address(self, customer, zip_code, phone):
        self.admin.get(f"/admin/customers/{customer}/addresses/new")
        reply = self.admin.press("Save Address", {
            "First Name": "Quirijn", "Last Name": "Zwaan", "Street Address": "Kade 1", "Zip/Postal Code": zip_code, "City": "Amsterdam",
            "Country": "NL", "Phone Number": phone, "Default billing address": True})
        self.assertEqual(reply.status, 200, repr(reply))

    def check_words(self):
        for table in WORDED:
            kept = {(r["id"], r["part"], r["word"]) for r in self.server.query(f"SELECT id, part, word FROM {table}_word")}
            wanted = {(r["id"], *w) for r in self.server.query(f"SELECT id, search_fold FROM {table}") for w in words_of(r["search_fold"])}
            self.assertEqual(kept ^ wanted, set(), table)

    def test_a_customer_is_found_by_every_word_until_it_goes(self):
        email = "zoe.quirijn@zwaluw-nest.example"
        customer = self.make("Zoë", "Van 't Quirijn-Ødegård", email)
        for asked in ("zoë", "ZOE", "van 't", "quirijn", "odegard", "zoe van", "quir zoe", email, email.upper(), "zoe.quirijn@", "quirijn@zwaluw",
                      "zwaluw-nest.example", "nest.exa", f"zoe {email}", str(customer)):
            with self.subTest(asked):
                self.assertIn(email, self.found(q=asked))
        for asked in ("oe.quirijn", "degard", "zoe jansen", "_oe", "zoe.quirijn@zwaluw-nest.example.com", "qqzzqqzz", "%", "\"zoe\\x", str(customer + 1)):
            with self.subTest(asked):
                self.assertNotIn(email, self.found(q=asked))
        self.assertEqual(self.found(f_name="quirijn zoe"), {email})
        self.assertEqual(self.found(f_name="zwaluw"), set())
        self.assertEqual(self.found(f_email="zwaluw"), {email})
        self.assertEqual(self.found(f_email="zoe", f_name="quirijn"), {email})
        self.check_words()

        self.admin.get(f"/admin/customers/{customer}?tab=account")
        self.save(**{"First Name": "Saar", "Email": "saar@zwaluw-nest.example"})
        self.assertEqual(self.found(q="zoe quirijn"), set())
        self.assertEqual(self.found(q=email), set())
        self.assertEqual(self.found(q="saar odegard"), {"saar@zwaluw-nest.example"})
        self.check_words()

        self.admin.get(f"/admin/customers/{customer}")
        self.admin.press("Delete Customer")
        self.assertEqual(self.found(q="odegard"), set())
        self.assertEqual(self.server.value("SELECT count(*) FROM customer_word WHERE id = ?", customer), 0)
        self.check_words()

    def test_telephone_numbers_and_postcodes_however_they_are_written(self):
        email = "quirijn@example.com"
        customer = self.make("Quirijn", "Zwaan", email)
        self.add_address(customer, "9876 ZX", "+31 20 555 9182")
        for asked in ("9876 zx", "9876ZX", "9876", "zx"):
            with self.subTest(asked):
                self.assertIn(email, self.found(q=asked))
                self.assertIn(email, self.found(f_zip=asked))
        self.assertEqual(self.found(f_phone="9876"), set())
        with self.server.at_rest() as db:
            fold = self.server_fold(db, customer)
            db.execute("UPDATE customer SET telephone = '+31 20 555 9182', search_fold = ? WHERE id = ?", (fold, customer))
        self.admin = self.server.admin()
        for asked in ("+31 20 555 9182", "31205559182", "5559182", "555", "9182"):
            with self.subTest(asked):
                self.assertIn(email, self.found(f_phone=asked))
        self.admin.get(f"/admin/customers/{customer}?tab=addresses")
        self.admin.submit(next(f for f in self.admin.page.forms if f.action.endswith("/delete") and "/addresses/" in f.action))
        self.assertEqual(self.found(f_zip="9876"), set())
        self.check_words()

    def server_fold(self, db, customer):
        """The search text with the words of a telephone number in the third part."""
        (fold,), = db.execute("SELECT search_fold FROM customer WHERE id = ?", (customer,)).fetchall()
        parts = fold.split(" = ")
        return " = ".join([*parts[:2], "205559182 31205559182 5559182 9182", parts[3]])

    def test_what_the_demo_shop_holds_is_found(self):
        self.check_words()
        for row in self.server.query("SELECT email, lastname FROM customer ORDER BY id LIMIT 5"):
            self.assertEqual(self.found(q=row["email"]), {row["email"]})
            self.assertIn(row["email"], self.found(q=f"{row['lastname']} {row['email']}"))

    def test_exports_hold_what_the_search_finds(self):
        self.admin.get("/admin/customers?q=consents")
        export = next(h for t, h in self.admin.page.links if t == "JSON Lines")
        self.assertEqual(len(self.admin.get(export).source.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
