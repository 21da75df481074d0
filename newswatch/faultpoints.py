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
    "part.read": "a further page of an article was read | the page behind it, or the story, is handed on",
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
    "join.revisions": "the revisions of two stories stand under one | their mentions, events and addresses",
    "join.moved": "all that belonged to two stories belongs to one | the other one goes",
    "join.removed": "the other story is gone, and where it went is noted | the page is saved",
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
    "alert.planned": "a mail is planned | it is kept",
    "alert.kept": "a mail is in the outbox | what it tells of is marked as told",
    "alert.noted": "a mail and what it tells of are committed | the next one is planned",
    "alert.troubles": "a mail to the operator is in the outbox | what it tells of is marked as told",
    "send.before_file": "a mail is to be sent | its file is written",
    "send.feed_written": "a feed with a new entry is written | it takes the old one's place",
    "send.before_data": "the server takes sender and recipient | it gets the mail",
    "send.accepted": "the server has accepted a mail | it is marked as sent",
    "send.marked": "a mail is marked as sent | the next one is sent",
    "match.settled": "some stories are matched anew | the next ones are read",
    "reread.texts": "other texts of a story's revisions | what its row says of them",
    "reread.story": "the row of a story whose pages were read again | its mentions",
    "reread.mentions": "the mentions of texts that were read again | their events",
    "reread.settled": "a story is read again, and all that follows | the next one is read",
    "reread.noted": "how far `reread` came | the next story",
    "purge.file_noted": "it is noted that a file of the archive is about to be made | it is written",
    "purge.file_written": "a file without some records is on the disk | what points to them points into it",
    "purge.file_moved": "all that pointed into the old file points into the new one | the old one is removed",
    "purge.file_removed": "the old file is removed | the note that it is to go",
    "purge.archived": "the pages of removed stories are out of the archive | their texts are out of the database",
    "purge.forbidden": "the addresses of removed stories are forbidden | what hangs on the stories is deleted",
    "purge.texts": "the texts of removed stories are deleted | their rows",
    "purge.deleted": "removed stories are out of the tables | they are out of the file",
    "purge.indexed": "the index of words is made anew | the database's file",
    "purge.vacuumed": "the database's file is made anew | its log is emptied",
    "purge.compacted": "nothing of removed stories is left | the note that they are to go from the file",
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
