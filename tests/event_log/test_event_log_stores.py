"""Files, servers and forms: what is opened, what is turned away, and what is brought up to date."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from ward import ADDRESS, as_owner, enrol, opened, real_clock, record, weight

from scheduler.problems import Refused
from scheduler.store import files, postgresql, revisions, schema, sqlite
from scheduler.store.backup import restore
from scheduler.store.event_log import open_log
from scheduler.store.faults import Away, Newer, NotOurs
from scheduler.store.keeping import Person
from scheduler.store.opening import file_of

HERE = Path(__file__).parent

# ---------------------------------------------------------------- whose it is


@pytest.mark.promise("P09")
@pytest.mark.parametrize("content", [b"hello", b"", b"SQLite format 3\0 and nothing more"])
def test_a_strangers_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(content)
    if not content:  # an empty file belongs to nobody
        opened(path).close()
        return
    with pytest.raises(NotOurs, match="not a record of c1d1"):
        opened(path)
    assert path.read_bytes() == content


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
        ("postgresql://u:secret@host:port/x", "not the address of a database"),
        ("postgresql+psycopg://u:secret@127.0.0.1:1/x", "cannot be reached"),
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


def test_what_is_erased_is_gone_from_the_file(file: Path) -> None:
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


# ---------------------------------------------------------------- forms


def test_the_tables_are_those_that_the_queries_name(address: ADDRESS) -> None:
    opened(address).close()
    with as_owner(address) as connection:
        options = {"version_table": revisions.VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.tables) == []


def test_the_newest_revision_is_the_one_that_is_named() -> None:
    config = Config()
    config.set_main_option("script_location", revisions.SCRIPTS)
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [revisions.HEAD]
    assert [script.revision for script in scripts.walk_revisions()] == ["0001"]


NEXT = '''
"""One more column, for the test."""
from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("wards", sa.Column("name", sa.Text))
    op.add_column("persons", sa.Column("ward", sa.Text))
    op.create_table("beds", sa.Column("name", sa.Text))
'''


@pytest.fixture
def next_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the program were one revision further."""
    scripts = tmp_path / "migrations"
    shutil.copytree(Path(revisions.__file__).parent / "migrations", scripts)
    (scripts / "versions" / "r0002_next.py").write_text(NEXT, encoding="utf-8")
    monkeypatch.setattr(revisions, "SCRIPTS", str(scripts))
    monkeypatch.setattr(revisions, "HEAD", "0002")
    monkeypatch.setattr(postgresql, "copies", lambda: tmp_path / "copies")


