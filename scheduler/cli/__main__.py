"""`python -m scheduler.cli`, where the command c1d1 is not on the path."""

from scheduler.cli import main

main(prog_name="c1d1")
