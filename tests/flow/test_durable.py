"""An acknowledged change is on disk: kill -9 under load, a graceful stop under load, and the record afterwards."""
import contextlib
import http.client
import os
import signal
import socket
import sqlite3
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import ENGINE, Server  # noqa: E402
from people import assist, root_of  # noqa: E402

EMAIL = "consents@example.com"


class DurableTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.remove)
        self.addCleanup(self.server.kill)
        self.server.start()

    def write_until_it_ends(self, writers, seconds, end):
        """Each writer saves its own telephone number again and again. Returns for each the numbers that were acknowledged and
        the one that was under way."""
        acknowledged = [[] for _ in writers]
        pending = [None] * len(writers)
        stopping = threading.Event()

        def one(i, client, root):
            number = 0
            while not stopping.is_set():
                number += 1
                value = f"+31 {i} {number:06d}"
                try:
                    client.get(root + "/customer/account/edit")
                    form = client.page.form(button="Save")
                    pending[i] = value
                    reply = client.submit(form, {"Phone Number": value}, follow=False)
                except (OSError, http.client.HTTPException):  # the server is gone
                    return
                if reply.status != 303:
                    return
                acknowledged[i].append(value)
                pending[i] = None
        threads = [threading.Thread(target=one, args=(i, c, r), daemon=True) for i, (c, r) in enumerate(writers)]
        for t in threads:
            t.start()
        time.sleep(seconds)
        end()
        stopping.set()
        for t in threads:
            t.join(30)
            self.assertFalse(t.is_alive(), "a client hangs")
        return acknowledged, pending

    def writers(self):
        admin = self.server.admin()
        tab = assist(admin, "outlet@example.com")
        return [(self.server.customer(EMAIL), ""), (self.server.customer("refuses@example.com"), ""), (tab, root_of(tab))]

    def whole(self, emails, acknowledged, pending):
        with self.server.connect() as db:
            if not self.server.name:
                self.assertEqual(db.execute("PRAGMA integrity_check").fetchone()[0], "ok")
                self.assertEqual(db.execute("PRAGMA foreign_key_check").fetchall(), [])
            for email, done, late in zip(emails, acknowledged, pending):
                self.assertGreater(len(done), 3, "nothing was written")
                value = db.execute("SELECT telephone FROM customer WHERE email = ?", (email,)).fetchone()[0]
                self.assertIn(value, (done[-1], late))
            # Each change of the assisted session has its entry, and no entry lacks its change.
            recorded = [r[0] for r in db.execute("SELECT after_json FROM audit_entry WHERE actor = 'assisted' AND result = 'success'"
                                                 " AND after_json LIKE '%+31 2 %' ORDER BY id")]
            self.assertGreaterEqual(len(recorded), len(acknowledged[2]))
            for value, entry in zip(acknowledged[2], recorded):
                self.assertIn(value, entry)
            telephone = db.execute("SELECT telephone FROM customer WHERE email = ?", (emails[2],)).fetchone()[0]
            self.assertIn(telephone, recorded[-1])
        db.close()
        r = self.server.command("audit", "verify", "--db", self.server.db)
        self.assertEqual(r.returncode, 0, r.stdout + r.stderr)

    EMAILS = (EMAIL, "refuses@example.com", "outlet@example.com")

    def test_kill_9_under_load_loses_nothing_that_was_acknowledged(self):
        acknowledged, pending = self.write_until_it_ends(self.writers(), 1.5, self.server.kill)
        self.server.start()
        self.server.stop()
        self.whole(self.EMAILS, acknowledged, pending)

    def test_a_graceful_stop_under_load_answers_what_it_took(self):
        acknowledged, pending = self.write_until_it_ends(self.writers(), 1.5, self.server.stop)
        self.whole(self.EMAILS, acknowledged, pending)

    @unittest.skipUnless(ENGINE == "sqlite", "PostgreSQL has pg_dump for that")
    def test_a_backup_under_load_is_whole(self):
        copy = os.path.join(self.server.folder, "copy.db")
        made = []

        def back_up():
            made.append(self.server.command("backup", "--db", self.server.db, "--out", copy))
        acknowledged, pending = self.write_until_it_ends(self.writers(), 1, back_up)
        self.assertEqual(made[0].returncode, 0, made[0].stderr)
        # In one piece, from one moment: the copy is a shop of its own, whose record proves itself.
        r = self.server.command("audit", "verify", "--db", f"sqlite:{copy}")
        self.assertEqual(r.returncode, 0, r.stdout + r.stderr)
        with contextlib.closing(sqlite3.connect(copy)) as db:
            self.assertEqual(db.execute("PRAGMA integrity_check").fetchone()[0], "ok")
            self.assertEqual(db.execute("PRAGMA foreign_key_check").fetchall(), [])
            for email, done in zip(self.EMAILS, acknowledged):
                self.assertIn(db.execute("SELECT telephone FROM customer WHERE email = ?", (email,)).fetchone()[0], done)
        # It never writes over anything.
        self.assertEqual(self.server.command("backup", "--db", self.server.db, "--out", copy).returncode, 2)
        self.server.stop()
        self.whole(self.EMAILS, acknowledged, pending)

    @unittest.skipUnless(ENGINE == "postgres", "of PostgreSQL")
    def test_a_backup_of_postgresql_is_left_to_its_own_tools(self):
        r = self.server.command("backup", "--db", self.server.db, "--out", os.path.join(self.server.folder, "copy.db"))
        self.assertEqual(r.returncode, 2)
        self.assertIn("pg_dump", r.stderr)

    def test_both_signals_stop_it_also_with_idle_and_half_open_connections(self):
        for sig in (signal.SIGTERM, signal.SIGINT):
            idle = [socket.create_connection(("127.0.0.1", self.server.port)) for _ in range(20)]
            for i, s in enumerate(idle):
                s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + (b"\r\n" if i % 2 else b""))
            begin = time.monotonic()
            self.server.stop(sig)
            self.assertLess(time.monotonic() - begin, 12)
            for s in idle:
                s.close()
            self.server.start()
        self.server.stop()

    def test_it_starts_again_after_a_kill_with_the_same_sessions(self):
        customer, admin = self.server.customer(EMAIL), self.server.admin()
        tab = assist(admin, EMAIL)
        self.server.kill()
        self.server.start()
        self.assertEqual(customer.get("/customer/account").status, 200)
        self.assertEqual(admin.get("/admin/customers").status, 200)
        self.assertEqual(tab.get(root_of(tab) + "/customer/account").status, 200)
        self.server.stop()


if __name__ == "__main__":
    unittest.main()
