"""The shops that the benchmark measures on, and the people in them: made once under out/bench/, copied for every round.

People get their sessions without signing in, because a password hash takes 70 ms on purpose: the rows are written while no
server runs, and the cookies' and forms' tokens are made as src/crypto and src/gate/csrf.c make them."""
import base64
import hashlib
import os
import signal
import subprocess
import time

from engines import BENCH, PROGRAM, TOOLS, Sqlite, schema_hash

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "1000000"))
ORDERS = int(os.environ.get("BENCH_ORDERS", "500000"))
ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1000000"))

# More products than the page cache has slots, so that asking for them in turn always misses; agents enough that none of them
# reaches the limit of sessions at once; sessions for the row about memory.
PEOPLE, AGENTS, SESSIONS, PRODUCTS = 64, 1000, 10_000, 20_000
MAIN_WEBSITE, MAIN_VIEW, SUPPORT_ROLE, ADMIN_ID = 1, 1, 2, 1


def now_us():
    return time.time_ns() // 1000


# ---- tokens ----

def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token_of(kind, number):
    """The same cookie in every run; nothing here is secret."""
    return b64(hashlib.blake2b(f"bench {kind} {number}".encode(), digest_size=32).digest())


def stored(token):
    return hashlib.blake2b(token.encode(), digest_size=32).digest()


class Forms:
    """CSRF tokens: the keyed hash of the cookie, masked (here with zeros)."""

    def __init__(self, shop):
        with open(shop.path + ".key", encoding="ascii") as f:
            words = dict(line.split(" ", 1) for line in f.read().splitlines()[1:])
        self.key = bytes.fromhex(words["secret"].strip())

    def token(self, cookie):
        mac = hashlib.blake2b(b"csrf:" + cookie.encode(), key=self.key, digest_size=32).digest()
        return b64(bytes(32) + mac)


# ---- the shops ----

def small(engine):
    """The demo shop as `make run` makes it, and the people."""
    shop = engine(os.path.join(BENCH, f"{engine.name.lower()}-small"))
    shop.remove()
    shop.make_demo(240, 600)
    make_key(shop)
    with shop.writing() as db:
        add_people(db)
        add_products(db)
    return shop


def large(engine):
    """The large shop. Made once, while the schema is the same; for other engines than SQLite it is copied from there, which is quicker
    than making it again."""
    shop = engine(os.path.join(BENCH, f"{engine.name.lower()}-large-{schema_hash()}-{CUSTOMERS}-{ORDERS}-{ENTRIES}"))
    if engine is not Sqlite:
        if not shop.exists():
            shop.make_from(large(Sqlite))
    else:
        if not shop.exists():
            shop.make_demo(CUSTOMERS, ORDERS)
        subprocess.run([os.path.join(TOOLS, "fill"), "record", shop.db, str(ENTRIES)], check=True)
        make_key(shop)
    with shop.writing() as db:
        db.execute("DELETE FROM staff_session")
        add_staff_session(db, ADMIN_ID, token_of("admin", 0))
    return shop


