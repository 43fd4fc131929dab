"""Orders written past the server while it stands still: for tests of what happens to an order after it was placed."""


def spread(amount, weights):
    """Shares of an amount that add up to it."""
    left, total, out = amount, sum(weights), []
    for w in weights:
        share = left * w // total if total else 0
        out.append(share)
        left, total = left - share, total - w
    return out


def tax_of(amount, rate_bp, included):
    base = 10000 + rate_bp if included else 10000
    return (amount * rate_bp * 2 + base) // (base * 2)


def put_order(db, lines, email=None, number=None, state="pending", shipping=495, discount=0, included=True, currency="EUR",
              locale="en_US", view="en", payment="bank_transfer", rate=2100, name=("Grace", "Hopper"), guest_email="grace@example.com"):
    """Writes an order of these (price, quantity) lines, each of another product, and takes the pieces out of the stock. `email`
    names the customer; without it the order is a guest's. Returns its id."""
    view_id, website = db.execute("SELECT v.id, s.website_id FROM store_view v JOIN store s ON s.id = v.store_id WHERE v.code = ?",
                                  (view,)).fetchone()
    customer, group = None, 1
    if email:
        customer, group, *name = db.execute("SELECT id, group_id, firstname, lastname FROM customer WHERE email = ?", (email,)).fetchone()
    if number is None:
        number = db.execute("UPDATE sales_sequence SET next_number = next_number + 1 WHERE kind = 'order' RETURNING next_number - 1").fetchone()[0]
    products = db.execute("SELECT id, sku, weight_g FROM product ORDER BY id LIMIT ?", (len(lines),)).fetchall()
    rows = [price * qty for price, qty in lines]
    discounts = spread(discount, rows)
    taxes = [tax_of(r - d, rate, included) for r, d in zip(rows, discounts)]
    shipping_tax = tax_of(shipping, rate, included)
    tax = sum(taxes) + shipping_tax
    total = sum(rows) - discount + shipping + (0 if included else tax)
    mail = email or guest_email
    fields = {
        "number": number, "website_id": website, "view_id": view_id, "customer_id": customer, "guest": 0 if email else 1, "group_id": group,
        "email": mail, "firstname": name[0], "lastname": name[1], "search_fold": f"{number} {name[0]} {name[1]} {mail}".lower(),
        "state": state, "held_state": "", "currency": currency, "locale": locale, "prices_include_tax": int(included),
        "subtotal_minor": sum(rows), "discount_minor": discount, "shipping_minor": shipping, "shipping_tax_minor": shipping_tax,
        "tax_minor": tax, "total_minor": total, "invoiced_minor": 0, "paid_minor": 0, "refunded_minor": 0, "canceled_minor": 0,
        "shipping_invoiced": 0, "shipping_canceled": 0, "shipping_refunded_minor": 0, "shipping_tax_refunded_minor": 0,
        "shipping_method": "flat", "shipping_title": "Flat Rate", "payment_method": payment, "payment_title": payment.replace("_", " ").title(),
        "purchase_order": "PO-7" if payment == "purchase_order" else "", "weight_g": sum(p[2] * q for p, (_, q) in zip(products, lines)),
        "coupon_code": "", "checkout_key": f"rows-{number}", "checkout_part": 1, "staff_name": "", "ip": "",
        "created_us": 1_780_000_000_000_000, "updated_us": 1_780_000_000_000_000,
    }
    order = insert(db, "sales_order", fields)
    for i, ((price, qty), product) in enumerate(zip(lines, products)):
        item = {"order_id": order, "position": i, "product_id": product[0], "sku": product[1], "name": f"Product {i + 1}",
                "weight_g": product[2], "tax_bp": rate, "price_minor": price, "row_minor": price * qty, "discount_minor": discounts[i],
                "tax_minor": taxes[i], "ordered": qty}
        item |= {k: 0 for k in ("discount_invoiced_minor", "tax_invoiced_minor", "discount_refunded_minor", "tax_refunded_minor",
                                "discount_canceled_minor", "tax_canceled_minor", "invoiced", "shipped", "refunded", "canceled", "withdrawn")}
        insert(db, "sales_item", item)
        db.execute("UPDATE product SET stock = stock - ? WHERE id = ?", (qty, product[0]))
    for role in ("billing", "shipping"):
        insert(db, "sales_address", {"order_id": order, "role": role, "firstname": name[0], "lastname": name[1], "company": "",
                                     "street1": "Kade 1", "street2": "", "postcode": "1012 AB", "city": "Amsterdam", "region": "",
                                     "country": "NL", "telephone": ""})
    return order


