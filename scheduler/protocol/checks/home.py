"""Treatments at home: marks, routes, times of day, forms."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from scheduler.problems import Place
from scheduler.protocol.checks.checking import Checking
from scheduler.protocol.meaning import Give, GivenWhere, Supply
from scheduler.protocol.model import Treatment

NIGHT_ENDS = "04:00"
ROUTES_OF_FORMS = {
    "pre-filled syringe": ("subcutaneous", "intramuscular"),
    "vial": ("subcutaneous", "intramuscular"),
    "tablets": ("oral",),
    "capsules": ("oral",),
}
TIMES = ("home_dose_time", "evening_time", "morning_time")


def _at_home(c: Checking) -> dict[str, GivenWhere]:
    return {given.treatment: given for given, _ in c.protocol.effects(GivenWhere) if given.by == "patient"}


def marks_differ(c: Checking) -> None:
    """Every treatment taken at home has a mark, and neither shape nor letter of another."""
    home = _at_home(c)
    seen: dict[str, Treatment] = {}
    for treatment in c.protocol.treatments:
        if treatment.key in home and not treatment.mark:
            c.problem(
                treatment.place,
                "home-without-mark",
                f"{treatment.key} is taken at home and has no mark.",
                "Add 'mark:' with a shape and a letter, like 'circle A'.",
            )
        for part in treatment.mark.split():
            other = seen.setdefault(part, treatment)
            if other is not treatment:
                c.problem(
                    c.word_place(treatment.place, treatment.mark),
                    "mark-twice",
                    f"{treatment.key} has '{part}' in its mark, as {other.key} has in line {other.place.line}.",
                    "Give each its own shape and its own letter, so that two syringes cannot be confused.",
                )
                break


def no_infusion_at_home(c: Checking) -> None:
    home = _at_home(c)
    for give, _ in c.protocol.effects(Give):
        given = home.get(give.dose.treatment)
        if given is not None and give.dose.route == "intravenous":
            c.problem(
                c.word_place(give.dose_place, "intravenous"),
                "infusion-at-home",
                f"{give.dose.treatment} runs into a vein here, and line {given.place.line} leaves it to the patient.",
                f"Write '- {give.dose.treatment}: clinic' there, or correct the route.",
            )


def clinic_sets_its_times(c: Checking) -> None:
    """Times of day, and several doses a day, are for treatments taken at home."""
    clinic = {given.treatment: given for given, _ in c.protocol.effects(GivenWhere) if given.by == "clinic"}
    for give, _ in c.protocol.effects(Give):
        given = clinic.get(give.dose.treatment)
        if given is not None and (give.dose.at or give.dose.times_daily > 1):
            c.problem(
                give.dose_place,
                "times-in-clinic",
                f"This line names times of day, and the clinic gives {give.dose.treatment} (see line "
                f"{given.place.line}) at its own time, once a day.",
                "Take the times out, or let the patient give it.",
            )


def no_night_doses(c: Checking) -> None:
    times = [(time, give.dose_place) for give, _ in c.protocol.effects(Give) for time in give.dose.at]
    times += [(s.value, s.place) for s, _ in c.protocol.settings() if s.policy in TIMES]
    for time, place in times:
        if time < NIGHT_ENDS:
            c.problem(
                c.word_place(place, time),
                "night-dose",
                f"{time} is in the night, when clocks change and calendars disagree.",
                f"Write a time from {NIGHT_ENDS} on.",
            )


def home_times_stay_on_their_day(c: Checking) -> None:
    """A home dose, however early or late in its window, is taken on its own date and apart from the next."""
    hours = c.protocol.setting("home_dose_window").split(" ")[0]
    if not hours:
        return
    window = timedelta(hours=int(hours))
    times: list[tuple[tuple[str, ...], Place]] = []
    times += [((s.value,), s.place) for s, _ in c.protocol.settings() if s.policy in TIMES]
    times += [(give.dose.at, give.dose_place) for give, _ in c.protocol.effects(Give) if give.dose.at]
    for taken, place in times:
        clocks = [timedelta(hours=int(time[:2]), minutes=int(time[3:])) for time in taken]
        if clocks[0] < window or clocks[-1] + window >= timedelta(days=1):
            _out_of_window(c, place, taken, hours, "leave their date")
        elif any(later - earlier <= 2 * window for earlier, later in pairwise(clocks)):
            _out_of_window(c, place, taken, hours, "meet each other")


def _out_of_window(c: Checking, place: Place, times: tuple[str, ...], hours: str, what: str) -> None:
    c.problem(
        c.word_place(place, times[0]),
        "home-times-too-wide",
        f"Doses at {' and '.join(times)}, up to {hours} hour{'' if hours == '1' else 's'} early or late, can {what}.",
        "Write a shorter 'home_dose_window', or other times.",
    )


def forms_fit(c: Checking) -> None:
    """What is handed out is for a treatment at home, fits its route, and a syringe has a product to be drawn from."""
    home = _at_home(c)
    routes = {give.dose.treatment: give.dose.route for give, _ in c.protocol.effects(Give)}
    for supply, _ in c.protocol.effects(Supply):
        treatment, route = c.protocol.treatment(supply.treatment), routes.get(supply.treatment)
        if supply.treatment not in home:
            what = f"{supply.treatment} is handed out here, and nothing leaves it to the patient."
            mend = f"Take the line out, or write '- {supply.treatment}: patient' under 'given_by'."
            c.problem(supply.place, "supply-in-clinic", what, mend)
        elif route not in (None, "intravenous", *ROUTES_OF_FORMS[supply.form]):
            what = f"{supply.treatment} is handed out as {supply.form}, and its route is {route}."
            c.problem(supply.place, "form-against-route", what, "Correct the form, or the route in 'give'.")
        elif supply.form == "pre-filled syringe" and not treatment.product:
            what = f"{supply.treatment} comes in syringes, and no product says how they are drawn up."
            mend = f"Add 'product:' under {supply.treatment}, with the name of its file in products."
            c.problem(treatment.place, "syringe-without-product", what, mend)


def products_hold_one_drug(c: Checking) -> None:
    seen: dict[str, Treatment] = {}
    for treatment in c.protocol.treatments:
        other = seen.setdefault(treatment.product, treatment) if treatment.product else treatment
        if other.drug != treatment.drug:
            c.problem(
                c.word_place(treatment.place, treatment.drug),
                "product-of-two-drugs",
                f"{treatment.key} has the product of {other.key} (line {other.place.line}) and another drug.",
                "Write the same drug for both, or the product that belongs to each.",
            )
