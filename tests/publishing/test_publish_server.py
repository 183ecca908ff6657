"""A calendar on a CalDAV server: only what changed is put, only past days go, nothing is lost when things go wrong."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest

from scheduler.issuing import caldav_server
from scheduler.issuing.caldav_objects import OURS, Brought, Wanted, bring
from scheduler.issuing.caldav_server import CalendarOnServer, NotReached, ServerAway
from scheduler.problems import Refused
from tests.publish_sample import DOSES, TODAY, UIDS, entry, held, wanted
from tests.publish_servers import ACCOUNT, PASSWORD, RUDE, Radicale, rude_server


def publish(calendar: str, what: Wanted, password: str = PASSWORD) -> Brought:
    with CalendarOnServer(calendar, ACCOUNT, password) as server:
        return bring(server, what)


def phone(calendar: str, radicale: Radicale, uid: str, content: bytes | None) -> None:
    """Somebody else changes an entry, or takes it out."""
    at = f"{calendar}{uid.partition('@')[0]}.ics"
    with radicale.client() as client:
        done = (
            client.delete(at)
            if content is None
            else client.put(at, content.decode(), {"Content-Type": "text/calendar"})
        )
    assert done.status in (200, 201, 204)


def titles(radicale: Radicale, name: str) -> dict[str, str]:
    """What a phone that asks now would show."""
    shown = {}
    for text in radicale.files(name).values():
        (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
        shown[str(event["UID"])] = f"{event['SUMMARY']}{' (rings)' if event.walk('VALARM') else ''}"
    return shown


# ---------------------------------------------------------------------------- what is put, what goes


def test_every_entry_is_an_object_of_its_own_without_a_method(radicale: Radicale, calendar: str, name: str) -> None:
    assert publish(calendar, wanted()) == Brought(4, 0)
    files = radicale.files(name)
    assert list(files) == [f"{uid.partition('@')[0]}.ics" for uid in DOSES]
    assert all(text.count("BEGIN:VEVENT") == 1 and "METHOD" not in text for text in files.values())
    assert set(titles(radicale, name).values()) == {"Home dose, circle A (rings)"}


def test_what_stands_there_is_not_put_again(radicale: Radicale, calendar: str) -> None:
    publish(calendar, wanted())
    radicale.heard.clear()
    assert publish(calendar, wanted()) == Brought(0, 0)
    assert radicale.asked("PUT") == radicale.asked("DELETE") == []


def test_only_what_changed_is_put(radicale: Radicale, calendar: str, name: str) -> None:
    publish(calendar, wanted())
    radicale.heard.clear()
    assert publish(calendar, wanted({**DOSES, UIDS[2]: held(2)})) == Brought(1, 0)
    assert [path.rpartition("/")[2] for path in radicale.asked("PUT")] == [f"{UIDS[2].partition('@')[0]}.ics"]
    assert titles(radicale, name)[UIDS[2]] == "HOLD - no circle A dose today, call clinic"


def test_past_days_go_and_days_to_come_stay(radicale: Radicale, calendar: str, name: str) -> None:
    publish(calendar, wanted())
    later = TODAY + timedelta(days=2)
    assert publish(calendar, wanted({UIDS[3]: entry(3)}, later)) == Brought(0, 2)
    assert list(titles(radicale, name)) == [UIDS[2], UIDS[3]], "a day of today is not past"


def test_an_entry_that_is_still_wanted_never_goes(radicale: Radicale, calendar: str, name: str) -> None:
    publish(calendar, wanted())
    assert publish(calendar, wanted(DOSES, TODAY + timedelta(days=300))) == Brought(0, 0)
    assert len(titles(radicale, name)) == 4
    del radicale


def test_the_patients_own_appointments_are_left_alone(radicale: Radicale, calendar: str, name: str) -> None:
    dentist = entry(0, "Dentist").replace(OURS.encode(), b"@phone.example")
    phone(calendar, radicale, "dentist", dentist)
    publish(calendar, wanted())
    publish(calendar, wanted({}, TODAY + timedelta(days=99)))
    assert list(titles(radicale, name).values()) == ["Dentist (rings)"]


def test_another_patients_calendar_is_not_written_into(radicale: Radicale, calendar: str, name: str) -> None:
    publish(calendar, wanted())
    other = Wanted({f"mine{OURS}": entry(0).replace(UIDS[0].encode(), f"mine{OURS}".encode())}, {}, TODAY)
    with pytest.raises(Refused, match=r"entries of another schedule\. Nothing was written"):
        publish(calendar, other)
    assert list(titles(radicale, name)) == list(DOSES)


def test_an_alarm_that_the_phone_has_dismissed_is_no_change(radicale: Radicale, calendar: str) -> None:
    publish(calendar, wanted())
    dismissed = entry(1).replace(b"END:VEVENT", b"X-MOZ-LASTACK:20260115T195000Z\r\nEND:VEVENT")
    phone(calendar, radicale, UIDS[1], dismissed.replace(b"SEQUENCE:0", b"SEQUENCE:3"))
    radicale.heard.clear()
    assert publish(calendar, wanted()) == Brought(0, 0)


def test_what_somebody_moved_on_the_phone_is_put_right(radicale: Radicale, calendar: str, name: str) -> None:
    publish(calendar, wanted())
    phone(calendar, radicale, UIDS[1], entry(1).replace(b"T200000Z", b"T070000Z", 1))
    phone(calendar, radicale, UIDS[2], None)
    assert publish(calendar, wanted()) == Brought(2, 0)
    assert publish(calendar, wanted()) == Brought(0, 0)
    assert len(titles(radicale, name)) == 4


# ---------------------------------------------------------------------------- somebody in between


@pytest.mark.parametrize("theirs", [entry(2, "Mine now"), None], ids=["changed", "taken out"])
def test_what_changes_between_reading_and_writing_is_read_again(
    radicale: Radicale, calendar: str, name: str, theirs: bytes | None
) -> None:
    """The phone is faster, once: ours is put again upon what it left, and nothing is overwritten blindly."""
    publish(calendar, wanted())
    met = []

    def faster(method: str, _path: str) -> None:
        if method == "PUT" and not met:
            met.append(method)
            radicale.before = lambda _method, _path: None
            store(radicale, name, UIDS[2], theirs)

    radicale.before = faster
    radicale.heard.clear()
    assert publish(calendar, wanted({**DOSES, UIDS[2]: held(2)})) == Brought(1, 0)
    assert len(radicale.asked("PUT")) == 2, "the first was turned down: it went by what had been read"
    assert titles(radicale, name)[UIDS[2]] == "HOLD - no circle A dose today, call clinic"


def store(radicale: Radicale, name: str, uid: str, content: bytes | None) -> None:
    """Change a file of the server behind its back: it is single-handed, and busy with us."""
    path = radicale.folder / "collection-root" / ACCOUNT / name / f"{uid.partition('@')[0]}.ics"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)


def test_the_same_uid_under_another_name_is_replaced_there(radicale: Radicale, calendar: str, name: str) -> None:
    with radicale.client() as client:
        assert (
            client.put(f"{calendar}a b+(1).ics", entry(0, "Old").decode(), {"Content-Type": "text/calendar"}).status
            == 201
        )
    assert publish(calendar, wanted()) == Brought(4, 0)
    assert titles(radicale, name)[UIDS[0]] == "Home dose, circle A (rings)"
    assert publish(calendar, wanted()) == Brought(0, 0)


# ---------------------------------------------------------------------------- servers that fail


@pytest.mark.parametrize("after", range(1, 8))
def test_a_line_that_breaks_loses_nothing_and_running_again_goes_on(
    radicale: Radicale, calendar: str, name: str, after: int
) -> None:
    """It breaks after so many requests; the next run puts what is missing, and no more."""
    radicale.drop_after = after
    with pytest.raises(ServerAway, match="Run it again: what arrived stays"):
        publish(calendar, wanted({**DOSES, UIDS[4]: entry(4), UIDS[5]: held(5)}))
    arrived = len(radicale.files(name))
    radicale.forget()
    done = publish(calendar, wanted({**DOSES, UIDS[4]: entry(4), UIDS[5]: held(5)}))
    assert done == Brought(6 - arrived, 0)
    assert len(titles(radicale, name)) == 6
    assert titles(radicale, name)[UIDS[5]].startswith("HOLD")


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("403 Forbidden", "does not let this account write there"),
        ("507 Insufficient Storage", "has no room left"),
        ("413 Too Large", "finds an entry too large"),
        ("423 Locked", "has locked this calendar"),
        ("429 Slow down", "is too busy"),
        ("503 Away", "answered with the status 503"),
        ("302 Found", "sends on to another address"),
        ("200 OK", "keeps 4 entries otherwise than they were sent"),
    ],
)
def test_what_is_refused_while_writing_is_one_sentence(
    radicale: Radicale, calendar: str, name: str, status: str, sentence: str
) -> None:
    radicale.before = lambda method, _path: status if method == "PUT" else None
    with pytest.raises(NotReached, match=sentence) as refused:
        publish(calendar, wanted())
    assert "\n" not in str(refused.value)
    assert name not in str(refused.value), "the calendar is the patient's"
    radicale.forget()
    assert publish(calendar, wanted()) == Brought(4, 0)


def test_a_wrong_password_and_a_wrong_address(radicale: Radicale, calendar: str) -> None:
    with pytest.raises(ServerAway, match="does not accept this account or password"):
        publish(calendar, wanted(), "wrong")
    with pytest.raises(NotReached, match="has no calendar at this address"):
        publish(f"{calendar}deeper/", wanted())
    with pytest.raises(NotReached, match="does not let this account write there"):
        publish(f"{radicale.root}/other/", wanted())
    with rude_server([]) as gone:
        pass
    with pytest.raises(ServerAway, match="cannot be reached, or broke off"):
        publish(gone, wanted())


@pytest.mark.parametrize("rudeness", RUDE)
def test_a_rude_server_is_one_sentence(rudeness: str) -> None:
    with rude_server(RUDE[rudeness]) as url, pytest.raises(NotReached) as refused:
        publish(url, wanted())
    said = str(refused.value)
    assert said.startswith("127.0.0.1:")
    assert "\n" not in said
    assert "p7" not in said


@pytest.mark.parametrize("rude", ["silent", "dripping"])
def test_a_server_does_not_keep_a_ward_waiting(monkeypatch: pytest.MonkeyPatch, rude: str) -> None:
    monkeypatch.setattr(caldav_server, "SILENCE", 1)
    monkeypatch.setattr(caldav_server, "PATIENCE", 0.2)
    head = [b"HTTP/1.1 207 OK\r\nContent-Type: text/xml\r\n\r\n<a>"] if rude == "dripping" else []
    with rude_server(head, silent=True, dripping=rude == "dripping") as url, pytest.raises(ServerAway, match="in time"):
        publish(url, wanted())


def test_a_server_that_takes_too_long_over_everything_is_left(
    monkeypatch: pytest.MonkeyPatch, radicale: Radicale, calendar: str
) -> None:
    monkeypatch.setattr(caldav_server, "LONGEST", -1)
    with pytest.raises(ServerAway, match="is too slow"):
        publish(calendar, wanted())
    assert radicale.heard == []


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caldav_server, "MOST_BYTES", 10_000)
    head = [b"HTTP/1.1 207 OK\r\nContent-Type: text/xml\r\n\r\n<a>", b"x" * 50_000]
    with rude_server(head, silent=True) as url, pytest.raises(NotReached):
        publish(url, wanted())


def test_a_password_is_never_sent_to_somebody_who_did_not_ask() -> None:
    with rude_server(RUDE["ill"]) as url, CalendarOnServer(url, ACCOUNT, PASSWORD) as server:
        sent = []
        server._client.session.hooks["response"].insert(
            0, lambda answer, **_: sent.append(dict(answer.request.headers))
        )
        with pytest.raises(ServerAway):
            server.read()
    assert [headers for headers in sent if "Authorization" in headers] == []
