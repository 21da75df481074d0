"""How long the pages of the face take, asked over HTTP as a browser does, by the number of stories in the database.

    python -m benchmarks.face --stories 10000 100000 --folder somewhere

Each database is filled with invented stories (benchmarks.filling) and served by `scrapy browse` on loopback. Cold is the first
page of a server that was just started, the file not in memory where the system lets it go; warm are further pages, each another
one. It prints milliseconds (median, 95th percentile, cold) and the file's size a story; exits with 1 where a page is slower
than WARM or COLD.
"""

from __future__ import annotations

import argparse
import http.client
import math
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from benchmarks.filling import fill_database, site_name
from newswatch import clock
from tests.conftest import ROOT

WARM, COLD = 250.0, 1000.0
"""Milliseconds that are wanted at most: of the 95th percentile, of the first page."""

PAGES = ("home", "story", "actor", "rare word", "word in 5 %", "two facets")


@contextmanager
def served(database: Path) -> Iterator[int]:
    """The port of a `scrapy browse` on a database."""
    command = [sys.executable, "-m", "scrapy", "browse", "--port", "0", "-s", f"DATABASE={database}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield int(server.stdout.readline().split(" is at ")[1].split()[0].rstrip("/").rpartition(":")[2])
        finally:
            server.terminate()
            server.wait(30)


def took(port: int, path: str) -> float:
    """Milliseconds until all of a page is there. Raises RuntimeError where it is not 200."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        begun = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return (time.perf_counter() - begun) * 1000


def paths_of(database: Path, count: int) -> dict[str, list[str]]:
    """So many addresses of each page, no two the same where there are enough; of actors those named most come first."""
    chance = random.Random(11)
    with closing(sqlite3.connect(database)) as db:
        stories: int = db.execute("SELECT max(id) FROM stories").fetchone()[0]
        most = "SELECT actor FROM actor_days GROUP BY actor ORDER BY sum(stories) DESC LIMIT ?"
        busy = [actor for (actor,) in db.execute(most, [5 + 20 * count])]
        db.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'stories_fts', 'row')")
        terms = db.execute("SELECT term, doc FROM temp.terms WHERE length(term) BETWEEN 5 AND 30 AND instr(term, '0x') = 0").fetchall()
        common = [t for t, _ in sorted(terms, key=lambda t: abs(t[1] - stories / 20))[:count]]
        rare = chance.sample(sorted(terms, key=lambda t: t[1])[: 10 * count], count)
        sections = [s for (s,) in db.execute("SELECT DISTINCT section FROM (SELECT section FROM stories LIMIT 1000) ORDER BY 1")]
    people = [*busy[:5], *chance.sample(busy[5:], min(count, len(busy) - 5))][:count]
    facets = [
        {"q": word, "section": sections[n % len(sections)], **({"site": site_name(n)} if n % 2 else {"kind": "news"})}
        for n, word in enumerate(common)
    ]
    return {
        "home": ["/"] * count,
        "story": [f"/story/{chance.randint(1, stories)}" for _ in range(count)],
        "actor": [f"/actor/{quote(actor)}" for actor in people],
        "rare word": [f"/search?{urlencode({'q': word})}" for word, _ in rare],
        "word in 5 %": [f"/search?{urlencode({'q': word})}" for word in common],
        "two facets": [f"/search?{urlencode(facet)}" for facet in facets],
    }


def measure(database: Path, count: int, *, cold: bool) -> dict[str, tuple[float, float, float | None]]:
    """Median, 95th percentile and cold by page, in milliseconds."""
    paths = paths_of(database, count + 1)
    first: dict[str, float] = {}
    for name in PAGES if cold else ():
        _let_go(database)
        with served(database) as port:
            first[name] = took(port, paths[name][0])
    with served(database) as port:
        out = {}
        for name in PAGES:
            took(port, paths[name][0])
            times = sorted(took(port, path) for path in paths[name][1:])
            out[name] = (times[len(times) // 2], times[math.ceil(len(times) * 0.95) - 1], first.get(name))
    return out


def _let_go(database: Path) -> None:
    """Asks the system to keep nothing of the file in memory, where it can be asked."""
    if hasattr(os, "posix_fadvise"):
        descriptor = os.open(database, os.O_RDONLY)
        try:
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def run(folder: Path, stories: int, requests: int, *, cold: bool) -> bool:
    """Fills, serves, measures, prints; whether all pages are as fast as is wanted."""
    database = folder / f"news-{stories}.db"
    if not database.exists():
        begun = time.monotonic()
        making = database.with_suffix(".making")
        making.unlink(missing_ok=True)
        fill_database(making, stories, clock.now(), tell=lambda n: print(f"\r{n:,} ", end="", file=sys.stderr, flush=True))
        making.rename(database)
        print(f"\rfilled in {time.monotonic() - begun:,.0f} s", file=sys.stderr)
    size = database.stat().st_size
    print(f"{stories:,} stories, {size / 2**20:,.0f} MiB, {size / stories / 1024:.1f} KiB a story")
    print(f"{'ms':<14}{'p50':>8}{'p95':>8}{'cold':>8}")
    is_fast = True
    for name, (median, high, first) in measure(database, requests, cold=cold).items():
        print(f"{name:<14}{median:>8.0f}{high:>8.0f}" + (f"{first:>8.0f}" if first is not None else f"{'-':>8}"), flush=True)
        is_fast &= high <= WARM and (first or 0) <= COLD
    return is_fast


def main() -> None:
    """Measures each size."""
    parser = argparse.ArgumentParser(description="The face, by the number of stories.")
    parser.add_argument("--stories", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--requests", type=int, default=25, help="of each page, after a first one")
    parser.add_argument("--folder", type=Path, help="keeps the databases there; one that is there already is not filled again")
    parser.add_argument("--cold", action=argparse.BooleanOptionalAction, default=True, help="a server of its own for each first page")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        fast = [run(folder, stories, asked.requests, cold=asked.cold) for stories in asked.stories]
    if not all(fast):
        print(f"slower than wanted: {WARM:.0f} ms for 95 of 100, {COLD:.0f} ms cold", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
