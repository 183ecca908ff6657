"""The tables, as queries name them. What creates and changes them are the revisions in `migrations`.

Days and instants stand as ISO texts: the same bytes in both databases, in order when sorted, and the bytes
that the seals are made over. Names that are sorted or compared take the plain order of their bytes.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

NAME = Text().with_variant(Text(collation="C"), "postgresql")
COUNT = BigInteger().with_variant(Integer(), "sqlite")

tables = MetaData()

events = Table(
    "events",
    tables,
    Column("position", COUNT, nullable=False, autoincrement=False),
    Column("event_id", NAME, nullable=False),
    Column("subject", NAME, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("format", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("happened_on", NAME, nullable=False),
    Column("recorded_at", NAME, nullable=False),
    Column("clock_said", NAME, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("authenticated", Integer, nullable=False),
    Column("app_version", Text, nullable=False),
    Column("prev_seal", NAME, nullable=False),
    Column("seal", NAME, nullable=False),
    PrimaryKeyConstraint("position"),
    UniqueConstraint("event_id"),
    UniqueConstraint("subject", "number"),
    CheckConstraint("authenticated IN (0, 1)", name="authenticated_is_yes_or_no"),
    sqlite_strict=True,
)

heads = Table(
    "heads",
    tables,
    Column("subject", NAME, nullable=False),
    Column("number", Integer, nullable=False),
    Column("seal", NAME, nullable=False),
    PrimaryKeyConstraint("subject"),
    sqlite_strict=True,
)

OF_PATIENTS = heads.c.subject.not_like("%/%")
"""What is recorded about no patient stands under a name like protocol/NAME; no patient's number holds a stroke."""

due = Table(
    "due",
    tables,
    Column("subject", NAME, nullable=False),
    Column("item", NAME, nullable=False),
    Column("due_on", NAME, nullable=False),
    Column("status", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("site", NAME, nullable=False),
    PrimaryKeyConstraint("subject", "item"),
    Index("worklist", "site", "due_on", "subject", "item"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

projections = Table(
    "projections",
    tables,
    Column("name", NAME, nullable=False),
    Column("made_by", Text, nullable=False),
    PrimaryKeyConstraint("name"),
    sqlite_strict=True,
)

persons = Table(
    "persons",
    tables,
    Column("subject", NAME, nullable=False),
    Column("name", Text, nullable=False),
    Column("born", Text, nullable=True),
    Column("phone", Text, nullable=False),
    PrimaryKeyConstraint("subject"),
    sqlite_strict=True,
)

protocols = Table(
    "protocols",
    tables,
    Column("digest", NAME, nullable=False),
    Column("name", Text, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("digest"),
    sqlite_strict=True,
)

seals = Table(
    "seals",
    tables,
    Column("number", Integer, nullable=False, autoincrement=False),
    Column("position", COUNT, nullable=False),
    Column("entries", COUNT, nullable=False),
    Column("sealed_at", NAME, nullable=False),
    Column("sealed_by", Text, nullable=False),
    Column("prev_sha256", NAME, nullable=False),
    Column("sha256", NAME, nullable=False),
    PrimaryKeyConstraint("number"),
    sqlite_strict=True,
)

accounts = Table(
    "accounts",
    tables,
    Column("key", NAME, nullable=False),
    Column("name", NAME, nullable=False),
    Column("role", NAME, nullable=False),
    Column("hash", Text, nullable=False),
    Column("created_at", NAME, nullable=False),
    Column("retired_at", NAME, nullable=True),
    Column("failures", Integer, nullable=False),
    Column("failed_at", NAME, nullable=True),
    PrimaryKeyConstraint("key"),
    UniqueConstraint("name"),
    sqlite_strict=True,
)

account_log = Table(
    "account_log",
    tables,
    Column("number", COUNT, nullable=False, autoincrement=False),
    Column("at", NAME, nullable=False),
    Column("kind", Text, nullable=False),
    Column("account", NAME, nullable=False),
    Column("done_by", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("prev_seal", NAME, nullable=False),
    Column("seal", NAME, nullable=False),
    PrimaryKeyConstraint("number"),
    sqlite_strict=True,
)

places = Table(
    "places",
    tables,
    Column("subject", NAME, nullable=False),
    Column("purpose", NAME, nullable=False),
    Column("route", NAME, nullable=False),
    Column("place", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("password_file", Text, nullable=False),
    Column("secret", NAME, nullable=False),
    Column("former", NAME, nullable=False),
    Column("written", NAME, nullable=False),
    Column("begun", Text, nullable=False),
    PrimaryKeyConstraint("subject", "purpose"),
    CheckConstraint("route IN ('caldav', 'feed', 'import')", name="route_of_a_place"),
    CheckConstraint("(route = 'feed') = (length(secret) >= 22)", name="a_feed_has_a_long_secret"),
    sqlite_strict=True,
)

IN_ORDER = (events, heads, protocols, seals, persons, places, due, projections, account_log, accounts)
"""In this order the guards let rows in; accounts last, for with them begins the guard over who records."""
