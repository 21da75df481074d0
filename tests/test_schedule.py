"""When things are due again: rules that hold for whatever was seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from newswatch import schedule
from newswatch.schedule import Habit, Rhythm, Watched

MONDAY = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

times = st.integers(0, 40 * 86400).map(lambda s: MONDAY + timedelta(seconds=s))
looks = st.lists(st.tuples(st.integers(1, 5 * 86400), st.integers(0, 200)), max_size=30)


def watched_for(weeks: int, per_hour: dict[int, int], step: timedelta = HOUR) -> Rhythm:
    """A section that was looked at every hour, and brings so many stories in some hours of the day on weekdays."""
    rhythm, at = Rhythm(), MONDAY
    while at <= MONDAY + timedelta(weeks=weeks):
        before = at - step
        rhythm = schedule.looked(rhythm, at, per_hour.get(before.hour, 0) if before.weekday() < 5 else 0)
        at += step
    return rhythm


@given(looks, st.integers(0, 10**6) | st.none())
def test_a_section_is_due_after_five_minutes_to_a_day_whatever_was_seen(seen: list[tuple[int, int]], hint: int | None) -> None:
    rhythm, at = Rhythm(), MONDAY
    for gap, new in seen:
        at += timedelta(seconds=gap)
        rhythm = schedule.looked(rhythm, at, new)
    wait = schedule.section_due(rhythm, at, hint=None if hint is None else timedelta(seconds=hint)) - at
    assert schedule.SHORTEST <= wait <= schedule.LONGEST


@given(looks)
def test_what_was_learned_is_never_negative_and_counts_no_story_twice(seen: list[tuple[int, int]]) -> None:
    rhythm, at, came = Rhythm(), MONDAY, 0
    for gap, new in seen:
        at += timedelta(seconds=gap)
        rhythm = schedule.looked(rhythm, at, new)
        came += new
    assert min(rhythm.new) >= 0 and min(rhythm.hours) >= 0 and sum(rhythm.new) <= came + 1e-6
    assert all(rhythm.rate(slot) > 0 for slot in range(schedule.SLOTS))


@given(times, st.integers(1, 50), st.booleans(), st.integers(0, 60 * 86400), st.integers(0, 86400))
def test_a_story_is_due_after_five_minutes_to_a_week_or_never(at: datetime, revisions: int, live: bool, age: int, since: int) -> None:
    story = Watched(at - timedelta(seconds=age), at - timedelta(seconds=since), revisions, live)
    due = schedule.story_due(schedule.reread(Habit(), story, at, schedule.STEADY, edited=True), story, at, schedule.STEADY)
    if due is None:
        assert timedelta(seconds=age) > schedule.WATCHED_FOR
    else:
        assert schedule.SHORTEST <= due - at <= schedule.LONGEST_OF_STORY


@given(st.integers(-3, 10**6), times)
def test_failures_back_off_to_a_day_and_come_back(failures: int, at: datetime) -> None:
    assert schedule.FIRST_RETRY <= schedule.retry_due(failures, at) - at <= schedule.LONGEST


def test_each_failure_waits_twice_as_long() -> None:
    waits = [(schedule.retry_due(n, MONDAY) - MONDAY) / timedelta(minutes=1) for n in range(1, 10)]
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 1440]


def test_a_busy_section_is_looked_at_more_often_than_a_quiet_one() -> None:
    busy, quiet = (watched_for(2, dict.fromkeys(range(24), n)) for n in (20, 1))
    at = MONDAY + timedelta(weeks=2, days=1)
    assert schedule.section_due(busy, at) < schedule.section_due(quiet, at)


def test_the_night_is_learned_and_the_morning_is_not_slept_through() -> None:
    rhythm = watched_for(4, dict.fromkeys(range(7, 20), 6))
    at = rhythm.at
    assert at
    tuesday = at - timedelta(days=6)
    noon = schedule.section_due(rhythm, tuesday + 12 * HOUR) - (tuesday + 12 * HOUR)
    night = schedule.section_due(rhythm, tuesday + HOUR)
    assert noon < timedelta(minutes=20)
    assert night - (tuesday + HOUR) > 3 * noon
    assert night <= tuesday + 8 * HOUR
    sunday = at - timedelta(days=1) + 12 * HOUR
    assert schedule.section_due(rhythm, sunday) - sunday > 3 * noon


def test_breaking_news_draws_looks_at_once_and_is_forgotten_by_the_evening() -> None:
    rhythm = watched_for(4, dict.fromkeys(range(24), 1))
    at = rhythm.at
    assert at
    usual = schedule.section_due(rhythm, at) - at
    hot = schedule.looked(rhythm, at + timedelta(minutes=30), 12)
    assert hot.at and schedule.section_due(hot, hot.at) - hot.at < usual / 1.5
    cool = hot
    for _ in range(12):
        cool = schedule.looked(cool, (cool.at or at) + HOUR, 1)
    assert cool.heat() < 1.1


def test_a_holiday_is_noticed() -> None:
    rhythm = watched_for(4, dict.fromkeys(range(24), 6))
    at = rhythm.at
    assert at
    for _ in range(4):
        rhythm = schedule.looked(rhythm, (rhythm.at or at) + HOUR, 0)
    assert rhythm.heat() < 0.5


def test_the_sites_own_hint_is_a_floor_within_reason() -> None:
    rhythm = watched_for(2, dict.fromkeys(range(24), 60))
    at = MONDAY + timedelta(weeks=2)
    assert schedule.section_due(rhythm, at, hint=timedelta(minutes=30)) == at + timedelta(minutes=30)
    assert schedule.section_due(rhythm, at, hint=timedelta(days=30)) == at + schedule.LONGEST_HINT
    assert schedule.section_due(rhythm, at, hint=timedelta(0)) == at + schedule.SHORTEST


def test_a_clock_that_was_set_back_teaches_nothing() -> None:
    rhythm = watched_for(1, {8: 4})
    assert rhythm.at
    back = schedule.looked(rhythm, rhythm.at - timedelta(days=1), 50)
    assert (back.new, back.hours) == (rhythm.new, rhythm.hours) and back.at == rhythm.at - timedelta(days=1)


def test_what_was_checked_in_the_future_or_waits_beyond_all_measure_is_due() -> None:
    day = timedelta(days=1)
    assert schedule.is_due(MONDAY, MONDAY - HOUR, MONDAY)
    assert not schedule.is_due(MONDAY + HOUR, MONDAY - HOUR, MONDAY)
    assert schedule.is_due(MONDAY + 20 * HOUR, MONDAY + 19 * HOUR, MONDAY), "checked before the clock was set back"
    assert schedule.is_due(MONDAY + 400 * day, MONDAY - HOUR, MONDAY)
    assert schedule.is_due(None, None, MONDAY) and not schedule.is_due(None, MONDAY, MONDAY)


def test_a_young_story_is_looked_at_more_often_and_an_edit_begins_the_ladder_anew() -> None:
    def wait(age: timedelta, revisions: int = 1, is_live: bool = False) -> timedelta:
        due = schedule.story_due(Habit(), Watched(MONDAY - age, MONDAY - age, revisions, is_live), MONDAY, schedule.STEADY)
        assert due
        return due - MONDAY

    waits = [wait(timedelta(hours=h)) for h in (0, 3, 12, 100, 500)]
    assert waits == sorted(waits) and waits[0] * 5 < waits[-1]
    assert wait(timedelta(0), 2) < wait(timedelta(0)) < wait(timedelta(days=3))
    assert wait(timedelta(0), is_live=True) < wait(timedelta(0), 3)


def test_a_site_that_edits_more_is_looked_at_more_often() -> None:
    often, never = Habit(), Habit()
    for n in range(200):
        at = MONDAY + n * HOUR
        story = Watched(at - HOUR, at - HOUR, 1)
        often = schedule.reread(often, story, at, schedule.STEADY, edited=True)
        never = schedule.reread(never, story, at, schedule.STEADY, edited=False)
    fresh = Watched(MONDAY, MONDAY, 1)
    early, late = (schedule.story_due(h, fresh, MONDAY, schedule.STEADY) for h in (often, never))
    assert early and late and 2 * (early - MONDAY) < late - MONDAY


def test_stories_are_left_alone_while_the_newsroom_sleeps() -> None:
    activity = tuple(0.1 if slot % 24 < 6 else 1.3 for slot in range(schedule.SLOTS))
    story = Watched(MONDAY, MONDAY, 1)
    steady, asleep = (schedule.story_due(Habit(), story, MONDAY, a) for a in (schedule.STEADY, activity))
    assert steady and asleep and asleep > steady


def test_validators_are_left_out_now_and_then() -> None:
    assert schedule.needs_whole(None, MONDAY)
    assert schedule.needs_whole(MONDAY - schedule.FULL_EVERY, MONDAY)
    assert not schedule.needs_whole(MONDAY - HOUR, MONDAY)
    assert schedule.needs_whole(MONDAY + HOUR, MONDAY), "the clock was set back"


def test_what_is_overdue_for_its_own_interval_comes_first() -> None:
    hours = (1, 3, 5, 9, 20)
    waits = [schedule.urgency(MONDAY, MONDAY - 4 * HOUR, MONDAY + h * HOUR) for h in (0, *hours)]
    assert waits == [0, 1, 2, 3, 4, 4]
    assert schedule.urgency(MONDAY + HOUR, MONDAY, MONDAY) == -1 == schedule.urgency(None, MONDAY, MONDAY)
    assert schedule.urgency(None, None, MONDAY) == schedule.urgency(MONDAY - HOUR, MONDAY + HOUR, MONDAY) == 4
