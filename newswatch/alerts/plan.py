"""Pure: what is sent now, and what waits. The clock is given; nothing that waits is written down, it is still pending next time.

pending of one recipient -> instant:  by story -> cooldown, quiet hours, copies -> Letter a story, or one digest beyond `most_an_hour`
                         -> hourly, daily, weekly:  has a slot begun since the last digest? -> digest of all
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from newswatch.alerts.subscriptions import Subscription
from newswatch.alerts.wanting import is_urgent, weight
from newswatch.story import Happening

HOUR = timedelta(hours=1)
ECHO_WAITS = timedelta(hours=12)
"""A copy of a story that was told waits so long for another mail to be a line of."""

WRONG_CLOCK = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Past:
    """What one recipient of a subscription was told before."""

    since: datetime
    """When the subscription began."""
    digest_at: datetime | None = None
    """When the last digest was made."""
    recent: tuple[datetime, ...] = ()
    """Mails of the last hour."""
    told: Mapping[tuple[int, str], datetime] | None = None
    """When an actor in a story was told of last, by story and actor."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail that is to be made."""

    kind: str
    """story | digest | also"""
    stories: tuple[int, ...]
    happenings: tuple[Happening, ...]
    also: tuple[Happening, ...] = ()
    """Of copies of stories that are told here, or were before: a line each."""


def plan(
    one: Subscription,
    pending: Sequence[Happening],
    past: Past,
    now: datetime,
    copies: Mapping[int, int] | None = None,
) -> list[Letter]:
    """The mails to one recipient now. `copies` names for a story the one whose text it is, where that is told or to be told."""
    copies = copies or {}
    if one.rhythm != "instant":
        return [_digest(pending, copies)] if pending and _is_slot(one, past.digest_at or past.since, now) else []
    own = [h for h in pending if h.story not in copies]
    echoes = [h for h in pending if h.story in copies]
    ready = [h for h in own if _is_ready(one, h, past, now)]
    free = {h.story for h in ready if not is_quiet(one, now) or is_urgent(one, h)}
    letters = _by_story([h for h in ready if h.story in free])
    if room := max(0, one.most_an_hour - sum(at > now - HOUR for at in past.recent)):
        letters = _with_echoes(letters, echoes, copies, now, is_quiet=is_quiet(one, now))
        return letters if len(letters) <= room else [*letters[: room - 1], _joined(letters[room - 1 :])]
    return []


def is_quiet(one: Subscription, now: datetime) -> bool:
    """Whether it is a quiet hour in the subscription's zone; a span over midnight is one span."""
    if one.quiet is None:
        return False
    start, end = one.quiet
    at = now.astimezone(ZoneInfo(one.zone)).time()
    return start <= at < end if start < end else at >= start or at < end


def slot_before(one: Subscription, now: datetime) -> datetime:
    """When the last slot of a digest began, UTC: the hour, the day's or the week's time.

    A time that does not exist on the day summer time begins is taken an hour later, one that exists twice the first time;
    so each day has one slot exactly.
    """
    if one.rhythm == "hourly":
        return now.replace(minute=0, second=0, microsecond=0)
    zone = ZoneInfo(one.zone)
    today = now.astimezone(zone).date()
    if one.weekly:
        weekday, at = one.weekly
        days = [today - timedelta(days=(today.weekday() - weekday) % 7 + 7 * back) for back in (0, 1)]
    else:
        at = one.daily or time(7)
        days = [today - timedelta(days=back) for back in (0, 1)]
    return next(s for s in (_at(day, at, zone) for day in days) if s <= now)


def _is_slot(one: Subscription, last: datetime, now: datetime) -> bool:
    """Whether a slot has begun since the last digest. One of the far future was dated by a clock that was wrong."""
    return slot_before(one, now) > last or last > now + WRONG_CLOCK


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _is_ready(one: Subscription, happening: Happening, past: Past, now: datetime) -> bool:
    """Whether the cooldown of the actor in the story is over. A clock that was set back must not hold anything for long."""
    last = (past.told or {}).get((happening.story, happening.actor))
    return last is None or not last <= now < last + one.cooldown


def _by_story(happenings: Sequence[Happening]) -> list[Letter]:
    """A letter a story, the most important first."""
    stories: dict[int, list[Happening]] = {}
    for happening in happenings:
        stories.setdefault(happening.story, []).append(happening)
    letters = [Letter("story", (story,), tuple(found)) for story, found in stories.items()]
    return sorted(letters, key=lambda x: (-max(map(weight, x.happenings)), x.stories))


def _with_echoes(
    letters: list[Letter], echoes: Sequence[Happening], copies: Mapping[int, int], now: datetime, *, is_quiet: bool
) -> list[Letter]:
    """Copies go as lines into the letter on their story, else into the first one; alone only after long waiting."""
    own = {x.stories[0]: x for x in letters}
    home = {e: own.get(copies[e.story], letters[0] if letters else None) for e in echoes}
    out = [Letter(x.kind, x.stories, x.happenings, tuple(e for e in echoes if home[e] is x)) for x in letters]
    if not letters and echoes and not is_quiet and any(_age(e, now) >= ECHO_WAITS for e in echoes):
        out = [Letter("also", (), (), tuple(echoes))]
    return out


def _age(happening: Happening, now: datetime) -> timedelta:
    return now - datetime.fromisoformat(happening.at)


def _joined(letters: Sequence[Letter]) -> Letter:
    """What would be too many mails, as one digest."""
    stories = tuple(s for x in letters for s in x.stories)
    return Letter("digest", stories, tuple(h for x in letters for h in x.happenings), tuple(e for x in letters for e in x.also))


def _digest(pending: Sequence[Happening], copies: Mapping[int, int]) -> Letter:
    own = [h for h in pending if h.story not in copies]
    return Letter("digest", tuple(dict.fromkeys(h.story for h in own)), tuple(own), tuple(h for h in pending if h.story in copies))
