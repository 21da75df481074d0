"""A site that falls silent is noticed; nights, weekends, holidays and chance are not."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from newswatch.silence import ACCEPTED_AFTER, KEPT_COUNTS, WINDOW, LinkState, Silence, find_silence, judge_links, lost_sentence
from newswatch.store.runs import save_listing
from newswatch.store.silence import lost_links, silence_of
from newswatch.story import Link, Listing
from tests.crawling import crawl, write_site
from tests.spiders.served import HTML, ServedSite

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 6, 1, tzinfo=ZONE)
"""A Monday."""

Rate = Callable[[datetime], float]


def stories(rate: Rate, days: int, seed: int = 1) -> list[datetime]:
    """When stories come: `rate` is how many an hour, by chance; found at the next quarter of an hour."""
    dice, out = random.Random(seed), []
    for quarter in range(days * 96):
        at = (START.astimezone(UTC) + timedelta(minutes=15 * quarter)).astimezone(ZONE)
        if dice.random() < rate(at) / 4:
            out.append(at)
    return out


def look(seen: Iterable[datetime], at: datetime) -> Silence | None:
    """What a look at `at` tells."""
    before = [s for s in seen if s <= at]
    hours = sorted({s.replace(minute=0) for s in before if s >= before[-1] - WINDOW}) if before else []
    return find_silence(hours, before[-1], at, ZONE) if before else None


def first_said(seen: list[datetime], until: datetime) -> datetime | None:
    """When the silence after the last story is said, of looks an hour."""
    at = seen[-1]
    while at < until:
        if look(seen, at):
            return at
        at += timedelta(hours=1)
    return None


def said(seen: list[datetime]) -> list[datetime]:
    """When a site is said to be silent between its stories: a wait that is too long is so just before the next story."""
    waits = [(n, b) for n, (a, b) in enumerate(pairwise(seen), 1) if b - a > timedelta(hours=20)]
    return [at for n, at in waits if look(seen[:n], at - timedelta(minutes=1))]


def busy(at: datetime) -> float:
    """Six stories an hour by day, hardly any at night."""
    return 6 if 6 <= at.hour < 23 else 0.05


def weekdays(at: datetime) -> float:
    """Two an hour from nine to six, Monday to Friday."""
    return 2 if at.weekday() < 5 and 9 <= at.hour < 18 else 0


def weekly(at: datetime) -> float:
    """All on Thursday morning."""
    return 4 if at.weekday() == 3 and 6 <= at.hour < 9 else 0


def quiet(at: datetime) -> float:
    """One every two days, at any time."""
    return 1 / 48


def thin_sundays(at: datetime) -> float:
    """A daily that has two stories on Sundays, now and then none."""
    return (0.1 if at.weekday() == 6 else 3) if 7 <= at.hour < 22 else 0


RHYTHMS = [busy, weekdays, weekly, quiet, thin_sundays]


@pytest.mark.parametrize("rate", RHYTHMS)
def test_a_site_that_goes_on_as_usual_is_never_said_to_be_silent(rate: Rate) -> None:
    for seed in range(4):
        seen = stories(rate, 150, seed)
        assert said(seen) == [], seed


@pytest.mark.parametrize(
    ("rate", "soonest", "latest"),
    [(busy, 24, 48), (thin_sundays, 24, 24 * 5), (weekdays, 24, 24 * 7), (weekly, 24 * 8, 24 * 30), (quiet, 24 * 7, 24 * 60)],
)
def test_a_site_that_falls_silent_is_said_to_be_so_in_time_and_from_then_on(rate: Rate, soonest: int, latest: int) -> None:
    seen = stories(rate, 110)
    at = first_said(seen, seen[-1] + timedelta(days=90))
    assert at is not None and timedelta(hours=soonest) <= at - seen[-1] <= timedelta(hours=latest)
    for later in (1, 30, 400):
        assert look(seen, at + timedelta(days=later))


@pytest.mark.parametrize("off", [{date(2026, 9, 4), date(2026, 9, 7)}, {date(2026, 9, 3), date(2026, 9, 4)}, {date(2026, 9, 9)}])
def test_holidays_beside_a_weekend_are_no_silence(off: set[date]) -> None:
    seen = stories(lambda at: 0 if at.date() in off else weekdays(at), 120)
    assert said(seen) == []


def test_a_weekly_paper_may_leave_out_an_issue() -> None:
    seen = stories(lambda at: 0 if at.date() == date(2026, 9, 3) else weekly(at), 120)
    assert said(seen) == []


def test_a_site_that_comes_back_is_no_longer_silent() -> None:
    seen = stories(lambda at: 0 if date(2026, 8, 3) <= at.date() < date(2026, 8, 10) else busy(at), 100)
    assert [at.date() for at in said(seen)] == [date(2026, 8, 10)]


def test_a_site_that_is_looked_at_once_a_week_is_not_silent_between_the_looks() -> None:
    looks = [START + timedelta(days=7 * n, minutes=m) for n in range(12) for m in range(0, 40, 2)]
    assert look(looks, looks[-1] + timedelta(days=7)) is None
    assert look(looks, looks[-1] + timedelta(days=35))


def test_a_new_site_has_no_rhythm_yet() -> None:
    assert look(stories(busy, 20), START + timedelta(days=40)) is None
    assert look([START + timedelta(days=10 * n) for n in range(8)], START + timedelta(days=900)) is None
    assert look([], START) is None


def test_the_change_of_the_clocks_makes_no_silence() -> None:
    seen = [datetime(2026, 10, 1, 8, tzinfo=ZONE) + timedelta(days=n) for n in range(40)]
    assert said(seen) == []


def test_a_silence_says_since_when_and_what_is_usual() -> None:
    seen = stories(weekdays, 110)
    silence = look(seen, seen[-1] + timedelta(days=8))
    assert str(silence) == (
        "no new story since 2026-09-18 15:15 UTC (8 days); usually the next one comes within 3 days,"
        f" on Mon, Tue, Wed, Thu, Fri (learned from {silence.gaps if silence else 0} waits)"
    )


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=60), st.integers(0, 5000))
def test_no_list_of_times_breaks_it(hours: list[int], looked: int) -> None:
    seen = sorted(START + timedelta(hours=h) for h in set(hours))
    found = find_silence(seen, seen[-1], START + timedelta(hours=looked), ZONE)
    assert found is None or found.until - found.since > timedelta(hours=20)


# --- links


def states(counts: Iterable[int], *, hours: int = 1) -> list[LinkState]:
    """What is remembered after each listing."""
    out = [LinkState()]
    for n, count in enumerate(counts):
        out.append(judge_links(out[-1], count, START + timedelta(hours=hours * n)))
    return out[1:]


def lost(counts: Iterable[int], *, hours: int = 1) -> list[bool]:
    return [s.lost_since is not None for s in states(counts, hours=hours)]


def test_links_that_drop_to_zero_are_said_until_they_are_back() -> None:
    assert lost([40] * 10 + [0] * 300 + [38]) == [False] * 10 + [True] * 300 + [False]


def test_nearly_all_lost_is_said_until_that_is_the_usual() -> None:
    found = lost([40] * 10 + [4] * 400)
    days = sum(found) / 24
    assert found[10] and not found[-1] and days == pytest.approx(ACCEPTED_AFTER.days, abs=1)


def test_a_fall_to_a_half_a_short_past_and_few_links_are_usual() -> None:
    assert not any(lost([40] * 10 + [20] * 10))
    assert not any(lost([40] * 4 + [0]))
    assert not any(lost([3] * 20 + [0]))


def test_a_sitemap_that_shrinks_over_a_weekend_lost_nothing() -> None:
    assert not any(lost([round(100 * 0.93**n) for n in range(60)]))
    assert not any(lost([30, 28, 2, 31, 30, 29, 2, 30, 1, 2]))


def test_of_the_past_only_so_much_is_kept() -> None:
    assert states(range(40, 40 + 100))[-1] == LinkState(tuple(range(120, 140)), None) and KEPT_COUNTS == 20


def listing(count: int, hour: int, *, url: str = "https://x.example/", unchanged: bool = False) -> Listing:
    links = tuple(Link(f"https://x.example/{n}", None, n) for n in range(count))
    return Listing("beispiel", "politik", url, links, START + timedelta(hours=hour), unchanged=unchanged)


def test_the_store_remembers_what_is_usual_and_what_was_lost(db: Database) -> None:
    for hour in range(10):
        assert save_listing(db, listing(30, hour)).lost_since is None
    state = save_listing(db, listing(1, 10))
    assert lost_sentence(state, 1) == "1 article link since 2026-06-01 08:00 UTC, usually 30"
    assert save_listing(db, listing(1, 11, unchanged=True)) == state
    (found,) = lost_links(db, "beispiel")
    assert (found.section, found.links, found.state) == ("politik", 1, state)
    assert save_listing(db, listing(1, 12, url="https://x.example/neu/")) == LinkState((1,))
    assert lost_links(db, "beispiel") == []


# --- what reaches the operator


def page(links: int) -> bytes:
    items = "".join(f'<li><a href="{{home}}/politik/{n}/ein-fall">Der Rat tagt zum {n}. Mal</a></li>' for n in range(links))
    return f"<html><body><main><ul>{items}</ul></main></body></html>".encode()


def article(n: int) -> bytes:
    text = "Der Rat der kleinen Stadt hat gestern lange beraten und am Ende zugestimmt, wie die Sprecherin sagte. " * 4
    return f"<html><body><article><h1>Der Rat tagt zum {n}. Mal</h1><p>{text}</p></article></body></html>".encode()


def test_a_run_says_that_links_were_lost_and_that_the_site_is_silent(tmp_path: Path) -> None:
    with ServedSite() as site:
        site.pages |= {f"/politik/{n}/ein-fall": (200, HTML, article(n)) for n in range(12)}
        site.pages["/politik/"] = (200, HTML, page(12))
        write_site(tmp_path, site.url)
        first = crawl("beispiel", tmp_path)
        assert "silent" not in first.stdout and "dropped" not in first.stdout
        db = Database(tmp_path / "news.db")
        now = datetime.now(UTC)
        with db.conn:  # the past of a site that had a story every three days until five days ago
            for n, (story_id,) in enumerate(db.execute("SELECT id FROM stories ORDER BY id").fetchall()):
                at = now - timedelta(days=5 + 3 * n)
                db.execute("UPDATE stories SET first_seen_at = ? WHERE id = ?", [at.strftime("%Y-%m-%dT%H:%M:%SZ"), story_id])
            db.execute("UPDATE sections SET link_counts = '[12, 12, 12, 12, 12]'")
        silent = crawl("beispiel", tmp_path)
        assert "silent" not in silent.stdout and "dropped" not in silent.stdout
        site.pages["/politik/"] = (200, HTML, page(1))
        with db.conn:
            db.execute("UPDATE stories SET first_seen_at = strftime('%Y-%m-%dT%H:%M:%SZ', first_seen_at, '-30 days')")
        again = crawl("beispiel", tmp_path)
        db.close()
    assert again.returncode == 1, again.stdout + again.stderr
    assert "1 × dropped" in again.stdout and "1 article link since" in again.stdout and "usually 12" in again.stdout
    assert "1 × silent" in again.stdout and "no new story since" in again.stdout


def test_what_nobody_looked_at_is_not_silent(db: Database) -> None:
    rows = [
        {"site": "beispiel", "url": f"u{n}", "title": "t", "section": "", "kind": "news", "access": "free", "date_flags": "", "sort_at": at}
        | {"first_seen_at": at, "last_seen_at": at, "last_read_at": at, "revisions": 1}
        for n in range(60)
        for at in [(START + timedelta(days=n)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")]
    ]
    db["stories"].insert_all(rows)
    assert silence_of(db, "beispiel", ["politik"], ZONE) is None
    save_listing(db, listing(30, 24 * 60))
    assert silence_of(db, "beispiel", ["politik"], ZONE) is None
    save_listing(db, listing(30, 24 * 90))
    assert silence_of(db, "beispiel", ["politik"], ZONE) is not None
    assert silence_of(db, "beispiel", ["sport"], ZONE) is None
