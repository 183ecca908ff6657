"""The app of one tab of a browser: `python -m tui`, started by `c1d1 serve`; home and record from the environment."""

from scheduler.clinic.home import find_home
from tui.opening import run

run(find_home())
