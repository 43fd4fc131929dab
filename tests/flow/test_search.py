"""Searching the large tables: what is found and what is not, and that the table of words follows every change."""
import contextlib
import os
import random
import subprocess
import sys
import time
import unittest
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import RELEASE, Server, ShopTest  # noqa: E402
from people import assist, root_of, wait_for  # noqa: E402
from words import check_words, words_of  # noqa: E402


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
        with self.server.looking_in() as db:
            check_words(self, db)

    def test_words_follow_a_text_that_becomes_any_other(self):
        """More and fewer parts, empty ones, words twice in a part and in two parts, words that must be quoted."""
        draw = random.Random(8)
        words = ("an", "anna", "o'neill", 'c"x', "d\\e", "zoë", "1012ab", "=x")

        def text():
            return " " + " = ".join(" ".join(draw.choices(words, k=draw.randrange(4))) for _ in range(draw.randrange(1, 6)))

        with self.server.at_rest() as db:
            ids = [i for i, in db.execute("SELECT id FROM customer ORDER BY id LIMIT 6").fetchall()]
            before = db.execute("SELECT search_fold, id FROM customer ORDER BY id LIMIT 6").fetchall()
            for i in draw.choices(ids, k=200):
                now = text()
                db.execute("UPDATE customer SET search_fold = ? WHERE id = ?", (now, i))
                kept = {tuple(r) for r in db.execute("SELECT part, word FROM customer_word WHERE id = ?", (i,)).fetchall()}
                # What would end a word in JSON ends it here too, on SQLite.
                quoted = now if self.server.name else now.replace('"', " ").replace("\\", " ")
                self.assertEqual(kept, words_of(quoted), now)
            for fold, i in before:
                db.execute("UPDATE customer SET search_fold = ? WHERE id = ?", (fold, i))
        self.check_words()

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

    def test_it_says_that_it_finds_beginnings_and_does(self):
        email = self.server.value("SELECT email FROM customer WHERE email LIKE '_____%' ORDER BY id DESC LIMIT 1")
        self.assertIn(email, self.found(q=email[:5]))
        self.assertNotIn(email, self.found(q=email[1:]))
        self.admin.get("/admin/customers")
        field = self.admin.page.root.first("input", type="search")
        said = self.admin.page.root.first("div", id=field.get("aria-describedby")).text
        self.assertIn("beginnings of words", said)
        self.admin.get("/admin/users")
        self.assertIsNone(self.admin.page.root.first("input", type="search").get("aria-describedby"))

    def test_exports_hold_what_the_search_finds(self):
        self.admin.get("/admin/customers?q=consents")
        export = next(h for t, h in self.admin.page.links if t == "JSON Lines")
        self.assertEqual(len(self.admin.get(export).source.splitlines()), 1)


