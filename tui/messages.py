"""What the app says by itself: empty screens, confirmations, and refusals freed of command line words."""

from __future__ import annotations

import re

NO_RECORD = "There is no record here yet. F4 enrols the first patient and makes it."
NOBODY = "No patient is enrolled yet. F4 enrols one."
NOTHING_TODAY = "Nothing is due, on hold, overdue or to be decided. F2 shows all patients."
NO_MATCH = "No line matches. Esc clears what was typed; F2 shows all patients."
NO_DOSE_HERE = "No dose stands on this day. Go to one with the arrows."
NO_PROPOSAL = "Nothing is to be decided for this patient now."
NO_LEVELS = "This protocol has no dose levels."
NOTHING_TO_DRAW = "Nothing is to be drawn up in the next two weeks, and no syringe waits here."
NOTHING_TO_CHECK = "Only a syringe that is made, and still in the pharmacy, is checked by the second person."
CHECK_AGREES = "The two results AGREE."
CHECK_DISAGREES = "The two results DIFFER: do not hand the syringe out. Work it out together."
NO_ENTRIES = "No entries."
OLD_STATE = "This is an old state of the record, to be read only. Esc goes back to the present one."
TOO_SMALL = "The window is too small: c1d1 needs 80 columns and 24 lines. What was typed is kept."
NOTHING_SAVED = "Nothing was saved."
SCANNED = (
    "These keys came as fast as only a scanner types: {code}. Nothing was done with them here. A wristband or a"
    " syringe is scanned on today's list; commands are typed one key after the other."
)
SAME_PATIENT = "The scanned number is the one of this patient: {code}."
OTHER_PATIENT = "STOP. The scanned number is {code}; this screen is of {subject}. Nothing was done."
STALE = "The record does not answer. What is shown may be old; F5 tries again."
CORRECTION_REASON = "A correction needs a reason: say in a few words why the entry was wrong, then Enter."
F2_HANDS_OUT = "F2 instead of Enter signs it and hands out the new calendar as well."
NO_CALENDAR_CHANGED = "No calendar has changed by it."
CAME_IN_HERE = "Somebody recorded something for this patient just now; it is shown."
CAME_IN = "Something was recorded for this patient meanwhile. It is taken into account before anything is stored."

_COMMANDS = (
    (r" ?--by NAME, or set C1D1_BY\.", " your name."),
    (r" with --[a-z-]+( and --[a-z-]+)?", ""),
    (r" See c1d1 [a-z ]+\S*?\.", ""),
    (r", or name another with --home", ""),
    (r" If that is wrong: c1d1 record correct .*", " If that is wrong, correct the entry in the history (h)."),
    (r", or end treatment with c1d1 record end", ""),
    (r" \(c1d1 record end\)", ""),
    (r" To end treatment: c1d1 record end .*", ""),
    (r" Run c1d1 (.*)\.", r" Run c1d1 \1 on the command line."),
    (r": c1d1 (changes|publish) \S+\.", r": calendars (i)."),
    (r" \(c1d1 changes \S+\)", " (i)"),
    (r": c1d1 calendar \S+ --for home, with its notice file\.", " (i hands it out), with its notice."),
    (r", like --on (\S+)\.", r", like \1."),
    (r", like --amount '([^']*)'", r", like \1"),
    (r" record it without --lot, and say the lot in --reason\.", " leave out the lot, and say it in the reason."),
    (r" Leave out --(\w+)\.", r" Leave the \1 empty."),
)


def sentence(text: str) -> str:
    """A refusal as the app says it."""
    for command, words in _COMMANDS:
        text = re.sub(command, words, text)
    return text
