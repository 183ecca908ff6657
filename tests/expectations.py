"""The sentences of `expect` in tests/examples. Each check says what is there instead, or nothing.

WHERE is a cycle day (C2D9), a date, or both; WHAT a treatment, a drug or an assessment.

    C1D2 2026-01-06: aldesleukin_low 1.791 million units, planned, at 20:00
    C1D8: trastuzumab only                              no other dose on that day
    C2D1: toxicity, then trastuzumab, then paclitaxel   the whole day in its order
    cycle 1 days 2-7, 12-21: aldesleukin_low            these days of the cycle and no others
    cycle 1: 2 trastuzumab, 60 mL of research_blood     how many, how much, in the cycle
    no aldesleukin on C1D1, C1D8                        or: in cycle 1; or nothing more: nowhere
    C4D1 and later: blocked                             every item; also `before C4D1`
    cycle 2 begins on 2026-01-26, study day 22
    the last cycle is 18
    imaging is due on 2026-01-25, 2026-03-08            these dates and no others
    C4D1 trastuzumab because: Nobody has recorded       words of one of its reasons
    notice too-much-blood                               or: no notice; notice CODE: words of it

What rules do to a schedule:

    C1D11: held because of event 4                      every dose there; or: C1D11: aldesleukin_low held ...
    cycle 1 days 10-21: aldesleukin held                these days of the cycle and no others stand so
    C2D4 and later: aldesleukin planned                 every dose of that; also `before C2D4: aldesleukin planned`
    C2D4 and later: aldesleukin_low level -1, 0.75 million units/m2
    proposal: resume aldesleukin at level -1            or: stop X, reload X, remove, judge event 4,
                                                        answer before cycle 4
    no proposal                                         or: no proposal to resume
    proposal judge-4: words of it
"""

from __future__ import annotations

import re
from collections.abc import Callable

from scheduler.cycle_days import read_days, shown_days
from scheduler.engine.schedule import Item, Schedule
from scheduler.quantities import read_rate

Check = Callable[..., str]
_SENTENCES: list[tuple[re.Pattern[str], Check]] = []
_WHERE = r"(?:C\d+D-?\d+(?: \d{4}-\d\d-\d\d)?|\d{4}-\d\d-\d\d)"
_WHAT = r"[a-z]\w*(?:/\d)?"


def wrong(text: str, schedule: Schedule) -> str:
    """What a schedule has instead of what a sentence expects; '' where it is as expected."""
    for pattern, check in _SENTENCES:
        if found := pattern.fullmatch(text):
            return check(schedule, **found.groupdict())
    return "this is no sentence of the examples"


def _sentence(pattern: str) -> Callable[[Check], Check]:
    named = pattern.replace("WHERE", f"(?P<where>{_WHERE})").replace("WHAT", f"(?P<what>{_WHAT})")

    def remember(check: Check) -> Check:
        _SENTENCES.append((re.compile(named), check))
        return check

    return remember


def _is(item: Item, what: str) -> bool:
    return what in (item.slot.key, item.slot.drug, f"{item.slot.key}/{item.slot.dose_number}")


def _at(schedule: Schedule, where: str) -> list[Item]:
    return [
        item for item in schedule.items if where in (f"{item.cycle_day} {item.date}", item.cycle_day, f"{item.date}")
    ]


def _shown(items: list[Item]) -> str:
    return "; ".join(f"{item.cycle_day} {item.date} {_facts(item)}" for item in items) or "nothing"


def _facts(item: Item) -> list[str]:
    """All that a line about one item may say."""
    first, last = item.window or (item.date, item.date)
    return [
        item.slot.key + (f"/{item.slot.dose_number}" if item.slot.dose_number else ""),
        str(item.amount.rounded()) if item.amount else "no amount",
        item.status,
        f"over {item.over_minutes} min" if item.over_minutes else "no length stated",
        f"at {item.slot.time}" if item.slot.time else "no time of day",
        item.slot.route,
        "at home" if item.slot.given_by == "patient" else "in the clinic",
        f"from {first} to {last}",
        f"study day {item.study_day}",
        f"at {item.rate}",
        f"level {item.level}",
    ]


@_sentence("WHERE: WHAT only")
def _only(schedule: Schedule, where: str, what: str) -> str:
    found = [item for item in _at(schedule, where) if item.slot.kind == "dose"]
    return "" if found and all(_is(item, what) for item in found) else _shown(found)


@_sentence(rf"WHERE: (?P<order>{_WHAT}(?:, then {_WHAT})+)")
def _order(schedule: Schedule, where: str, order: str) -> str:
    found = [_facts(item)[0] for item in _at(schedule, where)]
    return "" if found == order.split(", then ") else ", then ".join(found)


