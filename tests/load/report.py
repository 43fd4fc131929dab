"""The table of `make bench`, for people."""
import os
import platform
import re
import subprocess
import time

import world
from engines import BENCH, PROGRAM, ROOT

PAGES = {"cached": "guest product page, cached", "uncached": "guest product page, not cached", "signed_in": "signed-in account page",
         "assisted": "the same in an assisted session"}
GOALS = {"cached": 0.9, "signed_in": 0.4, "assisted": 0.35, "handover_8": 1 / 12, "verify": 0.5}
HANDOVER_P99_MS, FILTER_MS, MEMORY_MB, START_MS, CHANGES_TIMES = 10, 50, 40, 150, 20


def output(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr).strip()
    except OSError:
        return "?"


def first_match(path, pattern):
    with open(path, encoding="utf-8") as f:
        found = re.search(pattern, f.read(), re.M)
    return found[1] if found else "?"


def machine():
    memory = int(first_match("/proc/meminfo", r"^MemTotal: +(\d+)")) // 1024
    disk = output("findmnt", "-n", "-o", "FSTYPE,SOURCE", "-T", BENCH) or "?"
    return (f"{os.cpu_count()} × {first_match('/proc/cpuinfo', r'^model name[^:]*: (.*)$')}, {memory:,} MB, Linux {platform.release()}, "
            f"file system {' '.join(disk.split())}")


def versions(engines):
    found = [f"countersign {output(PROGRAM, 'version').split()[-1]} ({output('git', '-C', ROOT, 'rev-parse', '--short', 'HEAD')})"]
    found += [f"{e.name} {e.version()}" for e in engines]
    found += [f"libmicrohttpd {output('pkg-config', '--modversion', 'libmicrohttpd')}", f"libsodium {output('pkg-config', '--modversion', 'libsodium')}",
              output("/usr/sbin/nginx", "-v").split(": ")[-1], f"gcc {output('gcc', '-dumpfullversion')}"]
    return ", ".join(found)


# ---- cells ----

def rate(x):
    return f"{x:,.0f}"


def ms(us):
    return f"{us / 1000:,.2f}" if us < 100_000 else f"{us / 1000:,.0f}"


def ratio(x):
    return f"{x:.2f}" if x >= 0.1 else f"{x:.3f}"


def table(head, rows):
    return ["| " + " | ".join(head) + " |", "|" + "|".join(" --- " if i == 0 else " ---: " for i in range(len(head))) + "|",
            *("| " + " | ".join(r) + " |" for r in rows), ""]


class Verdicts:
    """What was promised, and whether it held."""

    def __init__(self):
        self.lines = []

    def say(self, what, held, found, goal):
        self.lines.append((held, f"{what}: {found} (goal {goal})"))

    def at_least(self, what, found, goal, text=None):
        self.say(what, found >= goal, ratio(found), text or f"at least {ratio(goal)}")

    def under(self, what, found, goal, unit):
        self.say(what, found < goal, f"{found:,.1f} {unit}", f"under {goal} {unit}")


# ---- sections ----

def page_section(r, how, v):
    rows = []
    for key, name in PAGES.items():
        m = r.median(key)
        goal = ratio(GOALS[key]) if key in GOALS else ""
        rows.append((name, f"{m['bytes']:,.0f}", rate(m["rate"]), ms(m["p50_us"]), ms(m["p99_us"]), f"{m['cpu_each_us']:.1f}", rate(m["limit"]),
                     f"{m['limit_cpu']:.1f}", ratio(m["ratio"]), goal))
        if key in GOALS:
            v.at_least(name, m["ratio"], GOALS[key])
    return [f"### Pages, {how['page_clients']} clients", "", "Limit: nginx with a file of the same bytes.", "",
            *table(("page", "bytes", "requests/s", "p50 ms", "p99 ms", "CPU µs", "nginx requests/s", "nginx CPU µs", "ratio", "goal"), rows)]


def handover_section(r, how, v):
    rows = []
    for n in how["levels"]:
        m = r.median(f"handover_{n}")
        rows.append((str(n), rate(m["rate"]), ms(m["p50_us"]), ms(m["p99_us"]), f"{m['cpu_each_us']:.0f}", rate(m["limit"]), f"{m['limit_cpu']:.0f}",
                     ratio(m["ratio"]), "0.083" if n == 8 else ""))
        if n == 8:
            v.at_least("hand-over at 8 clients", m["ratio"], GOALS["handover_8"], "at least 1/12 = 0.083")
            v.under("hand-over at 8 clients, p99", m["p99_us"] / 1000, HANDOVER_P99_MS, "ms")
    return ["### The hand-over", "", "*Login as Customer* → one-time secret → session → first page, as one; three requests, two of them durable. Limit: nginx"
            " answering three GETs of the same bytes, counted as one.", "",
            *table(("clients", "hand-overs/s", "p50 ms", "p99 ms", "CPU µs", "nginx/s", "nginx CPU µs", "ratio", "goal"), rows)]


