"""Files and servers: what is opened, what is turned away, who may read it, and what is loaded for it."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from ward import ADDRESS, as_owner, enrol, opened, record, weight

from scheduler.problems import Refused
from scheduler.store import files, sqlite
from scheduler.store.faults import Away, Newer, NotOurs
from scheduler.store.values import Person

HERE = Path(__file__).parent
PATH = os.pathsep.join([str(HERE), str(HERE.parents[1])])


# ---------------------------------------------------------------- whose it is


@pytest.mark.promise("P09")
@pytest.mark.parametrize("content", [b"hello", b"", b"SQLite format 3\0 and nothing more"])
def test_a_strangers_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(content)
    if not content:  # an empty file belongs to nobody
        opened(path).close()
        return
    path.chmod(0o644)
    with pytest.raises(NotOurs, match="not a record of c1d1"):
        opened(path)
    assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.promise("P09")
def test_a_strangers_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA journal_mode=WAL; CREATE TABLE notes (a); INSERT INTO notes VALUES (1)")
    before = path.read_bytes()
    with pytest.raises(NotOurs, match="not a record of c1d1"):
        opened(path)
    assert path.read_bytes() == before


@pytest.mark.promise("P09")
def test_a_strangers_tables_on_a_server_are_refused(on_server: str) -> None:
    with as_owner(on_server) as connection:
        connection.exec_driver_sql("CREATE TABLE events (a int)")
    with pytest.raises(NotOurs, match="holds the tables of another program"):
        opened(on_server)


@pytest.mark.promise("P09")
def test_a_newer_record_is_refused(address: ADDRESS) -> None:
    opened(address).close()
    with as_owner(address) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA user_version = 99")
        else:
            connection.exec_driver_sql("UPDATE c1d1_version SET version_num = '0099'")
    with pytest.raises(Newer, match="made by a newer version of c1d1"):
        opened(address)


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("mysql://host/name", "at an address like postgresql"),
        ("://", "not the address of a database"),
        ("postgresql://" + "u:secret" + "@host:port/x", "not the address of a database"),
        ("postgresql+psycopg://" + "u:secret" + "@nowhere.invalid:1/x", "cannot be reached"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_one_sentence(where: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        opened(where)
    assert re.search(words, str(refused.value))
    assert "secret" not in str(refused.value)


def test_a_database_that_is_missing_on_the_server_is_told(on_server: str) -> None:
    with pytest.raises(Away, match="no database of this name"):
        opened(re.sub(r"/log\d+", "/nowhere", on_server))


def test_a_file_can_be_named_in_several_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.db", Path("b 100%?.db"), "sqlite:///c.db", f"sqlite+pysqlite:///{tmp_path}/d#.db"):
        with opened(name) as log:
            enrol(log)
    assert {path.name for path in tmp_path.glob("*.db")} == {"a.db", "b 100%?.db", "c.db", "d#.db"}
    with pytest.raises(Refused, match="is a folder"):
        opened(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="cannot be made"):
        opened(tmp_path / "file" / "record.db")


@pytest.mark.parametrize(("mounted", "warned"), [("nfs4", 1), ("ext4", 0)])
def test_a_network_share_is_warned_about(
    file: Path, monkeypatch: pytest.MonkeyPatch, mounted: str, warned: int
) -> None:
    lines = f"/dev/sda / ext4 rw 0 0\nserver:/home {file.parents[1]} {mounted} rw 0 0\n"
    monkeypatch.setattr(Path, "read_text", lambda *_args, **_more: lines)
    with opened(file) as log:
        assert len(log.warnings) == warned
    assert files.on_network(Path("//server/share/record.db"))


# ---------------------------------------------------------------- for the owner's eyes only


@contextmanager
def everybody_may_read() -> Iterator[None]:
    before = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.promise("P40")
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a profile's folder private by itself")
@pytest.mark.parametrize("mended", [sqlite.WAL_MENDED, (3, 37, 0)], ids=["as it is", "with WAL"])
def test_only_the_owner_can_read_the_files(
    file: Path, monkeypatch: pytest.MonkeyPatch, mended: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(sqlite, "WAL_MENDED", mended)
    seen: set[str] = set()
    with everybody_may_read(), opened(file) as log:
        enrol(log)
        record(log, "OSU-1", weight(71), 3, due=lambda _entries: seen.update(modes(file.parent)) or [])
        log.backup(file.parent / "backup.db")
        seen |= modes(file.parent)
    assert {"record.db 600", "backup.db 600", "folder 700"} <= seen
    assert any(name.startswith(("record.db-wal", "record.db-journal")) for name in seen)
    assert not [name for name in seen if not name.endswith((" 600", "folder 700"))]


def modes(folder: Path) -> set[str]:
    found = {f"{path.name} {stat.S_IMODE(path.stat().st_mode):o}" for path in folder.iterdir()}
    return found | {f"folder {stat.S_IMODE(folder.stat().st_mode):o}"}


@pytest.mark.promise("P40")
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a profile's folder private by itself")
def test_a_file_that_others_could_read_is_closed_to_them(file: Path) -> None:
    opened(file).close()
    file.chmod(0o644)
    opened(file).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("mended", [sqlite.WAL_MENDED, (3, 37, 0)], ids=["as it is", "with WAL"])
def test_what_is_erased_is_gone_from_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, mended: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(sqlite, "WAL_MENDED", mended)
    with opened(file) as log:
        enrol(log)
        log.put_person(Person("OSU-1", "Canary Example"))
        log.erase_person("OSU-1")
        left = [path.name for path in file.parent.iterdir() if b"Canary" in path.read_bytes()]
    assert left == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [("synchronous", 2), ("trusted_schema", 0), ("recursive_triggers", 1), ("secure_delete", 1), ("foreign_keys", 1)],
)
def test_a_file_is_opened_with_the_safe_settings(file: Path, setting: str, value: int) -> None:
    with opened(file) as log, log._database.reading() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {setting}").scalar_one() == value
        mode = "wal" if sqlite3.sqlite_version_info >= sqlite.WAL_MENDED else "truncate"
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == mode


# ---------------------------------------------------------------- what is loaded


@pytest.mark.parametrize(
    ("program", "kept_out"),
    [
        ("import scheduler.store.due, scheduler.store.faults, scheduler.store.values", {"sqlalchemy", "sqlite3"}),
        ("from ward import opened; opened(sys.argv[1]).close()", {"alembic", "psycopg"}),
    ],
)
def test_only_what_is_needed_is_loaded(file: Path, program: str, kept_out: set[str]) -> None:
    opened(file).close()
    command = [sys.executable, "-c", f"import sys; {program}; print(*sorted(set(sys.modules) & {kept_out}))", str(file)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": PATH})
    assert run.stdout.split() == []
