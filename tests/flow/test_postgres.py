"""What only PostgreSQL has: connections that die, several servers on one database, and the copy there and back. A PostgreSQL that
goes away is in test_faults_postgres."""
import contextlib
import os
import pty
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

os.environ["COUNTERSIGN_ENGINE"] = "postgres"
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pgclient  # noqa: E402
from buying import BuyingTest  # noqa: E402
from harness import BINARY, RELEASE, ROOT, Server, ShopTest, create_database, drop_database, postgres_url, run_command, template  # noqa: E402
from people import wait_for  # noqa: E402
from words import check_words  # noqa: E402

ENGINES = ("postgres",)
EMAIL, OTHER = "consents@example.com", "refuses@example.com"


def change_name(client, name):
    """One durable change: the customer's last name. True when it was acknowledged."""
    client.get("/customer/account/edit")
    if client.reply.status != 200:
        return False
    client.press("Save", {"Last Name": name})
    return client.reply.status == 200 and not client.page.has_form(field="Last Name")


class Writer(threading.Thread):
    """Changes a name again and again, and remembers what was acknowledged, and what was tried since."""

    def __init__(self, client):
        super().__init__(daemon=True)
        self.client, self.going, self.acknowledged, self.tried, self.failures = client, True, [], [], 0

    def run(self):
        n = 0
        while self.going:
            n += 1
            self.tried.append(f"Name{n}")
            try:
                good = change_name(self.client, self.tried[-1])
            except (AssertionError, OSError, LookupError):
                good = False
            if good:
                self.acknowledged.append(self.tried[-1])
                self.tried = []  # since the last one that was acknowledged: each of them may be there or not
            else:
                self.failures += 1
                time.sleep(0.05)

    def stop(self, case):
        self.going = False
        self.join(60)
        case.assertFalse(self.is_alive(), "a client hangs")
        case.assertGreater(len(self.acknowledged), 1, "nothing was written")


def name_of(server, email):
    return server.value("SELECT lastname FROM customer WHERE email = ?", email)


class SnapshotTest(BuyingTest):
    """A page that is known well has its snapshot ended with its last question. When it asks one more, what it knows must still hold."""

    def known_cart(self):
        """Somebody whose empty cart was looked at often."""
        c = self.server.customer(EMAIL)
        self.empty_cart(c)
        for _ in range(30):
            c.get("/cart")
        return c

    def test_a_page_that_asks_more_than_ever_before(self):
        c = self.known_cart()
        p = self.fill_cart(c)
        c.get("/cart")
        self.assertIn(p["name"], c.page.text)

    def change(self, *commands):
        with pgclient.Connection(self.server.db) as db:
            for sql in commands:
                db.execute(sql)

    def test_a_page_whose_facts_change_while_it_is_made(self):
        """Whoever asks for the session gets another answer every time: such a page is made again."""
        c = self.known_cart()
        self.change("ALTER TABLE shop_session RENAME TO shop_session_kept",
                    "CREATE VIEW shop_session AS SELECT id, token_hash, website_id, customer_id, created_us,"
                    " seen_us + CAST(1000000 * random() AS BIGINT) AS seen_us, ip FROM shop_session_kept")
        try:
            for _ in range(30):
                c.get("/cart")
            p = self.fill_cart(c)
            self.assertIn(p["name"], c.page.text)
        finally:
            self.change("DROP VIEW shop_session", "ALTER TABLE shop_session_kept RENAME TO shop_session")


