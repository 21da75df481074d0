"""How fast a changed watchlist is applied to what is stored: `python -m benchmarks.rematching`.

Fills a temporary database with invented stories, puts new names on the watchlist, and does what `scrapy match` does, in one
process of its own. About one story in fifty names one of the new actors.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from newswatch.matching import Actor, Watchlist, examine_story
from newswatch.revisions import decide
from newswatch.store import open_store, stories, watchlists, writing
from newswatch.store.rematching import Rematch
from newswatch.story import Passage, Story

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

SYLLABLES = tuple(
    "bar dor fel gar hol kam lin mor nel ost pfer quer ran sel tor ung vel wir zor ach bend ing schal trun kel mast rod heim".split()  # noqa: SIM905
)
FUNCTION_WORDS = tuple(
    "der die das und in zu den von mit sich auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach".split()  # noqa: SIM905
)

NAMED = 50
"""One story in so many names a new actor."""


def words(chance: random.Random, count: int) -> list[str]:
    return ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(count)]


def sentences(chance: random.Random, count: int) -> list[str]:
    """German-like: function words in small letters, every second other word a noun."""
    pool = words(chance, 4000)
    out = []
    for _ in range(count):
        one = [chance.choice(FUNCTION_WORDS) if chance.random() < 0.5 else chance.choice(pool) for _ in range(chance.randint(8, 20))]
        out.append(" ".join(w if w in FUNCTION_WORDS or chance.random() < 0.5 else w.capitalize() for w in one).capitalize() + ".")
    return out


def actors(chance: random.Random, count: int, prefix: str) -> Watchlist:
    """Persons with a given name and a surname of two or three syllables."""
    out = {}
    for number in range(count):
        first = "".join(chance.choices(SYLLABLES, k=2)).capitalize()
        last = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 3))).capitalize()
        key = f"{prefix}-{number}"
        out[key] = Actor.model_validate({"id": key, "name": f"{first} {last}", "kind": "person"})
    return Watchlist(out)


def watched(names: int) -> tuple[Watchlist, Watchlist]:
    """The watchlist before, and with so many new names."""
    old, new = actors(random.Random(1), 50, "alt"), actors(random.Random(2), names, "neu")
    return old, Watchlist({**old.actors, **new.actors})


def invented(count: int, named: list[Actor]) -> Iterator[Story]:
    """Stories of about 3,000 characters."""
    chance = random.Random(3)
    pool = sentences(chance, 3000)
    for number in range(count):
        paragraphs = [" ".join(chance.choices(pool, k=7)) for _ in range(5)]
        if number % NAMED == 0:
            paragraphs[2] += f" Da sprach {chance.choice(named).name}."
        at = BEGIN + timedelta(seconds=number)
        url = f"https://www.beispiel.example/politik/{number}/"
        yield Story("beispiel", url, chance.choice(pool)[:70], (Passage(None, tuple(paragraphs)),), at, str(number), language="de")


def fill(database: Path, count: int, names: int) -> int:
    """A database with so many stories, all matched with the watchlist before; returns the characters of their texts."""
    old, new = watched(names)
    db = open_store(database)
    db.execute("PRAGMA synchronous = OFF")
    number = watchlists.register(db, old, BEGIN)
    named = [a for a in new.actors.values() if a.id not in old.actors]
    characters = 0
    remaining = invented(count, named)
    while some := list(islice(remaining, 1000)):
        with writing(db):
            for story in some:
                mentions = examine_story(story, old).mentions
                stories.save_within(db, decide(None, story), mentions, run_id=None, watchlist=number)
                characters += len(story.text())
    db.close()
    return characters


def measure(database: Path, names: int) -> list[str]:
    """Does what `scrapy match` does with the new names; a line a figure."""
    _, new = watched(names)
    db = open_store(database)
    begin = time.perf_counter()
    rematch = Rematch(db, new, BEGIN + timedelta(days=300), write=True)
    planned = time.perf_counter() - begin
    peaks = [peak()]
    for done in rematch.run():
        if len(peaks) == 1 and done >= rematch.pending // 10:
            peaks.append(peak())
    seconds = time.perf_counter() - begin
    db.close()
    effects, split = rematch.effects, rematch.seconds
    return [
        f"stories a second    {effects.revisions / seconds:,.0f}   ({effects.revisions:,} in {seconds:.1f} s, {names:,} new names)",
        f"peak memory         {peaks[0]:.0f} MiB at the begin, {peaks[-1]:.0f} after a tenth, {peak():.0f} at the end",
        f"the split           planning {planned:.1f} s, "
        + ", ".join(f"{part} {split[part]:.1f} s" for part in ("reading", "scanning", "writing"))
        + " (scanning begins with compiling the names, twice)",
        f"examined in full    {effects.examined:,}, of which {effects.changed:,} name somebody new",
    ]


def peak() -> float:
    """MiB, of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--names", type=int, default=10_000)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        print("\n".join(measure(args.measure, args.names)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "news.db"
        characters = fill(database, args.stories, args.names)
        print(
            f"stories             {args.stories:,} of {characters / args.stories:,.0f} characters, database {size(database):,.0f} MiB",
            flush=True,
        )
        command = [sys.executable, "-m", "benchmarks.rematching", "--measure", str(database), "--names", str(args.names)]
        return subprocess.run(command, check=False).returncode


def size(path: Path) -> float:
    """MiB."""
    return path.stat().st_size / 2**20


if __name__ == "__main__":
    sys.exit(main())
