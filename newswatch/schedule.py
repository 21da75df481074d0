"""When a section or a story is looked at again. Pure: the clock is given, and what was learned goes in and comes out as values.

The rule is one for both. Each hour something may come (a new story in a section, an edit of a story) at a rate that was
learned. A look is worth its request when the delay that has piled up in the mean since the last one reaches a price:

    integral over s from the last look to t of rate(s) * (t - s)  >=  price

At a steady rate this makes the interval sqrt(2 * price / rate), the square-root rule for the least mean delay at a given
number of requests: Sia, Cho & Cho 2007, "Efficient monitoring algorithm for fast news alerts" (delay, rates that go with
the hour); Cho & Garcia-Molina 2003, "Effective page refresh policies" (why not in proportion to the rate); that a price
a look is all a crawler of many pages needs: Azar et al. 2018, "Tractable near-optimal policies for crawling".

    section: Rhythm (hour of the week, smoothed) x heat (what came in the last hours, against what was expected)
    story:   Habit (how likely an edit is, by age since the last one) x activity (the newsroom's hours)
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)
"""Between two looks at a section."""
LONGEST_OF_STORY = timedelta(days=7)
WATCHED_FOR = timedelta(days=45)
"""A story is looked at so long after it came or changed last."""
LONGEST_HINT = timedelta(hours=1)
"""A feed's own word (ttl, updatePeriod, max-age) counts up to here: most are set once and forgotten."""
FULL_EVERY = timedelta(hours=48)
"""Validators lie: so long after the last whole answer a page is asked for without them."""
FIRST_RETRY = timedelta(minutes=10)
INDEX_AGAIN = timedelta(hours=1)
"""A sitemap index, where none of those it leads to says more."""
MISSING_AGAIN, GONE_AGAIN = timedelta(minutes=30), timedelta(days=7)
"""After a first 404; after a story was found gone: a few come back."""
PRICE, STORY_PRICE = 0.05, 0.5
"""What a request must save: hours of delay of one new story, of one edit."""

SLOTS = 168
"""Hours of the week, UTC, Monday first. Summer time moves what was learned by an hour; the neighbours bridge that."""
_WEEK = timedelta(weeks=1)
_HOUR = timedelta(hours=1)
_MEMORY = 6.0
"""Weeks that an hour of the week remembers."""
_FIRST_RATE, _FIRST_HOURS = 0.5, 6.0
"""What a section is taken for before it was watched: stories an hour, and how many hours that is worth."""
_TO_DAYS, _TO_SLOT = 3.0, 6.0
"""How many stories it takes to believe in an hour of the day, in an hour of the week, rather than in what is around it."""
_NEAR = ((-1, 0.5), (0, 1.0), (1, 0.5))
_HEAT_LASTS = 2.0
"""Hours."""
_HEAT_PRIOR = 3.0
"""Stories more than expected that double the rate."""
_BENT, _HOURS_BENT = 1.2, 1.5
"""Above 1 looks move to where more comes, from quiet sections to busy ones and from old stories to young ones, and within a section
from its quiet hours to its busy ones: the median waits less, the rare one longer. Chosen with `benchmarks/schedule.py`."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What was learned of a section: what came in which hour of the week."""

    at: datetime | None = None
    """The last look that was read."""
    new: tuple[float, ...] = (0.0,) * SLOTS
    hours: tuple[float, ...] = (0.0,) * SLOTS
    """How long each hour of the week was watched; older weeks count less."""
    seen: float = 0.0
    expected: float = 0.0
    """Of late: what came, and what should have."""

    def rate(self, slot: int) -> float:
        """Stories an hour in an hour of the week. Little is known of it: it leans on that hour of like days, those on the mean."""
        mean = self.mean()
        day, hour = divmod(slot, 24)
        days = range(5, 7) if day >= 5 else range(5)
        n, h = self._near(d * 24 + hour for d in days)
        daily = (n + _TO_DAYS) / (h + _TO_DAYS / mean)
        n, h = self._near((slot,))
        return (n + _TO_SLOT) / (h + _TO_SLOT / daily)

    def mean(self) -> float:
        """Stories an hour, over the whole week."""
        return (_FIRST_RATE * _FIRST_HOURS + sum(self.new)) / (_FIRST_HOURS + sum(self.hours))

    def heat(self) -> float:
        """How much more comes of late than at this hour usually: 1 is as usual."""
        return (_HEAT_PRIOR + self.seen) / (_HEAT_PRIOR + self.expected)

    def activity(self) -> tuple[float, ...]:
        """Each hour of the week against the mean of all: when the newsroom is awake. Between 0.1 and 4."""
        rates = [self.rate(slot) for slot in range(SLOTS)]
        mean = sum(rates) / SLOTS
        return tuple(round(min(4.0, max(0.1, r / mean)), 3) for r in rates)

    def _near(self, slots: Iterable[int]) -> tuple[float, float]:
        n = h = 0.0
        for slot in slots:
            for step, weight in _NEAR:
                i = (slot + step) % SLOTS
                n += weight * self.new[i]
                h += weight * self.hours[i]
        return n, h


