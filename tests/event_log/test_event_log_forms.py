"""The forms of the database: made, brought up to date, and never left halfway."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from ward import ADDRESS, as_owner, enrol, opened, record, weight

from scheduler.store import postgresql, revisions, schema

HERE = Path(__file__).parent
PATH = os.pathsep.join([str(HERE), str(HERE.parents[1])])


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
    counted = [f"{number:04}" for number in range(revisions.number(revisions.HEAD), 0, -1)]
    assert [script.revision for script in scripts.walk_revisions()] == counted


AFTER = revisions.number(revisions.HEAD) + 1
NEXT = f'''
"""One more column, for the test."""
from alembic import op
import sqlalchemy as sa

revision = "{AFTER:04}"
down_revision = "{revisions.HEAD}"
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
    (scripts / "versions" / f"r{AFTER:04}_next.py").write_text(NEXT, encoding="utf-8")
    monkeypatch.setattr(revisions, "SCRIPTS", str(scripts))
    monkeypatch.setattr(revisions, "HEAD", f"{AFTER:04}")
    monkeypatch.setattr(postgresql, "copies", lambda: tmp_path / "copies")


@pytest.mark.promise("P09")
def test_an_older_record_is_upgraded_after_a_copy_was_made(
    address: ADDRESS, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with opened(address) as log:
        enrol(log)
        entries = log.entries("OSU-1")
    before = revisions.HEAD
    request.getfixturevalue("next_revision")
    with opened(address) as log:
        assert log.entries("OSU-1") == entries
        assert record(log, "OSU-1", weight(71), 3).number == 4
        assert log.verify() == []
    (copy,) = [*tmp_path.rglob(f"*.before-{AFTER}")]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600 or os.name == "nt"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (3,)
        assert connection.execute("SELECT version_num FROM c1d1_version").fetchone() == (before,)


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
    command = [sys.executable, "-c", KILLED, address, str(at)]
    killed = subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": PATH})
    assert killed.returncode == -9
    assert tables(address) == set()
    with opened(address) as log:
        enrol(log)
        assert log.verify() == []
