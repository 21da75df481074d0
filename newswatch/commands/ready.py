"""What has to stand before a command may ask a site for anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from scrapy.settings import BaseSettings

from newswatch.archive.recording import Recording
from newswatch.errors import ConfigError, NewswatchError, StoreError


def not_ready(settings: BaseSettings) -> list[str]:
    """Why nothing may be fetched, a sentence a reason: no contact, or no such recording."""
    if not settings.get("REPLAY") and not settings.get("CONTACT"):
        return [
            "settings/local.py: CONTACT: missing; write your web or e-mail address there, as in"
            ' CONTACT = "desk@example.org", so that the sites you crawl can reach you'
        ]
    try:
        if settings.get("REPLAY"):
            Recording(Path(settings["REPLAY"]))
    except NewswatchError as error:
        return [str(error)]
    return []


def mistakes(*checks: Callable[[], object]) -> list[str]:
    """What the checks raise, a sentence a mistake: all of it at once, so that nobody corrects files one error at a time."""
    out: list[str] = []
    for check in checks:
        try:
            check()
        except ConfigError as error:
            out += error.problems
        except StoreError as error:
            out.append(f"DATABASE: {error}")
        except NewswatchError as error:
            out.append(str(error))
    return out
