"""What has to stand before a command may ask a site for anything."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from scrapy.settings import BaseSettings

from newswatch.archive.recording import Recording
from newswatch.errors import ConfigError, NewswatchError, StoreError
from newswatch.store.runs import EXIT_CONFIG, EXIT_STORE

NUMBERS: dict[str, tuple[type[int] | type[float], float]] = {
    "DOWNLOAD_DELAY": (float, 0),
    "REQUESTS_AN_HOUR": (int, 0),
    "ARCHIVE_DAYS": (int, 1),
    "DOWNLOAD_TIMEOUT": (float, 1),
    "DOWNLOAD_MAXSIZE": (int, 0),
    "CONCURRENT_REQUESTS": (int, 1),
    "CONCURRENT_REQUESTS_PER_DOMAIN": (int, 1),
    "AUTOTHROTTLE_START_DELAY": (float, 0),
    "AUTOTHROTTLE_MAX_DELAY": (float, 0),
    "RETRY_TIMES": (int, 0),
    "REDIRECT_MAX_TIMES": (int, 0),
}
"""Settings that are numbers, and the least that each can be."""

SWITCHES = (
    "ARCHIVE",
    "ROBOTSTXT_OBEY",
    "TDM_ASK",
    "AUTOTHROTTLE_ENABLED",
    "COOKIES_ENABLED",
    "ALLOW_PRIVATE_ADDRESSES",
    "RENDER_EMPTY_SECTIONS",
)
"""Settings that are on or off."""


def not_ready(settings: BaseSettings) -> list[str]:
    """Why nothing may be fetched, a sentence a reason: no contact, no such recording, a setting that cannot be."""
    out = [*_wrong_values(settings)]
    if not settings.get("REPLAY") and not settings.get("CONTACT"):
        out.append(
            "settings/local.py: CONTACT: missing; write your web or e-mail address there, as in"
            ' CONTACT = "desk@example.org", so that the sites you crawl can reach you'
        )
    try:
        if settings.get("REPLAY"):
            Recording(Path(settings["REPLAY"]))
    except NewswatchError as error:
        out.append(str(error))
    return out


def _wrong_values(settings: BaseSettings) -> Iterator[str]:
    for name, (kind, least) in NUMBERS.items():
        value = settings.get(name)
        try:
            number = least if value is None and name == "ARCHIVE_DAYS" else kind(value)
            is_right = least <= number < math.inf and number == float(value or number)
        except (TypeError, ValueError, OverflowError):
            is_right = False
        if not is_right:
            yield f"{name}: {value!r} is no {'whole ' if kind is int else ''}number of {least:g} or more"
    for name in SWITCHES:
        try:
            settings.getbool(name)
        except ValueError:
            yield f"{name}: {settings.get(name)!r} is neither True nor False"


def mistakes(*checks: Callable[[], object]) -> list[str]:
    """What the checks raise, a sentence a mistake: all of it at once, so that nobody corrects files one error at a time."""
    out: list[str] = []
    for check in checks:
        try:
            check()
        except ConfigError as error:
            out += error.problems
        except StoreError as error:
            out.append(f"{_OF_THE_DATABASE}{error}")
        except NewswatchError as error:
            out.append(str(error))
    return out


_OF_THE_DATABASE = "DATABASE: "


def code_of(problems: Sequence[str]) -> int:
    """The exit code for `mistakes` and the like: 74 where the database alone is at fault, which may pass; 78 where a file is wrong."""
    return EXIT_STORE if all(p.startswith(_OF_THE_DATABASE) for p in problems) else EXIT_CONFIG
