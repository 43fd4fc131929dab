"""PostgreSQL clusters of a test's own: to be stopped, filled up and frozen, which the other tests' cluster must not be."""
import contextlib
import os
import signal
import subprocess
import sys

import pgclient
from harness import RELEASE, ROOT, create_database, postgres_url

sys.path.insert(0, os.path.join(ROOT, "tools"))
import pgcluster  # noqa: E402

USER = pgcluster.USER


def owner():
    """User and group of its files; None: this user's own."""
    who = pgcluster.ordinary_user()
    return (who["user"], who["group"]) if who else None


def own_cluster(case, folder=None):
    """A cluster for the tests of a class, with the demo shop in it."""
    before = os.environ.get("COUNTERSIGN_POSTGRES")
    cluster = pgcluster.Cluster()
    case.addClassCleanup(cluster.stop)
    cluster.start(folder)

    def put_back():
        os.environ.pop("COUNTERSIGN_POSTGRES", None)
        if before:
            os.environ["COUNTERSIGN_POSTGRES"] = before
    case.addClassCleanup(put_back)
    os.environ["COUNTERSIGN_POSTGRES"] = cluster.url("")
    subprocess.run([RELEASE, "demo", "--db", create_database("demo", None)], check=True, capture_output=True, timeout=120)
    return cluster


@contextlib.contextmanager
def administrator(name="postgres"):
    db = pgclient.Connection(postgres_url(name))
    try:
        yield db
    finally:
        db.close()


def processes_of(cluster):
    """The cluster's process, and those that it has started."""
    out = [cluster.process.pid]
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as f:
            if int(f.read().rpartition(")")[2].split()[1]) == cluster.process.pid:
                out.append(int(pid))
    return out


@contextlib.contextmanager
def frozen(*pids):
    """Inside, these processes stand still: they keep their connections and answer nothing."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
