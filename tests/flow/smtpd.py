"""A mail server that keeps what it is given: enough of RFC 5321 for a client that sends one mail at a time."""
import email
import email.policy
import socketserver
import threading
import time


class _Session(socketserver.StreamRequestHandler):
    timeout = 20

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 test ESMTP")
        sender, recipients = None, []
        while line := self.rfile.readline(2000):
            word = line.split(b" ")[0].strip().upper()
            if word in (b"EHLO", b"HELO"):
                self.say("250 test")
            elif word == b"MAIL":
                sender, recipients = line, []
                self.say("250 ok")
            elif word == b"RCPT":
                if self.server.refuse:
                    self.say("450 not now")
                    continue
                recipients.append(line.decode().split("<")[1].split(">")[0])
                self.say("250 ok")
            elif word == b"DATA" and sender and recipients:
                self.say("354 go on")
                self.server.keep(recipients, self._data())
                self.say("250 kept")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok" if word in (b"RSET", b"NOOP") else "503 not now")

    def _data(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)


class MailServer(socketserver.ThreadingTCPServer):
    """with MailServer() as m: … m.url, m.wait(…)"""
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails, self.refuse, self.changed = [], False, threading.Condition()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def keep(self, recipients, data):
        with self.changed:
            self.mails.append((recipients, email.message_from_bytes(data, policy=email.policy.default)))
            self.changed.notify_all()

    def wait(self, to, count=1, timeout=30):
        """The mails to this address, as soon as there are `count`."""
        until = time.monotonic() + timeout
        with self.changed:
            while True:
                found = [m for r, m in self.mails if to in r]
                if len(found) >= count:
                    return found
                if not self.changed.wait(until - time.monotonic()):
                    raise AssertionError(f"no mail to {to} within {timeout} s; there are {[r for r, _ in self.mails]}")

    def __exit__(self, *a):
        self.shutdown()
        self.server_close()


def body(mail):
    part = mail.get_body(("plain", "html"))
    return part.get_content() if part else ""
