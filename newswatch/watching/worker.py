"""A child process of `scrapy watch`: crawls a few sites beside each other, and tells how it goes.

    orders on stdin, a JSON line each -> crawl under the site's lock -> news on stdout, a JSON line each

It ends gracefully when stdin ends, which is also how it notices that its parent was killed.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from newswatch.errors import BusyError, ConfigError, StoreError
from newswatch.pipelines.save import COUNTS_STAT, EXIT_STAT, RUN_STAT
from newswatch.sites import Site
from newswatch.spiders.loader import spider_of
from newswatch.spiders.quiet import hush
from newswatch.store.locks import site_lock
from newswatch.store.runs import EXIT_BUSY, EXIT_CONFIG, EXIT_DIED, EXIT_FAULTS, EXIT_STORE

TOLD_EVERY = 1.0
ALIVE_EVERY = 20.0
"""Seconds between two lines of a crawl under way, and between two where nothing changes: who is silent for long hangs."""

LONGEST_LINE = 16 * 1024 * 1024

logger = logging.getLogger(__name__)


class Worker:
    """Takes orders, crawls, tells."""

    def __init__(self, process: AsyncCrawlerProcess, out: int) -> None:
        """`out` is the file descriptor that the news goes to."""
        self._process = process
        self._out = out
        self._database = Path(process.settings["DATABASE"])
        self._crawlers: dict[str, Crawler] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Until stdin or the process is to end, and every crawl is closed."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._stopping.set)
        orders = asyncio.create_task(self._take_orders())
        teller = asyncio.create_task(self._tell())
        await self._stopping.wait()
        orders.cancel()
        while self._tasks:
            for crawler in tuple(self._crawlers.values()):
                if _is_at_work(crawler):
                    await crawler.stop_async()
            await asyncio.wait(self._tasks, timeout=0.1)
        teller.cancel()

    async def _take_orders(self) -> None:
        """`{"site": the site as its file has it, "sections": "a,b" or null}` begins a crawl of what is due."""
        try:
            reader = asyncio.StreamReader(limit=LONGEST_LINE)
            loop = asyncio.get_running_loop()
            await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
            while line := await reader.readline():
                task = asyncio.create_task(self._crawl(line))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        finally:
            self._stopping.set()

    async def _crawl(self, order: bytes) -> None:
        """One crawl, whatever comes of it."""
        table = json.loads(order)
        site = Site.model_validate_json(json.dumps(table["site"]))
        crawler = self._process.create_crawler(spider_of(site))
        code, detail = EXIT_FAULTS, ""
        try:
            with site_lock(self._database, site.name):
                self._crawlers[site.name] = crawler
                await self._process.crawl(crawler, sections=table["sections"], due="1")
            code = _stat(crawler, EXIT_STAT, EXIT_FAULTS)
        except BusyError as error:
            code, detail = EXIT_BUSY, str(error)
        except StoreError as error:
            code, detail = EXIT_STORE, f"DATABASE: {error}"
        except ConfigError as error:
            code, detail = EXIT_CONFIG, str(error)
        except Exception as error:  # one crawl must not cost the others
            logger.exception("%s: the crawl failed", site.name)
            code, detail = EXIT_DIED, f"{site.name}: the crawl failed: {error!r}"[:500]
        self._crawlers.pop(site.name, None)
        self._say({"ended": site.name, **_progress(crawler), "code": code, "detail": detail, "memory": memory_in_use()})

    async def _tell(self) -> None:
        """How the crawls under way are going, for as long as the process lasts."""
        told: dict[str, Any] = {}
        spoke = time.monotonic()
        while True:
            await asyncio.sleep(TOLD_EVERY)
            now = {name: _progress(crawler) for name, crawler in self._crawlers.items()}
            news = [{"at": name, **progress} for name, progress in now.items() if told.get(name) != progress]
            if not news and time.monotonic() - spoke > ALIVE_EVERY:
                news = [{"alive": True}]
            for line in news:
                self._say(line)
                spoke = time.monotonic()
            told = now

    def _say(self, news: Mapping[str, Any]) -> None:
        try:
            os.write(self._out, json.dumps(news).encode() + b"\n")
        except OSError:  # nobody is listening any more
            self._stopping.set()


def _progress(crawler: Crawler) -> dict[str, Any]:
    """The run's number, what was counted and how many answers came so far."""
    counts = dict(_stat(crawler, COUNTS_STAT, {}))
    return {"run": _stat(crawler, RUN_STAT, None), "counts": counts, "fetched": _stat(crawler, "downloader/response_count", 0)}


def _stat(crawler: Crawler, name: str, default: Any) -> Any:
    with suppress(RuntimeError):  # there are no statistics before a crawl has begun
        return crawler.stats.get_value(name, default) if crawler.stats else default
    return default


def _is_at_work(crawler: Crawler) -> bool:
    with suppress(RuntimeError):  # there is no engine before a crawl has begun
        return crawler.engine is not None and crawler.engine.running
    return False


def memory_in_use() -> int:
    """Bytes of this process in memory now; at most, where the kernel does not tell now."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def worker_settings(overrides: Mapping[str, Any]) -> Settings:
    """The project's settings, with what the command line of the parent set; no site file is read here: orders bring them."""
    settings = get_project_settings()
    for name, value in overrides.items():
        settings.set(name, value, "cmdline")
    settings.set("SPIDER_LOADER_CLASS", "scrapy.spiderloader.DummySpiderLoader", "cmdline")
    settings.set("WATCHLIST_LAST_GOOD", True, "cmdline")
    return settings


async def _work(process: AsyncCrawlerProcess, out: int) -> None:
    from twisted.internet import reactor

    try:
        await Worker(process, out).run()
    finally:
        reactor.stop()  # type: ignore[misc]


def main() -> None:
    """`python -m newswatch.watching.worker '{"SETTING": "value"}'`: works until stdin ends."""
    out = os.dup(1)
    os.dup2(2, 1)  # what libraries print must not stand among the news
    settings = worker_settings(json.loads(sys.argv[1]))
    hush(settings)
    process = AsyncCrawlerProcess(settings)
    task = asyncio.get_event_loop().create_task(_work(process, out))
    process.start(stop_after_crawl=False, install_signal_handlers=False)
    if task.done() and (error := task.exception()):
        raise error


if __name__ == "__main__":
    main()
