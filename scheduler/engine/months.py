"""Calendar months. The only door to dateutil."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta


def months_later(start: date, months: int) -> date:
    """The same day of a later month; the last day of that month where it has no such day."""
    return start + relativedelta(months=months)
