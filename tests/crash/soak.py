"""Random kills of random papers for as many minutes as you like: `make soak MINUTES=30`.

python -m tests.crash.soak 30               half an hour
python -m tests.crash.soak --life 4711      one life again: the line that a failure prints
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.crash.harness import Harness, Kill, Life
from tests.crash.paper import LAST_STEP, Paper
from tests.crash.serving import PaperServer
from tests.warm import Warm

LIVES_A_PAPER = 20


def drawn(rng: random.Random, hits: list[Counter[str]]) -> list[Kill]:
    """One to four kills at random steps, points and hits; most runs after them are killed as well."""
    out = []
    for step in sorted(rng.sample(range(LAST_STEP), rng.randrange(1, 4))):
        for _ in range(rng.choice((1, 1, 2))):
            point, again = (rng.choice(sorted(hits[step])) for _ in range(2))
            hit, hit_again = (rng.randrange(1, hits[step][p] + 1) for p in (point, again))
            out.append(Kill(step, point, hit, f"{again}:{hit_again}" if rng.random() < 0.7 else ""))
    return out


def live(number: int, harness: Harness, warm: Warm) -> Life:
    """The life with a number: the same each time."""
    rng = random.Random(number)
    return harness.live(warm, f"life-{number}", drawn(rng, harness.hits), until=LAST_STEP + 1)


def run(minutes: float, first: int, lives: int | None) -> int:
    """Lives from `first` on, LIVES_A_PAPER of one paper; prints each that goes wrong. Returns how many do."""
    end, number, wrong = time.monotonic() + minutes * 60, first, 0
    with Warm() as warm:
        while time.monotonic() < end and (lives is None or number < first + lives):
            seed = number // LIVES_A_PAPER
            with PaperServer(Paper(seed, first=24, more=3)) as server, tempfile.TemporaryDirectory() as folder:
                harness = Harness(Path(folder), server, LAST_STEP + 1)
                harness.undisturbed(warm)
                while number // LIVES_A_PAPER == seed and time.monotonic() < end and (lives is None or number < first + lives):
                    life = live(number, harness, warm)
                    print(f"life {number}: paper {seed}, {len(life.killed)} kills, {'wrong' if life.problems else 'well'}", flush=True)
                    if life.problems:
                        wrong += 1
                        print("\n".join(["  " + line[:1000] for line in [*map(str, life.kills), *life.problems]]))
                        print(f"  again: .venv/bin/python -m tests.crash.soak --life {number}", flush=True)
                    number += 1
    print(f"{number - first} lives, {wrong} of them wrong")
    return wrong


def main() -> None:
    """Exits with 1 where a life went wrong."""
    parser = argparse.ArgumentParser(
        description="Kill crawls at random points, and see whether the database ends as if nothing had happened."
    )
    parser.add_argument("minutes", type=float, nargs="?", default=10)
    parser.add_argument("--life", type=int, help="only this one")
    options = parser.parse_args()
    first = options.life if options.life is not None else random.SystemRandom().randrange(10**6) * LIVES_A_PAPER
    sys.exit(1 if run(options.minutes, first, 1 if options.life is not None else None) else 0)


if __name__ == "__main__":
    main()
