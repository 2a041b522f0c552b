"""A mail server on the loopback that takes mails, refuses those to given addresses, or hangs up on them."""

import socketserver
import threading
from collections import Counter
from contextlib import contextmanager
from email import message_from_bytes, policy


class Session(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        server, self.to = self.server, []
        server.sessions += 1
        self.say("220 ready")
        while line := self.rfile.readline():
            word, rest = line.decode().strip()[:4].upper(), line.decode().strip()[4:]
            if word == "QUIT":
                return self.say("221 bye")
            if word == "RCPT":
                self.recipient(rest.partition("<")[2].rpartition(">")[0])
            elif word == "DATA":
                if not self.data():
                    return None
            elif word == "EHLO":
                self.say("250 mail.test")
            else:
                self.to = self.to if word == "NOOP" else []
                self.say("250 ok")
        return None

    def recipient(self, address: str) -> None:
        if address in self.server.refused:
            self.say("550 5.1.1 no such person here")
        else:
            self.to.append(address)
            self.say("250 ok")

    def data(self) -> bool:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        with self.server.lock:
            self.server.taken += [(address, mail) for address in self.to]
        if set(self.to) & self.server.hung_up_on:
            return False
        self.say("250 taken")
        return not (set(self.to) & self.server.last_ones)


class MailServer(socketserver.ThreadingTCPServer):
    """`refused`: addresses it knows nobody under; `hung_up_on`: taken, but the line goes dead before the
    answer; `last_ones`: taken and answered, then the line goes dead."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Session)
        self.refused, self.hung_up_on, self.last_ones = set(), set(), set()
        self.taken, self.sessions, self.lock = [], 0, threading.Lock()

    @property
    def counts(self) -> Counter:
        """Return how many mails each address was given."""
        return Counter(address for address, _mail in self.taken)


@contextmanager
def mail_server(settings):
    """Run a server and make the program send by it."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 5
        yield server
        server.shutdown()
