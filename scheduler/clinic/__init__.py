"""The imperative shell: opens protocols and the log, records, asks the engine."""

from scheduler.clinic.plans import Faulty, PlanRequest, make_plan, open_protocol

__all__ = ["Faulty", "PlanRequest", "make_plan", "open_protocol"]
