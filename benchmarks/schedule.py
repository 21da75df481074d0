"""How soon new stories and edits are seen, at one number of requests: `python -m benchmarks.schedule`.

Weeks of invented newsrooms (benchmarks/newsrooms.py), from 3 to 300 stories a day, are watched by

    ours        newswatch.schedule, as it is, learning as it goes
    fixed       one interval for all; of stories also for a few days only, whichever number of them has the least median
    adaptive    that of Common Crawl's news crawler (StormCrawler): x 1.5 when nothing changed, x 0.8 when something did, within bounds
    knows rates the same rule as ours, told the true rate of every hour: what perfect learning would give
    hindsight   knows every time: the least sum of delays with as many looks; 0 where there are more looks than events, as
                mostly here: it needs one look an event, and everybody else looks to find out

Ours says how many requests there are; the interval, the bounds and the price of the others are set so that they make as many. The
first weeks are for learning and are not counted. Seeds below 100 were looked at while constants were chosen; the default is not.
"""

from __future__ import annotations

import argparse
import heapq
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import fmean, median

from benchmarks.newsrooms import HOURS_OF_WEEK, KINDS, WATCHED, Kind, Newsroom, delays, hazard, least_delay
from newswatch import schedule
from newswatch.schedule import Habit, Rhythm, Watched

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
SHORTEST, LONGEST, LONGEST_OF_STORY = 1 / 12, 24.0, 168.0
LEARNING = 3
"""Weeks."""
A_DAY = 25
"""Stories that are followed of a day at most: each is watched for itself."""

Looks = list[list[float]]
"""Of each section, of each story."""


@dataclass
class Edited:
    """A story that is followed."""

    came: float
    type: str
    lasts: float
    edits: list[float]


@dataclass
class World:
    """A newsroom, and what is measured of it."""

    room: Newsroom
    stories: list[Edited]
    begin: float
    end: float

    @classmethod
    def made(cls, kind: Kind, weeks: int, seed: int) -> World:
        """Of a seed: the first LEARNING weeks are not measured."""
        room = Newsroom.made(kind, weeks, seed)
        end = float(weeks * HOURS_OF_WEEK)
        step = max(1, round(len(room.stories) / (weeks * 7 * A_DAY)))
        stories = []
        for came in room.stories[::step]:
            stories.append(Edited(came, *room.edits(came, end)))
        return cls(room, stories, float(LEARNING * HOURS_OF_WEEK), end)

    def counted(self, looks: Looks) -> int:
        """Requests within what is measured."""
        return sum(bisect_right(those, self.end) - bisect_left(those, self.begin) for those in looks)


# --- sections


def ours_of_sections(world: World, price: float = schedule.PRICE) -> Looks:
    """By `schedule.looked` and `schedule.section_due`."""
    rhythm, at, looks, seen = Rhythm(), MONDAY, list[float](), 0
    while (hour := hours(at)) < world.end:
        looks.append(hour)
        now = bisect_right(world.room.stories, hour)
        rhythm = schedule.looked(rhythm, at, now - seen)
        seen = now
        at = schedule.section_due(rhythm, at, price=price)
    return [looks]


def fixed_of_sections(world: World, interval: float) -> Looks:
    """Every so many hours."""
    return [[n * interval for n in range(int(world.end / interval))]]


def adaptive_of_sections(world: World, least: float, most: float) -> Looks:
    """By whether anything came."""
    at, interval, looks, seen = 0.0, 1.0, list[float](), 0
    while at < world.end:
        looks.append(at)
        now = bisect_right(world.room.stories, at)
        interval = min(most, max(least, interval * (0.8 if now > seen else 1.5)))
        seen = now
        at += interval
    return [looks]


def knowing_of_sections(world: World, price: float) -> Looks:
    """By the true rates, breaking news before it breaks included."""
    at, looks = 0.0, list[float]()
    while at < world.end:
        looks.append(at)
        rates = ((h, world.room.rates[int(t)]) for t, h in pieces(at, min(world.end, at + LONGEST)))
        at += min(LONGEST, max(SHORTEST, worth(rates, price)))
    return [looks]


# --- stories


def ours_of_stories(world: World, price: float = schedule.STORY_PRICE) -> Looks:
    """By `schedule.reread` and `schedule.story_due`, in the order of time, as a crawl learns."""
    habit, activity, learned = Habit(), schedule.STEADY, -1
    rhythms = rhythms_of(world)
    looks: Looks = [[s.came] for s in world.stories]
    state = [Watched(when(s.came), when(s.came), 1, s.type == "live") for s in world.stories]
    queue = sorted((hours(schedule.story_due(habit, w, w.checked_at, activity, price=price) or MONDAY), n) for n, w in enumerate(state))
    heapq.heapify(queue)
    while queue:
        hour, n = heapq.heappop(queue)
        if hour >= world.end:
            continue
        if int(hour / 24) > learned:
            learned = int(hour / 24)
            activity = rhythms[min(learned, len(rhythms) - 1)]
        at, story, edits = when(hour), state[n], world.stories[n].edits
        edited = bisect_right(edits, hour) > bisect_right(edits, looks[n][-1])
        habit = schedule.reread(habit, story, at, activity, edited=edited)
        state[n] = Watched(at if edited else story.changed_at, at, story.revisions + edited, story.is_live)
        looks[n].append(hour)
        if due := schedule.story_due(habit, state[n], at, activity, price=price):
            heapq.heappush(queue, (hours(due), n))
    return [those[1:] for those in looks]


