"""How fast the matcher is: `python -m benchmarks.matching [TEXTS.jsonl]`, beside the bare engine and other ways.

Texts are the `text` of each line (the flagging benchmark's `gold.jsonl`, say), else the articles of the demo papers.
In one run, at 100, 10,000 and 100,000 names: the bare engine (ahocorasick_rs with the same names over the same
normalised texts), newswatch (everything: normalising, endings, choosing), one `re` alternation, pyahocorasick if it is
installed. Ratios are what counts: machines are noisy.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import ahocorasick_rs

from benchmarks.flagging import actor_of
from newswatch.demo.news import PAPERS, stories
from newswatch.matching import Actor, Watchlist, examine
from newswatch.matching.mentions import compiled
from newswatch.matching.normal import normalise
from newswatch.matching.words import common_words, given_names

SYLLABLES = [
    *"ba ber bro dor fel gar hal hen kam kel ko kra lan lin mar mel mor nau neu ol pe rau rei ros ru".split(),  # noqa: SIM905
    *"sal schei sen stein tal ter tho vo wal wei zim ju bru stau gra kno pla tre wi zo hu leh nie".split(),  # noqa: SIM905
]
"""Of invented surnames."""

FREQUENT = [
    *"Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder".split(),  # noqa: SIM905
    *"Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner Schmitz Krause Meier Lehmann Köhler Maier".split(),  # noqa: SIM905
]
"""Surnames that stand in many texts."""

SIZES = (100, 10_000, 100_000)
RE_BUDGET = 20.0
"""Seconds; `re` is measured on as many texts as fit."""


def invented_names(count: int, seed: int = 1) -> list[tuple[str, str]]:
    """(given name, surname): invented surnames of two to four syllables, one in twenty has a frequent German one."""
    chance = random.Random(seed)
    given = sorted(n.title() for n in given_names() if n.isascii() and len(n) > 2)
    out: dict[tuple[str, str], None] = {}
    while len(out) < count:
        surname = "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4))).title()
        out[chance.choice(given), chance.choice(FREQUENT) if chance.random() < 0.05 else surname] = None
    return list(out)


def watchlist_of(names: Sequence[tuple[str, str]], extra: Sequence[Actor] = ()) -> Watchlist:
    """Each person with the full name; one in five with the surname as a weak one, too."""
    actors = {a.id: a for a in extra}
    for number, (given, surname) in enumerate(names):
        weak = [{"text": surname}] if number % 5 == 0 and surname not in common_words() else []
        key = f"p{number}"
        actors[key] = Actor.model_validate({"id": key, "name": f"{given} {surname}", "kind": "person", "weak": weak})
    return Watchlist(actors)


def best_of(times: int, work: Callable[[], object]) -> float:
    out = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        out.append(time.perf_counter() - begin)
    return min(out)


def measure(size: int, texts: Sequence[str], extra: Sequence[Actor], others: bool) -> dict[str, float]:
    """Seconds and megabytes of one size; building is timed from a watchlist that is loaded."""
    names = invented_names(size)
    watchlist = watchlist_of(names, extra)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    compiled(watchlist, False)
    out = {"build": time.perf_counter() - begin, "build_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024}
    literals = sorted(
        {f"{g} {s}" for g, s in names} | {t for a in watchlist.actors.values() for t in (*a.strong, *(w.text for w in a.weak))}
    )
    engine = ahocorasick_rs.AhoCorasick(literals, store_patterns=False)
    normal = [normalise(t).text for t in texts]
    out["mentions"] = sum(len(examine({"body": t}, watchlist).mentions) for t in texts)
    out["engine"] = best_of(5, lambda: [engine.find_matches_as_indexes(t, overlapping=True) for t in normal])
    out["newswatch"] = best_of(5, lambda: [examine({"body": t}, watchlist) for t in texts])
    if others:
        out |= _others(literals, normal)
    return out


def _others(literals: Sequence[str], normal: Sequence[str]) -> dict[str, float]:
    out = {}
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, literals)) + r")\b")
    begin, done = time.perf_counter(), 0
    for text in normal:
        pattern.findall(text)
        done += len(text)
        if time.perf_counter() - begin > RE_BUDGET:
            break
    out["re"] = (time.perf_counter() - begin) * sum(map(len, normal)) / max(1, done)
    try:
        import ahocorasick
    except ImportError:
        return out
    other = ahocorasick.Automaton()
    for literal in literals:
        other.add_word(literal, literal)
    other.make_automaton()
    out["pyahocorasick"] = best_of(3, lambda: [list(other.iter(t)) for t in normal])
    return out


def texts_of(path: Path | None) -> list[str]:
    if path:
        return [json.loads(line)["text"] for line in path.open(encoding="utf-8")]
    return [
        f"{s.headline}\n\n{s.lead}\n\n" + "\n\n".join(p for part in s.body for p in part.paragraphs) for n in PAPERS for s in stories(n, 0)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path, nargs="?")
    parser.add_argument("--actors", type=Path, help="an actors.json whose names are among them, so that something is found")
    parser.add_argument("--only-ours", action="store_true", help="leave out re and pyahocorasick")
    args = parser.parse_args()
    if args.texts and not args.texts.is_file():
        print(f"{args.texts}: no such file; a JSON object with `text` a line", file=sys.stderr)
        return 2
    texts = texts_of(args.texts)
    extra = [actor_of(a) for a in json.loads(args.actors.read_text(encoding="utf-8"))] if args.actors else []
    size = sum(map(len, texts)) / 1e6
    print(f"{len(texts)} texts, {size:.2f} million characters")
    for count in SIZES:
        found = measure(count, texts, extra, not args.only_ours)
        ratio = found["engine"] / found["newswatch"]
        line = f"{count:7,} names: built in {found['build']:.2f} s, {found['build_mb']:.0f} MB; {found['mentions']:.0f} mentions; "
        line += f"million characters/s: engine {size / found['engine']:.1f}, newswatch {size / found['newswatch']:.1f} ({ratio:.2f} of it)"
        for other in ("re", "pyahocorasick"):
            if other in found:
                line += f"; {other} {size / found[other]:.2f} ({found['newswatch'] / found[other]:.3f} of newswatch)"
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
