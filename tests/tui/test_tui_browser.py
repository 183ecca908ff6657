"""`c1d1 serve`: the same app and sign-in behind a browser; nobody else's pages, and nothing from outside."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys

import aiohttp
import pytest
from tui_clinic import Clinic
from tui_in_browser import CHROMIUM, TOKEN, WAIT, chromium, serving, tab

from tui.browser import FILES, HOST


@pytest.fixture(autouse=True)
def record(ward: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record that every tab opens."""
    monkeypatch.setenv("C1D1_HOME", str(ward.home.folder))


def get(path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers of a page of the server."""

    async def run() -> tuple[int, str, dict[str, str]]:
        async with serving() as server, aiohttp.ClientSession() as session:
            named = {name.replace("_", "-"): value.replace("PORT", str(server.port)) for name, value in headers.items()}
            async with session.get(f"http://{HOST}:{server.port}{path}", headers=named) as answer:
                return answer.status, await answer.text(errors="replace"), dict(answer.headers)

    return asyncio.run(run())


# ------------------------------------------------------------ who gets in


@pytest.mark.parametrize(
    "path", ["/", "/ws", "/static/", "/wrong/", f"/{TOKEN}/static/", f"/{TOKEN}/../ws", "/download/x"]
)
def test_without_the_token_there_is_nothing(path: str) -> None:
    assert get(path)[0] in (403, 404)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "evil.example"},
        {"Host": "evil.example:PORT"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_a_page_of_another_site_gets_nothing(headers: dict[str, str]) -> None:
    assert get(f"/{TOKEN}/", **headers)[0] == 403


def test_the_page_loads_nothing_from_outside_and_may_not() -> None:
    status, text, headers = get(f"/{TOKEN}/")
    assert status == 200
    assert not re.search(r"https?://", text)
    assert {*re.findall(r'(?:href|src)="([^":]+)"', text)} <= FILES.keys()
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "connect-src 'self' ws://127.0.0.1:" in headers["Content-Security-Policy"]
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert not re.search(r"https?://", FILES["page.css"].read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_everything_the_page_loads_stands_on_this_computer(name: str) -> None:
    assert get(f"/{TOKEN}/{name}")[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
def test_a_socket_takes_the_origin_of_the_page(origin: str | None) -> None:
    async def run() -> None:
        async with serving() as server, aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(f"ws://{HOST}:{server.port}/{TOKEN}/ws", origin=origin)
            assert refused.value.status == 403

    asyncio.run(run())


# ------------------------------------------------------------ what is done there


@pytest.mark.slow
def test_people_sign_in_and_sign_as_in_a_terminal(ward: Clinic) -> None:
    async def run() -> None:
        async with serving() as server, tab(server) as one:
            await one.until("SIGN IN", "Your name")
            await one.types("Nurse Example\r")
            await one.until("TODAY", "Nurse Example")
            await one.types("001\r")
            await one.until("S-001", "○ home")
            await one.types("k71\r")
            await one.until("NOTHING IS SAVED")
            await one.types("ne\r")
            await one.until("SIGNED by Nurse Example, entry 4")

    asyncio.run(run())
    assert "Weight 71 kg" in ward.words("S-001")


@pytest.mark.slow
def test_the_command_prints_the_address_and_ends_with_ctrl_c() -> None:
    command = [sys.executable, "-m", "scheduler.cli", "serve", "--port", "8437"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert re.fullmatch(r"Open http://127\.0\.0\.1:8437/[\w-]{32}/\n", line), line
            assert process.stdout.readline() == "Ctrl+C ends it.\n"
            process.send_signal(signal.SIGINT)
            assert "Traceback" not in process.communicate(timeout=WAIT)[0]
        finally:
            process.kill()


# ------------------------------------------------------------ a real browser


def test_chromium_is_looked_for() -> None:
    """Where there is none, the page itself is not looked at: the run says so (-rs)."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: left out is the page in a real browser")


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: left out is the page in a real browser")
def test_in_chromium_keys_go_to_the_app_at_once_and_nothing_is_fetched_elsewhere(ward: Clinic, tmp_path) -> None:
    async def run() -> None:
        async with serving() as server, chromium(server.address, tmp_path / "profile") as page:
            await page.seen("SIGN IN")
            await page.until("document.activeElement.className.includes('xterm-helper-textarea')")
            await page.types("Nurse Example\r")
            await page.seen("TODAY")
            await page.types("001\r")
            await page.seen("○ home")
            await page.types("k71\r")
            await page.seen("NOTHING IS SAVED")
            await page.types("ne\r")
            await page.seen("SIGNED by Nurse Example, entry 4")
            strangers = [url for url in page.requests if not url.startswith((server.address, "data:"))]
            assert strangers == []
            assert any("textual.js" in url for url in page.requests)

    asyncio.run(run())
    assert "Weight 71 kg" in ward.words("S-001")
