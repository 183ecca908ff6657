"""A patient's calendar in real programs, from a feed and from Radicale, through a hold and a resumption."""

from __future__ import annotations

import argparse
import functools
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol

from tests.publish_servers import ACCOUNT, PASSWORD, Radicale, radicale_in
from tests.real_clients.thunderbird import Thunderbird, ThunderbirdPhone

SUBJECT = "S-001"
ROUTES = ("feed", "caldav")
KHAL = """[calendars]
[[home]]
path = {home}
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[sqlite]
path = {folder}/khal.db
"""
SYNC = """[general]
status_path = "{folder}/status"
[pair home]
a = "there"
b = "here"
collections = null
conflict_resolution = "a wins"
[storage here]
type = "filesystem"
path = "{home}"
fileext = ".ics"
[storage there]
read_only = true
"""
THERE = {
    "feed": 'type = "http"\nurl = "{url}"\n',
    "caldav": 'type = "caldav"\nurl = "{url}"\nusername = "{user}"\npassword = "{password}"\n',
}


class Patient:
    """c1d1 on the command line, for one patient."""

    def __init__(self, folder: Path) -> None:
        secret = folder / "password"
        secret.touch(mode=0o600)
        secret.write_text(PASSWORD, encoding="utf-8")
        said = {"C1D1_HOME": str(folder / "home"), "C1D1_BY": "N. Example", "C1D1_CALDAV_PASSWORD_FILE": str(secret)}
        self._environment = {**os.environ, **said}

    def c1d1(self, words: str) -> str:
        command = [sys.executable, "-m", "scheduler.cli", *words.split()]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"c1d1 {words}: {done.stderr}")
        return done.stdout


class Phone(Protocol):
    """A program that fetches a calendar, and shows it."""

    def synchronise(self) -> str: ...
    def shown(self) -> dict[str, str]: ...
    def text(self, day: str) -> str: ...


