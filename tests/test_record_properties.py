"""Random records, event by event: whatever is recorded, in whatever order, the safety rules of a schedule hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scheduler.cycle_days import read_cycle_day
from scheduler.engine.build import build_schedule
from scheduler.engine.levels import table
from scheduler.engine.proof.holding import levels_in_force, spans
from scheduler.engine.schedule import Item, Schedule
from scheduler.record import events as e
from scheduler.record.history import History
from tests.conftest import IL2, IL12, MONDAY, TABLETS, doses, patient, protocol

DAYS = 110
TERMS = {IL2: ("Fever", "Nausea"), IL12: ("Fatigue", "Neutrophils"), TABLETS: ("Diarrhea", "Vomiting")}
TESTS = {
    IL2: (("ejection fraction fall", "points", 0, 20),),
    IL12: (("neutrophils", "per mm3", 300, 2000), ("platelets", "per mm3", 90000, 120000)),
    TABLETS: (("ejection fraction minus lower limit of normal", "points", -5, 5),),
}
OFFERED = {
    IL2: ("Trastuzumab is withheld for at least 4 weeks",),
    IL12: ("No course of paclitaxel begins before", "After a week or more of neutrophils"),
    TABLETS: (),
}
ADVANCE = st.integers(0, 9)


class Record(RuleBasedStateMachine):
    """One patient's record as it grows; every event is of the day that has been reached, or of one before it."""

    name = IL2

    @initialize(data=st.data())
    def enrol(self, data: st.DataObject) -> None:
        on = data.draw(st.booleans())
        self.protocol = protocol(self.name, OFFERED[self.name] if on else ())
        self.arm = "cohort-3" if self.name == IL12 else None
        self.today = MONDAY
        self.history = patient(MONDAY, arm=self.arm)
        self.schedule = self.built(self.history)

    def built(self, history: History) -> Schedule:
        return build_schedule(self.protocol, history, MONDAY + timedelta(days=DAYS))

    def treatments(self, data: st.DataObject) -> tuple[str, ...]:
        """Mostly all that a rule holds together, sometimes any."""
        every = tuple(treatment.key for treatment in self.protocol.treatments)
        some = st.lists(st.sampled_from(every), min_size=1, unique=True).map(tuple)
        return data.draw(st.one_of(st.just(every), some))

    # --- what can be recorded ---------------------------------------------------------------

    @rule(days=ADVANCE)
    def wait(self, days: int) -> None:
        self.today = min(self.today + timedelta(days=days), MONDAY + timedelta(days=DAYS))

    @rule(data=st.data(), days=ADVANCE, back=st.sampled_from((0, 0, 0, 2, 5)))
    def grade(self, data: st.DataObject, days: int, back: int) -> None:
        self.wait(days)
        assert self.protocol.vocabulary
        term = self.protocol.vocabulary.named(data.draw(st.sampled_from(TERMS[self.name])))
        assert term
        drugs = sorted({treatment.drug for treatment in self.protocol.treatments})
        degrees = st.sampled_from(("unrelated", "unlikely", "possible", "probable", "definite"))
        due_to = data.draw(st.dictionaries(st.sampled_from(drugs), degrees, max_size=2))
        on = self.today - timedelta(days=back)
        grade = data.draw(st.sampled_from((0, 1, 1, 2, 3, 3, 3, 4)))
        judged = tuple(e.Attribution(drug, degree) for drug, degree in due_to.items())
        self.record(e.ToxicityGraded(on, term, grade, self.protocol.criteria, judged))

    @rule(data=st.data(), days=ADVANCE)
    def measure(self, data: st.DataObject, days: int) -> None:
        self.wait(days)
        test, unit, least, most = data.draw(st.sampled_from(TESTS[self.name]))
        self.record(e.LabResult(self.today, test, Decimal(data.draw(st.integers(least, most))), unit))

    @rule(data=st.data(), days=ADVANCE)
    def confirm(self, data: st.DataObject, days: int) -> None:
        """A person does what is proposed, or declines it."""
        self.wait(days)
        if not self.schedule.proposals:
            return
        proposal = data.draw(st.sampled_from(self.schedule.proposals))
        if data.draw(st.integers(0, 4)) == 0:
            self.record(e.ProposalDeclined(self.today, proposal.id))
        elif proposal.kind == "resume":
            for level in sorted({level for _, level in proposal.levels}):
                keys = tuple(key for key, at in proposal.levels if at == level)
                self.record(e.HoldLifted(self.today, keys, level))
        elif proposal.kind == "reload":
            self.record(e.ReloadConfirmed(self.today, proposal.treatments[0]))
        elif proposal.kind == "answer":
            response = data.draw(st.sampled_from(("PR", "SD", "NE", "PD")))
            self.record(e.ResponseAssessed(self.today, int(proposal.id.removeprefix("answer-C")), response))
        elif proposal.kind == "stop":
            self.record(e.TreatmentEnded(self.today, "unacceptable toxicity", proposal.treatments))

    @rule(data=st.data(), level=st.sampled_from((None, None, 0, -1, -2, -3)))
    def let_go_on(self, data: st.DataObject, level: int | None) -> None:
        self.record(e.HoldLifted(self.today, self.treatments(data), level))

    @rule(data=st.data())
    def hold(self, data: st.DataObject) -> None:
        self.record(e.HoldOrdered(self.today, self.treatments(data)))

    @rule(data=st.data(), level=st.integers(-3, 0))
    def set_level(self, data: st.DataObject, level: int) -> None:
        self.record(e.DoseLevelSet(self.today, self.treatments(data)[0], level))

    @rule(data=st.data(), days=ADVANCE, slip=st.sampled_from((0, 0, 1, 2, 6, -1)), kind=st.sampled_from("ggm"))
    def take(self, data: st.DataObject, days: int, slip: int, kind: str) -> None:
        self.wait(days)
        near = [i for i in doses(self.schedule) if 0 <= (self.today - i.date).days - slip <= 1]
        near = [item for item in near if item.status in ("planned", "held")]  # twice is refused at the desk
        if near:
            item = data.draw(st.sampled_from(near))
            gives = e.DoseTakenWhileHeld if item.status == "held" else e.DoseGiven
            self.record(gives(self.today, item.id) if kind == "g" else e.DoseMissed(self.today, item.id))

    @rule(data=st.data(), slip=st.integers(-3, 10), appointed=st.booleans())
    def visit(self, data: st.DataObject, slip: int, appointed: bool) -> None:  # noqa: FBT001
        ahead = [c for c in self.schedule.cycles if c.cycle > 1 and abs((c.start - self.today).days) < 10]
        if ahead:
            cycle = data.draw(st.sampled_from(ahead))
            to = cycle.start + timedelta(days=slip)
            self.record(e.VisitMoved(self.today, cycle.cycle, to) if appointed else e.CycleStarted(to, cycle.cycle))

    @rule(data=st.data())
    def weigh(self, data: st.DataObject) -> None:
        self.record(e.WeightMeasured(self.today, Decimal(data.draw(st.integers(50, 90)))))

    @precondition(lambda self: len(self.history.events) > 6)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        if data.draw(st.integers(0, 5)) == 0:
            ended = data.draw(st.sampled_from(((), (self.protocol.treatments[0].key,))))
            self.record(e.TreatmentEnded(self.today, "withdrawal of consent", ended))

    @precondition(lambda self: len(self.history.events) > 3)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        """An entry is taken back: as in a correction, nothing counts in its place, and numbers stay."""
        at = data.draw(st.integers(3, len(self.history.events) - 1))
        events, numbers = list(self.history.events), list(self.history.numbers)
        gone = events.pop(at)
        numbers.pop(at)
        after = History(tuple(events), tuple(numbers))
        self.compare(gone, after)

    # --- what holds after each event --------------------------------------------------------

    def record(self, event: e.Event) -> None:
        number = max(self.history.numbers) + 1
        self.compare(event, History((*self.history.events, event), (*self.history.numbers, number)))

    def compare(self, event: e.Event, history: History) -> None:
        before, self.history = self.schedule, history
        self.schedule = self.built(history)
        known = {item.id: item for item in doses(before)}
        now = {item.id: item for item in doses(self.schedule)}
        for item_id in known.keys() & now.keys():
            if not self.is_moved(event, known[item_id]):
                past_is_the_same(event, known[item_id], now[item_id])
            if isinstance(event, e.ToxicityGraded | e.LabResult) and event in history.events:
                toxicity_raises_nothing(known[item_id], now[item_id], history)
        for item_id in known.keys() - now.keys():
            gone = known[item_id]
            still_there = gone.status == "planned" and gone.date < event.happened_on
            assert not still_there or self.is_moved(event, gone), (event, gone)

    def is_moved(self, event: e.Event, item: Item) -> bool:
        """Whether it is the event's own business to change an item, wherever it lies.

        That is a fact about the dose itself, about the one it is counted from or the one it must not come close to, a
        start that moves cycles, and with them the premedication of the evening before.
        """
        match event:
            case e.CycleStarted() | e.VisitMoved():
                return item.cycle >= event.cycle - 1
            case e.DoseGiven() | e.DoseTakenWhileHeld() | e.DoseMissed():
                day = read_cycle_day(event.item.partition("/")[0])
                return item.cycle >= day.cycle - 1 if day.day == 1 else item.cycle == day.cycle
            case _:
                return item.slot.day < 0

    @invariant()
    def days_and_cycles(self) -> None:
        assert all(item.study_day != 0 for item in self.schedule.items)
        assert all(one.start < other.start for one, other in pairwise(self.schedule.cycles))
        assert [c.cycle for c in self.schedule.cycles] == list(range(1, len(self.schedule.cycles) + 1))
        assert not [key for key, times in Counter(i.id for i in self.schedule.items).items() if times > 1]
        assert len({p.id for p in self.schedule.proposals}) == len(self.schedule.proposals)

    @invariant()
    def nothing_is_planned_while_held(self) -> None:
        held = list(self.holds())
        for item in doses(self.schedule):
            if item.status in ("planned", "not-computable"):
                mine = [(begins, ends) for key, begins, ends in held if key == item.slot.key]
                why = [(begins, ends) for begins, ends in mine if begins <= item.date < (ends or date.max)]
                assert not why, (item.id, item.date, why)

    def holds(self) -> Iterator[tuple[str, date, date | None]]:
        """Every hold by a rule, worked out apart from the engine, and every hold that a person ordered."""
        for span in spans(self.protocol, self.history):
            if not getattr(span.rule.condition, "days", 0):
                yield span.treatment, span.begins, span.ends
        lifts = list(self.history.of(e.HoldLifted))
        for number, ordered in self.history.of(e.HoldOrdered):
            for key in ordered.treatments:
                ends = [
                    lift.happened_on
                    for n, lift in lifts
                    if key in lift.treatments and (lift.happened_on, n) > (ordered.happened_on, number)
                ]
                yield key, ordered.happened_on, min(ends, default=None)

    @invariant()
    def held_doses_name_their_event(self) -> None:
        begins = {
            number
            for number, event in zip(self.history.numbers, self.history.events, strict=True)
            if isinstance(event, e.ToxicityGraded | e.LabResult | e.HoldOrdered)
        }
        for item in doses(self.schedule):
            if item.status == "held":
                named = [re.match(r"Event (\d+), ", reason.text) for reason in item.reasons]
                assert any(found and int(found[1]) in begins for found in named), item

    @invariant()
    def levels_are_those_confirmed(self) -> None:
        for item in doses(self.schedule):
            if item.status == "planned" and table(self.protocol, self.arm, item.slot.key):
                assert item.level == levels_in_force(self.history, item.date).get(item.slot.key, 0), item

    @invariant()
    def one_aldesleukin_a_day(self) -> None:
        coming = [i for i in doses(self.schedule, "aldesleukin") if i.status in ("planned", "given", "not-computable")]
        by_day = Counter(item.date for item in coming if item.status != "given")
        given = {item.date for item in coming if item.status == "given"}
        assert all(times == 1 and day not in given for day, times in by_day.items())

    def teardown(self) -> None:
        if hasattr(self, "schedule"):
            assert self.built(self.history) == self.schedule


