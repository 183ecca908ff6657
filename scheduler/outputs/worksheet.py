"""The preparation worksheet of a day: what to work out, and on a page apart from it, what to draw up.

An independent check means that the second person works the volume out again without having seen the
first result. So the inputs and the formulas stand on one page, with room for that person's own
result, and the answers, with lots and expiry dates to fill in, on another that the second person gets
only afterwards. No page holds two patients or two strengths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from scheduler.engine.infusions import Infusion
from scheduler.engine.syringes import Syringe
from scheduler.outputs import syringe_rows as rows
from scheduler.outputs import worksheet_words as words
from scheduler.outputs.banner import banner
from scheduler.outputs.paper import WIDTH_MM, Cell, Grid, Part, Section, gap, table, text, together, write
from scheduler.outputs.paper_words import Whose
from scheduler.outputs.safe_words import in_words, rate_in_words, without_slash
from scheduler.outputs.syringe_facts import assumptions
from scheduler.outputs.worksheet_bags import bag_sections
from scheduler.problems import Refused


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is made up on a day for one patient: syringes and infusion bags."""

    whose: Whose
    on: date
    syringes: tuple[Syringe, ...]
    bags: tuple[Infusion, ...] = ()


@dataclass(frozen=True, slots=True)
class _Strength:
    whose: Whose
    on: date
    place: int
    syringes: tuple[Syringe, ...]

    @property
    def draft(self) -> bool:
        return not self.whose.approved or any(s.product and s.product.standing == "draft" for s in self.syringes)


def write_worksheet(preparations: Sequence[Preparation]) -> bytes:
    """The worksheets as PDF, in the order given: for each strength or bag a page to check, then a page to prepare."""
    sections: list[Section] = []
    for each in preparations:
        for strength in _strengths(each):
            sections += [*_check(strength), _prepare(strength)]
        for bag in each.bags:
            sections += bag_sections(bag, each.on, each.whose)
    if not sections:
        raise Refused("Nothing is to be prepared on these days: there is no worksheet to print.")
    return write("Preparation worksheet", sections, "")


def _strengths(preparation: Preparation) -> list[_Strength]:
    def key(syringe: Syringe) -> tuple[str, str]:
        return syringe.item.slot.letter, syringe.item.slot.key

    groups = groupby(sorted(preparation.syringes, key=key), key)
    whose, on = preparation.whose, preparation.on
    return [_Strength(whose, on, whose.places[treatment], tuple(found)) for (_, treatment), found in groups]


# ---------------------------------------------------------------- the page to check


def _check(strength: _Strength) -> list[Section]:
    drawn = [each for each in strength.syringes if each.draw.drawn is not None]
    if not drawn:
        return []
    story: list[Part] = [gap(2), words.facts(words.inputs(drawn)), gap(3)]
    story += [text("Work out without looking at anybody else's result", "heading"), gap(1)]
    story += [text(line) for line in _how(drawn)]
    story += [gap(2), _own_results(drawn), gap(3), together(*words.signed("Second person"))]
    return [Section(_head(strength, words.CHECK), tuple(story), _foot(strength))]


def _how(drawn: Sequence[Syringe]) -> list[str]:
    """The formulas, without a result."""
    rates = [each.item.rate for each in drawn if each.item.rate]
    lines: list[str] = []
    if any(rate.per == "m2" for rate in rates):
        lines.append(f"Body surface area: {words.area_formula(drawn)}.")
    size = {"m2": "body surface area", "kg": "body weight", "": ""}
    pers = dict.fromkeys(size[rate.per] for rate in rates)
    lines.append(f"Dose: what is ordered below{''.join(f', times {per}' for per in pers if per)}.")
    lines += [
        (
            "Volume: the dose divided by the concentration, rounded once to a mark of the syringe; half a mark is "
            "rounded down."
        ),
        "Vials: all volumes together, divided by what one vial gives, rounded up.",
    ]
    return lines


def _own_results(drawn: Sequence[Syringe]) -> Part:
    """One row for each dose that differs; the days it is for, and blanks."""
    heads = ("For", "Doses", "Ordered", "My body surface", "My dose", "My volume", "My syringe", "My vials")
    widths = (55, 15, 48, 33, 40, 28, 30, WIDTH_MM - 249)
    lines: list[list[Cell]] = [[text(head, "strong") for head in heads]]

    def same(each: Syringe) -> tuple[object, ...]:
        return each.item.cycle, each.item.amount, each.item.rate

    for _, group in groupby(drawn, same):
        found = list(group)
        unit = found[0].item.amount.unit if found[0].item.amount else ""
        days = [text(f"{in_words(s.item.date)}, cycle {s.item.cycle}, day {s.item.slot.day}", "small") for s in found]
        rate = found[0].item.rate
        per = rate.per if rate else ""
        ordered: Cell = [text(rate_in_words(rate), "strong") if rate else text("as ordered"), *_level(found[0])]
        area: Cell = words.blank("m2") if per == "m2" else text("none needed", "small")
        lines.append(
            [days, text(str(len(found))), ordered, area, *map(words.blank, (unit, "mL", "mL syringe", "vials"))]
        )
    return table(lines, widths, Grid(head=1, columns=True, box=True))


def _level(each: Syringe) -> list[Part]:
    level = each.item.level
    return [text(f"{-level} level{'' if level == -1 else 's'} down", "small")] if level else []


# ---------------------------------------------------------------- the page to prepare


def _prepare(strength: _Strength) -> Section:
    assumed = assumptions(strength.syringes)
    mark = strength.syringes[0].item.slot.mark or strength.syringes[0].item.slot.letter
    drawn = [each for each in strength.syringes if each.draw.drawn is not None]
    story: list[Part] = [gap(1), text(words.HIDE, "strong"), gap(2)] if drawn else [gap(2)]
    story += [rows.syringe_table(strength.syringes, mark, strength.place, assumed), gap(2)]
    if drawn:
        story += [
            text(words.vials_needed(drawn), "strong"),
            gap(2),
            together(
                *words.batch_blanks(drawn[0].product, drawn[0].product.beyond_use_hours if drawn[0].product else 0)
            ),
            gap(3),
        ]
        story.append(together(*words.signed("Prepared by")))
    if assumed:
        story += [gap(2), text("Assumed: no source says it, a person has to confirm it", "strong")]
        story += [text(f"{n}. {without_slash(r.text)} ({r.at})", "small") for n, r in enumerate(assumed, start=1)]
    return Section(_head(strength, words.PREPARE), tuple(story), _foot(strength))


def _head(strength: _Strength, title: str) -> tuple[Part, ...]:
    slot = strength.syringes[0].item.slot
    says = f"{f'{slot.mark}: ' if slot.mark else ''}for {slot.route} use only"
    head = words.page_head(title, strength.on, strength.whose, draft=strength.draft)
    return head, gap(2), banner(slot.name, slot.mark, says, strength.place), gap(1)


def _foot(strength: _Strength) -> str:
    return words.page_foot(strength.whose, [each.product for each in strength.syringes])
