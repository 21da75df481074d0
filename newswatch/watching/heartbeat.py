"""A heartbeat: somebody else's machine is told that watching goes on, and cries when it hears nothing.

The ways of healthchecks.io and its like: URL/start, URL (all well), URL/fail.
"""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

EVERY = 300.0
"""Seconds between two beats while watching for good."""

TIMEOUT = 10
"""Seconds for each step of a request."""

Word = Literal["start", "success", "fail"]


def beat_url(url: str, word: Word) -> str:
    """The address of a beat: the word stands in the path, before a query."""
    parts = urlsplit(url)
    return url if word == "success" else urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{word}"))


class Heartbeat:
    """Beats in threads of their own: a beat that cannot be sent costs nothing but a sentence to `tell`."""

    def __init__(self, url: str | None, tell: Callable[[str], None]) -> None:
        """`url` as the user wrote it, None for no heartbeat at all. `tell` is called from other threads."""
        self.url = url
        self._tell = tell
        self._is_lost = False
        self._last: threading.Thread | None = None

    def beat(self, word: Word) -> None:
        """Sends a beat after the one before; returns at once."""
        if self.url:
            self._last = threading.Thread(target=self._send, args=(beat_url(self.url, word), self._last), daemon=True)
            self._last.start()

    def wait(self) -> None:
        """Until the last beat is out, or for a little longer than one may take."""
        if self._last:
            self._last.join(TIMEOUT + 5)

    def _send(self, url: str, before: threading.Thread | None) -> None:
        if before:
            before.join(TIMEOUT)
        try:
            request = urllib.request.Request(url, headers={"User-Agent": "newswatch heartbeat"})
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                answer.read(1024)
            self._is_lost = False
        except Exception as error:  # whatever it is, the watch goes on
            if not self._is_lost:  # once, not every five minutes; and not the URL: who knows it can answer for us
                host = urlsplit(url).hostname
                self._tell(f"the heartbeat could not be sent to {host}: {' '.join(str(error).split()) or type(error).__name__}")
            self._is_lost = True
