"""Who is begun, where, and when: decided without a clock or a process."""

from __future__ import annotations

from datetime import timedelta

from newswatch.watching.plan import (
    AT_ONCE,
    LONGEST_GAP,
    MOST_CRAWLS,
    MOST_MEMORY,
    SHORTEST_GAP,
    Process,
    gap,
    is_worn,
    needs_a_person,
    place,
    sleep,
    worst,
)
from tests.conftest import NOW


def test_a_process_is_filled_before_another_is_begun() -> None:
    assert place([], 2) == -1
    assert place([Process(1, running=3, given=3)], 2) == 1
    assert place([Process(1, running=1, given=9), Process(2, running=5, given=5)], 2) == 2
    assert place([Process(1, running=AT_ONCE, given=8)], 2) == -1
    assert place([Process(1, running=AT_ONCE, given=8)], 1) is None


def test_a_site_that_killed_its_process_is_crawled_alone() -> None:
    busy, idle = Process(1, running=1, given=1), Process(2, running=0, given=4)
    assert place([busy, idle], 2, alone=True) == 2
    assert place([busy], 2, alone=True) == -1
    assert place([busy], 1, alone=True) is None
    alone = Process(1, running=1, given=1, is_alone=True)
    assert place([alone], 2) == -1
    assert place([alone], 1) is None


def test_a_process_is_renewed_after_many_crawls_or_with_much_memory() -> None:
    assert not is_worn(Process(1, running=1, given=MOST_CRAWLS - 1, memory=MOST_MEMORY - 1))
    worn = Process(1, running=1, given=MOST_CRAWLS)
    assert is_worn(worn) and is_worn(Process(1, running=1, given=1, memory=MOST_MEMORY))
    assert place([worn], 2) == -1
    assert place([worn], 1) is None


def test_a_site_is_left_alone_for_longer_each_time_that_we_fail_it() -> None:
    assert gap(0, 0) == gap(1, 0) == gap(69, 0) == gap(75, 0) == SHORTEST_GAP
    assert [gap(70, n) for n in (1, 2, 3)] == [120, 240, 480]
    assert gap(74, 99) == LONGEST_GAP


def test_the_exit_code_is_the_gravest() -> None:
    assert worst([]) == 0
    assert worst([0, 75]) == 75
    assert worst([75, 1, 0]) == 1
    assert worst([1, 69]) == 69
    assert worst([78, 69]) == 78
    assert worst([70, 78]) == 70
    assert worst([74, 70]) == 74
    assert worst([130, 74]) == 130
    assert worst([3, 0]) == 3


def test_a_person_is_needed_where_nothing_mends_itself() -> None:
    assert not needs_a_person([])
    assert not needs_a_person([0, 1, 69, 75])
    assert needs_a_person([69, 69])
    assert not needs_a_person([1], ["http", "layout"])
    assert needs_a_person([1], ["http", "silent"]) and needs_a_person([1], ["dropped"])
    assert all(needs_a_person([0, code]) for code in (70, 74, 78))


def test_it_sleeps_until_something_is_due_and_a_minute_at_most() -> None:
    assert sleep(NOW, [], []) == 60
    assert sleep(NOW, [NOW + timedelta(seconds=20), NOW + timedelta(hours=1)], [-5, -5]) == 20
    assert sleep(NOW, [NOW + timedelta(hours=1)], [-5]) == 60
    assert sleep(NOW, [NOW - timedelta(hours=1)], [30]) == 30
    assert sleep(NOW, [NOW - timedelta(hours=1)], [-5]) == 0
    assert sleep(NOW, [None], [10]) == 10
