"""Downloader middleware: before a request what its host asks for is known and obeyed, and an answer that asks for patience is heard.

request -> may it be asked now? -> its robots.txt -> its tdmrep.json -> its Crawl-delay -> the request goes out
answer 429 or 503 -> Retry-After -> the host is left alone, in this run and the next ones

Takes the place of Scrapy's RobotsTxtMiddleware.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newswatch import clock
from newswatch.archive.recording import NotRecordedError
from newswatch.errors import ReadError, WaitError
from newswatch.extraction.dates import to_text
from newswatch.politeness.hosts import KEPT_FOR, OLD_HOLDS, Hosts, hosts_for, origin_of
from newswatch.politeness.reservations import LARGEST_FILE, PATH, of_host
from newswatch.politeness.robots import LARGEST, Robots, parse, product_token
from newswatch.politeness.waits import wait_until

OWN = "dont_obey_robotstxt"
"""Key of a request's meta: it asks for what a host says of itself, or is robots.txt itself."""

HOST_SIGN = "reserved_by_host"
"""Key of a request's meta: the sign by which its host reserves the page."""

NOT_RECORDED_STAT = "newswatch/robots_not_recorded"
"""How many hosts of a replay have no robots.txt in the recording."""

LONGEST_DELAY = 300.0
"""Seconds: a Crawl-delay beyond that would let a site see one request a day."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for an origin in this run."""

    robots: Robots
    declared: str | None = None
    """Its tdmrep.json."""
    problem: ReadError | None = None
    """Why nothing may be asked for."""


