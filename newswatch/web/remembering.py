"""What is dear to count and may be a minute old is counted once a minute."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any

SECONDS = 60.0
MOST = 32
"""Values that are kept."""


class Memory:
    """Values by key for SECONDS; for any number of threads. Two that ask at once may both count: neither waits."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._kept: dict[Hashable, tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The value of a key, made where there is none or it is too old."""
        with self._lock:
            found = self._kept.get(key)
        if found is not None and self._now() - found[0] < SECONDS:
            return found[1]
        value = make()
        with self._lock:
            while len(self._kept) >= MOST:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = (self._now(), value)
        return value
