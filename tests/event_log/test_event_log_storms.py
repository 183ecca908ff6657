"""Nothing recorded is lost or doubled: programs killed, disks full, servers gone, many writers at once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest
from ward import ADDRESS, as_owner, due_rows, enrol, opened, record, weight

from scheduler.record.recorded import Recorded
from scheduler.store import postgresql, sqlite
from scheduler.store.event_log import EventLog
from scheduler.store.faults import Away, Busy, Conflict, Full
from scheduler.store.plain_words import in_plain_words

_T = TypeVar("_T")
HERE = Path(__file__).parent


def writer(address: ADDRESS, subject: str, count: int) -> subprocess.Popen[str]:
    """Another program that records; it prints the id of each entry that was acknowledged."""
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    command = [sys.executable, str(HERE / "ward.py"), str(address), subject, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path})


def all_ids(log: EventLog) -> list[str]:
    return [entry.event_id for subject in log.subjects() for entry in log.entries(subject)]


def assert_sound(log: EventLog, acknowledged: set[str]) -> None:
    """Everything acknowledged is there, once, and chained; the worklist is what the entries say."""
    ids = all_ids(log)
    assert acknowledged <= set(ids)
    assert len(ids) == len(set(ids)) == log.position()
    assert log.verify() == []
    assert log.due_findings(due_rows) == ()


# ---------------------------------------------------------------- killed


@pytest.mark.promise("P01")
@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL")
@pytest.mark.parametrize("kills", [3, pytest.param(12, marks=pytest.mark.slow)])
def test_a_killed_program_loses_nothing_that_was_acknowledged(address: ADDRESS, kills: int) -> None:
    acknowledged: set[str] = set()
    chance = random.Random(kills)  # noqa: S311 - when to kill
    for number in range(kills):
        with writer(address, f"S{number}", 100_000) as program:
            assert program.stdout is not None
            first = program.stdout.readline().strip()
            time.sleep(chance.uniform(0, 0.25))
            program.send_signal(signal.SIGKILL)
            acknowledged |= {first, *(line.strip() for line in program.stdout if line.endswith("\n"))}
    assert len(acknowledged) > kills
    with opened(address) as log:
        assert_sound(log, acknowledged)


# ---------------------------------------------------------------- full


@pytest.mark.promise("P03")
def test_a_full_disk_is_told_and_nothing_is_lost(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = sqlite.SETTINGS
    opened(file).close()
    monkeypatch.setattr(sqlite, "SETTINGS", (*settings, "max_page_count=40"))
    stored = ["S/1", "S/2", "S/3"]
    with opened(file) as log:
        enrol(log, "S")
        with pytest.raises(Full, match=r"^The disk is full\. Nothing was stored; make room and record it again\.$"):
            fill(log, stored)
        assert len(stored) > 5
        assert all_ids(log) == stored
    monkeypatch.setattr(sqlite, "SETTINGS", settings)
    with opened(file) as log:
        assert record(log, "S", weight(70), len(stored)).number == len(stored) + 1
        assert_sound(log, set(stored))


def fill(log: EventLog, stored: list[str]) -> None:
    while True:
        stored.append(record(log, "S", weight(70), len(stored)).event_id)


# ---------------------------------------------------------------- gone


@pytest.mark.promise("P04")
@pytest.mark.parametrize("violence", ["pg_terminate_backend", "SIGKILL"])
def test_a_server_that_goes_away_loses_and_doubles_nothing(on_server: str, violence: str) -> None:
    """Each writer tries again, under the same event id, until it is answered."""
    end = time.monotonic() + 2.5
    tries: list[str] = []

    def write(subject: str) -> list[str]:
        with opened(on_server) as log:
            acknowledged = [entry.event_id for entry in insist(lambda: enrol(log, subject), tries)]
            while time.monotonic() < end:
                number = len(acknowledged)
                entry = insist(lambda n=number: record(log, subject, weight(50 + n % 50), n), tries)
                assert entry.number == number + 1
                acknowledged.append(entry.event_id)
        return acknowledged

    opened(on_server).close()
    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, f"S{number}") for number in range(3)]
        while time.monotonic() < end:
            time.sleep(0.1 if violence == "pg_terminate_backend" else 1)
            insist(lambda: strike(on_server, violence), tries)
        acknowledged = {event_id for writer in writing for event_id in writer.result()}
    assert tries
    with opened(on_server) as log:
        assert_sound(log, acknowledged)
        assert set(all_ids(log)) == acknowledged


def insist(do: Callable[[], _T], tries: list[str]) -> _T:
    while True:
        try:
            return do()
        except (Away, Busy) as fault:
            tries.append(str(fault))
            time.sleep(0.05)


def strike(address: str, violence: str) -> None:
    """Cut off every other connection; a SIGKILL makes the whole server start anew from its log."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with in_plain_words(), as_owner(address) as connection:
        if violence == "SIGKILL" and os.name != "nt":
            pids = connection.exec_driver_sql(f"SELECT pid {others}").scalars().all()
            for pid in pids[:1]:
                with suppress(ProcessLookupError):  # it has just ended by itself
                    os.kill(pid, signal.SIGKILL)
        else:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) {others}")


