"""The real server on a copy of the demo shop, and people who use it.

A test class derives from ShopTest: it gets a server of its own (class attribute `server`), started once for the class and
stopped after it. Stopping asserts: exit status 0, nothing from the sanitizers, every log line one JSON object, no secret
in the log, the audit log whole. Set COUNTERSIGN to try another binary, and COUNTERSIGN_ENGINE=postgres to try the other engine:
then every server has a database of its own, in the cluster that COUNTERSIGN_POSTGRES names (its URL without a database) or in one
that is started here."""
import atexit
import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
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

import pgclient
from client import Client, Reply, raw  # noqa: F401  (tests take them from here)
from smtpd import MailServer  # noqa: F401

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get("COUNTERSIGN", os.path.join(ROOT, "out", "asan", "countersign"))
RELEASE = os.path.join(ROOT, "out", "release", "countersign")
ADMIN_PASSWORD = os.environ.setdefault("ADMIN_PASSWORD", "Admin-pass-7301-wall")
CUSTOMER_PASSWORD = os.environ.setdefault("CUSTOMER_PASSWORD", "Customer-pass-4417-lamp")
ENGINE = os.environ.get("COUNTERSIGN_ENGINE", "sqlite")
START_LIMIT, STOP_LIMIT = 30, 15
LOOKING = threading.Lock()  # the kept connections of the servers serve one thread at a time
SANITIZER = re.compile(r"AddressSanitizer|LeakSanitizer|UndefinedBehavior|ThreadSanitizer|runtime error:")
# What may change although an operation was refused: its record, and when somebody was last seen.
RESTLESS = {"audit_entry", "audit_seal", "audit_block", "audit_block_word", "staff_session", "shop_session", "assist_session", "sqlite_sequence"}
# The columns that only an operation changes: sign-ins are counted, and mail is sent behind everybody's back.
COLUMNS_AT_REST = {"staff_user": "id, username, role_id, active, password_hash", "mail": "id, kind, to_email, subject, body"}


def tables():
    """The declared pages and operations, as the generator wrote them."""
    with open(os.path.join(ROOT, "out", "gen", "tables.json"), encoding="utf-8") as f:
        return json.load(f)


