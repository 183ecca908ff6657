"""A calendar on somebody's CalDAV server: reading it, putting entries, taking past ones out. The only door to caldav.

The server is not trusted: nothing is followed elsewhere, nothing is taken for stored until it is read back, every
answer is limited in size and time. Whatever goes wrong is one sentence, which names the server and no patient.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from ipaddress import ip_address
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import SplitResult, quote, unquote, urlsplit

from caldav.davclient import DAVClient
from caldav.lib import error
from caldav.response import DAVResponse

from scheduler.problems import Refused, printable

SILENCE = 20
"""Seconds that a server may be silent."""
PATIENCE = 60
"""Seconds that one answer may take from its first byte to its last."""
LONGEST = 600
"""Seconds that one calendar may take."""
MOST_BYTES = 20_000_000
"""A year's doses take about 400,000."""

MULTISTATUS = "{DAV:}multistatus"
EVERYTHING = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
    "<D:prop><D:getetag/><C:calendar-data/></D:prop>"
    '<C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>'
)
SAID = {
    401: "does not accept this account or password. Check --user and the password file",
    403: "does not let this account write there. Check the address, and what the account may do",
    404: "has no calendar at this address. Check it, or have the calendar made there",
    405: "has no calendar at this address. Check it, or have the calendar made there",
    413: "finds an entry too large. Ask the person who looks after it",
    423: "has locked this calendar. Try again later",
    507: "has no room left. Ask the person who looks after it",
}
"""What statuses mean, after the name of the server."""
PATH = "/@+:,;=&!$'()*~"
FASTER = (404, 409, 412)
"""For one entry: it is no longer as it was read. Read again, and decide again."""


class NotReached(Refused):
    """The server could not be brought up to date; what it has taken stays, and running again goes on from there."""


class ServerAway(NotReached):
    """The server itself is away, or does not know the account: asking it for the next patient is of no use."""


class OnServer(NamedTuple):
    """An entry as it stands on the server: where, in which version, its text."""

    href: str
    etag: str
    text: str


class CalendarOnServer:
    """One calendar (a collection) on a server. Every method may raise NotReached."""

    def __init__(self, url: str, login: str = "", password: str = "") -> None:
        parts = checked_url(url)
        self._url = url if url.endswith("/") else f"{url}/"
        self._server = f"{parts.scheme}://{parts.netloc}"
        self._host = host_of(url)
        self._until = time.monotonic() + LONGEST
        logging.getLogger("caldav").setLevel(logging.CRITICAL)  # it would tell what calendars hold
        with self._in_plain_words():
            self._client = DAVClient(
                self._url,
                username=login or None,
                password=password or None,
                timeout=SILENCE,
                enable_rfc6764=False,
            )
        session: Any = self._client.session
        session.max_redirects = 0  # a PUT that is sent elsewhere turns into a GET, and succeeds
        session.stream = True
        session.hooks["response"].append(_whole)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def read(self) -> list[OnServer]:
        """Every entry of the calendar."""
        with self._in_plain_words():
            answer = self._client.report(self._url, EVERYTHING, depth=1)
            if answer.status != 207:
                raise self._refusal(answer.status)
            if answer.tree is None or answer.tree.tag != MULTISTATUS:
                raise NotReached(f"{self._host} answers something else than a calendar. Check the address.")
            found = answer.parse_calendar_query()
        return [OnServer(e.href, e.etag or "", e.calendar_data) for e in found if e.calendar_data]

    def put(self, href: str, content: bytes, seen: OnServer | None) -> bool:
        """Store an entry: a new one, or in the stead of the one that was seen. False: it has changed since."""
        headers = {"Content-Type": "text/calendar; charset=utf-8", **_if_still(seen)}
        return self._done(href, lambda at: self._client.put(at, content.decode(), headers))

    def delete(self, seen: OnServer) -> bool:
        """Take out an entry as it was seen. False: it has changed since."""
        return self._done(seen.href, lambda at: self._client.delete(at, _if_still(seen)))

    def name_for(self, uid: str) -> str:
        """Where a new entry goes, as a path."""
        return f"{unquote(urlsplit(self._url).path)}{uid.partition('@')[0]}.ics"

    def _done(self, href: str, send: Any) -> bool:  # noqa: ANN401 - put or delete
        with self._in_plain_words():
            answer: DAVResponse = send(f"{self._server}/{quote(href.lstrip('/'), safe=PATH)}")
            if answer.status in FASTER:
                return False
            if answer.status not in (200, 201, 204):
                raise self._refusal(answer.status)
        return True

    def _refusal(self, status: int) -> NotReached:
        kind = ServerAway if status in (401, 507) or status >= 500 else NotReached
        return kind(f"{self._host} {SAID.get(status, f'answered with the status {status}. Try again later')}.")

    @contextmanager
    def _in_plain_words(self) -> Iterator[None]:
        """Whatever goes wrong on the way, as one sentence; OSError is what the libraries below raise."""
        if time.monotonic() > self._until:
            raise ServerAway(f"{self._host} is too slow. Run it again: what arrived stays.")
        try:
            yield
        except error.AuthorizationError as refused:
            raise self._refusal(refused.status or 401) from None
        except error.RateLimitError:
            raise ServerAway(f"{self._host} is too busy. Try again later.") from None
        except (error.DAVError, SyntaxError, ValueError, NotImplementedError, LookupError):
            raise NotReached(f"{self._host} answers something that cannot be understood. Check the address.") from None
        except OSError as fault:
            raise ServerAway(f"{self._host} {_what_failed(fault)}.") from None


