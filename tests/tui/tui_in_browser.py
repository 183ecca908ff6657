"""`c1d1 serve` on a port of its own, a client that speaks like its page, and a real Chromium where there is one."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from aiohttp import web

from tui.browser import HOST, ClinicServer

TOKEN = "a-token-for-this-test"  # noqa: S105 - of no real server
WAIT = 60.0
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ESCAPES = re.compile(r"\x1b\[[0-9;:?<>=]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]")
KEYS = {"\r": ("Enter", 13), "\x1b": ("Escape", 27)}


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[ClinicServer]:
    """The server of this record (as the environment names it), on a free port."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    server = ClinicServer(port, TOKEN)
    runner = web.AppRunner(await server._make_app())
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    try:
        yield server
    finally:
        await runner.cleanup()


class Tab:
    """What the page does, without a page: the socket of one session, and the text that came through it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.text = ""
        self.files: list[str] = []

    async def until(self, *words: str) -> None:
        async with asyncio.timeout(WAIT):
            while not all(word in self.text for word in words):
                message = await self.socket.receive()
                assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message
                self._take(message)

    async def until_file(self) -> str:
        """The key under which a file can be fetched."""
        async with asyncio.timeout(WAIT):
            while not self.files:
                self._take(await self.socket.receive())
        return self.files.pop()

    def _take(self, message: aiohttp.WSMessage) -> None:
        if message.type == aiohttp.WSMsgType.BINARY:
            self.text += ESCAPES.sub("", message.data.decode("utf-8", "replace"))
        elif message.type == aiohttp.WSMsgType.TEXT:
            kind, *rest = json.loads(message.data)
            self.files += rest if kind == "deliver_file_start" else []

    async def types(self, text: str) -> None:
        """As fingers do: one key, then the next."""
        self.text = ""
        for letter in text:
            await self.socket.send_json(["stdin", letter])
            await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def tab(server: ClinicServer) -> AsyncIterator[Tab]:
    address = f"ws://{HOST}:{server.port}/{TOKEN}/ws?width=100&height=30"
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(address, origin=f"http://{HOST}:{server.port}", max_msg_size=0) as socket,
    ):
        yield Tab(socket)


class Page:
    """A page of a headless Chromium, driven through its own debugging socket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket, self.number = socket, 0
        self.requests: list[str] = []

    async def do(self, method: str, **parameters: object) -> dict[str, object]:
        self.number += 1
        await self.socket.send_json({"id": self.number, "method": method, "params": parameters})
        async with asyncio.timeout(WAIT):
            while True:
                answer = await self.socket.receive_json()
                if answer.get("method") == "Network.requestWillBeSent":
                    self.requests.append(answer["params"]["request"]["url"])
                if answer.get("id") == self.number:
                    assert "error" not in answer, answer
                    return answer["result"]

    async def js(self, expression: str) -> object:
        found = await self.do("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"].get("value")  # type: ignore[union-attr]

    async def until(self, expression: str) -> None:
        async with asyncio.timeout(WAIT):
            while not await self.js(expression):  # noqa: ASYNC110 - another program is asked
                await asyncio.sleep(0.05)

    async def seen(self, *words: str) -> None:
        """What the terminal was sent holds these words."""
        for word in words:
            await self.until(f"window.seen.includes({json.dumps(word)})")

    async def types(self, text: str) -> None:
        await self.js("window.seen = ''")
        for letter in text:
            name, code = KEYS.get(letter, (letter, ord(letter.upper())))
            key = {"key": name, "code": name, "windowsVirtualKeyCode": code, "text": letter}
            await self.do("Input.dispatchKeyEvent", type="keyDown", **key)
            await self.do("Input.dispatchKeyEvent", type="keyUp", **{k: v for k, v in key.items() if k != "text"})
            await asyncio.sleep(0.1)


LISTEN = r"""
window.seen = "";
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
  constructor(...words) {
    super(...words);
    this.addEventListener("message", async (event) => {
      if (typeof event.data === "string") return;
      const text = new TextDecoder().decode(event.data);
      window.seen += text.replace(/\x1b\[[0-9;:?<>=]*[A-Za-z]/g, "");
    });
  }
};
"""


@contextlib.asynccontextmanager
async def chromium(address: str, folder: Path) -> AsyncIterator[Page]:
    """A headless Chromium on an address, in a profile of its own."""
    options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900")
    quiet = (
        "--no-first-run",
        "--remote-debugging-port=0",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    )
    browser = await asyncio.create_subprocess_exec(
        str(CHROMIUM),
        *options,
        *quiet,
        f"--user-data-dir={folder}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with aiohttp.ClientSession() as session:
            place = await _debugged(session, folder)
            async with session.ws_connect(place, max_msg_size=0) as socket:
                page = Page(socket)
                for domain in ("Page", "Network", "Runtime"):
                    await page.do(f"{domain}.enable")
                await page.do("Page.addScriptToEvaluateOnNewDocument", source=LISTEN)
                await page.do("Page.navigate", url=address)
                yield page
    finally:
        with contextlib.suppress(ProcessLookupError):
            browser.terminate()
        await browser.wait()


async def _debugged(session: aiohttp.ClientSession, folder: Path) -> str:
    """The socket of its first page, as soon as Chromium has written down where it listens."""
    async with asyncio.timeout(WAIT):
        while True:
            await asyncio.sleep(0.05)
            with contextlib.suppress(OSError, IndexError, StopIteration, aiohttp.ClientError, ValueError):
                port = int((folder / "DevToolsActivePort").read_text(encoding="utf-8").splitlines()[0])
                async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                    pages = await answer.json()
                return next(str(one["webSocketDebuggerUrl"]) for one in pages if one["type"] == "page")
