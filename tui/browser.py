"""The app in a browser on this very computer; the only door to textual_serve.

Each tab is a program of its own, in which people sign in as in a terminal. Whoever wants in needs the address with
its token, and comes from this computer; pages of other sites are turned away, and nothing is fetched from anywhere.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path

import textual_serve
from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

from scheduler.clinic.home import Home
from scheduler.problems import Refused

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")
TOKEN_BYTES = 24
ENDS_WITHIN = 5.0
"""Seconds that the app of a closed tab has for its end."""
APP = (sys.executable, "-m", "tui")
STATIC = Path(textual_serve.__file__).parent / "static"
FILES = {
    "textual.js": STATIC / "js" / "textual.js",
    "xterm.css": STATIC / "css" / "xterm.css",
    "mono.ttf": STATIC / "fonts" / "RobotoMono-VariableFont_wght.ttf",
    "page.js": Path(__file__).with_name("page.js"),
    "page.css": Path(__file__).with_name("page.css"),
}
"""Everything that the page loads, and where it stands on this computer."""
PAGE = Path(__file__).with_name("page.html")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Tab(AppService):
    """The app of one tab: a program that is started without a shell, and that is waited for when the tab closes."""

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        environment = self._build_environment(width=width, height=height)
        environment.pop("C1D1_BY", None)  # whoever opens the tab says who it is
        self._process = await asyncio.create_subprocess_exec(
            *APP, env=environment, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
        self._stdin = self._process.stdin
        return self._process

    async def stop(self) -> None:
        await super().stop()
        if self._process is None:
            return
        try:
            await asyncio.wait_for(self._process.wait(), ENDS_WITHIN)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


class ClinicServer(Server):
    """Serves the app to whoever knows the token. Nothing of a patient passes through its log."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(" ".join(APP), host=HOST, port=port, title="c1d1")
        self.token = token

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}/{self.token}/"

    async def _make_app(self) -> web.Application:
        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not self.is_ours(request):
                raise web.HTTPForbidden(text="Open c1d1 by the address that it has printed.")
            return await handler(request)

        app = web.Application(middlewares=[guarded])
        app.on_response_prepare.append(self._prepared)
        app.router.add_get(f"/{self.token}/", self.page)
        app.router.add_get(f"/{self.token}/ws", self.handle_websocket)
        app.router.add_get(f"/{self.token}/{{name}}", self.file)
        app.router.add_get("/download/{key:[0-9a-f]{32}}", self.handle_download)
        return app

    async def page(self, _request: web.Request) -> web.Response:
        text = PAGE.read_text(encoding="utf-8").replace("WEBSOCKET", f"ws://{HOST}:{self.port}/{self.token}/ws")
        return web.Response(text=text, content_type="text/html")

    async def file(self, request: web.Request) -> web.StreamResponse:
        found = FILES.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        return web.FileResponse(found)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=15)
        await socket.prepare(request)
        width, height = (to_int(request.query.get(side, ""), least) for side, least in (("width", 80), ("height", 24)))

        async def close() -> None:
            await socket.close()

        tab = Tab(
            self.command,
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=close,
            download_manager=self.download_manager,
        )
        try:
            await tab.start(width, height)
            await self._process_messages(socket, tab)
        finally:
            await tab.stop()
        return socket

    def is_ours(self, request: web.Request) -> bool:
        """Asked by a browser that was sent to this computer by name, for a page that is this one."""
        hosts = [f"{name}:{self.port}" for name in NAMES]
        origin = request.headers.get("Origin")
        if request.host not in hosts or request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            return False
        if origin is None:
            return not request.path.endswith("/ws")
        return origin in [f"http://{host}" for host in hosts]

    async def _prepared(self, _request: web.Request, response: web.StreamResponse) -> None:
        sockets = " ".join(f"ws://{name}:{self.port}" for name in NAMES)
        policy = {"Content-Security-Policy": f"{POLICY}; connect-src 'self' {sockets}"}
        for name, value in (HEADERS | policy).items():
            response.headers[name] = value


def serve(home: Home, port: int, tell: Callable[[str], None]) -> None:
    """Serve the record of a clinic until Ctrl+C; `tell` gets the address. Refused where the port is taken."""
    os.environ["C1D1_HOME"], os.environ["C1D1_DB"] = str(home.folder), home.database
    server = ClinicServer(port, secrets.token_urlsafe(TOKEN_BYTES))
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    tell(server.address)
    try:
        web.run_app(server._make_app(), host=HOST, port=port, print=None, access_log=None)  # noqa: SLF001 - its own
    except OSError as fault:
        raise Refused(f"Port {port} cannot be used here ({fault.strerror}). Name another with --port.") from None