def looked(rhythm: Rhythm, now: datetime, new: float) -> Rhythm:
    """The rhythm after a look at `now` that brought `new` stories since the last one.

    A first look, and one after the clock was set back, teach nothing. Of a long gap the last week counts.
    """
    if rhythm.at is None or now <= rhythm.at:
        return replace(rhythm, at=now)
    since = max(rhythm.at, now - _WEEK)
    new *= (now - since) / (now - rhythm.at)
    pieces = list(_pieces(since, now))
    expected = [rhythm.rate(slot) * hours for slot, hours in pieces]
    total = sum(expected)
    counts, watched = list(rhythm.new), list(rhythm.hours)
    for (slot, hours), share in zip(pieces, expected, strict=True):
        kept = max(0.0, 1 - hours / _MEMORY)
        counts[slot] = counts[slot] * kept + new * share / total
        watched[slot] = watched[slot] * kept + hours
    gap = (now - since) / _HOUR / _HEAT_LASTS
    kept, recent = math.exp(-gap), (1 - math.exp(-gap)) / gap
    return Rhythm(now, tuple(counts), tuple(watched), rhythm.seen * kept + new * recent, rhythm.expected * kept + total * recent)


def section_due(rhythm: Rhythm, now: datetime, *, hint: timedelta | None = None, price: float = PRICE) -> datetime:
    """When a section that was looked at now is due again: 5 minutes to 24 hours on, and not before its own `hint`."""
    extra, mean = rhythm.heat() - 1, rhythm.mean()

    def rates() -> Iterator[tuple[float, float]]:
        ahead = 0.0
        for slot, hours in _pieces(now, now + LONGEST):
            rate = rhythm.rate(slot) * (1 + extra * math.exp(-(ahead + hours / 2) / _HEAT_LASTS))
            yield hours, mean**_BENT * (rate / mean) ** _HOURS_BENT
            ahead += hours

    floor = max(SHORTEST, min(hint or SHORTEST, LONGEST_HINT))
    return now + max(floor, min(LONGEST, _worth(rates(), price)))


_RUNGS = (0.5, 1, 2, 4, 8, 24, 72, 168, 336)
"""Hours of age where one rung of the ladder ends and the next begins; the last has no end."""
_USUAL = (
    (0.30, 0.22, 0.15, 0.10, 0.05, 0.02, 0.006, 0.002, 0.0008, 0.0003),  # was never edited
    (0.60, 0.40, 0.25, 0.15, 0.08, 0.03, 0.008, 0.003, 0.001, 0.0004),  # once
    (1.00, 0.70, 0.50, 0.30, 0.15, 0.05, 0.012, 0.004, 0.0015, 0.0005),  # more than once
    (4.00, 3.00, 2.00, 1.00, 0.40, 0.10, 0.02, 0.005, 0.002, 0.0005),  # a liveblog
)
"""Edits an hour by age, before anything was learned."""
_SURE = 3.0
"""Edits that the usual ladder is worth, on each rung."""
_STORIES_KEPT = 4000.0
"""Looks that a habit remembers."""


@dataclass(frozen=True, slots=True)
class Habit:
    """What was learned of a site's edits: by how often the story was edited, and by its age since then."""

    edits: tuple[tuple[float, ...], ...] = ((0.0,) * (len(_RUNGS) + 1),) * len(_USUAL)
    hours: tuple[tuple[float, ...], ...] = ((0.0,) * (len(_RUNGS) + 1),) * len(_USUAL)

    def rate(self, ladder: int, rung: int) -> float:
        """Edits an hour, at the newsroom's mean activity."""
        usual = _USUAL[ladder][rung]
        return (self.edits[ladder][rung] + _SURE) / (self.hours[ladder][rung] + _SURE / usual)


@dataclass(frozen=True, slots=True)
class Watched:
    """A story as the schedule sees it."""

    changed_at: datetime
    """When it came, or its content changed last."""
    checked_at: datetime
    revisions: int
    is_live: bool = False

    @property
    def ladder(self) -> int:
        """Which of the four ladders it stands on."""
        return 3 if self.is_live else min(self.revisions, 3) - 1


STEADY = (1.0,) * SLOTS
"""The activity of a newsroom of which nothing is known."""


