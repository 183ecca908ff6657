"""Which prepared syringes and bags may get a label, and why the others may not: those must not go out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.engine.infusions import Infusion
from scheduler.engine.stock import Prepared
from scheduler.engine.syringes import Syringe
from scheduler.outputs.labels import Filled
from scheduler.outputs.safe_words import in_words
from scheduler.record.syringe_numbers import printed

ToMake = Syringe | Infusion


class Ready(NamedTuple):
    """What may get a label, by the id of the dose; and a sentence for each that may not."""

    filled: dict[str, list[Filled]]
    notes: tuple[str, ...]


def ready(subject: str, zone: str, planned: Iterable[ToMake], prepared: Iterable[Prepared]) -> Ready:
    """`planned` is what the schedule wants now, `prepared` what stands in the pharmacy for these doses."""
    doses = {each.item.id: each for each in planned}
    filled: dict[str, list[Filled]] = {}
    notes: list[str] = []
    for one in sorted(prepared, key=lambda each: (each.syringe.part, each.syringe.number)):
        item = one.syringe.item
        why = _against(one, doses.get(item), zone)
        if why:
            number = printed(one.syringe.number)
            notes.append(f"{subject}, {item}: no label for {number}: {why.rstrip('.')}.")
        else:
            filled.setdefault(item, []).append(Filled(one.syringe, one.made_at))
    return Ready(filled, tuple(notes))


def _against(one: Prepared, dose: ToMake | None, zone: str) -> str:
    if dose is None:
        return "the dose is not planned any more"
    if refusal(dose):
        return refusal(dose)
    if dose.item.amount != one.syringe.amount:
        now = str(dose.item.amount.rounded()) if dose.item.amount else "no amount"
        return f"it was made for {one.syringe.amount.rounded()}, and now {now} is planned"
    if not _keeps(one, dose, zone):
        return "it does not keep until its dose"
    return "the second person's result does not agree" if one.checked is False else ""


def refusal(dose: ToMake) -> str:
    """Why nothing is prepared for a dose; '' where something is."""
    return dose.draw.refusal if isinstance(dose, Syringe) else dose.refusal


def _keeps(one: Prepared, dose: ToMake, zone: str) -> bool:
    """Whether it may still be used at the time of its dose, or on its day where no time is set."""
    until = one.use_until.astimezone(ZoneInfo(zone))
    return (until.date(), f"{until:%H:%M}") >= (dose.item.date, dose.item.slot.time or "")


def not_made(subject: str, planned: Sequence[ToMake]) -> list[str]:
    """What is planned and gets no label, because nothing can be prepared for it."""
    return [
        f"{subject}, {in_words(each.item.date)}, {each.item.slot.name}: no label. {refusal(each)}"
        for each in planned
        if refusal(each)
    ]
