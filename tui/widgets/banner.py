"""Whose record this is: two lines on top of every screen of one patient, never covered."""

from __future__ import annotations

from textual.widgets import Static

from scheduler.clinic.chart import Chart
from scheduler.clinic.patient_view import PatientView
from scheduler.clinic.words import day
from tui.ui_text import ui_lines


class Banner(Static):
    """Number, protocol, arm and day 1; then cycle, day and measures."""

    def show(self, view: PatientView) -> None:
        cycle = view.cycle
        at = "before day 1"
        if cycle is not None and cycle.start <= view.seen:
            at = f"C{cycle.cycle}D{(view.seen - cycle.start).days + 1}"
        shown = f"seen on {day(view.seen)}: {at}" if view.known_at else f"Today {day(view.seen)}: {at}"
        old = f"   AS KNOWN AT ENTRY {view.known_at}" if view.known_at else ""
        self.update(ui_lines([f" {who(view.chart)}{old}", f" {shown}   {view.measures}"]))

    def show_chart(self, chart: Chart, second: str) -> None:
        self.update(ui_lines([f" {who(chart)}", f" {second}"]))


def who(chart: Chart) -> str:
    """'S-001   trastuzumab-il2, edition 1   day 1 Mon 2026-11-02'."""
    arm = f", arm {chart.arm}" if chart.arm else ""
    edition = f"{chart.protocol.name}, edition {chart.protocol.edition}{arm}"
    return f"{chart.subject}   {edition}   day 1 {day(chart.history.day_1)}"
