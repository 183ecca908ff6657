"""The guards of revision 0003: a place for calendars belongs to one patient of the record, and to no other.

One address given for two patients would put the doses of one on the phone of the other.
"""

from __future__ import annotations

_OTHER = "(subject <> NEW.subject OR purpose <> NEW.purpose)"
_TAKEN = f"EXISTS (SELECT 1 FROM places WHERE {_OTHER} AND route = 'caldav' AND place = NEW.place)"  # noqa: S608 - no input
_KNOWN = f"""EXISTS (SELECT 1 FROM places WHERE ({_OTHER} AND secret = NEW.secret) OR former = NEW.secret)"""  # noqa: S608 - as above
_RULES = (
    (
        "NOT EXISTS (SELECT 1 FROM heads WHERE subject = NEW.subject)",
        "a place for calendars belongs to a patient of the record",
    ),
    (f"NEW.route = 'caldav' AND {_TAKEN}", "this calendar on the server belongs to another patient or purpose"),
    (f"NEW.secret <> '' AND {_KNOWN}", "a secret name is given once"),
)
CHECKED = {
    "places_of_patients": ("INSERT ON places", _RULES),
    "places_keep_apart": (
        "UPDATE ON places",
        (
            (
                "NEW.subject <> OLD.subject OR NEW.purpose <> OLD.purpose",
                "a place for calendars is never given to another patient",
            ),
            *_RULES,
        ),
    ),
}


def _sqlite() -> list[str]:
    def lines(checks: tuple[tuple[str, str], ...]) -> str:
        return "".join(f" SELECT RAISE(ABORT, '{said}') WHERE {fault};" for fault, said in checks)

    return [
        f"CREATE TRIGGER {name} BEFORE {moment} BEGIN{lines(checks)} END" for name, (moment, checks) in CHECKED.items()
    ]


def _postgresql() -> list[str]:
    statements = []
    for name, (moment, checks) in CHECKED.items():
        lines = "".join(f" IF {fault} THEN RAISE EXCEPTION '{said}'; END IF;" for fault, said in checks)
        statements += [
            f"CREATE FUNCTION c1d1_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN{lines} RETURN NEW; END $$",
            f"CREATE TRIGGER {name} BEFORE {moment} FOR EACH ROW EXECUTE FUNCTION c1d1_{name}()",
            f"ALTER TABLE places ENABLE ALWAYS TRIGGER {name}",
        ]
    return statements


NAMES = {"sqlite": list(CHECKED), "postgresql": list(CHECKED)}
STATEMENTS = {"sqlite": _sqlite(), "postgresql": _postgresql()}
