"""A field that falls out is noticed; chance, small samples and what was always rare are not."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newswatch.coverage import FIELDS, LEAST_PAST, PAST, RECENT, Reading, chance, fell_out, find_drops, reading_of
from newswatch.story import Passage
from tests.conftest import NOW, make_story

ALL = frozenset(FIELDS)


def readings(count: int, filled: Callable[[int], frozenset[str]], words: Callable[[int], int] = lambda _: 400) -> list[Reading]:
    """The newest first, one every ten minutes; `filled` and `words` by place."""
    return [Reading(f"https://x.example/{n}", NOW - timedelta(minutes=10 * n), filled(n), words(n)) for n in range(count)]


def test_a_lead_that_falls_out_is_named_with_numbers_and_time() -> None:
    def filled(n: int) -> frozenset[str]:
        gone = (n < RECENT and n not in (4, 9)) or n in (50, 90, 130)
        return ALL - {"lead"} if gone else ALL

    (drop,) = find_drops(readings(300, filled))
    assert str(drop) == "lead missing in 18 of 20 stories since 2026-11-22 08:50 UTC (before: 3 of 200)"
    assert drop.url == "https://x.example/0"


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_watched(field: str) -> None:
    drops = find_drops(readings(PAST + RECENT, lambda n: ALL - {field} if n < RECENT else ALL))
    assert [d.field for d in drops] == [field]


def test_texts_that_become_stubs_are_noticed() -> None:
    drops = find_drops(readings(300, lambda _: ALL, lambda n: 40 + n if n < RECENT else 250 + 5 * (n % 60)))
    assert [str(d).split(" in ")[0] for d in drops] == ["text missing or short"]


def test_half_of_the_pages_in_a_new_layout_are_enough() -> None:
    assert find_drops(readings(220, lambda n: ALL - {"authors"} if n < RECENT and n % 2 else ALL))


def test_a_field_that_was_always_rare_never_alarms() -> None:
    assert find_drops(readings(300, lambda n: ALL - {"modified"} if n < 80 or n % 5 else ALL)) == []


def test_a_new_site_has_no_past_and_no_alarm() -> None:
    for count in (0, 1, RECENT, RECENT + LEAST_PAST - 1):
        assert find_drops(readings(count, lambda n: ALL - {"lead"} if n < RECENT else ALL)) == []


def test_it_ends_when_the_field_is_back_or_its_absence_has_become_usual() -> None:
    def since(stories_ago: int) -> list[str]:
        return [d.field for d in find_drops(readings(500, lambda n: ALL - {"lead"} if n < stories_ago else ALL))]

    assert since(0) == [] and since(3) == []
    assert since(20) == since(60) == since(85) == ["lead"]
    assert since(130) == since(300) == []


@given(st.integers(0, 20), st.integers(0, 200))
def test_the_chance_is_a_probability_and_falls_with_every_gap(missing: int, before: int) -> None:
    assert 0 <= chance(missing, 20, before, 200) <= 1
    if missing < 20:
        assert chance(missing + 1, 20, max(before - 1, 0), 200) <= chance(missing, 20, before, 200)


@settings(max_examples=50)
@given(st.lists(st.sets(st.sampled_from(FIELDS)), max_size=300), st.integers(0, 2000))
def test_no_list_of_readings_breaks_it(filled: list[set[str]], words: int) -> None:
    found = find_drops([Reading("u", NOW, frozenset(f), words) for f in filled])
    assert all(fell_out(d.missing, d.of, d.missing_before, d.of_before) for d in found)


def alarms(share: float, block: int, *, runs: int, seed: int) -> int:
    """Of `runs` looks at a site where nothing changed, how many alarm: gaps come in blocks of up to `block` stories."""
    dice = random.Random(seed)
    count = 0
    for _ in range(runs):
        gaps: list[bool] = []
        while len(gaps) < PAST + RECENT:
            gaps += [dice.random() > share] * dice.randint(1, block)
        count += fell_out(sum(gaps[:RECENT]), RECENT, sum(gaps[RECENT : RECENT + PAST]), PAST)
    return count


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9, 0.98])
def test_chance_alone_raises_no_alarm_in_2_000_looks(share: float) -> None:
    assert alarms(share, 1, runs=2_000, seed=int(share * 100)) == 0


@pytest.mark.parametrize("share", [0.5, 0.7, 0.9, 0.98])
def test_stories_that_come_in_runs_of_up_to_four_hardly_ever_do(share: float) -> None:
    assert alarms(share, 4, runs=2_000, seed=int(share * 100)) <= 4


def test_a_real_fall_is_seen_whatever_was_usual_before() -> None:
    for before in (0, 10, 40, 70):
        assert fell_out(20, 20, before, 200), before
    assert not fell_out(20, 20, 101, 200)


def test_what_a_story_gives_is_read_off_it() -> None:
    reading = reading_of(make_story(authors=("Ada Quint",), body=(Passage(None, ("Drei kurze Worte.",)),)))
    assert reading.filled == {"title", "lead", "authors", "text"} and reading.words == 3
    assert reading.seen_at == datetime(2026, 11, 22, 12, tzinfo=UTC)
