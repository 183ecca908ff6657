"""The accounts of people who record, and their log: made, role changed, retired, signed in, failed.

An account is retired and never deleted, and its name is never given to anybody else, so that a name in the record
stands for one person for ever. The log is append-only and chained like the record; a hash is noted in it by its
fingerprint, so that one put in beside the program is found.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from scheduler.problems import Refused
from scheduler.store import schema
from scheduler.store.appending import instant
from scheduler.store.database import Database
from scheduler.store.entries import check_name

TICK = timedelta(microseconds=1)
ADMIN = "admin"
MADE, ROLE, RETIRED, REINSTATED, PIN = "made", "role", "retired", "reinstated", "pin"
SIGNED_IN, CONFIRMED, FAILED, LOCKED, UNKNOWN, REHASHED = (
    "signed in",
    "confirmed",
    "failed",
    "locked",
    "unknown name",
    "rehashed",
)
_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_A, _L = schema.accounts, schema.account_log


class Clock(NamedTuple):
    pass
