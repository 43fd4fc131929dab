"""What only the customer may do: changing e-mail and password; mail with codes in it; consent in an assisted session; the borders of
the address book."""
import glob
import os
import re
import stat
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import MailServer, Server, ShopTest  # noqa: E402
from people import CONSENT, assist, root_of, set_consent  # noqa: E402

EMAIL, REFUSES = "consents@example.com", "refuses@example.com"
WORDS = "a few words in a row 9"


def register(server, email, view="", password=WORDS):
    c = server.client()
    c.get(f"{view}/customer/account/create")
    c.submit(c.page.form(field="Confirm Password" if not view else "Wachtwoord herhalen"),
             {"firstname": "Nóra", "lastname": "O'Brien", "email": email, "password": password, "password2": password})
    if c.reply.status != 200:
        raise AssertionError(repr(c.reply))
    return c


def wait_for(what, limit=15):
    until = time.monotonic() + limit
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


class EmailTest(ShopTest):
    """Changing the e-mail address."""

    def change(self, c, email, password=WORDS):
        c.get("/customer/account/email")
        return c.submit(c.page.form(field="New Email"), {"New Email": email, "Current Password": password}, follow=False)

    def test_it_needs_the_password_and_tells_the_old_address(self):
        c = register(self.server, "old@example.net")
        with self.unchanged(but={"customer"}):
            self.assertEqual(self.change(c, "new@example.net", "wrong").status, 422)
        self.assertEqual(self.server.value("SELECT failed_logins FROM customer WHERE email = 'old@example.net'"), 1)
        self.assertEqual(self.change(c, "new@example.net").status, 303)
        mail = self.server.query("SELECT * FROM mail WHERE kind = 'email_changed' ORDER BY id DESC LIMIT 1")[0]
        self.assertEqual(mail["to_email"], "old@example.net")
        self.assertIn("new@example.net", mail["body"])
        self.server.customer("new@example.net", WORDS)
        with self.assertRaises(AssertionError):
            self.server.customer("old@example.net", WORDS)
        entry = self.server.audit(full_action="customer_email_save", result="success")[-1]
        self.assertEqual((entry["before"]["email"], entry["after"]["email"]), ("old@example.net", "new@example.net"))

    def test_it_must_be_free_and_valid(self):
        c = register(self.server, "mover@example.net")
        for email in (EMAIL, EMAIL.upper(), "nobody", "a@localhost"):
            with self.subTest(email), self.unchanged():
                reply = self.change(c, email)
                self.assertEqual((reply.status, list(reply.page.form(field="New Email").errors)), (422, ["email"]))

    def test_guessing_the_password_here_locks_the_account_too(self):
        c = register(self.server, "guessed@example.net")
        for _ in range(10):
            self.assertEqual(self.change(c, "thief@example.net", "wrong").status, 422)
        self.assertIsNotNone(self.server.value("SELECT locked_until_us FROM customer WHERE email = 'guessed@example.net'"))
        self.assertEqual(self.change(c, "thief@example.net").status, 422)

    def test_a_code_does_not_follow_to_a_changed_address(self):
        with MailServer() as mails, Server("--smtp", mails.url) as server:
            mails.refuse = True
            c = register(server, "first@example.net")
            c.get("/customer/account/forgotpassword")
            c.press("Reset My Password", {"Email": "first@example.net"})
            wait_for(lambda: server.value("SELECT tries FROM mail WHERE kind = 'password_reset'"))
            c.get("/customer/account/email")
            c.submit(c.page.form(field="New Email"), {"New Email": "second@example.net", "Current Password": WORDS})
            mails.refuse = False
            row = wait_for(lambda: server.query("SELECT * FROM mail WHERE kind = 'password_reset' AND tries > 1"), 30)[0]
            self.assertIsNone(row["sent_us"])
            self.assertEqual([m for r, m in mails.mails if "Choose a new password" in m["subject"]], [])
            self.assertEqual(server.value("SELECT count(*) FROM password_reset WHERE used_us IS NULL"), 0)


