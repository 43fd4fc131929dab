"""What staff and customers do again and again, in the words of the screens."""
import contextlib
import re
import time

from harness import CUSTOMER_PASSWORD  # noqa: F401  (tests take it from here)

CONSENT = "Allow remote shopping assistance"
BUTTON = "Login as Customer"


def find_customer(staff, email):
    """All Customers → search → Edit. The client ends on the customer page."""
    staff.get("/admin")
    staff.click("All Customers")
    form = next(f for f in staff.page.forms if any(c.kind == "search" for c in f.controls))
    search = next(c for c in form.controls if c.kind == "search")
    staff.submit(form, {search.name: email})
    row = next(r for r in staff.page.rows if email in r["_node"].text)
    href = next(n.get("href") for n in row["_node"].all("a") if (n.get("aria-label") or n.text).startswith("Edit"))
    return staff.get(href)


def account_information(staff, email):
    """The customer page's Account Information."""
    find_customer(staff, email)
    return staff.click("Account Information")


def open_dialog(staff, email):
    """The dialog, as it is without JavaScript: a page of its own."""
    find_customer(staff, email)
    return staff.press(BUTTON)


def start(staff, email, view=None):
    """Presses Login as Customer in the dialog. Returns a tab whose page is the hand-over, with the secret in a form."""
    open_dialog(staff, email)
    form = staff.page.form(button=BUTTON)
    tab = staff.tab()
    tab.reply = staff.reply
    tab.submit(form, {"Store View": view} if view else None, BUTTON)
    return tab


def secret_of(tab):
    """The one-time secret on a hand-over page."""
    for f in tab.page.forms:
        for c in f.controls:
            if re.fullmatch(r"[A-Za-z0-9_-]{43}", c.value) and "csrf" not in c.name:
                tab.server.secrets.add(c.value)
                return f, c
    raise LookupError(f"no secret on {tab.reply!r}")


def enter(tab):
    """Sends the hand-over form: the new tab opens as the customer."""
    form, _ = secret_of(tab)
    tab.submit(form)
    return tab


def assist(staff, email, view=None):
    """From the Admin to the customer's account page in one go; returns the assisted tab."""
    tab = enter(start(staff, email, view))
    if not re.match(r"/as/[^/]+", tab.reply.path) or tab.reply.status != 200:
        raise AssertionError(f"no assisted session: {tab.reply!r}")
    return tab


def root_of(tab):
    """The address space of an assisted tab: /as/<session>."""
    return re.match(r"/as/[^/]+", tab.reply.path).group(0)


def set_consent(customer, given, view=""):
    """The customer's own tick box."""
    customer.get(f"{view}/customer/account/edit")
    return customer.press("Save", {CONSENT: given})


def banner(reply):
    """The text of the assisted session's banner; None when there is none."""
    for n in reply.page.root.walk():
        if "assist" in (n.get("class") or "") and "logged in as" in n.text.lower():
            return n.text
    return None


def add_to_cart(client, key, qty=1, root=""):
    client.get(f"{root}/product/{key}")
    return client.press("Add to Cart", {"qty": qty})


def cart_lines(client, root=""):
    """What stands in the cart, a text a line."""
    client.get(f"{root}/cart")
    return [n.text for n in client.page.root.all("li", cls="cart-line")]


def wait_for(what, seconds=20):
    """Until it is true; what is refused or not there yet counts as not yet."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(AssertionError, OSError):
            if value := what():
                return value
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")
