"""The guards of revision 0001: triggers that turn down whatever would change what is written.

The rules are the same in both databases. On insert they come first because `INSERT OR REPLACE` and
`ON CONFLICT DO UPDATE` would otherwise pass by the guards against deleting and changing.
"""

from __future__ import annotations

NEVER = {
    "events": "events are never changed; record a correction instead",
    "seals": "seals are never changed",
    "protocols": "a protocol that a patient was enrolled on is never changed",
}
THERE = """EXISTS (SELECT 1 FROM events WHERE position = NEW.position OR event_id = NEW.event_id
    OR (subject = NEW.subject AND number = NEW.number))"""
BEFORE = "(SELECT seal FROM events WHERE subject = NEW.subject AND number = NEW.number - 1)"
NO_SUCH = "NOT EXISTS (SELECT 1 FROM events WHERE subject = NEW.subject AND number = NEW.number AND seal = NEW.seal)"
IN_ORDER = {  # what must not be true of a new row, and what is said if it is
    "events": (
        (THERE, NEVER["events"]),
        (
            "NEW.position <> 1 + COALESCE((SELECT MAX(position) FROM events), 0)",
            "events follow one another without a gap",
        ),
        (
            "NEW.number <> 1 + COALESCE((SELECT MAX(number) FROM events WHERE subject = NEW.subject), 0)",
            "the events of a patient are numbered without a gap",
        ),
        (f"NEW.prev_seal <> COALESCE({BEFORE}, '')", "an event continues the seal of the one before"),
    ),
    "heads": (
        ("EXISTS (SELECT 1 FROM heads WHERE subject = NEW.subject)", "a patient has one head"),
        (NO_SUCH, "a head names the last event of its patient"),
    ),
    "protocols": (("EXISTS (SELECT 1 FROM protocols WHERE digest = NEW.digest)", NEVER["protocols"]),),
    "seals": (
        ("NEW.number <> 1 + COALESCE((SELECT MAX(number) FROM seals), 0)", "seals follow one another without a gap"),
        (
            "NEW.prev_sha256 <> COALESCE((SELECT sha256 FROM seals WHERE number = NEW.number - 1), '')",
            "a seal continues the one before",
        ),
    ),
}
HEAD_MOVES = (
    (
        f"NEW.subject <> OLD.subject OR NEW.number <= OLD.number OR {NO_SUCH}",
        "a head only moves on to the last event of its patient",
    ),
)
KEPT = {**NEVER, "heads": "the head of a patient is never deleted"}
NEVER_FUNCTION = """CREATE FUNCTION c1d1_never() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '%%', TG_ARGV[0]; END $$"""


def _sqlite() -> list[str]:
    def guard(name: str, moment: str, checks: tuple[tuple[str, str], ...]) -> str:
        # A comparison with a missing value is neither true nor false; STRICT and NOT NULL keep those out first.
        lines = "".join(f" SELECT RAISE(ABORT, '{said}') WHERE {fault};" for fault, said in checks)
        return f"CREATE TRIGGER {name} BEFORE {moment} BEGIN{lines} END"

    statements = [guard(f"{table}_in_order", f"INSERT ON {table}", checks) for table, checks in IN_ORDER.items()]
    statements += [guard(f"{table}_never_changed", f"UPDATE ON {table}", (("1", s),)) for table, s in NEVER.items()]
    statements += [guard(f"{table}_never_deleted", f"DELETE ON {table}", (("1", s),)) for table, s in KEPT.items()]
    return [*statements, guard("heads_move_on", "UPDATE ON heads", HEAD_MOVES)]


def _postgresql() -> list[str]:
    def function(name: str, checks: tuple[tuple[str, str], ...]) -> str:
        lines = "".join(f" IF {fault} THEN RAISE EXCEPTION '{said}'; END IF;" for fault, said in checks)
        return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN{lines} RETURN NEW; END $$"

    def trigger(name: str, moment: str, table: str, call: str, each: str = "ROW") -> list[str]:
        made = f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH {each} EXECUTE FUNCTION {call}"
        return [made, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"]

    statements = [NEVER_FUNCTION]
    for table, checks in IN_ORDER.items():
        name = f"{table}_in_order"
        statements += [function(f"c1d1_{name}", checks), *trigger(name, "INSERT", table, f"c1d1_{name}()")]
    for table, said in NEVER.items():
        statements += trigger(f"{table}_never_changed", "UPDATE", table, f"c1d1_never('{said}')")
    for table, said in KEPT.items():
        statements += trigger(f"{table}_never_deleted", "DELETE", table, f"c1d1_never('{said}')")
        statements += trigger(f"{table}_never_emptied", "TRUNCATE", table, f"c1d1_never('{said}')", "STATEMENT")
    statements.append(function("c1d1_heads_move_on", HEAD_MOVES))
    return statements + trigger("heads_move_on", "UPDATE", "heads", "c1d1_heads_move_on()")


_NAMES = [
    *(f"{table}_in_order" for table in IN_ORDER),
    *(f"{table}_never_changed" for table in NEVER),
    *(f"{table}_never_deleted" for table in KEPT),
    "heads_move_on",
]
NAMES = {"sqlite": _NAMES, "postgresql": [*_NAMES, *(f"{table}_never_emptied" for table in KEPT)]}
STATEMENTS = {"sqlite": _sqlite(), "postgresql": _postgresql()}
