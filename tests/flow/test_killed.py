"""`kill -9` of the server at random moments under load: every acknowledged change is there, nothing is half done, the record is
whole. `make torture N=1000` does it as often as is asked for; TORTURE_SEED gives the same moments again."""
import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import RELEASE, Server  # noqa: E402
from people import assist, root_of  # noqa: E402

KILLS = int(os.environ.get("TORTURE", 50))
SEED = int(os.environ.get("TORTURE_SEED", time.time_ns() % 1_000_000))
# Of assisted customers: what staff do for them has an entry each, which must be there exactly when the change is.
ASSISTED, ALONE = ("consents@example.com", "outlet@example.com"), ("refuses@example.com",)


class Writer(threading.Thread):
    """Saves a customer's telephone number again and again, also right after the server was killed and started anew."""

    def __init__(self, case, client, root, email, mark):
        super().__init__(daemon=True)
        self.case, self.client, self.root, self.email, self.mark = case, client, root, email, mark
        self.n, self.saved, self.late, self.going, self.resting = 0, [], [], True, False

    def run(self):
        while self.going:
            self.resting = not self.case.up.is_set()
            if self.resting:
                self.case.up.wait(0.05)
                continue
            with contextlib.suppress(OSError, http.client.HTTPException):
                self.step()

    def step(self):
        self.client.get(self.root + "/customer/account/edit")
        if self.client.reply.status != 200:  # the server is stopping
            return
        form = self.client.page.form(button="Save")
        self.n += 1
        value = f"+31 {self.mark} {self.n:06d}"
        self.late.append(value)
        reply = self.client.submit(form, {"Phone Number": value}, follow=False)
        if reply.status == 303:
            self.saved.append(value)
            self.late.clear()


class KilledTest(unittest.TestCase):
    """One server and one database, killed again and again."""

    def start_writers(self):
        staff = self.server.admin()
        tabs = [assist(staff, e) for e in ASSISTED]
        self.writers = [Writer(self, t, root_of(t), e, i) for i, (t, e) in enumerate(zip(tabs, ASSISTED))]
        self.writers += [Writer(self, self.server.customer(e), "", e, 8) for e in ALONE]
        for w in self.writers:
            w.start()

    def kill_after(self, seconds):
        time.sleep(seconds)
        self.up.clear()
        self.server.kill()

    def check(self, round_):
        """While nobody writes: what is in the database, in one snapshot, against what was promised."""
        with contextlib.closing(self.server.connect(writable=False)) as db:
            db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ" if self.server.name else "BEGIN")
            if not self.server.name:
                self.assertEqual(db.execute("PRAGMA quick_check").fetchone()[0], "ok", round_)
                self.assertEqual(db.execute("PRAGMA foreign_key_check").fetchall(), [], round_)
            for w in self.writers:
                value = self.telephone(db, w)
                if w.saved:
                    self.assertIn(value, [w.saved[-1], *w.late], f"{round_}: {w.email}")
            for w in self.writers[:len(ASSISTED)]:
                self.check_entries(db, w, round_)

    def telephone(self, db, w):
        return db.execute("SELECT telephone FROM customer WHERE email = ?", (w.email,)).fetchone()[0]

    def check_entries(self, db, w, round_):
        """Each change has its entry, each entry its change, in their order."""
        recorded = [json.loads(r[0])["telephone"] for r in db.execute(
            "SELECT after_json FROM audit_entry WHERE actor = 'assisted' AND result = 'success' AND after_json LIKE ? ORDER BY id",
            (f"%+31 {w.mark} %",)).fetchall()]
        numbers = [int(v.split()[-1]) for v in recorded]
        self.assertEqual(numbers, sorted(set(numbers)), f"{round_}: entries out of order or twice")
        self.assertEqual(sorted(set(w.saved) - set(recorded)), [], f"{round_}: an acknowledged change without its entry")
        if recorded:
            self.assertEqual(self.telephone(db, w), recorded[-1], f"{round_}: the change and its entry are not one")

    def whole(self, round_):
        r = subprocess.run([RELEASE, "audit", "verify", "--db", self.server.db], cwd=self.server.folder, capture_output=True, text=True,
                           timeout=60, check=False)
        self.assertEqual(r.returncode, 0, f"{round_}: {r.stdout}{r.stderr}")

    def test_killed_at_random_moments(self):
        self.up, self.server, moments = threading.Event(), Server(binary=RELEASE), random.Random(SEED)
        self.addCleanup(self.server.remove)
        self.addCleanup(self.server.kill)
        self.server.start()
        self.up.set()
        self.start_writers()
        for i in range(KILLS):
            round_ = f"kill {i + 1} of {KILLS}, seed {SEED}"
            self.kill_after(0.05 + moments.random() * 0.5)
            self.settle()
            if i % 2:  # as the kill left it; else as the server's own recovery made it
                self.check(round_)
            if i % 5 == 4:
                self.whole(round_)
            if moments.random() < 0.2:  # the next one falls into the start, before it listens or just when it does
                self.server.start(wait=False)
                self.kill_after(moments.random() * 0.15)
            self.server.start()
            self.check(round_)
            self.up.set()
        self.finish()

    def settle(self):
        """Until every writer has noticed that the server is gone."""
        until = time.monotonic() + 10
        while not all(w.resting for w in self.writers):
            self.assertLess(time.monotonic(), until, "a client hangs")
            time.sleep(0.01)

    def finish(self):
        time.sleep(1)
        for w in self.writers:
            w.going = False
        for w in self.writers:
            w.join(30)
            self.assertFalse(w.is_alive(), "a client hangs")
            self.assertGreater(len(w.saved), KILLS // 2, f"{w.email}: hardly anything was written")
        self.server.stop(signal.SIGTERM)
        self.check("at the end")
        self.whole("at the end")
        print(f"# {sum(len(w.saved) for w in self.writers)} changes were acknowledged under {KILLS} kills, seed {SEED}", flush=True)


if __name__ == "__main__":
    unittest.main()
