"""Requests that two servers could read differently, requests that are plainly broken, and clients that are slow on purpose.

Data and helpers only, Python's standard library only; the flow tests import this. Every entry of AMBIGUOUS and MALFORMED
must be refused: status 400, 405, 411, 413, 414, 431 or 505, or a closed connection, never a 2xx; and nothing that
follows on the same connection may be run: each carries a second request for SMUGGLED behind it.
"""

import re
import select
import socket
import time

SMUGGLED = "/smuggled"
REFUSED = (400, 405, 411, 413, 414, 431, 505)

_SECOND = f"GET {SMUGGLED} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def _post(headers, body=b"", version=b"1.1"):
    """A POST with the given header lines and body, and the smuggled request behind it."""
    return b"POST / HTTP/" + version + b"\r\nHost: localhost\r\n" + headers + b"\r\n" + body + _SECOND


def _get(headers=b"Host: localhost\r\n", target=b"/", line=None):
    return (line or b"GET " + target + b" HTTP/1.1\r\n") + headers + b"\r\n" + _SECOND


_CHUNKED = b"Transfer-Encoding: chunked\r\n"
_BODY = b"5\r\nhello\r\n0\r\n\r\n"

# The 18 ambiguous framings: (name, raw bytes).
AMBIGUOUS = [
    ("two different Content-Length", _post(b"Content-Length: 5\r\nContent-Length: 0\r\n", b"hello")),
    ("two equal Content-Length", _post(b"Content-Length: 5\r\nContent-Length: 5\r\n", b"hello")),
    ("Content-Length as a list", _post(b"Content-Length: 5, 5\r\n", b"hello")),
    ("Content-Length with a plus", _post(b"Content-Length: +5\r\n", b"hello")),
    ("negative Content-Length", _post(b"Content-Length: -5\r\n", b"hello")),
    ("hexadecimal Content-Length", _post(b"Content-Length: 0x5\r\n", b"hello")),
    ("empty Content-Length", _post(b"Content-Length:\r\n", b"hello")),
    ("overflowing Content-Length", _post(b"Content-Length: 18446744073709551621\r\n", b"hello")),
    ("Content-Length, then Transfer-Encoding", _post(b"Content-Length: 4\r\n" + _CHUNKED, _BODY)),
    ("Transfer-Encoding, then Content-Length", _post(_CHUNKED + b"Content-Length: 4\r\n", _BODY)),
    ("Transfer-Encoding: xchunked", _post(b"Transfer-Encoding: xchunked\r\n", _BODY)),
    ("Transfer-Encoding: chunked, identity", _post(b"Transfer-Encoding: chunked, identity\r\n", _BODY)),
    ("two Transfer-Encoding", _post(_CHUNKED + b"Transfer-Encoding: identity\r\n", _BODY)),
    ("Transfer-Encoding with a space before the colon", _post(b"Transfer-Encoding : chunked\r\n", _BODY)),
    ("Transfer-Encoding on HTTP/1.0", _post(_CHUNKED, _BODY, version=b"1.0")),
    ("chunk size with 0x", _post(_CHUNKED, b"0x5\r\nhello\r\n0\r\n\r\n")),
    ("chunk size that overflows", _post(_CHUNKED, b"10000000000000005\r\nhello\r\n0\r\n\r\n")),
    ("chunk lines that end in a bare LF", _post(_CHUNKED, b"5\nhello\n0\n\n")),
]

