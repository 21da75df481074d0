"""The child processes of `scrapy watch`, seen from their parent: begun, given orders, listened to, replaced.

give(Chosen) -> worker.py -> News: at, ended, died, said
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import newswatch
from newswatch.store.runs import EXIT_DIED
from newswatch.watching.chosen import Chosen
from newswatch.watching.plan import Process, is_worn, place

SILENT_FOR = 600.0
"""Seconds after which a process that crawls and says nothing is taken to hang, and is killed."""

LONGEST_LINE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class News:
    """What a process says of a site: its crawl is at work or has ended, or the process died over it. `said`: its log, no site."""

    what: Literal["at", "ended", "died", "said"]
    site: str = ""
    code: int = 0
    detail: str = ""
    run: int | None = None
    fetched: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Child:
    number: int
    process: asyncio.subprocess.Process
    is_alone: bool
    sites: dict[str, int | None] = field(default_factory=dict)
    """What it crawls, and the number of the run where it is known."""
    given: int = 0
    memory: int = 0
    heard: float = field(default_factory=time.monotonic)
    is_hung: bool = False

    def seen(self) -> Process:
        return Process(self.number, len(self.sites), self.given, self.memory, self.is_alone and bool(self.sites))


class Crew:
    """All child processes."""

    def __init__(self, overrides: Mapping[str, Any], hear: Callable[[News], None]) -> None:
        """`overrides` are settings that the command line set; `hear` gets the news, in the event loop."""
        self._overrides = json.dumps(dict(overrides), default=str)
        self._hear = hear
        self._children: dict[int, _Child] = {}
        self._listeners: set[asyncio.Task[None]] = set()
        self._begun = 0

    async def give(self, chosen: Chosen, most: int, *, alone: bool = False) -> bool:
        """Begins a crawl in one of at most `most` processes; False where all are full. `alone`: with no other beside it."""
        number = place([c.seen() for c in self._children.values()], most, alone=alone)
        if number is None:
            return False
        child = self._children[number] if number >= 0 else await self._begin()
        child.is_alone = alone
        child.given += 1
        child.heard = time.monotonic()
        child.sites[chosen.site.name] = None
        sections = ",".join(chosen.sections) if chosen.sections else None
        order = {"site": chosen.site.model_dump(mode="json", exclude_unset=True), "sections": sections}
        assert child.process.stdin is not None
        with suppress(OSError):  # it has just died: its listener tells
            child.process.stdin.write(json.dumps(order).encode() + b"\n")
            await child.process.stdin.drain()
        return True

    @property
    def is_empty(self) -> bool:
        """Whether nothing is being crawled."""
        return not any(child.sites for child in self._children.values())

    def stop(self) -> None:
        """Asks all to end: crawls under way finish what they have and close."""
        for child in self._children.values():
            _close(child)

    def kill(self) -> None:
        """Ends all at once; the database bears it."""
        for child in self._children.values():
            with suppress(ProcessLookupError):
                child.process.kill()

    def kill_hung(self) -> None:
        """Ends those that crawl and have said nothing for long: their sites are taken up again."""
        for child in self._children.values():
            if child.sites and time.monotonic() - child.heard > SILENT_FOR:
                child.is_hung = True
                with suppress(ProcessLookupError):
                    child.process.kill()

    async def ended(self) -> None:
        """Until no process is left."""
        while self._listeners:
            await asyncio.wait(self._listeners)

    async def _begin(self) -> _Child:
        self._begun += 1
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "newswatch.watching.worker",
            self._overrides,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=_environment(),
            limit=LONGEST_LINE,
            start_new_session=True,  # Ctrl-C is for the parent: it asks its children to end
        )
        child = self._children[self._begun] = _Child(self._begun, process, is_alone=False)
        task = asyncio.create_task(self._listen(child))
        self._listeners.add(task)
        task.add_done_callback(self._listeners.discard)
        return child

    async def _listen(self, child: _Child) -> None:
        """Passes on what a process says until it ends; what it left undone then is news, too."""
        assert child.process.stdout is not None
        log = asyncio.create_task(self._pass_on(child))
        while line := await child.process.stdout.readline():
            child.heard = time.monotonic()
            with suppress(ValueError):  # half a line of a process that was killed
                self._take(child, json.loads(line))
        code = await child.process.wait()
        await log
        del self._children[child.number]
        how = "it had hung and was ended" if child.is_hung else _how(code)
        if code and not child.sites:
            self._hear(News("said", detail=f"a process that crawled nothing just then died ({how}); another is begun when needed"))
        for site, run in child.sites.items():
            detail = f"{site}: the process that crawled it died ({how}); the site is taken up again"
            self._hear(News("died", site, EXIT_DIED, detail, run))

    async def _pass_on(self, child: _Child) -> None:
        assert child.process.stderr is not None
        while line := await child.process.stderr.readline():
            self._hear(News("said", detail=line.decode(errors="replace").rstrip()))

    def _take(self, child: _Child, said: dict[str, Any]) -> None:
        site = said.get("ended") or said.get("at")
        if site not in child.sites:
            return
        child.sites[site] = said["run"]
        if "ended" in said:
            del child.sites[site]
            child.memory = said["memory"]
            if is_worn(child.seen()) and not child.sites:
                _close(child)
        what: Literal["at", "ended"] = "ended" if "ended" in said else "at"
        self._hear(News(what, site, said.get("code", 0), said.get("detail", ""), said["run"], said["fetched"], said["counts"]))


def _close(child: _Child) -> None:
    if child.process.stdin is not None:
        child.process.stdin.close()


def _environment() -> dict[str, str]:
    """Ours, and the way to the package where it is not installed."""
    root = str(Path(newswatch.__file__).parent.parent)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
