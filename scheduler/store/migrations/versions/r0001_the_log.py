"""The log: events, heads, seals, protocols, the worklist, persons; and the guards that keep the log append-only.

A revision once released is never edited. `events` only ever grows: new tables, or new columns that may be null.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from scheduler.store.migrations import guards_0001

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _events()
    _beside_the_events()
    _worklist()
    for statement in guards_0001.STATEMENTS[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("A log is never taken back to an older form; restore the backup instead.")


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("position", COUNT, nullable=False, autoincrement=False),
        sa.Column("event_id", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("format", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("happened_on", NAME, nullable=False),
        sa.Column("recorded_at", NAME, nullable=False),
        sa.Column("clock_said", NAME, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("authenticated", sa.Integer, nullable=False),
        sa.Column("app_version", sa.Text, nullable=False),
        sa.Column("prev_seal", NAME, nullable=False),
        sa.Column("seal", NAME, nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("event_id"),
        sa.UniqueConstraint("subject", "number"),
        sa.CheckConstraint("authenticated IN (0, 1)", name="authenticated_is_yes_or_no"),
        sqlite_strict=True,
    )
    op.create_table(
        "heads",
        sa.Column("subject", NAME, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("seal", NAME, nullable=False),
        sa.PrimaryKeyConstraint("subject"),
        sqlite_strict=True,
    )


def _beside_the_events() -> None:
    op.create_table(
        "persons",
        sa.Column("subject", NAME, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("born", sa.Text, nullable=True),
        sa.Column("phone", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("subject"),
        sqlite_strict=True,
    )
    op.create_table(
        "protocols",
        sa.Column("digest", NAME, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        sqlite_strict=True,
    )
    op.create_table(
        "seals",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("position", COUNT, nullable=False),
        sa.Column("entries", COUNT, nullable=False),
        sa.Column("sealed_at", NAME, nullable=False),
        sa.Column("sealed_by", sa.Text, nullable=False),
        sa.Column("prev_sha256", NAME, nullable=False),
        sa.Column("sha256", NAME, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )


def _worklist() -> None:
    op.create_table(
        "due",
        sa.Column("subject", NAME, nullable=False),
        sa.Column("item", NAME, nullable=False),
        sa.Column("due_on", NAME, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("site", NAME, nullable=False),
        sa.PrimaryKeyConstraint("subject", "item"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("worklist", "due", ["site", "due_on", "subject", "item"])
    op.create_table(
        "projections",
        sa.Column("name", NAME, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_strict=True,
    )
