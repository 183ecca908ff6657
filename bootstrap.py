"""From a fresh checkout to a running c1d1: `python bootstrap.py demo|test|check|bench|clean`.

Needs nothing but Python and pip. Any Python from 3.8 may start it; it then looks for a Python 3.11
or newer on the PATH. Everything is installed into `.venv` beside this file, exactly as
`requirements.lock` says, and again only when the lock, pyproject.toml or the Python has changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
OLDEST_PIP = (22, 3)  # the first that has `pip --python`
WINDOWS = os.name == "nt"
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "made-from"
CACHES = [".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis"]

CHECKS = [
    ["ruff", "check"],
    ["ruff", "format", "--check"],
    ["mypy", "--strict", "scheduler", "tui"],
    ["lint-imports", "--no-logo"],
]
USAGE = """\
usage: python bootstrap.py COMMAND [ARGUMENTS]

  demo   a worked clinic in the folder demo     (arguments: another folder)
  test   every check, then the tests            (arguments: for pytest)
  check  lint, format, types, import contracts
  bench  how fast c1d1 is                       (arguments: for tests.bench)
  clean  remove what these commands have made"""


class Stop(Exception):
    """What is wrong and how to mend it, in plain sentences."""


def main(arguments):
    command, *rest = arguments or ["--help"]
    steps = {
        "demo": [["c1d1", "demo", *(rest or ["demo"])]],
        "test": [*CHECKS, ["pytest", "--numprocesses=auto", "--maxprocesses=8", *rest]],
        "check": CHECKS,
        "bench": [["python", "-m", "tests.bench", *rest]],
    }
    if command in ("-h", "--help"):
        print(USAGE)
        return 0
    if command == "clean":
        return clean()
    if command not in steps:
        raise Stop(f"There is no command '{command}'.\n\n{USAGE}")
    if sys.version_info < OLDEST:
        return subprocess.call([newer_python(), str(ROOT / "bootstrap.py"), *arguments])
    install()
    return run(steps[command])


def run(steps):
    """Run every step, also after one has failed; the status is that of the first failure."""
    failures = []
    for name, *rest in steps:
        step = " ".join([name, *rest])
        if len(steps) > 1:
            print(f"\n== {step}", flush=True)
        status = subprocess.call([program(name), *rest], cwd=str(ROOT), env=environment())
        if status:
            failures.append((step, status))
    if failures and len(steps) > 1:
        print("\nFailed: " + "; ".join(step for step, _ in failures), file=sys.stderr)
    return failures[0][1] if failures else 0


def install():
    """Make `.venv`, unless it works and was made from the same lock by the same Python."""
    wanted = stamp()
    made_from = STAMP.read_text(encoding="utf-8") if STAMP.exists() else ""
    if made_from == wanted and answers(program("python"), "-c", "import scheduler"):
        return
    print("Installing the locked packages into .venv (once, under a minute) ...", flush=True)
    if VENV.exists():
        shutil.rmtree(str(VENV))
    # Started from the old .venv, this Python has just lost its home: take the one beneath.
    python = getattr(sys, "_base_executable", None) or sys.executable
    if subprocess.call([python, "-m", "venv", "--without-pip", str(VENV)], env=environment()):
        raise Stop(
            "This Python cannot make a virtual environment. Install its venv module"
            " (Debian, Ubuntu: apt install python3-venv) and try again."
        )
    pip = [*pip_command(python), "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    if subprocess.call([*pip, "--require-hashes", "-r", str(LOCK)], env=environment()):
        raise Stop(
            "The packages of requirements.lock could not be installed; pip says why above."
            " Without a network, or behind a package index of your own, set pip up for it first."
            " If a hash differs, do not use that package, and report it."
        )
    own = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    if subprocess.call([*pip, *own], env=environment()):
        raise Stop("c1d1 itself could not be installed; pip says why above.")
    STAMP.write_text(wanted, encoding="utf-8")


def stamp():
    """What `.venv` is made from. The folder belongs to it: a moved `.venv` is a broken one."""
    parts = [LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes()]
    parts += [text.encode() for text in (sys.version, sys.base_prefix, str(ROOT))]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def pip_command(python):
    """The pip at hand, at work on `.venv`; else the copy that Python carries within."""
    own = program("python")
    version = "tuple(map(int, pip.__version__.split('.')[:2]))"
    for owner in (python, sys.executable):
        if answers(owner, "-c", f"import pip, sys; sys.exit({version} < {OLDEST_PIP})"):
            return [owner, "-m", "pip", "--python", own]
    if answers(own, "-m", "ensurepip"):
        return [own, "-m", "pip"]
    raise Stop(
        "This Python has no pip, or one older than {}.{}. Install pip"
        " (Debian, Ubuntu: apt install python3-pip) and try again.".format(*OLDEST_PIP)
    )


def newer_python():
    """A Python that c1d1 runs on, from the PATH; a name that only looks like one is passed over."""
    names = ["python3.13", "python3.12", "python3.11", "python3.14", "python3", "python"]
    for found in filter(None, map(shutil.which, names)):
        if answers(found, "-c", f"import sys; sys.exit(sys.version_info < {OLDEST})"):
            return found
    raise Stop(
        "c1d1 needs Python {}.{} or newer; this is {}.{}, and the PATH has no other."
        " Install one (python.org/downloads) and try again.".format(*OLDEST, *sys.version_info[:2])
    )


def program(name):
    return str(BIN / (name + (".exe" if WINDOWS else "")))


def answers(*command):
    """Whether a program starts and ends well."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        return subprocess.call(command, cwd=str(ROOT), env=environment(), **quiet) == 0
    except OSError:
        return False


def environment():
    """The caller's environment, without what would lead Python or pip away from `.venv`."""
    strays = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV")
    kept = {name: value for name, value in os.environ.items() if name not in strays}
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])
    return {**kept, "PATH": path, "PIP_USER": "0"}


def clean():
    for folder in [".venv", "demo", "dist", *CACHES]:
        if (ROOT / folder).exists():
            shutil.rmtree(str(ROOT / folder))
    for folder in ("scheduler", "tui", "tests"):
        for cache in list((ROOT / folder).rglob("__pycache__")):
            shutil.rmtree(str(cache))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        sys.exit(str(stop))
    except OSError as error:
        sys.exit(f"{error}. Mend that (is the folder writable, the disk full?) and try again.")
    except KeyboardInterrupt:
        sys.exit(130)
