"""What a watch shows: a live table in a terminal, else a line an event, for a log or journald."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from datetime import datetime

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.table import Table
from rich.text import Text

from newswatch import clock
from newswatch.commands.plain import plain
from newswatch.store.runs import EXIT_BUSY, EXIT_CONFIG, EXIT_DIED, EXIT_FAULTS, EXIT_OK, EXIT_STORE, EXIT_UNREACHABLE
from newswatch.watching.crew import News
from newswatch.watching.plan import FOR_A_PERSON
from newswatch.watching.states import COLUMNS, SiteState, columns, fault_kinds

_WORDS = {
    EXIT_OK: "all well",
    EXIT_FAULTS: "some pages could not be read",
    EXIT_UNREACHABLE: "not in reach",
    EXIT_DIED: "died",
    EXIT_STORE: "the database failed",
    EXIT_BUSY: "left to another crawl, or to the next hour",
    EXIT_CONFIG: "a file is wrong",
}

_STYLES = {EXIT_OK: "green", EXIT_FAULTS: "yellow", EXIT_BUSY: "dim"}

_ROWS_BESIDE_THE_TABLE = 6


class WatchView:
    """`with WatchView(console, states) as view:`; `states` gives the sites as they are now."""

    def __init__(self, console: Console, states: Callable[[], Collection[SiteState]]) -> None:
        self._console = console
        self._states = states
        self._since = clock.now()
        self._live = Live(self, console=console, refresh_per_second=2) if console.is_terminal else None
        self._stamps = not console.is_terminal and "JOURNAL_STREAM" not in os.environ  # journald has its own

    def __enter__(self) -> WatchView:
        """Begins to show."""
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leaves the table as it is."""
        if self._live:
            self._live.stop()

    def say(self, text: str) -> None:
        """A sentence, above the table. From any thread."""
        stamp = f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} " if self._stamps else ""
        self._console.print(Text(stamp + plain(text)), soft_wrap=True)

    def ended(self, state: SiteState, news: News) -> None:
        """A line a crawl; in a terminal only what the table does not say."""
        if news.what == "died" or news.detail:
            self.say(news.detail)
        elif not self._live or news.code not in (EXIT_OK, EXIT_FAULTS) or FOR_A_PERSON.intersection(fault_kinds(news.counts)):
            self.say(line_of(state, news))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The table, as many sites as fit: those under way first, then by when they are due."""
        yield table_of(self._states(), self._since, most=max(1, console.height - _ROWS_BESIDE_THE_TABLE))


def line_of(state: SiteState, news: News) -> str:
    """`t-online: 14 fetched, 2 new, 0 changed, 1 flagged, 2 faults (2 × http); next look 10:36:00`."""
    if news.code == EXIT_UNREACHABLE:
        return f"{state.name}: the site could not be reached; {_next(state)}"
    numbers = columns(news.fetched, news.counts)
    told = ", ".join(f"{numbers[column]} {column}" for column in COLUMNS)
    kinds = [f"{n} × {kind}" for kind, n in fault_kinds(news.counts).items()]
    faults = f" ({', '.join(kinds)})" if kinds else ""
    postponed = f", {news.counts['postponed']} postponed" if news.counts.get("postponed") else ""
    return f"{state.name}: {told}{faults}{postponed}; {_next(state)}"


def table_of(states: Collection[SiteState], since: datetime, most: int) -> Table:
    """The live view of the sites; numbers since the watch began."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", caption_justify="left")
    table.add_column("site")
    table.add_column("now")
    for name in ("due", *COLUMNS):
        table.add_column(name, justify="right")
    table.add_column("next look")
    ranked = sorted(states, key=lambda s: (not s.is_running, s.next_at is None, s.next_at or since, s.name))
    for state in ranked[:most]:
        numbers = [str(state.total(column)) for column in COLUMNS]
        table.add_row(state.name, _now(state), str(state.due), *numbers, "" if state.is_running else _time(state))
    if len(states) > 1:
        totals = [str(sum(s.total(column) for s in states)) for column in COLUMNS]
        table.add_row(f"{len(states)} sites", "", str(sum(s.due for s in states)), *totals, style="bold")
    hidden = f" · {len(states) - most} more sites" if len(states) > most else ""
    table.caption = f"since {since.astimezone():%d %b %H:%M}{hidden} · Ctrl-C ends"
    return table


def _now(state: SiteState) -> Text:
    if state.is_running:
        return Text("crawling", style="bold")
    if state.is_out_of_budget:
        return Text("the hour's requests are spent", style="yellow")
    return Text("" if state.code is None else _WORDS.get(state.code, ""), style=_STYLES.get(state.code or 0, "red"))


def _next(state: SiteState) -> str:
    return f"next look {_time(state)}" if state.next_at else "no next look is known"


def _time(state: SiteState) -> str:
    """In the user's zone; with the day where it is not today."""
    if state.next_at is None:
        return ""
    at, today = state.next_at.astimezone(), datetime.now().astimezone().date()
    return f"{at:%H:%M:%S}" if at.date() == today else f"{at:%a %H:%M}"
