"""The command line: what cannot work is said in one clear line, with exit status 2."""
import os
import shutil
import socket
import sqlite3
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pgclient  # noqa: E402
from harness import ENGINE, Server, create_database, drop_database, run_command, template  # noqa: E402

COMMANDS = ("serve", "demo", "migrate", "user", "config", "audit", "backup", "copy")


class CommandLineTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="cli-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.db = os.path.join(self.folder, "shop.db")

    def with_demo(self):
        if ENGINE == "postgres":
            name = f"cli{os.getpid()}"
            self.addCleanup(drop_database, name)
            return create_database(name)
        shutil.copytree(template(), self.folder, dirs_exist_ok=True)
        return f"sqlite:{self.db}"

    def run_here(self, *args):
        return run_command(*args, cwd=self.folder)

    def refused(self, *args, says=()):
        r = self.run_here(*args)
        self.assertEqual(r.returncode, 2, f"{args}: {r.stdout}{r.stderr}")
        lines = r.stderr.strip().split("\n")
        self.assertEqual(len(lines), 1, f"{args}: one line, not:\n{r.stderr}")
        for part in says:
            self.assertIn(part, lines[0])
        return lines[0]

    def test_help_of_every_command(self):
        top = run_command("--help")
        self.assertEqual(top.returncode, 0, top.stderr)
        for name in COMMANDS:
            with self.subTest(name):
                self.assertIn(name, top.stdout)
                r = run_command(name, "--help")
                self.assertEqual((r.returncode, r.stderr), (0, ""))
                self.assertIn(name, r.stdout)

    def test_unknown_options_and_commands(self):
        db = self.with_demo()
        self.refused("fly", says=["fly"])
        self.refused("serve", "--fast", says=["--fast"])
        for name in COMMANDS:
            with self.subTest(name):
                self.refused(name, "--no-such-option", says=["--no-such-option"])
        self.refused("serve", "--db", db, "--listen", "127.0.0.1:0", "one-word-too-many", says=["one-word-too-many"])
        self.refused("serve", "--db")
        self.refused("audit", "rewrite")
        self.refused("config", "set", "--db", db, "no/such/setting", "1", says=["no/such/setting"])

    def test_addresses_that_are_none(self):
        db = self.with_demo()
        for address in ("nowhere", "127.0.0.1:99999", "127.0.0.1:http", "127.0.0.1", "300.1.1.1:80", "[::1:80", ":::", ""):
            with self.subTest(address):
                self.refused("serve", "--db", db, "--listen", address)

    def test_a_port_in_use(self):
        db = self.with_demo()
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            s.listen()
            address = f"127.0.0.1:{s.getsockname()[1]}"
            self.refused("serve", "--db", db, "--listen", address, says=[address])

    def test_databases_that_cannot_be_opened(self):
        os.mkdir(os.path.join(self.folder, "folder"))
        with open(os.path.join(self.folder, "text"), "w", encoding="utf-8") as f:
            f.write("This is no database. " * 500)
        for url in ("sqlite:no/such/folder/shop.db", "sqlite:folder", "sqlite:text", "sqlite:", "mysql://x", "shop.db", ""):
            with self.subTest(url):
                self.refused("serve", "--db", url, "--listen", "127.0.0.1:0")
                self.refused("audit", "verify", "--db", url)

    def test_a_newer_schema(self):
        db = self.with_demo()
        with pgclient.Connection(db) if ENGINE == "postgres" else sqlite3.connect(self.db) as c:
            columns = [r[1] for r in c.execute("PRAGMA table_info(schema_patch)")]
            last = c.execute("SELECT * FROM schema_patch ORDER BY 1 DESC LIMIT 1").fetchone()
            newer = list(last)
            newer[0] = last[0] + 900
            c.execute(f"INSERT INTO schema_patch ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", newer)
        c.close()
        for command in (("serve", "--db", db, "--listen", "127.0.0.1:0"), ("migrate", "--db", db)):
            self.assertIn("newer", self.refused(*command).lower())

    def test_a_demo_over_a_shop(self):
        self.refused("demo", "--db", self.with_demo())

    def test_a_second_server_on_the_same_database(self):
        with Server() as s:
            # PostgreSQL may have several servers (test_postgres), but not at one address.
            self.refused("serve", "--db", s.db, "--listen", f"127.0.0.1:{s.port}", says=["process" if ENGINE == "sqlite" else str(s.port)])
            self.assertEqual(s.client().get("/healthz").status, 200)

    def test_config_get_and_set(self):
        db = self.with_demo()
        path = "login_as_customer/session/handover_seconds"
        r = self.run_here("config", "get", "--db", db, path)
        self.assertEqual((r.returncode, r.stdout.strip()), (0, "60"), r.stderr)
        r = self.run_here("config", "set", "--db", db, path, "30")
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertEqual(self.run_here("config", "get", "--db", db, path).stdout.strip(), "30")
        self.refused("config", "set", "--db", db, path, "301")
        self.refused("config", "set", "--db", db, path, "soon")
        self.assertEqual(self.run_here("config", "get", "--db", db, path).stdout.strip(), "30")
        self.assertEqual(self.run_here("audit", "verify", "--db", db).returncode, 0)


if __name__ == "__main__":
    unittest.main()
