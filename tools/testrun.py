#!/usr/bin/env python3
"""Runs all tests, two modules at a time, and counts every single test. Called by tools/test.sh after the build.

Every module is a program that speaks TAP: tools/check.py, the cmocka programs, the Python modules (through
tools/pytap.py) and the browser tests (node's own runner). Each has a time limit and a log in out/test-logs/; the output
of those that failed is printed at the end. Arguments choose modules by a part of their name; with --coverage the end also
says which statements the chosen ones never ran.

The flow modules run once on each engine: on PostgreSQL in a cluster that is started here (tools/pgcluster.py). A module that
is about one engine says so: ENGINES = ("sqlite",). When everything ran, a statement that was never run on an engine is a failure."""
import concurrent.futures
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pgcluster
import statements

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOGS = statements.LOGS
# Suites in the order of their start: the longest first, so that the two workers end together.
ON_BOTH = ("db_test", "db_ahead_test", "db_seen_test")  # besides the flow modules
LIMITS = {"browser": 420, "flow": 300, "unit": 120, "check": 120}


class Module:
    """One program of tests."""

    def __init__(self, suite, name, command, env=None):
        self.suite, self.name, self.command = suite, f"{suite}/{name}", command
        self.env = {**os.environ, **(env or {})}
        self.passed, self.failed, self.skipped, self.seconds = 0, [], 0, 0.0
        self.log = os.path.join(LOGS, self.name.replace("/", "-") + ".log")

    def run(self):
        begin = time.monotonic()
        with open(self.log, "wb") as log:
            p = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                 cwd=ROOT, env=self.env, start_new_session=True)
            running.add(p.pid)
            try:
                status, why = p.wait(LIMITS[self.suite]), None
            except subprocess.TimeoutExpired:
                status, why = None, f"still running after {LIMITS[self.suite]} s"
            finally:
                stop_group(p)
                running.discard(p.pid)
        self.seconds = time.monotonic() - begin
        self._read(status, why)
        return self

    def _read(self, status, why):
        with open(self.log, encoding="utf-8", errors="replace") as f:
            text = f.read()
        planned = None
        for line in text.split("\n"):
            if m := re.match(r"(not )?ok\b *\d*(?: *- *)?([^#]*)(?:# *(SKIP|TODO))?", line):
                if m.group(3):
                    self.skipped += 1
                elif m.group(1):
                    self.failed.append(m.group(2).strip())
                else:
                    self.passed += 1
            elif m := re.match(r"1\.\.(\d+)", line):
                planned = (planned or 0) + int(m.group(1))
        ran = self.passed + len(self.failed) + self.skipped
        if why is None and status != 0 and not self.failed:
            why = f"ended with status {status}" if status >= 0 else f"was ended by {signal.Signals(-status).name}"
        if why is None and planned is None:
            why = "said no plan: it did not get to its end"
        if why is None and (planned > ran or ran == 0):
            why = f"ran {ran} of {planned} tests"
        if why:
            self.failed.append(f"the module {why}")


class Statements:
    """The last test of a whole run: every statement was run on every engine."""
    suite, name, log, seconds, skipped = "check", "check/statements", None, 0.0, 0

    def __init__(self):
        self.failed = [f"{name} was never run on {engine}" for engine in statements.ENGINES for name in statements.never_run(engine)]
        self.passed = 0 if self.failed else 1


running = set()
cluster = pgcluster.Cluster()