class VisitingMiddleware:
    """Obeys robots.txt (unless ROBOTSTXT_OBEY is off), Crawl-delay and Retry-After; marks what a host reserves."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._hosts: Hosts = hosts_for(settings)
        self._token = product_token(settings.get("ROBOTSTXT_USER_AGENT") or settings["USER_AGENT"])
        self._obeys = settings.getbool("ROBOTSTXT_OBEY")
        self._is_replay = bool(settings.get("REPLAY"))
        self._asks_tdm = getattr(crawler.spider, "site", None) is not None and settings.getbool("TDM_ASK") and not self._is_replay
        self._usual = settings.getfloat("DOWNLOAD_DELAY")
        self._rules: dict[str, asyncio.Future[Rules]] = {}
        crawler.signals.connect(self._close, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads the settings DATABASE, REPLAY, ROBOTSTXT_OBEY, ROBOTSTXT_USER_AGENT, USER_AGENT, TDM_ASK and DOWNLOAD_DELAY."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Lets a request pass that its host allows now. Raises ReadError (`told_to_wait`, `robots`, why robots.txt cannot be had)."""
        origin = origin_of(request.url)
        request.meta.pop(HOST_SIGN, None)
        if origin is None:
            return
        self._check_patience(origin)
        if request.meta.get(OWN):
            return
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._ask(origin))
        rules = await asyncio.shield(self._rules[origin])
        self._check_patience(origin)
        if rules.problem:
            raise ReadError(rules.problem.kind, str(rules.problem), url=request.url)
        if self._obeys and not rules.robots.allows(self._token, request.url):
            raise ReadError("robots", "forbidden by robots.txt", url=request.url)
        self._slow_down(request, rules.robots)
        if sign := of_host(request.url, rules.robots, rules.declared):
            request.meta[HOST_SIGN] = sign

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer as it is. Raises ReadError (`told_to_wait`) for one that asks for patience."""
        header = response.headers.get(b"Retry-After")
        now = clock.now()
        until = wait_until(response.status, header.decode("latin-1") if header else None, now)
        origin = origin_of(response.url)
        if until is not None and origin is not None:
            self._hosts.keep_wait(origin, until)
            raise _told(origin, until)
        return response

    def _check_patience(self, origin: str) -> None:
        if until := self._hosts.waits_until(origin, clock.now()):
            raise _told(origin, until)

    async def _ask(self, origin: str) -> Rules:
        """What holds for an origin: as it is known, or asked for. Never raises."""
        try:
            robots = await self._robots(origin)
            declared = await self._declared(origin, robots) if self._asks_tdm else None
            return Rules(robots, declared)
        except ReadError as error:
            return Rules(Robots(), problem=error)

    async def _robots(self, origin: str) -> Robots:
        """Raises ReadError where it cannot be had: then nothing may be asked for."""
        known, now = self._hosts.get(origin), clock.now()
        if known.robots_at and now - KEPT_FOR < known.robots_at <= now:
            return parse((known.robots_text or "").encode())
        try:
            return await self._fetched_robots(origin)
        except ReadError:
            if known.robots_at and now - OLD_HOLDS < known.robots_at <= now:
                return parse((known.robots_text or "").encode())
            raise

    async def _fetched_robots(self, origin: str) -> Robots:
        host = origin.partition("://")[2]
        try:
            response = await self._fetch(f"{origin}/robots.txt")
        except NotRecordedError:
            assert self._crawler.stats is not None
            self._crawler.stats.inc_value(NOT_RECORDED_STAT)
            return Robots()
        except WaitError:
            raise
        except ReadError as error:
            raise _unread(host, error.kind, error) from error
        except IgnoreRequest:  # redirected more than five times: as if there were none
            return self._keep_robots(origin, None, 310)
        except Exception as error:
            raise _unread(host, _kind_of(error), error) from error
        if response.status >= 500:
            raise ReadError("robots", f"robots.txt of {host} was answered with {response.status}: then nothing may be asked for")
        return self._keep_robots(origin, response.body[: LARGEST + 1] if response.status < 300 else None, response.status)

    def _keep_robots(self, origin: str, content: bytes | None, status: int) -> Robots:
        text = content.decode("utf-8", "replace") if content is not None else None
        self._hosts.keep_robots(origin, text, status, clock.now())
        return parse(content or b"")

    async def _declared(self, origin: str, robots: Robots) -> str | None:
        """The text of its tdmrep.json, None where there is none or it may not be asked for. A host that cannot be reached is none."""
        known, now = self._hosts.get(origin), clock.now()
        url = f"{origin}{PATH}"
        if known.tdm_at and now - KEPT_FOR < known.tdm_at <= now:
            return known.tdm_text
        if self._obeys and not robots.allows(self._token, url):
            return None
        try:
            response = await self._fetch(url, robots)
        except Exception:
            return known.tdm_text
        if response.status >= 500:
            return known.tdm_text
        text = response.body.decode("utf-8-sig", "replace") if response.status == 200 else ""
        declared = text if text.lstrip()[:1] in ("[", "{") and len(text) <= LARGEST_FILE else None
        self._hosts.keep_tdm(origin, declared, clock.now())
        return declared

    async def _fetch(self, url: str, robots: Robots | None = None) -> Response:
        """What a host says of itself; `robots` where it is known how fast it may be asked."""
        assert self._crawler.engine is not None
        request = Request(url, NO_CALLBACK, meta={OWN: True}, priority=1000)
        self._slow_down(request, robots)
        return await self._crawler.engine.download_async(request)

    def _slow_down(self, request: Request, robots: Robots | None) -> None:
        """A Crawl-delay is the least time between two requests: no chance and no measured speed makes it shorter."""
        delay = robots.crawl_delay(self._token) if robots and self._obeys else None
        if delay is None or delay <= self._usual / 2 or self._is_replay:
            return
        assert self._crawler.engine is not None
        downloader = self._crawler.engine.downloader
        seconds = max(min(delay, LONGEST_DELAY), self._usual)
        key = downloader.get_slot_key(request)
        request.meta["autothrottle_dont_adjust_delay"] = True
        downloader.per_slot_settings[key] = {**downloader.per_slot_settings.get(key, {}), "delay": seconds, "jitter": 0}
        if slot := downloader.slots.get(key):
            slot.delay, slot.jitter = max(slot.delay, seconds), 0

    def _close(self) -> None:
        self._hosts.close()


def _told(origin: str, until: datetime) -> WaitError:
    host = origin.partition("://")[2]
    return WaitError(f"{host} asks to be left alone until {to_text(until)}: nothing is asked for before then", until)


def _unread(host: str, kind: str, error: Exception) -> ReadError:
    why = " ".join(str(error).split())[:200] or type(error).__name__
    return ReadError(kind, f"robots.txt of {host} could not be read, so nothing may be asked for ({why})")


def _kind_of(error: Exception) -> str:
    if isinstance(error, DownloadTimeoutError):
        return "timeout"
    gone = (CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError)
    return "unreachable" if isinstance(error, gone) else "robots"
