"""`c1d1 publish` into a folder that a web server offers: the address stays, the file is whole, cuts are healed."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.clinic.desk import Desk
from scheduler.issuing import feed
from scheduler.problems import Refused
from scheduler.store.places import PlaceBook
from tests.on_the_line import Ward, enrol_a
from tests.publish_ward import choose, desk_of, feed_file, issued, patient, place, revisions, shown

WHOLE = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def fed(ward: Ward, web: Path) -> Ward:
    """A1 has a feed, published once."""
    patient(ward, "A1", "feed")
    ward.says("publish", "A1", "--folder", str(web))
    return ward


# ---------------------------------------------------------------------------- what the patient gets


def test_the_address_is_unguessable_and_stays(fed: Ward, web: Path) -> None:
    file = feed_file(fed, "A1")
    assert file.parent.parent == web
    assert len(file.parent.name) >= 32, "24 bytes"
    assert "A1" not in str(file.relative_to(web))
    said = fed.says("publish", "A1")
    assert f"The address, after that of your web server: {file.parent.name}/home-schedule.ics" in said
    fed.records("toxicity A1 Fever 3 --on 2026-01-12")
    fed.says("publish", "A1")
    assert feed_file(fed, "A1") == file


def test_a_web_server_may_read_the_file_and_list_nothing(fed: Ward) -> None:
    file = feed_file(fed, "A1")
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o711
    assert [path.name for path in file.parent.iterdir()] == ["home-schedule.ics"]


def test_a_hold_reaches_the_feed_and_nothing_held_rings(fed: Ward) -> None:
    before = shown(feed_file(fed, "A1").read_bytes())
    assert before["2026-01-14"] == "Home dose, square B (rings)"
    fed.records("toxicity A1 Fever 3 --on 2026-01-12")
    assert "issue 2, is published" in fed.says("publish", "A1")
    after = shown(feed_file(fed, "A1").read_bytes())
    assert after.keys() == before.keys(), "no day to come disappears"
    assert all(title.startswith("HOLD - no ") and "rings" not in title for title in after.values())
    assert issued(fed, "A1") == [("home", 1, "feed"), ("home", 2, "feed")]


def test_after_resuming_the_reduced_dose_is_due(fed: Ward) -> None:
    fed.records("toxicity A1 Fever 3 --on 2026-01-12 --due-to aldesleukin=probable")
    fed.says("publish", "A1")
    fed.on("2026-01-13").records("toxicity A1 Fever 0 --on 2026-01-13")
    fed.records("lift A1", "--role", "investigator")
    fed.says("publish", "A1")
    days = shown(feed_file(fed, "A1").read_bytes())
    assert {title for day, title in days.items() if day > "2026-01-13"} <= {
        "CHANGED home dose, circle A, read details (rings)",
        "CHANGED home dose, square B, read details (rings)",
    }


def test_nothing_new_is_not_written_and_not_recorded(fed: Ward) -> None:
    file = feed_file(fed, "A1")
    there = (file.stat().st_ino, file.stat().st_mtime_ns)
    assert "issue 1, stood there already" in fed.on("2026-01-13").says("publish", "A1")
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == there
    assert issued(fed, "A1") == [("home", 1, "feed")]


def test_a_file_that_somebody_spoilt_is_mended_without_a_new_issue(fed: Ward) -> None:
    file = feed_file(fed, "A1")
    content = file.read_bytes()
    for spoilt in (b"", content[:300], None):
        file.unlink() if spoilt is None else file.write_bytes(spoilt)
        assert "1 calendar published" in fed.says("publish", "--all")
        assert file.read_bytes() == content
    assert issued(fed, "A1") == [("home", 1, "feed")]


def test_visits_have_an_address_of_their_own(fed: Ward, web: Path) -> None:
    assert "clinic-visits.ics" in fed.says("publish", "A1", "--for", "visits", "--folder", str(web))
    home, visits = feed_file(fed, "A1"), feed_file(fed, "A1", "visits")
    assert home.parent != visits.parent
    assert issued(fed, "A1") == [("home", 1, "feed"), ("visits", 1, "feed")]


def test_no_address_stands_in_the_record(fed: Ward) -> None:
    secret = place(fed, "A1").secret
    with desk_of(fed) as desk:
        assert secret not in repr(desk.log.entries("A1"))
    assert secret not in fed.says("patient", "show", "A1")


# ---------------------------------------------------------------------------- a lost phone


def test_a_withdrawn_address_is_gone_and_the_new_one_shows_the_same(fed: Ward) -> None:
    old = feed_file(fed, "A1")
    content = old.read_bytes()
    assert "The old address is gone" in fed.says("publish", "A1", "--revoke")
    new = feed_file(fed, "A1")
    assert new.parent.name != old.parent.name
    assert not old.parent.exists()
    assert new.read_bytes() == content
    assert issued(fed, "A1") == [("home", 1, "feed")]


@pytest.mark.parametrize("broken", ["write", "remove"])
def test_a_withdrawal_that_is_cut_off_is_finished_by_the_next_run(
    fed: Ward, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    old = feed_file(fed, "A1")
    with monkeypatch.context() as patch:
        patch.setattr(feed, broken, cut)
        assert "power cut" in str(fed.refuses("publish A1 --revoke"))
    assert "1 calendar published" in fed.says("publish", "--all")
    assert not old.parent.exists()
    assert feed_file(fed, "A1").exists()
    assert place(fed, "A1").former == ""


def test_another_folder_leaves_nothing_in_the_old_one(fed: Ward, tmp_path: Path) -> None:
    old, other = feed_file(fed, "A1"), tmp_path / "other"
    other.mkdir(mode=0o711)
    said = fed.run("publish", "A1", "--folder", str(other))
    assert said.exit_code == 0
    assert said.stderr == "The calendar at the old place is not kept up any more: have A1 take it off the phone.\n"
    assert not old.parent.exists()
    assert feed_file(fed, "A1").parent.parent == other


# ---------------------------------------------------------------------------- cut off in the middle


def cut(*_: object, **__: object) -> None:
    raise Refused("power cut")


def first_time_cut(
    patch: pytest.MonkeyPatch, owner: type, name: str, after: Callable[..., object] | None = None
) -> None:
    """The next call of a method does nothing and fails, or does its work and then fails."""

    def fails(*args: object, **more: object) -> None:
        patch.undo()
        if after is not None:
            after(*args, **more)
        cut()

    patch.setattr(owner, name, fails)


def test_a_cut_between_writing_and_recording_is_healed_with_the_same_bytes(ward: Ward, web: Path) -> None:
    patient(ward, "A1", "feed")
    with pytest.MonkeyPatch.context() as patch:
        first_time_cut(patch, Desk, "store")
        ward.refuses("publish", "A1", "--folder", str(web))
    written = feed_file(ward, "A1").read_bytes()
    assert issued(ward, "A1") == []
    ward.on("2026-01-13").says("publish", "--all")
    assert feed_file(ward, "A1").read_bytes() == written
    assert issued(ward, "A1") == [("home", 1, "feed")]
    assert "Nothing to publish" in ward.says("publish", "--all")


def test_what_may_have_been_seen_is_recorded_before_something_newer_takes_its_place(ward: Ward, web: Path) -> None:
    """Written, not recorded; then a hold: the hold has to count as a revision of what the phone may have."""
    patient(ward, "A1", "feed")
    with pytest.MonkeyPatch.context() as patch:
        first_time_cut(patch, Desk, "store")
        ward.refuses("publish", "A1", "--folder", str(web))
    seen = revisions(feed_file(ward, "A1").read_bytes())
    ward.records("toxicity A1 Fever 3 --on 2026-01-12")
    ward.says("publish", "A1")
    now = revisions(feed_file(ward, "A1").read_bytes())
    assert now.keys() == seen.keys()
    assert all(now[uid] > seen[uid] and now[uid][0] == 1 for uid in seen)
    assert issued(ward, "A1") == [("home", 1, "feed"), ("home", 2, "feed")]


def test_a_cut_after_recording_records_nothing_twice(ward: Ward, web: Path) -> None:
    patient(ward, "A1", "feed")
    store = Desk.store
    with pytest.MonkeyPatch.context() as patch:
        first_time_cut(patch, Desk, "store", store)
        ward.refuses("publish", "A1", "--folder", str(web))
    content = feed_file(ward, "A1").read_bytes()
    ward.on("2026-01-14").says("publish", "--all")
    assert issued(ward, "A1") == [("home", 1, "feed")]
    assert feed_file(ward, "A1").read_bytes() == content
    assert place(ward, "A1").begun == ""


@pytest.mark.parametrize("nth", range(1, 4))
def test_wherever_the_note_beside_the_record_is_cut_off_running_again_is_right(ward: Ward, web: Path, nth: int) -> None:
    patient(ward, "A1", "feed")
    put, calls = PlaceBook.put, []

    def fails(book: PlaceBook, it: object) -> None:
        calls.append(it)
        if len(calls) == nth:
            cut()
        put(book, it)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PlaceBook, "put", fails)
        ward.refuses("publish", "A1", "--folder", str(web))
    ward.says("publish", "A1", "--folder", str(web))
    assert issued(ward, "A1") == [("home", 1, "feed")]
    assert [path.parent for path in web.rglob("*.ics")] == [feed_file(ward, "A1").parent]


def test_who_records_meanwhile_is_not_overwritten_by_something_older(
    ward: Ward, web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the file is being written a hold comes in: the file that stands there in the end knows it."""
    patient(ward, "A1", "feed")
    write = feed.write

    def slowly(*args: object) -> bool:
        monkeypatch.setattr(feed, "write", write)
        done = write(*args)
        ward.records("toxicity A1 Fever 3 --on 2026-01-12")
        return done

    monkeypatch.setattr(feed, "write", slowly)
    ward.says("publish", "A1", "--folder", str(web))
    assert all(title.startswith("HOLD") for title in shown(feed_file(ward, "A1").read_bytes()).values())
    assert issued(ward, "A1") == [("home", 1, "feed"), ("home", 2, "feed")]