# Broken in other ways: (name, raw bytes).
MALFORMED = [
    ("no Host", _get(b"Accept: */*\r\n")),
    ("two Hosts", _get(b"Host: localhost\r\nHost: elsewhere\r\n")),
    ("empty Host", _get(b"Host:\r\n")),
    ("Host with a path", _get(b"Host: localhost/x\r\n")),
    ("Host with credentials", _get(b"Host: a@localhost\r\n")),
    ("NUL in the path", _get(target=b"/a\0b")),
    ("NUL in a header value", _get(b"Host: localhost\r\nX-A: a\0b\r\n")),
    ("NUL in a header name", _get(b"Host: localhost\r\nX\0A: a\r\n")),
    ("NUL in the method", _get(line=b"GE\0T / HTTP/1.1\r\n")),
    ("tab in the path", _get(target=b"/a\tb")),
    ("space in the path", _get(target=b"/a b")),
    ("DEL in the path", _get(target=b"/a\x7fb")),
    ("raw byte over 127 in the path", _get(target=b"/\xff")),
    ("fragment in the path", _get(target=b"/a#b")),
    ("absolute target", _get(target=b"http://elsewhere/")),
    ("control byte in a header", _get(b"Host: localhost\r\nX-A: a\x01b\r\n")),
    ("bare CR in a header", _get(b"Host: localhost\r\nX-A: a\rX-B: b\r\n")),
    ("bare LF line ends", _get(b"Host: localhost\nX-A: a\n")),
    ("folded header", _get(b"Host: localhost\r\nX-A: a\r\n  b\r\n")),
    ("header without a colon", _get(b"Host: localhost\r\nnothing\r\n")),
    ("header without a name", _get(b"Host: localhost\r\n: a\r\n")),
    ("space in a header name", _get(b"Host: localhost\r\nX A: a\r\n")),
    ("two Cookies", _get(b"Host: localhost\r\nCookie: a=1\r\nCookie: a=2\r\n")),
    ("two spaces in the request line", _get(line=b"GET  / HTTP/1.1\r\n")),
    ("lower-case method", _get(line=b"get / HTTP/1.1\r\n")),
    ("PUT", _get(line=b"PUT / HTTP/1.1\r\n")),
    ("OPTIONS *", _get(line=b"OPTIONS * HTTP/1.1\r\n")),
    ("TRACE", _get(line=b"TRACE / HTTP/1.1\r\n")),
    ("CONNECT", _get(line=b"CONNECT localhost:1 HTTP/1.1\r\n")),
    ("HTTP/0.9", b"GET /\r\n\r\n" + _SECOND),
    ("HTTP/1.2", _get(line=b"GET / HTTP/1.2\r\n")),
    ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + _SECOND),
    ("plain chunked body", _post(_CHUNKED, _BODY)),
    ("GET with a body", b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello" + _SECOND),
    ("a header of 64 KB", _get(b"Host: localhost\r\nX-A: " + b"a" * 65536 + b"\r\n")),
    ("5000 headers", _get(b"Host: localhost\r\n" + b"X-A: a\r\n" * 5000)),
    ("a path of 64 KB", _get(target=b"/" + b"a" * 65536)),
]


def send_raw(port, data, seconds=5.0, host="127.0.0.1"):
    """Sends `data` on a fresh connection and reads until the server closes or `seconds` have passed.

    Returns (bytes received, True when the server closed)."""
    end = time.monotonic() + seconds
    received = b""
    with socket.create_connection((host, port), timeout=seconds) as s:
        try:
            s.sendall(data)
        except OSError:
            pass  # closed while we were still sending: what it said may yet be read
        while (left := end - time.monotonic()) > 0:
            s.settimeout(left)
            try:
                piece = s.recv(65536)
            except TimeoutError:
                return received, False
            except OSError:
                return received, True
            if not piece:
                return received, True
            received += piece
    return received, False


def statuses(received):
    """The status of every reply in the bytes received, read as a client does: each as long as it says."""
    found = []
    while received[:9] in (b"HTTP/1.1 ", b"HTTP/1.0 ") and b"\r\n\r\n" in received:
        head, rest = received.split(b"\r\n\r\n", 1)
        found.append(int(head[9:12]))
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        received = rest[int(length[1]):] if length else b""
    return found


def refusal_fault(port, data):
    """None when the server refuses `data` and runs nothing behind it; otherwise a sentence that says what went wrong."""
    received, closed = send_raw(port, data)
    got = statuses(received)
    if len(got) > 1:
        return f"{len(got)} replies to one request: {got}"
    if got and got[0] not in REFUSED:
        return f"answered {got[0]}"
    if not closed:
        return "the connection was left open"
    return None


def run_slow_clients(port, count, seconds, host="127.0.0.1", body=False):
    """Opens `count` connections that send one byte a second each, of a head or (with `body`) of a body, for `seconds`.

    Returns how many the server still keeps open at the end."""
    start = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n"
    first = start + b"\r\n" if body else start[:20]
    clients = []
    for _ in range(count):
        s = socket.create_connection((host, port), timeout=5)
        s.sendall(first)
        s.setblocking(False)
        clients.append(s)
    end = time.monotonic() + seconds
    while clients and time.monotonic() < end:
        clients = _still_open(clients)
        for s in clients:
            try:
                s.send(b"a")
            except OSError:
                pass  # the next look finds it closed
        time.sleep(min(1.0, max(0.0, end - time.monotonic())))
    clients = _still_open(clients)
    for s in clients:
        s.close()
    return len(clients)


def _still_open(clients):
    poller = select.poll()
    for s in clients:
        poller.register(s, select.POLLIN | select.POLLRDHUP)
    ended = {fd for fd, events in poller.poll(0) if _has_ended(events)}
    for s in clients:
        if s.fileno() in ended:
            s.close()
    return [s for s in clients if s.fileno() >= 0]


def _has_ended(events):
    """An end or an error; a reply alone (a 408, say) is not yet one."""
    return bool(events & (select.POLLHUP | select.POLLERR | select.POLLRDHUP))