def insert(db, table, fields):
    marks = ", ".join("?" * len(fields))
    return db.execute(f"INSERT INTO {table} ({', '.join(fields)}) VALUES ({marks}) RETURNING id", list(fields.values())).fetchone()[0]


def disagreements(server, order):
    """What the order, its documents and their parts say differently; empty when all of it agrees."""
    o, = server.query("SELECT * FROM sales_order WHERE id = ?", order)
    items = server.query("SELECT * FROM sales_item WHERE order_id = ? ORDER BY position", order)
    invoices = server.query("SELECT * FROM sales_invoice WHERE order_id = ? AND state <> 'canceled'", order)
    memos = server.query("SELECT * FROM sales_creditmemo WHERE order_id = ?", order)
    out = []

    def same(what, a, b):
        if a != b:
            out.append(f"{what}: {a} is not {b}")

    def parts(kind, item, columns):
        live = " AND d.state <> 'canceled'" if kind == "invoice" else ""
        sums = ", ".join(f"CAST(COALESCE(sum(k.{c}), 0) AS BIGINT) AS {c}" for c in columns)
        row, = server.query(f"SELECT {sums} FROM sales_{kind}_item k JOIN sales_{kind} d ON d.id = k.{kind}_id WHERE k.item_id = ?{live}", item)
        return [row[c] for c in columns]

    included = o["prices_include_tax"]
    for it in items:
        amounts = ["qty", "discount_minor", "tax_minor"]
        same(f"invoiced of {it['name']}", parts("invoice", it["id"], amounts), [it["invoiced"], it["discount_invoiced_minor"], it["tax_invoiced_minor"]])
        same(f"shipped of {it['name']}", parts("shipment", it["id"], ["qty"]), [it["shipped"]])
        same(f"refunded of {it['name']}", parts("creditmemo", it["id"], amounts), [it["refunded"], it["discount_refunded_minor"], it["tax_refunded_minor"]])
        if it["invoiced"] + it["canceled"] == it["ordered"]:
            same(f"the last piece of {it['name']} takes the rest", it["tax_invoiced_minor"] + it["tax_canceled_minor"], it["tax_minor"])
    same("invoiced", sum(i["total_minor"] for i in invoices), o["invoiced_minor"])
    same("paid", sum(i["total_minor"] for i in invoices if i["state"] == "paid"), o["paid_minor"])
    same("refunded", sum(m["total_minor"] for m in memos), o["refunded_minor"])
    same("refunded shipping", sum(m["shipping_minor"] for m in memos), o["shipping_refunded_minor"])
    for d in invoices + memos:
        tax = 0 if included else d["tax_minor"]
        total = d["subtotal_minor"] - d["discount_minor"] + d["shipping_minor"] + tax + d.get("adjustment_minor", 0) - d.get("fee_minor", 0)
        same(f"total of {d['number']}", d["total_minor"], total)
    if all(i["invoiced"] == i["ordered"] for i in items):
        same("all of it is invoiced", o["invoiced_minor"], o["total_minor"])
    if not 0 <= o["refunded_minor"] <= o["paid_minor"] <= o["invoiced_minor"] <= o["total_minor"]:
        out.append("refunded, paid, invoiced and total are not in order")
    return out