@pytest.mark.promise("P04")
def test_a_lost_connection_is_told_and_the_next_try_goes_through(on_server: str) -> None:
    with opened(on_server) as log:
        enrol(log)

        def cut_off(_entries: tuple[Recorded, ...]) -> list[object]:
            strike(on_server, "pg_terminate_backend")
            return []

        with pytest.raises(Away, match=r"cannot be reached.*try again; nothing is recorded twice"):
            record(log, "OSU-1", weight(71), 3, due=cut_off)
        assert record(log, "OSU-1", weight(71), 3).number == 4
        assert_sound(log, {"OSU-1/4"})


# ---------------------------------------------------------------- many at once


@pytest.mark.promise("P05")
def test_of_two_who_record_at_once_one_wins_and_the_other_sees_what_won(address: ADDRESS) -> None:
    rounds = 25
    barrier = threading.Barrier(2)

    def nurse(name: str) -> list[Recorded | Conflict]:
        with opened(address) as log:
            results: list[Recorded | Conflict] = []
            for number in range(3, 3 + rounds):
                barrier.wait(30)
                try:
                    results.append(record(log, "S", weight(70), number, f"{name}{number}", by=name))
                except Conflict as conflict:
                    results.append(conflict)
            return results

    with opened(address) as log:
        enrol(log, "S")
    with ThreadPoolExecutor(2) as pool:
        ann, ben = pool.map(nurse, ["Ann", "Ben"])
    for one, other in zip(ann, ben, strict=True):
        won, lost = (one, other) if isinstance(one, Recorded) else (other, one)
        assert isinstance(won, Recorded)
        assert isinstance(lost, Conflict)
        assert lost.since == (won,)
        assert won.recorded_by in str(lost)
    with opened(address) as log:
        assert len(log.entries("S")) == 3 + rounds
        assert log.verify() == []


@pytest.mark.promise("P06")
@pytest.mark.promise("P07")
def test_four_programs_write_a_fifth_reads_on_and_none_is_kept_out_or_missed(address: ADDRESS) -> None:
    seen: list[tuple[int, str]] = []
    with opened(address) as log:
        programs = [writer(address, f"S{number}", 100) for number in range(4)]
        while any(program.poll() is None for program in programs):
            seen += log.changed_since(seen[-1][0] if seen else 0, limit=7)
            time.sleep(0.002)
        acknowledged: set[str] = set()
        for program in programs:
            written, _ = program.communicate()
            assert program.returncode == 0
            acknowledged |= set(written.split())
        while more := log.changed_since(seen[-1][0]):
            seen += more
        assert len(acknowledged) == 400
        assert [position for position, _ in seen] == list(range(1, 413))
        assert_sound(log, acknowledged)


def test_programs_that_start_at_once_make_one_record(address: ADDRESS) -> None:
    programs = [writer(address, f"S{number}", 5) for number in range(3)]
    written = [program.communicate()[0].split() for program in programs]
    assert [program.returncode for program in programs] == [0, 0, 0]
    with opened(address) as log:
        assert_sound(log, {event_id for ids in written for event_id in ids})


@pytest.mark.promise("P10")
def test_a_backup_made_while_others_record_is_whole(address: ADDRESS, tmp_path: Path) -> None:
    with opened(address) as log, writer(address, "S", 100_000) as program:
        assert program.stdout is not None
        for number in range(3):
            acknowledged = program.stdout.readline().strip()
            log.backup(tmp_path / f"{number}.db")
            with opened(tmp_path / f"{number}.db") as copy:
                assert_sound(copy, {acknowledged})
        program.kill()


# ---------------------------------------------------------------- stalled


@pytest.mark.promise("P13")
def test_a_program_that_stalls_is_cut_off_and_the_ward_goes_on(on_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "STALLED_MS", 500)
    with opened(on_server) as log, opened(on_server) as stalled:
        enrol(log)
        start = time.monotonic()
        with pytest.raises(Away), stalled._database.writing():
            record(log, "OSU-1", weight(71), 3)
        assert time.monotonic() - start < 5
        assert len(log.entries("OSU-1")) == 4


@pytest.mark.promise("P13")
def test_who_waits_too_long_is_told_so(address: ADDRESS, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "SETTINGS", (*sqlite.SETTINGS, "busy_timeout=200"))
    monkeypatch.setattr(postgresql, "WAIT_MS", 200)
    with opened(address) as log, opened(address) as other:
        enrol(log)
        with other._database.writing(), pytest.raises(Busy, match="Nothing was stored; try again"):
            record(log, "OSU-1", weight(71), 3)
        assert len(log.entries("OSU-1")) == 3
        assert record(log, "OSU-1", weight(71), 3).number == 4
