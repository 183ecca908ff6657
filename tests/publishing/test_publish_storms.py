"""Publishing in bad weather: lines that break anywhere, phones that meddle, two desks at once. It comes right."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.issuing import calendars, feed
from scheduler.issuing.caldav_objects import Wanted, bring, essence
from scheduler.issuing.caldav_server import NotReached, OnServer
from scheduler.record.events import PatientEnrolled
from scheduler.store.values import Person
from tests.on_the_line import Ward, enrol_a
from tests.publish_sample import TODAY, UIDS, entry, held
from tests.publish_ward import BERG, choose, desk_of, feed_file, issued, patient, place, shown

Meddling = Callable[["Server"], None]


class Server:
    """A calendar in memory, with ETags; before each request somebody may meddle, or the line may break."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[int, str]] = {}
        self.clock = 0
        self.weather: Iterator[Meddling] = iter(())

    def keep(self, href: str, text: str) -> None:
        self.clock += 1
        self.objects[href] = (self.clock, text)

    def read(self) -> list[OnServer]:
        next(self.weather, calm)(self)
        return [OnServer(href, str(etag), text) for href, (etag, text) in self.objects.items()]

    def put(self, href: str, content: bytes, seen: OnServer | None) -> bool:
        next(self.weather, calm)(self)
        if not self._still(href, seen):
            return False
        self.keep(href, content.decode())
        after = next(self.weather, calm)
        after(self)
        return True

    def delete(self, seen: OnServer) -> bool:
        next(self.weather, calm)(self)
        if not self._still(seen.href, seen):
            return False
        del self.objects[seen.href]
        return True

    def name_for(self, uid: str) -> str:
        return f"/{uid}"

    def _still(self, href: str, seen: OnServer | None) -> bool:
        etag = str(self.objects[href][0]) if href in self.objects else None
        return etag == (seen.etag if seen else None)


def calm(server: Server) -> None:
    del server


def breaks(server: Server) -> None:
    del server
    raise NotReached("The line broke.")


def meddles(n: int, *, deletes: bool) -> Meddling:
    """A phone changes an entry, or takes it out."""

    def meddle(server: Server) -> None:
        href = f"/{UIDS[n]}"
        if deletes:
            server.objects.pop(href, None)
        else:
            server.keep(href, entry(n, "Mine now").decode())

    return meddle


WEATHER = st.one_of(
    st.just(calm), st.just(calm), st.just(breaks), st.builds(meddles, st.integers(0, 5), deletes=st.booleans())
)
STATES = st.lists(st.sampled_from([None, entry, held]), min_size=6, max_size=6)


@settings(max_examples=60)
@given(st.lists(st.tuples(STATES, st.lists(WEATHER, max_size=30)), min_size=1, max_size=4), STATES)
def test_after_any_weather_one_calm_run_is_right_and_the_next_does_nothing(storms, last) -> None:
    """Days to come stay; what is wanted stands there to the word; the phone's meddling is undone."""
    server = Server()
    handed = {uid: TODAY + timedelta(days=n) for n, uid in enumerate(UIDS)}
    for states, weather in [*storms, (last, [])]:
        server.weather = iter(weather)
        wanted = {UIDS[n]: made(n) for n, made in enumerate(states) if made is not None}
        with suppress(NotReached):
            bring(server, Wanted(wanted, handed, TODAY))
    for uid, content in wanted.items():
        assert essence(content.decode()).stands_in(essence(server.objects[f"/{uid}"][1]))
    before = dict(server.objects)
    assert bring(server, Wanted(wanted, handed, TODAY)) == (0, 0)
    assert server.objects == before
    bring(server, Wanted({}, handed, TODAY + timedelta(days=3)))
    assert {uid for uid in UIDS[:3] if f"/{uid}" in server.objects} == set(), "past days go"
    assert all((f"/{uid}" in server.objects) == (f"/{uid}" in before) for uid in UIDS[3:]), "days to come stay"


# ---------------------------------------------------------------------------- two desks, odd records


