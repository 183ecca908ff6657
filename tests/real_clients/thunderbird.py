"""Thunderbird, asked from outside: its own calendar code, in a headless run that listens on a port of this machine."""

from __future__ import annotations

import json
import socket
from typing import Any
from urllib.parse import urlsplit

from tests.publish_servers import ACCOUNT, PASSWORD

LONGEST = 60
"""Seconds for one answer."""
REALM = "Radicale - Password Required"
CALENDARS = 'const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");'
SUBSCRIBE = """
const [kind, url, name, user, password, origin, realm] = given;
if (user) {
  const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
  login.init(origin, null, realm, user, password, "", "");
  await Services.logins.addLoginAsync(login);
}
const calendar = cal.manager.createCalendar(kind, Services.io.newURI(url));
calendar.name = name;
calendar.setProperty("cache.enabled", true);
if (user) calendar.setProperty("username", user);
cal.manager.registerCalendar(calendar);
"""
REFRESH = """
const [name] = given;
const { setTimeout } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");
const calendar = cal.manager.getCalendars().find(each => each.name == name);
await new Promise(loaded => {
  const nothing = () => undefined;
  calendar.addObserver({
    QueryInterface: ChromeUtils.generateQI(["calIObserver"]),
    onLoad: () => setTimeout(loaded, 1500),
    onStartBatch: nothing, onEndBatch: nothing, onAddItem: nothing, onModifyItem: nothing, onDeleteItem: nothing,
    onError: nothing, onPropertyChanged: nothing, onPropertyDeleting: nothing,
  });
  setTimeout(loaded, 8000);
  calendar.refresh();
});
"""
ITEMS = """
const [name] = given;
const calendar = cal.manager.getCalendars().find(each => each.name == name);
const items = await calendar.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
return items.map(i => [i.startDate.icalString, i.title, i.getAlarms().length, i.descriptionText]);
"""


class Thunderbird:
    """A connection to a Thunderbird that was started with --marionette."""

    def __init__(self, port: int) -> None:
        self._line = socket.create_connection(("127.0.0.1", port), timeout=LONGEST)
        self._heard, self._asked = b"", 0
        self._answer()
        self._ask("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {}}})
        self._ask("Marionette:SetContext", {"value": "chrome"})
        self._ask("WebDriver:SetTimeouts", {"script": LONGEST * 1_000})

    def run(self, script: str, *given: str) -> Any:
        """What a script returns that runs with Thunderbird's own rights."""
        body = f"{CALENDARS} const given = {json.dumps(given)}; {script}"
        last = "const done = arguments[arguments.length - 1];"
        wrapped = f"{last} (async () => {{ {body} }})().then(done, fault => done({{ fault: String(fault) }}));"
        found = self._ask("WebDriver:ExecuteAsyncScript", {"script": wrapped, "args": [], "sandbox": "system"})["value"]
        if isinstance(found, dict) and "fault" in found:
            raise RuntimeError(found["fault"])
        return found

    def _ask(self, command: str, parameters: dict[str, object]) -> Any:
        self._asked += 1
        asked = json.dumps([0, self._asked, command, parameters]).encode()
        self._line.sendall(b"%d:%b" % (len(asked), asked))
        _, _, fault, found = self._answer()
        if fault:
            raise RuntimeError(fault["message"])
        return found

    def _answer(self) -> Any:
        while b":" not in self._heard:
            self._heard += self._line.recv(65_536)
        length, _, rest = self._heard.partition(b":")
        while len(rest) < int(length):
            rest += self._line.recv(65_536)
        self._heard = rest[int(length) :]
        return json.loads(rest[: int(length)])


class ThunderbirdPhone:
    """A calendar in Thunderbird, subscribed to a feed or in an account."""

    def __init__(self, thunderbird: Thunderbird, route: str, url: str) -> None:
        self._thunderbird, self._name = thunderbird, f"{route} {url}"
        user, origin = (ACCOUNT, f"http://{urlsplit(url).netloc}") if route == "caldav" else ("", "")
        kind = {"feed": "ics", "caldav": "caldav"}[route]
        thunderbird.run(SUBSCRIBE, kind, url, self._name, user, PASSWORD, origin, REALM)

    def synchronise(self) -> str:
        self._thunderbird.run(REFRESH, self._name)
        return ""

    def shown(self) -> dict[str, str]:
        """The title of each day, and a bell where it rings."""
        return {_day(at): f"{title}{' ⏰' if alarms else ''}" for at, title, alarms, _ in sorted(self._items())}

    def text(self, day: str) -> str:
        """What stands below the title of a day."""
        return next(text for at, _, _, text in self._items() if _day(at) == day)

    def _items(self) -> list[tuple[str, str, int, str]]:
        return self._thunderbird.run(ITEMS, self._name)


def _day(at: str) -> str:
    return f"{at[:4]}-{at[4:6]}-{at[6:8]}"
