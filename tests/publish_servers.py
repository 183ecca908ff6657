"""Servers to publish to, on this machine: Radicale as people run it, with a hand in its wire; and rude ones."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import caldav.davclient
import radicale
import radicale.config

ACCOUNT, PASSWORD = "clinic", "correct horse"
Heard = tuple[str, str]


class Radicale:
    """A running Radicale with one account. `heard` is what it was asked, as method and path.

    `before` is called with each request before Radicale sees it, and may answer by a status line;
    after `drop_after` more requests the line is cut without an answer.
    """

    def __init__(self, server: WSGIServer, folder: Path) -> None:
        self.folder, self._port = folder, server.server_port
        self.heard: list[Heard] = []
        self.before: Callable[[str, str], str | None] = lambda _method, _path: None
        self.drop_after: int | None = None

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def make(self, name: str) -> str:
        """A new, empty calendar; its address."""
        address = f"{self.root}/{ACCOUNT}/{name}/"
        with self.client() as client:
            assert client.mkcalendar(address).status == 201
        self.heard.clear()
        return address

    def client(self) -> caldav.davclient.DAVClient:
        """Somebody else's program: a phone, say."""
        return caldav.davclient.DAVClient(self.root, username=ACCOUNT, password=PASSWORD, timeout=20, auth_type="basic")

    def files(self, name: str) -> dict[str, str]:
        """What is stored in a calendar, by file name."""
        inside = self.folder / "collection-root" / ACCOUNT / name
        return {path.name: path.read_text(encoding="utf-8") for path in sorted(inside.glob("*.ics"))}

    def asked(self, method: str) -> list[str]:
        """The paths of the requests of a kind."""
        return [path for heard, path in self.heard if heard == method]

    def forget(self) -> None:
        self.heard.clear()
        self.before = lambda _method, _path: None
        self.drop_after = None


@contextmanager
def radicale_in(folder: Path) -> Iterator[Radicale]:
    """Radicale on a free port, its data in a folder."""
    users = folder / "users"
    users.write_text(f"{ACCOUNT}:{PASSWORD}\n", encoding="utf-8")
    settings = {
        "auth": {"type": "htpasswd", "htpasswd_filename": str(users), "htpasswd_encryption": "plain", "delay": "0"},
        "storage": {"filesystem_folder": str(folder / "data")},
        "logging": {"level": "critical"},
    }
    logging.getLogger("radicale").setLevel(logging.CRITICAL + 1)
    configuration = radicale.config.load()
    configuration.update(settings, "test", privileged=True)
    app = radicale.Application(configuration)
    hand: list[Radicale] = []

    def between(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        hand[0].heard.append((method, path))
        status = hand[0].before(method, path)
        if status is not None:
            start(status, [("Content-Length", "0"), ("Location", "/.web/")])
            return [b""]
        return app(environ, start)

    class Handler(WSGIRequestHandler):
        def handle(self) -> None:
            left = hand[0].drop_after
            if left is not None:
                hand[0].drop_after = max(0, left - 1)
            if left != 0:
                super().handle()

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    with make_server("127.0.0.1", 0, between, handler_class=Handler) as server:
        hand.append(Radicale(server, folder / "data"))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield hand[0]
        server.shutdown()
        thread.join()


RUDE: dict[str, Sequence[bytes]] = {
    "hangs up": (),
    "says nothing in HTTP": (b"\x00\x01\x02 what?\r\n\r\n",),
    "breaks off": (b"HTTP/1.1 207 Multi-Status\r\nContent-Type: text/xml\r\nContent-Length: 900\r\n\r\n<multistatus",),
    "broken XML": (b"HTTP/1.1 207 Multi-Status\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a><",),
    "other XML": (b"HTTP/1.1 207 Multi-Status\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>",),
    "a page": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<p>Welcome<br>",),
    "a page as 207": (b"HTTP/1.1 207 OK\r\nContent-Type: text/html\r\nContent-Length: 14\r\n\r\n<p>Welcome<br>",),
    "another letter set": (
        b"HTTP/1.1 207 \xff\r\nContent-Type: text/xml; charset=zz\r\nContent-Length: 2\r\n\r\n\xff\xfe",
    ),
    "not packed": (b"HTTP/1.1 207 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nabcde",),
    "sends elsewhere": (b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",),
    "an unknown lock": (b"HTTP/1.1 401 No\r\nWWW-Authenticate: Riddle\r\nContent-Length: 0\r\n\r\n",),
    "busy": (b"HTTP/1.1 429 Wait\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n",),
    "ill": (b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",),
}
"""What a server may answer instead of a calendar."""


@contextmanager
def rude_server(parts: Sequence[bytes], *, silent: bool = False, dripping: bool = False) -> Iterator[str]:
    """A server that gives the same answer to everybody; a silent one keeps the line, a dripping one never ends."""
    over = threading.Event()

    def talk(line: socket.socket) -> None:
        with line:
            try:
                line.recv(65_536)
                for part in parts:
                    line.sendall(part)
                while silent and not over.wait(0.05):
                    if dripping:
                        line.sendall(b" ")
            except OSError:
                return

    def serve() -> None:
        while not over.is_set():
            try:
                line, _ = listening.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=talk, args=(line,), daemon=True))
            threads[-1].start()

    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/clinic/p7/"
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
    for each in (thread, *threads):
        each.join()
