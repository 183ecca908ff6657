"""The command palette: everything that is also done by a key."""

COMMANDS = (
    ("today", "Today", "The worklist"),
    ("enrol", "Enrol", "Enrol a patient"),
    ("protocols", "Protocols", "Read a protocol and its assumptions"),
    ("lock", "Lock", "Hide everything"),
    ("light", "Light or dark", "Change the colours"),
    ("leave", "Leave", "Leave c1d1"),
)
"""The action of the app, its name, what it does."""