class KilledTest(unittest.TestCase):
    """A large shop is filled in one transaction: killed, it leaves nothing behind. Not even a pause of the words: those of an earlier
    version did, and the next start ends it."""

    def setUp(self):
        self.server = Server(demo=False)
        self.addCleanup(self.server.remove)
        self.addCleanup(self.server.kill)

    def demo(self, customers):
        return subprocess.Popen([RELEASE, "demo", "--db", self.server.db, "--customers", str(customers), "--orders", "0"], cwd=self.server.folder,
                                stdout=subprocess.DEVNULL)

    def rows_come(self):
        """Whether it has begun to write customers."""
        if self.server.name:
            return self.server.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY customer (%'")
        with contextlib.suppress(FileNotFoundError):
            return os.path.getsize(self.server.path + "-wal") > 24 << 20
        return False

    def test_nothing_is_left_and_it_begins_again(self):
        killed = self.demo(200_000)
        try:
            wait_for(self.rows_come, 60)
        finally:
            killed.kill()
            killed.wait()
        again = self.demo(50)
        self.assertEqual(again.wait(60), 0)
        self.server.start()
        with self.server.looking_in() as db:
            check_words(self, db)
        self.assertEqual(self.server.value("SELECT count(*) FROM customer"), 53)
        self.server.stop()

    def test_a_pause_that_was_left_ends_at_the_next_start(self):
        self.assertEqual(self.demo(50).wait(60), 0)
        self.server.start()
        with self.server.at_rest() as db:
            db.execute("INSERT INTO word_pause (id, reason) VALUES (1, 'killed')")
            db.execute("INSERT INTO customer (website_id, view_id, group_id, email, email_fold, firstname, lastname, search_fold, telephone, active,"
                       " failed_logins, created_us, updated_us) SELECT website_id, view_id, group_id, 'late@example.com', 'late@example.com', 'Late', 'Comer',"
                       " ' late comer = late@example.com =  = ', '', 1, 0, 0, 0 FROM customer WHERE id = 1")
        with self.server.looking_in() as db:
            check_words(self, db)
        self.assertEqual(self.server.value("SELECT count(*) FROM word_pause"), 0)
        self.assertTrue(any('"the words of the search","state":"done"' in x for x in self.server.lines))
        admin = self.server.admin()
        admin.get("/admin/customers?q=comer")
        self.assertEqual([r["Email"] for r in admin.page.rows], ["late@example.com"])
        self.server.stop()
        self.server.start()  # and only once
        self.assertEqual(sum('"the words of the search","state":"done"' in x for x in self.server.lines), 1)
        self.server.stop()


class RecordTest(ShopTest):
    """The record is searched by blocks of 256 entries; the last ones are in none yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tab = assist(cls.server.admin(), "consents@example.com")
        key = cls.server.value("SELECT p.url_key FROM product p JOIN product_website w ON w.product_id = p.id JOIN customer c ON c.website_id = w.website_id"
                               " WHERE c.email = 'consents@example.com' AND p.active = 1 AND p.stock > 200 ORDER BY p.id LIMIT 1")
        tab.get(f"{root_of(tab)}/product/{key}")
        form = tab.page.form(button="Add to Cart")
        for _ in range(180):
            tab.submit(form, None, "Add to Cart", follow=False)

    def setUp(self):
        self.admin = self.server.admin()
        until = time.monotonic() + 60
        while self.server.value("SELECT COALESCE(max(id) + 1, 0) FROM audit_block") < (self.server.audit_head() + 1) // 256:
            self.assertLess(time.monotonic(), until, "the record's index was not made")
            time.sleep(0.1)

    def ids(self, **query):
        """The entries that all pages show, in their order."""
        address, out = "/admin/report?" + urllib.parse.urlencode({"size": "200", "cols": "id,time", **{k.replace("_", ".", 1): v for k, v in query.items()}}), []
        while address:
            self.admin.get(address)
            self.assertEqual(self.admin.reply.status, 200, query)
            out += [int(r["ID"]) for r in self.admin.page.rows]
            following = self.admin.page.root.first("a", rel="next")
            address = following.get("href") if following is not None else None
        return out

    def wanted(self, condition, *args):
        return [r["id"] for r in self.server.query(f"SELECT id FROM audit_entry WHERE {condition} ORDER BY id DESC", *args)]

    def test_every_filter_finds_what_the_record_holds(self):
        head = self.server.audit_head()
        self.assertGreater(head, 300, "the demo shop's record has no full block")
        some = self.server.query("SELECT * FROM audit_entry WHERE customer_id IS NOT NULL AND view <> '' AND id < 250 ORDER BY id DESC LIMIT 1")[0]
        for key, column in (("group", "action_group"), ("action", "action"), ("full", "full_action"), ("result", "result"), ("actor", "actor"),
                            ("ip", "ip"), ("username", "username"), ("view", "view"), ("customer_id", "customer_id")):
            with self.subTest(key):
                operator = "LIKE" if key in ("ip", "username", "full") else "="
                value = f"{some[column]}%" if operator == "LIKE" else some[column]
                found = [i for i in self.ids(**{f"f_{key}": some[column]}) if i <= head]
                self.assertIn(some["id"], found)
                self.assertEqual(found, [i for i in self.wanted(f"{column} {operator} ?", value) if i <= head])
        self.assertEqual(self.ids(f_ip="203.0.114."), [])
        self.assertEqual(self.ids(f_username="qqzzqqzz"), [])
        self.assertEqual(self.ids(f_customer_id="999999"), [])

    def test_words_are_found_in_every_block(self):
        entries = self.server.query("SELECT id, search_fold FROM audit_entry ORDER BY id")
        for asked in ("admin", "support", "assist_start", "qqzzqqzz", "session", "consents@example.com"):
            with self.subTest(asked):
                wanted = [e["id"] for e in entries if f" {asked}" in " " + e["search_fold"]]
                found = [i for i in self.ids(q=asked) if i <= entries[-1]["id"]]
                self.assertEqual(found, wanted[::-1])
                self.assertEqual([i for i in self.ids(f_details=asked) if i <= entries[-1]["id"]], wanted[::-1])
        self.assertIn(7, self.ids(q="7"))

    def test_a_time_is_found(self):
        entry = self.server.query("SELECT id, at_us FROM audit_entry WHERE id = 100")[0]
        day = time.strftime("%Y-%m-%d", time.gmtime(entry["at_us"] / 1_000_000 + 7200))
        found = self.ids(**{"f_time.from": day, "f_time.to": day})
        rows = self.server.query("SELECT id, at_us FROM audit_entry")
        self.assertTrue(set(found) <= {r["id"] for r in rows if abs(r["at_us"] - entry["at_us"]) < 2 * 86_400_000_000})
        self.assertTrue(found)

    def test_nobody_can_change_the_index(self):
        for sql in ("DELETE FROM audit_block", "UPDATE audit_block SET search_fold = ''"):
            with self.assertRaises(Exception):
                with self.server.connect() as db:
                    db.execute(sql)


if __name__ == "__main__":
    unittest.main()
