"""`make bench`: what the server does on this machine, beside what the machine can do. Three rounds; the table shows medians.

Settings in the environment: BENCH_SECONDS (a measurement; 2), BENCH_ROUNDS (3), BENCH_CUSTOMERS and BENCH_ENTRIES (1000000), BENCH_ORDERS (500000),
BENCH_OUT (docs/performance.md)."""
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

import large
import report
import world
from measure import SECONDS, WORK, Nginx, Server, load, raw_sync, request
from engines import BENCH, ENGINES, ROOT, TOOLS, command
from world import PEOPLE, PRODUCTS, SESSIONS, Forms, product_key, public_id, token_of

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
PAGE_CLIENTS = 16
LEVELS = (1, 8, 64)
SLOW_US = 2000


def say(text):
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


class Results:
    """What the rounds measured: row name → list of measurements, each a dict."""

    def __init__(self):
        self.rows = {}

    def add(self, row, measured, limit=None, **more):
        """`limit`: requests a second of the limit, measured just before; the row's ratio is to it."""
        m = {**measured, **more}
        if limit:
            m["limit"], m["ratio"] = limit, m["rate"] / limit
        self.rows.setdefault(row, []).append(m)

    def median(self, row):
        """Each number of the row by its own median; None when the row was not measured."""
        found = self.rows.get(row)
        if not found:
            return None
        return {k: statistics.median(m[k] for m in found) for k in found[0]}


# ---- the rows that answer requests ----

def shop_cookie(i):
    return f"cs_shop_main={token_of('customer', i)}"


