"""What is sent when: pure, with a given clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newswatch.alerts.plan import ECHO_WAITS, Letter, Past, is_quiet, plan, slot_before
from newswatch.story import Happening
from tests.alerts.newsroom import subscription

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BEGUN = Past(since=NOW - timedelta(days=30))


def happening(story: int, actor: str = "quint", kind: str = "appeared", field: str | None = "body", at: datetime = NOW) -> Happening:
    return Happening(f"{story}{actor}{kind}", story, story, "beispiel", (), actor, kind, field, at.isoformat())


def kinds(letters: list[Letter]) -> list[str]:
    return [x.kind for x in letters]


def test_all_that_happened_in_a_story_is_one_mail() -> None:
    letters = plan(subscription(), [happening(1), happening(1, "ahrens"), happening(2)], BEGUN, NOW)
    assert [(x.kind, x.stories, len(x.happenings)) for x in letters] == [("story", (1,), 2), ("story", (2,), 1)]


def test_the_headline_comes_first() -> None:
    assert plan(subscription(), [happening(1), happening(2, field="title")], BEGUN, NOW)[0].stories == (2,)


def test_beyond_the_limit_of_an_hour_the_rest_is_one_digest() -> None:
    one = subscription(most_an_hour=3)
    letters = plan(one, [happening(n) for n in range(500)], BEGUN, NOW)
    assert kinds(letters) == ["story", "story", "digest"]
    assert sum(len(x.happenings) for x in letters) == 500
    past = Past(BEGUN.since, recent=(NOW - timedelta(minutes=50),) * 3)
    assert plan(one, [happening(1)], past, NOW) == []
    assert kinds(plan(one, [happening(1)], past, NOW + timedelta(minutes=15))) == ["story"]


def test_the_cooldown_holds_an_actor_in_a_story_and_no_other() -> None:
    past = Past(BEGUN.since, told={(1, "quint"): NOW - timedelta(minutes=10)})
    letters = plan(subscription(), [happening(1, kind="changed"), happening(1, "ahrens"), happening(2)], past, NOW)
    assert [(x.stories, [h.actor for h in x.happenings]) for x in letters] == [((1,), ["ahrens"]), ((2,), ["quint"])]
    assert len(plan(subscription(), [happening(1, kind="changed")], past, NOW + timedelta(minutes=21))) == 1


def test_a_clock_that_was_set_back_holds_nothing() -> None:
    past = Past(BEGUN.since, told={(1, "quint"): NOW + timedelta(days=400)})
    assert len(plan(subscription(), [happening(1, kind="changed")], past, NOW)) == 1


@pytest.mark.parametrize(
    ("local", "quiet"),
    [("21:59", False), ("22:00", True), ("23:59", True), ("00:00", True), ("06:59", True), ("07:00", False), ("12:00", False)],
)
@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2026-11-23"])
def test_quiet_hours_are_local_hours_over_midnight_and_both_changes_of_the_clock(day: str, local: str, quiet: bool) -> None:
    one = subscription(quiet="22:00-07:00", zone="Europe/Berlin")
    from zoneinfo import ZoneInfo

    at = datetime.fromisoformat(f"{day}T{local}").replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    assert is_quiet(one, at) is quiet


def test_in_the_hour_that_exists_twice_it_is_quiet_twice() -> None:
    one = subscription(quiet="02:00-03:00")
    twice = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    assert [is_quiet(one, at) for at in twice] == [True, True]
    assert not is_quiet(one, datetime(2026, 10, 25, 2, 0, tzinfo=UTC))


def test_quiet_hours_let_the_urgent_through_and_the_rest_waits() -> None:
    one = subscription(quiet="22:00-07:00")
    night = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    pending = [happening(1), happening(2, field="title"), happening(2, "ahrens")]
    assert [x.stories for x in plan(one, pending, BEGUN, night)] == [(2,)]
    assert len(plan(subscription(quiet="22:00-07:00", urgent="none"), pending, BEGUN, night)) == 0
    assert len(plan(one, pending, BEGUN, night + timedelta(hours=5))) == 2


def digests(one: object, start: datetime, hours: int, step: timedelta = timedelta(minutes=10)) -> list[datetime]:
    """When digests are made over some hours, with something pending at all times."""
    made: list[datetime] = []
    past, now = Past(since=start), start
    while now < start + timedelta(hours=hours):
        if plan(one, [happening(1)], past, now):  # type: ignore[arg-type]
            made.append(now)
            past = Past(start, digest_at=now)
        now += step
    return made


@pytest.mark.parametrize("start", [datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 10, 23, 12, tzinfo=UTC)])
@pytest.mark.parametrize("at", ["02:30", "07:00", "00:00", "23:59"])
def test_a_daily_digest_comes_once_a_day_over_both_changes_of_the_clock(start: datetime, at: str) -> None:
    made = digests(subscription(daily=at), start, 24 * 5)
    assert len(made) == 5
    from zoneinfo import ZoneInfo

    days = [m.astimezone(ZoneInfo("Europe/Berlin")).date() for m in made]
    assert len(set(days)) == len(days) or at == "23:59"


def test_weekly_and_hourly_digests_come_once_each() -> None:
    start = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert [m.isoformat()[:16] for m in digests(subscription(weekly="monday 07:00"), start, 24 * 14)] == [
        "2026-11-23T06:00",
        "2026-11-30T06:00",
    ]
    assert len(digests(subscription(when="hourly"), start, 10)) == 9


def test_a_digest_of_the_far_future_does_not_silence_a_subscription() -> None:
    one = subscription(daily="07:00")
    past = Past(BEGUN.since, digest_at=datetime(2062, 1, 1, tzinfo=UTC))
    assert len(plan(one, [happening(1)], past, NOW)) == 1
    a_little_ahead = Past(BEGUN.since, digest_at=slot_before(one, NOW) + timedelta(hours=20))
    assert plan(one, [happening(1)], a_little_ahead, NOW) == []


def test_a_copy_is_a_line_of_the_mail_on_its_story_or_of_the_next_or_waits() -> None:
    pending = [happening(1), happening(2), happening(3)]
    letters = plan(subscription(), pending, BEGUN, NOW, {3: 1})
    assert [(x.stories, [h.story for h in x.also]) for x in letters] == [((1,), [3]), ((2,), [])]
    assert [h.story for h in plan(subscription(), pending[1:], BEGUN, NOW, {3: 99})[0].also] == [3]
    old = happening(3, at=NOW - ECHO_WAITS)
    assert plan(subscription(), pending[2:], BEGUN, NOW, {3: 99}) == []
    assert kinds(plan(subscription(), [old], BEGUN, NOW, {3: 99})) == ["also"]


def test_nothing_pending_is_no_mail() -> None:
    assert plan(subscription(), [], BEGUN, NOW) == [] and plan(subscription(daily="07:00"), [], BEGUN, NOW) == []