def rhythms_of(world: World) -> list[tuple[float, ...]]:
    """What is known of the newsroom's hours, by day, from looks at its section."""
    rhythm, seen, out = Rhythm(), 0, []
    for hour in range(int(world.end)):
        now = bisect_right(world.room.stories, hour)
        rhythm = schedule.looked(rhythm, when(hour), now - seen)
        seen = now
        if hour % 24 == 0:
            out.append(rhythm.activity())
    return out


def fixed_of_stories(world: World, interval: float, lasts: float = WATCHED) -> Looks:
    """Each story every so many hours, for so long."""
    return [[s.came + n * interval for n in range(1, 1 + int((min(world.end, s.came + lasts) - s.came) / interval))] for s in world.stories]


def shorter_of_stories(world: World, events: Looks, wanted: int) -> Looks:
    """A harder rival: each story every so many hours for one, three or ten days only, whichever has the least median.

    What is edited later it never sees: that counts as a delay to the end.
    """
    found = []
    for days in (1, 3, 10):
        lasts = days * 24.0
        count = partial(_counted_of, world, lasts)
        interval = searched(count, wanted, SHORTEST / 4, 2 * LONGEST_OF_STORY)
        looks = fixed_of_stories(world, interval, lasts)
        waits = [d for e, those in zip(events, looks, strict=True) for d in delays(e, those, world.end)]
        found.append((median(waits), looks))
    return min(found, key=lambda f: f[0])[1]


def _counted_of(world: World, lasts: float, interval: float) -> int:
    return world.counted(fixed_of_stories(world, interval, lasts))


def adaptive_of_stories(world: World, least: float, most: float) -> Looks:
    """By whether the story was edited."""
    out = []
    for story in world.stories:
        at, interval, looks, end = story.came, max(1.0, least), list[float](), min(world.end, story.came + WATCHED)
        before = story.came
        while (at := at + min(most, interval)) < end:
            looks.append(at)
            edited = bisect_right(story.edits, at) > bisect_right(story.edits, before)
            before = at
            interval = min(most, max(least, interval * (0.8 if edited else 1.5)))
        out.append(looks)
    return out


def knowing_of_stories(world: World, price: float) -> Looks:
    """By the true hazard of each story since the last change that was seen, and the newsroom's true hours."""
    out = []
    for story in world.stories:
        at, changed, looks, end = story.came, story.came, list[float](), min(world.end, story.came + WATCHED)
        while True:
            rates = (
                (h, hazard(story.type, t + h / 2 - changed, t - story.came, story.lasts) * world.room.awake(t))
                for t, h in pieces(at, min(end, at + LONGEST_OF_STORY))
            )
            at += min(LONGEST_OF_STORY, max(SHORTEST, worth(rates, price)))
            if at >= end:
                break
            looks.append(at)
            n = bisect_right(story.edits, at)
            changed = story.edits[n - 1] if n else story.came
        out.append(looks)
    return out


# --- the comparison


@dataclass
class Result:
    """What a schedule came to."""

    name: str
    requests: int
    delays: list[float]


def compare(
    world: World,
    events: Looks,
    ours: Looks,
    fixed: Callable[[float], Looks],
    adaptive: Callable[[float, float], Looks],
    knowing: Callable[[float], Looks],
    longest: float,
    shorter: Callable[[Looks, int], Looks] | None = None,
) -> list[Result]:
    """All schedules at the number of requests that ours makes."""
    wanted = world.counted(ours)
    inside = [[e for e in those if world.begin <= e < world.end] for those in events]

    def result(name: str, looks: Looks) -> Result:
        waits = [d for e, those in zip(inside, looks, strict=True) for d in delays(e, those, world.end)]
        return Result(name, world.counted(looks), waits)

    def many(looks: Looks) -> int:
        return world.counted(looks)

    fixed_at = searched(lambda x: many(fixed(x)), wanted, SHORTEST / 4, 2 * longest)
    if many(adaptive(SHORTEST, longest)) > wanted:
        bounds = searched(lambda x: many(adaptive(x, longest)), wanted, SHORTEST, longest), longest
    else:
        most = searched(lambda x: many(adaptive(min(SHORTEST, x), x)), wanted, SHORTEST / 4, longest)
        bounds = min(SHORTEST, most), most
    price = searched(lambda x: many(knowing(x)), wanted, 1e-6, 50.0)
    best = Result("hindsight", wanted, least_delay([e for e in inside if e], wanted))
    return [
        result("ours", ours),
        result("fixed", fixed(fixed_at)),
        *([result("fixed, short", shorter(inside, wanted))] if shorter else []),
        result("adaptive", adaptive(*bounds)),
        result("knows rates", knowing(price)),
        best,
    ]


