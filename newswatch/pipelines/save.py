"""400: the only writer. Stories, listings and faults go into the store; the run is opened, counted and closed here."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from newswatch import clock
from newswatch.archive.files import archive_folder
from newswatch.archive.replay import PROBLEM_STAT
from newswatch.archive.retention import keep_days
from newswatch.archive.writer import ARCHIVE_STAT
from newswatch.coverage import find_drops
from newswatch.errors import StaleError, StoreError
from newswatch.faultpoints import fault
from newswatch.matching.mentions import MOST_MENTIONS
from newswatch.pipelines.mention import Flagged, MentionPipeline
from newswatch.politeness.visiting import NOT_RECORDED_STAT
from newswatch.revisions import New, Outcome, Same, Suspect
from newswatch.silence import lost_sentence
from newswatch.spiders.budget import POSTPONED_STAT
from newswatch.spiders.site import SiteSpider
from newswatch.store import open_store, runs, stories, watchlists
from newswatch.store.coverage import last_readings
from newswatch.store.hosts import postpone
from newswatch.store.silence import silence_of
from newswatch.story import Fault, Gated, Gone, Listing, Unchanged

EXIT_STAT, RUN_STAT, COUNTS_STAT = "newswatch/exit_code", "newswatch/run_id", "newswatch/counts"

_CUT = f"actors are named more than {MOST_MENTIONS:,} times or more names overlap than are looked at: the rest was left out"

logger = logging.getLogger(__name__)


class SavePipeline:
    """Saves what arrives and keeps the run's account."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._db = open_store(Path(settings["DATABASE"]))
        self._counts: Counter[str] = Counter()
        self._section_faults: list[str] = []
        self._told_sections: set[str] = set()
        self._told_to_wait: set[str] = set()
        self._store_failed = False
        self._run_id = 0
        self._watchlist: int | None = None
        self._closing: asyncio.Future[None] | None = None
        crawler.signals.connect(self._on_error, signal=signals.item_error)
        crawler.signals.connect(self._on_spider_error, signal=signals.spider_error)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Opens the store; raises StoreError or ConfigError where that cannot be."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Begins the run; the watchlist it uses gets its number."""
        replay = self._crawler.settings.get("REPLAY")
        site = self._crawler.spider.name  # type: ignore[union-attr]
        stage = self._crawler.get_item_pipeline(MentionPipeline)
        self._watchlist = watchlists.register(self._db, stage.watchlist, clock.now()) if stage else None
        self._run_id = runs.begin_run(self._db, site, clock.now(), replay)
        self._set_stat(RUN_STAT, self._run_id)
        self._crawler.stats.set_value(COUNTS_STAT, self._counts)  # as they grow, for who looks on
        fault("run.begun")

    def process_item(self, item: Any) -> Any:
        """Saves the item, and counts it. A store that fails ends the crawl: nothing that is fetched could be kept."""
        save: dict[type, Callable[[Any], None]] = {
            Flagged: self._save_story,
            Listing: self._save_listing,
            Unchanged: self._save_unchanged,
            Gone: self._save_gone,
            Gated: self._save_gated,
            Fault: self._save_fault,
        }
        if self._store_failed:
            return item
        try:
            save[type(item)](item)
        except StaleError as error:
            self._save_fault(Fault(error.site or "", "store", error.url or "", str(error), clock.now()))
        except StoreError as error:
            self._fail(error)
        return item

    def close_spider(self) -> None:
        """Ends the run: faults that only the crawl as a whole shows, the verdict, the row."""
        if self._run_id:
            fault("run.ending")
            self._shorten_archive()
            self._leave_alone()
            for late in self._late_faults():
                self.process_item(late)
            if postponed := self._crawler.stats.get_value(POSTPONED_STAT):
                self._counts["postponed"] = postponed
            fault("run.counted")
            spider = self._crawler.spider
            asked = not isinstance(spider, SiteSpider) or spider.asked_for_sections
            outcome, code = runs.verdict(
                self._counts, self._section_faults, store_failed=self._store_failed, asked=asked, is_stopped=not self._crawler.crawling
            )
            self._set_stat(EXIT_STAT, code)
            try:
                runs.end_run(self._db, self._run_id, clock.now(), self._counts, outcome, code)
            except StoreError as error:
                logger.error("the run's row could not be closed: %s", error)
            fault("run.ended")
        self._db.close()

    def _leave_alone(self) -> None:
        """What else is due at hosts that asked for patience waits too: a run that asks nothing would begin each minute."""
        if not self._crawler.settings.get("REPLAY") and not self._store_failed:
            try:
                postpone(self._db, self._crawler.spider.name, clock.now())  # type: ignore[union-attr]
            except StoreError as error:
                self._store_failed = True
                logger.error("the store failed at the end of the crawl: %s", error)

    def _save_story(self, item: Flagged) -> None:
        missed = _fault_of(item)
        events = stories.save(self._db, item.outcome, list(item.mentions), run_id=self._run_id, watchlist=self._watchlist, fault=missed)
        fault("save.done")
        if missed:
            self._count_fault(missed)
        for doubt in item.outcome.story.doubts:
            self._count_fault(doubt)
        named = sum(not m.is_ambiguous for m in item.mentions)
        self._counts.update({"pages": 1, "mentions": named, "events": len(events)})
        self._counts.update(_kinds(item.outcome))
        if item.outcome.story.withheld:
            self._counts["withheld"] += 1

    def _save_listing(self, item: Listing) -> None:
        links = runs.save_listing(self._db, item)
        fault("listing.saved")
        if not item.is_index:
            self._counts.update({"sections": 1, "links": len(item.links), "malformed_links": len(item.malformed)})
        if links.lost_since and item.section not in self._told_sections:
            detail = lost_sentence(links, len(item.links))
            self._save_fault(Fault(item.site, "dropped", item.url, detail, item.seen_at, item.section))

    def _save_unchanged(self, item: Unchanged) -> None:
        stories.save_unchanged(self._db, item)
        fault("unchanged.saved")
        self._counts[item.why.replace("-", "_")] += 1

    def _save_gone(self, item: Gone) -> None:
        state = stories.save_gone(self._db, item)
        fault("gone.saved")
        if state is None:
            self._save_fault(Fault(item.site, "http", item.url, f"status {item.status}", item.seen_at))
        else:
            self._counts[state] += 1

    def _save_gated(self, item: Gated) -> None:
        if stories.save_gated(self._db, item):
            self._counts["gated"] += 1
        else:
            self._save_fault(Fault(item.site, "gated", item.url, item.why, item.seen_at))

    def _save_fault(self, item: Fault) -> None:
        is_told = item.until is not None and item.detail in self._told_to_wait
        runs.save_fault(self._db, self._run_id, item, is_told=is_told)
        fault("fault.saved")
        if item.until is not None:
            self._told_to_wait.add(item.detail)
        if not is_told:
            self._count_fault(item)
        elif item.section:
            self._section_faults.append(item.kind)

    def _count_fault(self, item: Fault) -> None:
        self._counts.update({"faults": 1, f"fault:{item.kind}": 1})
        if item.section:
            self._section_faults.append(item.kind)

    def _late_faults(self) -> list[Fault]:
        """A broken recording, robots.txt files that are not in it, fields that fell out of late."""
        stats = self._crawler.stats.get_stats()
        site = self._crawler.spider.name  # type: ignore[union-attr]
        out = []
        if problem := stats.get(PROBLEM_STAT):
            out.append(Fault(site, "recording", self._crawler.settings["REPLAY"], problem, clock.now()))
        if problem := stats.get(ARCHIVE_STAT):
            out.append(Fault(site, "archive", "", f"{problem}; what was read was saved all the same", clock.now()))
        if count := stats.get(NOT_RECORDED_STAT):
            out.append(Fault(site, "not_recorded", "/robots.txt", f"robots.txt of {count} hosts is not in the recorded crawl", clock.now()))
        return out + self._fallen_out(site) + self._silent(site)

    def _fallen_out(self, site: str) -> list[Fault]:
        """Fields that the site's stories lack of late; said by every run that reads a page, until they are back or usual."""
        if not self._counts["pages"] or self._store_failed:
            return []
        return [Fault(site, "coverage", drop.url, str(drop), clock.now()) for drop in find_drops(last_readings(self._db, site))]

    def _silent(self, site: str) -> list[Fault]:
        """No new story for too long; said by every run that looks at a section, until one comes. A replay has no rhythm."""
        spider = self._crawler.spider
        if not self._counts["sections"] or self._store_failed or not isinstance(spider, SiteSpider) or self._crawler.settings.get("REPLAY"):
            return []
        found = silence_of(self._db, site, spider.site.sections_on, spider.site.tzinfo)
        return [Fault(site, "silent", spider.site.home, str(found), clock.now())] if found else []

    def _shorten_archive(self) -> None:
        """Pages that were kept for ARCHIVE_DAYS are removed; by a crawl alone, which holds its site's lock."""
        settings = self._crawler.settings
        site = self._crawler.spider.name  # type: ignore[union-attr]
        if settings.get("ARCHIVE_DAYS") is None or settings.get("REPLAY") or self._store_failed:
            return
        folder = archive_folder(settings.get("WARC_DIR"), Path(settings["DATABASE"]))
        try:
            self._counts["archive_files_removed"] += keep_days(self._db, folder, site, settings.getint("ARCHIVE_DAYS"), clock.now().date())
        except (StoreError, OSError) as error:
            self.process_item(Fault(site, "archive", str(folder), f"old pages could not be removed: {error}", clock.now()))

    def _fail(self, error: StoreError) -> None:
        self._store_failed = True
        self._counts["faults"] += 1
        logger.error("the store failed, the crawl ends: %s", error)
        engine = self._crawler.engine
        if engine is not None:
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason="store_failed"))

    def _on_error(self, item: Any, response: Response | None, failure: Failure) -> None:
        url = response.url if response is not None else getattr(item, "url", "")
        self.process_item(Fault(self._crawler.spider.name, "internal", url, repr(failure.value)[:300], clock.now()))  # type: ignore[union-attr]

    def _on_spider_error(self, failure: Failure, response: Response) -> None:
        section = response.meta.get("section")
        detail = repr(failure.value)[:300]
        self.process_item(Fault(self._crawler.spider.name, "internal", response.url, detail, clock.now(), section))  # type: ignore[union-attr]

    def _set_stat(self, name: str, value: int) -> None:
        self._crawler.stats.set_value(name, value)


def _fault_of(item: Flagged) -> Fault | None:
    """What could not be taken of a story that was read."""
    story = item.outcome.story
    if isinstance(item.outcome, Suspect):
        return Fault(story.site, "suspect", story.url, item.outcome.why, story.seen_at)
    return Fault(story.site, "cut", story.url, _CUT, story.seen_at) if item.is_cut else None


def _kinds(outcome: Outcome) -> list[str]:
    """What a story counts as."""
    if isinstance(outcome, New):
        return ["new"]
    if isinstance(outcome, Suspect):
        return ["suspect"]
    kinds = ["gated"] if outcome.unseen else []
    if isinstance(outcome, Same):
        return ["same", *kinds, *(["empty_updates"] if outcome.is_empty_update else [])]
    return ["changed", *kinds, *(["silent_edits"] if outcome.notice == "silent" else [])]
