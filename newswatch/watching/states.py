"""What a watch knows of each of its sites while it lasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

COLUMNS = ("fetched", "new", "changed", "flagged", "faults")


@dataclass(slots=True)
class SiteState:
    """One site: what is due, what is under way, what came of it since the watch began."""

    name: str
    due: int = 0
    """Sections and pages that are due now."""
    next_at: datetime | None = None
    """When something is due; None: not known, or never."""
    is_out_of_budget: bool = False
    """Something is due, and must wait for `next_at`: the hour's requests are spent."""
    is_running: bool = False
    code: int | None = None
    """The exit code of the last crawl; None where there was none."""
    kinds: frozenset[str] = frozenset()
    """The kinds of faults of the last crawl."""
    failures: int = 0
    """Crawls in a row that the program, its files or its database let down."""
    free_at: float = 0.0
    """Not crawled before then, in the time of time.monotonic()."""
    before: Counter[str] = field(default_factory=Counter)
    """COLUMNS of the crawls that have ended."""
    current: Counter[str] = field(default_factory=Counter)
    """COLUMNS of the crawl under way."""

    def total(self, column: str) -> int:
        """One of COLUMNS, since the watch began."""
        return self.before[column] + self.current[column]


def fault_kinds(counts: Mapping[str, int]) -> dict[str, int]:
    """How many faults of each kind, from a run's counts."""
    return {name.removeprefix("fault:"): n for name, n in sorted(counts.items()) if name.startswith("fault:")}


def columns(fetched: int, counts: Mapping[str, int]) -> Counter[str]:
    """COLUMNS from a run's counts; flagged are the events of tracked actors."""
    return Counter(
        fetched=fetched,
        new=counts.get("new", 0),
        changed=counts.get("changed", 0),
        flagged=counts.get("events", 0),
        faults=counts.get("faults", 0),
    )
