"""The watch itself: looks what is due, has it crawled, hears what came of it; once, or until it is told to end.

look -> begin what is due -> hear -> sleep until the next time, a minute at most -> look
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sqlite_utils import Database

from newswatch import clock
from newswatch.errors import ConfigError, StoreError
from newswatch.spiders.budget import budget_of
from newswatch.spiders.listings import listings_of
from newswatch.store.due import Next, next_due
from newswatch.store.runs import EXIT_BUSY, EXIT_CONFIG, EXIT_DIED, EXIT_OK, EXIT_STOPPED, EXIT_STORE, end_died
from newswatch.store.watchlists import watchlist_in_use
from newswatch.watching import plan
from newswatch.watching.chosen import Chosen, Selection, read_again, read_selection, stamp
from newswatch.watching.crew import Crew, News
from newswatch.watching.heartbeat import EVERY, Heartbeat
from newswatch.watching.mailer import Mailer
from newswatch.watching.states import SiteState, columns, fault_kinds

MOST_STORE_FAILURES = 5
"""Looks in a row, a minute apart, at a database that cannot be read; then the watch ends."""


class Show(Protocol):
    """Who tells people."""

    def say(self, text: str) -> None:
        """A sentence."""

    def ended(self, state: SiteState, news: News) -> None:
        """What came of a crawl."""


@dataclass(frozen=True, slots=True)
class Files:
    """What users write, and may change while we watch."""

    watch: Path
    sites: Path | None
    watchlists: Path
    usable: Callable[[Chosen], object] = lambda chosen: None
    """Raises ConfigError for a site that cannot be crawled on this machine."""

    def read(self) -> Selection:
        """The sites that are on. Raises ConfigError where nothing can be watched."""
        return read_selection(self.watch, self.sites, self.usable)

    def read_again(self, before: Selection) -> Selection:
        """The same while watching: what is wrong goes on as it was."""
        return read_again(before, self.watch, self.sites, self.usable)

    def stamp(self) -> object:
        """Changes when one of them does."""
        return stamp(self.watch, self.sites, self.watchlists)


class Watcher:
    """One watch, from its beginning to its end."""

    def __init__(
        self,
        db: Database,
        files: Files,
        selection: Selection,
        overrides: Mapping[str, Any],
        show: Show,
        states: dict[str, SiteState],
        *,
        once: bool = False,
        budget: int = 0,
        alerts: Path | None = None,
    ) -> None:
        """`overrides` are settings of the command line, for the processes that crawl; `states` is filled, for who shows it.

        `budget`: requests an hour of a site whose file does not say; 0 is without limit. `alerts`: alerts.toml, that may not be there.
        """
        self.states = states
        self.selection = selection
        self.crew = Crew(overrides, self._hear)
        self._db, self._files, self._show, self._once = db, files, show, once
        self._budget = budget
        self._mailer = Mailer(alerts, overrides, show.say) if alerts else None
        self._stamp = files.stamp()
        self._problems: tuple[str, ...] = ()
        self._heartbeat = Heartbeat(selection.heartbeat, show.say)
        self._beaten_at, self._was_well = time.monotonic(), True
        self._todo: set[str] | None = None
        self._news: list[News] = []
        self._wake = asyncio.Event()
        self._signals = 0
        self._store_failures = 0
        self._is_full = False

    async def run(self) -> int:
        """Watches; returns the exit code.

        Once: the gravest code of the sites. For good: 0 when it was told to end, 74 when the database failed for minutes.
        130 when it was told to end at once, or before a single look was done.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self.stop)
        self._heartbeat.beat("start")
        self._note_problems(self._all_problems())
        while True:
            self._wake.clear()
            pause = await self._round()
            if self._is_done():
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)
        self.crew.stop()
        await self.crew.ended()
        self._tell_ended()
        if self._mailer and self._signals < 2:
            await self._mailer.finish()
        return self._verdict()

    def stop(self) -> None:
        """Ends the watch gracefully; called again, at once."""
        self._signals += 1
        if self._signals == 1:
            self._show.say("ending: crawls under way finish the pages they have; once more ends them at once")
            self.crew.stop()
        else:
            self.crew.kill()
        self._wake.set()

    async def _round(self) -> float:
        """One look, and what follows from it; returns the seconds until the next one."""
        if self._signals:
            return plan.LONGEST_SLEEP
        self.crew.kill_hung()
        if not self._once:
            self._read_again()
        is_known = self._look()
        has_news = bool(self._news)
        self._tell_ended()
        if self._mailer and not self._once:
            self._mailer.look(has_news=has_news)
        if is_known:
            await self._begin()
        self._beat()
        return self._pause() if is_known else plan.LONGEST_SLEEP

    # --- what is due

    def _look(self) -> bool:
        """Asks the database what is due; False where it does not answer."""
        self._match_states()
        now = clock.now()
        sites = {name: listings_of(c.site, c.section_names) for name, c in self.selection.sites.items()}
        budgets = {name: budget_of(c.site, self._budget) for name, c in self.selection.sites.items()}
        try:
            found = next_due(self._db, sites, now, budgets)
        except (sqlite3.Error, StoreError) as error:
            self._store_failures += 1
            self._show.say(f"DATABASE: it cannot be asked what is due: {error}")
            return False
        self._store_failures = 0
        for one in found:
            state = self.states[one.site]
            state.due, state.next_at, state.is_out_of_budget = one.sections + one.links + one.stories, one.at, one.out_of_budget
        if self._todo is None:
            self._todo = {one.site for one in found if one.at is not None and one.at <= now}
            if self._once:
                self._tell_rest(found)
        return True

    def _tell_rest(self, found: Sequence[Next]) -> None:
        """Once: which sites are not crawled though something of them is due; that nothing is."""
        waiting = [one for one in found if one.out_of_budget]
        for one in waiting:
            due = one.sections + one.links + one.stories
            room = f"there is room from {one.at:%H:%M} UTC" if one.at else ""
            self._show.say(f"{one.site}: {due} due, postponed: {one.spent} requests of the hour are spent, {room}")
        if not self._todo and not waiting:
            self._show.say(f"nothing is due of {', '.join(self.selection.sites)}")

    async def _begin(self) -> None:
        """Begins what is due and may be, the longest overdue first."""
        now, at = clock.now(), time.monotonic()
        self._is_full = False
        ready = [s for s in self.states.values() if self._may_begin(s, at) and s.next_at is not None and s.next_at <= now]
        for state in sorted(ready, key=lambda s: (s.next_at or now, s.name)):
            chosen = self.selection.sites[state.name]
            alone = state.code == EXIT_DIED
            if not await self.crew.give(chosen, self.selection.processes, alone=alone):
                self._is_full = True
                if alone:
                    continue
                break
            state.is_running = True
            if self._todo is not None:
                self._todo.discard(state.name)

    def _may_begin(self, state: SiteState, at: float) -> bool:
        if state.is_running or self._signals or state.name not in self.selection.sites:
            return False
        return state.name in (self._todo or ()) if self._once else state.free_at <= at

    def _pause(self) -> float:
        """Seconds until something can be due. Once, or where all processes are full, the end of a crawl is waited for."""
        if self._once or self._is_full:
            return plan.LONGEST_SLEEP
        at = time.monotonic()
        waiting = [s for s in self.states.values() if not s.is_running and s.next_at is not None]
        return plan.sleep(clock.now(), [s.next_at for s in waiting], [s.free_at - at for s in waiting])

    def _is_done(self) -> bool:
        if self._signals or self._store_failures >= (1 if self._once else MOST_STORE_FAILURES):
            return True
        return self._once and not self._todo and self.crew.is_empty

    # --- what came of it

    def _hear(self, news: News) -> None:
        """News of the crew."""
        if news.what == "said":
            self._show.say(news.detail)
            return
        state = self.states.get(news.site) or SiteState(news.site)
        if news.what == "at":
            state.current = columns(news.fetched, news.counts)
            return
        self._end(state, news)
        self._news.append(news)
        self._wake.set()

    def _end(self, state: SiteState, news: News) -> None:
        """Counts a crawl that has ended, or died."""
        state.before.update(columns(news.fetched, news.counts) if news.what == "ended" else state.current)
        state.current.clear()
        state.is_running = False
        if news.what == "died":
            state.before["faults"] += 1
            if self._once and state.code != EXIT_DIED and self._todo is not None:
                self._todo.add(state.name)
            if news.run is not None:
                with suppress(StoreError, sqlite3.Error):
                    end_died(self._db, news.run, news.site, clock.now(), news.detail)
        state.failures = state.failures + 1 if plan.is_ours(news.code) else 0
        state.free_at = time.monotonic() + plan.gap(news.code, state.failures)
        if news.code != EXIT_BUSY or state.code is None:
            state.code, state.kinds = news.code, frozenset(fault_kinds(news.counts))

    def _tell_ended(self) -> None:
        """After the look, so that it can be told when the next one is."""
        told, self._news = self._news, []
        for news in told:
            self._show.ended(self.states.get(news.site) or SiteState(news.site), news)

    def _verdict(self) -> int:
        codes = [s.code for s in self.states.values() if s.code is not None]
        if self._store_failures:
            codes.append(EXIT_STORE)
        if self._problems:
            codes.append(EXIT_CONFIG)
        if self._signals > 1 or (self._once and self._signals):
            codes.append(EXIT_STOPPED)
        if not self._signals:
            self._heartbeat.beat("fail" if plan.needs_a_person(codes, self._kinds()) else "success")
            self._heartbeat.wait()
        if self._once or self._signals > 1:
            return plan.worst(codes)
        return EXIT_STORE if self._store_failures else EXIT_OK

    def _kinds(self) -> frozenset[str]:
        return frozenset().union(*(s.kinds for s in self.states.values()))

    def _beat(self) -> None:
        """For good: every five minutes, and at once when a person is needed."""
        codes = [s.code for s in self.states.values() if s.code is not None]
        well = not (self._problems or self._store_failures or plan.needs_a_person(codes, self._kinds()))
        if not self._once and (time.monotonic() - self._beaten_at >= EVERY or (self._was_well and not well)):
            self._heartbeat.beat("success" if well else "fail")
            self._beaten_at = time.monotonic()
        self._was_well = well

    # --- what users change meanwhile

    def _read_again(self) -> None:
        """Where a file has changed: what it says now, or what was right before."""
        now = self._files.stamp()
        if now == self._stamp:
            return
        self._stamp = now
        self.selection = self._files.read_again(self.selection)
        self._heartbeat.url = self.selection.heartbeat
        self._note_problems(self._all_problems())

    def _match_states(self) -> None:
        """A state for each site that is on; those of others go when their crawl has ended."""
        for name in self.selection.sites.keys() - self.states.keys():
            self.states[name] = SiteState(name)
        for name in self.states.keys() - self.selection.sites.keys():
            if not self.states[name].is_running:
                del self.states[name]

    def _all_problems(self) -> tuple[str, ...]:
        """What is wrong in the files, and what that means for the watch."""
        try:
            _, wrong = watchlist_in_use(self._files.watchlists, self._db)
        except ConfigError as error:  # there was no watchlist before
            wrong = list(error.problems)
        return (*map(self._with_consequence, self.selection.problems), *(f"{w} (the watchlist that was right stays in use)" for w in wrong))

    def _with_consequence(self, problem: str) -> str:
        path = Path(problem.partition(": ")[0])
        is_on = path == self._files.watch or path.stem in self.selection.sites
        return f"{problem} ({'what was right before stays in use' if is_on else 'the site is not watched until it is right'})"

    def _note_problems(self, problems: tuple[str, ...]) -> None:
        """Says what is wrong of late, and when all is right again."""
        for problem in problems:
            if problem not in self._problems:
                self._show.say(problem)
        if self._problems and not problems:
            self._show.say("all files are right again, and in use as they are")
        self._problems = problems
