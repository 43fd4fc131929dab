"""A client that behaves as a browser does where the server can tell: cookies by path (RFC 6265), Origin and Fetch
Metadata headers, redirects, forms. No JavaScript: every page must work without it."""
import dataclasses
import email.utils
import http.client
import json
import re
import socket
import ssl
import time
import urllib.parse

from htmlpage import HtmlPage

HTTP_TIMEOUT = 30


@dataclasses.dataclass
class Cookie:
    """One cookie as the browser keeps it."""
    name: str
    value: str
    path: str
    expires: float = None
    http_only: bool = False
    secure: bool = False
    same_site: str = ""
    made: int = 0


class CookieJar:
    """The cookies of one host (RFC 6265 sections 5.2 to 5.4)."""

    def __init__(self):
        self.cookies, self.counter = [], 0

    def take(self, header, request_path):
        head, *attributes = [p.strip() for p in header.split(";")]
        name, _, value = head.partition("=")
        default = request_path[:request_path.rfind("/")] or "/"
        c = Cookie(name.strip(), value.strip(), default)
        for a in attributes:
            key, _, v = a.partition("=")
            key = key.strip().lower()
            if key == "path":
                c.path = v if v.startswith("/") else default
            elif key == "max-age" and re.fullmatch(r"-?\d+", v):
                c.expires = time.time() + int(v) if int(v) > 0 else 0
            elif key == "expires" and c.expires is None:
                parsed = email.utils.parsedate_to_datetime(v)
                c.expires = parsed.timestamp()
            elif key == "httponly":
                c.http_only = True
            elif key == "secure":
                c.secure = True
            elif key == "samesite":
                c.same_site = v.lower()
        if c.name.startswith(("__Host-", "__Secure-")) and not c.secure:
            return
        if c.name.startswith("__Host-") and c.path != "/":
            return
        self.put(c)

    def put(self, c):
        self.counter += 1
        c.made = self.counter
        self.cookies = [x for x in self.cookies if (x.name, x.path) != (c.name, c.path)]
        if c.expires is None or c.expires > time.time():
            self.cookies.append(c)

    def for_path(self, path, cross_site=False):
        """The cookies that are sent to `path`, longest path first, then oldest first."""
        self.cookies = [c for c in self.cookies if c.expires is None or c.expires > time.time()]
        found = [c for c in self.cookies if self.matches(path, c.path) and not (cross_site and c.same_site in ("lax", "strict"))]
        return sorted(found, key=lambda c: (-len(c.path), c.made))

    @staticmethod
    def matches(request_path, cookie_path):
        """RFC 6265 section 5.1.4."""
        return request_path == cookie_path or (request_path.startswith(cookie_path)
                                               and (cookie_path.endswith("/") or request_path[len(cookie_path)] == "/"))

    def header(self, path, cross_site=False):
        return "; ".join(f"{c.name}={c.value}" for c in self.for_path(path, cross_site))

    def copy(self):
        other = CookieJar()
        other.cookies, other.counter = [dataclasses.replace(c) for c in self.cookies], self.counter
        return other


class Reply:
    """An answer; HTML is parsed when asked for."""

    def __init__(self, status, headers, body, method, path):
        self.status, self.headers, self.body, self.method, self.path = status, headers, body, method, path
        self._page = None

    def header(self, name):
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)

    def headers_all(self, name):
        return [v for k, v in self.headers if k.lower() == name.lower()]

    @property
    def is_html(self):
        return (self.header("content-type") or "").startswith("text/html")

    @property
    def source(self):
        return self.body.decode("utf-8")

    @property
    def page(self):
        if self._page is None:
            self._page = HtmlPage(self.source)
        return self._page

    @property
    def text(self):
        return self.page.text if self.is_html else self.source

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.method} {self.path}: {self.text[:300] if self.is_html else self.body[:300]!r}>"


