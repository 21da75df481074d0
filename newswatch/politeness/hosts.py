"""What is known of the hosts of a crawl: read from the database, kept there, held in memory while it runs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.settings import BaseSettings
from sqlite_utils import Database

from newswatch.errors import StoreError
from newswatch.store import open_store
from newswatch.store.hosts import LONGEST_WAIT, Host, host_of, keep_robots, keep_tdm, keep_wait

KEPT_FOR = timedelta(days=1)
"""How long a robots.txt and a tdmrep.json hold, as RFC 9309 has it."""

OLD_HOLDS = timedelta(days=30)
"""While a robots.txt cannot be had, the last one holds for so long."""

logger = logging.getLogger(__name__)


class Hosts:
    """The hosts by origin. A database that cannot be read or written costs the memory of the next run, not this crawl:
    the pipeline that saves finds out, and says so."""

    def __init__(self, db: Database | None) -> None:
        """Without a database everything is forgotten with the crawl."""
        self._db = db
        self._known: dict[str, Host] = {}

    def get(self, origin: str) -> Host:
        """What is known of it."""
        if origin not in self._known:
            self._known[origin] = Host(origin)
            if self._db is not None:
                with suppress(StoreError):
                    self._known[origin] = host_of(self._db, origin)
        return self._known[origin]

    def keep_robots(self, origin: str, text: str | None, status: int, at: datetime) -> None:
        """A robots.txt, None where there is none."""
        self._known[origin] = replace(self.get(origin), robots_text=text, robots_status=status, robots_at=at)
        self._write(lambda db: keep_robots(db, origin, text, status, at))

    def keep_tdm(self, origin: str, text: str | None, at: datetime) -> None:
        """A tdmrep.json, None where there is none."""
        self._known[origin] = replace(self.get(origin), tdm_text=text, tdm_at=at)
        self._write(lambda db: keep_tdm(db, origin, text, at))

    def keep_wait(self, origin: str, until: datetime) -> None:
        """The host wants to be left alone."""
        self._known[origin] = replace(self.get(origin), not_before=until)
        self._write(lambda db: keep_wait(db, origin, until))

    def waits_until(self, origin: str, now: datetime) -> datetime | None:
        """Until when a host is not to be asked, by http or https; None where it may be."""
        times = [self.get(o).not_before for o in _both_schemes(origin)]
        waiting = [at for at in times if at and now < at <= now + LONGEST_WAIT]
        return max(waiting, default=None)

    def close(self) -> None:
        """Closes the connection."""
        if self._db is not None:
            self._db.close()

    def _write(self, keep: Callable[[Database], None]) -> None:
        if self._db is None:
            return
        try:
            keep(self._db)
        except StoreError as error:
            logger.warning("what a host says could not be kept: %s", error)


def hosts_for(settings: BaseSettings) -> Hosts:
    """Those of the setting DATABASE, or of HOSTS_DATABASE where a command has a database of its own.

    Of a replay, and where there is no such file, only of this crawl.
    """
    name = settings.get("HOSTS_DATABASE") or settings.get("DATABASE")
    path = Path(name) if name else None
    if settings.get("REPLAY") or path is None or not path.exists():
        return Hosts(None)
    try:
        return Hosts(open_store(path))
    except StoreError:
        return Hosts(None)


def origin_of(url: str) -> str | None:
    """`https://www.beispiel.example` of a URL, None where it is no http(s) URL with a host."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    usual = {"http": 80, "https": 443}[parts.scheme]
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port not in (None, usual) else "")


def _both_schemes(origin: str) -> tuple[str, ...]:
    scheme, _, rest = origin.partition("://")
    if urlsplit(origin).port is not None:
        return (origin,)
    return (origin, f"{'http' if scheme == 'https' else 'https'}://{rest}")