class ConnectionTest(ShopTest):
    """Somebody ends the server's connections, at rest and in the middle of operations."""

    def terminate(self):
        return self.server.value("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
                                 " AND application_name = 'countersign'")

    def test_dead_connections_are_replaced(self):
        customer = self.server.customer(EMAIL)
        for i in range(3):
            self.assertGreater(self.terminate(), 1)
            self.assertTrue(change_name(customer, f"After{i}"), repr(customer.reply))
            self.assertEqual(name_of(self.server, EMAIL), f"After{i}")

    def test_under_load_nobody_notices(self):
        """Reads begin again on another connection, operations are run again: an operation is repeatable."""
        writers = [Writer(self.server.customer(e)) for e in (EMAIL, OTHER)]
        for w in writers:
            w.start()
        for _ in range(8):
            time.sleep(0.25)
            self.terminate()
        for w, email in zip(writers, (EMAIL, OTHER)):
            w.stop(self)
            self.assertIn(name_of(self.server, email), (w.acknowledged[-1], *w.tried))
        r = self.server.command("audit", "verify", "--db", self.server.db)
        self.assertEqual(r.returncode, 0, r.stdout + r.stderr)

    def test_a_lock_that_somebody_holds_is_waited_for(self):
        customer = self.server.customer(EMAIL)
        blocker = pgclient.Connection(self.server.db)
        self.addCleanup(blocker.close)
        blocker.execute("BEGIN")
        blocker.execute("UPDATE customer SET telephone = '1' WHERE email = ?", (EMAIL,))
        threading.Timer(1, lambda: blocker.execute("COMMIT")).start()
        self.assertTrue(change_name(customer, "Waited"), repr(customer.reply))
        self.assertEqual(name_of(self.server, EMAIL), "Waited")

    def test_the_record_cannot_be_changed_by_its_owner(self):
        with pgclient.Connection(self.server.db) as db:
            for sql in ("UPDATE audit_entry SET details = 'x' WHERE id = 1", "DELETE FROM audit_entry", "TRUNCATE audit_entry",
                        "SET session_replication_role = replica; DELETE FROM audit_entry", "DELETE FROM audit_seal"):
                for part in sql.split("; ")[:-1]:
                    db.execute(part)
                with self.subTest(sql), self.assertRaises(pgclient.Error):
                    db.execute(sql.split("; ")[-1])
            db.close()


class SeveralServersTest(ShopTest):
    """Two servers on one database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = Server(demo=False)
        cls.addClassCleanup(cls.second.remove)
        cls.addClassCleanup(cls.second.kill)
        drop_database(cls.second.name)
        first, cls.second.name = cls.second.name, cls.server.name
        # The key that seals and signs is the same on all servers.
        with open(os.path.join(cls.server.folder, f"{cls.server.name}.key"), "rb") as f:
            key = f.read()
        with open(os.open(os.path.join(cls.second.folder, f"{cls.server.name}.key"), os.O_WRONLY | os.O_CREAT, 0o600), "wb") as f:
            f.write(key)
        cls.addClassCleanup(setattr, cls.second, "name", first)
        cls.second.start()

    @classmethod
    def tearDownClass(cls):
        cls.second.stop()
        super().tearDownClass()

    def test_writing_at_once_keeps_the_chain_whole(self):
        head = self.server.audit_head()
        writers = [Writer(self.server.customer(EMAIL)), Writer(self.second.customer(OTHER))]
        for w in writers:
            w.start()
        time.sleep(3)
        for w, email in zip(writers, (EMAIL, OTHER)):
            w.stop(self)
            self.assertEqual(w.failures, 0)
            self.assertEqual(name_of(self.server, email), w.acknowledged[-1])
        entries = [e["id"] for e in self.server.audit()]
        self.assertEqual(entries, list(range(1, len(entries) + 1)))
        self.assertGreaterEqual(len(entries), head)

    def test_a_session_of_one_counts_on_the_other(self):
        customer = self.server.customer(EMAIL)
        guest = self.second.client()
        guest.jar = customer.jar.copy()
        self.assertEqual(guest.get("/customer/account", follow=False).status, 200)
        customer.get("/customer/account")
        customer.press("Sign Out")
        self.assertEqual(guest.get("/customer/account", follow=False).status, 303)

    def test_a_setting_saved_by_a_command_counts_everywhere(self):
        path = "login_as_customer/general/enabled"

        def offered(server):
            return "Allow remote shopping assistance" in server.client().get("/customer/account/create").text
        for server in (self.server, self.second):
            self.assertTrue(offered(server))
        try:
            r = self.server.command("config", "set", "--db", self.server.db, path, "0")
            self.assertEqual(r.returncode, 0, r.stderr)
            for server in (self.server, self.second):
                wait_for(lambda s=server: not offered(s), 3)
        finally:
            self.server.command("config", "unset", "--db", self.server.db, path)
        for server in (self.server, self.second):
            wait_for(lambda s=server: offered(s), 3)

    def test_a_kept_page_is_dropped_on_every_server(self):
        """The catalogue has no page to change it yet: the change is another server's, told in its words."""
        key = self.server.value("SELECT url_key FROM product WHERE active = 1 ORDER BY id LIMIT 1")
        reader = self.second.client()
        reader.get(f"/product/{key}")
        self.assertEqual(reader.get(f"/product/{key}").header("x-page-cache"), "hit")
        with pgclient.Connection(self.server.db) as db:
            db.execute("UPDATE product SET price_minor = 4242 WHERE url_key = ?", (key,))
            db.execute("SELECT pg_notify('countersign', 'another version')")
            db.close()
        wait_for(lambda: "42.42" in reader.get(f"/product/{key}").text, 3)


