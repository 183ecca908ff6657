"""The guards of revision 0002: accounts are retired and never deleted, and their log only grows.

As soon as there is one account, only people with accounts record. As in `guards_0001`, those on insert keep out
`INSERT OR REPLACE` and `ON CONFLICT DO UPDATE` as well.
"""

from __future__ import annotations

_LAST = "(SELECT seal FROM account_log WHERE number = NEW.number - 1)"
_HAS_ACCOUNT = """EXISTS (SELECT 1 FROM accounts WHERE name = NEW.recorded_by AND role = NEW.role
    AND role NOT IN ('monitor', 'admin') AND retired_at IS NULL)"""
CHECKED = {  # what must not be true of a row that comes in or is changed, and what is said if it is
    "account_log_in_order": (
        "INSERT ON account_log",
        (
            (
                "NEW.number <> 1 + COALESCE((SELECT MAX(number) FROM account_log), 0)",
                "the notes of the account log follow one another without a gap",
            ),
            (f"NEW.prev_seal <> COALESCE({_LAST}, '')", "a note of the account log continues the one before"),
        ),
    ),
    "accounts_made_once": (
        "INSERT ON accounts",
        (("EXISTS (SELECT 1 FROM accounts WHERE key = NEW.key OR name = NEW.name)", "an account is never replaced"),),
    ),
    "accounts_keep_their_names": (
        "UPDATE ON accounts",
        (
            (
                "NEW.key <> OLD.key OR NEW.name <> OLD.name OR NEW.created_at <> OLD.created_at",
                "the name of an account is never given to somebody else",
            ),
        ),
    ),
    "events_by_accounts": (
        "INSERT ON events",
        (
            (
                f"EXISTS (SELECT 1 FROM accounts) AND (NEW.authenticated = 0 OR NOT {_HAS_ACCOUNT})",  # noqa: S608 - no input
                "only a person with an account in this role, who proved who they are, may record",
            ),
        ),
    ),
}
_LOG, _ACCOUNT = "the account log is never changed", "an account is never deleted; retire it"
NEVER = {
    "account_log_never_changed": ("UPDATE ON account_log", _LOG),
    "account_log_never_deleted": ("DELETE ON account_log", _LOG),
    "accounts_never_deleted": ("DELETE ON accounts", _ACCOUNT),
}
EMPTIED = {
    "account_log_never_emptied": ("TRUNCATE ON account_log", _LOG),
    "accounts_never_emptied": ("TRUNCATE ON accounts", _ACCOUNT),
}


def _sqlite() -> list[str]:
    every = {**CHECKED, **{name: (moment, (("1", said),)) for name, (moment, said) in NEVER.items()}}
    statements = []
    for name, (moment, checks) in every.items():
        lines = "".join(f" SELECT RAISE(ABORT, '{said}') WHERE {fault};" for fault, said in checks)
        statements.append(f"CREATE TRIGGER {name} BEFORE {moment} BEGIN{lines} END")
    return statements


def _postgresql() -> list[str]:
    def trigger(name: str, moment: str, call: str, each: str = "ROW") -> list[str]:
        made = f"CREATE TRIGGER {name} BEFORE {moment} FOR EACH {each} EXECUTE FUNCTION {call}"
        return [made, f"ALTER TABLE {moment.rpartition(' ')[2]} ENABLE ALWAYS TRIGGER {name}"]

    statements = []
    for name, (moment, checks) in CHECKED.items():
        lines = "".join(f" IF {fault} THEN RAISE EXCEPTION '{said}'; END IF;" for fault, said in checks)
        statements.append(
            f"CREATE FUNCTION c1d1_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN{lines} RETURN NEW; END $$"
        )
        statements += trigger(name, moment, f"c1d1_{name}()")
    for name, (moment, said) in NEVER.items():
        statements += trigger(name, moment, f"c1d1_never('{said}')")
    for name, (moment, said) in EMPTIED.items():
        statements += trigger(name, moment, f"c1d1_never('{said}')", "STATEMENT")
    return statements


NAMES = {"sqlite": [*CHECKED, *NEVER], "postgresql": [*CHECKED, *NEVER, *EMPTIED]}
STATEMENTS = {"sqlite": _sqlite(), "postgresql": _postgresql()}
