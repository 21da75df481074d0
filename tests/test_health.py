"""What is told as well, as not looked at, and as an alarm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from newswatch import health
from newswatch.coverage import FIELDS, Reading, find_drops
from newswatch.health import ALARM, NOTE, OK, UNSEEN, WARNING, Answer, Finding, Overdue
from newswatch.silence import Silence

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MB, GB = 2**20, 2**30


def readings(count: int, without: str = "", first: int = 0) -> list[Reading]:
    """The newest first; the `first` newest lack a field."""
    return [Reading(f"https://x.example/{n}", NOW, frozenset(FIELDS) - ({without} if n < first else set()), 300) for n in range(count)]


@pytest.mark.parametrize(
    ("version", "level"),
    [
        ((3, 51, 3), OK),
        ((3, 51, 2), NOTE),
        ((3, 50, 7), OK),
        ((3, 50, 6), NOTE),
        ((3, 44, 6), OK),
        ((3, 44, 5), NOTE),
        ((3, 45, 1), NOTE),
        ((3, 40, 1), NOTE),
        ((3, 52, 0), OK),
        ((4, 0, 0), OK),
    ],
)
def test_an_engine_with_the_bug_of_its_log_is_advice_and_no_alarm(version: tuple[int, ...], level: str) -> None:
    assert health.judge_engine(version).level == level


def test_only_an_alarm_is_a_failure_and_what_was_not_looked_at_is_not_well() -> None:
    levels = [Finding("x", level, "") for level in (OK, UNSEEN, NOTE, WARNING)]
    assert health.exit_code(levels) == 0 and health.worst(levels) == WARNING
    assert health.exit_code([*levels, Finding("x", ALARM, "")]) == 1
    assert health.worst(levels[:2]) == UNSEEN and health.worst([]) == OK


def test_each_level_has_something_to_do_but_well_and_not_looked_at() -> None:
    found = [
        health.judge_engine((3, 40, 1)),
        health.judge_integrity(["page 7 is never used"]),
        health.judge_log(65 * MB, MB),
        health.judge_disk(100 * MB, MB),
        health.judge_clock(NOW, NOW + DAY),
        health.judge_backup(NOW, None, 5),
        health.judge_archive(2, ["a"], "", is_on=True),
        health.judge_success("x", NOW, None, None),
        health.judge_overdue("x", Overdue(1, 2, DAY)),
    ]
    assert all(f.do and f.level not in (OK, UNSEEN) for f in found)


def test_a_damaged_database_is_an_alarm_that_says_where() -> None:
    assert health.judge_integrity(["ok"]).level == OK
    found = health.judge_integrity([f"page {n}" for n in range(5)])
    assert found.level == ALARM and found.says.endswith("page 0; page 1; page 2 and 2 more")


def test_a_log_that_grows_and_a_disk_that_fills_are_said_in_time() -> None:
    assert [health.judge_log(n, GB).level for n in (4 * MB, 64 * MB, GB)] == [OK, WARNING, ALARM]
    assert [health.judge_disk(n, 5 * GB).level for n in (9 * GB, 4 * GB, GB, 200 * MB)] == [OK, WARNING, WARNING, ALARM]


def test_a_clock_is_held_against_what_is_stored_and_what_the_sites_say() -> None:
    assert health.judge_clock(NOW, None).level == UNSEEN
    assert [health.judge_clock(NOW, NOW + d).level for d in (-DAY, timedelta(minutes=5), HOUR)] == [OK, OK, ALARM]
    said = [Answer("x", "x", 200, date) for date in ("Sun, 22 Nov 2026 12:00:30 GMT", "Sun, 22 Nov 2026 11:59:00 GMT", "yesterday")]
    one_wrong = Answer("y", "y", 200, "Thu, 01 Jan 1970 00:00:00 GMT")
    assert health.judge_dates(NOW, [*said, one_wrong]).level == OK
    found = health.judge_dates(NOW + 3 * HOUR, said)
    assert found.level == ALARM and "3 hours ahead" in found.says
    assert health.judge_dates(NOW, [Answer("x", "x")]).level == UNSEEN


def test_what_is_private_is_for_its_owner_alone() -> None:
    assert health.judge_mode("mail.db", 0o100600, secret=True) is None
    found = health.judge_mode("mail.db", 0o100640, secret=True)
    assert found and found.level == ALARM and found.do == "chmod 600 mail.db"
    assert health.judge_mode("data", 0o40755, secret=False) is None
    assert health.judge_mode("tmp", 0o41777, secret=False) is None, "the sticky bit keeps files from others"
    open_to_all = health.judge_mode("data", 0o40777, secret=False, folder=True)
    assert open_to_all and open_to_all.level == WARNING


def test_backups_grow_old_and_an_empty_database_needs_none() -> None:
    assert [health.judge_backup(NOW, NOW - n * DAY, 9).level for n in (1, 9, 40)] == [OK, WARNING, ALARM]
    assert health.judge_backup(NOW, None, 0).level == OK
    assert health.judge_backup(NOW, None, 9).level == health.judge_backup(NOW, None, None).level == WARNING


def test_an_archive_whose_files_are_gone_is_an_alarm() -> None:
    assert health.judge_archive(None, [], "", is_on=True).level == UNSEEN
    assert health.judge_archive(0, [], "", is_on=True).level == health.judge_archive(3, [], "", is_on=True).level == OK
    assert health.judge_archive(3, ["a/a-20261122.warc.gz"], "", is_on=True).level == ALARM
    assert health.judge_archive(3, [], "no whole response at byte 7", is_on=True).level == ALARM


def test_a_site_that_was_not_read_for_long_is_said() -> None:
    assert [health.judge_success("x", NOW, NOW - n * DAY, NOW).level for n in (1, 3, 8)] == [OK, WARNING, ALARM]
    assert health.judge_success("x", NOW, None, None).level == WARNING
    failing = health.judge_success("x", NOW, None, NOW - HOUR)
    assert failing.level == ALARM and "60 minutes ago" in failing.says
    assert "tried in vain 60 minutes ago" in health.judge_success("x", NOW, NOW - 3 * DAY, NOW - HOUR).says


def test_fields_are_well_missing_or_not_known() -> None:
    (few,) = health.judge_fields("x", readings(30), [])
    assert few.level == UNSEEN and "30 stories are too few" in few.says
    (well,) = health.judge_fields("x", readings(100), [])
    assert well.level == OK and "100%" in well.says
    lost = readings(200, "lead", 20)
    (found,) = health.judge_fields("x", lost, find_drops(lost))
    assert found.level == WARNING and found.says.startswith("lead missing in 20 of 20 stories") and "settings/sites/x.toml" in found.do


def test_what_waits_is_said_by_how_long() -> None:
    waits = (0 * HOUR, HOUR, 5 * HOUR, 3 * DAY)
    assert [health.judge_overdue("x", Overdue(1, 9, w)).level for w in waits] == [OK, OK, NOTE, WARNING]


def test_a_silent_site_and_lost_links_are_alarms() -> None:
    assert [f.level for f in health.judge_silence("x", None, [])] == [OK]
    silence = Silence(NOW - 5 * DAY, NOW, HOUR, (0, 1), 30)
    found = health.judge_silence("x", silence, ["section a: no article links"])
    assert [(f.level, f.what) for f in found] == [(ALARM, "silent"), (ALARM, "links")]


def test_robots_and_certificates_are_judged_by_host() -> None:
    allowed, ends = health.judge_answer(Answer("x", "x.example", 200, crawl_delay=10, ends=NOW + 40 * DAY), NOW)
    assert (allowed.level, ends.level) == (OK, OK) and "10 s" in allowed.says and "40 days" in ends.says
    assert [f.level for f in health.judge_answer(Answer("x", "h", 404, ends=NOW + 3 * DAY), NOW)] == [OK, NOTE]
    assert [f.level for f in health.judge_answer(Answer("x", "h", 503), NOW)] == [NOTE]
    (refused,) = health.judge_answer(Answer("x", "h", 200, refused=("https://h/politik",)), NOW)
    assert refused.level == WARNING and "https://h/politik" in refused.says
    (away,) = health.judge_answer(Answer("x", "h", error="no such host"), NOW)
    (expired,) = health.judge_answer(Answer("x", "h", error="certificate verify failed"), NOW)
    assert (away.level, expired.level, expired.what) == (WARNING, ALARM, "certificate")


def test_sizes_and_spans_read_as_people_say_them() -> None:
    assert [health.size(n) for n in (0, 1023, 1536, 3 * GB, 2**41)] == ["0 bytes", "1023 bytes", "1.5 KiB", "3.0 GiB", "2.0 TiB"]
    spans = [timedelta(minutes=1), 2 * HOUR, 47 * HOUR, 12 * DAY]
    assert [health.span(s) for s in spans] == ["1 minute", "2 hours", "47 hours", "12 days"]