class KhalPhone:
    """vdirsyncer and khal in a folder of their own."""

    def __init__(self, folder: Path, clients: Path, route: str, url: str) -> None:
        self._folder, self._clients, self._home = folder, clients, folder / "entries"
        self._home.mkdir(parents=True)
        names = {"folder": folder, "home": self._home, "url": url, "user": ACCOUNT, "password": PASSWORD}
        (folder / "sync").write_text((SYNC + THERE[route]).format(**names), encoding="utf-8")
        (folder / "khal").write_text(KHAL.format(**names), encoding="utf-8")
        self._run("vdirsyncer", "-c", "sync", "discover")

    def synchronise(self) -> str:
        return self._run("vdirsyncer", "-c", "sync", "sync")

    def shown(self) -> dict[str, str]:
        """What khal shows, by day: the title, and a bell where it rings."""
        words = ("list", "--format", "{start-date}|{title}{alarm-symbol}", "--day-format", "", "today", "60d")
        lines = self._run("khal", "-c", "khal", *words).splitlines()
        return dict(line.split("|", 1) for line in lines if "|" in line)

    def text(self, day: str) -> str:
        """What stands below the title of a day."""
        return self._run("khal", "-c", "khal", "list", "--format", "{description}", day, "1d")

    def _run(self, program: str, *words: str) -> str:
        found = [str(self._clients / program), *words]
        environment = {**os.environ, "HOME": str(self._folder), "LC_ALL": "C.UTF-8", "TZ": "America/New_York"}
        done = subprocess.run(
            found, cwd=self._folder, env=environment, input="y\ny\n", capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"{' '.join(found)}: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr


@contextmanager
def web_server(folder: Path) -> Iterator[str]:
    """A web server as simple as they come."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def begun(patient: Patient, route: str, place: str) -> str:
    """A patient in the middle of cycle 1, whose calendar is published; what was said."""
    start = date.today() - timedelta(days=7)  # noqa: DTZ011 - the clinic's computer is here
    patient.c1d1(
        f"patient enrol {SUBJECT} --protocol trastuzumab-il2 --start {start} --height 165 --weight 70"
        " --zone America/New_York"
    )
    patient.c1d1(f"record route {SUBJECT} {route} --detail full")
    options = {"feed": f"--folder {place}", "caldav": f"--caldav {place} --user {ACCOUNT}"}
    return patient.c1d1(f"publish {SUBJECT} {options[route]}")


def follow(folder: Path, route: str, radicale: Radicale, phone_with: Callable[[Path, str, str], Phone]) -> None:
    """One patient on one route, from the first publishing to the resumption."""
    web = folder / "web"
    web.mkdir(mode=0o711, parents=True)
    patient = Patient(folder)
    with web_server(web) as root:
        place = str(web) if route == "feed" else radicale.make(folder.name)
        begun(patient, route, place)
        url = f"{root}/{next(web.rglob('*.ics')).relative_to(web)}" if route == "feed" else place
        phone = phone_with(folder / "phone", route, url)
        phone.synchronise()
        planned = look(route, "published", phone.shown())
        check(all("⏰" in title and "million units" in title for title in planned.values()), "every dose rings")
        patient.c1d1(f"record toxicity {SUBJECT} Fever 3 --due-to aldesleukin=probable")
        patient.c1d1("publish --all")
        phone.synchronise()
        held = look(route, "grade 3", phone.shown())
        check(held.keys() >= planned.keys(), "no day disappears")
        check(all(t.startswith("HOLD - no ") and "⏰" not in t for t in held.values()), "nothing held is due or rings")
        patient.c1d1(f"record toxicity {SUBJECT} Fever 0")
        patient.c1d1(f"record lift {SUBJECT} --role investigator")
        patient.c1d1("publish --all")
        phone.synchronise()
        resumed = look(route, "resumed", phone.shown())
        ahead = {day: title for day, title in resumed.items() if day > str(date.today())}  # noqa: DTZ011 - as above
        check(bool(ahead), "something is due")
        check(all("⏰" in t and t.startswith("CHANGED") for t in ahead.values()), "the reduced dose is due, and rings")
        check(not any(ahead[day] == planned.get(day) for day in ahead), "no title is the old one")
        day = min(ahead)
        (now,), before = re.findall(r"[\d.]+ million units", phone.text(day)), planned[day]
        check(float(now.split()[0]) < float(before.split()[-4]), f"on {day} it is {now} instead of {before}")
        patient.c1d1("publish --all")
        check(phone.synchronise().count("Copying") == 0, "synchronising again changes nothing")
        if route == "feed":
            patient.c1d1(f"publish {SUBJECT} --revoke")
            check(not (web / url.removeprefix(f"{root}/")).exists(), "the withdrawn address is gone")


def look(route: str, step: str, found: dict[str, str]) -> dict[str, str]:
    print(f"{route}, {step}: {len(found)} entries")
    for day, title in list(found.items())[:4]:
        print(f"    {day}  {title}")
    return found


def check(fact: bool, what: str) -> None:  # noqa: FBT001 - reads like the sentence that it is
    print(f"    {'yes' if fact else 'NO '}  {what}")
    if not fact:
        sys.exit(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--clients", type=Path, help="the folder with khal and vdirsyncer in it")
    which.add_argument("--thunderbird", type=int, metavar="PORT", help="where a Thunderbird listens (--marionette)")
    asked = parser.parse_args()
    if asked.thunderbird:
        running = Thunderbird(asked.thunderbird)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="c1d1-clients-")))
        (folder / "radicale").mkdir()
        radicale = stack.enter_context(radicale_in(folder / "radicale"))

        def phone_with(here: Path, route: str, url: str) -> Phone:
            if asked.thunderbird:
                return ThunderbirdPhone(running, route, url)
            return KhalPhone(here, asked.clients.absolute(), route, url)

        for route in ROUTES:
            follow(folder / route, route, radicale, phone_with)


if __name__ == "__main__":
    main()
