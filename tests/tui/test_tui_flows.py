"""The four flows of every day, with their keys counted; nothing is stored before the signature."""

from __future__ import annotations

import re

import pytest
from scheduler.clinic.accounts import Accounts
from textual.pilot import Pilot
from tui.app import C1D1App

from .conftest import SIZES, Clinic, drive, press, shown

PIN = "482915"


def with_accounts(clinic: Clinic, role: str = "nurse") -> None:
    """An admin, and the person who works."""
    with clinic.desk() as desk:
        accounts = Accounts(desk.log.accounts)
        accounts.add("Ada Admin", "admin", "admin-pin-1")
        accounts.add("Nurse Example", role, PIN, accounts.sign("Ada Admin", "admin-pin-1"))


async def signed_in(pilot: Pilot[None]) -> None:
    await press(pilot, "<home>" if "Your name" not in shown(pilot.app) else "")  # type: ignore[arg-type]
    pilot.app.screen.query_one("#who").value = "Nurse Example"  # type: ignore[attr-defined]
    pilot.app.screen.query_one("#pin").value = PIN  # type: ignore[attr-defined]
    await press(pilot, "<enter>")