class Client:
    """One browser profile: one cookie jar, a current page."""
    scheme = "http"

    def __init__(self, server, host="127.0.0.1"):
        """`server` has a port, which may change when it is started again, and a set of secrets that must not be logged."""
        self.server, self.host, self.jar, self.reply, self.extra = server, host, CookieJar(), None, {}

    @property
    def port(self):
        return self.server.port

    @property
    def origin(self):
        return f"{self.scheme}://{self.host}:{self.port}"

    def connect(self):
        """A fresh connection."""
        return http.client.HTTPConnection(self.host, self.port, timeout=HTTP_TIMEOUT)

    def clone(self):
        """Another browser with copies of the same cookies."""
        other = type(self)(self.server, self.host)
        other.jar = self.jar.copy()
        return other

    def tab(self):
        """Another tab of the same browser: the same cookies, another page."""
        other = type(self)(self.server, self.host)
        other.jar = self.jar
        return other

    @property
    def page(self):
        return self.reply.page

    def _absolute(self, address):
        base = self.reply.path if self.reply is not None else "/"
        url = urllib.parse.urlsplit(urllib.parse.urljoin(self.origin + base, address))
        if f"{url.scheme}://{url.netloc}" != self.origin:
            raise AssertionError(f"the address leads off the site: {address}")
        return urllib.parse.urlunsplit(("", "", url.path or "/", url.query, ""))

    def request(self, method, path, body=None, headers=None, follow=True, cookies=None, cross_site=False):
        """Sends one request and, where `follow`, goes where redirects lead. `cookies` overrides the jar's header."""
        path = self._absolute(path)
        for _ in range(6):
            reply = self._once(method, path, body, headers or {}, cookies, cross_site)
            if not follow or reply.status not in (301, 302, 303, 307, 308):
                break
            if reply.status in (301, 302, 303) and method != "HEAD":
                method, body = "GET", None
                headers = {k: v for k, v in (headers or {}).items() if k.lower() != "content-type"}
            path = self._absolute(reply.header("location"))
        else:
            raise AssertionError(f"redirects go in a circle at {path}")
        self.reply = reply
        return reply

    def _once(self, method, path, body, headers, cookies, cross_site):
        plain = path.split("?")[0]
        cookie = self.jar.header(plain, cross_site) if cookies is None else cookies
        head = {"Host": f"{self.host}:{self.port}", "User-Agent": "flow-test", "Accept": "text/html,*/*;q=0.8",
                "Accept-Language": "en", **({"Cookie": cookie} if cookie else {}), **self.extra, **headers}
        c = self.connect()
        try:
            c.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for k, v in head.items():
                if v is not None:
                    c.putheader(k, v)
            if body is not None:
                c.putheader("Content-Length", str(len(body)))
            c.endheaders(body)
            r = c.getresponse()
            reply = Reply(r.status, r.getheaders(), r.read(), method, path)
        except (OSError, http.client.HTTPException) as e:
            if (crash := self.server.crashed()) is not None:
                raise AssertionError(f"the server crashed at {method} {path}:\n{crash}") from e
            raise
        finally:
            c.close()
        for v in reply.headers_all("set-cookie"):
            self.jar.take(v, plain)
            value = v.split(";")[0].partition("=")[2]
            if len(value) >= 24:
                self.server.secrets.add(value)
        return reply

    def get(self, path, **kw):
        site = "none" if self.reply is None else "same-origin"
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
                   **kw.pop("headers", {})}
        return self.request("GET", path, headers=headers, **kw)

    def post(self, path, data, headers=None, **kw):
        """Posts a form from a page of this site. `data`: pairs, a dict, or bytes as they stand."""
        if isinstance(data, dict):
            data = list(data.items())
        body = data if isinstance(data, bytes) else urllib.parse.urlencode(data, encoding="utf-8").encode()
        own = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin, "Sec-Fetch-Site": "same-origin",
               "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-User": "?1"}
        return self.request("POST", path, body, {**own, **(headers or {})}, **kw)

    def submit(self, form, values=None, button=None, **kw):
        """Fills in and sends a form of the current page."""
        data = form.data(values, button)
        action = form.action_of(button) or self.reply.path
        if form.method == "post":
            return self.post(action, data, **kw)
        return self.get(action.split("?")[0] + "?" + urllib.parse.urlencode(data), **kw)

    def press(self, button, values=None, **kw):
        """Sends the form of the current page that has this button."""
        return self.submit(self.page.form(button=button), values, button, **kw)

    def click(self, text, **kw):
        return self.get(self.page.link(text), **kw)

    def csrf(self):
        """The hidden field of the current page's first form that has one: (name, value)."""
        for f in self.page.forms:
            for c in f.controls:
                if c.kind == "hidden" and "csrf" in c.name:
                    return c.name, c.value
        raise LookupError(f"no CSRF field on {self.reply!r}")


class SecureClient(Client):
    """The same over TLS; the certificate is the test's own."""
    scheme = "https"

    def connect(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(self.host, self.port, timeout=HTTP_TIMEOUT, context=context)


def raw(port, data, timeout=5, shutdown=False):
    """Sends bytes as they are and returns everything that comes back until the server closes or is silent."""
    out = b""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as s:
        try:
            s.sendall(data)
            if shutdown:
                s.shutdown(socket.SHUT_WR)
            while chunk := s.recv(65536):
                out += chunk
        except (TimeoutError, ConnectionResetError, BrokenPipeError):
            pass
    return out