@_sentence(r"WHERE: WHAT(?P<amount> \d[\d.,]* [A-Za-z ]+)?(?P<facts>(?:, (?:[^,]|,\d)+)*)")
def _one(schedule: Schedule, where: str, what: str, amount: str | None, facts: str) -> str:
    found = [item for item in _at(schedule, where) if _is(item, what)]
    expected = {fact for fact in [(amount or "").strip(), *facts.split(", ")] if fact}
    return "" if len(found) == 1 and expected <= set(_facts(found[0])) else _shown(found or _at(schedule, where))


@_sentence(r"cycle (?P<cycle>\d+) days (?P<days>[\d, -]+): WHAT")
def _days(schedule: Schedule, cycle: str, days: str, what: str) -> str:
    found = [item.slot.day for item in schedule.items if item.cycle == int(cycle) and _is(item, what)]
    return "" if found == list(read_days(days)) else f"days {shown_days(found)}"


@_sentence(r"cycle (?P<cycle>\d+): (?P<counts>\d.*)")
def _counts(schedule: Schedule, cycle: str, counts: str) -> str:
    items = [item for item in schedule.items if item.cycle == int(cycle)]
    return "; ".join(filter(None, (_count(items, count) for count in counts.split(", "))))


def _count(items: list[Item], count: str) -> str:
    said, _, what = count.rpartition(" of ") if " of " in count else count.partition(" ")
    found = [item for item in items if _is(item, what)]
    if said.isdigit():
        return "" if len(found) == int(said) else f"{len(found)} {what}"
    rate = read_rate(said)
    each = [item.rate.amount if rate.per and item.rate else item.amount for item in found]
    total = sum(amount.value for amount in each if amount and amount.unit == rate.amount.unit)
    return "" if total == rate.amount.value else f"{total} of {what}"


@_sentence(r"no (?!notice)WHAT(?: on (?P<days>C[CD\d, -]+)| in cycle (?P<cycle>\d+))?")
def _none(schedule: Schedule, what: str, days: str | None, cycle: str | None) -> str:
    found = [item for item in schedule.items if _is(item, what)]
    if days:
        found = [item for item in found if item.cycle_day in days.split(", ")]
    if cycle:
        found = [item for item in found if item.cycle == int(cycle)]
    return _shown(found) if found else ""


@_sentence(r"(?P<before>before )?C(?P<cycle>\d+)D(?P<day>-?\d+)(?: and later)?: (?P<status>[a-z-]+)")
def _from(schedule: Schedule, before: str | None, cycle: str, day: str, status: str) -> str:
    bound = (int(cycle), int(day))
    found = [item for item in schedule.items if ((item.cycle, item.slot.day) < bound) is bool(before)]
    others = [item for item in found if item.status != status]
    return "" if found and not others else _shown(others[:3])


@_sentence(r"cycle (?P<cycle>\d+) begins on (?P<on>\d{4}-\d\d-\d\d)(?:, study day (?P<day>\d+))?")
def _begins(schedule: Schedule, cycle: str, on: str, day: str | None) -> str:
    start = next((found.start for found in schedule.cycles if found.cycle == int(cycle)), None)
    if start is None:
        return "there is no such cycle"
    study_day = str((start - schedule.start).days + 1)
    return "" if (str(start), study_day) == (on, day or study_day) else f"{start}, study day {study_day}"


@_sentence(r"the last cycle is (?P<cycle>\d+)")
def _last(schedule: Schedule, cycle: str) -> str:
    last = schedule.cycles[-1].cycle
    return "" if last == int(cycle) else f"cycle {last}"


@_sentence(r"WHAT is due on (?P<dates>[\d, -]+)")
def _due(schedule: Schedule, what: str, dates: str) -> str:
    found = ", ".join(str(item.date) for item in schedule.items if _is(item, what))
    return "" if found == dates else found


@_sentence(r"WHERE WHAT because: (?P<words>.+)")
def _because(schedule: Schedule, where: str, what: str, words: str) -> str:
    found = [reason.text for item in _at(schedule, where) if _is(item, what) for reason in item.reasons]
    return "" if any(words in text for text in found) else "\n".join(found) or "no such item"


@_sentence(r"notice (?P<code>[a-z-]+): (?P<words>.+)")
def _notice_says(schedule: Schedule, code: str, words: str) -> str:
    texts = [notice.text for notice in schedule.notices if notice.code == code]
    return "" if any(words in text for text in texts) else "; ".join(n.text for n in schedule.notices) or "no notice"


