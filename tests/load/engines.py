"""The databases that a shop can live in. Each class has the same methods; its place in ENGINES is its section of the report."""
import contextlib
import hashlib
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(ROOT, "out", "release", "countersign")
TOOLS = os.path.join(ROOT, "out", "release", "load")
BENCH = os.path.join(ROOT, "out", "bench")
PASSWORDS = {"ADMIN_PASSWORD": "Bench-admin-7301-wall", "CUSTOMER_PASSWORD": "Bench-customer-4417-lamp"}

sys.path[:0] = [os.path.join(ROOT, "tools"), os.path.join(ROOT, "tests", "flow")]


def schema_hash():
    h, folder = hashlib.sha256(), os.path.join(ROOT, "src", "db", "schema")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as f:
            h.update(f.read())
    return h.hexdigest()[:12]


def command(*args, cwd=None):
    """Runs a subcommand of the program to its end."""
    done = subprocess.run([PROGRAM, *args], capture_output=True, text=True, check=False, cwd=cwd, env={**os.environ, **PASSWORDS})
    if done.returncode:
        raise RuntimeError(f"countersign {' '.join(args)}: {done.stderr}")
    return done


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Shop:
    """A shop of one engine. Its folder holds the key file, and on SQLite the database too."""
    name = ""

    def __init__(self, folder):
        self.folder = folder

    @staticmethod
    def missing():
        """Why this engine cannot be measured; None when it can."""

    @classmethod
    def start(cls):
        """Before the first shop."""

    @classmethod
    def stop(cls):
        """After the last."""

    def flushes_slowly(self, us):
        """A context in which every flush takes that long; gives what the server is started with."""
        raise NotImplementedError

    def pids(self):
        """The engine's own processes: their time counts too."""
        return []


