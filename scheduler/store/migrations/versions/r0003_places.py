"""Where each patient's calendars are published: personal data, beside the events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from scheduler.store.migrations import guards_0003

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "places",
        sa.Column("subject", NAME, nullable=False),
        sa.Column("purpose", NAME, nullable=False),
        sa.Column("route", NAME, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("password_file", sa.Text, nullable=False),
        sa.Column("secret", NAME, nullable=False),
        sa.Column("former", NAME, nullable=False),
        sa.Column("written", NAME, nullable=False),
        sa.Column("begun", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("subject", "purpose"),
        sa.CheckConstraint("route IN ('caldav', 'feed', 'import')", name="route_of_a_place"),
        sa.CheckConstraint("(route = 'feed') = (length(secret) >= 22)", name="a_feed_has_a_long_secret"),
        sqlite_strict=True,
    )
    for statement in guards_0003.STATEMENTS[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("A log is never taken back to an older form; restore the backup instead.")
