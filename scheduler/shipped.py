"""Where the shipped protocols stand: beside this file in a wheel, else in the checkout."""

from pathlib import Path


def protocols_folder() -> Path:
    here = Path(__file__).resolve().parent
    packed = here / "shipped_protocols"
    return packed if packed.is_dir() else here.parent / "protocols"


def translations_folder() -> Path:
    """The catalogues of the patients' papers, one file for each language."""
    return Path(__file__).resolve().parent / "outputs" / "translations"
