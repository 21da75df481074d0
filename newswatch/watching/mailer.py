"""Alerts while watching: `scrapy alert` in a process of its own, after crawls and once a minute; it never holds a crawl up.

What it does is derived from the store, so a pass that fails or is killed loses nothing: the next one does its work.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

EVERY, LONGEST = 60.0, 1800.0
"""Seconds between two passes, and after which one is ended."""

_EXIT_BUSY = 75


class Mailer:
    """Runs the passes one after the other; does nothing as long as there is no alerts.toml."""

    def __init__(self, alerts: Path, overrides: Mapping[str, Any], say: Callable[[str], object]) -> None:
        self._alerts, self._say = alerts, say
        self._command = [sys.executable, "-m", "scrapy", "alert", *(a for k, v in overrides.items() for a in ("-s", f"{k}={v}"))]
        self._task: asyncio.Task[None] | None = None
        self._begun_at = -EVERY
        self._said = ""

    def look(self, *, has_news: bool = False) -> None:
        """Begins a pass where one is due: a minute after the last one, at once after a crawl. Returns at once."""
        is_due = has_news or time.monotonic() - self._begun_at >= EVERY
        if is_due and self._alerts.exists() and (self._task is None or self._task.done()):
            self._begun_at = time.monotonic()
            self._task = asyncio.create_task(self._pass())

    async def finish(self) -> None:
        """One more pass, to its end: for what the last crawls brought."""
        if self._task is not None:
            await self._task
        if self._alerts.exists():
            await self._pass()

    async def _pass(self) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        try:
            out, wrong = await asyncio.wait_for(process.communicate(), LONGEST)
        except (TimeoutError, asyncio.CancelledError):
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            self._tell(f"alerts: not done after {LONGEST / 60:.0f} minutes: look at scrapy alert --status")
            return
        if process.returncode and process.returncode != _EXIT_BUSY:
            last = wrong.decode(errors="replace").strip().splitlines()
            self._tell(f"alerts: {last[0] if last else f'ended with {process.returncode}'}")
        else:
            self._said = ""
            for line in out.decode(errors="replace").splitlines():
                if not line.startswith("no new mail"):
                    self._say(f"alerts: {line}")

    def _tell(self, sentence: str) -> None:
        """The same trouble is said once."""
        if sentence != self._said:
            self._say(sentence)
        self._said = sentence
