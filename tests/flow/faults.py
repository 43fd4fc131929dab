"""What the tests of faults have in common: somebody who writes all the time and knows what was promised, and what a good answer
to a fault is."""
import contextlib
import http.client
import json
import threading
import time
import unittest

from harness import Server
from people import wait_for

EMAIL, OTHER = "consents@example.com", "refuses@example.com"
AWAY, UNSURE = "We cannot do this right now", "We cannot tell whether this was saved"


def change(client, name, view=""):
    """One durable change, the customer's last name; the answer, which is a 303 when it is on disk."""
    client.get(f"{view}/customer/account/edit")
    if client.reply.status != 200:
        return client.reply
    return client.press("Save", {"Last Name": name}, follow=False)


def name_of(server, email):
    return server.value("SELECT lastname FROM customer WHERE email = ?", email)


class Writer(threading.Thread):
    """Changes a customer's name again and again. `saved` is what was acknowledged; `possible` what may stand in the database:
    the last that was saved, and behind it only what nobody could tell about."""

    def __init__(self, client, email):
        super().__init__(daemon=True)
        self.client, self.email, self.going = client, email, True
        self.saved, self.possible, self.refused, self.strange = [], set(), 0, []
        self.turn = threading.Lock()  # who holds it is sure that nothing is under way

    def run(self):
        n = 0
        while self.going:
            n += 1
            with self.turn:
                self.step(f"Name{n}")
            time.sleep(0)

    def step(self, name):
        try:
            reply = change(self.client, name)
        except (OSError, http.client.HTTPException):  # no answer: it may have been saved
            self.possible.add(name)
            time.sleep(0.05)
            return
        if reply.status == 303:
            self.saved.append(name)
            self.possible = {name}
        elif reply.status == 503:
            self.refused += 1
            if AWAY not in reply.text:
                self.possible.add(name)
            time.sleep(0.05)
        else:
            self.strange.append(repr(reply))

    def end(self):
        self.going = False
        self.join(60)


class FaultTest(unittest.TestCase):
    """A server of its own for each test."""

    def serve(self, *options, **kw):
        server = Server(*options, **kw)
        self.addCleanup(server.remove)
        self.addCleanup(server.kill)
        return server.start()

    @contextlib.contextmanager
    def writing(self, server):
        """Two customers who save all the time. At the end what was promised to them must be there, and nothing that was not."""
        writers = [Writer(server.customer(e), e) for e in (EMAIL, OTHER)]
        for w in writers:
            w.start()
        try:
            yield writers
        finally:
            for w in writers:
                w.end()
        for w in writers:
            self.assertFalse(w.is_alive(), "a client hangs")
            self.assertEqual(w.strange, [])
            self.assertGreater(len(w.saved), 1, "nothing was written")
            self.assertIn(name_of(server, w.email), w.possible)

    @contextlib.contextmanager
    def at_rest(self, writers):
        """Inside, nothing is being written."""
        with contextlib.ExitStack() as stack:
            for w in writers:
                stack.enter_context(w.turn)
            yield

    def goes_on(self, writers, seconds=20):
        """Every writer saves again."""
        count = [len(w.saved) for w in writers]
        wait_for(lambda: all(len(w.saved) > n + 2 for w, n in zip(writers, count)), seconds)

    def are_refused(self, writers, seconds=20):
        count = [w.refused for w in writers]
        wait_for(lambda: all(w.refused > n + 1 for w, n in zip(writers, count)), seconds)

    def refused_clearly(self, reply):
        """A page that says what is true, in the reader's language, and when to come back."""
        self.assertEqual(reply.status, 503, repr(reply))
        self.assertIn(AWAY, reply.text)
        self.assertTrue(reply.header("retry-after"))
        self.assertEqual(reply.header("cache-control"), "private, no-store")

    def told(self, server, state, side, *words):
        """The operator's line about the database; its text names the cause."""
        def line():
            for x in (json.loads(x) for x in server.lines if '"event":"database"' in x):
                if (x["state"], x["side"]) == (state, side) and all(w in x.get("error", "") for w in words):
                    return x
            return None
        try:
            return wait_for(line, 5)
        except AssertionError:
            said = [x for x in server.lines if '"event":"request"' not in x][-15:]
            raise AssertionError(f"no line says {state} {side} {words}:\n" + "\n".join(said)) from None

    def told_well(self, server, side):
        """That it is over is said with a request that finds it so."""
        def line():
            server.client().get("/healthz")
            return any(f'"state":"well","side":"{side}"' in x for x in server.lines)
        wait_for(line, 10)

    def whole(self, server):
        r = server.command("audit", "verify", "--db", server.db)
        self.assertEqual(r.returncode, 0, r.stdout + r.stderr)