def test_so_it_is_where_nothing_new_was_to_be_recorded(fed: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spoilt file is being mended, and a hold comes in: the mended file must not be the one before the hold."""
    feed_file(fed, "A1").unlink()
    write = feed.write

    def slowly(*args: object) -> bool:
        monkeypatch.setattr(feed, "write", write)
        done = write(*args)
        fed.records("toxicity A1 Fever 3 --on 2026-01-12")
        return done

    monkeypatch.setattr(feed, "write", slowly)
    fed.says("publish", "A1")
    assert all(title.startswith("HOLD") for title in shown(feed_file(fed, "A1").read_bytes()).values())


# ---------------------------------------------------------------------------- the file is whole at every moment

FAULTY = {
    "nothing": b"",
    "no event": b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
    "cut in an event": WHOLE[:50],
    "cut after the events": WHOLE[:-15],
    "without its end of line": WHOLE[:-2],
    "a page": b"<!DOCTYPE html>\r\n<p>Log in",
    "one event not closed": WHOLE.replace(b"END:VEVENT\r\n", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", 1),
}


@pytest.mark.parametrize("what", FAULTY)
def test_a_faulty_file_never_takes_the_place_of_a_good_one(web: Path, what: str) -> None:
    assert feed.write(web, "s" * 32, "home-schedule.ics", WHOLE)
    with pytest.raises(Refused, match="What stood there stays"):
        feed.write(web, "s" * 32, "home-schedule.ics", FAULTY[what])
    assert (web / ("s" * 32) / "home-schedule.ics").read_bytes() == WHOLE


@pytest.mark.parametrize("broken", ["fsync", "chmod"])
def test_a_full_disk_leaves_what_stood_there_and_nothing_beside(
    web: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    feed.write(web, "s" * 32, "home-schedule.ics", WHOLE)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, broken, full)
        with pytest.raises(Refused, match="no space left on device"):
            feed.write(web, "s" * 32, "home-schedule.ics", WHOLE.replace(b"UID:a", b"UID:b"))
    assert [path.read_bytes() for path in (web / ("s" * 32)).iterdir()] == [WHOLE]


def test_what_a_killed_run_left_is_swept_away_in_time(web: Path) -> None:
    feed.write(web, "s" * 32, "home-schedule.ics", WHOLE)
    old, new = (web / ("s" * 32) / f".home-schedule.ics-{age}.part" for age in ("old", "new"))
    for part in (old, new):
        part.touch()
    os.utime(old, (0, 0))
    feed.write(web, "s" * 32, "home-schedule.ics", WHOLE)
    assert (old.exists(), new.exists()) == (False, True), "another run may be writing the new one"


def test_folders_that_will_not_do(ward: Ward, web: Path, tmp_path: Path) -> None:
    patient(ward, "A1", "feed")
    assert "There is no folder" in ward.refuses("publish", "A1", "--folder", str(tmp_path / "none"))
    assert "There is no folder" in ward.refuses("publish", "A1", "--folder", str(tmp_path / "home" / "record.db"))
    assert "hidden character" in ward.refuses("publish", "A1", "--folder", f"{web}\u202e")
    web.chmod(0o777)
    assert "Anybody on this computer can write" in ward.refuses("publish", "A1", "--folder", str(web))
    web.chmod(0o755)
    said = ward.run("publish", "A1", "--folder", str(web))
    assert said.exit_code == 0
    assert "can list" in said.stderr
    (inner,) = web.iterdir()
    inner.rename(tmp_path / "elsewhere")
    inner.symlink_to(tmp_path / "elsewhere")
    assert "is a link" in ward.refuses("publish A1")


# ---------------------------------------------------------------------------- routes


def test_a_place_has_to_be_by_the_route_that_was_chosen(ward: Ward, web: Path) -> None:
    enrol_a(ward)
    assert "A1 has no route yet. Record the choice first: c1d1 record route A1 feed." in ward.refuses(
        "publish", "A1", "--folder", str(web)
    )
    choose(ward, "A1", "paper")
    assert "A1 has the route paper" in ward.refuses("publish", "A1", "--folder", str(web))
    assert "A1 has paper alone" in ward.refuses("publish A1")
    choose(ward, "A1", "caldav")
    assert "no place yet. Say it once: c1d1 publish A1 --caldav URL --user NAME" in ward.refuses("publish A1")
    assert "has the route caldav" in ward.refuses("publish", "A1", "--import", str(web))
    choose(ward, "A1", "feed")
    assert "issue 1, is published" in ward.says("publish", "A1", "--folder", str(web))
    assert "There is no patient A2" in ward.refuses("publish A2")


def test_only_a_feed_is_withdrawn(ward: Ward, tmp_path: Path) -> None:
    patient(ward, "A1", "import")
    ward.says("publish", "A1", "--import", str(tmp_path))
    assert "Only a feed has an address" in ward.refuses("publish A1 --revoke")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "A1 --all",
        "--all --revoke",
        "--all --folder x",
        "A1 --revoke --folder x",
        "A1 --folder x --caldav y",
        "A1 --user me",
        "A1 --for clinic",
    ],
)
def test_wrong_usage_is_said_with_status_2(ward: Ward, words: str) -> None:
    assert ward.run("publish", *words.split()).exit_code == 2
