"""Whose a scanned code is: a patient's number on a wristband, or the number of a syringe."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

from scheduler.clinic.desk import Desk
from scheduler.clinic.finding import SUBJECT
from scheduler.clinic.pharmacy import Pharmacy
from scheduler.clinic.scanning import heading, look
from scheduler.problems import Refused
from scheduler.record.syringe_numbers import read

LIKE_A_SYRINGE = re.compile(r"[0-9]{4}[ -]?[0-9]{3}[ -]?[A-Za-z]")


class Whose(NamedTuple):
    """The patient of a code; for a syringe its number and what to know of it, line by line."""

    subject: str
    syringe: str = ""
    lines: tuple[str, ...] = ()


def whose(desk: Desk, code: str, now: datetime) -> Whose | None:
    """None for a code that is neither; Refused for a syringe that nobody knows, or a number that was mistyped."""
    code = code.strip()
    if SUBJECT.fullmatch(code) and desk.log.entries(code):
        return Whose(code)
    try:
        number = read(code)
    except Refused:
        if LIKE_A_SYRINGE.fullmatch(code):
            raise
        return None
    found = look(Pharmacy(desk), number, now)
    against = [f"STOP. {text}" for text in found.against] or ["Nothing speaks against giving it now."]
    return Whose(found.syringe.subject, number, (heading(found), *against))
