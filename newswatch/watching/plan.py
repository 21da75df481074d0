"""Who is begun now, in which process, and when to look again. Pure: time comes in as an argument."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from newswatch.store.runs import EXIT_BUSY, EXIT_CONFIG, EXIT_DIED, EXIT_FAULTS, EXIT_OK, EXIT_STOPPED, EXIT_STORE, EXIT_UNREACHABLE

AT_ONCE = 8
"""Sites that one process crawls beside each other: a polite crawl mostly waits."""

MOST_CRAWLS = 500
MOST_MEMORY = 1024 * 1024 * 1024
"""After so many crawls, or with so many bytes of memory in use, a process is renewed: what libraries leak goes with it."""

LONGEST_SLEEP = 60.0
"""Seconds: changed files and a clock that jumps are noticed after a minute at most."""

SHORTEST_GAP, LONGEST_GAP = 60.0, 3600.0
"""Seconds between two crawls of one site, whatever is due; doubled with each failure of the program or the store."""

_GRAVITY = (EXIT_OK, EXIT_BUSY, EXIT_FAULTS, EXIT_UNREACHABLE, EXIT_CONFIG, EXIT_DIED, EXIT_STORE, EXIT_STOPPED)

FOR_A_PERSON = frozenset(["silent", "dropped"])
"""Faults of a whole site or section: it may have moved, and only a person finds out where to."""

_OURS = frozenset([EXIT_CONFIG, EXIT_DIED, EXIT_STORE])
"""What no site can be blamed for."""


@dataclass(frozen=True, slots=True)
class Process:
    """A child process as the plan sees it."""

    number: int
    running: int
    """Crawls under way."""
    given: int
    """Crawls in its life."""
    memory: int = 0
    """Bytes in use, as it said last."""
    is_alone: bool = False
    """It crawls a site that no other shall crawl beside."""


def is_worn(process: Process) -> bool:
    """Whether a process gets no further crawls, and ends with its last one."""
    return process.given >= MOST_CRAWLS or process.memory >= MOST_MEMORY


def place(processes: Sequence[Process], most: int, *, alone: bool = False) -> int | None:
    """The number of the process that gets the next crawl; -1 for a new one, None where all are full.

    Full processes first: each costs memory. A site whose crawl killed its process gets one of its own.
    """
    usable = [p for p in processes if not is_worn(p) and not p.is_alone]
    room = [p for p in usable if p.running == 0 or (not alone and p.running < AT_ONCE)]
    if room:
        return max(room, key=lambda p: (p.running, -p.number)).number
    return -1 if len(processes) < most else None


def gap(code: int, failures: int) -> float:
    """Seconds until a site may be crawled again, from the exit code of its crawl and how many in a row failed by our own fault."""
    return min(LONGEST_GAP, SHORTEST_GAP * 2.0 ** min(failures, 16)) if is_ours(code) else SHORTEST_GAP


def is_ours(code: int) -> bool:
    """Whether the program, its files or its database failed, not a site."""
    return code in _OURS


def worst(codes: Iterable[int]) -> int:
    """The exit code of a whole look: the gravest of those of its sites; 75 is less than faults, as another crawl does the work."""
    return max(codes, key=lambda code: _GRAVITY.index(code) if code in _GRAVITY else len(_GRAVITY), default=EXIT_OK)


def needs_a_person(codes: Iterable[int], kinds: Iterable[str] = ()) -> bool:
    """Whether what came of the sites' last crawls (exit codes, kinds of faults) is nothing that mends itself.

    That is: our own failures, a site that fell silent or lost its links, no site at all in reach. Single pages or sites that
    cannot be read are told in the log, and are daily bread.
    """
    every = list(codes)
    if FOR_A_PERSON.intersection(kinds):
        return True
    return any(is_ours(code) for code in every) or (bool(every) and all(code == EXIT_UNREACHABLE for code in every))


def sleep(now: datetime, dues: Iterable[datetime | None], gaps: Iterable[float]) -> float:
    """Seconds until something can be due: the earliest time of `dues` (None: nothing known), not before its gap; a minute at most."""
    waits = [max(wait, 0.0 if due is None else (due - now).total_seconds()) for due, wait in zip(dues, gaps, strict=True)]
    return max(0.0, min([LONGEST_SLEEP, *waits]))