class StartTest(unittest.TestCase):
    """What `serve` and `migrate` say before there is a server."""

    def database(self, like=None, name=None):
        name = name or f"start{os.getpid()}"
        url = create_database(name, like)
        self.addCleanup(drop_database, name)
        return url

    def refused(self, db, *says):
        for command in (("serve", "--db", db, "--listen", "127.0.0.1:0"), ("audit", "verify", "--db", db)):
            r = run_command(*command)
            self.assertEqual(r.returncode, 2, r.stdout + r.stderr)
            self.assertEqual(len(r.stderr.strip().split("\n")), 1, r.stderr)
            for part in says:
                self.assertIn(part, r.stderr)

    def test_servers_that_start_at_once_migrate_once(self):
        db = self.database()
        running = [subprocess.Popen([RELEASE, "migrate", "--db", db], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                   for _ in range(6)]
        said = [p.communicate(timeout=60) for p in running]
        self.assertEqual([p.returncode for p in running], [0] * 6, said)
        done = pgclient.Connection(db)
        self.addCleanup(done.close)
        numbers = [r[0] for r in done.execute("SELECT no FROM schema_patch ORDER BY no")]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))

    def test_wrong_addresses(self):
        user = postgres_url("").split("//")[1].split("@")[0]
        self.refused("postgresql://countersign@127.0.0.1:1/shop", "refused")
        self.refused(postgres_url("no_such_database"), "no_such_database")
        self.refused(postgres_url("postgres").replace(f"{user}@", "nobody_here@"), "nobody_here")
        self.refused("postgresql://127.0.0.1:port/shop")
        self.refused("postgresql://127.0.0.1/shop?no_such_option=1", "no_such_option")

    def test_a_password_is_not_shown(self):
        db = self.database()
        run_command("migrate", "--db", db)
        r = run_command("serve", "--db", db.replace("@", ":Secret-word-99@"), "--listen", "127.0.0.1:0")
        self.assertEqual(r.returncode, 2)
        self.assertNotIn("Secret-word-99", r.stdout + r.stderr)

    def test_another_programs_database(self):
        db = self.database()
        with pgclient.Connection(db) as c:
            c.execute("CREATE TABLE wordpress (id int)")
            c.close()
        r = run_command("migrate", "--db", db)
        self.assertEqual(r.returncode, 2)
        self.assertIn("another program", r.stderr)

    def test_an_encoding_that_is_not_utf8(self):
        name = f"latin{os.getpid()}"
        admin = pgclient.Connection(postgres_url("postgres"))
        self.addCleanup(admin.close)
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
        self.addCleanup(drop_database, name)
        self.refused(postgres_url(name), "UTF8", "LATIN1")

    def test_missing_rights_and_a_newer_schema(self):
        name = f"rights{os.getpid()}"
        db = self.database("demo", name)
        with pgclient.Connection(db) as c:
            c.execute(f"CREATE ROLE {name} LOGIN")
            user = db.split("//")[1].split("@")[0]
            self.refused(db.replace(f"{user}@", f"{name}@"), "permission denied")
            c.execute(f"DROP ROLE {name}")
            c.execute("INSERT INTO schema_patch (no, name, hash, applied_us) VALUES (999, 'later', 'x', 0)")
            c.close()
        self.refused(db, "newer")


