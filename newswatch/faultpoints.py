"""Named points between two effects, at which a test kills the process: nothing may depend on both having happened.

    NEWSWATCH_FAULT=save.before_commit:3    kill -9 at the third time that the point is reached
    NEWSWATCH_FAULT_LOG=file                a line with the name of each point that is reached

Without these variables a point does nothing. A new point is a line in POINTS and a call of `fault` at one place;
tests/crash/ kills at each of them, and fails where one is never reached.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

KILL, LOG = "NEWSWATCH_FAULT", "NEWSWATCH_FAULT_LOG"

POINTS = {
    # what stands before the point | what stands behind it
    "write.begun": "any transaction has begun | its first statement",
    "write.before_commit": "every statement of any transaction | its commit",
    "write.after_commit": "any transaction is committed | what its caller does next",
    "migration.begun": "the migrations before this one are committed | this one",
    "migration.written": "a migration's tables are written | its commit, and the note that it was applied",
    "open.migrated": "a new or old database has today's tables | anything uses it",
    "watchlist.numbered": "the watchlist's state has its number | its definitions and actors",
    "archive.kept": "an answer is in the archive | it is unpacked and read",
    "run.begun": "the run's row is there | anything is asked",
    "run.ending": "everything of the run is saved | the faults that only the whole run shows",
    "run.counted": "the late faults are saved | the run's row is closed",
    "run.ended": "the run's row is closed | the store is closed and the run is told of",
    "archive.written": "an answer is written into its file of the day | it is on the disk",
    "listing.read": "a listing was fetched and read | it is saved",
    "listing.saved": "a listing and its validators are saved | its stories are asked for",
    "listing.written": "a listing's row | its links that wait, and when it is due again",
    "article.read": "a page was fetched and read | it is checked and compared",
    "revise.decided": "a story was found new or changed | it is searched for actors",
    "save.story": "the story's row | its addresses",
    "save.addresses": "the story's addresses | what it teaches of the site",
    "save.waited": "the story's link waits no longer | when the story is due again",
    "save.revision": "the revision's row | its mentions",
    "save.mentions": "the mentions' rows | what follows for the actors",
    "save.events": "the events' rows | what is counted of the story",
    "save.counted": "what is counted of the story | its words in the search index",
    "save.indexed": "the story's words in the search index | the mark of the watchlist its mentions were made with",
    "save.done": "a story and all that belongs to it are committed | it is counted",
    "unchanged.written": "a story is marked as seen again | when it is due again",
    "unchanged.saved": "a story is marked as seen again | it is counted",
    "gone.written": "a story is marked as missing or gone | when it is due again",
    "gone.saved": "a story is marked as missing or gone | it is counted",
    "fault.written": "a fault's row | when what could not be read is due again",
    "fault.saved": "a fault's row is committed | it is counted",
    "backup.copied": "a backup's part is written | it is checked",
    "backup.checked": "the part is checked and on the disk | it has the backup's name",
    "backup.named": "the backup has its name | older ones go",
    "export.written": "all parts of a bundle are on the disk | it is packed and has its name",
    "export.named": "a bundle has its name | what is left of its parts goes",
    "match.cleared": "`match --all` forgot what was matched | it begins to match",
    "match.mentions": "the mentions of a story in place of others | its events",
    "match.events": "the events of a story | the marks of its revisions",
    "match.settled": "some stories are matched anew | the next ones are read",
}
"""Every point, with the two effects that it separates."""

_reached: Counter[str] = Counter()


def fault(name: str) -> None:
    """Notes that a point is reached, and ends the process there where a test asks for it."""
    order, log = os.environ.get(KILL), os.environ.get(LOG)
    if order is None and log is None:
        return
    if name not in POINTS:
        raise ValueError(f"{name} is no point of POINTS")
    _reached[name] += 1
    if log:
        with open(log, "a", encoding="ascii") as file:  # noqa: PTH123
            file.write(f"{name}\n")
    point, _, number = (order or "").partition(":")
    if point == name and _reached[name] == int(number or 1):
        kill()


def kill() -> None:
    """Ends the process as a power cut does: nothing is closed, nothing is written."""
    os.kill(os.getpid(), signal.SIGKILL)


def forget() -> None:
    """Counts from the beginning again."""
    _reached.clear()