def die_with_parent():
    """A server must not outlive a test that was killed (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def sanitizer_env():
    return {"ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:exitcode=99",
            "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1"}


def template():
    """The folder with the demo shop that every server gets a copy of. Made here when no test runner did."""
    if os.environ.get("DEMO_TEMPLATE"):
        return os.environ["DEMO_TEMPLATE"]
    folder = os.path.join(ROOT, "out", "test-demo")
    with open(folder + ".lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shop = os.path.join(folder, "shop.db")
        if not os.path.exists(shop) or os.path.getmtime(shop) < os.path.getmtime(RELEASE):
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
            subprocess.run([RELEASE, "demo", "--db", f"sqlite:{shop}"], check=True, capture_output=True, timeout=120)
    return folder


def postgres_url(name):
    """The address of a database in the cluster of the tests."""
    if not os.environ.get("COUNTERSIGN_POSTGRES"):
        sys.path.insert(0, os.path.join(ROOT, "tools"))
        import pgcluster  # pylint: disable=import-outside-toplevel
        cluster = pgcluster.Cluster()
        atexit.register(cluster.stop)
        cluster.start()
        os.environ["COUNTERSIGN_POSTGRES"] = cluster.url("")
        subprocess.run([RELEASE, "demo", "--db", create_database("demo", None)], check=True, capture_output=True, timeout=120)
    return os.environ["COUNTERSIGN_POSTGRES"] + name


def create_database(name, like="demo"):
    """An empty database, or a copy of the demo shop; returns its address."""
    admin = pgclient.Connection(postgres_url("postgres"))
    try:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {like or 'template0'}")
    finally:
        admin.close()
    return postgres_url(name)


def drop_database(name):
    admin = pgclient.Connection(postgres_url("postgres"))
    try:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        admin.close()


class Server:
    """A running server. Use as a context manager, or start() and stop()."""

    def __init__(self, *options, demo=True, binary=None, login_rate=10_000, folder=None):
        """Tests sign in more often from one address than people do: `login_rate` lifts that limit (None leaves it). `folder`:
        where its files are, when that matters."""
        self.options, self.binary = options, binary or BINARY
        self.folder = folder or tempfile.mkdtemp(prefix="countersign-test-")
        self.path = os.path.join(self.folder, "shop.db")
        self.name, self.role = None, None  # of the database in PostgreSQL; of the server's user when not the owner
        self.looking = None  # the kept connection of query()
        if ENGINE == "postgres":
            self.name = "t" + os.path.basename(self.folder).split("-")[-1].lower() + str(os.getpid())
            create_database(self.name, "demo" if demo else None)
        elif demo:
            shutil.copytree(template(), self.folder, dirs_exist_ok=True)
        if demo and login_rate:
            self.preset("admin/security/login_rate", login_rate)
        self.process, self.port, self.lines, self.secrets = None, 0, [], {ADMIN_PASSWORD, CUSTOMER_PASSWORD}
        self.verify_at_stop, self.reader, self.ready = True, None, threading.Event()

    @property
    def db(self):
        return postgres_url(self.name) if self.name else f"sqlite:{self.path}"

    def address(self):
        """What the server itself is given as --db."""
        return re.sub("//[^@]*@", f"//{self.role}@", self.db) if self.role else self.db

    def connect(self, writable=True):
        """A connection past the server: how a test turns back time. On SQLite only while the server stands still."""
        if self.name:
            return pgclient.Connection(self.db)
        return sqlite3.connect(self.path) if writable else sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=10)

    @contextlib.contextmanager
    def looking_in(self):
        """A connection for reading. On PostgreSQL one is kept, because making one takes longer than most queries."""
        if not self.name:
            with contextlib.closing(self.connect(writable=False)) as db:
                yield db
            return
        with LOOKING:
            if self.looking is None or not self.looking.is_alive():
                self.looking = self.connect(writable=False)
            yield self.looking

    def start(self, wait=True):
        self.ready.clear()
        self.process = subprocess.Popen(
            [self.binary, "serve", "--db", self.address(), "--listen", f"127.0.0.1:{self.port}", *self.options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=self.folder,
            env={**os.environ, **sanitizer_env()}, preexec_fn=die_with_parent)
        self.reader = threading.Thread(target=self._read, args=(self.process.stderr,), daemon=True)
        self.reader.start()
        if wait:
            self.wait_ready()
        return self

    def _read(self, pipe):
        for line in pipe:
            text = line.decode("utf-8", "backslashreplace").rstrip("\n")
            self.lines.append(text)
            if '"listening"' in text:
                self.port = json.loads(text)["port"]
                self.ready.set()
        self.ready.set()

    def wait_ready(self):
        if not self.ready.wait(START_LIMIT) or self.process.poll() is not None:
            self.kill()
            raise AssertionError("the server did not start:\n" + "\n".join(self.lines[-40:]))
        until = time.monotonic() + START_LIMIT
        while True:
            try:
                if Client(self).get("/healthz").status == 200:
                    return
            except OSError:
                pass
            if time.monotonic() > until:
                self.kill()
                raise AssertionError("/healthz never answered 200:\n" + "\n".join(self.lines[-40:]))
            time.sleep(0.05)

    def crashed(self):
        """What it said last, when it ended by itself; else None."""
        p = self.process  # kill() takes it away
        if p is None:
            return None
        with contextlib.suppress(subprocess.TimeoutExpired):
            p.wait(0.5)
            self.reader.join(2)
            return "\n".join(x for x in self.lines[-60:] if not x.startswith("{"))
        return None

    def kill(self):
        """As a power cut: SIGKILL, at once."""
        p, self.process = self.process, None
        if p:
            p.kill()
            p.wait()
            self.reader.join(5)

    def stop(self, sig=signal.SIGTERM):
        """Asks it to stop and checks that it went well."""
        if self.process is None:
            return
        p, self.process = self.process, None
        p.send_signal(sig)
        try:
            status = p.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            p.kill()
            p.wait()
            raise AssertionError(f"the server did not stop within {STOP_LIMIT} s:\n" + "\n".join(self.lines[-40:])) from None
        finally:
            self.reader.join(5)
        self.check_log()
        if status != 0:
            raise AssertionError(f"the server ended with status {status}:\n" + "\n".join(self.lines[-60:]))
        if self.verify_at_stop:
            r = self.command("audit", "verify", "--db", self.db)
            if r.returncode != 0:
                raise AssertionError(f"the audit log is not whole: {r.stdout}{r.stderr}")

    def check_log(self):
        text = "\n".join(self.lines)
        if SANITIZER.search(text):
            raise AssertionError("the sanitizers found something:\n" + text[-12_000:])
        for line in self.lines:
            try:
                ok = isinstance(json.loads(line), dict)
            except ValueError:
                ok = False
            if not ok:
                raise AssertionError(f"a log line is no JSON object: {line}")
        for secret in self.secrets:
            if secret in text:
                where = next(x for x in self.lines if secret in x)
                raise AssertionError(f"a secret stands in the log: {where}")

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.looking:
            self.looking.close()
        if self.name:
            drop_database(self.name)

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        try:
            if kind is None:
                self.stop()
            else:
                self.kill()
        finally:
            self.kill()
            self.remove()

    # ---- what is inside ----

    def query(self, sql, *args):
        """Rows of the live database, read-only: never writes, never checkpoints."""
        with self.looking_in() as db:
            db.row_factory = sqlite3.Row
            return [dict(r) for r in db.execute(sql, args)]

    def value(self, sql, *args):
        """The first column of the first row; None when there is none."""
        rows = self.query(sql, *args)
        return next(iter(rows[0].values())) if rows else None

    def state(self):
        """A digest of every table that a refused request must leave alone."""
        listing = ("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1" if self.name else
                   "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        with self.looking_in() as db:
            names = [n for n, in db.execute(listing)]
            # What triggers derive from other tables (the words of the search) tells nothing more than those.
            names = [n for n in names if n not in RESTLESS and not n.startswith("sqlite_") and not n.endswith("_word")]
            if self.name:  # there the database digests: a row over the wire costs more than ten inside
                each = (f"SELECT '{n}', md5(coalesce(string_agg(r::text, '|' ORDER BY r::text), ''))"
                        f" FROM (SELECT {COLUMNS_AT_REST.get(n, '*')} FROM {n}) r" for n in names)
                return dict(db.execute(" UNION ALL ".join(each)).fetchall())
            out = {}
            for n in names:
                h = hashlib.blake2b()
                for row in db.execute(f"SELECT {COLUMNS_AT_REST.get(n, '*')} FROM {n} ORDER BY 1, 2"):
                    h.update(repr(row).encode())
                out[n] = h.hexdigest()
            return out

    @contextlib.contextmanager
    def at_rest(self):
        """Stops the server, gives a writable connection to its database, starts it again: how a test turns back time."""
        self.stop()
        db = self.connect()
        try:
            yield db
            db.commit()
        finally:
            db.close()
        self.start()

    def preset(self, path, value):
        """Saves a setting in the default scope while the server is not running."""
        with contextlib.closing(self.connect()) as db:
            db.execute("INSERT INTO setting_value (scope, scope_id, path, value) VALUES (0, 0, ?, ?)"
                       " ON CONFLICT (scope, scope_id, path) DO UPDATE SET value = excluded.value", (path, str(value)))
            db.commit()

    def command(self, *args, timeout=60, **kw):
        """Runs a subcommand of the program."""
        return run_command(*args, binary=self.binary, timeout=timeout, **{"cwd": self.folder, **kw})

    def audit(self, since=0, **where):
        """Audit entries after id `since`, oldest first, with before and after read."""
        conditions = "".join(f" AND {k} = ?" for k in where)
        rows = self.query(f"SELECT * FROM audit_entry WHERE id > ?{conditions} ORDER BY id", since, *where.values())
        for r in rows:
            r["before"], r["after"] = (json.loads(r[k]) if r[k] else {} for k in ("before_json", "after_json"))
        return rows

    def audit_head(self):
        return self.value("SELECT coalesce(max(id), 0) FROM audit_entry")

    def customer_id(self, email):
        return self.value("SELECT id FROM customer WHERE email = ?", email)

    # ---- people ----

    def client(self):
        return Client(self)

    def admin(self, username="admin", password=None):
        """A browser with a staff user signed in."""
        c = Client(self)
        c.get("/admin")
        c.press("Sign in", {"Username": username, "Password": password or ADMIN_PASSWORD})
        if c.reply.status != 200 or c.page.has_form(button="Sign in"):
            raise AssertionError(f"{username} could not sign in: {c.reply!r}")
        return c

    def customer(self, email="consents@example.com", password=None, view=""):
        """A browser with a customer signed in."""
        c = Client(self)
        c.get(f"{view}/customer/account/login")
        c.press("Sign In", {"Email": email, "Password": password or CUSTOMER_PASSWORD})
        if c.reply.status != 200 or c.page.has_form(button="Sign In"):
            raise AssertionError(f"{email} could not sign in: {c.reply!r}")
        return c


def run_command(*args, binary=None, timeout=60, env=None, **kw):
    return subprocess.run([binary or BINARY, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=timeout, env={**os.environ, **sanitizer_env(), **(env or {})}, check=False, **kw)


class ShopTest(unittest.TestCase):
    """A server for the tests of a class."""
    options = ()
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.options)
        cls.addClassCleanup(cls.server.remove)
        cls.addClassCleanup(cls.server.kill)
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    @contextlib.contextmanager
    def unchanged(self, but=()):
        """Inside, nothing may change in the database (except these tables)."""
        before = self.server.state()
        yield
        after = self.server.state()
        changed = [t for t in before if before[t] != after.get(t) and t not in but]
        self.assertEqual(changed, [], "tables that changed")

    def assert_status(self, reply, *allowed):
        self.assertIn(reply.status, allowed, repr(reply))