class DemoTest(unittest.TestCase):
    """The demo shop is the same on both engines, but for what is drawn at random: the salts of passwords, the tokens of sessions and the
    hashes over them."""
    RANDOM = {"password_hash", "token_hash", "public_id", "hash", "prev_hash", "applied_us"}

    def rows(self, db):
        out = {}
        for table, in db.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'" if isinstance(db, pgclient.Connection)
                                 else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").fetchall():
            names = self.columns(db, table)
            columns = ", ".join(n for n in names if n not in self.RANDOM)
            out[table] = sorted((tuple(r) for r in db.execute(f"SELECT {columns} FROM {table}").fetchall()), key=repr)
        return out

    def columns(self, db, table):
        if isinstance(db, pgclient.Connection):
            return [c for c, in db.execute("SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ?"
                                           " ORDER BY ordinal_position", (table,)).fetchall()]
        return [c[1] for c in db.execute(f"PRAGMA table_info({table})").fetchall()]

    def test_the_same_on_both_engines(self):
        name = f"same{os.getpid()}"
        target = create_database(name, "demo")
        self.addCleanup(drop_database, name)
        with contextlib.closing(sqlite3.connect(os.path.join(template(), "shop.db"))) as a, contextlib.closing(pgclient.Connection(target)) as b:
            here, there = self.rows(a), self.rows(b)
        self.assertEqual(set(here), set(there))
        self.assertGreater(len(here["sales_order"]), 600)
        for table, rows in here.items():
            self.assertEqual(rows, there[table], table)


