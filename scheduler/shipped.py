"""Where the shipped protocols stand: beside this file in a wheel, else in the checkout."""

from pathlib import Path


def protocols_folder() -> Path:
    here = Path(__file__).resolve().parent
    packed = here / "shipped_protocols"
    return packed if packed.is_dir() else here.parent / "protocols"
