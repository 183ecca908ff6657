"""The laws that hold in every state, as people read them."""

from __future__ import annotations

from scheduler.engine.proof import dose_laws, hold_laws, past_laws
from scheduler.engine.proof.faults import Case, Fault, Law

LAWS: tuple[Law, ...] = tuple(
    Law((find.__doc__ or "").strip(), find)
    for find in (
        dose_laws.nothing_comes_while_held,
        dose_laws.every_strength_is_held,
        hold_laws.nothing_comes_while_stopping_is_asked,
        dose_laws.nothing_comes_after_the_end,
        dose_laws.amounts_keep_to_the_level,
        dose_laws.toxicity_never_raises_a_dose,
        hold_laws.resumption_never_raises,
        hold_laws.reductions_are_proposed,
        dose_laws.no_two_doses_on_a_day,
        hold_laws.every_hold_has_a_way_out,
        hold_laws.stopping_comes_before_resuming,
        hold_laws.lengths_agree,
        hold_laws.causes_are_held_or_asked,
        hold_laws.confirmed_proposals_go,
        past_laws.the_past_stays,
        dose_laws.held_doses_name_their_event,
        dose_laws.no_treatment_comes_too_close,
        dose_laws.spacing_is_kept_or_said,
    )
)
EVERY_RULE_FIRES = "Every rule fires in some state."
COUNT = len(LAWS) + 1


def broken(case: Case) -> list[tuple[Law, Fault]]:
    """The laws that a state breaks, each with the first thing that is wrong."""
    found = ((law, next(law.find(case), None)) for law in LAWS)
    return [(law, fault) for law, fault in found if fault is not None]