class CopyTest(unittest.TestCase):
    """`countersign copy`: from SQLite to PostgreSQL and back, everything is there and the record whole."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="copy-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.source = os.path.join(self.folder, "shop.db")
        shutil.copyfile(os.path.join(template(), "shop.db"), self.source)
        self.name = f"copy{os.getpid()}"
        self.target = create_database(self.name, None)
        self.addCleanup(drop_database, self.name)

    def copy(self, source, target):
        return run_command("copy", "--from", source, "--to", target)

    def rows(self, db):
        tables = [r[0] for r in db.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'" if
                                           isinstance(db, pgclient.Connection) else
                                           "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
        return {t: sorted((tuple(r) for r in db.execute(f"SELECT * FROM {t}")), key=repr) for t in sorted(tables) if t != "schema_patch"}

    def all_rows(self, where):
        with contextlib.closing(pgclient.Connection(where) if "://" in where else sqlite3.connect(where)) as db:
            check_words(self, db)
            return self.rows(db)

    def test_there_and_back(self):
        with contextlib.closing(sqlite3.connect(self.source)) as db:  # ids of rows that are gone count as well
            db.execute("UPDATE sqlite_sequence SET seq = 9000 WHERE name = 'customer'")
            db.commit()
        back = os.path.join(self.folder, "back.db")
        for source, target in ((f"sqlite:{self.source}", self.target), (self.target, f"sqlite:{back}")):
            r = self.copy(source, target)
            self.assertEqual(r.returncode, 0, r.stdout + r.stderr)
            self.assertIn("whole", r.stdout)
        first = self.all_rows(self.source)
        self.assertGreater(len(first["customer"]), 100)
        self.assertEqual(self.all_rows(self.target), first)
        self.assertEqual(self.all_rows(back), first)
        with contextlib.closing(sqlite3.connect(back)) as db:
            self.assertEqual(db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'customer'").fetchone()[0], 9000)
        with contextlib.closing(pgclient.Connection(self.target)) as db:
            group = db.execute("INSERT INTO customer_group (name) VALUES ('New') RETURNING id").fetchone()[0]
            self.assertGreater(group, max(r[0] for r in first["customer_group"]))

    def test_a_bar_for_whoever_watches(self):
        """On a terminal only: the log of a nightly copy has no use for it."""
        ours, theirs = pty.openpty()
        said = []

        def read():
            with contextlib.suppress(OSError):  # the other end is closed
                while chunk := os.read(ours, 4096):
                    said.append(chunk)
        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        done = subprocess.run([BINARY, "copy", "--from", f"sqlite:{self.source}", "--to", self.target], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=theirs, timeout=120, check=False)
        os.close(theirs)
        reader.join(10)
        os.close(ours)
        self.assertEqual(done.returncode, 0)
        steps = [tuple(int(x) for x in m) for m in re.findall(r"\r\[[#.]{40}\] (\d+) of (\d+) rows", b"".join(said).decode())]
        self.assertGreater(len(steps), 2)
        self.assertEqual(steps, sorted(steps))
        self.assertEqual(steps[-1][0], steps[-1][1], "it ends full")
        silent = self.copy(f"sqlite:{self.source}", f"sqlite:{self.folder}/silent.db")
        self.assertEqual((silent.returncode, silent.stderr), (0, ""))

    def test_only_into_an_empty_target(self):
        self.assertEqual(self.copy(f"sqlite:{self.source}", self.target).returncode, 0)
        r = self.copy(f"sqlite:{self.source}", self.target)
        self.assertEqual(r.returncode, 2)
        self.assertIn("not empty", r.stderr)
        r = self.copy(self.target, self.target)
        self.assertEqual(r.returncode, 2)

    def refused(self, source, target, *says):
        r = self.copy(source, target)
        self.assertEqual(r.returncode, 2, r.stdout + r.stderr)
        for part in (*says, "begins again"):
            self.assertIn(part, r.stderr)
        return r

    def test_what_the_target_refuses_is_told_of(self):
        """The side, the table and the database's own words; then the same command begins again."""
        with contextlib.closing(sqlite3.connect(self.source)) as db:
            before = db.execute("SELECT city FROM address WHERE id = 7").fetchone()[0]
            db.execute("UPDATE address SET city = CAST(x'61ff' AS TEXT) WHERE id = 7")
            db.commit()
        self.refused(f"sqlite:{self.source}", self.target, "writing to the target", "table address", "0xff")
        with contextlib.closing(sqlite3.connect(self.source)) as db:
            db.execute("UPDATE address SET city = ? WHERE id = 7", (before,))
            db.commit()
        self.assertEqual(self.copy(f"sqlite:{self.source}", self.target).returncode, 0)

    def test_what_the_source_refuses_is_told_of(self):
        self.assertEqual(self.copy(f"sqlite:{self.source}", self.target).returncode, 0)
        with contextlib.closing(pgclient.Connection(self.target)) as db:
            db.execute("ALTER TABLE address RENAME TO addresses")
        self.refused(self.target, f"sqlite:{self.folder}/back.db", "reading the source", "table address", "does not exist")

    def test_a_damaged_source_is_told_of(self):
        with contextlib.closing(sqlite3.connect(self.source)) as db:
            page = db.execute("PRAGMA page_size").fetchone()[0]
            root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'address'").fetchone()[0]
        with open(self.source, "r+b") as f:
            f.seek((root - 1) * page)
            f.write(b"\xff" * page)
        self.refused(f"sqlite:{self.source}", self.target, "reading the source", "table address", "malformed")

    def test_interrupted_it_can_begin_again(self):
        before = self.all_rows(self.source)
        run_command("migrate", "--db", self.target)
        with contextlib.closing(pgclient.Connection(self.target)) as blocker, contextlib.closing(pgclient.Connection(self.target)) as db:
            blocker.execute("BEGIN")
            blocker.execute("LOCK TABLE setting_value IN SHARE MODE")  # it comes as far as this table
            p = subprocess.Popen([BINARY, "copy", "--from", f"sqlite:{self.source}", "--to", self.target], stderr=subprocess.PIPE, text=True)
            wait_for(lambda: db.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
                                        " AND query LIKE 'COPY setting_value (%'").fetchone()[0])
            p.send_signal(signal.SIGINT)
            _, said = p.communicate(timeout=30)
            blocker.execute("ROLLBACK")
        self.assertNotEqual(p.returncode, 0)
        self.assertIn("begins again", said)
        self.assertEqual(self.all_rows(self.source), before)
        r = self.copy(f"sqlite:{self.source}", self.target)
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertEqual(self.all_rows(self.target), before)


if __name__ == "__main__":
    unittest.main()