class MailFileTest(ShopTest):
    """Without a mail server."""

    def mail_to(self, email):
        def look():
            for path in glob.glob(os.path.join(self.server.folder, "*.mail", "*.eml")):
                with open(path, encoding="utf-8") as f:
                    text = f.read()
                if f"<{email}>" in text:
                    return path, text
            return None
        return wait_for(look)

    def test_files_are_the_operators_own_and_staff_see_no_code(self):
        c = self.server.client()
        c.get("/customer/account/forgotpassword")
        c.press("Reset My Password", {"Email": EMAIL})
        path, text = self.mail_to(EMAIL)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode), 0o700)
        code = re.search(r"#code=([A-Za-z0-9_-]{43})", text).group(1)
        self.server.secrets.add(code)
        admin = self.server.admin()
        admin.get("/admin/mails")
        self.assertIn(EMAIL, admin.reply.text)
        row = wait_for(lambda: self.server.query("SELECT * FROM mail WHERE kind = 'password_reset' AND sent_us IS NOT NULL"))[0]
        reply = admin.get(f"/admin/mails/{row['id']}")
        self.assertEqual(reply.status, 200)
        self.assertNotIn(code, reply.source)
        self.assertNotIn(code, repr(row))
        self.assertEqual(self.server.admin("viewer").get("/admin/mails", follow=False).status, 403)

    def test_asking_again_at_once_sends_no_second_mail(self):
        for _ in range(3):
            c = self.server.client()
            c.get("/customer/account/forgotpassword")
            c.press("Reset My Password", {"Email": REFUSES})
        self.assertEqual(self.server.value("SELECT count(*) FROM mail WHERE to_email = ?", REFUSES), 1)

    def test_a_welcome_in_dutch(self):
        c = register(self.server, "welkom@example.net", "/nl")
        self.assertTrue(c.reply.path.startswith("/nl/"))
        mail = self.server.query("SELECT * FROM mail WHERE to_email = 'welkom@example.net'")[0]
        self.assertTrue(mail["subject"].startswith("Welkom bij"))
        self.assertTrue(mail["body"].startswith("Hallo Nóra,"))


class AssistedTest(ShopTest):
    """What staff who act as the customer can and cannot change of the account."""

    def setUp(self):
        self.tab = assist(self.server.admin(), EMAIL)
        self.root = root_of(self.tab)

    def test_consent_is_shown_and_cannot_be_changed(self):
        self.tab.get(self.root + "/customer/account/edit")
        form = self.tab.page.form(button="Save")
        self.assertTrue(form.control(CONSENT).disabled)
        for forced in ({"assistance": "1"}, {"until": "open"}, {"assistance": "1", "until": "month"}):
            with self.subTest(forced), self.unchanged():
                reply = self.tab.post(form.action, [*form.data(), *forced.items()], follow=False)
                self.assertEqual(reply.status, 403, repr(reply))
                self.tab.get(self.root + "/customer/account/edit")
                form = self.tab.page.form(button="Save")

    def test_saving_the_rest_withdraws_nothing(self):
        before = self.server.query("SELECT * FROM assist_consent ORDER BY id")
        self.tab.get(self.root + "/customer/account/edit")
        self.tab.press("Save", {"Phone Number": "0182 555 010"})
        self.assert_status(self.tab.reply, 200)
        self.assertEqual(self.server.value("SELECT telephone FROM customer WHERE email = ?", EMAIL), "0182 555 010")
        self.assertEqual(self.server.query("SELECT * FROM assist_consent ORDER BY id"), before)

    def test_the_customer_sees_what_was_done_and_not_by_whom(self):
        self.tab.get(self.root + "/customer/account/edit")
        self.tab.press("Save", {"Phone Number": "0182 555 0%d" % (time.time() % 90 + 10)})
        name = self.server.query("SELECT firstname, lastname, username FROM staff_user WHERE username = 'admin'")[0]
        text = self.server.customer(EMAIL).get("/customer/account/assistance").text
        self.assertIn("Account Information Saved", text)
        self.assertIn("Running now", text)
        self.assertNotIn(f"{name['firstname']} {name['lastname']}", text)

    def test_pages_for_the_customer_in_person_have_no_form(self):
        for path, field in (("/customer/account/email", "New Email"), ("/customer/account/password", "New Password")):
            reply = self.tab.get(self.root + path)
            self.assertEqual(reply.status, 200)
            self.assertFalse(reply.page.has_form(field=field))
            self.assertIn("in person", reply.text)