def searched(count: Callable[[float], int], wanted: int, low: float, high: float) -> float:
    """The value between the two at which `count`, which falls, is nearest to `wanted`."""
    best, nearest = high, math.inf
    for _ in range(18):
        middle = math.sqrt(low * high)
        found = count(middle)
        if abs(found - wanted) < nearest:
            best, nearest = middle, abs(found - wanted)
        if nearest <= wanted / 200:
            break
        low, high = (middle, high) if found > wanted else (low, middle)
    return best


def run(kind: Kind, weeks: int, seed: int, times: float = 1.0) -> tuple[list[Result], list[Result]]:
    """(new stories, edits) of one newsroom; of one with few stories more weeks, for else chance alone would tell."""
    world = World.made(kind, round(weeks * min(5, max(1.0, 20 / kind.a_day))), seed)
    new = compare(
        world,
        [world.room.stories],
        ours_of_sections(world, schedule.PRICE * times),
        lambda x: fixed_of_sections(world, x),
        lambda a, b: adaptive_of_sections(world, a, b),
        lambda x: knowing_of_sections(world, x),
        LONGEST,
    )
    edits = compare(
        world,
        [s.edits for s in world.stories],
        ours_of_stories(world, schedule.STORY_PRICE * times),
        lambda x: fixed_of_stories(world, x),
        lambda a, b: adaptive_of_stories(world, a, b),
        lambda x: knowing_of_stories(world, x),
        LONGEST_OF_STORY,
        lambda events, wanted: shorter_of_stories(world, events, wanted),
    )
    return new, edits


def show(kind: str, what: str, results: list[Result]) -> tuple[float, float]:
    """A line a schedule; returns how much better our median is than that of fixed and of adaptive."""
    by_name = {r.name: r for r in results}
    ours, fixed, adaptive = (median(by_name[n].delays) for n in ("ours", "fixed", "adaptive"))
    print(f"{kind}, {what}: {len(results[0].delays)}, {results[0].requests} requests")
    for r in results:
        middle, mean = median(r.delays), fmean(r.delays)
        gain = f"{fixed / middle:5.2f} {fmean(by_name['fixed'].delays) / mean:5.2f}" if middle and mean else "    -     -"
        print(f"  {r.name:12} {r.requests:7}  median {minutes(middle)}  mean {minutes(mean)}  times better than fixed {gain}")
    near = fmean(by_name["knows rates"].delays) / fmean(by_name["ours"].delays)
    print(f"  ours reaches {near:.0%} of the mean of who knows all rates")
    return fixed / ours, adaptive / ours


def minutes(hours: float) -> str:
    """`  12.3 min`."""
    return f"{hours * 60:7.1f} min"


def pieces(at: float, until: float) -> Iterable[tuple[float, float]]:
    """(begin, length) of the hours from one time to another; after two days by six hours."""
    start = at
    while at < until:
        step = 1.0 if at - start < 48 else 6.0
        end = min(until, math.floor(at) + step)
        yield at, end - at
        at = end


def worth(rates: Iterable[tuple[float, float]], price: float) -> float:
    """Hours until the delay that piles up reaches the price."""
    passed = waiting = delay = 0.0
    for length, rate in rates:
        after = delay + waiting * length + rate * length * length / 2
        if after >= price:
            return passed + 2 * (price - delay) / (waiting + math.sqrt(waiting * waiting + 2 * rate * (price - delay)))
        passed, waiting, delay = passed + length, waiting + rate * length, after
    return math.inf


def when(hour: float) -> datetime:
    """A time of the simulation, in whole seconds, as crawls have them."""
    return MONDAY + timedelta(seconds=round(hour * 3600))


def hours(at: datetime) -> float:
    """The other way round."""
    return (at - MONDAY) / timedelta(hours=1)


def main() -> None:
    """Prints every newsroom, then the ratios of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--weeks", type=int, default=8, help=f"of which the first {LEARNING} are for learning")
    parser.add_argument("--seeds", type=int, nargs="+", default=[101])
    parser.add_argument("--price", type=float, default=1.0, help="times the usual price of a look: fewer requests for all schedules")
    parser.add_argument("--kinds", nargs="+", default=[k.name for k in KINDS], choices=[k.name for k in KINDS], metavar="KIND")
    opts = parser.parse_args()
    gains: dict[str, list[tuple[float, float]]] = {"new stories": [], "edits": []}
    for kind in (k for k in KINDS if k.name in opts.kinds):
        for seed in opts.seeds:
            for what, results in zip(gains, run(kind, opts.weeks, seed, opts.price), strict=True):
                gains[what].append(show(f"{kind.name} (seed {seed})", what, results))
    for what, pairs in gains.items():
        fixed, adaptive = ([p[n] for p in pairs] for n in (0, 1))
        print(
            f"{what}: median {median(fixed):.2f} times better than fixed (least {min(fixed):.2f}),"
            f" {median(adaptive):.2f} times better than adaptive (least {min(adaptive):.2f})"
        )


if __name__ == "__main__":
    main()
