"""What is drawn up for a patient, as plain text: day by day, with what is not covered and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.engine.batches import Session, Trade
from scheduler.engine.syringes import Syringe
from scheduler.engine.to_draw import ToDraw
from scheduler.outputs.drawing_words import infusion_words, product_lines, syringe_words
from scheduler.outputs.lines import clean, day, joined, sign, titled, wrapped
from scheduler.record.syringe_numbers import printed

SAME_PRODUCT = "A beyond-use time is set in the product file, by the pharmacy alone. It would take:"


def drawing_text(work: ToDraw) -> str:
    """One patient's part; moments where the pharmacy is."""
    lines = [
        f"What to draw up for {work.subject}, {day(work.first)} to {day(work.last)}",
        *wrapped(_source(work), "  "),
    ]
    for product in work.used:
        lines += [line for words in product_lines(product) for line in wrapped(clean(words), "  ", "    ")]
    for note in work.notes:
        lines += wrapped(clean(f"NOTE: {note}"), "  ", "    ")
    for session in work.batches.sessions:
        lines += ["", *_session(session, work)]
    lines += titled(
        "Made up or handed out already", wrapped(", ".join(sorted(_ready(work))), "  ") if work.ready else ()
    )
    lines += titled("NOT COVERED: no day on which they can be drawn up", _uncovered(work))
    lines += titled("NOT TO BE DRAWN UP", (line for each in work.refused for line in _row(each, each.draw.refusal)))
    lines += titled("Infusions", _infusions(work))
    lines += titled("OUT WITH THE PATIENT AND NOT TO BE USED: call back", _call_back(work))
    lines += titled(SAME_PRODUCT, _trade(work.trade, work))
    if work.is_empty:
        lines += ["", "Nothing is to be drawn up on these days."]
    return joined(lines)


def _source(work: ToDraw) -> str:
    draft = "" if work.approved else "DRAFT: not approved, not for patients; "
    return f"{draft}{work.schedule.protocol}, edition {work.schedule.edition}; made from {work.made_from}"


def _session(session: Session, work: ToDraw) -> Iterator[str]:
    count = len(session.syringes)
    many = f"{count} dose{'' if count == 1 else 's'}"
    until = _moment(min(session.use_until), work.zone)
    opens = _moment(session.made_at, work.zone)[-5:]
    yield from wrapped(
        f"{day(session.on)}{_released(session, work)}: draw up {many}; made at {opens}, to be used by {until} "
        f"({work.zone})"
    )
    for each in session.syringes:
        yield from _row(each, syringe_words(each))


def _released(session: Session, work: ToDraw) -> str:
    """A visit of these days that has to release the doses first."""
    visit = session.syringes[0].release.visit
    if visit is None or visit < work.first:
        return ""
    return f", only if the visit {'on that day' if visit == session.on else f'on {day(visit)}'} releases them"


def _row(each: Syringe, words: str) -> Iterator[str]:
    slot = each.item.slot
    number = f" {each.number} of {'' if each.of else 'at least '}{each.counted}:" if each.number else ":"
    when = f"{day(each.item.date)} {slot.time or '     '} {each.item.cycle_day:>6}"
    yield from wrapped(clean(f"{slot.name}{number} {words}"), f"  {sign(slot.mark, slot.letter)} {when}  ", " " * 8)


def _uncovered(work: ToDraw) -> Iterator[str]:
    for syringe, why in work.batches.uncovered:
        slot = syringe.item.slot
        start = f"  {sign(slot.mark, slot.letter)} {day(syringe.item.date)} {slot.time or ''}  "
        yield from wrapped(clean(f"{slot.name}: {why}"), start, " " * 8)


def _infusions(work: ToDraw) -> Iterator[str]:
    for each in work.infusions:
        start = f"  {sign('', each.item.slot.letter)} {day(each.item.date)} {each.item.cycle_day:>6}  "
        yield from wrapped(clean(f"{each.item.slot.name}: {infusion_words(each)}"), start, " " * 8)


def _call_back(work: ToDraw) -> Iterator[str]:
    for each in work.call_back:
        what = f"syringe {printed(each.syringe.number)}, for {each.syringe.item}: its dose {each.why}."
        yield from wrapped(clean(what), "  ", "    ")


def _ready(work: ToDraw) -> Iterator[str]:
    """The ids of the days asked for."""
    days = {item.id: item.date for item in work.schedule.items}
    yield from (each for each in work.ready if each in days and work.first <= days[each] <= work.last)


def _trade(trade: tuple[Trade, ...], work: ToDraw) -> Iterator[str]:
    if not work.drawn and not work.batches.uncovered:
        return
    for each in trade:
        left = f"; {each.uncovered} doses not covered" if each.uncovered else ""
        many = "1 day" if each.fetches == 1 else f"{each.fetches} days"
        yield f"  {each.days:>2} days: syringes are fetched on {many}{left}"


def _moment(moment: datetime, zone: str) -> str:
    there = moment.astimezone(ZoneInfo(zone))
    return f"{day(there.date())} {there:%H:%M}"
