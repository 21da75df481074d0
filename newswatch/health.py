"""Pure: whether a running newswatch is well. What was read goes in, findings for people come out.

version, sizes, times, modes, answers -> judge_... -> Finding(level, sentence, what to do) -> exit_code

What nobody looked at is a finding of its own, UNSEEN: it is never told as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from newswatch.coverage import FIELDS, LEAST_PAST, RECENT, Drop, Reading
from newswatch.silence import Silence

OK, UNSEEN, NOTE, WARNING, ALARM = LEVELS = ("ok", "not looked at", "note", "warning", "alarm")
"""From the least to the gravest. A note needs nothing today; a warning costs something in time; an alarm does now."""

WAL_FIXED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))
"""SQLite, the first of each line without the bug that its page on the write-ahead log calls the WAL-reset bug."""

LARGE_LOG, HUGE_LOG = 64 * 2**20, 2**30
"""Bytes. SQLite folds its log into the database at some 4 MB, unless a reader that never ends keeps it from that."""

LEAST_FREE, SCARCE_FREE = 256 * 2**20, 2 * 2**30
"""Bytes free on the disk."""

MOST_AHEAD = timedelta(minutes=5)
"""Two clocks that are apart by no more are the same; HTTP dates have seconds, and answers take a while."""

LEAST_CERTIFICATE = timedelta(days=7)
"""Most are renewed thirty days before their end: with a week left nobody has."""

LATE, TOO_LATE = timedelta(days=2), timedelta(days=7)
"""Since a site was read: the quietest section is due once a day."""

OVERDUE, FAR_OVERDUE = timedelta(hours=3), timedelta(days=2)
OLD_BACKUP, TOO_OLD_BACKUP = timedelta(days=8), timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, or was not."""

    what: str
    """A word or two: `disk`, `certificate`."""
    level: str
    """Of LEVELS."""
    says: str
    """A sentence."""
    do: str = ""
    """What to do; empty where nothing is to be done."""
    site: str | None = None
    """None: of the whole."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """What of a site waits longer than it should."""

    sections: int
    pages: int
    """Links and stories."""
    longest: timedelta
    """How long the one that waits longest does."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered when it was asked for its robots.txt."""

    site: str
    host: str
    status: int = 0
    """0: it did not answer."""
    date: str | None = None
    """The header, as it came."""
    refused: tuple[str, ...] = ()
    """Sections that its robots.txt forbids us."""
    crawl_delay: float | None = None
    """Seconds, as its robots.txt says."""
    ends: datetime | None = None
    """When its certificate ends; None without encryption."""
    error: str = ""
    """Why it did not answer, or has no valid certificate."""


def exit_code(findings: Iterable[Finding]) -> int:
    """1 where one is an alarm, else 0."""
    return int(worst(findings) == ALARM)


def worst(findings: Iterable[Finding]) -> str:
    """The gravest level of all; `ok` of none."""
    return max((f.level for f in findings), key=LEVELS.index, default=OK)


def problems(what: str, sentences: Iterable[str], well: str, do: str = "") -> list[Finding]:
    """An alarm a sentence; one finding that says `well` where there is none."""
    return [Finding(what, ALARM, sentence, do) for sentence in sentences] or [Finding(what, OK, well)]


# --- the database and its machine


def judge_engine(version: Sequence[int]) -> Finding:
    """The SQLite that Python uses: several connections that write and fold the log at one moment can harm the database.

    Of ours one writes at a time and each crawl is one of few, so an old version is advice, not a danger of every day.
    """
    text = ".".join(map(str, version))
    line = next((fixed for fixed in WAL_FIXED if fixed[:2] == tuple(version[:2])), WAL_FIXED[-1])
    if tuple(version) >= line:
        return Finding("SQLite", OK, f"SQLite {text}")
    return Finding(
        "SQLite",
        NOTE,
        f"SQLite {text} has a rare bug of its write-ahead log where several programs write at once",
        "when you upgrade Python next, choose one with SQLite 3.51.3, 3.50.7 or 3.44.6, or a later one; keep backups until then",
    )


def judge_integrity(verdict: Sequence[str]) -> Finding:
    """What SQLite's check of its pages said: `ok`, or a line a damage."""
    if list(verdict) == ["ok"]:
        return Finding("integrity", OK, "the database is whole")
    says = f"the database is damaged: {'; '.join(verdict[:3])}" + (f" and {len(verdict) - 3} more" if len(verdict) > 3 else "")
    return Finding("integrity", ALARM, says, "stop all crawls and go back to a backup; keep the damaged file")


