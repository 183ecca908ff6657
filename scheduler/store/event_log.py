"""The log of what was recorded: append-only, chained, on SQLite or PostgreSQL.

An entry is written together with the patient's head and rows of the worklist, in one transaction, one writer
at a time. What was acknowledged is on the disk; what was not, can be tried again under the same event id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, URL, delete, insert, make_url, select, update
from sqlalchemy.exc import ArgumentError

from scheduler.problems import Refused
from scheduler.record.events import Event
from scheduler.record.recorded import Recorded
from scheduler.store import due as worklist
from scheduler.store import entries as written
from scheduler.store import schema, seals, verify
from scheduler.store.database import Database
from scheduler.store.due import DueKey, DueRow, Projection
from scheduler.store.entries import Entry, Head, Moment, Stamp
from scheduler.store.faults import Conflict
from scheduler.store.seals import Seal
from scheduler.store.verify import Progress

SET_BACK = timedelta(seconds=2)
"""A clock that stands this far before the last entry was set back; less is how clocks differ."""
TICK = timedelta(microseconds=1)
