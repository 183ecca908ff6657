"""An event in words, as the record of a patient shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from scheduler.clinic.rights import meaning
from scheduler.clinic.stock_words import numbers_words, stock_words
from scheduler.clinic.words import day
from scheduler.protocol.wording import listed
from scheduler.quantities import Amount, shown_number
from scheduler.record import events as e
from scheduler.record.assessments import AssessmentDone, AssessmentLeftOut
from scheduler.record.handed_out import CalendarIssued, CalendarRouteChosen, PaperHandedOut, ZoneChanged
from scheduler.record.recorded import Recorded


def event_words(event: e.Event) -> str:
    """What happened, in one sentence without the day."""
    return _of_facts(event) or _of_doses(event) or _of_decisions(event) or stock_words(event) or _of_calendars(event)


def _of_calendars(event: e.Event) -> str:
    match event:
        case CalendarRouteChosen():
            return f"Calendars travel by: {event.route}, in {event.detail} words"
        case CalendarIssued():
            what = "Home schedule" if event.purpose == "home" else "Clinic visits"
            how = f"up to {day(event.until)}, by: {event.route}, in {event.detail} words"
            return f"{what}, issue {event.number} handed out: made from entry {event.made_from}, {how}"
        case ZoneChanged():
            return f"Home doses go by the clock of {event.zone} from {day(event.since)} on"
        case PaperHandedOut():
            what = "Diary" if event.paper == "diary" else "Wall calendar"
            days = f"{day(event.first)} to {day(event.last)}"
            return f"{what} handed out, {days}, in language {event.language}: made from entry {event.made_from}"
        case _:
            return type(event).__name__


def _of_facts(event: e.Event) -> str:
    match event:
        case e.PatientEnrolled():
            arm = f", arm {event.arm}" if event.arm else ""
            at = f", home doses at {event.home_dose_time}" if event.home_dose_time else ""
            protocol = f"{event.protocol}, edition {event.edition}"
            return f"Enrolled: {protocol}{arm}, day 1 on {day(event.day_1)}, zone {event.zone}{at}"
        case e.WeightMeasured():
            return f"Weight {shown_number(event.kg)} kg"
        case e.HeightMeasured():
            return f"Height {shown_number(event.cm)} cm"
        case e.ToxicityGraded():
            causes = [f"{cause.drug}: {cause.degree}" for cause in event.due_to]
            why = f" (due to {listed(causes, 'and')})" if causes else ""
            return f"{event.term}, grade {event.grade}, {event.criteria}{why}"
        case e.LabResult():
            return f"{event.test} {shown_number(event.value)} {event.unit}"
        case e.ResponseAssessed():
            return f"Response before cycle {event.before_cycle}: {event.response}"
        case _:
            return ""


def _of_doses(event: e.Event) -> str:
    match event:
        case e.DoseGiven():
            lot = f"lot {event.lot}" if event.lot else ""
            which = numbers_words(event.syringes) if event.syringes else ""
            said = ", ".join(part for part in (_amount(event.amount), event.time or "", lot, which) if part)
            return f"Given: {event.item}" + (f" ({said})" if said else "")
        case e.DoseTakenWhileHeld():
            said = ", ".join(part for part in (_amount(event.amount), event.time or "") if part)
            return f"Taken while held: {event.item}" + (f" ({said})" if said else "")
        case e.DoseMissed():
            return f"Missed: {event.item}"
        case AssessmentDone():
            return f"Done: {event.item}"
        case AssessmentLeftOut():
            return f"Not done: {event.item}"
        case e.CycleStarted():
            return f"Cycle {event.cycle} began"
        case e.VisitMoved():
            return f"Day 1 of cycle {event.cycle} is on {day(event.to)}"
        case _:
            return ""


def _amount(amount: Amount | None) -> str:
    return str(amount.rounded()) if amount else ""


def _of_decisions(event: e.Event) -> str:
    match event:
        case e.HoldOrdered():
            return f"Hold ordered: {listed(event.treatments, 'and')}"
        case e.HoldLifted():
            at = "at the same dose" if event.level is None else f"at level {event.level}"
            return f"Goes on {at}: {listed(event.treatments, 'and')}"
        case e.DoseLevelSet():
            return f"Level {event.level} set: {event.treatment}"
        case e.ReloadConfirmed():
            return f"To be loaded again: {event.treatment}"
        case e.ProposalDeclined():
            return f"Declined: {event.proposal}"
        case e.ProtocolAmended():
            return f"Amended: {event.protocol}, edition {event.edition} counts from here on"
        case e.TreatmentEnded():
            which = listed(event.treatments, "and") if event.treatments else "all treatment"
            return f"Ended: {which}, {event.reason}"
        case e.AssumptionConfirmed():
            return f"Assumption {event.number} of {event.protocol}, edition {event.edition}, confirmed: {event.text}"
        case e.EventCorrected():
            return _correction(event)
        case _:
            return ""


def _correction(event: e.EventCorrected) -> str:
    if event.replacement is None:
        return f"Entry {event.number} was wrong and counts no more"
    now = event.replacement
    return f"Entry {event.number} was wrong; it is now: {event_words(now)}, on {day(now.happened_on)}"


def entry_lines(entries: Sequence[Recorded], zone: tzinfo | None = UTC) -> list[str]:
    """Every entry with who, when by the clocks of a zone, and why; what was corrected keeps its old value."""
    corrected: dict[int, list[int]] = {}
    for entry in entries:
        if isinstance(entry.event, e.EventCorrected):
            corrected.setdefault(entry.event.number, []).append(entry.number)
    width = len(str(entries[-1].number)) if entries else 1
    lines: list[str] = []
    for entry in entries:
        lines.append(f"{entry.number:>{width}}  {day(entry.event.happened_on)}  {event_words(entry.event)}")
        lines.append(f"{'':>{width}}  {_signature(entry, zone)}")
        if entry.number in corrected:
            by = listed([str(number) for number in corrected[entry.number]], "and")
            changed = "CHANGED AFTER ITS SIGNATURE" if entry.authenticated else "CORRECTED"
            lines.append(f"{'':>{width}}  {changed} by entry {by}; what stands above is the old value")
    return lines


def _signature(entry: Recorded, zone: tzinfo | None) -> str:
    """Who, when, in which role and why; and what the signature means, or that nobody proved who they were."""
    moment = moment_words(entry.recorded_at, zone)
    why = f": {entry.reason}" if entry.reason else ""
    if entry.authenticated:
        return f"{meaning(entry.event)} and signed {moment} by {entry.recorded_by}, {entry.role}{why}"
    return f"recorded, not authenticated, {moment} by {entry.recorded_by}, {entry.role}{why}"


def moment_words(moment: datetime, zone: tzinfo | None) -> str:
    """'2026-01-20 13:00 UTC+1': the time on the clocks of a zone (None: of this computer), and their way from UTC."""
    there = moment.astimezone(zone)
    minutes = int((there.utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    off = f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "") if minutes else ""
    return f"{there:%Y-%m-%d %H:%M} UTC{off}"
