"""The syringe schedule: what a pharmacist draws up for one patient, strength by strength.

Each strength has pages of its own, headed by its mark; a second strength has the mark on the other
side and the heading white on black, so that no two look alike, on a copy either. The last page says
how to read the list and what it assumes.

No volume carries a trailing zero ("0.1 mL", not "0.10 mL"): the lists of error-prone notation
allow one only where the precision of a measurement is meant, and a lost point makes 10 mL of
"1.0 mL". How finely the syringe is marked stands in words beside the volume.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from scheduler.engine.reasons import Reason
from scheduler.engine.schedule import Schedule
from scheduler.engine.syringes import Syringe, syringes
from scheduler.outputs import syringe_facts as facts
from scheduler.outputs import syringe_rows as rows
from scheduler.outputs.marks import Mark
from scheduler.outputs.paper import (
    WIDTH_MM,
    Cell,
    Grid,
    Look,
    Part,
    Section,
    Side,
    gap,
    room_for,
    table,
    text,
    together,
    write,
)
from scheduler.outputs.safe_words import in_words
from scheduler.problems import Refused
from scheduler.protocol.product_model import Product

TITLE = "Syringe schedule"
MARK_MM = 14
DRAFT: tuple[tuple[str, Look], ...] = (
    ("DRAFT", "large"),
    ("not approved, not for patients", "small"),
)


@dataclass(frozen=True, slots=True)
class _Strength:
    """All syringes of one treatment, in order; `place` is 0, 1, ... by the letter of the treatment."""

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
    products: Mapping[str, Product],
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
    shown = [each for each in syringes(schedule, products) if each.item.date <= last]
    if not shown:
        raise Refused(f"No home dose is to be drawn up until {in_words(last)}: nothing to print.")
    used = [each.product for each in shown if each.product is not None]
    draft = not approved or any(product.standing == "draft" for product in used)
    assumed = facts.assumptions(shown)
    sections = [_section(schedule, each, last, assumed, draft) for each in _strengths(shown)]
    notes = Section(_head(schedule, draft), facts.notes(shown, assumed))
    return write(TITLE, [*sections, notes], facts.foot(schedule, used, made_from))


def _strengths(shown: Sequence[Syringe]) -> list[_Strength]:
    def key(syringe: Syringe) -> tuple[str, str]:
        return syringe.item.slot.letter, syringe.item.slot.key

    groups = groupby(sorted(shown, key=key), key)
    return [_Strength(place, tuple(group)) for place, (_, group) in enumerate(groups)]


def _section(
    schedule: Schedule,
    strength: _Strength,
    last: date,
    assumed: Sequence[Reason],
    draft: bool,  # noqa: FBT001
) -> Section:
    story: list[Part] = [facts.overview(schedule, strength.syringes, last), gap(3)]
    for release, group in groupby(strength.syringes, lambda each: each.release):
        found = list(group)
        story += [room_for(60), *facts.release_words(release, found, schedule), gap(1)]
        story += [rows.syringe_table(found, strength.mark, strength.place, assumed), gap(4)]
    story.append(together(*facts.sign_off()))
    return Section((*_head(schedule, draft), gap(2), _banner(strength), gap(1)), tuple(story))


def _head(schedule: Schedule, draft: bool) -> tuple[Part, ...]:  # noqa: FBT001
    """Whose list it is, on every page."""
    who = [text(TITLE, "title"), text(facts.whose(schedule))]
    stamp: Cell = [text(words, look, side="centre") for words, look in DRAFT] if draft else ""
    boxes = ((1, 0),) if draft else ()
    return (table([[who, stamp]], (WIDTH_MM - 62, 62), Grid(lines=False, boxes=boxes)),)


def _banner(strength: _Strength) -> Part:
    """The first strength black on white with its mark left, the second reversed with it right."""
    reverse = strength.place % 2 == 1
    slot = strength.syringes[0].item.slot
    side: Side = "right" if reverse else "left"
    words: Cell = [
        text(strength.name, "banner", side=side, white=reverse),
        text(f"{strength.mark}: for {slot.route} use only", "heading", side=side, white=reverse),
    ]
    mark = Mark(strength.mark, MARK_MM, filled=reverse, reversed_out=reverse)
    cells, widths = [mark, words], [MARK_MM + 6, WIDTH_MM - MARK_MM - 6]
    if reverse:
        cells, widths = cells[::-1], widths[::-1]
    return table([cells], widths, Grid(lines=False, box=True, fill=reverse))