def _what_failed(fault: OSError) -> str:
    """By the names of the exceptions, which both libraries that caldav may use share."""
    kinds = {kind.__name__ for kind in type(fault).__mro__}
    if "TooManyRedirects" in kinds:
        return "sends on to another address. Give the calendar's own address"
    if "SSLError" in kinds:
        return "does not prove who it is: its certificate is not valid. Check the address"
    if "ContentDecodingError" in kinds:
        return "answers something that cannot be understood. Check the address"
    if kinds & {"Timeout", "TimeoutError"}:
        return "did not answer in time. Run it again: what arrived stays"
    return "cannot be reached, or broke off. Run it again: what arrived stays"


def _if_still(seen: OnServer | None) -> Mapping[str, str]:
    """The condition under which a server may store: nothing there yet, or still what was seen."""
    if seen is None:
        return {"If-None-Match": "*"}
    return {"If-Match": seen.etag.removeprefix("W/")} if seen.etag else {}


def _whole(answer: Any, **_: object) -> None:  # noqa: ANN401 - a response of either library
    """Read an answer to its end, within bounds: a server that drips would keep a ward waiting for ever."""
    until, body = time.monotonic() + PATIENCE, bytearray()
    with closing(answer):
        for part in answer.iter_content(-1):
            body += part
            if time.monotonic() > until or len(body) > MOST_BYTES:
                raise TimeoutError
    answer._content = bytes(body)  # noqa: SLF001 - where both libraries keep what they have read


def checked_url(url: str) -> SplitResult:
    """The parts of an address; Refused unless it is https (or this very machine), without a password in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host or not url.isprintable() or " " in url:
        raise Refused("This is not the address of a calendar. Write it like https://calendar.example/clinic/p7/.")
    if parts.username is not None or parts.password is not None:
        raise Refused("An address holds no account and no password. Give --user, and the password in a file.")
    if parts.query or parts.fragment:
        raise Refused("The address of a calendar has no '?' and no '#'. Check it.")
    if parts.scheme == "http" and not _is_here(host):
        raise Refused("This address is not protected on its way. Give one that begins with https.")
    return parts


def host_of(url: str) -> str:
    """The server of an address, as people call it."""
    return printable(urlsplit(url).netloc)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