@pytest.mark.slow
def test_two_runs_at_once_record_every_issue_once(ward: Ward, web: Path) -> None:
    """Real programs, real time: whoever is slower sees that it is done."""
    today, subjects = datetime.now(UTC).date(), [f"A{n}" for n in range(4)]
    ward.on(str(today))
    for subject in subjects:
        measures = ("--start", str(today - timedelta(days=7)), "--height", "165", "--weight", "70")
        ward.says("patient", "enrol", subject, "--protocol", "trastuzumab-il2", *measures)
        choose(ward, subject, "feed")
        ward.says("publish", subject, "--folder", str(web))
        ward.records(f"toxicity {subject} Fever 3")
    command = [sys.executable, "-m", "scheduler.cli", "publish", "--all"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [run.communicate(timeout=300) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    for subject in subjects:
        numbers = [number for _, number, _ in issued(ward, subject)]
        assert numbers == sorted(set(numbers)), said
        assert {title[:4] for title in shown(feed_file(ward, subject).read_bytes()).values()} == {"HOLD"}


def test_a_zone_that_is_none_stops_that_patient_only(ward: Ward, web: Path) -> None:
    """A record from elsewhere names a zone that this computer does not know: no calendar, and a reason."""
    patient(ward, "A2", "feed")
    ward.says("publish", "A2", "--folder", str(web))
    enrol_a(ward, "A1")
    with desk_of(ward) as desk:
        enrolled, *rest = (e.event for e in desk.log.entries("A1"))
        assert isinstance(enrolled, PatientEnrolled)
        odd = PatientEnrolled(
            **{f: getattr(enrolled, f) for f in enrolled.__slots__} | {"zone": "Mars/Base", "subject": "B1"}
        )
        events = [(f"B1/{n}", event) for n, event in enumerate([odd, *rest])]
        desk.log.append_all("B1", events, by="K. Berg", role="nurse", reason="", expected=0)
    choose(ward, "B1", "feed")
    said = ward.refuses("publish", "B1", "--folder", str(web))
    assert "Mars/Base" in said
    done = ward.run("publish", "--all")
    assert (done.exit_code, done.stderr.startswith("NOT REACHED B1: ")) == (1, True)
    assert "\n" not in done.stderr.strip()


NAMES = ["Ada \N{ROCKET} Example", "Ex" * 90, "O'Brien; DROP TABLE", "Ada BEGIN:VEVENT", "\u05d0\u05d3\u05d4"]


@pytest.mark.parametrize("name", NAMES)
def test_a_persons_name_never_leaves_the_house(ward: Ward, web: Path, name: str) -> None:
    patient(ward, "A1", "feed")
    with desk_of(ward) as desk:
        desk.log.put_person(Person("A1", name, phone="+1 614 555 0100"))
    ward.says("publish", "A1", "--folder", str(web))
    (file,) = web.rglob("*.ics")
    text = file.read_text(encoding="utf-8").replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == len(shown(text)) > 0
    assert all(word not in text for word in (name.replace(";", "\\;"), "614 555", "A1", "aldesleukin"))


def test_who_may_not_hand_out_calendars_cannot_publish(ward: Ward, web: Path, tmp_path: Path) -> None:
    patient(ward, "A1", "feed")
    pins = {}
    for who, role in {"A. Admin": "admin", "P. Harmacist": "pharmacist", "N. Urse": "nurse"}.items():
        pins[who] = tmp_path / role
        pins[who].touch(mode=0o600)
        pins[who].write_text(f"{role}-4711\n")
    ward._patch.setenv("C1D1_PIN_FILE", str(pins["A. Admin"]))
    ward.says("user", "add", "A. Admin", "--role", "admin")
    for who in ("P. Harmacist", "N. Urse"):
        ward._patch.setenv("C1D1_NEW_PIN_FILE", str(pins[who]))
        ward.says("user", "add", who, "--role", pins[who].name, "--by", "A. Admin")
    publish = ("publish", "A1", "--folder", str(web), "--by")
    ward._patch.setenv("C1D1_PIN_FILE", str(pins["P. Harmacist"]))
    assert "P. Harmacist is a pharmacist, and may not hand out" in ward.refuses(*publish, "P. Harmacist")
    assert list(web.iterdir()) == []
    ward._patch.setenv("C1D1_PIN_FILE", str(pins["N. Urse"]))
    assert "issue 1, is published" in ward.says(*publish, "N. Urse")
    assert "Nothing to publish" in ward.says("publish", "--all", "--by", "N. Urse")


def test_an_erased_person_has_no_place_and_nobody_is_told_wrong(ward: Ward, web: Path) -> None:
    patient(ward, "A1", "feed")
    ward.says("publish", "A1", "--folder", str(web))
    assert place(ward, "A1").secret
    with desk_of(ward) as desk:
        desk.log.erase_person("A1")
        assert calendars.last_issue(desk, desk.chart("A1"), "home") is not None
    assert "no place yet" in ward.refuses("publish A1")


@pytest.mark.parametrize("news", [False, True], ids=["the same facts", "a hold in between"])
def test_another_desk_that_was_faster_makes_no_second_issue_of_the_same_facts(
    ward: Ward, web: Path, monkeypatch: pytest.MonkeyPatch, *, news: bool
) -> None:
    """While one desk writes, another one issues the same number; the slower one finds it and says nothing twice."""
    patient(ward, "A1", "feed")
    write = feed.write

    def slowly(*args: object) -> bool:
        monkeypatch.setattr(feed, "write", write)
        done = write(*args)
        if news:
            ward.records("toxicity A1 Fever 3 --on 2026-01-12")
        with desk_of(ward) as desk:
            chart = desk.chart("A1")
            desk.store(calendars.draft(chart, calendars.issue(desk, chart, "home")), BERG)
        return done

    monkeypatch.setattr(feed, "write", slowly)
    ward.says("publish", "A1", "--folder", str(web))
    assert [number for _, number, _ in issued(ward, "A1")] == ([1, 2, 3] if news else [1])
    titles = set(shown(feed_file(ward, "A1").read_bytes()).values())
    assert {title[:4] for title in titles} == ({"HOLD"} if news else {"Home"})
    assert "Nothing to publish" in ward.says("publish", "--all")
