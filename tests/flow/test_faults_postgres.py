"""When PostgreSQL goes wrong under a running shop: a clear answer to the one, no harm to others, and it goes on by itself when
PostgreSQL does. The cluster is this module's own: the other tests need theirs."""
import contextlib
import os
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
import unittest

os.environ["COUNTERSIGN_ENGINE"] = "postgres"
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import disks  # noqa: E402  (first: it makes the process a mount namespace of its own)
import pgclient  # noqa: E402
from clusters import USER, administrator, own_cluster, owner  # noqa: E402
from faults import EMAIL, OTHER, FaultTest, change, name_of  # noqa: E402
from harness import Server, create_database, drop_database, postgres_url, run_command  # noqa: E402
from people import wait_for  # noqa: E402

ENGINES = ("postgres",)
GONE = float(os.environ.get("GONE_SECONDS", 6))  # `make torture` says 60
NO_MOUNT = "this machine lets nobody mount"


class OldServer(threading.Thread):
    """Speaks as much of PostgreSQL's protocol as it takes to say which version it is."""

    def __init__(self, version):
        super().__init__(daemon=True)
        self.version, self.listener = version, socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self):
        with contextlib.suppress(OSError):
            while True:
                with contextlib.suppress(ConnectionError, struct.error):
                    self.talk(self.listener.accept()[0])

    def talk(self, s):
        def message(kind, body):
            return kind + struct.pack("!I", len(body) + 4) + body
        with s:
            while True:
                length, code = struct.unpack("!II", s.recv(8, socket.MSG_WAITALL))
                s.recv(length - 8, socket.MSG_WAITALL)
                if code >> 16 == 3:
                    break
                s.sendall(b"N")  # no TLS, no GSSAPI
            status = {"server_version": self.version, "server_encoding": "UTF8", "client_encoding": "UTF8"}
            s.sendall(message(b"R", struct.pack("!I", 0)) +
                      b"".join(message(b"S", f"{k}\0{v}\0".encode()) for k, v in status.items()) +
                      message(b"K", struct.pack("!II", 1, 1)) + message(b"Z", b"I"))
            s.recv(1)


