"""The errors of the package; each carries the site and the URL it speaks of and chains its cause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


class NewswatchError(Exception):
    """Root of all errors of the package. `site` and `url` are None where there is none."""

    def __init__(self, message: str, *, site: str | None = None, url: str | None = None) -> None:
        super().__init__(message)
        self.site = site
        self.url = url


class ConfigError(NewswatchError):
    """Something a user wrote is wrong. `problems` has one line a mistake: `file: key: what, what to do`."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class SelectionError(NewswatchError):
    """A selector found nothing where something must be, or cannot be evaluated."""


class ReadError(NewswatchError):
    """A page is not a story. `kind` is the kind of the fault: see `newswatch.story.Fault`."""

    def __init__(self, kind: str, message: str, *, site: str | None = None, url: str | None = None) -> None:
        super().__init__(message, site=site, url=url)
        self.kind = kind


class WaitError(ReadError):
    """The host of a page asks to be left alone; `until` is when it may be asked again."""

    def __init__(self, message: str, until: datetime, *, url: str | None = None) -> None:
        super().__init__("told_to_wait", message, url=url)
        self.until = until


class StoreError(NewswatchError):
    """The database cannot be used as it is: not ours, newer than the program, read-only, corrupt, full, busy."""


class StaleError(StoreError):
    """Somebody saved another revision of the story between deciding and saving; nothing was written."""


class ArchiveError(NewswatchError):
    """A page cannot be put into the archive, or is not in it any more."""


class PostponedError(NewswatchError):
    """The budget of requests of a site is spent: what was to be asked for waits for the next hour."""


class BusyError(NewswatchError):
    """Another crawl of the site is under way: this one goes home."""