def page_rows(r, nginx, server):
    """Pages of every kind, each beside a file of the same bytes."""
    assisted = [(f"/as/{public_id(i)}/customer/account", f"cs_assist={token_of('assisted', i)}") for i in range(PEOPLE)]
    kinds = {
        "cached": [("/product/" + product_key(1), None)],
        "uncached": [("/product/" + product_key(i), None) for i in range(1, PRODUCTS + 1)],
        "signed_in": [("/customer/account", shop_cookie(i)) for i in range(PEOPLE)],
        "assisted": assisted,
    }
    for row, pages in kinds.items():
        status, head, body = server.get(*pages[0])
        if status != 200:
            raise RuntimeError(f"{pages[0][0]} answers {status}")
        file = nginx.file(row, body)
        limit = load(nginx, [request(nginx.port, file)], PAGE_CLIENTS)
        m = load(server, [request(server.port, *p) for p in pages], PAGE_CLIENTS)
        r.add(row, m, limit["rate"], bytes=len(body), limit_cpu=limit["cpu_each_us"], limit_p99=limit["p99_us"])
        if row in ("cached", "uncached"):
            head = server.get(*pages[len(pages) // 2])[1]
            due = "hit" if row == "cached" else "miss"
            if f"X-Page-Cache: {due}" not in head:
                raise RuntimeError(f"the {row} page was no {due}")


def cart_requests(server, forms):
    """Every assisted session puts another product into its customer's cart."""
    out = []
    for n in range(PEOPLE * 20):
        i, cookie = n % PEOPLE, token_of("assisted", n % PEOPLE)
        form = f"csrf={forms.token(cookie)}&key={product_key(1 + n // PEOPLE)}&qty=1"
        out.append(request(server.port, f"/as/{public_id(i)}/cart/add", f"cs_assist={cookie}", form))
    return out


def change_requests(server, forms):
    """Every customer changes the own telephone number again and again: always recorded, always another value."""
    out = []
    for i in range(PEOPLE):
        cookie = token_of("customer", i)
        form = f"csrf={forms.token(cookie)}&firstname=Bench&lastname=Customer&telephone=%2B31+20+@@@@@@@@&assistance=1&until=keep"
        out.append(request(server.port, "/customer/account/edit", shop_cookie(i), form))
    return out


def measure_changes(server, requests, clients):
    before = server.shop.written(server)
    m = load(server, requests, clients, "-e", "303")
    # The load client also makes requests that do not count, a tenth of the time more.
    m["bytes_each"] = (server.shop.written(server) - before) / (m["done"] * 1.1)
    return m


def cart_row(r, server, forms):
    m = measure_changes(server, cart_requests(server, forms), PAGE_CLIENTS)
    r.add("cart", m, raw_sync(m["bytes_each"]))


def change_rows(r, server, forms, slow=False):
    for clients in LEVELS:
        m = measure_changes(server, change_requests(server, forms), clients)
        limit = raw_sync(m["bytes_each"], SLOW_US if slow else 0)
        r.add(f"changes{'_slow' if slow else ''}_{clients}", m, limit)


def handover_rows(r, nginx, server, forms, customers):
    requests = []
    for i in range(world.AGENTS):
        cookie, customer = token_of("agent", i), customers[i % len(customers)]
        requests.append(request(server.port, f"/admin/customers/{customer}/login-as-customer", f"cs_admin={cookie}",
                                f"csrf={forms.token(cookie)}&from=customer"))
    page = server.get(f"/as/{public_id(0)}/customer/account", f"cs_assist={token_of('assisted', 0)}")[2]
    files = [request(nginx.port, nginx.file("form", b"x" * 1126)), request(nginx.port, nginx.file("none", b"")),
             request(nginx.port, nginx.file("first", page))]
    for clients in LEVELS:
        limit = load(nginx, files, clients, "-n", "3")
        m = load(server, requests, clients, "-h")
        r.add(f"handover_{clients}", m, limit["rate"], limit_cpu=limit["cpu_each_us"], limit_p99=limit["p99_us"])


def memory_row(r, shop):
    """After the start, and when ten thousand sessions have each looked at their account."""
    with Server(shop) as server:
        time.sleep(0.5)
        own, all_of_it = server.memory_mb()
        requests = [request(server.port, "/customer/account", shop_cookie(i)) for i in range(SESSIONS)]
        load(server, requests, PAGE_CLIENTS, "-1")
        own_later, all_later = server.memory_mb()
        r.add("memory", {"start_own": own, "start_all": all_of_it, "sessions_own": own_later, "sessions_all": all_later,
                         "first_answer_ms": server.first_answer_ms})


def one_round(r, nginx, source):
    shop = source.copy_to(os.path.join(WORK, "shop"))
    forms = Forms(shop)
    customers = [c for c, in shop.rows("SELECT id FROM customer WHERE website_id = ? ORDER BY id LIMIT ?", world.MAIN_WEBSITE, PEOPLE)]
    memory_row(r, shop)
    with Server(shop) as server:
        page_rows(r, nginx, server)
        cart_row(r, server, forms)
        change_rows(r, server, forms)
        handover_rows(r, nginx, server, forms, customers)
        own, all_of_it = server.memory_mb()
        r.add("memory_loaded", {"own": own, "all": all_of_it})
    shop = source.copy_to(os.path.join(WORK, "shop"))
    with shop.flushes_slowly(SLOW_US) as how, Server(shop, **how) as server:
        change_rows(r, server, forms, slow=True)
    command("audit", "verify", "--db", shop.db, cwd=shop.folder)  # nothing was measured that broke the record


# ---- the record ----

def verify_rows(r, shop):
    for _ in range(ROUNDS):
        limit = float(subprocess.run([os.path.join(TOOLS, "fill"), "hash", shop.db], check=True, capture_output=True, text=True).stdout.split()[0])
        begin = time.monotonic()
        out = command("audit", "verify", "--db", shop.db, cwd=shop.folder).stdout
        entries = int(re.search(r"whole: (\d+) entries", out)[1])
        r.add("verify", {"rate": entries / (time.monotonic() - begin), "entries": entries}, limit)


# ---- all of it ----

def measure(engine, nginx):
    r = Results()
    say(f"{engine.name}: the small shop")
    source = world.small(engine)
    for i in range(ROUNDS):
        say(f"{engine.name}: round {i + 1} of {ROUNDS}")
        one_round(r, nginx, source)
    r.customers, r.orders, r.entries = world.CUSTOMERS, world.ORDERS, world.ENTRIES
    say(f"{engine.name}: the large shop ({r.customers:,} customers, {r.orders:,} orders, {r.entries:,} entries; made once)")
    begin = time.monotonic()
    shop = world.large(engine)
    r.add("large_made", {"seconds": time.monotonic() - begin})
    say(f"{engine.name}: searches and filters")
    r.searches = large.searches(shop, r.customers)
    say(f"{engine.name}: the record")
    verify_rows(r, shop)
    return r


def main():
    begin, noise = time.time(), [os.getloadavg()[0]]
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    results, skipped = {}, {}
    with Nginx() as nginx:
        for engine in ENGINES:
            why = engine.missing()
            if why:
                say(f"{engine.name}: not measured: {why}")
                skipped[engine.name] = why
            else:
                engine.start()
                try:
                    results[engine] = measure(engine, nginx)
                finally:
                    engine.stop()
    shutil.rmtree(WORK, ignore_errors=True)
    noise.append(os.getloadavg()[0])
    text = report.write(results, skipped, {"begin": begin, "took": time.time() - begin, "load": noise, "rounds": ROUNDS, "seconds": SECONDS,
                                           "page_clients": PAGE_CLIENTS, "levels": LEVELS})
    out = os.environ.get("BENCH_OUT", os.path.join(ROOT, "docs", "performance.md"))
    with open(out, "w", encoding="utf-8") as f:
        f.write(text)
    print(text)
    say(f"written to {out}")


if __name__ == "__main__":
    main()