class StartTest(FaultTest):
    """What cannot work is told of in one line at the start."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = own_cluster(cls)

    def refused(self, db, *says, commands=(("serve", "--listen", "127.0.0.1:0"), ("migrate",), ("audit", "verify"))):
        for command in commands:
            with self.subTest(command[0]):
                r = run_command(*command, "--db", db, cwd=tempfile.gettempdir())
                self.assertEqual(r.returncode, 2, r.stdout + r.stderr)
                lines = [x for x in r.stderr.strip().split("\n") if '"event":"migration"' not in x]
                self.assertEqual(len(lines), 1, r.stderr)
                for part in says:
                    self.assertIn(part, r.stderr)

    def role(self, name, *grants):
        """A role that may do what is granted and nothing else; the address that it reaches the database by."""
        with administrator() as db:
            db.execute(f"CREATE ROLE {name} LOGIN")
        for g in grants:
            with administrator(name) as db:
                db.execute(g)
        return postgres_url(name).replace(f"{USER}@", f"{name}@")

    def database(self, name, like="demo"):
        create_database(name, like)

        def remove():
            drop_database(name)
            with administrator() as db:
                db.execute(f"DROP ROLE IF EXISTS {name}")
        self.addCleanup(remove)

    def test_a_server_that_is_too_old(self):
        for version in ("13.14 (Debian 13.14-1)", "9.6.24", "14.0"):
            old = OldServer(version)
            old.start()
            self.addCleanup(old.listener.close)
            self.refused(f"postgresql://countersign@127.0.0.1:{old.port}/shop", "version 15 or newer", version)

    def test_something_that_is_no_database(self):
        with socket.create_server(("127.0.0.1", 0)) as s:
            def answer():
                with contextlib.suppress(OSError):
                    while True:
                        with s.accept()[0] as c:
                            c.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            threading.Thread(target=answer, daemon=True).start()
            self.refused(f"postgresql://countersign@127.0.0.1:{s.getsockname()[1]}/shop", "PostgreSQL")

    def test_nobody_there(self):
        began = time.monotonic()
        self.refused("postgresql://countersign@127.0.0.1:1/shop", "refused")
        self.refused("postgresql://countersign@no-such-host.invalid/shop", "no-such-host.invalid")
        self.assertLess(time.monotonic() - began, 20)

    def test_a_role_that_may_not_make_tables(self):
        self.database("maynotcreate", None)
        db = self.role("maynotcreate")
        self.refused(db, "permission denied for schema public", commands=(("serve", "--listen", "127.0.0.1:0"), ("migrate",)))

    def test_a_role_that_may_not_read_or_change_a_table(self):
        self.database("maynotread")
        every = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO maynotread"
        serve = (("serve", "--listen", "127.0.0.1:0"),)
        db = self.role("maynotread", every, "REVOKE SELECT ON customer FROM maynotread")
        self.refused(db, "maynotread may not SELECT customer", commands=serve)
        with administrator("maynotread") as c:
            c.execute(every)
            c.execute("REVOKE DELETE ON cart_item FROM maynotread")
        self.refused(db, "maynotread may not DELETE cart_item", commands=serve)
        with administrator("maynotread") as c:
            c.execute(every)
            c.execute("REVOKE UPDATE, DELETE ON audit_entry, audit_seal FROM maynotread")
            c.execute("REVOKE SELECT ON audit_entry FROM maynotread")
        self.refused(db, "permission denied for table audit_entry", commands=(("audit", "verify"),))

    def test_a_role_that_may_not_change_the_record_is_enough(self):
        server = Server()
        self.addCleanup(server.remove)
        self.addCleanup(server.kill)
        with administrator() as c:
            c.execute("CREATE ROLE clerk LOGIN")
        with administrator(server.name) as c:
            c.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk")
            c.execute("REVOKE UPDATE, DELETE ON audit_entry, audit_seal FROM clerk")
        server.role = "clerk"
        server.start()
        customer = server.customer(EMAIL)
        self.assertEqual(change(customer, "Clerk").status, 303)
        # A right that is taken away while it runs: the one is told, the others go on.
        with administrator(server.name) as c:
            c.execute("REVOKE UPDATE ON customer FROM clerk")
        self.refused_clearly(change(customer, "Refused"))
        self.assertEqual(server.client().get("/").status, 200)
        self.told(server, "failing", "writing", "permission denied for table customer")
        with administrator(server.name) as c:
            c.execute("GRANT UPDATE ON customer TO clerk")
        self.assertEqual(change(customer, "Again").status, 303)
        server.stop()


class GoneTest(FaultTest):
    """PostgreSQL is stopped, killed, frozen by a lock, made read-only: and comes back."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = own_cluster(cls)

    def away(self, how=signal.SIGINT):
        """Ends PostgreSQL; however the test goes on, it is there again afterwards."""
        self.addCleanup(lambda: self.cluster.is_alive() or self.cluster.launch())
        self.cluster.halt(how)

    def test_gone_for_a_while(self):
        server = self.serve()
        reader = server.customer("outlet@example.com", view="/outlet")
        with self.writing(server) as writers:
            self.goes_on(writers)
            self.away()
            gone = time.monotonic()
            while time.monotonic() - gone < GONE:
                for path in ("/outlet/customer/account", "/outlet/search?q=lamp", "/healthz"):
                    began = time.monotonic()
                    self.assertEqual(reader.get(path).status, 503, path)
                    self.assertLess(time.monotonic() - began, 3, path)
                time.sleep(0.1)
            self.refused_clearly(reader.get("/outlet/customer/account"))
            self.told(server, "failing", "reading", "Connection refused")
            self.cluster.launch()
            there = time.monotonic()
            wait_for(lambda: server.client().get("/healthz").status == 200, 5)
            self.goes_on(writers, 10)
            print(f"# gone for {GONE:.0f} s, {sum(w.refused for w in writers)} refusals; everybody saves again after"
                  f" {time.monotonic() - there:.1f} s, {sum(len(w.saved) for w in writers)} changes acknowledged", flush=True)
        self.told_well(server, "reading")
        failing = [x for x in server.lines if '"event":"database"' in x]
        self.assertLess(len(failing), 20, "the log is flooded")
        server.stop()

    def test_restarted_again_and_again(self):
        server = self.serve()
        with self.writing(server) as writers:
            for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGINT):
                self.goes_on(writers)
                self.away(how)
                time.sleep(0.3)
                self.cluster.launch()
            self.goes_on(writers)
        server.stop()
        self.whole(server)

    def test_it_cannot_start_without_and_starts_with(self):
        server = Server()
        self.addCleanup(server.remove)
        self.addCleanup(server.kill)
        self.away()
        r = run_command("serve", "--db", server.db, "--listen", "127.0.0.1:0", cwd=server.folder)
        self.assertEqual((r.returncode, len(r.stderr.strip().split("\n"))), (2, 1), r.stderr)
        self.assertIn("refused", r.stderr)
        self.cluster.launch()
        server.start()
        server.stop()

    def test_read_only_until_it_is_promoted(self):
        """What was the primary comes back as a standby: it is read, and nothing can be saved."""
        server = self.serve()
        reader = server.customer("outlet@example.com", view="/outlet")
        with self.writing(server) as writers:
            self.goes_on(writers)
            self.away()
            with open(self.cluster.data("standby.signal"), "w", encoding="ascii"):
                pass
            self.cluster.launch()
            self.addCleanup(self.promote)
            wait_for(lambda: reader.get("/outlet/customer/account").status == 200)
            self.are_refused(writers)
            self.refused_clearly(change(reader, "Refused", "/outlet"))
            self.told(server, "failing", "writing", "recovery")
            self.promote()
            self.goes_on(writers)
        server.stop()
        self.whole(server)

    def promote(self):
        with administrator() as db:
            if db.execute("SELECT pg_is_in_recovery()").fetchone()[0]:
                db.execute("SELECT pg_promote()")

    def waiting_in_an_operation(self, server):
        """The backend of the server's writer while it waits for a lock that we hold."""
        with administrator(server.name) as db:
            return wait_for(lambda: db.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name ="
                                               " 'countersign' AND wait_event_type = 'Lock' AND wait_event <> 'advisory'").fetchone())[0]

    def held_up(self, server, how):
        """A customer saves; in the middle of it their operation's connection is ended (or the statement cancelled) by an
        administrator. Gives the answer; another customer, whose pages only read, is served meanwhile."""
        customer, other = server.customer(EMAIL), server.customer(OTHER)
        blocker = pgclient.Connection(server.db)
        self.addCleanup(blocker.close)
        blocker.execute("BEGIN")
        blocker.execute("UPDATE customer SET telephone = telephone WHERE email = ?", (EMAIL,))
        replies = []
        t = threading.Thread(target=lambda: replies.append(change(customer, "Held")), daemon=True)
        t.start()
        with administrator() as db:
            db.execute(f"SELECT {how}(CAST(? AS int))", (self.waiting_in_an_operation(server),))
        self.assertEqual(other.get("/customer/account").status, 200)
        if how == "pg_terminate_backend":
            self.waiting_in_an_operation(server)  # it was run again
        blocker.execute("COMMIT")
        t.join(30)
        return replies[0]

    def test_a_connection_that_is_killed_inside_an_operation(self):
        server = self.serve()
        self.assertEqual(self.held_up(server, "pg_terminate_backend").status, 303)
        self.assertEqual(name_of(server, EMAIL), "Held")
        server.stop()

    def failing(self, server, state, times):
        """The next so many changes of a customer fail with this state; a sequence counts them, because it is not rolled back."""
        db = server.connect()
        for statement in ("DROP SEQUENCE IF EXISTS failed CASCADE", "CREATE SEQUENCE failed",
                          "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                          f" IF nextval('failed') <= {times} THEN RAISE EXCEPTION 'try again' USING ERRCODE = '{state}'; END IF;"
                          " RETURN NEW; END $$",
                          "CREATE OR REPLACE TRIGGER fail BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION fail()"):
            db.execute(statement)
        db.close()

    def test_serialization_failures_and_deadlocks_are_tried_again(self):
        server = self.serve()
        customer = server.customer(EMAIL)
        for n, (state, times) in enumerate((("40001", 1), ("40001", 4), ("40P01", 2))):
            with self.subTest(f"{state} {times} times"):
                self.failing(server, state, times)
                head = server.audit_head()
                self.assertEqual(change(customer, f"Again{n}").status, 303)
                self.assertEqual(name_of(server, EMAIL), f"Again{n}")
                self.assertEqual(server.value("SELECT last_value FROM failed"), times + 1)
                self.assertEqual([e["full_action"] for e in server.audit(head) if e["actor"] == "customer"], ["customer_save"], "recorded once")
        server.stop()
        self.whole(server)

    def test_a_conflict_that_does_not_end_is_given_up(self):
        server = self.serve()
        customer = server.customer(EMAIL)
        self.failing(server, "40P01", 1000)
        self.refused_clearly(change(customer, "Never"))
        self.assertLess(server.value("SELECT last_value FROM failed"), 20, "bounded")
        self.assertNotEqual(name_of(server, EMAIL), "Never")
        self.failing(server, "40P01", 0)
        self.assertEqual(change(customer, "Later").status, 303)
        server.stop()
        self.whole(server)

    def test_a_statement_that_is_cancelled_inside_an_operation(self):
        server = self.serve()
        self.refused_clearly(self.held_up(server, "pg_cancel_backend"))
        self.assertNotEqual(name_of(server, EMAIL), "Held")
        self.told(server, "failing", "writing", "cancel")
        self.assertEqual(change(server.customer(OTHER), "Next").status, 303)
        server.stop()


