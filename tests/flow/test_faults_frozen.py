"""A PostgreSQL that keeps its connections and answers nothing: a suspended machine, a disk that hangs, a network that swallows.
Nobody waits longer than --db-timeout says, the others are served, and it goes on by itself when PostgreSQL does."""
import contextlib
import os
import re
import sys
import threading
import time
import unittest

os.environ["COUNTERSIGN_ENGINE"] = "postgres"
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clusters import administrator, frozen, own_cluster, processes_of  # noqa: E402
from faults import AWAY, EMAIL, OTHER, UNSURE, FaultTest, change, name_of  # noqa: E402
from people import wait_for  # noqa: E402

ENGINES = ("postgres",)
PATIENCE = 2  # seconds that the server has with its database
SLACK = 3  # what a busy machine adds to every promise
PAGE = "/customer/account"


class FrozenTest(FaultTest):
    """Of processes that stand still, by their ids."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = own_cluster(cls)

    def serve(self, *options, **kw):
        return super().serve("--db-timeout", str(PATIENCE), *options, **kw)

    def backends(self, server, where):
        with administrator(server.name) as db:
            return [r[0] for r in db.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name ="
                                             f" 'countersign' AND {where} ORDER BY state_change DESC")]

    def within(self, seconds, act):
        """What `act` gives, which must not take longer."""
        began = time.monotonic()
        out = act()
        self.assertLess(time.monotonic() - began, seconds + SLACK)
        return out

    def test_all_of_it(self):
        server = self.serve()
        reader = server.customer("outlet@example.com", view="/outlet")
        style = re.search(r'href="([^"]+\.css[^"]*)"', reader.get("/outlet").source)[1]
        with self.writing(server) as writers:
            self.goes_on(writers)
            with frozen(*processes_of(self.cluster)):
                self.refused_clearly(self.within(2 * PATIENCE, lambda: reader.get("/outlet" + PAGE)))
                # Now it is known: nobody waits any more, and what needs no database is there.
                for _ in range(20):
                    for path in ("/outlet" + PAGE, "/outlet/search?q=lamp", "/healthz"):
                        self.assertEqual(self.within(0, lambda p=path: server.client().get(p).status), 503, path)
                    self.assertEqual(self.within(0, lambda: server.client().get(style).status), 200)
                self.are_refused(writers)
                self.told(server, "failing", "reading", "answer")
            self.within(5, lambda: wait_for(lambda: server.client().get("/healthz").status == 200, 10))
            self.goes_on(writers, 10)
        self.told_well(server, "reading")
        server.stop()
        self.whole(server)

    def test_it_stops_while_nothing_answers(self):
        server = self.serve()
        server.verify_at_stop = False
        server.customer(EMAIL)
        with frozen(*processes_of(self.cluster)):
            server.stop()
        self.whole(server)

    def test_it_cannot_start(self):
        server = self.serve()
        server.stop()
        with frozen(*processes_of(self.cluster)):
            for command in (("serve", "--listen", "127.0.0.1:0"), ("config", "list"), ("audit", "head")):
                r = self.within(10, lambda c=command: server.command(*c, "--db", server.db))
                self.assertEqual((r.returncode, len(r.stderr.strip().split("\n"))), (2, 1), r.stderr)
                self.assertIn("does not answer", r.stderr)

    def test_one_that_reads(self):
        server = self.serve()
        customer = server.customer(EMAIL)
        other = server.customer(OTHER)
        self.assertEqual(customer.get(PAGE).status, 200)
        readers = self.backends(server, "query NOT LIKE 'LISTEN%' AND query NOT LIKE '%pg_try_advisory_lock%'"
                                        " AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory') AND state = 'idle'"
                                        " AND query NOT LIKE '%countersign_xid%' AND query <> 'COMMIT'")
        with frozen(readers[0]):
            replies = [self.within(PATIENCE, lambda: customer.get(PAGE)) for _ in range(3)]
            self.assertEqual(sorted(r.status for r in replies), [200, 200, 503])
            self.refused_clearly(next(r for r in replies if r.status == 503))
            self.assertEqual(self.within(0, lambda: other.get(PAGE).status), 200)
            self.assertEqual(self.within(0, lambda: change(other, "Meanwhile").status), 303)
        self.assertEqual(customer.get(PAGE).status, 200)
        server.stop()

    # ---- the one that writes ----

    def start_change(self, customer, name):
        """They save, on a thread; the list gets the answer."""
        replies = []
        t = threading.Thread(target=lambda: replies.append(change(customer, name)), daemon=True)
        t.start()
        return t, replies

    def test_in_the_middle_of_an_operation(self):
        server = self.serve()
        customer, other = server.customer(EMAIL), server.customer(OTHER)
        with administrator(server.name) as blocker:
            blocker.execute("BEGIN")
            blocker.execute("UPDATE customer SET telephone = telephone WHERE email = ?", (EMAIL,))
            t, replies = self.start_change(customer, "Frozen")
            writer = wait_for(lambda: self.backends(server, "wait_event_type = 'Lock' AND wait_event <> 'advisory'"))[0]
            with frozen(writer):
                blocker.execute("ROLLBACK")
                self.within(PATIENCE, t.join)
                self.refused_clearly(replies[0])
                # It holds the lock that all writing goes through: who saves is told, who reads is served.
                self.refused_clearly(self.within(PATIENCE, lambda: change(other, "Behind")))
                self.assertEqual(self.within(0, lambda: other.get(PAGE).status), 200)
        wait_for(lambda: change(other, "After").status == 303, 10)
        self.assertNotEqual(name_of(server, EMAIL), "Frozen")
        self.assertEqual(name_of(server, OTHER), "After")
        server.stop()

    def wait_for_a_standby(self, name):
        """From now on a commit is only done when a standby of this name has it; the name is empty again after the test."""
        with administrator() as db:
            db.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
            db.execute("SELECT pg_reload_conf()")

    def commit_frozen(self, server, name):
        """A change whose COMMIT was sent when the writer's process froze; gives what thaws it, the thread and its answers."""
        customer, thaw = server.customer(EMAIL), contextlib.ExitStack()
        self.addCleanup(thaw.close)
        self.addCleanup(self.wait_for_a_standby, "")
        self.wait_for_a_standby("nobody")
        t, replies = self.start_change(customer, name)
        thaw.enter_context(frozen(wait_for(lambda: self.backends(server, "wait_event = 'SyncRep'"))[0]))
        self.wait_for_a_standby("")
        return thaw, t, replies

    def test_in_a_commit_nobody_can_tell(self):
        server = self.serve()
        thaw, t, replies = self.commit_frozen(server, "Unsure")
        self.within(PATIENCE + 5, t.join)
        self.assertEqual((replies[0].status, UNSURE in replies[0].text, AWAY in replies[0].text), (503, True, False))
        self.told(server, "unsure", "writing")
        thaw.close()
        # It was not sent again: PostgreSQL commits what it had, once.
        wait_for(lambda: name_of(server, EMAIL) == "Unsure", 10)
        self.assertEqual(change(server.customer(OTHER), "Next").status, 303)
        server.stop()

    def test_in_a_commit_that_is_heard_of_in_time(self):
        server = self.serve()
        thaw, t, replies = self.commit_frozen(server, "Heard")
        time.sleep(PATIENCE + 1)  # it was given up, and is asked about
        thaw.close()
        self.within(5, t.join)
        self.assertEqual(replies[0].status, 303)
        self.assertEqual(name_of(server, EMAIL), "Heard")
        server.stop()


if __name__ == "__main__":
    unittest.main()