def reread(habit: Habit, story: Watched, now: datetime, activity: Sequence[float], *, edited: bool) -> Habit:
    """The habit after a look at `now` at a story that was edited since `story.checked_at`, or was not."""
    if now <= story.checked_at:
        return habit
    pieces = list(_ages(story, story.checked_at, now, activity))
    ladder = story.ladder
    expected = [habit.rate(ladder, rung) * hours * active for rung, hours, active in pieces]
    total = sum(expected)
    edits, watched = list(habit.edits[ladder]), list(habit.hours[ladder])
    kept = 1 - 1 / _STORIES_KEPT
    for rung in {rung for rung, *_ in pieces}:
        edits[rung] *= kept
        watched[rung] *= kept
    for (rung, hours, active), share in zip(pieces, expected, strict=True):
        edits[rung] += share / total if edited else 0.0
        watched[rung] += hours * active
    return Habit(_put(habit.edits, ladder, edits), _put(habit.hours, ladder, watched))


def story_due(habit: Habit, story: Watched, now: datetime, activity: Sequence[float], *, price: float = STORY_PRICE) -> datetime | None:
    """When a story that was looked at now is due again, None after 45 days without a change.

    The ladder begins anew with each change, for `story.changed_at` does.
    """
    if now - story.changed_at > WATCHED_FOR:
        return None
    pieces = _ages(story, now, now + LONGEST_OF_STORY, activity)
    rates = ((hours, (habit.rate(story.ladder, rung) * active) ** _BENT) for rung, hours, active in pieces)
    return now + max(SHORTEST, min(LONGEST_OF_STORY, _worth(rates, price)))


def retry_due(failures: int, now: datetime) -> datetime:
    """When something that failed so many times in a row is tried again: 10 minutes, doubled each time, a day at most."""
    return now + min(LONGEST, FIRST_RETRY * 2.0 ** min(max(failures, 1) - 1, 10))


def is_due(next_at: datetime | None, checked_at: datetime | None, now: datetime, longest: timedelta = LONGEST) -> bool:
    """Whether something is due. The clock may have jumped: what was checked in the future, or waits beyond all measure, is due."""
    if next_at is None:
        return checked_at is None
    return next_at <= now or next_at > now + longest or (checked_at is not None and checked_at > now)


def urgency(next_at: datetime | None, checked_at: datetime | None, now: datetime) -> int:
    """How much a story that was read before is worth a request: -1 not due, 0 to 4 by how overdue it is.

    Overdue for its own interval: what comes often costs more while it waits, and what waits for long comes up.
    """
    if not is_due(next_at, checked_at, now, LONGEST_OF_STORY):
        return -1
    if next_at is None or checked_at is None or next_at <= checked_at or next_at > now:
        return 4
    late = (now - next_at) / (next_at - checked_at)
    return sum(late >= mark for mark in (0.25, 0.5, 1, 2))


def needs_whole(read_at: datetime | None, now: datetime) -> bool:
    """Whether a page is asked for without validators, for it was not read whole for long."""
    return read_at is None or not now - FULL_EVERY < read_at <= now


def _worth(rates: Iterable[tuple[float, float]], price: float) -> timedelta:
    """How long until the delay that piles up at `rates` (hours, events an hour) reaches the price; timedelta.max: never."""
    passed = waiting = delay = 0.0
    for hours, rate in rates:
        after = delay + waiting * hours + rate * hours * hours / 2
        if after >= price:
            root = math.sqrt(waiting * waiting + 2 * rate * (price - delay))
            return timedelta(hours=passed + 2 * (price - delay) / (waiting + root))
        passed, waiting, delay = passed + hours, waiting + rate * hours, after
    return timedelta(days=365)


def slot_of(at: datetime) -> int:
    """The hour of the week of a time in UTC."""
    return at.weekday() * 24 + at.hour


def _pieces(since: datetime, until: datetime) -> Iterator[tuple[int, float]]:
    """(hour of the week, hours) from one time to another."""
    at = since
    while at < until:
        end = min(until, at.replace(minute=0, second=0, microsecond=0) + _HOUR)
        yield slot_of(at), (end - at) / _HOUR
        at = end


def _ages(story: Watched, since: datetime, until: datetime, activity: Sequence[float]) -> Iterator[tuple[int, float, float]]:
    """(rung, hours, activity) from one time to another; by the hour on the first two days, then by the rung."""
    begun = max(0.0, (since - story.changed_at) / _HOUR)
    by_hour = min(until, since + timedelta(hours=48))
    age = begun
    for slot, hours in _pieces(since, by_hour):
        yield _rung(age + hours / 2), hours, activity[slot]
        age += hours
    last = begun + (until - since) / _HOUR
    for start, end in pairwise((age, *(r for r in _RUNGS if age < r < last), last)):
        if end > start:
            yield _rung((start + end) / 2), end - start, 1.0


def _rung(age: float) -> int:
    return next((i for i, end in enumerate(_RUNGS) if age < end), len(_RUNGS))


def _put(ladders: tuple[tuple[float, ...], ...], at: int, values: Sequence[float]) -> tuple[tuple[float, ...], ...]:
    return (*ladders[:at], tuple(values), *ladders[at + 1 :])
