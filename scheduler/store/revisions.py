"""Which form a database has, and the way to the newest: Alembic, on a connection that is already in a transaction.

Everything happens in the caller's one transaction, so that an upgrade cut short has not happened at all.
Alembic takes longer to load than a record takes to open; it is loaded only where there is something to do.
"""

from __future__ import annotations

from sqlalchemy import Connection

HEAD = "0003"
SCRIPTS = "scheduler.store:migrations"
VERSION_TABLE = "c1d1_version"


def upgrade(connection: Connection) -> None:
    """Bring an empty or an older database to the newest form; nothing, if another program just did."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", SCRIPTS)
    command.upgrade(config, "head")


def number(revision: str) -> int:
    """Revisions are counted: '0001' is 1."""
    return int(revision)
