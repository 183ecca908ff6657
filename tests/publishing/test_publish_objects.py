"""What stands on a server compared with what is wanted, and addresses that are none."""

from __future__ import annotations

import pytest

from scheduler.issuing import caldav_objects
from scheduler.issuing.caldav_objects import bring, essence
from scheduler.issuing.caldav_server import NotReached, OnServer, checked_url
from scheduler.problems import Refused
from tests.publish_sample import ALARM, DOSES, UIDS, entry, held, wanted


class Forgetful:
    """A server that says yes to everything, and keeps it otherwise."""

    def __init__(self, *there: OnServer) -> None:
        self.there, self.puts = list(there), 0

    def read(self) -> list[OnServer]:
        return self.there

    def put(self, href: str, content: bytes, seen: OnServer | None) -> bool:
        del href, content, seen
        self.puts += 1
        return True

    def delete(self, seen: OnServer) -> bool:
        del seen
        return True

    def name_for(self, uid: str) -> str:
        return uid


@pytest.mark.parametrize("there", [[], [OnServer("/a", "", held(0).decode())]], ids=["nothing", "something else"])
def test_a_yes_is_not_believed_until_it_is_read_back(there: list[OnServer]) -> None:
    server = Forgetful(*there)
    with pytest.raises(NotReached, match="keeps 4 entries otherwise than they were sent"):
        bring(server, wanted())
    assert server.puts == 4 * caldav_objects.ROUNDS


def test_holds_are_put_before_everything_else() -> None:
    order = []

    class Noting(Forgetful):
        def put(self, href: str, content: bytes, seen: OnServer | None) -> bool:
            order.append(href)
            return super().put(href, content, seen)

    with pytest.raises(NotReached):
        bring(Noting(), wanted({**DOSES, UIDS[3]: held(3)}))
    assert order[0] == UIDS[3]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "not the address of a calendar"),
        ("calendar", "not the address of a calendar"),
        ("ftp://cal.example/p7/", "not the address of a calendar"),
        ("file:///etc/passwd", "not the address of a calendar"),
        ("https://", "not the address of a calendar"),
        ("https://[::1/", "not the address of a calendar"),
        ("https://cal.example:99999/", "not the address of a calendar"),
        ("https://cal.example/a b/", "not the address of a calendar"),
        ("https://cal.example/\u202egpj/", "not the address of a calendar"),
        ("https://cal.example/a\r\nX: y/", "not the address of a calendar"),
        ("https://me:secret@cal.example/p7/", "no account and no password"),
        ("https://cal.example/p7/?token=1", "no '\\?'"),
        ("http://cal.example/p7/", "begins with https"),
        ("http://127.0.0.1.evil.example/p7/", "begins with https"),
    ],
)
def test_addresses_that_are_none(url: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        checked_url(url)
    assert "secret" not in str(refused.value)


# ---------------------------------------------------------------------------- comparing


def test_order_folding_and_form_are_no_difference() -> None:
    ours = entry(1).decode()
    event = ours[ours.index("UID") : ours.index("BEGIN:VALARM")]
    turned = "".join(reversed(event.splitlines(keepends=True)))
    folded = turned.replace("DESCRIPTION:See", "DESCRIPTION:Se\r\n e").replace("\r\n", "\n")
    theirs = (
        ours.replace(event, folded).replace("-PT10M", "-P0DT0H10M0S").replace("DTSTART:", "dtstart;VALUE=DATE-TIME:")
    )
    assert theirs != ours
    assert essence(ours).stands_in(essence(theirs))
    assert essence(ours).uid == UIDS[1]


CHANGES = {
    "another title": ("Home dose", "Home doze"),
    "another time": ("T200000Z", "T190000Z"),
    "no alarm": (ALARM.format(title="Home dose\\, circle A").replace("\n", "\r\n"), ""),
    "an alarm later": ("-PT10M", "PT10M"),
    "a second alarm": ("END:VALARM", "END:VALARM\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT10M\r\nEND:VALARM"),
    "every day": ("STATUS:", "RRULE:FREQ=DAILY\r\nSTATUS:"),
    "cancelled": ("CONFIRMED", "CANCELLED"),
    "another text": ("dosing sheet", "sheet"),
    "a method": ("CALSCALE", "METHOD:CANCEL\r\nCALSCALE"),
    "twice": ("END:VEVENT", f"END:VEVENT\r\nBEGIN:VEVENT\r\nUID:{UIDS[1]}\r\nEND:VEVENT"),
    "in another zone": ("DTSTART:", "DTSTART;TZID=Europe/Berlin:"),
    "an older revision": ("SEQUENCE:1", "SEQUENCE:0"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_a_patient_would_see_or_hear_is_a_difference(what: str) -> None:
    ours = entry(1, sequence=1).decode()
    theirs = ours.replace(*CHANGES[what])
    assert theirs != ours
    assert not essence(ours).stands_in(essence(theirs))


@pytest.mark.parametrize(
    "text", ["", "\x00", "BEGIN", ":::", "UID", "SEQUENCE:" + "9" * 5_000, "BEGIN:VALARM\nEND:X\nUID:a"]
)
def test_rubbish_is_only_different(text: str) -> None:
    assert not essence(entry(0).decode()).stands_in(essence(text))
