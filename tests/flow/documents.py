"""Sales documents, in the words of the Admin: orders of the test's own, and how a document of them is made."""
import contextlib

from harness import Server, ShopTest
from order_rows import disagreements, put_order

EMAIL = "consents@example.com"
KINDS = {"invoice": "Submit Invoice", "shipment": "Submit Shipment", "creditmemo": "Refund Offline"}


def add_role(db, username, resources, scope=-1):
    """A staff user with these resources only."""
    role = db.execute("INSERT INTO staff_role (name, all_resources, scope) VALUES (?, 0, ?) RETURNING id", (username, scope)).fetchone()[0]
    for r in resources:
        db.execute("INSERT INTO staff_role_resource (role_id, resource) VALUES (?, ?)", (role, r))
    columns = [r[1] for r in db.execute("PRAGMA table_info(staff_user)")]
    row = dict(zip(columns, db.execute("SELECT * FROM staff_user WHERE username = 'admin'").fetchone()))
    del row["id"]
    row.update(username=username, username_fold=username, email=f"{username}@example.com", role_id=role)
    db.execute(f"INSERT INTO staff_user ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


class DocumentTest(ShopTest):
    """A shop with orders of the test's own: `orders` says what is written, by name."""
    orders, users = {}, {}  # users: the resources of their role, and the website that it is for

    @classmethod
    def setUpClass(cls):
        cls.server = s = Server(*cls.options)
        cls.addClassCleanup(s.remove)
        cls.addClassCleanup(s.kill)
        with s.connect() as db:
            cls.order_id = {name: put_order(db, **how) for name, how in cls.orders.items()}
            for name, (resources, website) in cls.users.items():
                scope = -1
                if website:
                    scope = 1 << db.execute("SELECT id FROM website WHERE code = ?", (website,)).fetchone()[0]
                add_role(db, name, resources, scope)
        db.close()
        s.start()
        cls.admin = s.admin()

    def order(self, name):
        row, = self.server.query("SELECT * FROM sales_order WHERE id = ?", self.order_id[name])
        return row

    def items(self, name):
        return self.server.query("SELECT * FROM sales_item WHERE order_id = ? ORDER BY position", self.order_id[name])

    def documents(self, kind, name):
        return self.server.query(f"SELECT * FROM sales_{kind} WHERE order_id = ? ORDER BY id", self.order_id[name])

    def stock(self, name):
        return [self.server.value("SELECT stock FROM product WHERE id = ?", i["product_id"]) for i in self.items(name)]

    def qty(self, name, *numbers):
        return {f"qty[{i['id']}]": n for i, n in zip(self.items(name), numbers)}

    def open(self, kind, name, c=None, query=""):
        c = c or self.admin
        c.get(f"/admin/orders/{self.order_id[name]}/{kind}/new{query}")
        return c

    def make(self, kind, name, *numbers, c=None, query="", **fields):
        """Fills in the form of a new document and sends it."""
        c = self.open(kind, name, c, query)
        return c.press(KINDS[kind], {**self.qty(name, *numbers), **fields})

    def made(self, kind, name, *numbers, **fields):
        """The same, and it must have worked: returns the document's row."""
        reply = self.make(kind, name, *numbers, **fields)
        self.assertEqual((reply.status, reply.path), (200, f"/admin/orders/{self.order_id[name]}"), repr(reply))
        self.assert_agrees(name)
        return self.documents(kind, name)[-1]

    def recorded(self, head):
        """What people did since; the shop's own work (sending mail) goes on beside."""
        return [e for e in self.server.audit(head) if e["action_group"] != "system"]

    def facts(self, name):
        """Everything that a document could change."""
        return [self.order(name), self.items(name), self.stock(name), *(self.documents(k, name) for k in KINDS),
                self.server.value("SELECT count(*) FROM sales_comment"), self.server.value("SELECT count(*) FROM mail"),
                self.server.query("SELECT * FROM sales_sequence ORDER BY kind")]

    @contextlib.contextmanager
    def standing(self, name):
        """Inside, nothing about this order may change: `unchanged` for where that would take too long."""
        before = self.facts(name)
        yield
        self.assertEqual(self.facts(name), before)

    def assert_agrees(self, name):
        self.assertEqual(disagreements(self.server, self.order_id[name]), [])
