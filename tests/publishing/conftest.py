"""A ward that publishes, a folder for a web server, a calendar server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.on_the_line import Ward
from tests.publish_servers import PASSWORD, Radicale, radicale_in


@pytest.fixture(autouse=True)
def _straight_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever proxy the machine has."""
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(variable, "127.0.0.1")


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    """On a Monday in the second week of cycle 1, with the password of the calendar server in a file."""
    secret = tmp_path / "password"
    secret.touch(mode=0o600)
    secret.write_text(PASSWORD + "\n", encoding="utf-8")
    monkeypatch.setenv("C1D1_CALDAV_PASSWORD_FILE", str(secret))
    return Ward(tmp_path / "home", monkeypatch).on("2026-01-12")


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A folder that a web server offers."""
    folder = tmp_path / "web"
    folder.mkdir(mode=0o711)
    return folder


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with radicale_in(tmp_path_factory.mktemp("radicale")) as found:
        yield found


@pytest.fixture
def radicale(running: Radicale) -> Iterator[Radicale]:
    """The server, with nobody's hand in its wire."""
    running.forget()
    yield running
    running.forget()


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """The name of a calendar of this test's own."""
    return f"c{abs(hash(request.node.nodeid))}"


@pytest.fixture
def calendar(radicale: Radicale, name: str) -> str:
    """The address of a new calendar on the server."""
    return radicale.make(name)
