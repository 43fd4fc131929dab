"""The server on the wire: ambiguous framings, broken requests, slow clients, what every answer carries."""
import concurrent.futures
import http.client
import os
import socket
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import http_framing  # noqa: E402
from harness import ShopTest, raw  # noqa: E402


class FramingTest(ShopTest):
    """Requests that two servers could read differently are refused, and nothing behind them runs."""

    def refuse_all(self, requests):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            faults = list(pool.map(lambda r: http_framing.refusal_fault(self.server.port, r[1]), requests))
        self.assertEqual([f"{name}: {fault}" for (name, _), fault in zip(requests, faults) if fault], [])
        self.assertEqual(self.server.client().get("/").status, 200)
        self.assertEqual([x for x in self.server.lines if http_framing.SMUGGLED in x], [])

    def test_the_18_ambiguous_framings(self):
        self.assertEqual(len(http_framing.AMBIGUOUS), 18)
        self.refuse_all(http_framing.AMBIGUOUS)

    def test_requests_that_are_broken(self):
        self.refuse_all(http_framing.MALFORMED)

    def test_two_good_requests_on_one_connection(self):
        """The proof that the other tests can fail: a second request does run when the first is sound."""
        one = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\n"
        received = raw(self.server.port, (one + "\r\n" + one + "Connection: close\r\n\r\n").encode())
        self.assertEqual(http_framing.statuses(received), [200, 200])

    def test_head_is_get_without_the_body(self):
        for path in ("/", "/admin/login", "/nothing", "/healthz"):
            c = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=10)
            c.request("GET", path)
            get = c.getresponse()
            length = len(get.read())
            c.request("HEAD", path)
            head = c.getresponse()
            self.assertEqual((head.status, head.read()), (get.status, b""), path)
            self.assertEqual(get.getheader("content-length"), str(length))
            c.close()

    def test_heads_of_8000_bytes_are_taken_and_longer_ones_told(self):
        """A long target, a long cookie, and a hundred fields; past the room for them, 414 or 431."""
        def head(*fields, target="/"):
            return (f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nConnection: close\r\n" + "".join(fields) + "\r\n").encode()
        kinds = {
            "target": lambda n: head(target="/?" + "q" * (n - 70)),
            "cookie": lambda n: head("Cookie: a=" + "b" * (n - 80) + "\r\n"),
            "fields": lambda n: head(*(f"X-{i:03}: {'c' * (n // 96 - 9)}\r\n" for i in range(96))),
        }
        for name, kind in kinds.items():
            for size, due in ((8080, [200]), (30_000, [414, 431])):
                text = kind(size)
                self.assertAlmostEqual(len(text), size, delta=80, msg=name)
                received = http_framing.statuses(raw(self.server.port, text, timeout=5))
                self.assertEqual(len(received), 1, (name, size))
                self.assertIn(received[0], due, (name, size))

    def test_a_body_longer_or_shorter_than_it_says(self):
        head = f"POST /cart/add HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        received = raw(self.server.port, (head + "Content-Length: 50\r\n\r\nkey=x").encode(), timeout=3, shutdown=True)
        self.assertNotIn(b" 200 ", received[:20])
        received = raw(self.server.port, (head + "Content-Length: 5\r\nConnection: close\r\n\r\nkey=xkey=y&more=1").encode(), timeout=3)
        self.assertLessEqual(len(http_framing.statuses(received)), 2)
        self.assertEqual(self.server.client().get("/healthz").status, 200)

    def test_clients_that_leave_at_once(self):
        """300 connections are reset in the middle of a request; the server goes on and keeps no descriptor."""
        pid = self.server.process.pid
        before = len(os.listdir(f"/proc/{pid}/fd"))
        for i in range(300):
            s = socket.create_connection(("127.0.0.1", self.server.port))
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            s.sendall(b"GET /search?q=a HTTP/1.1\r\nHost: x\r\n\r\n" if i % 2 else b"POST /cart/add HTTP/1.1\r\nHost: x\r\nContent-Length: 9")
            s.close()
        for _ in range(100):
            if len(os.listdir(f"/proc/{pid}/fd")) <= before + 4:
                break
            time.sleep(0.1)
        self.assertLessEqual(len(os.listdir(f"/proc/{pid}/fd")), before + 4)
        self.assertEqual(self.server.client().get("/").status, 200)


class SlowTest(ShopTest):
    def test_300_clients_that_send_a_byte_a_second_are_cut_and_slow_nobody(self):
        left = {}

        def drip(name, count, seconds, body):
            left[name] = http_framing.run_slow_clients(self.server.port, count, seconds, body=body)
        threads = [threading.Thread(target=drip, args=("head", 300, 14, False)), threading.Thread(target=drip, args=("body", 60, 36, True))]
        for t in threads:
            t.start()
        worst = 0.0
        while any(t.is_alive() for t in threads):
            begin = time.monotonic()
            self.assertEqual(self.server.client().get("/").status, 200)
            worst = max(worst, time.monotonic() - begin)
            time.sleep(0.2)
        self.assertEqual(left, {"head": 0, "body": 0}, "connections that are still open")
        self.assertLess(worst, 2.0)

    def test_256_clients_that_wait_for_the_writer_at_once(self):
        """Suspended and resumed connections do not stall: every one is answered."""
        form = self.server.client()
        form.get("/customer/account/login")
        barrier = threading.Barrier(256)

        def one(_):
            c = self.server.client()
            c.get("/customer/account/forgotpassword")
            barrier.wait(60)
            return c.press("Reset My Password", {"Email": "nobody@example.com"}, follow=False).status
        with concurrent.futures.ThreadPoolExecutor(256) as pool:
            statuses = list(pool.map(one, range(256)))
        self.assertEqual(set(statuses) - {303, 429, 503}, set())
        self.assertEqual(self.server.client().get("/").status, 200)


if __name__ == "__main__":
    unittest.main()
