"""A PostgreSQL of its own for the tests: a cluster in a temporary folder, on a free port, as an ordinary user also when
the tests run as root. Stopped by its process id; it ends by itself when the tests are killed."""
import ctypes
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

USER = "countersign"
# Nothing here outlives the tests, so nothing waits for the disk. That a commit survives a killed *server* is PostgreSQL's
# own memory, which a kill of the shop's server does not touch.
SETTINGS = {"listen_addresses": "127.0.0.1", "fsync": "off", "full_page_writes": "off", "max_connections": "300",
            "shared_buffers": "64MB", "autovacuum_naptime": "10min", "log_min_messages": "error",
            "max_wal_size": "512MB", "dynamic_shared_memory_type": "posix"}


def binaries():
    """The folder with initdb and postgres: the newest that is installed."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: float(p.split("/")[-2]))
    if found:
        return found[-1]
    path = shutil.which("postgres")
    return os.path.dirname(path) if path else None


def ordinary_user():
    """Arguments for subprocess: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            who = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}
    raise RuntimeError("no ordinary user to run PostgreSQL as")


def die_with_parent():
    """An immediate stop when the parent is gone (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


class Cluster:
    """start() makes and starts it; url(name) is the address of a database in it; stop() removes everything."""

    def __init__(self):
        self.folder, self.process, self.port = None, None, 0

    def start(self, folder=None):
        """`folder`: an empty one for its files, owned by ordinary_user(); else one is made."""
        bin_folder = binaries()
        if not bin_folder:
            raise RuntimeError("PostgreSQL is not installed: tools/install.sh test")
        self.folder = folder or tempfile.mkdtemp(prefix="countersign-postgres-")
        who = ordinary_user()
        if who:
            os.chown(self.folder, who["user"], who["group"])
        data = os.path.join(self.folder, "data")
        subprocess.run([f"{bin_folder}/initdb", "-D", data, "-U", USER, "-E", "UTF8", "--locale=C", "--auth=trust", "--no-sync"],
                       check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **who)
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.launch()
        return self

    def launch(self):
        """Starts the server on the data that is there: again, after it was stopped by a test."""
        options = [x for k, v in SETTINGS.items() for x in ("-c", f"{k}={v}")]
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen([f"{binaries()}/postgres", "-D", self.data(""), "-p", str(self.port),
                                             "-k", self.folder, *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            cwd=self.folder, preexec_fn=die_with_parent, **ordinary_user())
        until = time.monotonic() + 30
        while subprocess.run([f"{binaries()}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False).returncode != 0:
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start: see {self.folder}/log")
            time.sleep(0.05)

    def data(self, name):
        """A file in its data folder."""
        return os.path.join(self.folder, "data", name)

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def halt(self, sig=signal.SIGINT):
        """Ends the server: SIGINT drops the connections, SIGQUIT is as a crash."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(sig)
            self.process.wait(30)
        self.process = None

    def stop(self):
        try:
            self.halt(signal.SIGQUIT)
        finally:
            if self.folder:
                shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name):
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{name}"