@unittest.skipUnless(disks.can_mount, NO_MOUNT)
class FullTest(FaultTest):
    """No space left: for the tables, and for PostgreSQL as a whole."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(prefix="faults-test-")
        cls.disk = disks.SmallDisk(folder, 320, owner())
        cls.addClassCleanup(cls.disk.remove)
        os.chmod(folder, 0o711)
        inside = os.path.join(folder, "cluster")
        os.mkdir(inside)
        cls.cluster = own_cluster(cls, inside)

    def test_for_the_tables(self):
        folder = tempfile.mkdtemp(prefix="faults-test-")
        disk = disks.SmallDisk(folder, 64, owner())
        self.addCleanup(disk.remove)
        place = os.path.join(folder, "tables")
        os.mkdir(place)
        if owner():
            os.chown(place, *owner())
        server = Server()
        with administrator() as db:
            db.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
            db.execute(f"ALTER DATABASE {server.name} SET TABLESPACE small")
        self.addCleanup(self.drop_tablespace)
        self.addCleanup(server.remove)
        self.addCleanup(server.kill)
        server.start()
        reader = server.customer("outlet@example.com", view="/outlet")
        with self.writing(server) as writers:
            self.goes_on(writers)
            disk.fill()
            self.are_refused(writers)
            self.assertEqual(reader.get("/outlet/customer/account").status, 200)
            self.told(server, "failing", "writing", "No space left on device")
            disk.free()
            self.goes_on(writers)
        self.told_well(server, "writing")
        server.stop()
        self.whole(server)

    def drop_tablespace(self):
        with administrator() as db:
            db.execute("DROP TABLESPACE small")

    def test_for_everything(self):
        """PostgreSQL gives up when it cannot write its log; it starts again when there is space."""
        server = self.serve()
        with self.writing(server) as writers:
            self.goes_on(writers)
            self.disk.fill()
            self.are_refused(writers, 60)
            self.disk.free()
            time.sleep(0.5)
            if not self.cluster.is_alive():
                self.cluster.launch()
            self.goes_on(writers, 30)
        server.stop()
        self.whole(server)


if __name__ == "__main__":
    unittest.main()
