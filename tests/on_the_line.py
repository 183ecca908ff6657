"""A ward on the command line: a fresh data folder, a day that the tests set, and what the commands say."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler.cli import main
from scheduler.clinic import home


class Ward:
    """Runs `c1d1` in its own folder, as K. Berg, on a day."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder, self._patch = folder, patch
        patch.setenv("C1D1_HOME", str(folder))
        patch.delenv("C1D1_DB", raising=False)
        patch.setenv("C1D1_BY", "K. Berg")
        self.on("2026-06-30")

    def on(self, day: str) -> Ward:
        """From now on it is that day."""
        moment = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
        self._patch.setattr(home, "now", lambda: moment)
        return self

    def run(self, *words: str) -> Result:
        result = CliRunner().invoke(main, list(words))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    def says(self, *words: str) -> str:
        """What a command prints that does its work; lines as one text, so that wrapping does not matter."""
        result = self.run(*words)
        assert result.exit_code == 0, result.output
        return re.sub(r"\s+", " ", result.stdout)

    def refuses(self, *words: str) -> str:
        """The sentence with which a command refuses; the command in one text or in words."""
        result = self.run(*(words[0].split() if len(words) == 1 else words))
        assert result.exit_code == 1, result.output
        assert result.stdout == ""
        return result.stderr.strip()

    def records(self, what: str, *more: str) -> str:
        """`records("weight S1 71", "--on", ...)`."""
        return self.says("record", *what.split(), *more)

    def items(self, subject: str, through: str, *more: str) -> dict[str, dict[str, object]]:
        """The schedule as data, by id."""
        table = self.data(subject, through, *more)
        return {item["id"]: item for item in table["items"]}

    def data(self, subject: str, through: str, *more: str) -> dict[str, list[dict[str, object]]]:
        text = self.run("schedule", subject, "--through", through, "--format", "json", *more).stdout
        return json.loads(text)

    def doses(self, subject: str, first: str, last: str, *keys: str) -> list[str]:
        """'2026-01-14 C1D10 aldesleukin_intermediate held 0 12 million units/m2', each dose of these days."""
        found = self.items(subject, last).values()
        return [
            f"{i['date']} {i['id'].replace('/', ' ')} {i['status']} {i['level']}"
            + (f" {i['rate']['value']} {i['rate']['unit']}" if i["rate"] else "")
            for i in found
            if i["kind"] == "dose" and first <= i["date"] <= last and (not keys or i["treatment"] in keys)
        ]

    def proposals(self, subject: str, on: str) -> list[str]:
        """The ids of the open proposals as seen on a day."""
        return [p["id"] for p in self.data(subject, "2026-06-30", "--on", on)["proposals"]]


def enrol_a(ward: Ward, subject: str = "A1") -> None:
    """165 cm, 70 kg, day 1 on Monday 2026-01-05, on trastuzumab with aldesleukin."""
    ward.says(
        *("patient", "enrol", subject, "--protocol", "trastuzumab-il2"),
        *("--start", "2026-01-05", "--height", "165", "--weight", "70"),
    )


def enrol_b(ward: Ward, subject: str = "B1") -> None:
    """The same patient in cohort 3 of trastuzumab, paclitaxel and interleukin-12."""
    ward.says(
        *("patient", "enrol", subject, "--protocol", "trastuzumab-paclitaxel-il12", "--arm", "cohort-3"),
        *("--start", "2026-01-05", "--height", "165", "--weight", "70"),
    )