def judge_log(log: int, database: int) -> Finding:
    """How large the write-ahead log is beside its database, in bytes."""
    says = f"the log of the database has {size(log)}, the database {size(database)}"
    if log < LARGE_LOG:
        return Finding("log", OK, says)
    do = "something reads the database and never ends: end programs that hold it open (fuser, lsof); the next crawl makes it small"
    return Finding("log", WARNING if log < HUGE_LOG else ALARM, says, do)


def judge_disk(free: int, database: int) -> Finding:
    """Whether the disk has room for the log, and for a copy of the database, in bytes."""
    says = f"{size(free)} free on the disk of the database"
    if free < LEAST_FREE:
        return Finding("disk", ALARM, says, "make room now: what is fetched can soon not be saved")
    if free < SCARCE_FREE or free < database:
        return Finding("disk", WARNING, says, "make room: move old backups or set ARCHIVE_DAYS; a backup needs as much as the database has")
    return Finding("disk", OK, says)


def judge_clock(now: datetime, newest: datetime | None) -> Finding:
    """The machine's clock against the newest time that was stored."""
    if newest is None:
        return Finding("clock", UNSEEN, "nothing is stored that the clock could be held against")
    if newest > now + MOST_AHEAD:
        says = f"times are stored that are {span(newest - now)} in the future: the clock was ahead, or is behind now"
        return Finding("clock", ALARM, says, "set the clock (timedatectl set-ntp true); what was read in the future is looked at again")
    return Finding("clock", OK, "no stored time is in the future")