@pytest.mark.promise("P09")
def test_an_older_record_is_upgraded_after_a_copy_was_made(
    address: ADDRESS, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with opened(address) as log:
        enrol(log)
        entries = log.entries("OSU-1")
    request.getfixturevalue("next_revision")
    with opened(address) as log:
        assert log.entries("OSU-1") == entries
        assert record(log, "OSU-1", weight(71), 3).number == 4
        assert log.verify() == []
    (copy,) = [*tmp_path.rglob("*.before-2")]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600 or os.name == "nt"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (3,)
        assert connection.execute("SELECT version_num FROM c1d1_version").fetchone() == ("0001",)


@pytest.mark.promise("P08")
@pytest.mark.parametrize("older", [0, 1], ids=["making", "upgrading"])
def test_an_upgrade_cut_short_at_any_statement_has_not_happened(
    address: ADDRESS, request: pytest.FixtureRequest, older: int
) -> None:
    if older:
        with opened(address) as log:
            enrol(log)
        request.getfixturevalue("next_revision")
    stopped_at, before = 0, tables(address) if older else set()
    while stops(address, stopped_at + 1):
        stopped_at += 1
        assert tables(address) == before
    assert stopped_at > 3
    with opened(address) as log:
        assert log.verify() == []
        assert len(log.subjects()) == older


def stops(address: ADDRESS, at: int) -> bool:
    """Open, and fail at the n-th statement that changes something; False if there are no more."""
    count = 0

    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal count
        count += bool(re.match("CREATE|ALTER|INSERT|UPDATE|DROP|PRAGMA (application|user)", statement.strip()))
        if count == at:
            raise KeyboardInterrupt

    sa.event.listen(sa.Engine, "before_cursor_execute", fail)
    try:
        opened(address).close()
    except KeyboardInterrupt:
        return True
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", fail)
    return False


def tables(address: ADDRESS) -> set[str]:
    with as_owner(address) as connection:
        return set(sa.inspect(connection).get_table_names())


KILLED = """
import os, signal, sys
import sqlalchemy as sa
from ward import opened
left = int(sys.argv[2])
@sa.event.listens_for(sa.Engine, "after_cursor_execute")
def die(_connection, _cursor, statement, *_rest):
    global left
    left -= statement.strip().startswith("CREATE")
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
opened(sys.argv[1])
"""


@pytest.mark.promise("P08")
@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL")
@pytest.mark.parametrize("at", [2, 17])
def test_a_program_killed_while_it_makes_the_record_leaves_none(address: ADDRESS, at: int) -> None:
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    command = [sys.executable, "-c", KILLED, address, str(at)]
    killed = subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": path})
    assert killed.returncode == -9
    assert tables(address) == set()
    with opened(address) as log:
        enrol(log)
        assert log.verify() == []


# ---------------------------------------------------------------- copies


@pytest.mark.promise("P10")
@pytest.mark.parametrize("where", ["file", "on_server"])
def test_a_backup_is_restored_into_either_database(
    address: ADDRESS, where: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with opened(address) as log:
        enrol(log, "A")
        enrol(log, "B")
        log.put_person(Person("A", "Ann Example"))
        seal = log.seal("Dr. Weiss")
        record(log, "A", weight(71), 3)
        log.backup(tmp_path / "b.db")
        with pytest.raises(Refused, match="exists already"):
            log.backup(tmp_path / "b.db")
        kept = (log.entries("A"), log.entries("B"), log.due_of("A"), log.person("A"))
    target = request.getfixturevalue(where)
    if target == on_file(address):
        target = target.with_name("other.db")
    restore(tmp_path / "b.db", target)
    with opened(target) as log:
        assert (log.entries("A"), log.entries("B"), log.due_of("A"), log.person("A")) == kept
        assert log.verify(printed=[seal.short]) == []
        assert record(log, "B", weight(72), 3).number == 4
    with pytest.raises(Refused, match=r"exists already|holds a record already"):
        restore(tmp_path / "b.db", target)
    assert [path.name for path in tmp_path.iterdir() if ".part" in path.name] == []


def on_file(address: ADDRESS) -> Path | None:
    return file_of(address)


def test_a_backup_of_a_record_that_was_edited_is_not_kept(file: Path, tmp_path: Path) -> None:
    with opened(file) as log:
        enrol(log)
        with as_owner(file) as connection:
            connection.exec_driver_sql("DROP TRIGGER events_never_changed")
            connection.exec_driver_sql("UPDATE events SET role = 'x'")
        with pytest.raises(Refused, match="The copy is not sound, and was not kept"):
            log.backup(tmp_path / "b.db")
    assert list(tmp_path.glob("b.db*")) == []


@pytest.mark.parametrize("content", [None, b"", b"hello"])
def test_only_a_backup_is_restored(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "b.db").write_bytes(content)
    with pytest.raises(Refused, match=r"There is no backup|is empty|not a record of c1d1"):
        restore(tmp_path / "b.db", tmp_path / "record.db")
    assert not (tmp_path / "record.db").exists()


def test_the_log_closes_what_it_opened(file: Path) -> None:
    log = open_log(file, now=real_clock)
    enrol(log)
    log.close()
    assert log._database._engine.pool.checkedin() == 0
