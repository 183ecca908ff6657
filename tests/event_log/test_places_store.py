"""Where calendars go: personal data beside the events, one address for one patient, on both databases."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from ward import ADDRESS, as_owner, enrol, opened

from scheduler.problems import Refused
from scheduler.store import postgresql, revisions
from scheduler.store.backup import restore
from scheduler.store.event_log import EventLog
from scheduler.store.faults import Guarded
from scheduler.store.places import Place
from scheduler.store.plain_words import in_plain_words
from scheduler.store.values import Person

SERVER = Place("OSU-1", "home", "caldav", "https://cal.example/one/", "clinic", "/etc/password")
FEED = Place("OSU-1", "visits", "feed", "/srv/feeds", secret="a" * 43, former="b" * 43, written="c" * 64, begun="[]")


def test_a_place_is_kept_replaced_and_found(log: EventLog) -> None:
    enrol(log)
    assert log.places.find("OSU-1", "home") is None
    log.places.put(SERVER)
    log.places.put(FEED)
    assert log.places.of("OSU-1") == (SERVER, FEED)
    moved = replace(SERVER, place="https://cal.example/two/", written="d" * 64)
    log.places.put(moved)
    assert log.places.find("OSU-1", "home") == moved
    assert (log.places.of("OSU-2"), log.verify()) == ((), [])


def test_places_are_erased_with_the_person_and_the_log_stays_whole(log: EventLog) -> None:
    enrol(log)
    log.put_person(Person("OSU-1", "Ann Example"))
    log.places.put(FEED)
    log.put_person(Person("OSU-1", "Anne Example"))
    assert log.places.of("OSU-1") == (FEED,)
    entries = log.entries("OSU-1")
    log.erase_person("OSU-1")
    assert (log.places.of("OSU-1"), log.entries("OSU-1"), log.verify()) == ((), entries, [])


def test_a_secret_is_not_shown_by_accident() -> None:
    assert "aaaa" not in repr(FEED)
    assert "bbbb" not in str(FEED)


def test_one_calendar_on_a_server_is_never_given_to_two_patients(log: EventLog) -> None:
    enrol(log)
    enrol(log, "OSU-2")
    log.places.put(SERVER)
    log.places.put(FEED)
    for other in (
        replace(SERVER, subject="OSU-2"),
        replace(SERVER, purpose="visits"),
        replace(FEED, subject="OSU-2"),
        replace(FEED, subject="OSU-2", secret=FEED.former),
    ):
        with pytest.raises(Guarded, match=r"The database turned it down: (this calendar|a secret)"):
            log.places.put(other)
    with pytest.raises(Guarded, match="belongs to a patient of the record"):
        log.places.put(replace(SERVER, subject="OSU-3", place="https://cal.example/three/"))
    assert log.places.of("OSU-1") == (SERVER, FEED)


REFUSED = {
    "another patient": "UPDATE places SET subject = 'OSU-2' WHERE purpose = 'visits'",
    "another route": "UPDATE places SET route = 'fax'",
    "a short secret": "UPDATE places SET secret = 'abc' WHERE route = 'feed'",
    "a secret where none belongs": "UPDATE places SET secret = 'a-secret-of-many-characters' WHERE route = 'caldav'",
    "a stranger": "INSERT INTO places VALUES ('X', 'home', 'import', '/srv', '', '', '', '', '', '')",
}


@pytest.mark.promise("P18")
def test_the_database_turns_down_what_would_mix_patients_up(log: EventLog, address: ADDRESS) -> None:
    enrol(log)
    enrol(log, "OSU-2")
    log.places.put(SERVER)
    log.places.put(FEED)
    for what, statement in REFUSED.items():
        with pytest.raises(Guarded), in_plain_words(), as_owner(address) as connection:
            connection.exec_driver_sql(statement)
        assert log.places.of("OSU-1") == (SERVER, FEED), what


def test_a_guard_that_is_gone_is_missed(log: EventLog, address: ADDRESS) -> None:
    with as_owner(address) as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON places"
        connection.exec_driver_sql(f"DROP TRIGGER places_of_patients{on}")
    (finding,) = log.verify()
    assert finding.startswith("The guard places_of_patients was taken out of the database")


def test_a_hidden_character_in_an_address_is_refused(log: EventLog) -> None:
    enrol(log)
    for text in ("https://cal.example/\u202eeno/", "https://cal.example/\n", "x" * 1_001):
        with pytest.raises(Refused, match="hidden character"):
            log.places.put(replace(SERVER, place=text))


@pytest.mark.promise("P10")
def test_places_come_back_with_a_backup(log: EventLog, on_server: str, tmp_path: Path) -> None:
    enrol(log)
    log.places.put(SERVER)
    log.places.put(FEED)
    log.backup(tmp_path / "b.db")
    for target in (on_server, tmp_path / "restored.db"):
        restore(tmp_path / "b.db", target)
        with opened(target) as copy:
            assert (copy.places.of("OSU-1"), copy.verify()) == ((SERVER, FEED), [])


@pytest.mark.promise("P09")
def test_a_record_of_before_gets_its_places(address: ADDRESS, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with monkeypatch.context() as older:
        scripts = tmp_path / "migrations"
        shutil.copytree(Path(revisions.__file__).parent / "migrations", scripts)
        (scripts / "versions" / "r0003_places.py").unlink()
        older.setattr(revisions, "SCRIPTS", str(scripts))
        older.setattr(revisions, "HEAD", "0002")
        with opened(address) as log:
            enrol(log)
            entries = log.entries("OSU-1")
    monkeypatch.setattr(postgresql, "copies", lambda: tmp_path / "copies")
    with opened(address) as log:
        assert (log.entries("OSU-1"), log.verify()) == (entries, [])
        log.places.put(FEED)
        assert log.places.of("OSU-1") == (FEED,)
