"""What a watch shows: a table in a terminal, lines elsewhere; nothing of a site commands the terminal."""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from newswatch.commands.watchview import WatchView, line_of
from newswatch.watching.crew import News
from newswatch.watching.states import SiteState
from tests.conftest import NOW

COUNTS = {"new": 2, "changed": 1, "events": 3, "faults": 2, "fault:http": 1, "fault:silent": 1}


def console(height: int = 40, *, terminal: bool = True) -> Console:
    return Console(file=io.StringIO(), force_terminal=terminal, width=120, height=height, color_system=None, highlight=False)


def shown(view_console: Console) -> str:
    assert isinstance(view_console.file, io.StringIO)
    return view_console.file.getvalue()


def states(number: int) -> list[SiteState]:
    out = [SiteState(f"blatt-{n:02}", due=1, next_at=NOW + timedelta(minutes=n), before=Counter(new=n)) for n in range(number)]
    out[-1].is_running, out[-1].current = True, Counter(fetched=14, new=1, flagged=2)
    return out


def test_a_terminal_shows_every_site_with_what_is_under_way_first() -> None:
    screen = console()
    screen.print(WatchView(screen, lambda: states(3)))
    lines = shown(screen).splitlines()
    assert lines[0].split() == ["site", "now", "due", "fetched", "new", "changed", "flagged", "faults", "next", "look"]
    assert lines[1].split() == ["blatt-02", "crawling", "1", "14", "3", "0", "2", "0"]
    assert [line.split()[0] for line in lines[2:4]] == ["blatt-00", "blatt-01"]
    assert lines[4].split() == ["3", "sites", "3", "14", "4", "0", "2", "0"]
    assert "Ctrl-C ends" in lines[5]


def test_a_small_terminal_shows_the_first_and_counts_the_others() -> None:
    screen = console(height=10)
    screen.print(WatchView(screen, lambda: states(30)))
    assert len(shown(screen).splitlines()) < 10 and "26 more sites" in shown(screen)


def test_a_log_gets_a_line_a_crawl_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    log = console(terminal=False)
    with WatchView(log, list) as view:
        view.ended(SiteState("beispiel"), News("ended", "beispiel", 1, fetched=9, counts=COUNTS))
    line = "beispiel: 9 fetched, 2 new, 1 changed, 3 flagged, 2 faults (1 × http, 1 × silent); no next look is known"
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d {re.escape(line)}\n", shown(log))


def test_journald_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNAL_STREAM", "8:4711")
    log = console(terminal=False)
    WatchView(log, list).say("ein\x1b[2Jes Tages")
    assert shown(log) == "ein\ufffd[2Jes Tages\n"


def test_a_terminal_gets_lines_only_of_what_the_table_does_not_say() -> None:
    screen = console()
    view = WatchView(screen, list)
    view.ended(SiteState("beispiel"), News("ended", "beispiel", 1, fetched=9, counts={"faults": 1, "fault:http": 1}))
    assert shown(screen) == ""
    view.ended(SiteState("beispiel"), News("ended", "beispiel", 1, fetched=9, counts=COUNTS))
    view.ended(SiteState("beispiel"), News("died", "beispiel", 70, "beispiel: the process that crawled it died"))
    view.ended(SiteState("beispiel"), News("ended", "beispiel", 69))
    assert [line.rstrip() for line in shown(screen).splitlines()] == [
        "beispiel: 9 fetched, 2 new, 1 changed, 3 flagged, 2 faults (1 × http, 1 × silent); no next look is known",
        "beispiel: the process that crawled it died",
        "beispiel: the site could not be reached; no next look is known",
    ]


def test_the_next_look_has_its_day_where_it_is_not_today() -> None:
    today = datetime.now(UTC)
    news = News("ended", "beispiel", 0)
    assert re.search(r"next look \d\d:\d\d:\d\d$", line_of(SiteState("beispiel", next_at=today), news))
    assert re.search(r"next look \w+ \d\d:\d\d$", line_of(SiteState("beispiel", next_at=today + timedelta(days=2)), news))
