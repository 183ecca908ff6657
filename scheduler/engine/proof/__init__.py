"""`prove`: every sequence of grades, confirmations and late visits up to a bound, and the laws in each state.

Two searches, both shortest first. The first takes every move in every state, up to some events within some
cycles. The second goes on where the first must stop: one toxicity after another, each resolved and confirmed,
until every occurrence and every level that the protocol writes has been passed.
"""

from __future__ import annotations

from scheduler.engine.proof.laws import COUNT
from scheduler.engine.proof.search import Breach, Proof, arms_to_prove, prove

__all__ = ["COUNT", "Breach", "Proof", "arms_to_prove", "prove"]