def judge_dates(now: datetime, answers: Sequence[Answer]) -> Finding:
    """The machine's clock against those of the sites: the one in the middle counts, for single servers are wrong."""
    apart = sorted(at - now for a in answers if a.date and (at := _date(a.date)))
    if not apart:
        return Finding("clock of sites", UNSEEN, "no site said what time it is")
    middle = apart[len(apart) // 2]
    if abs(middle) <= MOST_AHEAD:
        return Finding("clock of sites", OK, f"the clock is right by the word of {len(apart)} hosts")
    says = f"the clock is {span(abs(middle))} {'behind' if middle > timedelta(0) else 'ahead'}, by the word of {len(apart)} hosts"
    return Finding("clock of sites", ALARM, says, "set the clock (timedatectl set-ntp true)")


def judge_mode(path: str, mode: int, *, secret: bool, folder: bool = False) -> Finding | None:
    """Who may read and write a file or folder, by its permission bits; None where all is well."""
    if secret and mode & 0o077:
        says = f"{path} can be read by other users of this machine, and holds what is private (mode {mode & 0o777:o})"
        return Finding("permissions", ALARM, says, f"chmod {700 if folder else 600} {path}")
    if mode & 0o002 and not mode & 0o1000:
        return Finding("permissions", WARNING, f"{path} can be written by every user of this machine", f"chmod o-w {path}")
    return None


def judge_backup(now: datetime, newest: datetime | None, stories: int | None) -> Finding:
    """The age of the newest backup; `stories` are those that would be lost, None where the database cannot be asked."""
    do = "scrapy backup (in cron or a timer: every week at least); other folders than data/backups are not looked at"
    if newest is None:
        if stories == 0:
            return Finding("backup", OK, "no backup, and no story yet that could be lost")
        return Finding("backup", WARNING, "there is no backup", do)
    age = now - newest
    level = OK if age <= OLD_BACKUP else WARNING if age <= TOO_OLD_BACKUP else ALARM
    return Finding("backup", level, f"the newest backup is {span(age)} old", "" if level == OK else do)


def judge_archive(kept: int | None, missing: Sequence[str], error: str, *, is_on: bool) -> Finding:
    """The pages that were kept: how many files the database points to, which are not there, why the newest page cannot be read."""
    if kept is None:
        return Finding("archive", UNSEEN, "what of the archive the database points to could not be asked")
    if not kept:
        return Finding("archive", OK, "no page is kept" + (" yet" if is_on else ": ARCHIVE is off"))
    if missing:
        says = f"{len(missing)} of {kept} files of the archive are not there, as {missing[0]}"
        return Finding("archive", ALARM, says, "bring them back from a copy, or set WARC_DIR to where they are")
    if error:
        return Finding("archive", ALARM, f"the newest page that was kept cannot be read: {error}", "look at the disk; then scrapy crawl")
    return Finding("archive", OK, f"{kept} files, the newest page can be read")


# --- a site


def judge_success(site: str, now: datetime, last: datetime | None, begun: datetime | None) -> Finding:
    """When a site was read last; `begun` is when it was tried last."""
    do = f"scrapy watch must be running (docs/run-it-for-years.md); scrapy crawl {site} tells why it fails"
    if last is None:
        says = "was never crawled" if begun is None else f"could never be read; tried last {span(now - begun)} ago"
        return Finding("last read", WARNING if begun is None else ALARM, says, do, site)
    age = now - last
    level = OK if age <= LATE else WARNING if age <= TOO_LATE else ALARM
    says = f"read {span(age)} ago"
    if begun and begun > last and level != OK:
        says += f", tried in vain {span(now - begun)} ago"
    return Finding("last read", level, says, "" if level == OK else do, site)


def judge_fields(site: str, readings: Sequence[Reading], drops: Sequence[Drop]) -> list[Finding]:
    """Which fields the last stories have, and which fell out."""
    do = f"scrapy explain on one of them shows which rule finds nothing; correct settings/sites/{site}.toml"
    if drops:
        return [Finding("fields", WARNING, f"{drop}, as {drop.url}", do, site) for drop in drops]
    if len(readings) < RECENT + LEAST_PAST:
        says = f"{len(readings)} stories are too few to tell whether a field fell out: {RECENT + LEAST_PAST} are needed"
        return [Finding("fields", UNSEEN, says, "", site)]
    recent = readings[:RECENT]
    filled = sum(len(r.filled.intersection(FIELDS)) for r in recent) / (len(recent) * len(FIELDS))
    return [Finding("fields", OK, f"{filled:.0%} of the fields of the last {len(recent)} stories are filled, as before", "", site)]


def judge_overdue(site: str, late: Overdue) -> Finding:
    """What waits though it is due."""
    if late.longest <= OVERDUE:
        return Finding("due", OK, "nothing is overdue", "", site)
    says = f"{late.sections} sections and {late.pages} pages are overdue, the longest by {span(late.longest)}"
    do = "is scrapy watch running? If it is, the budget REQUESTS_AN_HOUR or the delay leaves too little room for this site"
    return Finding("due", NOTE if late.longest <= FAR_OVERDUE else WARNING, says, do, site)


def judge_silence(site: str, silence: Silence | None, lost: Sequence[str]) -> list[Finding]:
    """A site without new stories, and sections that lost their links (a sentence each)."""
    do = f"open the site: has the section moved? Then write its new address into settings/sites/{site}.toml"
    found = [Finding("silent", ALARM, str(silence), do, site)] if silence else []
    found += [Finding("links", ALARM, sentence, do, site) for sentence in lost]
    return found or [Finding("silent", OK, "new stories come as usual", "", site)]


def judge_answer(answer: Answer, now: datetime) -> list[Finding]:
    """The robots.txt and the certificate of a host of a site."""
    site, host = answer.site, answer.host
    if not answer.status:
        level = ALARM if "certificate" in answer.error else WARNING
        do = "nothing is crawled from a host without a valid certificate; has it moved?" if level == ALARM else "try again later"
        return [Finding("certificate" if level == ALARM else "robots", level, f"{host}: {answer.error}", do, site)]
    return [_robots(answer), *([_certificate(host, site, answer.ends - now)] if answer.ends else [])]


def _robots(answer: Answer) -> Finding:
    if answer.refused:
        do = f"switch these sections off (on = false in settings/sites/{answer.site}.toml), or ask the site"
        return Finding("robots", WARNING, f"robots.txt of {answer.host} forbids {', '.join(answer.refused)}", do, answer.site)
    if answer.status >= 500:
        says = f"{answer.host} answers {answer.status} for its robots.txt: until it does better all is allowed"
        return Finding("robots", NOTE, says, "try again later", answer.site)
    delay = f", and asks for {answer.crawl_delay:g} s between two requests" if answer.crawl_delay else ""
    return Finding("robots", OK, f"robots.txt of {answer.host} allows all sections{delay}", "", answer.site)


def _certificate(host: str, site: str, left: timedelta) -> Finding:
    says = f"the certificate of {host} ends in {left.days} days"
    if left > LEAST_CERTIFICATE:
        return Finding("certificate", OK, says, "", site)
    return Finding("certificate", NOTE, says, "the site renews it, or cannot be read from then on: nothing to do here", site)


# --- as people say it


def size(count: float) -> str:
    """`3.2 GiB`, of bytes."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


def span(length: timedelta) -> str:
    """`4 minutes`, `7 hours`, `12 days`."""
    minutes = max(0, round(length / timedelta(minutes=1)))
    for count, unit in ((minutes, "minute"), (round(minutes / 60), "hour")):
        if count < (120 if unit == "minute" else 48):
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{round(minutes / 1440)} days"


def _date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
