"""Open proposals of a patient: follow one, or decide against it. Either is signed by a named person."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scheduler.clinic import orders
from scheduler.clinic.choices import confirmation, to_judge
from scheduler.clinic.patient_view import PatientView
from scheduler.engine.schedule import Proposal
from tui import forms, messages
from tui.entry import Entry
from tui.screens.choose import ChooseScreen

if TYPE_CHECKING:
    from tui.screens.patient import PatientScreen


def settle(screen: PatientScreen, view: PatientView) -> None:
    """Follow a proposal: the only one at once, else one that is chosen."""
    _with_proposal(screen, view, "FOLLOW WHICH PROPOSAL", lambda proposal: follow(screen, view, proposal))


def decline(screen: PatientScreen, view: PatientView) -> None:
    """Decide against a proposal; the preview asks for the reason."""

    def against(proposal: Proposal) -> None:
        entry = Entry(view.subject, f"Decline {proposal.id}", lambda scene: orders.decline(scene, proposal.id))
        screen.preview(entry)

    _with_proposal(screen, view, "DECIDE AGAINST WHICH PROPOSAL", against)


def follow(screen: PatientScreen, view: PatientView, proposal: Proposal) -> None:
    """Straight to the preview, or to the form that the proposal asks for."""
    if proposal.kind == "answer":
        screen.fill_in(forms.response(view))
    elif proposal.kind == "judge":
        _judge(screen, view, proposal)
    elif proposal.kind in ("stop", "remove"):
        screen.fill_in(forms.end(view, proposal))
    else:
        screen.preview(Entry(view.subject, f"Confirm {proposal.id}", confirmation(proposal, "")))


def _judge(screen: PatientScreen, view: PatientView, proposal: Proposal) -> None:
    """The cause is missing in an entry that is there: that entry is corrected, and no second toxicity opened."""
    from tui.screens.toxicity import ToxicityScreen

    asked = to_judge(view.chart, proposal)
    if asked is None:
        screen.status("This one asks for another entry: correct it in the history (h).")
        return
    reason = f"The cause was judged ({proposal.id})"
    screen.app.push_screen(ToxicityScreen(view, forms.Was(*asked), reason), screen.recorded)


def _with_proposal(screen: PatientScreen, view: PatientView, title: str, act: Callable[[Proposal], None]) -> None:
    found = {proposal.id: proposal for proposal in view.proposals}
    if not found:
        screen.status(messages.NO_PROPOSAL)
    elif len(found) == 1:
        act(next(iter(found.values())))
    else:
        choices = [(key, f"{key}: {proposal.text}") for key, proposal in found.items()]
        screen.app.push_screen(ChooseScreen(title, choices), lambda key: act(found[key]) if key else None)