@_sentence(r"proposal (?P<name>[a-zC0-9-]+): (?P<words>.+)")
def _proposal_says(schedule: Schedule, name: str, words: str) -> str:
    texts = [proposal.text for proposal in schedule.proposals if proposal.id == name]
    return "" if any(words in text for text in texts) else _proposed(schedule)


@_sentence(r"(?:notice (?P<code>[a-z-]+)|no notice(?: (?P<absent>[a-z-]+))?)")
def _notice(schedule: Schedule, code: str | None, absent: str | None) -> str:
    codes = [notice.code for notice in schedule.notices]
    right = code in codes if code else (absent not in codes if absent else not codes)
    return "" if right else ", ".join(codes) or "no notice"


# --- rules --------------------------------------------------------------------------------------


@_sentence(r"WHERE:(?: WHAT)? held because of event (?P<number>\d+)")
def _held(schedule: Schedule, where: str, what: str | None, number: str) -> str:
    found = [i for i in _at(schedule, where) if i.slot.kind == "dose" and (what is None or _is(i, what))]
    right = [i.status == "held" and any(r.text.startswith(f"Event {number},") for r in i.reasons) for i in found]
    reasons = "; ".join(reason.text for item in found for reason in item.reasons if reason.kind == "event")
    return "" if found and all(right) else f"{_shown(found)} because {reasons}"


@_sentence(r"cycle (?P<cycle>\d+) (?:days (?P<days>[\d, -]+)|(?P<no>no day)): WHAT (?P<status>[a-z-]+)")
def _days_with(schedule: Schedule, cycle: str, days: str | None, no: str | None, what: str, status: str) -> str:
    mine = [item for item in schedule.items if item.cycle == int(cycle) and _is(item, what)]
    found = sorted({item.slot.day for item in mine if item.status == status})
    return "" if found == ([] if no else list(read_days(days or ""))) else f"days {shown_days(found)}"


def _range(schedule: Schedule, before: str | None, cycle: str, day: str, what: str) -> list[Item]:
    bound = (int(cycle), int(day))
    return [i for i in schedule.items if _is(i, what) and ((i.cycle, i.slot.day) < bound) is bool(before)]


@_sentence(r"(?P<before>before )?C(?P<cycle>\d+)D(?P<day>-?\d+)(?: and later)?: WHAT (?P<status>[a-z-]+)")
def _all_stand(schedule: Schedule, before: str | None, cycle: str, day: str, what: str, status: str) -> str:
    found = _range(schedule, before, cycle, day, what)
    others = [item for item in found if item.status != status]
    return "" if found and not others else _shown(others[:3])


@_sentence(r"C(?P<cycle>\d+)D(?P<day>-?\d+) and later: WHAT level (?P<level>0|-\d), (?P<rate>.+)")
def _all_level(schedule: Schedule, cycle: str, day: str, what: str, level: str, rate: str) -> str:
    found = _range(schedule, None, cycle, day, what)
    others = [item for item in found if (item.level, str(item.rate)) != (int(level), rate)]
    return "" if found and not others else _shown(others[:3])


@_sentence(r"proposal: resume WHAT at (?:level (?P<level>-\d)|the same dose)")
def _resume(schedule: Schedule, what: str, level: str | None) -> str:
    keys = {item.slot.key for item in schedule.items if _is(item, what)}
    levels = [dict(p.levels) for p in schedule.proposals if p.kind == "resume"]
    right = keys and any(keys <= set(one) and {one[key] for key in keys} == {int(level or 0)} for one in levels)
    return "" if right else _proposed(schedule)


@_sentence(r"proposal: (?P<kind>stop|reload) WHAT")
def _of_drug(schedule: Schedule, kind: str, what: str) -> str:
    keys = {item.slot.key for item in schedule.items if _is(item, what)}
    right = any(p.kind == kind and set(p.treatments) == keys for p in schedule.proposals)
    return "" if right else _proposed(schedule)


@_sentence(r"proposal: (?P<words>remove|judge event \d+|answer before cycle \d+)")
def _proposal(schedule: Schedule, words: str) -> str:
    proposal_id = words.replace("answer before cycle ", "answer-C").replace("judge event ", "judge-")
    right = any(proposal_id in (p.id, p.kind) for p in schedule.proposals)
    return "" if right else _proposed(schedule)


@_sentence(r"no proposal(?: to (?P<kind>\w+))?")
def _no_proposal(schedule: Schedule, kind: str | None) -> str:
    right = not any(kind in (None, p.kind) for p in schedule.proposals)
    return "" if right else _proposed(schedule)


def _proposed(schedule: Schedule) -> str:
    return "; ".join(f"{p.id}: {p.text}" for p in schedule.proposals) or "no proposal"
