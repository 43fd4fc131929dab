"""Servers that are started and stopped, and the load that is put on them."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time

from engines import BENCH, PASSWORDS, PROGRAM, TOOLS, free_port
from world import refresh

SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
WORK = os.path.join(BENCH, "work")


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        return [int(p) for p in f.read().split()]


class Process:
    """Something that listens on a port and is stopped by its pid."""
    process = None

    def pids(self):
        return [self.process.pid]

    def get(self, path, cookie=None):
        """One request: (status, headers as text, body)."""
        text = request(self.port, path, cookie)
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as s:
            s.sendall(text.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
            data = b""
            while chunk := s.recv(65536):
                data += chunk
        head, _, body = data.partition(b"\r\n\r\n")
        return int(head[9:12]), head.decode(), body

    def wait_answer(self, path):
        """Until the first answer."""
        until = time.monotonic() + 30
        while self.process.poll() is None and time.monotonic() < until:
            try:
                if self.get(path)[0] == 200:
                    return
            except OSError:
                time.sleep(0.001)
        raise RuntimeError(f"{type(self).__name__} did not answer")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Nginx(Process):
    """The limit: files of the same bytes, as fast as nginx can send them. Two workers, no log."""

    def __init__(self):
        self.port, self.folder, self.files = free_port(), os.path.join(WORK, "nginx"), 0
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(os.path.join(self.folder, "files"))
        user = "user root;" if os.getuid() == 0 else ""
        with open(os.path.join(self.folder, "nginx.conf"), "w", encoding="ascii") as f:
            f.write(f"""{user} daemon off; worker_processes 2; pid {self.folder}/pid; error_log {self.folder}/error.log;
events {{ worker_connections 2048; }}
http {{
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000000; keepalive_timeout 300;
  open_file_cache max=100; open_file_cache_valid 300; default_type text/html;
  client_body_temp_path {self.folder}/a; proxy_temp_path {self.folder}/b; fastcgi_temp_path {self.folder}/c;
  uwsgi_temp_path {self.folder}/d; scgi_temp_path {self.folder}/e;
  server {{ listen 127.0.0.1:{self.port} backlog=1024; root {self.folder}/files; }}
}}
""")
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-c", os.path.join(self.folder, "nginx.conf"), "-p", self.folder],
                                        stderr=subprocess.DEVNULL)
        self.wait_answer(self.file("ready", b"x"))

    def file(self, name, body):
        """Its path; a name of its own every time, because nginx keeps files open."""
        self.files += 1
        name = f"{name}-{self.files}"
        with open(os.path.join(self.folder, "files", name), "wb") as f:
            f.write(body)
        return "/" + name

    def pids(self):
        return [self.process.pid, *children(self.process.pid)]


class Server(Process):
    """Countersign on a shop. `preload` is a shared object of TOOLS."""

    def __init__(self, shop, preload=None, env=None, first="/"):
        refresh(shop)
        self.shop, self.port = shop, free_port()
        self.log = open(os.path.join(WORK, "server.log"), "wb")  # pylint: disable=consider-using-with
        extra = {"LD_PRELOAD": os.path.join(TOOLS, preload)} if preload else {}
        begin = time.monotonic()
        self.process = subprocess.Popen([PROGRAM, "serve", "--db", shop.db, "--listen", f"127.0.0.1:{self.port}"],
                                        cwd=shop.folder, env={**os.environ, **PASSWORDS, **extra, **(env or {})}, stdin=subprocess.DEVNULL, stderr=self.log)
        self.wait_answer(first)
        self.first_answer_ms = (time.monotonic() - begin) * 1000

    def memory_mb(self):
        """What the process holds that no other does, and all that it has mapped in."""
        with open(f"/proc/{self.process.pid}/smaps_rollup", encoding="ascii") as f:
            kb = {m[1]: int(m[2]) for m in re.finditer(r"^(\w+): +(\d+) kB", f.read(), re.M)}
        return kb["Pss_Anon"] / 1024, kb["Rss"] / 1024

    def pids(self):
        return [self.process.pid, *self.shop.pids()]

    def log_size(self):
        return os.fstat(self.log.fileno()).st_size

    def stop(self):
        super().stop()
        self.log.close()


# ---- requests ----

def request(port, path, cookie=None, form=None):
    lines = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if form is not None:
        lines += [f"Origin: http://127.0.0.1:{port}", "Sec-Fetch-Site: same-origin",
                  "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + (form or "")).encode()


class Addresses:
    """Client addresses that no run used before, because the server counts forms by address."""
    block = 0

    @classmethod
    def fresh(cls):
        cls.block = cls.block % 250 + 1
        return f"127.{cls.block}.0.1"


def load(target, requests, clients, *options, seconds=None):
    """Runs the load client; what it measured, with requests a second and the processor time of one."""
    path = os.path.join(WORK, "requests")
    with open(path, "wb") as f:
        for r in requests:
            f.write(b"%d\n%s" % (len(r), r))
    pids = [x for p in target.pids() for x in ("-p", str(p))]
    out = subprocess.run([os.path.join(TOOLS, "load"), "-c", str(clients), "-s", str(seconds or SECONDS), "-f", Addresses.fresh(),
                          *pids, *options, str(target.port), path], capture_output=True, text=True, check=True)
    m = json.loads(out.stdout)
    m["rate"] = m["done"] / m["seconds"]
    m["cpu_each_us"] = m["cpu_us"] / m["done"] if m["done"] else 0
    if m["errors"]:
        raise RuntimeError(f"{m['errors']} unexpected answers: {out.stderr}")
    return m


def raw_sync(size, slow_us=0):
    """Flushes a second of so many bytes each, on the disk where the shops lie."""
    env = {**os.environ, "LD_PRELOAD": os.path.join(TOOLS, "slow_sync.so"), "SLOW_SYNC_US": str(slow_us)} if slow_us else None
    out = subprocess.run([os.path.join(TOOLS, "raw_sync"), os.path.join(WORK, "raw"), str(int(size)), str(SECONDS / 2)],
                         capture_output=True, text=True, check=True, env=env)
    return float(out.stdout)