class BordersTest(ShopTest):
    """Other people's addresses, a full address book, the feature switched off, consent for a while."""

    def test_another_customers_address_is_not_found(self):
        c = self.server.customer(REFUSES)
        other = self.server.value("SELECT a.id FROM address a JOIN customer c ON c.id = a.customer_id WHERE c.email = ?", EMAIL)
        own = self.server.value("SELECT a.id FROM address a JOIN customer c ON c.id = a.customer_id WHERE c.email = ?", REFUSES)
        self.assertEqual(c.get(f"/customer/address/edit/{other}").status, 404)
        c.get(f"/customer/address/edit/{own}")
        form = c.page.form(field="City")
        token = c.csrf()
        c.get("/customer/address")
        delete = next(f for f in c.page.forms if "/address/delete/" in f.action)
        with self.unchanged():
            self.assertEqual(c.post(form.action.replace(str(own), str(other)), form.data(), follow=False).status, 404)
            self.assertEqual(c.post(re.sub(r"\d+$", str(other), delete.action), [token], follow=False).status, 404)

    def test_an_address_saved_as_it_was_is_no_change(self):
        staff = self.server.admin()
        tab = assist(staff, "consents@example.com")
        own = self.server.value("SELECT a.id FROM address a JOIN customer c ON c.id = a.customer_id WHERE c.email = ?", "consents@example.com")
        root = tab.reply.path[:tab.reply.path.index("/customer/")]
        before = self.server.audit_head()
        tab.get(f"{root}/customer/address/edit/{own}")
        tab.press("Save Address")
        self.assertEqual(tab.reply.status, 200)
        self.assertEqual(self.server.audit_head(), before, "nothing was changed, and yet it is recorded")
        tab.get(f"{root}/customer/address/edit/{own}")
        tab.press("Save Address", {"City": "Elsewhere"})
        self.assertEqual(self.server.audit(action_group="assist")[-1]["full_action"], "address_save")

    def test_an_address_book_has_an_end(self):
        c = register(self.server, "full@example.net")
        with self.server.at_rest() as db:
            customer, = db.execute("SELECT id FROM customer WHERE email = 'full@example.net'").fetchone()
            for n in range(50):
                db.execute("INSERT INTO address (customer_id, firstname, lastname, company, street1, street2, postcode, city, region, country, telephone)"
                           " VALUES (?, 'A', 'B', '', ?, '', '1000 AA', 'Ede', '', 'NL', '')", (customer, f"Straat {n}"))
        c.get("/customer/address/new")
        with self.unchanged():
            reply = c.submit(c.page.form(field="City"), {"Street Address": "X 1", "Zip/Postal Code": "1000 AA", "City": "Ede", "Country": "NL"}, follow=False)
            self.assertEqual(reply.status, 422)
        self.assertNotIn("Add New Address", c.get("/customer/address").text)

    def test_a_new_address_begins_in_the_customers_country(self):
        admin = self.server.admin()

        def begins_with(c, view, email):
            """The country of the form, in the shop and in the Admin."""
            c.get(f"{view}/customer/address/new")
            shop = next(f for f in c.page.forms if "/address/" in f.action).control("country").value
            admin.get(f"/admin/customers/{self.server.customer_id(email)}/addresses/new")
            return shop, admin.page.form(button="Save Address").control("Country").value
        dutch = register(self.server, "thuis@example.net", "/nl")
        self.assertEqual(begins_with(dutch, "/nl", "thuis@example.net"), ("NL", "NL"))
        abroad = register(self.server, "abroad@example.net")
        self.assertEqual(begins_with(abroad, "", "abroad@example.net"), ("US", "US"))
        abroad.get("/customer/address/new")
        abroad.press("Save Address", {"Street Address": "Rue 1", "Zip/Postal Code": "1000", "City": "Brussels", "Country": "BE"})
        self.assertEqual(begins_with(abroad, "", "abroad@example.net"), ("BE", "BE"), "as the default address")

    def test_a_time_for_the_consent(self):
        c = self.server.customer(REFUSES)
        c.get("/customer/account/edit")
        c.press("Save", {CONSENT: True, "until": "day"})
        row = self.server.query("SELECT * FROM assist_consent ORDER BY id DESC LIMIT 1")[0]
        self.assertEqual(row["until_us"] - row["at_us"], 24 * 3600 * 1_000_000)
        c.get("/customer/account/edit")
        self.assertEqual(c.page.form(button="Save").control("until").value, "keep")
        with self.unchanged():
            c.press("Save", {})
        with self.server.at_rest() as db:
            db.execute("UPDATE assist_consent SET until_us = at_us + 1 WHERE id = ?", (row["id"],))
        c.get("/customer/account/edit")
        form = c.page.form(button="Save")
        self.assertFalse(form.control(CONSENT).checked)
        with self.unchanged():
            reply = c.submit(form, {CONSENT: False}, follow=False)
            self.assertEqual(reply.status, 303)

    def test_the_feature_switched_off(self):
        set_consent(self.server.customer(EMAIL), True)
        before = self.server.query("SELECT * FROM assist_consent ORDER BY id")
        self.server.stop()
        self.server.preset("login_as_customer/general/enabled", 0)
        self.server.start()
        try:
            c = self.server.customer(EMAIL)
            reply = c.get("/customer/account/edit")
            self.assertNotIn(CONSENT, reply.source)
            form = c.page.form(button="Save")
            c.submit(form, {"Phone Number": "020 555 0111"})
            self.assert_status(c.reply, 200)
            self.assertEqual(self.server.query("SELECT * FROM assist_consent ORDER BY id"), before, "nothing was withdrawn")
            c.get("/customer/account/edit")
            form = c.page.form(button="Save")
            with self.unchanged():
                self.assertEqual(c.post(form.action, [*form.data(), ("assistance", "1")], follow=False).status, 403)
            guest = self.server.client()
            self.assertNotIn(CONSENT, guest.get("/customer/account/create").source)
        finally:
            self.server.stop()
            self.server.preset("login_as_customer/general/enabled", 1)
            self.server.start()


if __name__ == "__main__":
    unittest.main()