def change_section(r, how, v):
    rows = []
    names = {"cart": f"add to cart in an assisted session, {how['page_clients']} clients"}
    for slow in ("", "_slow"):
        for n in how["levels"]:
            names[f"changes{slow}_{n}"] = f"account data changed, {n} client{'s'[:n > 1]}{', flush of 2 ms' if slow else ''}"
    for key, name in names.items():
        m = r.median(key)
        rows.append((name, rate(m["rate"]), ms(m["p50_us"]), ms(m["p99_us"]), f"{m['cpu_each_us']:.0f}", f"{m['bytes_each']:,.0f}", rate(m["limit"]),
                     ratio(m["ratio"])))
    times = r.median("changes_slow_64")["rate"] / r.median("changes_slow_1")["rate"]
    v.say("durable changes at 64 clients beside 1, flush of 2 ms", times >= CHANGES_TIMES, f"{times:.1f} ×", f"at least {CHANGES_TIMES} ×")
    return ["### Durable, audited changes", "", "Each is answered when it and its entry in the record are on disk. Limit: `fdatasync` of as many bytes as a change"
            " writes here, one after the other; above 1, many changes share a flush.", "",
            *table(("change", "changes/s", "p50 ms", "p99 ms", "CPU µs", "bytes written", "raw flushes/s", "ratio"), rows)]


def search_section(r, v):
    out = []
    of_orders = f"of {r.orders:,} orders"
    for grid, name in (("customers", f"All Customers, {r.customers:,} customers"), ("report", f"Actions Report, {r.entries:,} entries"),
                       ("orders", f"Orders, {r.orders:,} orders"), ("invoices", f"Invoices {of_orders}"), ("shipments", f"Shipments {of_orders}"),
                       ("creditmemos", f"Credit Memos {of_orders}")):
        found = [s for s in r.searches if s["grid"] == grid]
        rows = [(s["what"], f"{s['p50_ms']:,.1f}", f"{s['max_ms']:,.1f}", f"{s['first_ms']:,.1f}", "" if s["p50_ms"] < FILTER_MS else "falls short") for s in found]
        slow = [s for s in found if s["p50_ms"] >= FILTER_MS]
        worst = max(found, key=lambda s: s["p50_ms"])
        v.say(name, not slow, f"{len(found) - len(slow)} of {len(found)} under {FILTER_MS} ms, slowest \"{worst['what']}\" {worst['p50_ms']:,.0f} ms",
              f"all under {FILTER_MS} ms")
        out += [f"### {name}", "", "A whole page, asked by one client; goal: under 50 ms.", "",
                *table(("what", "p50 ms", "worst ms", "first time ms", ""), rows)]
    return out


def other_section(r, v):
    m, loaded, verify = r.median("memory"), r.median("memory_loaded"), r.median("verify")
    v.at_least("audit verify beside raw hashing", verify["ratio"], GOALS["verify"])
    v.under("memory after start", m["start_own"], MEMORY_MB, "MB")
    v.under("first answer after start", m["first_answer_ms"], START_MS, "ms")
    rows = [("`audit verify`, entries/s", rate(verify["rate"])), ("raw hashing of the same entries, entries/s", rate(verify["limit"])),
            ("ratio (goal 0.50)", ratio(verify["ratio"])),
            ("memory after start, MB: its own (with all that is mapped in); goal under 40", f"{m['start_own']:.1f} ({m['start_all']:.1f})"),
            (f"memory when {world.SESSIONS:,} sessions were used, MB", f"{m['sessions_own']:.1f} ({m['sessions_all']:.1f})"),
            ("memory after the load above, MB", f"{loaded['own']:.1f} ({loaded['all']:.1f})"),
            ("from start to the first answer, ms (goal under 150)", f"{m['first_answer_ms']:.0f}")]
    return ["### The record, memory, start", "", *table(("what", "found"), rows)]


def plan_section(r):
    out = ["### Query plans of the grids", "", "As the engine tells them for the statements that the server ran; the second is the count up to 1,000.", ""]
    for s in r.searches:
        out.append(f"- {s['grid']}, {s['what']}" + ("" if s["plans"] else ": the statements of one above"))
        for kind, lines in s["plans"]:
            out.append(f"  - {kind}: " + "; ".join(f"`{x}`" for x in lines))
    return out + [""]


def verdict_section(v):
    short = [text for held, text in v.lines if not held]
    good = [text for held, text in v.lines if held]
    return ["### Goals", "", *(f"- **falls short**: {t}" for t in short), *(f"- holds: {t}" for t in good), ""]


def write(results, skipped, how):
    """The whole page as text."""
    begin = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(how["begin"]))
    cores = os.cpu_count()
    noisy = f", {how['load'][1]:.1f} at the end (it loads the machine itself)" if how["load"][1] else ""
    out = ["# Performance", "", "Written by `make bench`. Ratios say more than figures: both sides were measured on the same machine, in the same run, one right after"
           " the other; the clients take their share of the same cores.", "",
           f"- When: {begin}, {how['took'] / 60:.1f} minutes; medians of {how['rounds']} rounds of {how['seconds']:g} s a measurement",
           f"- Machine: {machine()}", f"- Versions: {versions(results)}",
           f"- Load average when it began: {how['load'][0]:.1f}{noisy}"
           + (f". **Others were using the {cores} cores: read figures and 99th percentiles with care**" if how["load"][0] > 0.5 * cores else ""), ""]
    for name, why in skipped.items():
        out += [f"{name} was not measured: {why}.", ""]
    for engine, r in results.items():
        v = Verdicts()
        sections = page_section(r, how, v) + handover_section(r, how, v) + change_section(r, how, v) + search_section(r, v) + other_section(r, v)
        out += [f"## {engine.name}", "", *verdict_section(v), *sections, *plan_section(r)]
    return "\n".join(out).rstrip() + "\n"
