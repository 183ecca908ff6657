"""Every text of the patients' papers, in English; the catalogues in translations/ say it in other languages.

{places} are filled in by the program. A text is a whole sentence wherever it can be, so that a translator may turn it.
"""

from __future__ import annotations

PAGE = "Page {page} of {pages}"
PATIENT = "Patient {number}"
NAME = "Name: {name}"
TRIAL = "Trial {protocol}"
CYCLES = "Cycle {cycles}"
DRAFT = "DRAFT: not approved, not for patients"
MADE_FROM = "Entry {entry}, seal {seal}. Replaces earlier papers for these days."
MADE_FROM_REPLACING = "Entry {entry}, seal {seal}. Replaces the paper of entry {old} and all before it."
MADE_FROM_PLAN = "Made from a plan without a record."
UNTIL = "Released up to {day}; the visit after it decides what follows."

# What may stand on a day
HOLD = "HOLD"
NO_DOSE_CALL = "no dose, call the clinic"
NO_DOSE = "No dose"
LEFT_OUT = "No dose (left out)"
ASK = "Ask the clinic before this dose"
TAKEN = "Recorded as taken"
NOT_TAKEN_RECORDED = "Recorded as not taken"
CLINIC_VISIT = "Clinic visit"
NOT_RELEASED = "Not released yet"
DOSE = "Dose"
AT = "at {time}"

# The diary
DIARY = "Diary of doses at home"
WEEK = "{first} to {last}"
DAY = "Day"
WHAT = "Dose"
TIME_TAKEN = "Time taken"
NOT_TAKEN = "Not taken"
SYMPTOMS = "How I felt, and why if not taken"
YOUR_DOSES = "Your doses on this page"
IN_VOLUME = "in {volume}"
IN_PARTS = "{parts} syringes, each at its own place:"
LEGEND = "{mark}: {name}. {how} {times}."
SPELLED = "({words})"
UNDER_THE_SKIN = "Inject under the skin"
INTO_A_MUSCLE = "Inject into a muscle"
BY_MOUTH = "Take by mouth"
AS_SHOWN = "Take it as you were shown"
LEAVE_OUT = "If you miss a dose, leave it out."
CALL_FIRST = "If you miss a dose, call the clinic before you take anything."
NEVER_TWO = "Never take two doses to make up for one."
WITHIN_AN_HOUR = "Up to 1 hour earlier or later is all right."
WITHIN_HOURS = "Up to {hours} hours earlier or later is all right."
PHONE_COUNTS = "If the clinic calls and says HOLD, take no dose, whatever this paper says."
CALL = "Questions, or not well? Call {clinic}: {phone}"
CALL_CLINIC = "Questions, or not well? Call the clinic: {phone}"
BRING = "Bring this diary to every visit."

# The wall calendar
WALL = "Doses at home"
SAME_MARK = "Use the syringe or box with the same mark, on its own day only."
EMPTY = "An empty day is a day without a dose."
OR = "{first} or {last}"
AND = "{first} and {last}"


def every_text() -> tuple[str, ...]:
    """All of them, each once."""
    return tuple(dict.fromkeys(text for name, text in globals().items() if name.isupper()))
