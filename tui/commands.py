"""The commands of the whole app; those of a screen are its keys."""

from tui.screens.palette import Command

COMMANDS = (
    Command("Today's list", "", "app.today"),
    Command("Enrol a patient", "F4", "app.enrol"),
    Command("Protocols and their assumptions", "F6", "app.protocols"),
    Command("Syringes to draw up", "F7", "app.syringes"),
    Command("Lock: hide everything", "F8", "app.lock"),
    Command("Light or dark colours", "", "app.light"),
    Command("Help", "F1", "app.help"),
    Command("Leave c1d1", "Ctrl+Q", "app.quit"),
)
