"""The record cannot be rewritten, and `countersign audit verify` names the first entry where somebody tried."""
import csv
import io
import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pgclient  # noqa: E402
from harness import ENGINE, Server, create_database, drop_database, run_command  # noqa: E402
from people import assist, set_consent  # noqa: E402

EMAIL = "consents@example.com"


class RecordTest(unittest.TestCase):
    """One shop with a day's entries; each test works on a copy of its database."""

    @classmethod
    def setUpClass(cls):
        cls.source = tempfile.mkdtemp(prefix="audit-test-")
        cls.addClassCleanup(shutil.rmtree, cls.source)
        with Server() as s:
            admin, customer = s.admin(), s.customer(EMAIL)
            s.admin("support")
            assist(admin, EMAIL).press("Close Session")
            set_consent(customer, False)
            set_consent(customer, True)
            wrong = s.client()
            wrong.get("/admin")
            wrong.press("Sign in", {"Username": "admin", "Password": "wrong"})
            s.stop()
            shutil.copytree(s.folder, cls.source, dirs_exist_ok=True)
            if ENGINE == "postgres":
                cls.addClassCleanup(drop_database, create_database(f"day{os.getpid()}", s.name).rsplit("/", 1)[1])
        cls.key = next(os.path.join(cls.source, f) for f in os.listdir(cls.source) if f.endswith(".key"))

    def setUp(self):
        if ENGINE == "postgres":
            name = f"record{os.getpid()}"
            self.url = create_database(name, f"day{os.getpid()}")
            self.addCleanup(drop_database, name)
            self.db = pgclient.Connection(self.url)
        else:
            folder = tempfile.mkdtemp(prefix="audit-test-")
            self.addCleanup(shutil.rmtree, folder)
            shutil.copytree(self.source, folder, dirs_exist_ok=True)
            self.url = f"sqlite:{folder}/shop.db"
            self.db = sqlite3.connect(f"{folder}/shop.db")
            self.db.row_factory = sqlite3.Row
        self.addCleanup(self.db.close)
        self.last = self.db.execute("SELECT max(id) FROM audit_entry").fetchone()[0]
        self.assertGreater(self.last, 7)

    def unlock(self):
        if ENGINE == "postgres":
            for table in ("audit_entry", "audit_seal"):
                self.db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        for name, in self.db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            self.db.execute(f'DROP TRIGGER "{name}"')

    def verify(self):
        self.db.commit()
        return run_command("audit", "verify", "--db", self.url, "--key", self.key)

    def named(self, entry):
        """Verifying fails and names exactly this entry first."""
        r = self.verify()
        self.assertEqual(r.returncode, 1, r.stdout + r.stderr)
        numbers = re.findall(r"entry (\d+)", r.stdout + r.stderr)
        self.assertEqual(numbers[:1], [str(entry)], r.stdout + r.stderr)

    def test_untouched_it_is_whole(self):
        r = self.verify()
        self.assertEqual(r.returncode, 0, r.stdout + r.stderr)
        self.assertIn(str(self.last), r.stdout)

    def test_plain_sql_cannot_change_or_remove_an_entry(self):
        if ENGINE == "sqlite":
            self.db.execute("PRAGMA recursive_triggers=ON")  # as on the program's own connections
        over = ("INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE id = 3" if ENGINE == "sqlite" else
                "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE id = 3 ON CONFLICT (id) DO UPDATE SET details = 'x'")
        for sql in ("UPDATE audit_entry SET details = 'x' WHERE id = 3", "DELETE FROM audit_entry WHERE id = 3", "DELETE FROM audit_entry",
                    "UPDATE audit_seal SET entries = 1", "DELETE FROM audit_seal", over):
            self.assertGreater(self.db.execute("SELECT count(*) FROM audit_seal").fetchone()[0], 0)
            with self.subTest(sql), self.assertRaises((sqlite3.DatabaseError, pgclient.Error)):
                self.db.execute(sql)
        self.assertEqual(self.verify().returncode, 0)

    def test_every_column_of_an_entry_counts(self):
        self.unlock()
        columns = [r["name"] for r in self.db.execute("PRAGMA table_info(audit_entry)").fetchall() if r["name"] not in ("id", "search_fold")]
        for column in columns:
            with self.subTest(column):
                old = self.db.execute(f"SELECT {column} FROM audit_entry WHERE id = 4").fetchone()[0]
                new = {"hash": b"\1" * 32, "prev_hash": b"\1" * 32, "result": "failure" if old == "success" else "success"}.get(
                    column, old + 1 if isinstance(old, int) else f"{old or ''}x")
                self.db.execute(f"UPDATE audit_entry SET {column} = ? WHERE id = 4", (new,))
                self.named(4)
                self.db.execute(f"UPDATE audit_entry SET {column} = ? WHERE id = 4", (old,))
        self.assertEqual(self.verify().returncode, 0)

    def test_null_and_empty_are_not_the_same(self):
        self.unlock()
        entry = self.db.execute("SELECT id FROM audit_entry WHERE customer_id IS NULL ORDER BY id LIMIT 1").fetchone()[0]
        self.db.execute("UPDATE audit_entry SET customer_id = 0 WHERE id = ?", (entry,))
        self.named(entry)

    def test_words_moved_from_one_column_to_the_next(self):
        self.unlock()
        row = self.db.execute("SELECT id, action, full_action FROM audit_entry WHERE id = 5").fetchone()
        self.db.execute("UPDATE audit_entry SET action = ?, full_action = ? WHERE id = 5", (row["action"] + row["full_action"][0], row["full_action"][1:]))
        self.named(5)

    def test_an_entry_removed(self):
        self.unlock()
        self.db.execute("DELETE FROM audit_entry WHERE id = 5")
        self.named(5)

    def test_an_entry_removed_and_the_rest_moved_up(self):
        self.unlock()
        self.db.execute("DELETE FROM audit_entry WHERE id = 5")
        for i in range(6, self.last + 1):
            self.db.execute("UPDATE audit_entry SET id = ? WHERE id = ?", (i - 1, i))
        self.named(5)

    def test_two_entries_changed_places(self):
        self.unlock()
        self.db.execute("UPDATE audit_entry SET id = -1 WHERE id = 4")
        self.db.execute("UPDATE audit_entry SET id = 4 WHERE id = 5")
        self.db.execute("UPDATE audit_entry SET id = 5 WHERE id = -1")
        self.named(4)

    def insert_copy(self, at, of):
        columns = [r["name"] for r in self.db.execute("PRAGMA table_info(audit_entry)") if r["name"] != "id"]
        for i in range(self.last, at - 1, -1):
            self.db.execute("UPDATE audit_entry SET id = ? WHERE id = ?", (i + 1, i))
        of += of >= at
        self.db.execute(f"INSERT INTO audit_entry (id, {', '.join(columns)}) SELECT ?, {', '.join(columns)} FROM audit_entry WHERE id = ?", (at, of))

    def test_an_entry_inserted(self):
        self.unlock()
        self.insert_copy(5, 3)
        self.named(5)

    def test_an_entry_inserted_at_the_end(self):
        self.unlock()
        self.insert_copy(self.last + 1, 3)
        self.named(self.last + 1)

    def test_an_entry_before_the_first(self):
        self.unlock()
        self.db.execute("INSERT INTO audit_entry SELECT 0, at_us, action_group, action, full_action, result, reason, actor, staff_id, username,"
                        " customer_id, customer, session_id, website_id, view, origin, subject_kind, subject_id, details, before_json, after_json,"
                        " ip, search_fold, prev_hash, hash FROM audit_entry WHERE id = 1")
        r = self.verify()
        self.assertEqual(r.returncode, 1, r.stdout)

    def test_the_end_cut_off_behind_a_seal(self):
        """What a seal covers cannot be cut off: the seal says how many entries there were."""
        sealed = self.db.execute("SELECT max(entries) FROM audit_seal").fetchone()[0]
        self.assertIsNotNone(sealed, "stopping the server leaves a seal")
        self.unlock()
        self.db.execute("DELETE FROM audit_entry WHERE id >= ?", (sealed,))
        r = self.verify()
        self.assertEqual(r.returncode, 1, r.stdout + r.stderr)

    def test_a_server_does_not_lose_the_record_of_a_failed_sign_in(self):
        row = self.db.execute("SELECT * FROM audit_entry WHERE result = 'failure' AND action_group = 'sign_in'").fetchone()
        self.assertEqual(row["username"], "admin")

    def test_export(self):
        r = run_command("audit", "export", "--db", self.url, "--format", "jsonl")
        self.assertEqual(r.returncode, 0, r.stderr)
        self.assertEqual(len([json.loads(x) for x in r.stdout.splitlines()]), self.last)
        r = run_command("audit", "export", "--db", self.url)
        rows = list(csv.DictReader(io.StringIO(r.stdout.removeprefix("\ufeff"))))
        self.assertEqual(len(rows), self.last)


if __name__ == "__main__":
    unittest.main()