class Sqlite(Shop):
    """A file, written by the server itself."""
    name = "SQLite"

    def __init__(self, folder):
        super().__init__(folder)
        self.path = os.path.join(folder, "shop.db")
        self.db = f"sqlite:{self.path}"

    @staticmethod
    def version():
        return sqlite3.sqlite_version

    def exists(self):
        return os.path.exists(self.path)

    def make_demo(self, customers, orders):
        """Made under another name and renamed when whole."""
        making = type(self)(self.folder + ".making")
        making.remove()
        os.makedirs(making.folder)
        command("demo", "--db", making.db, "--customers", str(customers), "--orders", str(orders))
        os.rename(making.folder, self.folder)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def copy_to(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return type(self)(folder)

    @contextlib.contextmanager
    def writing(self):
        """A connection for `execute` with ?, committed at the end; only while no server runs."""
        with contextlib.closing(sqlite3.connect(self.path)) as db:
            yield db
            db.commit()

    def rows(self, sql, *args):
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as db:
            return db.execute(sql, args).fetchall()

    def plan(self, sql):
        """How the engine runs a statement with $1 …, line by line."""
        values = {str(i): 1 for i in range(1, 65)}
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as db:
            lines = [detail for *_, detail in db.execute("EXPLAIN QUERY PLAN " + sql, values)]
        return [line for line in lines if not line.startswith(("CO-ROUTINE", "SCAN (subquery", "SCAN counted"))]

    @contextlib.contextmanager
    def flushes_slowly(self, us):
        yield {"preload": "slow_sync.so", "env": {"SLOW_SYNC_US": str(us)}}

    def written(self, server):
        """Bytes written for the database so far: all that went into files but the server's log."""
        with open(f"/proc/{server.process.pid}/io", encoding="ascii") as f:
            return int(re.search(r"^wchar: (\d+)", f.read(), re.M)[1]) - server.log_size()


class Postgres(Shop):
    """A database in a cluster of the benchmark's own, which is kept in out/bench/ and runs while it measures."""
    name = "PostgreSQL"
    cluster = None

    def __init__(self, folder):
        super().__init__(folder)
        self.database = re.sub(r"\W", "_", os.path.basename(folder))
        self.path = os.path.join(folder, self.database)

    @property
    def db(self):
        return self.cluster.url(self.database)

    @staticmethod
    def missing():
        import pgcluster  # pylint: disable=import-outside-toplevel
        if not pgcluster.binaries():
            return "PostgreSQL is not installed"
        said = subprocess.run([PROGRAM, "migrate", "--db", "postgresql://127.0.0.1:1/none"], capture_output=True, text=True, check=False).stderr
        return "the program was built without it" if "sqlite:PATH" in said and "postgresql:" not in said else None

    @classmethod
    def start(cls):
        """Durable, as a shop wants it; started once."""
        import pgcluster  # pylint: disable=import-outside-toplevel
        pgcluster.SETTINGS.update({"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "shared_buffers": "256MB",
                                   "max_wal_size": "4GB", "autovacuum_naptime": "1min"})
        cls.cluster = pgcluster.Cluster()
        folder = os.path.join(BENCH, f"postgres-cluster-{schema_hash()}")
        if os.path.isdir(os.path.join(folder, "data")):
            cls.cluster.folder = folder
            cls.cluster.port = free_port()
            cls.cluster.launch()
        else:
            cls.cluster.start()
            cls.cluster.halt()
            shutil.rmtree(folder, ignore_errors=True)
            shutil.move(cls.cluster.folder, folder)
            cls.cluster.folder = folder
            cls.cluster.launch()

    @classmethod
    def stop(cls):
        if cls.cluster:
            cls.cluster.halt()

    @staticmethod
    def version():
        import pgcluster  # pylint: disable=import-outside-toplevel
        said = subprocess.run([os.path.join(pgcluster.binaries(), "postgres"), "--version"], capture_output=True, text=True, check=True).stdout
        return said.split()[2]

    def connection(self, database=None):
        import pgclient  # pylint: disable=import-outside-toplevel
        return contextlib.closing(pgclient.Connection(self.cluster.url(database or self.database)))

    def administer(self, sql):
        with self.connection("postgres") as db:
            db.execute(sql)

    def exists(self):
        return os.path.exists(os.path.join(self.folder, "whole")) and \
            bool(self.rows("SELECT 1 FROM pg_database WHERE datname = ?", self.database, database="postgres"))

    def begin(self):
        self.remove()
        os.makedirs(self.folder)
        self.administer(f"CREATE DATABASE {self.database} TEMPLATE template0")

    def whole(self):
        with open(os.path.join(self.folder, "whole"), "w", encoding="ascii"):
            pass

    def make_demo(self, customers, orders):
        self.begin()
        command("demo", "--db", self.db, "--customers", str(customers), "--orders", str(orders), cwd=self.folder)
        self.whole()

    def make_from(self, source):
        """The same shop as one on SQLite, with its key."""
        self.begin()
        command("copy", "--from", source.db, "--to", self.db, cwd=self.folder)
        shutil.copy(source.path + ".key", self.path + ".key")
        with self.connection() as db:
            db.execute("VACUUM ANALYZE")
        self.whole()

    def remove(self):
        self.administer(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        shutil.rmtree(self.folder, ignore_errors=True)

    def copy_to(self, folder):
        other = type(self)(folder)
        other.remove()
        os.makedirs(folder)
        self.administer(f"CREATE DATABASE {other.database} TEMPLATE {self.database}")
        shutil.copy(self.path + ".key", other.path + ".key")
        other.whole()
        return other

    @contextlib.contextmanager
    def writing(self):
        with self.connection() as db:
            db.execute("BEGIN")
            yield db
            db.execute("COMMIT")

    def rows(self, sql, *args, database=None):
        with self.connection(database) as db:
            return db.execute(sql, args).fetchall()

    def plan(self, sql):
        count = max((int(n) for n in re.findall(r"\$(\d+)", sql)), default=0)
        with self.connection() as db:
            db.execute("SET plan_cache_mode = force_generic_plan")
            db.execute("PREPARE asked AS " + sql)
            lines = [r[0] for r in db.execute(f"EXPLAIN (COSTS OFF) EXECUTE asked({', '.join(['NULL'] * count)})")]
        keep = re.compile(r"(Scan|Sort|Join|Loop|Aggregate)\b|Cond:")
        return [line.strip().removeprefix("->").strip() for line in lines if keep.search(line) and not line.strip().startswith("Sort Key")]

    @contextlib.contextmanager
    def flushes_slowly(self, us):
        """Here it is the engine that flushes: it is started again, with slow flushes."""
        self.cluster.halt()
        os.environ.update(LD_PRELOAD=os.path.join(TOOLS, "slow_sync.so"), SLOW_SYNC_US=str(us))
        try:
            self.cluster.launch()
        finally:
            del os.environ["LD_PRELOAD"]
        yield {}
        self.cluster.halt()
        self.cluster.launch()

    def written(self, server):
        del server
        return int(self.rows("SELECT CAST(pg_current_wal_lsn() - '0/0'::pg_lsn AS BIGINT)")[0][0])

    def pids(self):
        pid = self.cluster.process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            return [pid, *(int(p) for p in f.read().split())]


ENGINES = [Sqlite, Postgres]
