"""A payment provider in a process of its own: its page where people pay, and its messages to the shop (docs/payment.md).

    python3 provider.py PORT SECRET SHOP        listens on 127.0.0.1; port 0: a free one; says "ready PORT" on standard output

GET /pay?… checks the shop's signature and shows the choice; POST /act does what was chosen and sends the message; POST /charge pays by a kept
means; POST /refund gives money back, once for each key. The name of a payment says what goes wrong with its refund: `…_never` is refused, at
`…_silent` the first question is taken up and forgotten. What the real ones do wrong can be asked for: `twice`, `badly` signed, another `amount`, the message `late`."""
import base64
import hashlib
import hmac
import http.server
import secrets
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request

PAY = ("order", "amount", "currency", "keep", "return", "notify")
CHARGE = ("order", "amount", "currency", "stored", "notify")
REFUND = ("key", "payment", "order", "amount", "currency", "notify")
REFUND_MESSAGE = ("method", "refund", "payment", "order", "key", "event", "amount", "currency", "reason")
MESSAGE = ("method", "payment", "order", "event", "amount", "currency", "stored", "label")


def sign(secret, fields):
    mac = hmac.new(secret.encode(), "\n".join(fields).encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def message(shop, secret, fields, signature=None, names=MESSAGE, path="/payment/webhook"):
    """Sends a message; returns the status that the shop answered with."""
    values = {name: str(fields.get(name, "")) for name in names}
    values["signature"] = signature or sign(secret, [values[name] for name in names])
    body = urllib.parse.urlencode(values).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(shop + path, body), timeout=20) as reply:
            return reply.status
    except urllib.error.HTTPError as e:
        with e:
            return e.code


def refund_message(shop, secret, fields, signature=None):
    """The same, about a refund."""
    return message(shop, secret, fields, signature, REFUND_MESSAGE, "/payment/webhook/refund")


class Provider(http.server.BaseHTTPRequestHandler):
    def fields(self):
        if self.command == "GET":
            text = urllib.parse.urlsplit(self.path).query
        else:
            text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        return dict(urllib.parse.parse_qsl(text, keep_blank_values=True))

    def say(self, status, text, **headers):
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def holds(self, fields, names):
        wanted = sign(self.server.secret, [fields.get(n, "") for n in names])
        return hmac.compare_digest(wanted, fields.get("signature", ""))

    def do_GET(self):
        f = self.fields()
        if urllib.parse.urlsplit(self.path).path != "/pay" or not self.holds(f, PAY):
            return self.say(403, "the shop's signature is wrong")
        hidden = "".join(f'<input type="hidden" name="{n}" value="{f[n]}">' for n in (*PAY, "signature"))
        keep = '<label><input type="checkbox" name="kept" value="1"> Keep this card</label>' if f["keep"] == "1" else ""
        buttons = "".join(f'<button name="event" value="{e}">{t}</button>' for e, t in
                          (("paid", "Pay"), ("failed", "Decline"), ("canceled", "Cancel")))
        return self.say(200, f'<title>Sandbox</title><h1>Pay {f["amount"]} {f["currency"]}</h1><form method="post" action="/act">{hidden}{keep}{buttons}</form>')

    def do_POST(self):
        f = self.fields()
        path = urllib.parse.urlsplit(self.path).path
        if path == "/act" and self.holds(f, PAY):
            event, stored = f.get("event", "paid"), "tok_" + secrets.token_hex(8) if f.get("kept") == "1" else ""
            self.tell(f, event, stored)
            return self.say(303, "", Location=f["return"])
        if path == "/charge" and self.holds(f, CHARGE):
            # The answer first, the message behind it: as it is when banks are asked.
            self.say(202, "taken up")
            event = "failed" if f["stored"].endswith("empty") else "paid"
            threading.Timer(0.2, self.tell, (f, event, "")).start()
            return None
        if path == "/refund" and self.holds(f, REFUND):
            self.say(202, "taken up")
            with self.server.lock:
                asked = self.server.refunds.setdefault(f["key"], {"times": 0, "refund": "re_" + secrets.token_hex(8)})
                asked["times"] += 1
            if not (f["payment"].endswith("_silent") and asked["times"] == 1):
                threading.Timer(0.2, self.tell_refund, (f, asked["refund"])).start()
            return None
        return self.say(403, "the shop's signature is wrong")

    def tell(self, f, event, stored):
        fields = {"method": "sandbox", "payment": "pay_" + secrets.token_hex(8), "order": f["order"], "event": event, "amount": f["amount"],
                  "currency": f["currency"], "stored": stored, "label": "Visa •••• 4242" if stored else ""}
        message(self.server.shop, self.server.secret, fields)

    def tell_refund(self, f, refund):
        refused = f["payment"].endswith("_never")
        refund_message(self.server.shop, self.server.secret, {
            "method": "sandbox", "refund": refund, "payment": f["payment"], "order": f["order"], "key": f["key"],
            "event": "refused" if refused else "refunded", "amount": f["amount"], "currency": f["currency"],
            "reason": "The card was closed" if refused else ""})

    def log_message(self, *args):
        pass


def main():
    port, secret, shop = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Provider)
    server.secret, server.shop = secret, shop
    server.lock, server.refunds = threading.Lock(), {}
    print("ready", server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
