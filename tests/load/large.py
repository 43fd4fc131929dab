"""Searches and filters of the large grids: how long a page takes, and how the engine finds it."""
import http.client
import os
import re
import statistics
import time
import urllib.parse

from measure import WORK, Server
from world import token_of

TIMES = 15  # a page is asked for
SLOW = 0.5  # seconds: a page that takes longer is asked for three times only


def first_choice(html, name):
    """The first real value of a select on the page."""
    select = re.search(rf'<select[^>]*name="{re.escape(name)}".*?</select>', html, re.S)
    values = re.findall(r'<option[^>]*value="([^"]+)"', select[0]) if select else []
    return values[-1] if values else None


def customers_questions(shop, html, customers):
    email, lastname, zip_code = shop.rows("SELECT c.email, c.lastname, a.postcode FROM customer c JOIN address a ON a.customer_id = c.id"
                                          " WHERE c.id >= ? ORDER BY c.id LIMIT 1", customers // 2)[0]
    return [
        ("all, first page", {}),
        ("search: one e-mail address", {"q": email}),
        ("search: a frequent surname", {"q": lastname}),
        ("search: two words", {"q": f"{lastname} {zip_code.split(' ')[0]}"}),
        ("search: nothing is found", {"q": "qqzzqqzz"}),
        ("search: an id", {"q": "500000"}),
        ("ID from … to", {"f.id.from": "500000", "f.id.to": "500100"}),
        ("Name", {"f.name": lastname}),
        ("Name: nothing is found", {"f.name": "qqzzqqzz"}),
        ("Email", {"f.email": email}),
        ("Email: nothing is found", {"f.email": "qqzzqqzz"}),
        ("Group", {"f.group": first_choice(html, "f.group")}),
        ("Status", {"f.status": first_choice(html, "f.status")}),
        ("Remote assistance", {"f.assistance": first_choice(html, "f.assistance")}),
        ("Website", {"f.website": first_choice(html, "f.website")}),
        ("Customer since", {"f.since.from": "2026-01-01", "f.since.to": "2026-01-07"}),
        ("Last login", {"f.login.from": "2026-01-01", "f.login.to": "2026-01-07"}),
        ("Phone", {"f.phone": "5550100"}),
        ("ZIP", {"f.zip": zip_code}),
        ("Store view", {"f.view": first_choice(html, "f.view")}),
        ("sorted by name", {"sort": "name"}),
        ("sorted by last login", {"sort": "login"}),
    ]


def report_questions(shop, html, customers):
    del shop, customers
    return [
        ("all, first page", {}),
        ("search: one entry", {"q": "number 777777"}),
        ("search: a frequent word", {"q": "saved"}),
        ("search: nothing is found", {"q": "qqzzqqzz"}),
        ("ID from … to", {"f.id.from": "500000", "f.id.to": "500100"}),
        ("Time", {"f.time.from": "2024-06-01", "f.time.to": "2024-06-02"}),
        ("Action Group", {"f.group": "config"}),
        ("Action", {"f.action": first_choice(html, "f.action")}),
        ("IP Address", {"f.ip": "198.51.2.17"}),
        ("Username", {"f.username": "agent07"}),
        ("Username: nobody", {"f.username": "qqzzqqzz"}),
        ("Result", {"f.result": "failure"}),
        ("Full action", {"f.full": "config_save"}),
        ("Details", {"f.details": "777777"}),
        ("Details: nothing is found", {"f.details": "qqzzqqzz"}),
        ("Customer ID", {"f.customer_id": "77"}),
        ("Actor", {"f.actor": "guest"}),
        ("Session", {"f.session": "25000"}),
        ("Store view", {"f.view": first_choice(html, "f.view")}),
    ]


def range_of(field, low, high):
    return {f"f.{field}.from": str(low), f"f.{field}.to": str(high)}


def document_searches(number, order, lastname, email, after):
    """What every grid of orders and their documents is asked."""
    return [
        ("all, first page", {}),
        ("all, a page in the middle", {"after": after}),
        ("search: a number", {"q": str(number)}),
        ("search: an order's number", {"q": str(order)}),
        ("search: a frequent surname", {"q": lastname}),
        ("search: one e-mail address", {"q": email}),
        ("search: surname and number", {"q": f"{lastname} {order}"}),
        ("search: surname and a number's beginning", {"q": f"{lastname} {str(order)[:6]}"}),
        ("search: nothing is found", {"q": "qqzzqqzz"}),
    ]


def orders_questions(shop, html, customers):
    del customers
    row, order, lastname, email, customer = shop.rows("SELECT id, number, lastname, email, customer_id FROM sales_order WHERE customer_id IS NOT NULL"
                                                 " AND id >= (SELECT max(id) / 2 FROM sales_order) ORDER BY id LIMIT 1")[0]
    return [
        *document_searches(order, order, lastname, email, f"i{row}~{row}"),
        ("Order Number", {"f.number": str(order)}),
        ("Purchase Point", {"f.view": first_choice(html, "f.view")}),
        ("Purchase Date", range_of("date", "2025-06-01", "2025-06-07")),
        ("Grand Total", range_of("total", "100.00", "101.00")),
        ("Grand Total: few", range_of("total", "2000.00", "99999.00")),
        *((f"Status: {state}", {"f.status": state})
          for state in ("pending_payment", "pending", "processing", "complete", "closed", "canceled", "holded")),
        ("Customer Name", {"f.name": lastname}),
        ("Customer Email", {"f.email": email}),
        ("Customer Group", {"f.group": first_choice(html, "f.group")}),
        ("Placed by staff", {"f.by_staff": "1"}),
        ("Customer ID", {"f.customer": str(customer)}),
        ("Status and a date", {"f.status": "closed", **range_of("date", "2025-06-01", "2025-06-07")}),
        ("Purchase Point and a date", {"f.view": first_choice(html, "f.view"), **range_of("date", "2025-06-01", "2025-06-07")}),
        *((f"sorted by {key}", {"sort": key}) for key in ("date", "total", "status", "name", "view", "group")),
    ]


def documents_questions(table, status=None, own=("total", "100.00", "101.00")):
    def questions(shop, html, customers):
        del html, customers
        row, number, order, lastname, email = shop.rows(f"SELECT d.id, d.number, o.number, o.lastname, o.email FROM {table} d JOIN sales_order o"
                                                   f" ON o.id = d.order_id WHERE d.id >= (SELECT max(id) / 2 FROM {table}) ORDER BY d.id LIMIT 1")[0]
        return [
            *document_searches(number, order, lastname, email, f"i{row}~{row}"),
            ("Number from … to", range_of("number", number, number + 100)),
            ("Date", range_of("date", "2025-06-01", "2025-06-07")),
            ("Order from … to", range_of("order", order, order + 100)),
            ("Order Date", range_of("order_date", "2025-06-01", "2025-06-07")),
            ("Email", {"f.email": email}),
            (own[0].capitalize(), range_of(*own)),
            *((f"Status: {state}", {"f.status": state}) for state in status or ()),
            *((f"sorted by {key}", {"sort": key}) for key in ("date", "order_date", own[0])),
        ]
    return questions


GRIDS = (
    ("customers", "/admin/customers", customers_questions),
    ("report", "/admin/report", report_questions),
    ("orders", "/admin/orders", orders_questions),
    ("invoices", "/admin/invoices", documents_questions("sales_invoice", ("open", "paid", "canceled"))),
    ("shipments", "/admin/shipments", documents_questions("sales_shipment", own=("pieces", "30", "40"))),
    ("creditmemos", "/admin/creditmemos", documents_questions("sales_creditmemo")),
)


class Prepared:
    """The statements that the server prepared since it was asked last."""

    def __init__(self, path):
        self.path, self.at = path, 0

    def grid(self):
        with open(self.path, "rb") as f:
            f.seek(self.at)
            data = f.read()
        self.at += len(data)
        texts = [t.decode() for t in data.split(b"\0")]
        return [t for t in texts if re.search(r" LIMIT \$\d+(\) AS counted)?$", t) and re.search(r"FROM (customer c|audit_entry e|sales_\w+ \w)\b", t)]


def ask(connection, path, prepared):
    headers = {"Cookie": f"cs_admin={token_of('admin', 0)}"}
    times, sql = [], []
    while len(times) < (3 if times and times[0] > SLOW else TIMES):
        begin = time.perf_counter()
        connection.request("GET", path, headers=headers)
        reply = connection.getresponse()
        reply.read()
        times.append(time.perf_counter() - begin)
        sql += prepared.grid()
        if reply.status != 200:
            raise RuntimeError(f"{path} answers {reply.status}")
    later = sorted(times[1:])
    return {"first_ms": times[0] * 1000, "p50_ms": statistics.median(later) * 1000, "max_ms": later[-1] * 1000, "sql": sql}


def plan_of(shop, sql):
    """Rows and count have the same conditions; each has its plan."""
    out = []
    for text in dict.fromkeys(sql):
        kind = "count" if text.startswith("SELECT count(*)") else "rows"
        out.append((kind, shop.plan(text)))
    return out


def searches(shop, customers):
    """[(grid, what, milliseconds …, plans)] of the server with the large shop."""
    log, out = os.path.join(WORK, "prepared"), []
    with Server(shop, preload="plans.so", env={"PREPARED_LOG": log}) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        prepared = Prepared(log)
        for grid, path, questions in GRIDS:
            html = server.get(path, f"cs_admin={token_of('admin', 0)}")[2].decode()
            first = prepared.grid()  # a statement is prepared once: the first question finds it done
            for what, query in questions(shop, html, customers):
                if None in query.values():
                    raise RuntimeError(f"{grid}: no choice for {what}")
                m = ask(connection, path + ("?" + urllib.parse.urlencode(query) if query else ""), prepared)
                m["plans"] = plan_of(shop, first + m.pop("sql"))
                first = []
                out.append({"grid": grid, "what": what, **m})
    return out