def stop_group(p):
    """Ends what the module left behind: it has a process group of its own."""
    try:
        os.killpg(p.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    p.wait()


def interrupted(signum, _frame):
    for pid in list(running):
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    cluster.stop()
    os._exit(128 + signum)


def passwords():
    """Fixed ones, so that a failure can be tried again; long enough that they can be looked for in logs."""
    return {"ADMIN_PASSWORD": os.environ.get("ADMIN_PASSWORD", "Admin-pass-7301-wall"),
            "CUSTOMER_PASSWORD": os.environ.get("CUSTOMER_PASSWORD", "Customer-pass-4417-lamp")}


def start_cluster(env):
    """The cluster, with the demo shop in its database `demo`: what every server of the tests gets a copy of."""
    cluster.start()
    program = os.path.join(pgcluster.binaries(), "psql")
    psql = [program, "-q", cluster.url("postgres"), "-c", "CREATE DATABASE demo TEMPLATE template0"]
    demo = [os.path.join(ROOT, "out", "release", "countersign"), "demo", "--db", cluster.url("demo")]
    with open(os.path.join(LOGS, "demo-postgres.log"), "wb") as log:
        for command in (psql, demo):
            subprocess.run(command, env={**os.environ, **env, **statements.env("postgres")}, stdout=log, stderr=log, timeout=120, check=True)
    return {"COUNTERSIGN_POSTGRES": cluster.url(""), "COUNTERSIGN_PSQL": program}


def make_template(env):
    """The demo shop, made once; every server of the tests works on a copy."""
    folder = os.path.join(ROOT, "out", "test-demo")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    command = [os.path.join(ROOT, "out", "release", "countersign"), "demo", "--db", f"sqlite:{folder}/shop.db"]
    with open(os.path.join(LOGS, "demo.log"), "wb") as log:
        subprocess.run(command, env={**os.environ, **env, **statements.env("sqlite")}, stdout=log, stderr=log, timeout=120, check=True)
    return folder


def engines_of(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        m = re.search(r"^(?:// )?ENGINES = \((.*)\)$", f.read(), re.M)
    return re.findall(r"\w+", m[1]) if m else statements.ENGINES


def modules(env):
    py = [sys.executable, "tools/pytap.py"]
    on_sqlite = {**env, **statements.env("sqlite")}
    on_postgres = {**env, **statements.env("postgres"), "COUNTERSIGN_ENGINE": "postgres"}
    found = []
    for suite, pattern, command in (("browser", "*.test.js", ["node", "--test-reporter=tap"]), ("flow", "test_*.py", py)):
        for path in sorted(glob.glob(f"tests/{suite}/{pattern}", root_dir=ROOT)):
            name, engines = os.path.basename(path).split(".")[0], engines_of(path)
            if "sqlite" in engines:
                found.append(Module(suite, name, [*command, path], on_sqlite))
            if "postgres" in engines:
                found.append(Module(suite, f"{name}@postgres", [*command, path], on_postgres))
    found.append(Module("check", "tree", [sys.executable, "tools/check.py", "--tap"]))
    tap = {"CMOCKA_MESSAGE_OUTPUT": "TAP", **statements.env("sqlite")}
    for source in sorted(glob.glob("tests/unit/*_test.c", root_dir=ROOT)):
        name = os.path.basename(source)[:-2]
        found.append(Module("unit", name, [f"out/asan/test/{name}"], tap))
        if name in ON_BOTH:
            found.append(Module("unit", f"{name}@postgres", [f"out/asan/test/{name}"], {**tap, "COUNTERSIGN_ENGINE": "postgres"}))
    found += [Module("unit", os.path.basename(p)[:-3], [*py, p], env)
              for p in sorted(glob.glob("tests/unit/*_test.py", root_dir=ROOT))]
    return found


def report(done):
    bad = [m for m in done if m.failed]
    for m in (x for x in bad if x.log):
        print(f"\n==== {m.name} ({os.path.relpath(m.log, ROOT)})")
        with open(m.log, encoding="utf-8", errors="replace") as f:
            text = f.read()
        print(text if len(text) < 20_000 else text[:6_000] + "\n…\n" + text[-13_000:])
    if bad:
        print("\nFailed:")
        for m in bad:
            for name in m.failed:
                print(f"  {m.name}: {name}")
    passed, failed = sum(m.passed for m in done), sum(len(m.failed) for m in done)
    skipped = sum(m.skipped for m in done)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


def browser_modules():
    """What the browser tests import, as package-lock.json says; only when they are to run and it is not there yet."""
    folder = os.path.join(ROOT, "tests", "browser")
    lock, stamp = os.path.join(folder, "package-lock.json"), os.path.join(folder, "node_modules", ".package-lock.json")
    if not os.path.exists(stamp) or os.path.getmtime(stamp) < os.path.getmtime(lock):
        subprocess.run(["npm", "--prefix", folder, "ci", "--loglevel=error"], check=True)
        os.utime(stamp)


def choose(env, wanted):
    """The modules to run, with what they need made ready."""
    chosen = [m for m in modules(env) if not wanted or any(w in m.name for w in wanted)]
    if any(m.suite == "browser" for m in chosen):
        browser_modules()
    if any(m.suite in ("flow", "browser") for m in chosen):
        template = make_template(env)
        for m in chosen:
            m.env["DEMO_TEMPLATE"] = template
    on_postgres = [m for m in chosen if m.name.endswith("@postgres")]
    if on_postgres:
        address = start_cluster(env)
        for m in on_postgres:
            m.env.update(address)
    return chosen


def main():
    for s in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(s, interrupted)
    os.chdir(ROOT)
    os.makedirs(LOGS, exist_ok=True)
    statements.begin()
    wanted = [a for a in sys.argv[1:] if a != "--coverage"]
    chosen, done = choose(passwords(), wanted), []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for f in concurrent.futures.as_completed([pool.submit(m.run) for m in chosen]):
            m = f.result()
            done.append(m)
            state = f"{len(m.failed)} FAILED" if m.failed else "ok"
            print(f"{m.name:<32} {m.passed:>5} passed  {m.seconds:6.1f} s  {state}", flush=True)
    if not wanted:
        done.append(Statements())
    if not wanted or "--coverage" in sys.argv:
        statements.say([e for e in statements.ENGINES if any(m.name.endswith("@postgres") == (e == "postgres") for m in chosen)])
    return report(sorted(done, key=lambda m: m.name))


if __name__ == "__main__":
    try:
        code = main()
    finally:
        cluster.stop()
    sys.exit(code)
