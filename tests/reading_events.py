"""The sentences of `given` in tests/examples, each as one event of the record.

2026-01-05 enrolled, day 1                     or: day 1 on 2026-01-07; , home doses at 19:00; , zone Europe/Berlin
2026-01-05 weight 70 kg                        2026-01-05 height 165 cm
2026-01-14 toxicity Fever grade 3 due to aldesleukin probable, trastuzumab unlikely
2026-01-28 toxicity Fever grade 1              the criteria's term, or an unambiguous beginning of it
2026-02-02 laboratory neutrophils 400 per mm3
2026-01-28 let aldesleukin go on at level -1   a drug or treatments; or: let all go on
2026-01-14 hold aldesleukin_low                or: hold all
2026-02-09 aldesleukin_low set to level -1
2026-02-04 given C2D8/trastuzumab              also: , 140 mg; at 21:30; the cycle day alone where it has one dose
2026-02-05 missed C2D9                         2026-01-16 took C1D12 while held
2026-01-12 done C1D8/toxicity                  or: not done C1D8/toxicity
2026-03-02 cycle 4 began                       2026-02-20 cycle 4 appointed for 2026-03-02
2026-03-07 response before cycle 4: PR         2026-02-16 reload of trastuzumab confirmed
2026-02-20 declined remove-4                   2026-03-01 ended aldesleukin: unacceptable toxicity (or: ended: death)
2026-01-20 corrected event 4: 2026-01-14 toxicity Fever grade 2
2026-01-20 took back event 4
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from scheduler.cycle_days import read_cycle_day
from scheduler.engine.course import course
from scheduler.protocol.model import Protocol
from scheduler.quantities import read_amount
from scheduler.record import events as e
from scheduler.record.assessments import AssessmentDone, AssessmentLeftOut


@dataclass(frozen=True)
class Reader:
    """Reads lines in the words of one protocol and arm."""

    protocol: Protocol
    arm: str | None

    def event(self, text: str) -> e.Event:
        """One given line as an event; ValueError where it is none."""
        written, _, what = text.partition(" ")
        on = date.fromisoformat(written)
        for pattern, reader in _SENTENCES:
            if found := pattern.fullmatch(what):
                return reader(self, on, **found.groupdict())
        message = f"no such event: {text}"
        raise ValueError(message)

    def treatments(self, text: str) -> tuple[str, ...]:
        """'all', names of treatments, or of drugs in all their strengths."""
        names = text.split(", ")
        found = tuple(t.key for t in self.protocol.treatments if {"all", t.key, t.drug} & set(names))
        assert found, f"{text} is no treatment of {self.protocol.name}"
        return found

    def term(self, text: str) -> str:
        """The whole term of the protocol's criteria."""
        assert self.protocol.vocabulary
        named = self.protocol.vocabulary.named(text)
        assert named, f"{text} is no term of {self.protocol.criteria}"
        return named

    def item(self, text: str) -> str:
        """The id of a dose; a cycle day stands for the one dose of that day."""
        if "/" in text:
            return text
        day = read_cycle_day(text)
        slots = [slot for slot, _ in course(self.protocol, self.arm, None).cycle(day.cycle) if slot.day == day.day]
        doses = [slot.key for slot in slots if slot.kind == "dose"]
        assert len(doses) == 1, f"{text} has the doses {doses}"
        return f"{text}/{doses[0]}"


Sentence = Callable[..., e.Event]
_SENTENCES: list[tuple[re.Pattern[str], Sentence]] = []
_DATE = r"\d{4}-\d\d-\d\d"


def _sentence(pattern: str) -> Callable[[Sentence], Sentence]:
    def remember(read: Sentence) -> Sentence:
        _SENTENCES.append((re.compile(pattern), read))
        return read

    return remember


@_sentence(
    rf"enrolled, day 1(?: on (?P<day_1>{_DATE}))?(?:, home doses at (?P<time>\d\d:\d\d))?(?:, zone (?P<zone>\S+))?"
)
def _enrolled(r: Reader, on: date, day_1: str | None, time: str | None, zone: str | None) -> e.Event:
    first = date.fromisoformat(day_1) if day_1 else on
    return e.PatientEnrolled(on, first, arm=r.arm, home_dose_time=time, zone=zone or "UTC")


@_sentence(r"weight (?P<kg>[\d.]+) kg")
def _weight(_: Reader, on: date, kg: str) -> e.Event:
    return e.WeightMeasured(on, Decimal(kg))


