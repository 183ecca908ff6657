"""What is handed out, and the entry that says so: calendars, papers, syringes.

Outputs are drawn from a chart, given to somebody, and recorded with what they held. Both doors, the command line and
the app, hand out through here.
"""