def past_is_the_same(event: e.Event, before: Item, after: Item) -> None:
    """A planned dose of a day before the event stays as it was, and none appears there."""
    if before.date < event.happened_on and before.status == "planned":
        assert facts(before) == facts(after), (event, before, after)
    if after.date < event.happened_on and after.status == "planned":
        assert before.status == "planned", (event, before, after)


def toxicity_raises_nothing(before: Item, after: Item, history: History) -> None:
    """An overdue dose that moves behind a level that somebody confirmed meanwhile has that level, and none above."""
    confirmed = levels_in_force(history, after.date).get(after.slot.key, 0)
    if after.date != before.date and before.level < after.level <= confirmed:
        return
    assert after.level <= before.level
    if after.status == "planned":
        assert before.status in ("planned", "given"), (before, after)
        assert after.amount
        assert before.amount
        assert after.amount.value <= before.amount.value


def facts(item: Item) -> tuple[object, ...]:
    return item.date, item.status, item.level, item.rate, item.amount


class AldesleukinRecord(Record):
    name = IL2


class InterleukinRecord(Record):
    name = IL12


class TabletsRecord(Record):
    name = TABLETS


SETTINGS = settings(
    max_examples=60, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
TestAldesleukin = AldesleukinRecord.TestCase
TestInterleukin = InterleukinRecord.TestCase
TestTablets = TabletsRecord.TestCase
TestAldesleukin.settings = TestInterleukin.settings = TestTablets.settings = SETTINGS