@_sentence(r"height (?P<cm>[\d.]+) cm")
def _height(_: Reader, on: date, cm: str) -> e.Event:
    return e.HeightMeasured(on, Decimal(cm))


@_sentence(r"cycle (?P<cycle>\d+) began")
def _began(_: Reader, on: date, cycle: str) -> e.Event:
    return e.CycleStarted(on, int(cycle))


@_sentence(rf"cycle (?P<cycle>\d+) appointed for (?P<to>{_DATE})")
def _appointed(_: Reader, on: date, cycle: str, to: str) -> e.Event:
    return e.VisitMoved(on, int(cycle), date.fromisoformat(to))


@_sentence(r"response before cycle (?P<cycle>\d+): (?P<response>\w+)")
def _response(_: Reader, on: date, cycle: str, response: str) -> e.Event:
    return e.ResponseAssessed(on, int(cycle), response)


@_sentence(r"toxicity (?P<term>.+?) grade (?P<grade>[0-5])(?: due to (?P<due>.+))?")
def _toxicity(r: Reader, on: date, term: str, grade: str, due: str | None) -> e.Event:
    pairs = [part.rsplit(" ", 1) for part in due.split(", ")] if due else []
    due_to = tuple(e.Attribution(drug, degree) for drug, degree in pairs)
    return e.ToxicityGraded(on, r.term(term), int(grade), r.protocol.criteria, due_to)


@_sentence(r"laboratory (?P<test>\D+?) (?P<value>-?[\d.]+) (?P<unit>.+)")
def _laboratory(_: Reader, on: date, test: str, value: str, unit: str) -> e.Event:
    return e.LabResult(on, test, Decimal(value), unit)


@_sentence(r"let (?P<what>.+?) go on(?: at level (?P<level>0|-\d))?")
def _lifted(r: Reader, on: date, what: str, level: str | None) -> e.Event:
    return e.HoldLifted(on, r.treatments(what), int(level) if level else None)


@_sentence(r"hold (?P<what>.+)")
def _ordered(r: Reader, on: date, what: str) -> e.Event:
    return e.HoldOrdered(on, r.treatments(what))


@_sentence(r"(?P<what>\w+) set to level (?P<level>0|-\d)")
def _level(_: Reader, on: date, what: str, level: str) -> e.Event:
    return e.DoseLevelSet(on, what, int(level))


@_sentence(r"given:? (?P<item>[^, ]+)(?:, (?P<amount>.+?))?(?: at (?P<time>\d\d:\d\d))?")
def _given(r: Reader, on: date, item: str, amount: str | None, time: str | None) -> e.Event:
    return e.DoseGiven(on, r.item(item), read_amount(amount) if amount else None, time)


@_sentence(r"missed:? (?P<item>\S+)")
def _missed(r: Reader, on: date, item: str) -> e.Event:
    return e.DoseMissed(on, r.item(item))


@_sentence(r"took (?P<item>\S+) while held")
def _taken(r: Reader, on: date, item: str) -> e.Event:
    return e.DoseTakenWhileHeld(on, r.item(item))


@_sentence(r"(?P<no>not )?done:? (?P<item>\S+/\S+)")
def _examined(_: Reader, on: date, no: str | None, item: str) -> e.Event:
    return AssessmentLeftOut(on, item) if no else AssessmentDone(on, item)


@_sentence(r"reload of (?P<what>\w+) confirmed")
def _reloaded(_: Reader, on: date, what: str) -> e.Event:
    return e.ReloadConfirmed(on, what)


@_sentence(r"declined (?P<proposal>\S+)")
def _declined(_: Reader, on: date, proposal: str) -> e.Event:
    return e.ProposalDeclined(on, proposal)


@_sentence(r"ended(?: (?P<what>[^:]+))?: (?P<reason>.+)")
def _ended(r: Reader, on: date, what: str | None, reason: str) -> e.Event:
    return e.TreatmentEnded(on, reason, r.treatments(what) if what else ())


@_sentence(r"corrected event (?P<number>\d+): (?P<replacement>.+)")
def _corrected(r: Reader, on: date, number: str, replacement: str) -> e.Event:
    return e.EventCorrected(on, int(number), r.event(replacement))


@_sentence(r"took back event (?P<number>\d+)")
def _taken_back(_: Reader, on: date, number: str) -> e.Event:
    return e.EventCorrected(on, int(number))
