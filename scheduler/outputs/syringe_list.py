"""The syringe schedule: what a pharmacist draws up for one patient, strength by strength.

Each strength has pages of its own, headed by its mark; a second strength has the mark on the other
side and the heading white on black, so that no two look alike, on a copy either. The last page says
how to read the list and what it assumes.

No volume carries a trailing zero ("0.1 mL", not "0.10 mL"): the lists of error-prone notation
allow one only where the precision of a measurement is meant, and a lost point makes 10 mL of
"1.0 mL". How finely the syringe is marked stands in words beside the volume.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from scheduler.engine.batches import Session, Uncovered
from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Schedule
from scheduler.engine.syringes import Syringe, syringes
from scheduler.engine.to_draw import ToDraw
from scheduler.outputs import syringe_facts as facts
from scheduler.outputs import syringe_rows as rows
from scheduler.outputs.banner import banner
from scheduler.outputs.paper import (
    WIDTH_MM,
    Cell,
    Grid,
    Look,
    Part,
    Section,
    gap,
    room_for,
    table,
    text,
    together,
    write,
)
from scheduler.outputs.paper_words import places_in
from scheduler.outputs.safe_words import in_words, without_slash
from scheduler.problems import Refused
from scheduler.protocol.product_model import Products

TITLE = "Syringe schedule"
DRAFT: tuple[tuple[str, Look], ...] = (
    ("DRAFT", "large"),
    ("not approved, not for patients", "small"),
)


@dataclass(frozen=True, slots=True)
class _List:
    """One patient's list: its syringes, up to and including a day, and on which days they are drawn up.

    `sessions` is None where nobody has planned the days of drawing up: then the list is by release only.
    """

    schedule: Schedule
    shown: tuple[Syringe, ...]
    last: date
    draft: bool
    made_from: str
    sessions: tuple[Session, ...] | None = None
    uncovered: tuple[Uncovered, ...] = ()
    zone: str = "UTC"
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Strength:
    """All syringes of one treatment, in order; `place` is 0, 1, ... among the strengths of its drug, shown or not."""

    place: int
    syringes: tuple[Syringe, ...]

    @property
    def name(self) -> str:
        return self.syringes[0].item.slot.name

    @property
    def mark(self) -> str:
        slot = self.syringes[0].item.slot
        return slot.mark or slot.letter


def write_syringe_list(
    schedule: Schedule,
    products: Products,
    through: date | None = None,
    *,
    approved: bool = False,
    made_from: str = "",
) -> bytes:
    """The syringe schedule as PDF, A4 across, up to and including `through` (None: the whole schedule).

    `products` are by the name that treatments give them; `approved` is whether the protocol is, and
    without it, or with a product that is a draft, every page says DRAFT; `made_from` names the event
    and seal behind the schedule. Syringes are numbered over the whole release, printed or not.
    Refused where there is nothing to draw up, or where a word cannot be printed.
    """
    last = schedule.through if through is None else min(through, schedule.through)
    shown = tuple(each for each in syringes(schedule, products) if each.item.date <= last)
    if not shown:
        raise Refused(f"No home dose is to be drawn up until {in_words(last)}: nothing to print.")
    return _write([_List(schedule, shown, last, _is_draft(shown, approved=approved), made_from)])


def write_syringe_lists(found: Sequence[ToDraw]) -> bytes:
    """What is drawn up for patients, by the day of drawing up; moments where the pharmacy is."""
    return _write([_list(each) for each in found])


def _list(work: ToDraw) -> _List:
    left = [each.syringe for each in work.batches.uncovered]
    shown = tuple(sorted((*work.drawn, *left, *work.refused), key=lambda each: (each.item.date, each.item.id)))
    draft = _is_draft(shown, approved=work.approved)
    last = max(work.last, *(each.item.date for each in shown))
    sessions, uncovered = work.batches.sessions, work.batches.uncovered
    return _List(work.schedule, shown, last, draft, work.made_from, sessions, uncovered, work.zone, work.notes)


def _is_draft(shown: Sequence[Syringe], *, approved: bool) -> bool:
    return not approved or any(each.product.standing == "draft" for each in shown if each.product)


def _write(lists: Sequence[_List]) -> bytes:
    sections: list[Section] = []
    for each in lists:
        assumed = facts.assumptions(each.shown)
        sections += [_section(each, strength, assumed) for strength in _strengths(each)]
        sections.append(Section(_head(each), facts.notes(each.shown, assumed)))
    used = [syringe.product for each in lists for syringe in each.shown if syringe.product is not None]
    made_from = lists[0].made_from if len(lists) == 1 else ""
    return write(TITLE, sections, facts.foot([each.schedule for each in lists], used, made_from))


def _strengths(mine: _List) -> list[_Strength]:
    def key(syringe: Syringe) -> tuple[str, str]:
        return syringe.item.slot.letter, syringe.item.slot.key

    places = places_in(mine.schedule)
    groups = groupby(sorted(mine.shown, key=key), key)
    return [_Strength(places[treatment], tuple(group)) for (_, treatment), group in groups]


def _section(mine: _List, strength: _Strength, assumed: Sequence[Reason]) -> Section:
    schedule, planned = mine.schedule, mine.sessions is not None
    story: list[Part] = [facts.overview(schedule, strength.syringes, mine.last), gap(3)]
    story += [text(without_slash(f"Note: {words}"), "strong") for words in mine.said]
    left = [each.syringe for each in mine.uncovered]
    for release, group in groupby(strength.syringes, lambda each: each.release):
        all_of_it = list(group)
        found = [each for each in all_of_it if each not in left]
        story += [room_for(60), *facts.release_words(release, found, schedule, planned=planned), gap(1)]
        for words, part in _parts(mine, found):
            story += [room_for(40), *([text(words, "strong"), gap(1)] if words else [])]
            story += [rows.syringe_table(part, strength.mark, strength.place, assumed), gap(4)]
        story += facts.not_covered([each for each in mine.uncovered if each.syringe in all_of_it])
    story.append(together(*facts.sign_off()))
    return Section(
        (*_head(mine), gap(2), banner(strength.name, strength.mark, _use(strength), strength.place), gap(1)),
        tuple(story),
    )


def _parts(mine: _List, found: Sequence[Syringe]) -> list[tuple[str, list[Syringe]]]:
    """A release by the day of drawing up, each with a heading; what has no volume comes last."""
    if mine.sessions is None:
        return [("", list(found))]
    parts: list[tuple[str, list[Syringe]]] = []
    for session in mine.sessions:
        pairs = zip(session.syringes, session.use_until, strict=True)
        if part := [(each, until) for each, until in pairs if each in found]:
            words = facts.session_words(session, min(until for _, until in part), mine.zone)
            parts.append((words, [each for each, _ in part]))
    refused = [each for each in found if each.draw.drawn is None]
    return [*parts, *([("Without a volume", refused)] if refused else [])]


def _head(mine: _List) -> tuple[Part, ...]:
    """Whose list it is, on every page."""
    who = [text(TITLE, "title"), text(facts.whose(mine.schedule)), *facts.source(mine.made_from)]
    stamp: Cell = [text(words, look, side="centre") for words, look in DRAFT] if mine.draft else ""
    boxes = ((1, 0),) if mine.draft else ()
    return (table([[who, stamp]], (WIDTH_MM - 62, 62), Grid(lines=False, boxes=boxes)),)


def _use(strength: _Strength) -> str:
    return f"{strength.mark}: for {strength.syringes[0].item.slot.route} use only"