def make_key(shop):
    """The server makes its key at its first start."""
    server = subprocess.Popen([PROGRAM, "serve", "--db", shop.db, "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True, cwd=shop.folder)
    for line in server.stderr:
        if '"listening"' in line:
            break
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=60)


def add_staff_session(db, staff_id, token):
    db.execute("INSERT INTO staff_session (token_hash, staff_id, created_us, seen_us, ended_us, ip) VALUES (?, ?, ?, ?, NULL, '127.0.0.1')",
               (stored(token), staff_id, now_us(), now_us()))


def add_people(db):
    """Customers who consent and are signed in, agents who are signed in, assisted sessions that run."""
    customers = [r[0] for r in db.execute("SELECT id FROM customer WHERE website_id = ? ORDER BY id LIMIT ?", (MAIN_WEBSITE, PEOPLE)).fetchall()]
    password = db.execute("SELECT password_hash FROM staff_user WHERE id = ?", (ADMIN_ID,)).fetchone()[0]
    for c in customers:
        row = db.execute("INSERT INTO assist_consent (customer_id, granted, until_us, at_us, by_staff_id, by_name, source, ip, view_id)"
                         " VALUES (?, 1, NULL, ?, NULL, '', 'demo', '', NULL) RETURNING id", (c, now_us())).fetchone()
        db.execute("UPDATE customer SET consent_id = ?, active = 1, locked_until_us = NULL, view_id = ? WHERE id = ?", (row[0], MAIN_VIEW, c))
    for i in range(AGENTS):
        name = f"agent{i:04d}"
        row = db.execute("INSERT INTO staff_user (username, username_fold, firstname, lastname, email, search_fold, role_id, locale, password_hash,"
                         " active, failed_logins, locked_until_us, created_us, last_login_us)"
                         " VALUES (?, ?, 'Agent', ?, ?, ?, ?, 'en_US', ?, 1, 0, NULL, ?, NULL) RETURNING id",
                         (name, name, f"{i:04d}", f"{name}@example.com", name, SUPPORT_ROLE, password, now_us())).fetchone()
        add_staff_session(db, row[0], token_of("agent", i))
    for i in range(SESSIONS):
        db.execute("INSERT INTO shop_session (token_hash, website_id, customer_id, created_us, seen_us, ip) VALUES (?, ?, ?, ?, ?, '127.0.0.1')",
                   (stored(token_of("customer", i)), MAIN_WEBSITE, customers[i % PEOPLE], now_us(), now_us()))
    agents = db.execute("SELECT u.id, s.id FROM staff_user u JOIN staff_session s ON s.staff_id = u.id WHERE u.username LIKE 'agent%'"
                        " ORDER BY u.username LIMIT ?", (PEOPLE,)).fetchall()
    for i, (customer, (staff, session)) in enumerate(zip(customers, agents)):
        db.execute("INSERT INTO assist_session (public_id, token_hash, staff_id, staff_session_id, staff_name, customer_id, customer_name, customer_email,"
                   " website_id, view_id, origin_kind, origin_id, origin_label, origin_path, started_us, seen_us, ends_us, ended_us, end_cause, changes,"
                   " search_fold, ip) SELECT ?, ?, ?, ?, 'Agent', id, firstname || ' ' || lastname, email, website_id, view_id, 'customer', id, 'customer',"
                   " '/admin/customers/' || id, ?, ?, ?, NULL, NULL, 0, '', '127.0.0.1' FROM customer WHERE id = ?",
                   (public_id(i), stored(token_of("assisted", i)), staff, session, now_us(), now_us(), now_us() + 3600 * 10**6, customer))


def add_products(db):
    """The first product many times over, and as much of every product in stock as anybody can buy."""
    db.execute("UPDATE product SET stock = 1000000000")
    first = db.execute("SELECT product_id FROM product_website WHERE website_id = ? ORDER BY product_id LIMIT 1", (MAIN_WEBSITE,)).fetchone()[0]
    base = db.execute("SELECT max(id) FROM product").fetchone()[0]
    for i in range(1, PRODUCTS + 1):
        db.execute("INSERT INTO product (id, sku, url_key, price_minor, stock, active, picture, created_us)"
                   " SELECT ?, ?, ?, price_minor, stock, 1, '<svg xmlns=\"http://www.w3.org/2000/svg\"/>', 0 FROM product WHERE id = ?",
                   (base + i, f"BENCH-{i}", product_key(i), first))
        db.execute("INSERT INTO product_text (product_id, lang, name, summary, description, search_fold)"
                   " SELECT ?, lang, name, summary, description, search_fold FROM product_text WHERE product_id = ?", (base + i, first))
        db.execute("INSERT INTO product_website (product_id, website_id) VALUES (?, ?)", (base + i, MAIN_WEBSITE))


def public_id(i):
    return f"bench{i:07d}".translate(str.maketrans("0189", "wxyz"))


def product_key(i):
    return f"bench-product-{i:05d}"


def refresh(shop):
    """Everybody was here a moment ago: sessions of a copy must not time out while they are measured."""
    with shop.writing() as db:
        for table in ("staff_session", "shop_session", "assist_session"):
            db.execute(f"UPDATE {table} SET seen_us = ?", (now_us(),))
        db.execute("UPDATE assist_session SET ends_us = ? WHERE ended_us IS NULL", (now_us() + 3600 * 10**6,))
