"""Accounts of the people who record, and the log of what happened to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from scheduler.store.migrations import guards_0002

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("key", NAME, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("role", NAME, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("created_at", NAME, nullable=False),
        sa.Column("retired_at", NAME, nullable=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failed_at", NAME, nullable=True),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("name"),
        sqlite_strict=True,
    )
    op.create_table(
        "account_log",
        sa.Column("number", COUNT, nullable=False, autoincrement=False),
        sa.Column("at", NAME, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("account", NAME, nullable=False),
        sa.Column("done_by", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("prev_seal", NAME, nullable=False),
        sa.Column("seal", NAME, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    for statement in guards_0002.STATEMENTS[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("A log is never taken back to an older form; restore the backup instead.")
